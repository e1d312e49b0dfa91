// A kernel tree on disk.

import {
  openSync,
  closeSync,
  fstatSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { binaryFile, isCName, maxTextBytes, missingFile } from '../audit/index.ts';
import type { SourceTree } from '../audit/index.ts';
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';

/** Folders below a root that filesContaining() may enter in a row. */
const maxFolderDepth = 40;

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
    filesContaining(needle, roots) {
      const bytes = Buffer.from(needle, 'utf8');
      const found = new Set<string>();
      const buffer = { bytes: Buffer.allocUnsafe(1 << 20) };
      for (const start of roots) {
        for (const path of cFiles(root, trimPath(start))) {
          if (contains(join(root, path), bytes, buffer)) found.add(path);
        }
      }
      return [...found].sort();
    },
  };
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
      what: `cannot read ${path}${code === '' ? '' : `: ${code}`}`,
      where: path,
      hint: 'check the permissions of the tree',
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

function* cFiles(root: string, folder: string, depth = 0): Generator<string> {
  if (inside(root, folder) === undefined) return;
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(join(root, folder));
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < maxFolderDepth) yield* cFiles(root, path, depth + 1);
    } else if (entry.isFile() && isCName(entry.name)) yield path;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

// Whether the file holds the bytes. One buffer serves all files; it grows up to the text limit.
function contains(file: string, needle: Buffer, buffer: { bytes: Buffer }): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    const { size } = fstatSync(handle);
    if (size > maxTextBytes) return false;
    if (size > buffer.bytes.length) buffer.bytes = Buffer.allocUnsafe(size);
    const length = readSync(handle, buffer.bytes, 0, buffer.bytes.length, 0);
    return buffer.bytes.subarray(0, length).includes(needle);
  } catch {
    return false;
  } finally {
    closeSync(handle);
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
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
