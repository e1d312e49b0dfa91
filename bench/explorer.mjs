// States per second and memory of the interpreter back end on fixed programs: three and four lines,
// two threads, all stores and loads through addresses of different colours. The ratio to the plain
// enumeration of the same system (arrays and a Set) is measured in the same run, so that it can be
// compared between machines. Run by `npm run bench`; needs `npm run build`.

import { defaultBounds, explore } from '../dist/explore/index.js';
import { compileScenario, genericModel } from '../dist/scenario/index.js';
import { enumerate } from './enumerate.mjs';

const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });

for (const lines of [3, 4]) measure(lines);

/** @param {number} lines */
function measure(lines) {
  const { system, question } = compileScenario(program(lines), { model, remedy: 'none' });
  const started = performance.now();
  const found = explore(system, question, { ...defaultBounds, states: 5_000_000 });
  const seconds = (performance.now() - started) / 1000;
  const plainStarted = performance.now();
  const plain = enumerate(system);
  const plainSeconds = (performance.now() - plainStarted) / 1000;
  if (plain !== found.states) throw new Error(`plain enumeration finds ${plain} states`);
  const name = `explore, ${lines} lines`.padEnd(20);
  const rate = (found.states / seconds / 1000).toFixed(0).padStart(5);
  process.stdout.write(
    `${name} ${String(found.states).padStart(8)} states, ` +
      `${String(found.transitions).padStart(9)} transitions, ${rate} k states/s, ` +
      `${(found.bytes / found.states).toFixed(0)} bytes/state, ` +
      `${(plainSeconds / seconds).toFixed(1)} x plain enumeration\n`,
  );
}

/**
 * Two threads that store and load every line through K and U.
 * @param {number} count
 * @returns {import('../src/litmus/index.ts').Program}
 */
function program(count) {
  const names = ['x', 'y', 'z', 'w'].slice(0, count);
  const access = (/** @type {string} */ mapping, /** @type {string} */ line) =>
    /** @type {const} */ ({ mapping, line, cell: 0, says: `${mapping} ${line}` });
  return {
    name: `bench${count}`,
    title: 'bench',
    about: 'bench',
    lines: names.map((name) => ({ name, cells: [0] })),
    mappings: [
      { name: 'K', side: 'kernel' },
      { name: 'U', side: 'user' },
    ],
    threads: [
      { name: 'P0', steps: names.map((n) => ({ kind: 'store', value: 1, ...access('K', n) })) },
      {
        name: 'P1',
        steps: names.map((n) => ({ kind: 'load', register: n, ...access('U', n) })),
      },
    ],
    exists: { op: 'register', thread: 'P1', register: 'x', value: 0 },
    sources: [],
  };
}
