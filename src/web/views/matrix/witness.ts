// The witness of a cell as the panel shows it.

import type { Machine } from '../../../hw/index.ts';
import { isNamedScenario } from '../../../report/index.ts';
import type { CellWitness } from './asks.ts';

/** From the lines of the cell's text, the first of which is empty; undefined where none are. */
export function witnessOf(
  lines: readonly string[],
  machine: Machine,
  scenario: string | undefined,
): CellWitness | undefined {
  if (lines.length === 0 || scenario === undefined) return undefined;
  const link = isNamedScenario(scenario) ? { link: { scenario, machine: machine.id } } : {};
  return {
    title: (lines[1] ?? '').replace(/:$/, ''),
    text: lines.slice(2).join('\n'),
    ...link,
  };
}
