// Measures one search in a process of its own: `node bench/measure.mjs ROW WAY`. ROW is a name of
// rows.mjs; WAY is `interpret`, `wasm`, `wasm 2` (workers), `plain` (nothing grows, no witness
// is asked for) or `auto`. Prints one line of JSON.

import { exploreWasm, search } from '../dist/explore/index.js';
import { rowNamed } from './rows.mjs';

/**
 * @typedef {{ states: number, transitions: number, depth: number, ends: number, steps: number,
 *   cpuSeconds: number, wallSeconds: number, bytesPerState: number }} Measured
 */

const [, , name = '', way = 'auto'] = process.argv;
const row = rowNamed(name);
const bounds = { states: 2 ** 30, depth: 2 ** 30 };
// A process that searches with workers starts them once, whatever it searches then.
const crew = await crewOf(way);
const cpu = process.cpuUsage();
const started = performance.now();
const found = await run();
const wallSeconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
if (row.model && found.states !== row.model.states) throw new Error(`${found.states} states`);
/** @type {Measured} */
const measured = {
  states: found.states,
  transitions: found.transitions,
  depth: found.depth,
  ends: found.ends.length,
  steps: found.witness?.steps.length ?? 0,
  cpuSeconds: (used.user + used.system) / 1e6,
  wallSeconds,
  bytesPerState: found.bytes / found.states,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);

/** @param {string} kind `wasm 2` and the like */
async function crewOf(kind) {
  const workers = Number(kind.split(' ')[1] ?? '1');
  const { threads } = await import('../dist/host/search-workers.js');
  return threads(workers - 1);
}

async function run() {
  const { system, question } = row;
  const [kind, workers = '1'] = way.split(' ');
  if (kind === 'interpret' || kind === 'auto') {
    return search(system, question, { bounds, backEnd: kind });
  }
  if (kind === 'plain') {
    const tableLog = Math.ceil(Math.log2(((row.model?.states ?? 1024) * 16) / 13));
    const never = /** @type {const} */ ({ op: 'const', value: 0 });
    return exploreWasm(system, never, { bounds, tuning: { tableLog } });
  }
  if (workers === '1') return exploreWasm(system, question, { bounds });
  return exploreWasm(system, question, { bounds, ...(crew ? { crew } : {}) });
}
