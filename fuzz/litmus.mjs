// npm run fuzz: mutants of the catalogue are given to the litmus language, 10^5 of them unless told
// otherwise. Each is answered in time with a test or with problems that have places. A mutant that
// fails is written to fuzz/corpus, whose texts are tried first in every run.
//
//   npm run fuzz -- --count 1000000 --seed 7

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { mutate, random } from './mutate.mjs';
import { corpus, seeds } from './seeds.mjs';

const options = /** @type {const} */ ({
  count: { type: 'string', default: '100000' },
  seed: { type: 'string' },
});

process.exitCode = await main();

async function main() {
  const given = read();
  if (!given) return 2;
  const { count, seed } = given;
  const litmus = await built('litmus');
  const { compileScenario, genericModel } = await built('scenario');
  const { machineById } = await built('hw');
  const { setUp } = await built('stack');
  const machine = machineById('skylake');
  if (machine === undefined) throw new Error('no machine skylake');
  const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  /** @type {import('./check.mjs').Compile} */
  const compile = (program) => {
    // A kernel is brought to where the threads start; to run mutants would take hours.
    if (program.stack) setUp(program, { machine, release: '6.12', remedy: 'none' });
    else compileScenario(program, { model, remedy: 'none' });
  };
  const next = random(seed);
  const texts = seeds();
  const kinds = { test: 0, format: 0, refused: 0 };
  const known = corpus();
  let failures = 0;
  const start = performance.now();
  process.stdout.write(`${texts.length} seeds, ${known.length} of the corpus, --seed ${seed}\n`);
  for (let i = -known.length; i < count; i++) {
    const text = i < 0 ? (known[i + known.length] ?? '') : mutant(next, texts);
    try {
      kinds[check(litmus, text, compile)] += 1;
    } catch (error) {
      failures += 1;
      keep(text, error);
      if (failures >= 10) break;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(
    `${count} mutants in ${seconds.toFixed(0)} s: ${kinds.test} tests, ${kinds.format} right in ` +
      `syntax only, ${kinds.refused} refused, ${failures} failures\n`,
  );
  return failures === 0 ? 0 : 1;
}

/**
 * @param {import('./mutate.mjs').Random} next
 * @param {readonly string[]} texts
 */
function mutant(next, texts) {
  const some = () => texts[Math.floor(next() * texts.length)] ?? '';
  return mutate(next, some(), some());
}

function read() {
  try {
    const { values } = parseArgs({ options });
    const count = Number(values.count);
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
    if (Number.isSafeInteger(count) && Number.isSafeInteger(seed)) return { count, seed };
    throw new Error('--count and --seed are whole numbers');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${what}\nUsage: npm run fuzz [-- --count N --seed N]\n`);
    return undefined;
  }
}

/**
 * A room as it is built; `npm run fuzz` builds first.
 * @param {string} room
 */
async function built(room) {
  return await import(`../dist/${room}/index.js`);
}

/**
 * @param {string} text
 * @param {unknown} error
 */
function keep(text, error) {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = path.join(import.meta.dirname, 'corpus', `${name}.litmus`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  process.stdout.write(`fuzz/corpus/${name}.litmus: error: ${what}\n`);
}
