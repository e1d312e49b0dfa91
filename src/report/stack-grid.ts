// Every cell of one class: for each driver and file system the word and what the kernel does, one
// column an option. Drivers that differ in nothing share their lines.

import {
  type OptionId,
  type StackCell,
  type StackClass,
  type StackSystem,
  stackOptions,
} from '../matrix/index.ts';
import { labelled, wrap } from './layout.ts';
import { deedText, stackCellText } from './stack-words.ts';
import { tableLines } from './table.ts';

/** Lines of one class, headed by the machines and kernels that are in it. */
export function gridLines(
  { cells }: StackClass,
  systems: readonly StackSystem[],
): readonly string[] {
  const machines = [...new Set(systems.map(({ machine }) => machine.id))];
  const kernels = [...new Set(systems.map(({ kernel }) => kernel.id))];
  const files = cells.filter(({ place }) => place.fs !== 'char');
  const devices = cells.filter(({ place }) => place.fs === 'char');
  return [
    ...labelled('machines', machines.join(' ')),
    ...labelled('kernels', kernels.join(' ')),
    '',
    ...[files, devices].filter((own) => own.length > 0).flatMap(tableOf),
    ...outcomeLegend,
  ];
}

/** What the words for the kernel mean. */
export const outcomeLegend: readonly string[] = wrap(
  'kernel: dax; cache: page cache, and no word of DAX; says: page cache, and the log says why; ' +
    'an error: mount() fails; nodev: no device; oops: the kernel dies; nodax: no DAX, how was ' +
    'not read. +x: of a file whose own flag is set.',
  0,
  2,
);

/** Cells of options that stand beside each other. */
function tableOf(cells: readonly StackCell[]): readonly string[] {
  const options = stackOptions.filter((option) =>
    cells.some(({ place }) => place.option === option),
  );
  const rows = rowsOf(cells).flatMap(({ labels, own }) => [
    [labels.join(', ')],
    ['  verdict', ...columns(own, options, stackCellText)],
    ['  kernel', ...columns(own, options, ({ does }) => deedText(does.outcome))],
  ]);
  const heads = ['', ...options];
  const table = tableLines(
    heads.map((head) => ({ head })),
    rows.filter((row) => row.length > 1),
  );
  return [...withLabels(table, rows), ''];
}

/** The table with the label of each row above it: labels are longer than a column can be. */
function withLabels(table: readonly string[], rows: readonly (readonly string[])[]) {
  const [head = '', ...lines] = table;
  const labels = rows.filter((row) => row.length === 1).map(([label = '']) => label);
  const body = labels.flatMap((label, i) => [
    ...wrap(label, 0, 2),
    ...lines.slice(2 * i, 2 * i + 2),
  ]);
  return [head, ...body];
}

function columns(
  cells: readonly StackCell[],
  options: readonly OptionId[],
  text: (cell: StackCell) => string,
): readonly string[] {
  return options.map((option) => {
    const cell = cells.find(({ place }) => place.option === option);
    return cell === undefined ? '' : text(cell);
  });
}

interface Row {
  readonly labels: readonly string[];
  readonly own: readonly StackCell[];
}

function rowsOf(cells: readonly StackCell[]): readonly Row[] {
  const stacks = new Map<string, StackCell[]>();
  for (const cell of cells) {
    const { driver, fs } = cell.place;
    const label = `${driver.id}/${fs}`;
    stacks.set(label, [...(stacks.get(label) ?? []), cell]);
  }
  const rows = new Map<string, { labels: string[]; own: readonly StackCell[] }>();
  for (const [label, own] of stacks) {
    const key = own
      .map((c) => `${c.place.option} ${stackCellText(c)} ${deedText(c.does.outcome)}`)
      .join();
    const row = rows.get(key) ?? { labels: [], own };
    row.labels.push(label);
    rows.set(key, row);
  }
  return [...rows.values()];
}
