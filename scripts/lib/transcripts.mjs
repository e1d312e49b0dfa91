// Command transcripts in Markdown: a fenced block with the info string `console` holds lines `$
// command` and under each what it prints, both streams together. A line `...` stands for any
// lines. A block `console trees` runs in the folder of the kernel trees, the others at the top of
// the repository.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { walk } from './files.mjs';
import { treesFolder } from './trees.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * @typedef {{ line: number, command: string, expected: string[] }} Command `line` counts from 1
 * @typedef {{ line: number, end: number, needsTrees: boolean, commands: Command[] }} Block
 *   `line` is that of the opening fence, `end` that of the closing one
 */

/**
 * The Markdown files whose transcripts are run: those at the top and all of docs/.
 * @param {string} folder the top of the repository
 */
export function documents(folder) {
  return walk(folder).filter((file) => /^(?:docs\/.*|[^/]*)\.md$/.test(file));
}

/**
 * @param {string} markdown
 * @returns {Block[]}
 */
export function blocksOf(markdown) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Block | undefined} */
  let open;
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    const info = /^```console(?: (trees))?$/.exec(text);
    if (open === undefined) {
      if (info) open = { line, end: line, needsTrees: info[1] !== undefined, commands: [] };
    } else if (text === '```') {
      blocks.push({ ...open, end: line });
      open = undefined;
    } else if (text.startsWith('$ ')) {
      open.commands.push({ line, command: text.slice(2), expected: [] });
    } else {
      open.commands.at(-1)?.expected.push(text);
    }
  }
  return blocks;
}

/**
 * What each command of a block prints, run in order; `$?` is the status of the one before.
 * @param {Block} block
 * @returns {string[][]}
 */
export function runBlock(block) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-docs-'));
  try {
    const dachs = path.join(folder, 'dachs');
    writeFileSync(dachs, `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/dachs.js' "$@"\n`);
    chmodSync(dachs, 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, NO_COLOR: '1' };
    const cwd = block.needsTrees ? treesFolder() : root;
    let status = 0;
    return block.commands.map(({ command }) => {
      const line = `(exit ${status}); { ${command}\n} 2>&1`;
      const run = spawnSync('bash', ['-c', line], { cwd, env, encoding: 'utf8' });
      status = run.status ?? 128;
      return run.stdout.trimEnd() === '' ? [] : run.stdout.trimEnd().split('\n');
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Whether printed lines are as expected, where an expected `...` matches any number of lines.
 * @param {readonly string[]} expected
 * @param {readonly string[]} printed
 * @returns {boolean}
 */
export function matches(expected, printed) {
  const [first, ...rest] = expected;
  if (first === undefined) return printed.length === 0;
  if (first === '...') {
    return printed.some((_, from) => matches(rest, printed.slice(from))) || matches(rest, []);
  }
  return first === printed[0] && matches(rest, printed.slice(1));
}

/**
 * The document with every block's output as it is now; blocks with `...` are kept where they match.
 * @param {string} markdown
 * @param {(block: Block) => string[][] | undefined} runner undefined where a block cannot be run
 */
export function promote(markdown, runner = runBlock) {
  const lines = markdown.split('\n');
  for (const block of blocksOf(markdown).reverse()) {
    const printed = runner(block);
    if (printed === undefined) continue;
    const fresh = block.commands.flatMap(({ command, expected }, index) => {
      const now = printed[index] ?? [];
      return [`$ ${command}`, ...(matches(expected, now) ? expected : now)];
    });
    lines.splice(block.line, block.end - block.line - 1, ...fresh);
  }
  return lines.join('\n');
}
