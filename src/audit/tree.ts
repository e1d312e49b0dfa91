// A source tree as the auditor sees it: named texts, no operating system. The rim opens real
// folders (host/file-tree.ts); tests build small trees in memory.

import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';

/** Read access to one kernel tree. All paths are relative to its root and use `/`. */
export interface SourceTree {
  /** Path or title of the tree as shown to the user. */
  readonly name: string;
  /** Text of a file; a Problem when it is absent, unreadable, binary or larger than the limit. */
  read(path: string): Result<string>;
  /** Names in a folder, sorted; undefined when there is no such folder. */
  list(path: string): readonly string[] | undefined;
  /**
   * Paths of the C files (`.c`, `.h`, `.S`) below the given folders that contain the bytes of
   * `needle`, and of what could not be searched: read() then says why. Sorted. Folders that do
   * not exist contribute nothing.
   */
  filesContaining(needle: string, roots: readonly string[]): readonly string[];
  /** The same for several needles at once, which costs hardly more than one: by needle. */
  search(
    needles: readonly string[],
    roots: readonly string[],
  ): ReadonlyMap<string, readonly string[]>;
}

/**
 * The tree, with the files that contain some needles found beforehand, in one pass: asked for one
 * of them below those roots it does not look again.
 */
export function searchedTree(
  tree: SourceTree,
  needles: readonly string[],
  roots: readonly string[],
): SourceTree {
  const found = tree.search(needles, roots);
  return {
    ...tree,
    filesContaining(needle, asked) {
      const known = found.get(needle);
      const below = asked.map(trimSlash);
      const isCovered = below.every((one) =>
        roots.some((root) => one === root || one.startsWith(`${root}/`)),
      );
      if (known === undefined || !isCovered) return tree.filesContaining(needle, asked);
      return known.filter((path) => below.some((one) => path.startsWith(`${one}/`)));
    },
  };
}

/** Bytes a text may have before it is refused: far above any Kconfig or C file of a kernel. */
export const maxTextBytes = 16 * 1024 * 1024;

/** Top folders that hold no code of the kernel itself: programs, copies for tests, words. */
export const otherFolders: readonly string[] = [
  'Documentation',
  'LICENSES',
  'debian',
  'samples',
  'scripts',
  'tools',
];

/** Top folders of a tree with code of the kernel. */
export function kernelFolders(tree: SourceTree): readonly string[] {
  const names = tree.list('') ?? [];
  return names.filter(
    (name) =>
      !name.startsWith('.') && !otherFolders.includes(name) && tree.list(name) !== undefined,
  );
}

/** True for the names that filesContaining() looks into. */
export function isCName(name: string): boolean {
  return name.endsWith('.c') || name.endsWith('.h') || name.endsWith('.S');
}

/** The Problem that every tree answers with for a path that is not a file. */
export function missingFile(path: string): Result<string> {
  return fail({
    what: `there is no file ${path} in this tree`,
    where: path,
    hint: 'check that the tree is complete (a full checkout or an unpacked release)',
  });
}

/** The Problem that every tree answers with for a file with a NUL byte in it. */
export function binaryFile(path: string): Result<string> {
  return fail({
    what: `${path} is not a text file: it contains a NUL byte`,
    where: path,
    hint: 'restore the file from the release; it may have been damaged',
  });
}

/** A tree of texts held in memory: path to text. For tests, and for a page without a disk. */
export function memoryTree(files: Readonly<Record<string, string>>, name = 'memory'): SourceTree {
  const texts = new Map(Object.entries(files));
  const folders = foldersOf([...texts.keys()]);
  return {
    name,
    read(path) {
      const text = texts.get(path);
      if (text === undefined) return missingFile(path);
      return text.includes('\0') ? binaryFile(path) : ok(text);
    },
    list(path) {
      const names = folders.get(trimSlash(path));
      return names === undefined ? undefined : [...names].sort();
    },
    filesContaining(needle, roots) {
      const under = roots.map(trimSlash);
      const found: string[] = [];
      for (const [path, text] of texts) {
        if (!isCName(path)) continue;
        if (!under.some((root) => root === '' || path.startsWith(`${root}/`))) continue;
        if (text.includes(needle)) found.push(path);
      }
      return found.sort();
    },
    search(needles, roots) {
      return new Map(needles.map((one) => [one, this.filesContaining(one, roots)]));
    },
  };
}

function foldersOf(paths: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    const parts = path.split('/');
    let folder = '';
    for (const part of parts) {
      const names = folders.get(folder) ?? new Set<string>();
      names.add(part);
      folders.set(folder, names);
      folder = folder === '' ? part : `${folder}/${part}`;
    }
  }
  return folders;
}

function trimSlash(path: string): string {
  const bare = path.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  return bare === '.' ? '' : bare;
}
