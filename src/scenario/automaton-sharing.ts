// Which tables, locks and pages the threads of a scene share, as far as their runs have shown. What
// one thread alone uses is no part of the state: it follows from the thread's history.

import { assert, present } from '../base/index.ts';
import type { Linux, Lock, Shared } from '../kernel/index.ts';
import { Tracking, type TrackedMemory } from './automaton-memory.ts';
import type { Changed } from './automaton-run.ts';
import { type ValueName, Values } from './automaton-values.ts';
import { World } from './automaton-world.ts';

/** One cell of a table. */
export interface Cell {
  readonly id: string;
  readonly table: string;
  readonly key: number;
  readonly initial: ValueName;
  /** The value of cells that are not in use. */
  readonly unused: ValueName;
  /** An entry of a page table: the processor reads it together with the access it translates. */
  readonly isTranslation: boolean;
}

interface Uses {
  readonly readers: Set<number>;
  readonly writers: Set<number>;
}

/** What runs tell of each other's state; it grows until nothing new is seen. */
export class Sharing {
  readonly linux: Linux;
  readonly world: World;
  readonly values: Values;
  readonly tracking: Tracking;
  readonly noFailures: boolean;
  readonly #cells = new Map<string, Cell>();
  readonly #uses = new Map<string, Uses>();
  readonly #scans: { thread: number; table: string; start: number; end: number }[] = [];
  readonly #lockUsers = new Map<string, Set<number>>();
  readonly #pages = new Map<number, Uses>();
  readonly #histories = new Map<string, number>();
  /** Threads that have changed a plain object, by object and property. */
  readonly #changers = new Map<object, Map<string, Set<number>>>();
  #isTouched = false;
  #shared: ReadonlySet<string> = new Set();
  #sharedLocks: ReadonlySet<string> = new Set();

  constructor(
    linux: Linux,
    scene: {
      readonly roots: readonly object[];
      readonly memory: TrackedMemory | undefined;
      readonly noFailures: boolean;
    },
  ) {
    this.linux = linux;
    this.world = new World(linux, scene.roots);
    this.values = new Values(this.world);
    this.tracking = new Tracking(linux, scene.memory);
    this.noFailures = scene.noFailures;
  }

  nameOf(thing: Lock | Shared<unknown>): string {
    return this.world.nameOf(thing);
  }

  /** The cell of a table, with what it held when it was first seen. */
  see(shared: Shared<unknown>, key: number): Cell {
    const table = this.nameOf(shared);
    const id = `${table} [${key}]`;
    const known = this.#cells.get(id);
    if (known) return known;
    const cell: Cell = {
      id,
      table,
      key,
      initial: this.values.nameOf(shared.peek(key), `start of ${id}`),
      unused: this.values.nameOf(shared.initial, `unused ${table}`),
      isTranslation:
        shared === this.linux.kernel_ptes ||
        this.linux.tasks.some((task) => task.mm.ptes === shared),
    };
    this.#cells.set(id, cell);
    return cell;
  }

  cell(id: string): Cell {
    return present(this.#cells.get(id), `cell ${id}`);
  }

  isShared(id: string): boolean {
    return this.#shared.has(id);
  }

  isSharedLock(name: string): boolean {
    return this.#sharedLocks.has(name);
  }

  /** Shared cells, and shared locks, in the order they were met. */
  get shared(): readonly Cell[] {
    return [...this.#cells.values()].filter(({ id }) => this.#shared.has(id));
  }

  get sharedLocks(): readonly string[] {
    return [...this.#sharedLocks];
  }

  /** Shared cells of a table with keys from `start` to `end`, ascending. */
  sharedCellsOf(
    shared: Shared<unknown>,
    range: { readonly start: number; readonly end: number },
  ): readonly Cell[] {
    const table = this.nameOf(shared);
    return this.shared
      .filter((c) => c.table === table && c.key >= range.start && c.key <= range.end)
      .toSorted((a, b) => a.key - b.key);
  }

  touch(thread: number, id: string, how: 'get' | 'set'): void {
    const uses = this.#uses.get(id) ?? { readers: new Set(), writers: new Set() };
    const known = how === 'get' ? uses.readers : uses.writers;
    if (known.has(thread)) return;
    known.add(thread);
    this.#uses.set(id, uses);
    this.#isTouched = true;
  }

  touchRange(
    thread: number,
    shared: Shared<unknown>,
    range: { readonly start: number; readonly end: number },
  ): void {
    const table = this.nameOf(shared);
    const { start, end } = range;
    const known = this.#scans.some(
      (s) => s.thread === thread && s.table === table && s.start === start && s.end === end,
    );
    if (known) return;
    this.#scans.push({ thread, table, start, end });
    this.#isTouched = true;
  }

  touchLock(thread: number, name: string): void {
    const users = this.#lockUsers.get(name) ?? new Set();
    if (users.has(thread)) return;
    this.#lockUsers.set(name, users.add(thread));
    this.#isTouched = true;
  }

  touchPage(thread: number, paddr: number, how: 'get' | 'set'): void {
    const frame = Math.floor(paddr / this.linux.PAGE_SIZE);
    const uses = this.#pages.get(frame) ?? { readers: new Set(), writers: new Set() };
    (how === 'get' ? uses.readers : uses.writers).add(thread);
    this.#pages.set(frame, uses);
  }

  /** A short name for what a thread has been answered: the history `before`, then `answer`. */
  history(thread: number, before: number, answer: string): number {
    const key = `${thread} ${before} ${answer}`;
    const known = this.#histories.get(key);
    if (known !== undefined) return known;
    this.#histories.set(key, this.#histories.size + 1);
    return this.#histories.size;
  }

  /** Remembers which plain objects a run of a thread has changed, and tells them. */
  noteChanges(thread: number): readonly Changed[] {
    return this.world.changes().map(({ object, key, value }) => {
      const keys = this.#changers.get(object) ?? new Map<string, Set<number>>();
      this.#changers.set(object, keys);
      keys.set(key, (keys.get(key) ?? new Set()).add(thread));
      return { place: `${this.world.objectName(object) ?? ''}.${key}`, value };
    });
  }

  /** Plain objects that runs of several threads have changed, each its own: `linux.dmesg.0`. */
  conflicts(): readonly string[] {
    return [...this.#changers].flatMap(([object, keys]) =>
      [...keys]
        .filter(([, threads]) => threads.size > 1)
        .map(([key]) => `${this.world.placeOf(object)}.${key}`),
    );
  }

  /** Takes what runs have shown into account. Whether anything new is shared now. */
  update(): boolean {
    if (!this.#isTouched) return false;
    this.#isTouched = false;
    const cells = [...this.#cells.values()].filter((cell) => this.#isUsedByTwo(cell));
    const locks = [...this.#lockUsers].filter(([, users]) => users.size > 1);
    const isNew = cells.length > this.#shared.size || locks.length > this.#sharedLocks.size;
    this.#shared = new Set(cells.map(({ id }) => id));
    this.#sharedLocks = new Set(locks.map(([name]) => name));
    return isNew;
  }

  /** Asserts that no thread looks at memory that another one stores to, beside what is followed. */
  checkPages(): void {
    const { PAGE_SIZE } = this.linux;
    const followed = new Set(this.tracking.bytes.map((b) => Math.floor(b.paddr / PAGE_SIZE)));
    for (const [frame, uses] of this.#pages) {
      const conflicts = isConflict(uses) && !followed.has(frame);
      assert(!conflicts, `page frame ${frame} is shared: name bytes of it to be followed`);
    }
  }

  #isUsedByTwo(cell: Cell): boolean {
    const uses = this.#uses.get(cell.id) ?? { readers: new Set(), writers: new Set() };
    // Hardware reads page tables whenever it likes.
    if (cell.isTranslation && this.tracking.bytes.length > 0) return true;
    const readers = new Set(uses.readers);
    for (const scan of this.#scans) {
      const isIn = scan.table === cell.table && cell.key >= scan.start && cell.key <= scan.end;
      if (isIn) readers.add(scan.thread);
    }
    return isConflict({ readers, writers: uses.writers });
  }
}

// One writes, and another one reads or writes.
function isConflict({ readers, writers }: Uses): boolean {
  const users = new Set([...readers, ...writers]);
  return writers.size > 0 && users.size > 1;
}
