// Who may import whom. src/ is cut into rooms; a room imports only the rooms listed for it here,
// only through their index.ts, and the core neither packages nor node: modules. ARCHITECTURE.md
// says why.

import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { conclude, read, walk } from './lib/files.mjs';
import { lineOf, scan } from './lib/scan.mjs';

/** @typedef {import('./lib/files.mjs').Complaint} Complaint */

/** The core, in the order of the data flow, and what each room may import. */
const core = {
  base: [],
  ir: ['base'],
  hw: ['base'],
  kernel: ['base', 'hw'],
  user: ['base', 'hw', 'kernel'],
  replay: ['base', 'hw', 'kernel', 'user'],
  litmus: ['base', 'hw', 'kernel'],
  scenario: ['base', 'ir', 'hw', 'kernel', 'litmus'],
  stack: ['base', 'ir', 'hw', 'kernel', 'user', 'litmus', 'scenario'],
  reduce: ['base', 'ir', 'litmus', 'scenario'],
  explore: ['base', 'ir'],
  export: ['base', 'ir'],
  verdict: ['base', 'ir', 'hw', 'kernel', 'litmus', 'scenario', 'stack', 'reduce', 'explore'],
  matrix: ['base', 'ir', 'hw', 'kernel', 'user', 'litmus', 'scenario', 'explore', 'verdict'],
  sat: ['base'],
  // What is learnt of a driver's attach is explored as our own models are: scenario.
  audit: ['base', 'sat', 'hw', 'kernel', 'scenario', 'verdict', 'matrix'],
  report: [
    'base',
    'hw',
    'kernel',
    'user',
    'replay',
    'litmus',
    'scenario',
    'verdict',
    'matrix',
    'audit',
  ],
  answer: [
    'base',
    'hw',
    'kernel',
    'litmus',
    'scenario',
    'reduce',
    'explore',
    'verdict',
    'matrix',
    'audit',
    'report',
  ],
};

const coreRooms = Object.keys(core);

/** The rim: rooms with packages and, but for `syntax` and `forms`, with side effects. */
const rim = {
  syntax: [],
  forms: ['base', 'kernel', 'scenario', 'audit'],
  host: [
    'base',
    'ir',
    'kernel',
    'replay',
    'scenario',
    'reduce',
    'explore',
    'verdict',
    'audit',
    'report',
    'forms',
  ],
  cli: [...coreRooms, 'syntax', 'forms', 'host'],
  doctor: [...coreRooms, 'forms', 'host'],
  web: [...coreRooms, 'syntax', 'forms'],
};

/** @type {Record<string, readonly string[]>} */
const rooms = { ...core, ...rim };

/** @type {Record<string, readonly string[]>} */
const packages = {
  // Tables are the same bytes on a terminal, in a pipe and in the page: decision 0010.
  // Of sarif there are types alone, which leave nothing in what runs: decision 0031.
  report: ['cli-table3', 'sarif'],
  // The parser for editors runs in the page as well: no node: modules. Decision 0021.
  syntax: ['@lezer/highlight', '@lezer/lr'],
  // What comes from outside comes to the page as well: no node: modules. Decision 0033.
  forms: ['valibot'],
  host: ['node:', 'cli-progress', 'tree-sitter-c', 'web-tree-sitter'],
  cli: ['node:', '@hono/node-server', 'commander', 'fastest-levenshtein', 'hono'],
  doctor: ['node:'],
  web: ['@codemirror/', '@dagrejs/dagre', '@lezer/', 'codemirror', 'dachs:', 'preact'],
};

/** Tests are not shipped: they may import any room's index.ts, and these. */
const testPackages = ['node:', 'vitest', 'fast-check', 'ajv'];

/**
 * Exceptions that stand until someone pays them back; one that is no longer needed is an error.
 * @type {readonly { file: string, imports: string, reason: string }[]}
 */
const debt = [];

if (isMain()) process.exitCode = main(path.resolve(import.meta.dirname, '..'));

/**
 * @param {string} root
 * @returns {number} exit status
 */
function main(root) {
  const { complaints, files, imports } = checkImports(root, debt);
  return conclude(`imports: ${files} files, ${imports} imports`, complaints);
}

/**
 * Checks every .ts and .tsx file below `root`/src.
 * @param {string} root
 * @param {readonly { file: string, imports: string, reason: string }[]} exceptions
 */
export function checkImports(root, exceptions = []) {
  const files = walk(path.join(root, 'src'))
    .map((file) => `src/${file}`)
    .filter((file) => /\.tsx?$/.test(file));
  /** @type {Complaint[]} */
  const complaints = [];
  const used = new Set();
  let imports = 0;
  for (const file of files) {
    const text = read(root, file);
    if (file.endsWith('/index.ts')) complaints.push(...checkFace(file, text));
    for (const { specifier, line } of importsOf(text)) {
      imports++;
      // What follows a question mark tells the page's bundler how to take the file.
      const message = judge(root, file, specifier.replace(/^(\..*)\?.*$/, '$1'));
      if (message === undefined) continue;
      const owed = exceptions.find((one) => one.file === file && one.imports === specifier);
      if (owed) used.add(owed);
      else complaints.push({ file, line, message });
    }
  }
  for (const one of exceptions) {
    if (used.has(one)) continue;
    const message = `debt for '${one.imports}' is paid: take it out of scripts/check-imports.mjs`;
    complaints.push({ file: one.file, line: 1, message });
  }
  return { complaints, files: files.length, imports };
}

/**
 * What is wrong with one import, or undefined.
 * @param {string} root
 * @param {string} file
 * @param {string} specifier
 */
function judge(root, file, specifier) {
  const room = roomOf(file);
  const isTest = file.endsWith('.test.ts');
  if (room === undefined) return `'${file}' is in no room of scripts/check-imports.mjs`;
  if (!specifier.startsWith('.')) {
    const allowed = [...(packages[room] ?? []), ...(isTest ? testPackages : [])];
    if (allowed.some((one) => belongsTo(specifier, one))) return undefined;
    return `${room} may not import '${specifier}'${room in core ? ' (core: no packages)' : ''}`;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (!existsSync(path.join(root, target))) return `'${specifier}' is no file: write it in full`;
  const other = roomOf(target);
  if (other === room) return undefined;
  if (other === undefined) return isTest ? undefined : `'${specifier}' is in no room`;
  if (!isTest && !rooms[room]?.includes(other)) return `${room} may not import ${other}`;
  if (target !== `src/${other}/index.ts`) return `import ${other} through its index.ts`;
  return undefined;
}

/**
 * A room's index.ts only re-exports.
 * @param {string} file
 * @param {string} text
 * @returns {Complaint[]}
 */
function checkFace(file, text) {
  if (file.split('/').length !== 3) return [];
  const rest = scan(text).code.replace(/\bexport\b[^;=(]*\bfrom\b\s*;/g, (all) =>
    all.replace(/\S/g, ' '),
  );
  const at = rest.search(/\S/);
  if (at === -1) return [];
  return [{ file, line: lineOf(text, at), message: "a room's index.ts only re-exports" }];
}

/**
 * Every specifier of `import`, `export ... from` and `import()`, with its line.
 * @param {string} text
 */
function importsOf(text) {
  const { spans, code } = scan(text);
  return spans
    .filter(({ start }) => /['"]/.test(text.charAt(start)))
    .filter(({ start }) => /(?:\bfrom|\bimport\s*\(?)\s*$/.test(code.slice(0, start).slice(-30)))
    .map(({ start, end }) => ({
      specifier: text.slice(start + 1, end - 1),
      line: lineOf(text, start),
    }));
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function roomOf(file) {
  const [top, room, rest] = file.split('/');
  return top === 'src' && rest !== undefined && room !== undefined && room in rooms
    ? room
    : undefined;
}

/**
 * @param {string} specifier
 * @param {string} name
 */
function belongsTo(specifier, name) {
  if (/[:/]$/.test(name)) return specifier.startsWith(name);
  return specifier === name || specifier.startsWith(`${name}/`);
}

function isMain() {
  return realpathSync(process.argv[1] ?? '.') === import.meta.filename;
}
