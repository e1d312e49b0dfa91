// What the benchmark searches, by name. A row is a name, a system and a question; one that has a
// model is compared with SPIN as well. A reduction of the same models is one more row each.

import { models, systemOf } from './models.mjs';

/**
 * @typedef {{ name: string, system: import('../src/ir/index.ts').TransitionSystem,
 *   question: import('../src/ir/index.ts').Expr, model?: import('./models.mjs').Model }} Row
 */

/** Names of all rows, the quick ones first. */
export const rowNames = [
  'litmus',
  '10^4',
  '10^6',
  '10^6, 16 bytes',
  '10^6, 32 bytes',
  '10^6, 64 bytes',
  '10^7',
];

/**
 * The row with this name.
 * @param {string} name
 * @returns {Row}
 */
export function rowNamed(name) {
  const [size, padding = '0 bytes'] = name.split(', ');
  const found = models.find((one) => one.name === size);
  if (!found) throw new Error(`no row ${name}`);
  const model = { ...found, padBytes: Number.parseInt(padding, 10) };
  return { name, model, ...systemOf(model) };
}
