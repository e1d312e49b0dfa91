// The answers of `dachs matrix`: machines under kernels, and scenarios over kinds of cache.

import type { Machine } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import {
  type Matrix,
  matrixOf,
  type ScenarioTable,
  scenarioTable,
  truthTeller,
} from '../matrix/index.ts';
import {
  matrixRecord,
  matrixText,
  scenarioTableRecord,
  scenarioTableText,
} from '../report/index.ts';
import { type Answer, EXIT, type Form, written } from './answer.ts';
import type { Asking } from './explain.ts';

/** A matrix as it is told, and what from. */
export interface MatrixAnswer extends Answer {
  readonly matrix: Matrix;
}

/** Machines under kernels; findings (exit 1) are faults a user can reach. */
export function matrixAnswer(
  machines: readonly Machine[],
  kernels: readonly Kernel[],
  { bounds, form }: Asking = {},
): MatrixAnswer {
  return matrixAnswerOf(matrixOf(machines, kernels, truthTeller(bounds)), form);
}

/** A matrix, or some rows of one, that is computed already. */
export function matrixAnswerOf(matrix: Matrix, form: Form = 'text'): MatrixAnswer {
  const text = written(form, {
    record: () => matrixRecord(matrix),
    text: () => (matrix.rows.length === 0 ? NOTHING : matrixText(matrix)),
  });
  return { text, exit: exitOf(matrix), matrix };
}

const NOTHING = 'nothing to judge: no machine is in both --machine and --arch\n';

function exitOf({ rows }: Matrix): number {
  if (rows.length === 0) return EXIT.nothingToCheck;
  const faults = rows.flatMap((row) => row.cells).filter((c) => FAULTS.has(c.verdict.word));
  if (faults.some((c) => c.verdict.latent === false)) return EXIT.findings;
  const cutOff =
    rows.some((row) => row.truth.coherent === undefined) ||
    faults.some((c) => c.verdict.latent === 'unknown');
  return cutOff ? EXIT.bound : EXIT.asExpected;
}

/** Words that say a user is harmed. */
export const FAULTS: ReadonlySet<string> = new Set(['LOST', 'STALE', 'FAIL']);

/** A table of scenarios as it is told, and what from. */
export interface ScenarioTableAnswer extends Answer {
  readonly table: ScenarioTable;
}

/** Scenarios, or remedies against them, over kinds of cache. */
export function scenarioTableAnswer(
  by: ScenarioTable['by'],
  { bounds, form = 'text' }: Asking = {},
): ScenarioTableAnswer {
  const table = scenarioTable(by, bounds);
  const text = written(form, {
    record: () => scenarioTableRecord(table),
    text: () => scenarioTableText(table),
  });
  const cutOff = table.rows.some((row) => row.cells.some((c) => c.observation === 'bound'));
  return { text, exit: cutOff ? EXIT.bound : EXIT.asExpected, table };
}
