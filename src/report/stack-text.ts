// The matrix of stacks as text: counts and the worst word of each group of CPUs; for one class of
// machines every cell; for chosen words the places where they stand.

import type { Machine } from '../hw/index.ts';
import {
  type Place,
  placeText,
  type StackCell,
  type StackClass,
  type StackMatrix,
  type StackSystem,
} from '../matrix/index.ts';
import { labelled, WIDTH, wrap } from './layout.ts';
import { gridLines, outcomeLegend } from './stack-grid.ts';
import {
  type CellText,
  deedText,
  placesText,
  severity,
  stackCellText,
  stackMeanings,
  worstOf,
} from './stack-words.ts';
import { tableLines } from './table.ts';

/** Most classes that are shown cell by cell. */
const MOST_GRIDS = 2;
/** Kernels side by side. */
const PER_BLOCK = 6;

/** Text of the matrix; with `words` only the cells that have one of these. */
export function stackText(
  matrix: StackMatrix,
  options: { readonly words?: ReadonlySet<CellText> } = {},
): string {
  const shown = shownClasses(matrix);
  const body =
    options.words !== undefined
      ? wordLines(matrix, options.words)
      : shown.length <= MOST_GRIDS
        ? shown.flatMap(({ cls, systems }, i) => [
            ...(i > 0 ? [''] : []),
            ...gridLines(cls, systems),
          ])
        : [...countLines(matrix), '', ...groupLines(matrix)];
  return `${[...effortLines(matrix), '', ...body, '', ...legend(matrix)].join('\n')}\n`;
}

/** Systems that Linux runs: only these are counted. */
export function counted(systems: readonly StackSystem[]): readonly StackSystem[] {
  return systems.filter(({ machine }) => machine.notUnderLinux === undefined);
}

/** How many cells of each word there are. */
export function wordCounts(systems: readonly StackSystem[]): ReadonlyMap<CellText, number> {
  const byClass = new Map<StackClass, number>();
  for (const { cls } of systems) byClass.set(cls, (byClass.get(cls) ?? 0) + 1);
  const counts = new Map<CellText, number>();
  for (const [cls, times] of byClass) {
    for (const cell of cls.cells) {
      const text = stackCellText(cell);
      counts.set(text, (counts.get(text) ?? 0) + times);
    }
  }
  return counts;
}

/** What was asked and what it took. */
export function effortLines({ machines, kernels, places, effort }: StackMatrix): readonly string[] {
  const { cells, classes, runs, explored } = effort;
  const parts = [
    `${cells} cells: ${many(machines.length, 'machine')} x ${many(kernels.length, 'kernel')} x ` +
      `${many(places.length, 'stack')} of driver, file system and option.`,
    `Equal ones are judged once: ${classes === 1 ? '1 class' : `${classes} classes`}, ` +
      `${many(runs, 'kernel')} booted and driven through their mounts, ` +
      `${many(explored, 'transition system')} searched.`,
  ];
  return parts.flatMap((part) => wrap(part, 0, 2));
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function countLines({ kernels, systems }: StackMatrix): readonly string[] {
  const rows = kernels.map((kernel) => {
    const own = counted(systems).filter((one) => one.kernel === kernel);
    return { id: kernel.id, counts: wordCounts(own) };
  });
  const words = severity.filter(
    (word) => !QUIET.has(word) && rows.some(({ counts }) => counts.has(word)),
  );
  return tableLines(
    [{ head: 'cells' }, ...words.map((head) => ({ head, align: 'right' as const }))],
    rows.map(({ id, counts }) => [id, ...words.map((word) => String(counts.get(word) ?? ''))]),
  );
}

/** Words that nobody counts: the rest of the cells. */
const QUIET: ReadonlySet<CellText> = new Set(['.', 'none', '-']);

/** Machines with the same worst words under all kernels, and these words. */
function groupLines(matrix: StackMatrix): readonly string[] {
  const groups = machineGroups(matrix);
  const lines: string[] = [];
  for (let start = 0; start < matrix.kernels.length; start += PER_BLOCK) {
    const kernels = matrix.kernels.slice(start, start + PER_BLOCK);
    const rows = groups.map(({ label, words }) => [
      label,
      ...words.slice(start, start + PER_BLOCK),
    ]);
    if (start > 0) lines.push('');
    lines.push(
      ...tableLines(
        ['worst word', ...kernels.map(({ id }) => id)].map((head) => ({ head })),
        rows,
      ),
    );
  }
  const members = groups
    .filter(({ machines }) => machines.length > 1)
    .flatMap(({ label, machines }) =>
      wrap(`${label}: ${machines.map(({ id }) => id).join(' ')}`, 0, 2),
    );
  return [...lines, '', ...members];
}

interface Group {
  readonly label: string;
  readonly machines: readonly Machine[];
  readonly words: readonly CellText[];
}

function machineGroups({ machines, kernels, systems }: StackMatrix): readonly Group[] {
  const worst = new Map<StackClass, CellText>();
  const worstIn = (cls: StackClass): CellText => {
    const word = worst.get(cls) ?? worstOf(cls.cells.map(stackCellText));
    worst.set(cls, word);
    return word;
  };
  const groups = new Map<string, { machines: Machine[]; words: readonly CellText[] }>();
  for (const machine of machines) {
    const own = systems.filter((one) => one.machine === machine);
    const words = kernels.map((kernel) => {
      const system = own.find((one) => one.kernel === kernel);
      return system === undefined ? '-' : worstIn(system.cls);
    });
    const mark = machine.notUnderLinux === undefined ? '' : '#';
    const key = [machine.arch, mark, ...words].join(' ');
    const group = groups.get(key) ?? { machines: [], words };
    group.machines.push(machine);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, label: labelOf(group.machines) }));
}

function labelOf(machines: readonly Machine[]): string {
  const [first] = machines;
  if (first === undefined) return '';
  const more = machines.length > 1 ? ` +${machines.length - 1}` : '';
  const mark = first.notUnderLinux === undefined ? '' : '#';
  return `${first.id.slice(0, LABEL - more.length)}${mark}${more}`;
}

/** Columns of a label, the number of other members included. */
const LABEL = 20;

interface Shown {
  readonly cls: StackClass;
  readonly systems: readonly StackSystem[];
}

/** Classes with the same cells together: what kernels differ in may not show in any cell. */
function shownClasses({ systems }: StackMatrix): readonly Shown[] {
  const byText = new Map<string, { cls: StackClass; systems: StackSystem[] }>();
  const texts = new Map<StackClass, string>();
  for (const system of systems) {
    const text = texts.get(system.cls) ?? cellsKey(system.cls);
    texts.set(system.cls, text);
    const shown = byText.get(text) ?? { cls: system.cls, systems: [] };
    shown.systems.push(system);
    byText.set(text, shown);
  }
  return [...byText.values()];
}

function cellsKey({ cells }: StackClass): string {
  return cells.map((cell) => `${stackCellText(cell)} ${cell.does.outcome.kind}`).join();
}

/** For each kernel and word: which machines, in which places, and what the kernel does there. */
function wordLines({ kernels, systems }: StackMatrix, words: ReadonlySet<CellText>) {
  const lines: string[] = [];
  for (const kernel of kernels) {
    const own = systems.filter((one) => one.kernel === kernel);
    for (const word of severity.filter((one) => words.has(one))) {
      for (const { machines, cells } of standing(own, word)) {
        lines.push(`${kernel.id}  ${word}  ${many(machines.length * cells.length, 'cell')}`);
        lines.push(...labelled('  on', machines.map(({ id }) => id).join(' '), DOES));
        lines.push(...doneLines(cells));
      }
    }
  }
  return lines.length > 0 ? [...lines, '', ...outcomeLegend] : ['no cell has one of these words'];
}

/** Column of what the kernel does. */
const DOES = 10;

function doneLines(cells: readonly StackCell[]): readonly string[] {
  const byDeed = new Map<string, Place[]>();
  for (const { does, place } of cells) {
    const deed = deedText(does.outcome);
    byDeed.set(deed, [...(byDeed.get(deed) ?? []), place]);
  }
  return [...byDeed].flatMap(([deed, places]) =>
    placesText(places).flatMap((text, i) => labelled(i === 0 ? `  ${deed}` : '', text, DOES)),
  );
}

/** Machines on which a word stands in the same cells. */
function standing(
  systems: readonly StackSystem[],
  word: CellText,
): readonly { readonly machines: readonly Machine[]; readonly cells: readonly StackCell[] }[] {
  const found = new Map<string, { machines: Machine[]; cells: readonly StackCell[] }>();
  for (const { machine, cls } of systems) {
    const cells = cls.cells.filter((cell) => stackCellText(cell) === word);
    if (cells.length === 0) continue;
    const key = cells.map((c) => `${placeText(c.place)} ${deedText(c.does.outcome)}`).join();
    const group = found.get(key) ?? { machines: [], cells };
    group.machines.push(machine);
    found.set(key, group);
  }
  return [...found.values()];
}

function legend({ systems, kernels, machines, places }: StackMatrix): readonly string[] {
  const used = new Set(systems.flatMap(({ cls }) => cls.cells.map(({ word }) => word)));
  const words = stackMeanings.filter(({ word }) => used.has(word));
  const latent = new Set(systems.flatMap(({ cls }) => cls.cells.map((cell) => cell.latent)));
  const marks: readonly (readonly [boolean, string, string])[] = [
    [latent.has(true), '*', 'nobody can meet it: it cannot be built'],
    [latent.has('unknown'), '~', 'nobody evaluated whether it can be built'],
    [machines.some((one) => one.notUnderLinux !== undefined), '#', NOT_COUNTED],
  ];
  const [machine] = machines;
  const [kernel] = kernels;
  const [place] = places;
  const where = place === undefined ? 'DRIVER/FS/OPTION' : placeText(place);
  const cell = `${machine?.id ?? 'MACHINE'}/${where}@${kernel?.id ?? 'KERNEL'}`;
  return [
    ...words.map(({ word, meaning }) => `  ${word.padEnd(8)}${meaning}`),
    ...marks
      .filter(([isUsed]) => isUsed)
      .map(([, mark, meaning]) => `  ${mark.padEnd(8)}${meaning}`),
    '',
    'One cell: dachs matrix --by stack --why',
    `  ${cell}`,
  ].map((line) => line.slice(0, WIDTH));
}

const NOT_COUNTED = 'Linux never runs the CPU this way: not counted';
