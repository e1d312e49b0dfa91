// The matrix of stacks as a text for a mail: counts under two kernels, what changed between them,
// who is refused wrongly and who is let through wrongly, what of that is latent, and how it was
// found.

import { at } from '../base/index.ts';
import type { StackCell, StackMatrix, StackSystem } from '../matrix/index.ts';
import { wrap } from './layout.ts';
import { counted, wordCounts } from './stack-text.ts';
import { type CellText, severity, stackCellText } from './stack-words.ts';
import { tableLines } from './table.ts';

/** Who made the text. */
export interface Maker {
  readonly version: string;
}

/** Most machines that a sentence names one by one. */
const MOST_NAMES = 6;

/** The summary of the first and the last kernel of the matrix. */
export function stackSummaryText(matrix: StackMatrix, maker: Maker): string {
  const from = at(matrix.kernels, 0);
  const to = at(matrix.kernels, matrix.kernels.length - 1);
  const systems = counted(matrix.systems);
  const [before, after] = [from, to].map((one) => systems.filter((s) => s.kernel === one));
  const kernels = from === to ? [from.id] : [from.id, to.id];
  const paragraphs = [
    [`DAX on CPU caches that alias, under ${kernels.join(' and ')}`],
    aboutLines(matrix, kernels.length),
    countTable(kernels, [before ?? [], after ?? []]),
    ...(from === to ? [] : [changeLines(before ?? [], after ?? [])]),
    ...kernels.map((id, i) => judgementLines(id, (i === 0 ? before : after) ?? [])),
    methodLines(matrix, maker),
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function aboutLines({ machines, places }: StackMatrix, kernels: number): readonly string[] {
  const run = machines.filter(({ notUnderLinux }) => notUnderLinux === undefined).length;
  const archs = new Set(machines.map(({ arch }) => arch)).size;
  return wrap(
    `${run} CPUs of ${archs} architectures, ${places.length} stacks of driver, file system and ` +
      `mount option on each: ${run * places.length} cells${kernels > 1 ? ' a kernel' : ''}. ` +
      'A * is latent: nobody can meet it, because Kconfig cannot build it.',
  );
}

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['on', 'DAX, and coherent'],
  ['off', 'refused, and rightly so'],
  ['LOST', 'refused though coherent'],
  ['STALE', 'let through though not coherent'],
  ['FAIL', 'breaks instead of going on without DAX'],
  ['?', 'not checked'],
  ['.', 'cannot be built, and the policy is right'],
  ['none', 'no DAX asked for, or none to be had'],
  ['-', 'no such driver or port'],
]);

function countTable(
  kernels: readonly string[],
  systems: readonly (readonly StackSystem[])[],
): readonly string[] {
  const counts = kernels.map((_, i) => wordCounts(at(systems, i)));
  const words = severity.filter((word) => counts.some((one) => one.has(word)));
  return tableLines(
    [
      { head: 'cells' },
      ...kernels.map((head) => ({ head, align: 'right' as const })),
      { head: '' },
    ],
    words.map((word) => [
      word,
      ...counts.map((one) => String(one.get(word) ?? 0)),
      MEANINGS.get(word.replace(/[*~]$/, '')) ?? '',
    ]),
  );
}

/** Which words became which, and on how many CPUs. */
function changeLines(before: readonly StackSystem[], after: readonly StackSystem[]) {
  const moves = new Map<string, { cells: number; machines: Set<string> }>();
  for (const [i, old] of before.entries()) {
    const system = at(after, i);
    for (const [j, cell] of old.cls.cells.entries()) {
      const [from, to] = [stackCellText(cell), stackCellText(at(system.cls.cells, j))];
      if (from === to) continue;
      const move = moves.get(`${from} -> ${to}`) ?? { cells: 0, machines: new Set() };
      move.cells++;
      move.machines.add(system.machine.id);
      moves.set(`${from} -> ${to}`, move);
    }
  }
  if (moves.size === 0) return ['No cell changed.'];
  const rows = [...moves].toSorted(([, a], [, b]) => b.cells - a.cells);
  return [
    'Changed:',
    ...rows.flatMap(([move, { cells, machines }]) =>
      wrap(`${move}: ${cells} cells on ${namesText([...machines])}`, 2, 4),
    ),
  ];
}

function judgementLines(kernel: string, systems: readonly StackSystem[]): readonly string[] {
  const said = [
    ...faultLines(systems, 'LOST', 'refused wrongly'),
    ...faultLines(systems, 'STALE', 'let through wrongly'),
    ...faultLines(systems, 'FAIL', 'broken'),
    ...durableLines(systems),
  ];
  const none = 'nobody is refused or let through wrongly, and nothing breaks.';
  return [`Under ${kernel}:`, ...(said.length > 0 ? said : wrap(none, 2, 4))];
}

function faultLines(
  systems: readonly StackSystem[],
  word: 'LOST' | 'STALE' | 'FAIL',
  says: string,
): readonly string[] {
  const marks: readonly (readonly [string, string])[] = [
    ['', 'can be met'],
    ['~', 'whether it can be met was not evaluated'],
    ['*', 'latent'],
  ];
  return marks.flatMap(([mark, how]) => {
    const text: CellText = `${word}${mark}`;
    const found = systems.map(({ machine, cls }) => ({
      machine,
      cells: cls.cells.filter((cell) => stackCellText(cell) === text),
    }));
    const there = found.filter(({ cells }) => cells.length > 0);
    if (there.length === 0) return [];
    const cells = there.flatMap((one) => one.cells);
    const names = namesText(there.map(({ machine }) => machine.id));
    return wrap(`${says} (${how}): ${names}; ${driversText(cells)}`, 2, 4);
  });
}

/** DAX that is coherent and keeps less than fsync() promises. */
function durableLines(systems: readonly StackSystem[]): readonly string[] {
  const byScenarios = new Map<string, { machines: Set<string>; cells: StackCell[] }>();
  for (const { machine, cls } of systems) {
    for (const cell of cls.cells) {
      const lost = cell.truth?.losesAtCrash ?? [];
      if (cell.word !== 'on' || lost.length === 0) continue;
      const key = lost.join(', ');
      const found = byScenarios.get(key) ?? { machines: new Set(), cells: [] };
      found.machines.add(machine.id);
      found.cells.push(cell);
      byScenarios.set(key, found);
    }
  }
  return [...byScenarios].flatMap(([scenarios, { machines, cells }]) =>
    wrap(
      `coherent, yet a power failure takes what fsync() promised (${scenarios}): ` +
        `${namesText([...machines])}; ${driversText(cells)}`,
      2,
      4,
    ),
  );
}

function driversText(cells: readonly StackCell[]): string {
  return `with ${[...new Set(cells.map(({ place }) => place.driver.id))].join(', ')}`;
}

function namesText(ids: readonly string[]): string {
  if (ids.length <= MOST_NAMES) return ids.join(', ');
  return `${ids.slice(0, MOST_NAMES).join(', ')} and ${ids.length - MOST_NAMES} more`;
}

function methodLines({ effort, kernels }: StackMatrix, { version }: Maker): readonly string[] {
  const asked = kernels.map(({ id }) => id).join(',');
  return [
    ...wrap(
      `How: dachs ${version} boots a model of each kernel it has one of, attaches the driver, ` +
        'mounts with each option and asks statx() (others by their recorded rules); Kconfig ' +
        'answers come from the trees; the cache is searched over every schedule, eviction and ' +
        `fill of one line (${effort.explored} transition systems, ${effort.runs} kernels ` +
        'booted). File systems have blocks of one page.',
    ),
    `dachs matrix --by stack --kernel ${asked} --summary`,
  ];
}
