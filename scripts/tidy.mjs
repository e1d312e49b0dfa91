// The house rules that neither compiler, linter (.oxlintrc.json) nor formatter can check, as
// `path:line: error: message`. Text is read with a scanner, not a parser (lib/scan.mjs); where a
// rule is an approximation its comment says so.

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { conclude, read, walk } from './lib/files.mjs';
import { lineOf, scan } from './lib/scan.mjs';

/**
 * @typedef {import('./lib/files.mjs').Complaint} Complaint
 * @typedef {import('./lib/scan.mjs').Scan & { file: string, text: string }} Text
 * @typedef {{ at: number, message: string }} Hit an offset in the text, and what is wrong there
 * @typedef {{ applies: (file: string) => boolean, find: (text: Text) => Hit[] }} Rule
 */

const maxLines = 500;
const maxColumns = 100;

const exported =
  /^export (?:(?:default|abstract|async) )*(?:class|const|function\*?|interface|let|type) (\w+)/;
const binary = /\.(?:wasm|gz|xz|png|ico|woff2)$/;
const source = /^(?:src|test|scripts|fuzz|bench|bin)\/.*\.(?:tsx?|mjs|js)$|^[^/]*\.ts$/;
const rim = /^src\/(?:host|cli|doctor|web)\//;
/** Names what it forbids, so it cannot be held to it. */
const self = /^(?:scripts\/tidy\.mjs|test\/house\/tidy\.test\.ts)$/;
/** Written elsewhere, or written by npm. */
const foreign = /^(?:LICENSES\/|package-lock\.json$|data\/)/;

/** @param {string} file */
const isSource = (file) => source.test(file);
/** @param {string} file */
const isProduct = (file) => file.startsWith('src/') && isSource(file) && !isTest(file);
/** @param {string} file */
const isCore = (file) => isProduct(file) && !rim.test(file);
/** @param {string} file */
const isTest = (file) => file.endsWith('.test.ts');
/** @param {string} file */
const isOurs = (file) => !self.test(file) && !foreign.test(file);
/**
 * Recordings name the paths of the machine they were made on.
 * @param {string} file
 */
const isText = (file) => !self.test(file) && !/^(?:LICENSES|data\/kernel-truth)\//.test(file);

/** @type {readonly Rule[]} */
const rules = [
  { applies: isSource, find: length },
  { applies: (file) => isSource(file) || /^[^/]*\.md$|^docs\//.test(file), find: columns },
  { applies: isSource, find: opening },
  { applies: isProduct, find: docstrings },
  { applies: isProduct, find: ascii },
  { applies: isCore, find: words('code', /^(?:export )?(?:let|var)\b/m, 'module-level state') },
  {
    applies: isCore,
    find: words(
      'code',
      /\bDate\.now\b|\bnew Date\b|\bMath\.random\b/,
      'clock or randomness in the core',
    ),
  },
  {
    applies: isTest,
    find: words('code', /\b(?:test|it|describe)\.only\b/, 'a test that hides others'),
  },
  {
    applies: isOurs,
    find: words('text', /\b(?:TODO|FIXME|XXX|HACK)\b|\bfor now\b/, 'leftover marker'),
  },
  {
    applies: isText,
    find: words('text', /(?<![\w.~-])\/(?:work|root|tmp|home|Users)\/\w/, "one machine's path"),
  },
  {
    applies: isText,
    find: words('text', /\bregistry\.\w+\.\w+|\bnpmjs\.\w+|"resolved":/, 'registry host'),
  },
  {
    applies: isOurs,
    find: words(
      'text',
      /\b(?:AI[ -]generated|assistants?|agents?|sub-?agents?|chat ?bots?|LLMs?|sessions?)\b/i,
      'word about how it was written',
    ),
  },
];

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) {
  const { complaints, files } = tidy(path.resolve(import.meta.dirname, '..'));
  process.exitCode = conclude(`tidy: ${files} files`, complaints);
}

/**
 * Checks every text file below `root`.
 * @param {string} root
 */
export function tidy(root) {
  const files = walk(root).filter((file) => !binary.test(file));
  const complaints = files.flatMap((file) => check(file, read(root, file)));
  return { complaints, files: files.length };
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {Complaint[]}
 */
export function check(file, text) {
  const applying = rules.filter(({ applies }) => applies(file));
  const scanned = isSource(file) ? scan(text) : { code: text, spans: [] };
  return applying
    .flatMap(({ find }) => find({ file, text, ...scanned }))
    .map(({ at, message }) => ({ file, line: lineOf(text, at), message }));
}

/** @param {Text} text */
function length({ text }) {
  const lines = lineOf(text, text.length - 1);
  if (lines <= maxLines) return [];
  return [{ at: text.length - 1, message: `${lines} lines: at most ${maxLines} a file` }];
}

/**
 * Lines over the limit; in Markdown, tables, what a command printed (fenced blocks) and lines of
 * one long word (an address) are let be.
 * @param {Text} text
 */
function columns({ file, text }) {
  const prose = file.endsWith('.md');
  /** @type {Hit[]} */
  const hits = [];
  let at = 0;
  let fenced = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    const columnCount = Array.from(line).length;
    const excused = prose && (fenced || line.startsWith('|') || !/\S\s+\S{0,80}$/.test(line));
    if (columnCount > maxColumns && !excused) {
      hits.push({ at, message: `${columnCount} columns: at most ${maxColumns}` });
    }
    at += line.length + 1;
  }
  return hits;
}

/**
 * A file opens with a comment; index.ts files, which only re-export, need none.
 * @param {Text} text
 */
function opening({ file, text, spans }) {
  if (path.posix.basename(file) === 'index.ts') return [];
  const first = spans.find(({ start, end }) => !text.slice(start, end).startsWith('#!'));
  const opens = first?.kind === 'comment' && /^(?:#!.*)?\s*$/.test(text.slice(0, first.start));
  return opens ? [] : [{ at: 0, message: 'opens without a comment that says what it is for' }];
}

/**
 * A comment ends on the line above every exported declaration, or above the list of constants, one
 * a line, that it stands in. Approximate: whether it says something is for the reader; overloads
 * after the first, and members, are not looked at.
 * @param {Text} text
 */
function docstrings({ text, code }) {
  /** @type {Hit[]} */
  const hits = [];
  let previous = '';
  let at = 0;
  /** @type {boolean} */
  let inList = false;
  for (const line of code.split('\n')) {
    const name = exported.exec(line)?.[1];
    const above = text.slice(0, at);
    /** @type {boolean} */
    const documented = inList || above.endsWith('*/\n') || /(?:^|\n)\/\/[^\n]*\n$/.test(above);
    inList = documented && /^export const \w+ = [\w ()|<-]+;/.test(line);
    if (name !== undefined && name !== previous && !documented) {
      hits.push({ at, message: `export '${name}' has no docstring` });
    }
    previous = name ?? previous;
    at += line.length + 1;
  }
  return hits;
}

/** @param {Text} text */
function ascii({ text, spans }) {
  return spans
    .filter(({ kind, start, end }) => kind === 'string' && /[^\n -~]/.test(text.slice(start, end)))
    .map(({ start }) => ({ at: start, message: 'a string that is not ASCII' }));
}

/**
 * @param {'text' | 'code'} where
 * @param {RegExp} pattern
 * @param {string} message
 * @returns {Rule['find']}
 */
function words(where, pattern, message) {
  const all = new RegExp(pattern, `${pattern.flags}g`);
  return (text) =>
    [...text[where].matchAll(all)].map(({ 0: found, index }) => ({
      at: index,
      message: `${message}: '${found.trim()}'`,
    }));
}
