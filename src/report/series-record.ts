// A series of trees as JSON: states with their cells and changes, findings with the states that
// have them, and witnesses.

import { formatSource } from '../base/index.ts';
import type { FoundOn, SeriesFinding, SeriesMatrix, SeriesRow } from '../matrix/index.ts';
import type { AttachEvent } from '../scenario/index.ts';
import { form } from './records.ts';
import { attachWitnessLines } from './series-witness.ts';

/** The record of a series; `findings` are named by their `id`. */
export function seriesRecord(matrix: SeriesMatrix) {
  const { series, cases, rows, findings, excluded, totals } = matrix;
  return form('series', {
    series: series.id,
    title: series.title,
    patchwise: series.isPatchwise,
    cases: cases.map(({ id, title, machine, reach, DAX, FS_DAX, ZONE_DEVICE }) => {
      return { id, title, machine, reach, config: { DAX, FS_DAX, ZONE_DEVICE } };
    }),
    states: rows.map(stateRecord),
    findings: findings.map(findingRecord),
    excluded: excluded.map(({ why, count }) => ({ why, devices: count })),
    totals,
  });
}

function stateRecord({
  state,
  cells,
  changes,
  found,
  gone,
  offers,
  bisect,
  needsDeadCode,
}: SeriesRow) {
  return {
    id: state.id,
    title: state.title,
    source: formatSource(state.source),
    notes: state.notes,
    bisect,
    changes: changes.map(({ rule, from, to }) => ({ rule: rule.name, file: rule.file, from, to })),
    new: found,
    gone,
    needsDeadCode,
    offers: [...offers].map(([id, offer]) => ({ case: id, offer })),
    cells: cells.map((cell) => ({
      driver: cell.driver,
      worst: cell.worst,
      more: cell.hasMore,
      findings: cell.findings,
      real: cell.real,
    })),
  };
}

function findingRecord({ id, driver, kind, says, ways, use, on, states }: SeriesFinding) {
  return {
    id,
    driver,
    kind,
    says,
    ways,
    use: use ?? null,
    device: on.variant.id,
    first: { state: on.state.id, case: on.where.id },
    states: [...states].map(([state, reach]) => ({ state, reach })),
  };
}

/** A finding and what happens on the way to it. */
export interface SeriesWhy {
  readonly finding: SeriesFinding;
  readonly on: FoundOn;
  readonly events: readonly AttachEvent[];
}

/** The record of `--why`: each finding of a cell with its witness. */
export function seriesWhyRecord(cell: string, whys: readonly SeriesWhy[]) {
  return form('series-why', {
    cell,
    findings: whys.map(({ finding, on, events }) => {
      return { ...findingRecord(finding), case: on.where.id, witness: attachWitnessLines(events) };
    }),
  });
}
