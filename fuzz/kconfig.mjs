// npm run fuzz -- kconfig: mutants of Kconfig texts (ours, and those of a kernel tree where one is
// there), 10^5 of them unless told otherwise. Each is read in time or refused with a place; what
// can be read is configured in several modes, written, read again, and asked what it allows. A
// mutant that fails is written to fuzz/corpus, whose texts are tried first in every run.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as audit from '../dist/audit/index.js';
import { findTree } from '../scripts/lib/trees.mjs';
import { mutate, random } from './mutate.mjs';
import { kconfigSeeds } from './kconfig-seeds.mjs';

/** A mutant is answered in less, by a wide margin. */
const limitSeconds = 3;
const folder = path.join(import.meta.dirname, 'corpus');

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'kconfig'),
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
process.exitCode = main(Number(values.count), Number(values.seed ?? Date.now() % 2 ** 31));

/**
 * @param {number} count
 * @param {number} seed
 */
function main(count, seed) {
  assert(Number.isSafeInteger(count) && Number.isSafeInteger(seed), '--count, --seed: numbers');
  const next = random(seed);
  const texts = [...kconfigSeeds, ...treeTexts()];
  const known = readdirSync(folder).filter((name) => name.endsWith('.kconfig'));
  const kinds = { read: 0, refused: 0, yes: 0, no: 0, open: 0 };
  let failures = 0;
  const start = performance.now();
  process.stdout.write(`${texts.length} seeds, ${known.length} of the corpus, --seed ${seed}\n`);
  const some = () => texts[Math.floor(next() * texts.length)] ?? '';
  for (let i = -known.length; i < count && failures < 10; i++) {
    const name = known[i + known.length];
    const text =
      i < 0 && name !== undefined
        ? readFileSync(path.join(folder, name), 'utf8')
        : next() < 0.7
          ? byLines(next, some(), some())
          : mutate(next, some(), some());
    try {
      const before = performance.now();
      check(text, next, kinds);
      const seconds = (performance.now() - before) / 1000;
      assert(seconds < limitSeconds, `it took ${seconds.toFixed(1)} s`);
    } catch (error) {
      failures += 1;
      keep(text, error);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const { read, refused, yes, no, open } = kinds;
  process.stdout.write(
    `${count} mutants in ${seconds.toFixed(0)} s: ${read} read (${yes} yes, ${no} no, ` +
      `${open} open), ${refused} refused, ${failures} failures\n`,
  );
  return failures === 0 ? 0 : 1;
}

/**
 * Lines go, stand twice, or come from another text: what can still be read, more often than not.
 * @param {import('./mutate.mjs').Random} next
 * @param {string} text
 * @param {string} other
 */
function byLines(next, text, other) {
  const lines = text.split('\n');
  const others = other.split('\n');
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  for (let times = 1 + below(6); times > 0; times--) {
    const at = below(lines.length);
    const turn = below(4);
    if (turn === 0) lines.splice(at, 1);
    else if (turn === 1) lines.splice(at, 0, lines[below(lines.length)] ?? '');
    else if (turn === 2) lines.splice(at, 0, others[below(others.length)] ?? '');
    else lines[at] = others[below(others.length)] ?? '';
  }
  return lines.join('\n');
}

/**
 * @param {string} text
 * @param {import('./mutate.mjs').Random} next
 * @param {{ read: number, refused: number, yes: number, no: number, open: number }} kinds
 */
function check(text, next, kinds) {
  const [major, minor] = next() < 0.5 ? [6, 1] : [6, 12];
  const tree = audit.memoryTree({
    Kconfig: text,
    'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n',
    b: 'config FROM_B\n\tbool "b"\n',
    Makefile: `VERSION = ${major}\nPATCHLEVEL = ${minor}\n`,
  });
  const port = audit.architectureNamed(tree, 'x86');
  assert(port, 'the architecture is there');
  const profile = next() < 0.5 ? audit.optimistic : audit.pessimistic;
  const model = audit.readKconfig(tree, port, profile);
  if (!model.ok) {
    kinds.refused += 1;
    assert.notEqual(model.problem.what, '');
    assert.match(model.problem.where ?? '', /^(Kconfig|b|arch\/x86\/Kconfig)(:\d+(:\d+)?)?$/);
    return;
  }
  kinds.read += 1;
  configure(model.value, next);
  const names = [...model.value.types.keys()].map((id) => model.value.names.text(id));
  const symbol = names[Math.floor(next() * names.length)];
  if (symbol === undefined) return;
  const answer = audit.satisfy(model.value, [{ symbol, value: next() < 0.7 ? 'y' : 'm' }], {
    conflicts: 2000,
  });
  kinds[answer.kind === 'yes' || answer.kind === 'no' ? answer.kind : 'open'] += 1;
  if (answer.kind === 'no') assert(answer.reason.length > 0, 'a no has a reason');
}

/**
 * @param {import('../src/audit/index.ts').KconfigModel} model
 * @param {import('./mutate.mjs').Random} next
 */
function configure(model, next) {
  const modes = /** @type {const} */ (['allyesconfig', 'allnoconfig', 'allmodconfig']);
  for (const mode of modes) audit.runConf(model, { mode });
  const seed = Math.floor(next() * 2 ** 31);
  const { text } = audit.runConf(model, { mode: 'randconfig', seed });
  audit.runConf(model, { mode: 'olddefconfig', config: text });
  audit.runConf(model, { mode: 'savedefconfig', config: mutate(next, text, text) });
}

// Kconfig files of a real tree that are short enough; read where they lie, never kept.
function treeTexts() {
  const tree = findTree('6.12')?.folder;
  if (tree === undefined) return [];
  const files = ['init/Kconfig', 'mm/Kconfig', 'fs/Kconfig', 'drivers/dax/Kconfig', 'lib/Kconfig'];
  return files.map((file) => readFileSync(path.join(tree, file), 'utf8'));
}

/**
 * @param {string} text
 * @param {unknown} error
 */
function keep(text, error) {
  const name = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.kconfig`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
  const what = error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 4).join(' ') : '';
  process.stdout.write(`fuzz/corpus/${name}: error: ${what}\n`);
}
