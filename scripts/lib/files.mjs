// The repository's own text files, found by walking, so that the checks also work in a folder that
// git does not know (a test's temporary folder, an unpacked archive).

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const skipped = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/**
 * Paths of all files below `root`, relative to it, with `/`, sorted.
 * @param {string} root
 * @returns {string[]}
 */
export function walk(root) {
  /** @type {string[]} */
  const files = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = path.posix.join(folder, entry.name);
      if (entry.isFile()) files.push(name);
      const ours = !skipped.has(entry.name) && !entry.name.startsWith('dist.new-');
      if (entry.isDirectory() && ours) folders.push(name);
    }
  }
  return files.sort();
}

/**
 * @param {string} root
 * @param {string} file
 */
export function read(root, file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/**
 * @typedef {{ file: string, line: number, message: string }} Complaint
 *
 * Complaints as `path:line: error: message`, sorted by place, one a line.
 * @param {readonly Complaint[]} complaints
 */
export function format(complaints) {
  return [...complaints]
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
    .map(({ file, line, message }) => `${file}:${line}: error: ${message}\n`)
    .join('');
}

/**
 * Prints what a check found and gives the exit status: 0 when nothing.
 * @param {string} summary what was looked at, for the line that says all is well
 * @param {readonly Complaint[]} complaints
 */
export function conclude(summary, complaints) {
  process.stdout.write(complaints.length > 0 ? format(complaints) : `${summary}, no errors\n`);
  return complaints.length > 0 ? 1 : 0;
}
