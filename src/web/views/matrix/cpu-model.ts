// CPUs over kernels as a grid: a row an architecture, opened to its CPUs; a column a kernel.

import type { CpuTable, Filters, Plan } from './asks.ts';
import { machinesLeft } from './filters.ts';
import type { GridCell, GridModel, GridRow } from './model.ts';
import { glyphOf, isMarked, meaningOf, toneOf } from './words.ts';

/** What a grid of CPUs is made of. */
export interface CpuGiven {
  readonly plan: Plan;
  readonly table: CpuTable;
  readonly filters: Filters;
  readonly open?: ReadonlySet<string> | undefined;
  /** The kernel whose column is marked. */
  readonly kernel: string;
}

/** The grid of all kernels. */
export function cpuGrid(given: CpuGiven): GridModel & {
  readonly open: ReadonlySet<string>;
  readonly archs: readonly string[];
} {
  const { plan, filters, kernel } = given;
  const kept = machinesLeft(plan, filters);
  const archs = [...new Set(kept.map((i) => plan.machines[i]?.arch ?? ''))];
  const open = given.open ?? new Set(archs.length === 1 ? archs : []);
  const rows = archs.flatMap((arch) => {
    const own = kept.filter((i) => plan.machines[i]?.arch === arch);
    const head = archRow(given, arch, own, open.has(arch));
    return open.has(arch) ? [head, ...own.map((i) => machineRow(given, i))] : [head];
  });
  const groups = plan.kernels.map(({ id, title }) => {
    const current = id === kernel ? { current: true } : {};
    return { key: id, label: id, title, span: 1, ...current };
  });
  const hardware = { key: 'hardware', label: 'cache', title: HARDWARE, span: 1 };
  return { corner: 'Architecture', groups: [hardware, ...groups], rows, open, archs };
}

const HARDWARE =
  'what the search found of the cache. safe; stale: old bytes can be read; aliases: stores can ' +
  'be lost as well; ~ rests on an assumption';

function archRow(given: CpuGiven, arch: string, own: readonly number[], isOpen: boolean): GridRow {
  const { plan, table } = given;
  const run = own.filter((i) => plan.machines[i]?.idle !== true);
  const summed = run.length > 0 ? run : own;
  const hardware = summed.map((i) => table.rows[i]?.hardware.replace(/[~#]+$/, '') ?? '');
  const worst = ['aliases', 'stale', '?', 'safe'].find((one) => hardware.includes(one)) ?? '';
  return {
    key: arch,
    kind: 'arch',
    label: arch,
    note: `${own.length} CPU${own.length === 1 ? '' : 's'}`,
    title: own.map((i) => plan.machines[i]?.name ?? '').join(', '),
    expanded: isOpen,
    cells: [
      plainCell(
        worst,
        hardware.some((one) => one !== worst),
      ),
      ...plan.kernels.map((_, at) => wordCell(given, summed, at)),
    ],
  };
}

function machineRow(given: CpuGiven, index: number): GridRow {
  const { plan, table } = given;
  const machine = plan.machines[index];
  const row = table.rows[index];
  return {
    key: machine?.id ?? '',
    kind: 'machine',
    label: machine?.name ?? '',
    note: machine?.about ?? '',
    title: machine?.id ?? '',
    cells: [
      plainCell(row?.hardware ?? '', false),
      ...plan.kernels.map((_, at) => wordCell(given, [index], at)),
    ],
  };
}

function plainCell(word: string, mixed: boolean): GridCell {
  return { word, glyph: '', tone: 'quiet', marked: false, mixed, title: HARDWARE };
}

function wordCell(given: CpuGiven, machines: readonly number[], at: number): GridCell {
  const { plan, table } = given;
  const words = machines.map((i) => table.rows[i]?.words[at] ?? '');
  const word = plan.severity.map(asMarked).find((one) => words.includes(one)) ?? words[0] ?? '';
  const count = words.filter((one) => one === word).length;
  const first = machines[words.indexOf(word)] ?? -1;
  const before = at === 0 ? undefined : machines.map((i) => table.rows[i]?.words[at - 1] ?? '');
  const was = machines.length === 1 && before?.[0] !== word ? before?.[0] : undefined;
  const parts = [meaningOf(plan.meanings, word)];
  if (words.length > 1)
    parts.push(`${count === words.length ? 'all' : count} of ${words.length} CPUs`);
  if (was !== undefined) parts.push(`was ${was} under ${plan.kernels[at - 1]?.id ?? ''}`);
  const opens = `${plan.machines[first]?.id ?? ''}@${plan.kernels[at]?.id ?? ''}`;
  return {
    word,
    glyph: glyphOf(word),
    tone: toneOf(word),
    marked: isMarked(word),
    mixed: count < words.length,
    title: parts.join('; '),
    ...(was === undefined ? {} : { was }),
    opens,
  };
}

// This table writes a question mark where the table of stacks writes a tilde.
function asMarked(word: string): string {
  return word.replace(/~$/, '?');
}

/** The words of one CPU under every kernel; empty where there is no such CPU. */
export function cpuWords(
  plan: Plan,
  table: CpuTable | undefined,
  cpu: string,
): ReadonlyMap<string, string> {
  const row = table?.rows[plan.machines.findIndex(({ id }) => id === cpu)];
  return new Map(plan.kernels.flatMap(({ id }, i) => (row ? [[id, row.words[i] ?? '']] : [])));
}
