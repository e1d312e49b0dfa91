// Paths in `source` lines: relative ones, and patterns with `*` and `?` as the Python reader of
// Kconfig (used outside the kernel) allows them.

import type { SourceTree } from '../tree.ts';

/** True where a path has a pattern character in it. */
export function isGlob(path: string): boolean {
  return /[*?]/.test(path);
}

/** `path` seen from the folder of `file`, with `.` and `..` resolved. */
export function joinPath(file: string, path: string): string {
  const parts = path.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The files that match a pattern, sorted. */
export function globPaths(tree: SourceTree, pattern: string): readonly string[] {
  let found: string[] = [''];
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    found = found.flatMap((folder) => {
      const names = tree.list(folder) ?? [];
      const match = isGlob(part) ? globPart(part) : undefined;
      const hits = match === undefined ? [part] : names.filter((name) => match.test(name));
      return hits.map((name) => (folder === '' ? name : `${folder}/${name}`));
    });
  }
  return found.filter((path) => path !== '' && tree.list(path) === undefined).sort();
}

function globPart(part: string): RegExp {
  let source = '';
  for (let i = 0; i < part.length; i += 1) {
    const char = part[i] ?? '';
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else source += char.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  }
  return new RegExp(`^${source}$`);
}
