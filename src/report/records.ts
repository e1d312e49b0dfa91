// The JSON forms of the answers: named, versioned, and of one shape whatever their number.

import type { Audit } from '../audit/index.ts';
import type { Cell, Matrix, Row, ScenarioTable } from '../matrix/index.ts';
import type { Machine } from '../hw/index.ts';
import type { Program } from '../litmus/index.ts';
import type { ScenarioVerdict } from '../verdict/index.ts';
import type { CellExplanation } from './explain-text.ts';

/** Version of every JSON form; raised when a reader of the old form would go wrong. */
export const FORM_VERSION = 1;

function form<T extends object>(schema: string, body: T) {
  return { schema: `dachs/${schema}`, version: FORM_VERSION, ...body };
}

/** A matrix: kernels, and for each machine its truth and its cells with all three answers. */
export function matrixRecord(matrix: Matrix) {
  return form('matrix', { kernels: matrix.kernels, rows: matrix.rows.map(rowRecord) });
}

/** One machine's row. */
export function rowRecord(row: Row) {
  const { machine, truth } = row;
  return {
    machine,
    true: {
      coherent: truth.coherent ?? null,
      stale: truth.stale,
      losesStores: truth.losesStores,
      witness: truth.shortest?.witness ?? null,
      scenarios: truth.verdicts.map(scenarioRecord),
    },
    cells: row.cells.map(cellRecord),
  };
}

/** One cell: the three answers apart, then the verdict. */
export function cellRecord(cell: Cell) {
  const { belief } = cell;
  return {
    kernel: cell.kernel,
    port: cell.port ?? null,
    built: belief ? { asConfigured: belief.built, apartFromList: belief.buildable } : null,
    believed: belief
      ? {
          refusedByName: belief.refusedByName,
          predicate: belief.predicate,
          allocDax: belief.allocDax,
          deviceDax: belief.deviceDax,
          drivers: belief.drivers,
          fsdax: belief.fsdax,
        }
      : null,
    verdict: cell.verdict,
  };
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

/** An audit: facts, the three answers by port and machine, findings, and what was not checked. */
export function auditRecord(audit: Audit) {
  return form('audit', {
    tree: audit.tree,
    release: audit.release,
    profile: audit.profile,
    kernel: audit.kernel,
    allocDax: audit.allocDax,
    list: audit.list,
    ports: audit.ports,
    findings: audit.findings,
    notChecked: audit.notChecked,
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
  machine: Machine,
  program: Program,
  verdict: ScenarioVerdict,
  prevents: readonly string[],
) {
  return form('scenario', {
    machine: machine.id,
    program,
    ...scenarioRecord(verdict),
    stale: verdict.stale,
    witness: verdict.witness ?? null,
    prevents,
  });
}
