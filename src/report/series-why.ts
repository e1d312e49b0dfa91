// Why a cell of a series has its word: each finding with the shortest way to it.

import type { SeriesWhy } from './series-record.ts';
import { seriesFindingText } from './series-text.ts';
import { labelled, wrap } from './layout.ts';
import { attachWitnessLines } from './series-witness.ts';

/** Findings of one cell, each step by step. */
export function seriesWhyText(cell: string, whys: readonly SeriesWhy[]): string {
  if (whys.length === 0) return `${cell}: ok. Every step that can fail is undone.\n`;
  const lines = whys.flatMap(({ finding, on, events }) => [
    '',
    ...labelled(`${finding.id.padEnd(3)}${finding.kind}`, seriesFindingText(finding), 14),
    ...wrap(`on ${on.where.title}`, 14),
    '',
    ...attachWitnessLines(events).map((line) => `  ${line}`),
  ]);
  return `${[`${cell}:`, ...lines].join('\n')}\n`;
}
