// A kernel tree on disk.

import {
  openSync,
  closeSync,
  fstatSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { binaryFile, isCName, maxTextBytes, missingFile } from '../audit/index.ts';
import type { SourceTree } from '../audit/index.ts';
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { reasonOf } from './reason.ts';

/** Folders below a root that filesContaining() may enter in a row. */
const maxFolderDepth = 40;

/** Bytes that filesContaining() looks through: generated headers exceed any text we read. */
const maxSearchedBytes = 256 * 1024 * 1024;

/**
 * Opens a kernel source tree. A path that is no folder, or a folder without `Kconfig` or without
 * `arch/`, is a Problem; a tree with other parts missing opens, and the readers say what they miss.
 */
export function openTree(path: string): Result<SourceTree> {
  const root = resolve(path);
  if (!isFolder(root)) {
    return fail({
      what: exists(root) ? 'is a file, not a folder' : 'there is no such folder',
      where: path,
      hint: 'give the path of an unpacked kernel source tree',
    });
  }
  const missing = ['Kconfig', 'arch'].filter((name) => !exists(join(root, name)));
  if (missing.length > 0) {
    return fail({
      what: `not a Linux kernel tree: ${missing.join(' and ')} missing`,
      where: path,
      hint: 'give the top folder of a kernel tree, the one that holds Kconfig, arch/ and drivers/',
    });
  }
  return ok(treeAt(root, path));
}

function treeAt(root: string, name: string): SourceTree {
  return {
    name,
    read: (path) => readText(root, path),
    list(path) {
      const folder = inside(root, path);
      if (folder === undefined) return undefined;
      try {
        return readdirSync(folder).sort();
      } catch {
        return undefined;
      }
    },
    filesContaining: (needle, roots) => searchBelow(root, [needle], roots).get(needle) ?? [],
    search: (needles, roots) => searchBelow(root, needles, roots),
  };
}

function searchBelow(
  root: string,
  needles: readonly string[],
  roots: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const wanted = needles.map((needle) => ({ needle, bytes: Buffer.from(needle, 'utf8') }));
  const found = new Map(needles.map((needle) => [needle, new Set<string>()]));
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (const start of roots) {
    for (const path of cFiles(root, trimPath(start))) {
      for (const needle of heldBy(join(root, path), wanted, buffer)) found.get(needle)?.add(path);
    }
  }
  return new Map([...found].map(([needle, paths]) => [needle, [...paths].sort()]));
}

/** Paths of the files of C below the folder `root`, links to folders not followed, sorted. */
export function cSources(root: string): readonly string[] {
  return [...cFiles(root, '')].filter((path) => /\.[ch]$/.test(path)).sort();
}

function readText(root: string, path: string): Result<string> {
  const file = inside(root, path);
  if (file === undefined) return missingFile(path);
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return missingFile(path);
    if (stat.size > maxTextBytes) return tooLarge(path, stat.size);
    const bytes = readFileSync(file);
    return bytes.includes(0) ? binaryFile(path) : ok(bytes.toString('utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return missingFile(path);
    return fail({
      what: `cannot read ${path}: ${reasonOf(error)}`,
      where: path,
      hint: 'check the permissions and the links of the tree',
    });
  }
}

function tooLarge(path: string, size: number): Result<string> {
  const limit = maxTextBytes / 1024 / 1024;
  return fail({
    what: `${path} has ${size} bytes; texts of more than ${limit} MiB are not read`,
    where: path,
    hint: 'restore the file from the release; no source file of a kernel is that large',
  });
}

// The path on disk, or undefined where it would leave the tree.
function inside(root: string, path: string): string | undefined {
  const full = resolve(root, trimPath(path));
  return full === root || full.startsWith(`${root}/`) ? full : undefined;
}

function trimPath(path: string): string {
  return path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
}

// C files below a folder. A folder that cannot be entered is handed out in their place, so that
// reading it tells why.
function* cFiles(root: string, folder: string, depth = 0): Generator<string> {
  if (inside(root, folder) === undefined) return;
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(join(root, folder));
  } catch {
    if (isFolder(join(root, folder))) yield folder;
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < maxFolderDepth) yield* cFiles(root, path, depth + 1);
      else yield path;
    } else if (isCName(entry.name) && isFileEntry(entry, join(root, path))) yield path;
  }
}

// Links to folders are not followed, they may form a loop; links to files are files.
function isFileEntry(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

interface Needle {
  readonly needle: string;
  readonly bytes: Buffer;
}

// The needles that the file holds, read in pieces of the buffer; all of them where that cannot be
// found out, so that reading the file tells why.
function heldBy(file: string, wanted: readonly Needle[], buffer: Buffer): readonly string[] {
  const all = wanted.map(({ needle }) => needle);
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return all;
  }
  try {
    const { size } = fstatSync(handle);
    if (size > maxSearchedBytes) return all;
    return search(handle, size, wanted, buffer);
  } catch {
    return all;
  } finally {
    closeSync(handle);
  }
}

function search(
  handle: number,
  size: number,
  wanted: readonly Needle[],
  buffer: Buffer,
): readonly string[] {
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length)) - 1;
  const found = new Set<string>();
  let kept = 0;
  let seen = 0;
  for (;;) {
    const read = readSync(handle, buffer, kept, buffer.length - kept, null);
    seen += read;
    const filled = buffer.subarray(0, kept + read);
    for (const { needle, bytes } of wanted) if (filled.includes(bytes)) found.add(needle);
    // A file that has grown meanwhile is read to its end.
    if (read === 0 || (seen >= size && read < buffer.length - kept)) return [...found];
    kept = Math.min(overlap, filled.length);
    buffer.copyWithin(0, filled.length - kept, filled.length);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A link to itself is no file either.
    return false;
  }
}
