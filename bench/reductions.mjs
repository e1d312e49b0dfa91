// Three lines and three threads as a program, the one of the row 10^6, searched whole and reduced.

import { exploreWasm } from '../dist/explore/index.js';
import { allReductions, reduce } from '../dist/reduce/index.js';
import { compileScenario, genericModel } from '../dist/scenario/index.js';
import { models } from './models.mjs';

/** @typedef {import('../dist/litmus/index.js').Program} Program */
/** @typedef {{ states: number, ends: string, cpuSeconds: number }} Searched */

const bounds = { states: 2 ** 30, depth: 2 ** 30 };

/**
 * Both searches; their CPU times include the compilation of the scenario and the reduction.
 * @returns {{ whole: Searched, reduced: Searched }}
 */
export function searchReduced() {
  const program = programOf(models.find(({ name }) => name === '10^6'));
  // The first search pays for what the process compiles; neither is charged with that.
  searched(program, allReductions);
  return { whole: searched(program, []), reduced: searched(program, allReductions) };
}

/**
 * @param {Program} program
 * @param {readonly import('../dist/reduce/index.js').Reduction[]} which
 * @returns {Searched}
 */
function searched(program, which) {
  const generic = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  const before = process.cpuUsage();
  const model = { ...generic, colours: 2 };
  const reduced = reduce(compileScenario(program, { model, remedy: 'none' }), which);
  const found = exploreWasm(reduced.system, reduced.question, { bounds });
  const ends = JSON.stringify(reduced.endsOf(found.ends));
  const { user, system } = process.cpuUsage(before);
  return { states: found.states, ends, cpuSeconds: (user + system) / 1e6 };
}

/**
 * A model of the benchmark as a program: colour 0 is the kernel's address, colour 1 the user's.
 * @param {import('./models.mjs').Model | undefined} model
 * @returns {Program}
 */
function programOf(model) {
  if (!model) throw new Error('no such model');
  const { lines, threads } = model.program;
  const name = 'three-by-three';
  return {
    name,
    title: name,
    about: name,
    lines: Array.from({ length: lines }, (_, l) => ({ name: `l${l}`, page: 'p', cells: [0] })),
    mappings: [
      { name: 'K', page: 'p', side: 'kernel', colour: 0 },
      { name: 'U', page: 'p', side: 'user', colour: 1 },
    ],
    threads: threads.map((steps, t) => ({ name: `P${t}`, steps: steps.map(stepOf) })),
    question: {
      quantifier: 'exists',
      condition: { op: 'and', of: [] },
      locations: threads.flatMap((steps, t) =>
        steps.flatMap((step) =>
          step.kind === 'ld'
            ? [{ op: /** @type {const} */ ('register'), thread: `P${t}`, register: step.register }]
            : [],
        ),
      ),
    },
    sources: [],
  };
}

/**
 * @param {import('./models.mjs').Step} step
 * @returns {import('../dist/litmus/index.js').Step}
 */
function stepOf(step) {
  const mapping = step.colour === 0 ? 'K' : 'U';
  const place = { mapping, line: `l${step.line}`, cell: 0, says: step.kind };
  if (step.kind === 'st') return { kind: 'store', ...place, value: step.value };
  if (step.kind === 'ld') return { kind: 'load', ...place, register: step.register };
  throw new Error('the program neither cleans nor invalidates');
}
