// The questions about CPUs over kernels, answered in the engine's worker.

import { explainCellAnswer, matrixAnswer } from '../../../answer/index.ts';
import { at, formatSource } from '../../../base/index.ts';
import type { Machine } from '../../../hw/index.ts';
import type { Kernel } from '../../../kernel/index.ts';
import { matrixOf, truthTeller } from '../../../matrix/index.ts';
import {
  cellStatements,
  cellText,
  cellWitnessLines,
  hardwareText,
  machineText,
  stackMeanings,
} from '../../../report/index.ts';
import type { CellAnswer, CpuTable } from './asks.ts';
import { witnessOf } from './witness.ts';
import { meaningOf } from './words.ts';

/** A word for each CPU under each kernel. */
export function cpuTable(machines: readonly Machine[], kernels: readonly Kernel[]): CpuTable {
  const { rows } = matrixOf(machines, kernels, truthTeller());
  return {
    rows: rows.map((row) => ({ hardware: hardwareText(row), words: row.cells.map(cellText) })),
  };
}

/** The same bytes as `dachs matrix --kernel all`. */
export function cpuText(machines: readonly Machine[], kernels: readonly Kernel[]): string {
  return matrixAnswer(machines, kernels).text;
}

/** One CPU under one kernel. */
export function cpuCell(machine: Machine, kernel: Kernel): CellAnswer {
  const { text, cells } = explainCellAnswer(machine, [kernel]);
  const explanation = at(cells, 0);
  const { cell, truth } = explanation;
  const { belief, verdict } = cell;
  const word = cellText(cell);
  const name = `${machine.id}@${kernel.id}`;
  const witness = witnessOf(cellWitnessLines(explanation), machine, truth.shortest?.scenario);
  const { coherent } = truth;
  const offers = { offered: 'offered', refused: 'refused', breaks: 'breaks' } as const;
  const offer = belief?.fsdax.kind ?? 'not-checked';
  return {
    name,
    word,
    meaning: meaningOf(stackMeanings, word),
    kernel: kernel.id,
    built: belief === undefined ? 'not there' : `FS_DAX is ${belief.buildable.value}`,
    believed: offer === 'not-checked' ? 'not checked' : `fsdax ${offers[offer]}`,
    true: coherent === undefined ? 'a bound was reached' : coherent ? 'coherent' : 'not coherent',
    decidedBy: verdict.decidedBy,
    subject: [
      { topic: 'machine', text: machineText(machine) },
      { topic: 'kernel', text: kernel.title },
    ],
    statements: cellStatements(explanation).filter(({ topic }) => topic !== 'sources'),
    sources: machine.sources.map(formatSource),
    ...(witness ? { witness } : {}),
    text,
    command: `dachs explain ${name}`,
  };
}
