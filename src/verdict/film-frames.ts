// The frames of a film: what is where before the first step of a path and after each, and which
// things a step has changed.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import { valueIn } from '../ir/index.ts';
import { type Copy, type Scenario, valueExpr } from '../scenario/index.ts';
import type {
  FilmFrame,
  FilmLine,
  FrameCopy,
  FrameLock,
  FrameMemory,
  FrameReach,
} from './film-record.ts';
import type { PathFacts } from './film-run.ts';
import { isAccess } from './history.ts';
import { valueText } from './values.ts';

/** Where the copies of a scenario lie, and how its mappings are called. */
export interface FilmPlaces {
  readonly lines: readonly FilmLine[];
  /** By copy, as the scenario lists them. */
  readonly sets: readonly number[];
  /** Keys of mappings, by their names in the scenario. */
  readonly mappings: ReadonlyMap<string, string>;
  readonly facts: PathFacts;
}

/** The key of a copy. */
export function copyKeyOf({ label }: Pick<Copy, 'label'>): string {
  return `copy:${label}`;
}

/** The frames of a path, first to last. */
export function framesOf(scenario: Scenario, path: Path, places: FilmPlaces): readonly FilmFrame[] {
  const newest = new Newest(scenario, path.initial);
  const ways = new Ways(scenario, places);
  const frames = [
    frameAt(scenario, path.initial, places, { newest, ways: ways.after(path.initial), index: 0 }),
  ];
  let before = path.initial;
  for (const [i, { action, state }] of path.steps.entries()) {
    newest.step(present(scenario.system.actions[action], 'action of a path').id, before);
    const beside = { newest, ways: ways.after(state), index: i + 1 };
    frames.push(frameAt(scenario, state, places, beside));
    before = state;
  }
  return frames;
}

/** Keys of what differs between two frames, in the order of the frame. */
export function changedBetween(before: FilmFrame, after: FilmFrame): readonly string[] {
  const listed = (frame: FilmFrame) => [
    ...frame.copies.map(({ key, state, values }) => ({ key, is: [state, ...values] })),
    ...frame.memory.map(({ key, values }) => ({ key, is: values })),
    ...frame.registers.map(({ key, value }) => ({ key, is: [value] })),
    ...frame.reach.map(({ key, mapped }) => ({ key, is: [mapped] })),
    ...frame.locks.map(({ key, state, readers }) => ({ key, is: [state, readers ?? 0] })),
  ];
  const were = new Map(listed(before).map(({ key, is }) => [key, is.join(' ')] as const));
  return listed(after).flatMap(({ key, is }) => (were.get(key) === is.join(' ') ? [] : [key]));
}

interface Beside {
  readonly newest: Newest;
  readonly ways: readonly (number | undefined)[];
  /** Number of the frame. */
  readonly index: number;
}

function frameAt(
  scenario: Scenario,
  state: readonly number[],
  places: FilmPlaces,
  { newest, ways, index }: Beside,
): FilmFrame {
  const { names } = scenario;
  const written = at(places.facts.written, index);
  const holders = at(places.facts.holders, index);
  const show = (cells: readonly number[]) => cells.map((c) => valueText(names, at(state, c)));
  const isOld = (line: string, cells: readonly number[]) =>
    cells.map((field, cell) => at(state, field) !== (newest.of(line, cell) ?? at(state, field)));
  const copies = names.copies.map((copy, i): FrameCopy => {
    const is = (['absent', 'clean', 'dirty'] as const)[at(state, copy.state)] ?? 'absent';
    const key = copyKeyOf(copy);
    if (is === 'absent') return { key, state: is, values: [], old: [] };
    const cells = { values: show(copy.cells), old: isOld(copy.line, copy.cells) };
    return { key, state: is, ...cells, way: present(ways[i], 'way of a copy') };
  });
  const memory = places.lines.map((line): FrameMemory => {
    const { name } = line;
    const cells = cellsOf(scenario, line);
    const last = cells.map((field, cell) =>
      valueText(names, newest.of(name, cell) ?? at(state, field)),
    );
    const old = isOld(name, cells);
    return {
      key: memoryKey(scenario, line),
      line: line.key,
      values: show(cells),
      newest: last,
      old,
    };
  });
  return {
    copies,
    memory,
    registers: [...names.registers].map(([name, field]) => ({
      key: `register:${name}`,
      name,
      value: valueText(names, at(state, field)),
      written: written.has(name),
    })),
    reach: reachIn(scenario, state, places),
    locks: [...names.locks].map(([name, field]) => {
      const lock = lockIn(scenario, name, at(state, field));
      const holder = holders.get(name);
      return lock.state === 'held' && holder !== undefined ? { ...lock, holder } : lock;
    }),
    crashed: names.crashed !== undefined && at(state, names.crashed) === 1,
  };
}

// Where a kernel runs, a line may be in several page frames in turn; witnesses tell the last one.
function cellsOf({ names, system }: Scenario, { key, cells }: FilmLine): readonly number[] {
  const own = key.slice('line:'.length);
  return Array.from({ length: cells }, (_, cell) => {
    const field = system.fields.findIndex(({ name }) => name === `${own}[${cell}]`);
    return field < 0 ? present(names.memory.get(own)?.[cell], `cell ${cell} of ${own}`) : field;
  });
}

function memoryKey(scenario: Scenario, line: FilmLine): string {
  const told = scenario.names.memory.get(line.name)?.[0];
  const isTold = told === cellsOf(scenario, line)[0];
  return isTold ? `memory:${line.name}` : `memory:${line.key.slice('line:'.length)}`;
}

function reachIn(
  { names }: Scenario,
  state: readonly number[],
  places: FilmPlaces,
): readonly FrameReach[] {
  return [...places.mappings].flatMap(([name, mapping]): readonly FrameReach[] => {
    const key = mapping.replace('mapping:', 'reach:');
    const tables = names.tables?.get(name);
    const field = names.reach.get(name);
    if (!tables) return [{ key, mapping, mapped: field === undefined || at(state, field) === 1 }];
    if (tables.length > 0) {
      const mapped = tables.some((entry) => entry.mapped[at(state, entry.field)] === 1);
      return [{ key, mapping, mapped }];
    }
    // The kernel has all memory; the entry of a user that only one thread asks is that thread's.
    return names.keys.get(name)?.mapping.side === 'kernel' ? [{ key, mapping, mapped: true }] : [];
  });
}

// Locks of a kernel that runs count readers; one more than there are threads stands for a writer.
function lockIn({ told, names }: Scenario, name: string, value: number): FrameLock {
  const key = `lock:${name}`;
  if (value === 0) return { key, name, state: 'free' };
  if (!told || value > names.counters.length) return { key, name, state: 'held' };
  return { key, name, state: 'shared', readers: value };
}

/** The last value stored to each cell: as history.ts, from step to step. */
class Newest {
  readonly #scenario: Scenario;
  readonly #values = new Map<string, number>();
  constructor(scenario: Scenario, initial: readonly number[]) {
    this.#scenario = scenario;
    for (const [line, cells] of scenario.names.memory) {
      for (const [cell, field] of cells.entries()) {
        this.#values.set(`${line}[${cell}]`, at(initial, field));
      }
    }
  }
  /** Undefined: of a cell that nobody follows. */
  of(line: string, cell: number): number | undefined {
    return this.#values.get(`${line}[${cell}]`);
  }
  step(id: string, before: readonly number[]): void {
    const { positions, ops, names, program } = this.#scenario;
    const position = positions.get(id);
    if (!position) return;
    const { step } = present(ops[position.thread]?.[position.step], `step ${id}`);
    if (!isAccess(step) || (step.kind !== 'store' && step.kind !== 'exchange')) return;
    const { name } = present(program.threads[position.thread], 'thread');
    const value = valueIn(valueExpr(names, name, step.value), before);
    this.#values.set(`${step.line}[${step.cell}]`, value);
  }
}

/** Ways of the copies: the lowest that is free in the set when a copy comes, while it stays. */
class Ways {
  readonly #copies: readonly Copy[];
  readonly #sets: readonly number[];
  readonly #ways: (number | undefined)[];
  constructor({ names }: Scenario, { sets }: FilmPlaces) {
    this.#copies = names.copies;
    this.#sets = sets;
    this.#ways = names.copies.map(() => undefined);
  }
  after(state: readonly number[]): readonly (number | undefined)[] {
    for (const [i, copy] of this.#copies.entries()) {
      if (at(state, copy.state) === 0) this.#ways[i] = undefined;
    }
    for (const [i, copy] of this.#copies.entries()) {
      if (at(state, copy.state) === 0 || this.#ways[i] !== undefined) continue;
      const taken = new Set(this.#ways.filter((_, j) => this.#isBeside(i, j)));
      let way = 0;
      while (taken.has(way)) way++;
      this.#ways[i] = way;
    }
    return [...this.#ways];
  }
  // Whether two copies are in the same set of the same cache.
  #isBeside(i: number, j: number): boolean {
    const a = at(this.#copies, i);
    const b = at(this.#copies, j);
    return a.cpu === b.cpu && a.cache === b.cache && at(this.#sets, i) === at(this.#sets, j);
  }
}
