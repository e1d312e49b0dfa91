// Reads Kconfig in a process of its own: `node bench/kconfig-read.mjs one|all|want TREE [ARCH]`.
// Prints the CPU and wall time after start-up as JSON: of reading one architecture; of reading
// all; of the first answer about FS_DAX on one, that answer apart in milliseconds.

import * as audit from '../dist/audit/index.js';
import { openTree } from '../dist/host/index.js';

const [, , what = 'one', folder = '', arch = 'x86_64'] = process.argv;
const cpu = process.cpuUsage();
const started = performance.now();
const tree = openTree(folder);
if (!tree.ok) throw new Error(tree.problem.what);
const cache = audit.kconfigCache();
const read = (/** @type {string} */ name) => {
  const port = audit.architectureNamed(tree.value, name);
  if (port === undefined) throw new Error(`no architecture ${name}`);
  const model = audit.readKconfig(tree.value, port, audit.optimistic, cache);
  if (!model.ok) throw new Error(model.problem.what);
  return model.value;
};
/** @type {unknown} */
let told;
if (what === 'all') {
  told = audit.architecturesOf(tree.value).map(({ id }) => read(id).nodes.length);
} else if (what === 'want') {
  const model = read(arch);
  const asked = performance.now();
  const answer = audit.satisfy(model, [{ symbol: 'FS_DAX', value: 'y' }]);
  told = { kind: answer.kind, milliseconds: performance.now() - asked };
} else {
  const { assumptions } = read(arch);
  told = assumptions.map(({ command, answer }) => `${command}\u0001${answer}\n`).join('');
}
const wallSeconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const cpuSeconds = (used.user + used.system) / 1e6;
process.stdout.write(JSON.stringify({ cpuSeconds, wallSeconds, told }));
