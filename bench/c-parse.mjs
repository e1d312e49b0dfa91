// How many functions of real C the grammar reads without an error, and how fast:
// node bench/c-parse.mjs [--record] [FOLDER...]. A function counts as read where its definition
// has no error node, and its body ends with a brace in the first column or on the line where it
// began. Definitions that the grammar loses among errors of the file level are found by another
// count: a brace that begins a line and follows a closing parenthesis. `share` is of all; `parsed`
// only of the definitions that the grammar found. bench/c-parse.json keeps the figures.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { maskKernelMacros } from '../dist/audit/index.js';
import { readUnit } from '../dist/audit/flow/index.js';
import { loadCSyntax } from '../dist/host/index.js';
import { formatted } from '../scripts/lib/format.mjs';
import { findTree } from '../scripts/lib/trees.mjs';

/** @typedef {import('../src/audit/c/syntax.ts').CNode} CNode */
/** @typedef {{ files: number, functions: number, withError: number, cutShort: number,
 *   lost: number }} Count */

const root = path.resolve(import.meta.dirname, '..');
const release = '6.12';
const tree = findTree(release)?.folder ?? '';
if (tree === '') throw new Error(`no tree of ${release}: npm run trees`);
const record = process.argv.includes('--record');
const isVerbose = process.argv.includes('--list');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const folders = named.length > 0 ? named : ['drivers', 'fs', 'block', 'mm'];
const syntax = await loadCSyntax();
const counts = folders.map((folder) => ({ folder, count: countFolder(folder) }));
const used = process.cpuUsage();
const seconds = (used.user + used.system) / 1e6;
const figures = {
  release,
  machine: `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`,
  cpuSeconds: rounded(seconds),
  all: withShares(sum(counts.map(({ count }) => count))),
  folders: Object.fromEntries(counts.map(({ folder, count }) => [folder, withShares(count)])),
  speed: speedOf('fs/ext4'),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (record) {
  const file = path.join(root, 'bench/c-parse.json');
  writeFileSync(file, formatted(JSON.stringify(figures, null, 2), 'bench/c-parse.json'));
}

/**
 * @param {string} folder
 * @returns {Count}
 */
function countFolder(folder) {
  return sum(filesOf(folder).map((file) => countFile(file)));
}

/** @param {string} folder */
function filesOf(folder) {
  return readdirSync(path.join(tree, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .map((file) => path.join(folder, file))
    .sort();
}

/**
 * @param {string} file
 * @returns {Count}
 */
function countFile(file) {
  const text = readFileSync(path.join(tree, file), 'utf8');
  return syntax.parse(text, (top) => {
    const count = { files: 1, functions: 0, withError: 0, cutShort: 0, lost: 0 };
    const bodies = new Set();
    for (const definition of definitionsOf(top)) {
      const body = definition.field('body');
      if (body === undefined) continue;
      bodies.add(body.offset);
      count.functions++;
      if (definition.hasError) count.withError++;
      else if (isCutShort(text, body)) count.cutShort++;
      else continue;
      tell(file, definition.line, definition.text.split('\n', 2).join(' '));
    }
    for (const brace of bracesBehindParentheses(text)) {
      if (bodies.has(brace)) continue;
      count.functions++;
      count.lost++;
      const before = text.slice(0, brace).split('\n');
      tell(file, before.length, `lost: ${before.at(-2) ?? ''}`);
    }
    return count;
  });
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string} what
 */
function tell(file, line, what) {
  if (isVerbose) process.stdout.write(`${file}:${line}: ${what}\n`);
}

/** @param {CNode} top */
function definitionsOf(top) {
  const found = [];
  const stack = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'function_definition') found.push(node);
    else if (/^(?:ERROR|preproc_.*|translation_unit|linkage_.*|.*_list)$/.test(node.kind)) {
      for (const child of node.children) stack.push(child);
    }
  }
  return found;
}

/**
 * A body over several lines whose last brace stands in a line of others.
 * @param {string} text
 * @param {CNode} body
 */
function isCutShort(text, body) {
  const words = text.slice(body.offset, body.endOffset);
  return words.includes('\n') && text[body.endOffset - 2] !== '\n';
}

/** @param {string} text */
function bracesBehindParentheses(text) {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*|^#(?:\\\n|.)*/gm, (part) =>
    part.replace(/./g, ' '),
  );
  return [...code.matchAll(/^\{/gm)].flatMap(({ index }) => {
    const words = code.slice(Math.max(0, index - 600), index).trimEnd();
    return /\)(?:\s*__\w+(?:\([\w, ]*\))?)*$/.test(words) ? [index] : [];
  });
}

/**
 * @param {readonly Count[]} list
 * @returns {Count}
 */
function sum(list) {
  const total = { files: 0, functions: 0, withError: 0, cutShort: 0, lost: 0 };
  for (const one of list) {
    total.files += one.files;
    total.functions += one.functions;
    total.withError += one.withError;
    total.cutShort += one.cutShort;
    total.lost += one.lost;
  }
  return total;
}

/** @param {Count} count */
function withShares(count) {
  const { functions, withError, cutShort, lost } = count;
  const found = functions - lost;
  return {
    ...count,
    parsed: percent(found - withError, found),
    share: percent(found - withError - cutShort, functions),
  };
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return Number(((100 * part) / whole).toFixed(3));
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toFixed(2));
}

/**
 * CPU time for all files of a folder, after one round that warms up.
 * @param {string} folder
 */
function speedOf(folder) {
  const texts = filesOf(folder).map((file) => readFileSync(path.join(tree, file), 'utf8'));
  const megabytes = texts.reduce((total, text) => total + text.length, 0) / 1e6;
  const round = () => {
    const mask = timed(() => texts.map(maskKernelMacros));
    const parse = timed(() => texts.map((text) => syntax.parse(text, () => 0)));
    const read = timed(() => texts.map((text) => readUnit('x.c', text, syntax)));
    return { mask, parse: parse - mask, lower: read - parse, read };
  };
  round();
  const { mask, parse, lower, read } = round();
  return {
    folder,
    megabytes: rounded(megabytes),
    maskMilliseconds: rounded(mask),
    parseMilliseconds: rounded(parse),
    lowerMilliseconds: rounded(lower),
    megabytesPerSecond: rounded((megabytes * 1000) / read),
  };
}

/**
 * CPU time in milliseconds.
 * @param {() => unknown} work
 */
function timed(work) {
  const from = process.cpuUsage();
  work();
  const used = process.cpuUsage(from);
  return (used.user + used.system) / 1000;
}
