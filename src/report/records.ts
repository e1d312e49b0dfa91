// The JSON forms of the answers: named, versioned, and of one shape whatever their number.

import type { Cell, Matrix, Row, ScenarioTable, Truth } from '../matrix/index.ts';
import type { Program } from '../litmus/index.ts';
import type { ScenarioVerdict } from '../verdict/index.ts';
import type { CellExplanation, ScenarioContext } from './explain-text.ts';

/** Version of a JSON form; that of one form is raised when a reader of it would go wrong. */
export const FORM_VERSION = 1;

/** A body under the name and the version of its form. */
export function form<T extends object>(schema: string, body: T, version = FORM_VERSION) {
  return { schema: `dachs/${schema}`, version, ...body };
}

/** A matrix: kernels, and for each machine its truth and its cells with all three answers. */
export function matrixRecord(matrix: Matrix) {
  return form('matrix', { kernels: matrix.kernels, rows: matrix.rows.map(rowRecord) });
}

/** One machine's row. */
export function rowRecord(row: Row) {
  const { machine, truth } = row;
  return { machine, true: truthRecord(truth), cells: row.cells.map(cellRecord) };
}

/** What exploration found out about one machine, with the shortest witness only. */
export function truthRecord(truth: Truth) {
  return {
    coherent: truth.coherent ?? null,
    stale: truth.stale,
    losesStores: truth.losesStores,
    witness: truth.shortest?.witness ?? null,
    scenarios: truth.verdicts.map(scenarioRecord),
  };
}

/** One cell: the three answers apart, then the verdict. */
export function cellRecord(cell: Cell) {
  const { belief } = cell;
  return {
    kernel: cell.kernel,
    port: cell.port ?? null,
    built: belief ? { asConfigured: belief.built, apartFromList: belief.buildable } : null,
    believed: believedRecord(cell),
    verdict: cell.verdict,
  };
}

/** What the kernel believes about one machine; null where it has no port for it. */
export function believedRecord({ belief }: Cell) {
  if (!belief) return null;
  const { refusedByName, predicate, runTime, allocDax, deviceDax, drivers, fsdax } = belief;
  return { refusedByName, predicate, runTime, allocDax, deviceDax, drivers, fsdax };
}

/** One explored scenario without its witness. */
export function scenarioRecord(verdict: ScenarioVerdict) {
  const { scenario, remedy, observation, positive, negative, states, transitions, depth } = verdict;
  const bound = verdict.bound ?? null;
  return { scenario, remedy, observation, positive, negative, states, transitions, depth, bound };
}

/** A table of scenarios. */
export function scenarioTableRecord(table: ScenarioTable) {
  return form('scenarios', {
    by: table.by,
    columns: table.columns,
    rows: table.rows.map((row) => ({
      cache: row.cache,
      remedy: row.remedy,
      model: row.model,
      cells: row.cells.map((c) => ({ ...scenarioRecord(c), witness: c.witness ?? null })),
    })),
  });
}

/** A list of what can be named. */
export function listRecord(list: string, items: readonly unknown[]) {
  return form('list', { list, items });
}

/** Cells explained: one entry for each kernel. */
export function explainCellRecord(cells: readonly CellExplanation[]) {
  return form('cells', {
    cells: cells.map(({ machine, cell, truth, prevents }) => ({
      ...rowRecord({ machine, truth, cells: [cell] }),
      prevents,
    })),
  });
}

/** One scenario explained on one machine. */
export function explainScenarioRecord(
  program: Program,
  verdict: ScenarioVerdict,
  context: ScenarioContext,
) {
  const body = {
    machine: context.machine.id,
    durability: context.durability,
    program,
    ...scenarioRecord(verdict),
    stale: verdict.stale,
    witness: verdict.witness ?? null,
    replay: context.replay ?? null,
    prevents: context.prevents,
  };
  // Version 2: a program has a question in place of `exists`.
  return form('scenario', body, 2);
}
