// The matrix of stacks under one kernel as a grid: a row an architecture, opened to its machines,
// those of equal behaviour together; a column a driver, opened to its file systems. A cell has the
// worst word of what it sums up.

import type { Filters, KernelWords, Plan, PlannedMachine } from './asks.ts';
import { archsOf, machinesLeft, placesLeft, wordsLeft } from './filters.ts';
import type { GridCell, GridGroup, GridHead, GridModel, GridRow } from './model.ts';
import { glyphOf, isMarked, letterOf, meaningOf, toneOf, wordOf } from './words.ts';

/** What a grid of stacks is made of. */
export interface StackGiven {
  readonly plan: Plan;
  readonly words: KernelWords;
  /** The kernel before, where it is known: what changed is marked. */
  readonly before?: KernelWords | undefined;
  readonly filters: Filters;
  /** Architectures and drivers that are opened; absent: the usual ones. */
  readonly open?: ReadonlySet<string> | undefined;
  readonly wide?: ReadonlySet<string> | undefined;
}

/** The grid, and which parts of it are open. */
export interface StackGrid extends GridModel {
  readonly open: ReadonlySet<string>;
  readonly wide: ReadonlySet<string>;
  readonly archs: readonly string[];
}

/** The driver that is open where nobody chose. */
const USUAL_DRIVER = 'pmem';
/** Columns that always have room side by side. */
const ROOM = 16;

/** The grid of one kernel. */
export function stackGrid(given: StackGiven): StackGrid {
  const { plan } = given;
  const kept = keptOf(given);
  const archs = archsOf({ machines: kept.machines.map((i) => machineAt(plan, i)) });
  const columns = allColumns(plan, kept.places);
  const drivers = [...new Set(columns.map(({ driver }) => driver))];
  const wide = given.wide ?? new Set(columns.length <= ROOM ? drivers : [USUAL_DRIVER]);
  const open = given.open ?? new Set(archs.length === 1 ? archs : []);
  const shown = shownColumns(columns, wide);
  const summing = new Summing(given, kept.letters);
  const rows = archs.flatMap((arch) => {
    const own = kept.machines.filter((i) => machineAt(plan, i).arch === arch);
    const head = archRow(summing, { arch, own, columns: shown, isOpen: open.has(arch) });
    if (!open.has(arch)) return [head];
    return [head, ...machineRows(summing, own, shown, kept.places)];
  });
  const { groups, heads } = headsOf(plan, columns, shown, wide);
  return { corner: 'Architecture', groups, heads, rows, open, wide, archs };
}

interface Kept {
  readonly machines: readonly number[];
  readonly places: readonly number[];
  /** Letters of the words that are asked for. */
  readonly letters: ReadonlySet<string> | undefined;
}

/** What the filters leave; with words, only machines and places that have one. */
function keptOf({ plan, words, filters }: StackGiven): Kept {
  const places = placesLeft(plan, filters);
  const machines = places.length === 0 ? [] : machinesLeft(plan, filters);
  const asked = wordsLeft(plan.severity, filters);
  if (asked === undefined) return { machines, places, letters: undefined };
  const letters = new Set([...asked].flatMap((word) => letterOf(plan.severity, word) ?? []));
  const classes = [...new Set(machines.map((i) => classAt(words, i)))];
  const isAsked = (cls: string, place: number): boolean => letters.has(cls.charAt(place));
  const shown = places.filter((place) => classes.some((cls) => isAsked(cls, place)));
  const there = new Set(classes.filter((cls) => shown.some((place) => isAsked(cls, place))));
  return { machines: machines.filter((i) => there.has(classAt(words, i))), places: shown, letters };
}

interface Column {
  readonly key: string;
  readonly driver: string;
  /** Absent: all file systems of the driver. */
  readonly fs?: string;
  readonly places: readonly number[];
}

/** A column for each driver and file system. */
function allColumns({ places }: Plan, kept: readonly number[]): readonly Column[] {
  const columns = new Map<string, Column & { places: number[] }>();
  for (const i of kept) {
    const place = places[i];
    if (place === undefined) continue;
    const { driver, fs } = place;
    const key = `${driver}/${fs}`;
    const column = columns.get(key) ?? { key, driver, fs, places: [] };
    column.places.push(i);
    columns.set(key, column);
  }
  return [...columns.values()];
}

function shownColumns(columns: readonly Column[], wide: ReadonlySet<string>): readonly Column[] {
  const drivers = [...new Set(columns.map(({ driver }) => driver))];
  return drivers.flatMap((driver): readonly Column[] => {
    const own = columns.filter((column) => column.driver === driver);
    if (wide.has(driver) || own.length === 1) return own;
    return [{ key: driver, driver, places: own.flatMap(({ places }) => places) }];
  });
}

function headsOf(
  { drivers }: Plan,
  columns: readonly Column[],
  shown: readonly Column[],
  wide: ReadonlySet<string>,
): { readonly groups: readonly GridGroup[]; readonly heads: readonly GridHead[] } {
  const sizeOf = (driver: string) => columns.filter((one) => one.driver === driver).length;
  const groups = [...new Set(shown.map(({ driver }) => driver))].map((driver): GridGroup => {
    const span = shown.filter((column) => column.driver === driver).length;
    const title = drivers.find(({ id }) => id === driver)?.title ?? driver;
    const expanded = sizeOf(driver) > 1 ? { expanded: wide.has(driver) } : {};
    return { key: driver, label: driver, title, span, ...expanded };
  });
  const heads = shown.map(({ key, driver, fs }) => ({
    key,
    label: fs ?? `worst of ${sizeOf(driver)}`,
  }));
  return { groups, heads };
}

/** Sums up cells: the worst letter of places is the smallest. */
class Summing {
  readonly given: StackGiven;
  readonly #letters: ReadonlySet<string> | undefined;
  readonly #known = new Map<string, string>();

  constructor(given: StackGiven, letters: ReadonlySet<string> | undefined) {
    this.given = given;
    this.#letters = letters;
  }

  /** The worst letter of one machine in a column; empty where none is asked for. */
  worst(words: KernelWords, machine: number, column: Column): string {
    const cls = words.classOf[machine] ?? -1;
    const key = `${words.kernel} ${cls} ${column.key}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const letters = words.classes[cls] ?? '';
    const filter = words === this.given.words ? this.#letters : undefined;
    let worst = '';
    for (const place of column.places) {
      const letter = letters.charAt(place);
      if (filter !== undefined && !filter.has(letter)) continue;
      if (worst === '' || letter < worst) worst = letter;
    }
    this.#known.set(key, worst);
    return worst;
  }

  /** A cell over several machines. */
  cell(machines: readonly number[], column: Column): GridCell {
    const { plan, words, before } = this.given;
    const letters = machines.map((machine) => this.worst(words, machine, column));
    const worst = smallest(letters);
    if (worst === '') return EMPTY;
    const count = letters.filter((letter) => letter === worst).length;
    const word = wordOf(plan.severity, worst);
    const old = before && smallest(machines.map((one) => this.worst(before, one, column)));
    const was = old === undefined ? undefined : wordOf(plan.severity, old);
    const changed = was !== undefined && was !== word;
    const first = machines[letters.indexOf(worst)];
    const cls = first === undefined ? '' : classAt(words, first);
    const place = usualOf(
      plan,
      column.places.filter((one) => cls.charAt(one) === worst),
    );
    const opens = nameOf(plan, first, place);
    return {
      word,
      glyph: glyphOf(word),
      tone: toneOf(word),
      marked: isMarked(word),
      mixed: count < letters.length,
      ...(changed ? { was } : {}),
      title: titleOf(plan, {
        word,
        count,
        of: letters.length,
        was: changed ? was : undefined,
        before,
      }),
      ...(opens === undefined ? {} : { opens }),
    };
  }
}

const EMPTY: GridCell = {
  word: '',
  glyph: '',
  tone: 'quiet',
  marked: false,
  mixed: false,
  title: 'no cell with this verdict',
};

function titleOf(
  plan: Plan,
  cell: {
    readonly word: string;
    readonly count: number;
    readonly of: number;
    readonly was: string | undefined;
    readonly before: KernelWords | undefined;
  },
): string {
  const parts = [meaningOf(plan.meanings, cell.word)];
  if (cell.of > 1) parts.push(`${cell.count === cell.of ? 'all' : cell.count} of ${cell.of} CPUs`);
  if (cell.was !== undefined) parts.push(`was ${cell.was} under ${cell.before?.kernel ?? ''}`);
  return parts.join('; ');
}

/** Of places that say the same the one that people know: mounted with dax=always. */
function usualOf(plan: Plan, places: readonly number[]): number | undefined {
  return places.find((one) => plan.places[one]?.option === 'always') ?? places[0];
}

function smallest(letters: readonly string[]): string {
  let least = '';
  for (const letter of letters) {
    if (letter !== '' && (least === '' || letter < least)) least = letter;
  }
  return least;
}

function nameOf(plan: Plan, machine?: number, place?: number): string | undefined {
  const [one, at] = [plan.machines[machine ?? -1], plan.places[place ?? -1]];
  return one && at && `${one.id}/${at.driver}/${at.fs}/${at.option}`;
}

interface ArchGiven {
  readonly arch: string;
  readonly own: readonly number[];
  readonly columns: readonly Column[];
  readonly isOpen: boolean;
}

function archRow(summing: Summing, { arch, own, columns, isOpen }: ArchGiven): GridRow {
  const { plan } = summing.given;
  // What Linux never runs is not summed up, unless there is nothing else.
  const run = own.filter((i) => !machineAt(plan, i).idle);
  const summed = run.length > 0 ? run : own;
  return {
    key: arch,
    kind: 'arch',
    label: arch,
    note: `${own.length} CPU${own.length === 1 ? '' : 's'}`,
    title: own.map((i) => machineAt(plan, i).name).join(', '),
    expanded: isOpen,
    cells: columns.map((column) => summing.cell(summed, column)),
  };
}

/** Rows of machines: those with the same word in every place that is kept share one. */
function machineRows(
  summing: Summing,
  own: readonly number[],
  columns: readonly Column[],
  places: readonly number[],
): readonly GridRow[] {
  const { plan, words } = summing.given;
  const groups = new Map<string, number[]>();
  for (const i of own) {
    const cls = classAt(words, i);
    const key = `${machineAt(plan, i).idle} ${places.map((place) => cls.charAt(place)).join('')}`;
    const group = groups.get(key) ?? [];
    group.push(i);
    groups.set(key, group);
  }
  return [...groups.values()].map((group): GridRow => {
    const machines = group.map((i) => machineAt(plan, i));
    const [first] = machines;
    const more = machines.length - 1;
    return {
      key: first?.id ?? '',
      kind: 'machine',
      label: `${first?.name ?? ''}${first?.idle === true ? ' #' : ''}`,
      note: more > 0 ? `and ${more} alike` : (first?.about ?? ''),
      title: machines.map(({ name, about }) => `${name}: ${about}`).join('\n'),
      cells: columns.map((column) => summing.cell(group, column)),
    };
  });
}

function machineAt({ machines }: Plan, index: number): PlannedMachine {
  return machines[index] ?? NOBODY;
}

const NOBODY: PlannedMachine = { id: '', name: '', arch: '', about: '', idle: true };

/** The letters of a machine. */
function classAt({ classOf, classes }: KernelWords, machine: number): string {
  return classes[classOf[machine] ?? -1] ?? '';
}

/** How many cells of each word there are, of machines that Linux runs. */
export function stackCounts(
  plan: Plan,
  words: KernelWords,
  filters: Filters,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const places = placesLeft(plan, filters);
  for (const i of machinesLeft(plan, filters)) {
    if (machineAt(plan, i).idle) continue;
    const cls = classAt(words, i);
    for (const place of places) {
      const letter = cls.charAt(place);
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  const letters = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(letters.map(([letter, count]) => [wordOf(plan.severity, letter), count]));
}

/** Which words became which between two kernels, the most cells first: `LOST to LOST*`. */
export function stackChanges(
  plan: Plan,
  { before, words }: { readonly before: KernelWords; readonly words: KernelWords },
  filters: Filters,
): readonly { readonly from: string; readonly to: string; readonly cells: number }[] {
  const moves = new Map<string, number>();
  const places = placesLeft(plan, filters);
  for (const i of machinesLeft(plan, filters)) {
    if (machineAt(plan, i).idle) continue;
    const [old, now] = [classAt(before, i), classAt(words, i)];
    for (const place of places) {
      const move = `${old.charAt(place)}${now.charAt(place)}`;
      if (move[0] !== move[1]) moves.set(move, (moves.get(move) ?? 0) + 1);
    }
  }
  return [...moves]
    .sort(([, a], [, b]) => b - a)
    .map(([move, cells]) => ({
      from: wordOf(plan.severity, move.charAt(0)),
      to: wordOf(plan.severity, move.charAt(1)),
      cells,
    }));
}

/** The words of one cell under the kernels that are judged; empty where there is no such cell. */
export function cellWords(
  plan: Plan,
  judged: ReadonlyMap<string, KernelWords>,
  cell: string,
): ReadonlyMap<string, string> {
  const [, id, rest] = /^(.+)\/([^/]+\/[^/]+\/[^/]+)$/.exec(cell) ?? [];
  const machine = plan.machines.findIndex((one) => one.id === id);
  const place = plan.places.findIndex(
    ({ driver, fs, option }) => `${driver}/${fs}/${option}` === rest,
  );
  if (machine < 0 || place < 0) return new Map();
  const words = [...judged].map(
    ([kernel, one]) =>
      [kernel, wordOf(plan.severity, classAt(one, machine).charAt(place))] as const,
  );
  return new Map(words);
}
