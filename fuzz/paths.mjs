// npm run fuzz -- paths: mutants of the samples of the audit, 2,000 of them unless told otherwise.
// Each is walked by the protocols that come with the program, in time; every finding and everything
// that was not checked has a place in the mutant. One that fails is written to fuzz/corpus, whose
// texts are tried first.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as audit from '../dist/audit/index.js';
import { builtInProtocols, loadCSyntax } from '../dist/host/index.js';
import { walk } from '../scripts/lib/files.mjs';
import { mutate, random } from './mutate.mjs';

/** A mutant is answered in less, by a wide margin. */
const limitSeconds = 30;
const folder = path.join(import.meta.dirname, 'corpus');
const samples = path.resolve(import.meta.dirname, '../test/samples/audit');

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'paths'),
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string' } },
});
process.exitCode = await main(Number(values.count), Number(values.seed ?? Date.now() % 2 ** 31));

/**
 * @param {number} count
 * @param {number} seed
 */
async function main(count, seed) {
  assert(Number.isSafeInteger(count) && Number.isSafeInteger(seed), '--count, --seed: numbers');
  const syntax = await loadCSyntax();
  const protocols = builtInProtocols();
  assert(protocols.ok, 'the protocols can be read');
  const files = walk(samples).filter((file) => file.endsWith('.c'));
  const texts = files.map((file) => readFileSync(path.join(samples, file), 'utf8'));
  const corpus = existsSync(folder) ? readdirSync(folder) : [];
  const known = corpus.filter((name) => name.endsWith('.paths.c'));
  const next = random(seed);
  const some = () => texts[Math.floor(next() * texts.length)] ?? '';
  process.stdout.write(`${texts.length} seeds, ${known.length} of the corpus, --seed ${seed}\n`);
  let failures = 0;
  let findings = 0;
  let open = 0;
  for (let i = -known.length; i < count && failures < 10; i++) {
    const name = known[i + known.length];
    const text =
      i < 0 && name !== undefined
        ? readFileSync(path.join(folder, name), 'utf8')
        : mutate(next, some(), some());
    try {
      const before = performance.now();
      const tree = audit.memoryTree({ 'drivers/x/a.c': text });
      const answer = audit.auditPaths(tree, syntax, protocols.value);
      const lines = text.split('\n').length;
      for (const one of answer.findings) check(one.path.finding.place.line, lines);
      for (const { line } of answer.notChecked) check(line, lines);
      findings += answer.findings.length;
      open += answer.notChecked.length;
      const seconds = (performance.now() - before) / 1000;
      assert(seconds < limitSeconds, `it took ${seconds.toFixed(1)} s`);
    } catch (error) {
      failures += 1;
      keep(text, error);
    }
  }
  process.stdout.write(`${count} mutants: ${findings} findings, ${open} places not checked, `);
  process.stdout.write(`${failures} failures\n`);
  return failures === 0 ? 0 : 1;
}

/**
 * @param {number} line
 * @param {number} lines
 */
function check(line, lines) {
  assert(line >= 1 && line <= lines, `line ${line} of ${lines}`);
}

/**
 * @param {string} text
 * @param {unknown} error
 */
function keep(text, error) {
  const name = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.paths.c`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
  const what = error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 4).join(' ') : '';
  process.stdout.write(`fuzz/corpus/${name}: error: ${what}\n`);
}
