// Which tables, locks and pages the threads of a scene share, as far as their runs have shown. What
// one thread alone uses is no part of the state: it follows from the thread's history.

import { assert, present } from '../base/index.ts';
import type { Linux, Lock, Shared } from '../kernel/index.ts';
import { type AtOnceExecutor, redirectNow } from './automaton-direct.ts';
import { Tracking, type TrackedMemory } from './automaton-memory.ts';
import type { Changed } from './automaton-run.ts';
import { type ValueName, Values } from './automaton-values.ts';
import { World } from './automaton-world.ts';
import { NotSearched } from './not-searched.ts';

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
  /** Several threads use it, and one writes it. */
  isShared: boolean;
  /** Threads that read and write it, a bit for each. */
  readers: number;
  writers: number;
}

/** A lock, by its name. */
export interface LockUse {
  readonly name: string;
  isShared: boolean;
  /** Threads that use it, a bit for each. */
  users: number;
}

/** What a stretch of a run rests on: that no other thread uses these. */
export interface Alone {
  readonly cells: ReadonlySet<Cell>;
  readonly locks: ReadonlySet<LockUse>;
  /** Ranges that were looked through, and how many shared cells were in them. */
  readonly scans: ReadonlyMap<Scan, number>;
}

interface Scan {
  readonly thread: number;
  readonly table: string;
  readonly start: number;
  readonly end: number;
}

interface Uses {
  readers: number;
  writers: number;
}

/** What runs tell of each other's state; it grows until nothing new is seen. */
export class Sharing {
  readonly linux: Linux;
  readonly world: World;
  readonly values: Values;
  readonly tracking: Tracking;
  readonly noFailures: boolean;
  /** Of the run that goes on. */
  atOnce: AtOnceExecutor | undefined;
  /** Power may fail where a thread pauses. */
  readonly crashes: boolean;
  readonly #cells = new Map<string, Cell>();
  readonly #cellsOf = new WeakMap<Shared<unknown>, Map<number, Cell>>();
  readonly #scans: Scan[] = [];
  #alone = { cells: new Set<Cell>(), locks: new Set<LockUse>(), scans: new Map<Scan, number>() };
  readonly #locks = new Map<string, LockUse>();
  readonly #locksOf = new WeakMap<Lock, LockUse>();
  readonly #pages = new Map<number, Uses>();
  readonly #histories = new Map<string, number>();
  /** Threads that have changed a plain object, by object and property. */
  readonly #changers = new Map<object, Map<string, Set<number>>>();
  #isTouched = false;
  /** By table: its shared cells, by key. */
  #sharedOf = new Map<string, readonly Cell[]>();

  constructor(
    linux: Linux,
    scene: {
      readonly roots: readonly object[];
      readonly memory: TrackedMemory | undefined;
      readonly noFailures: boolean;
      readonly crashes: boolean;
    },
  ) {
    this.linux = linux;
    redirectNow(linux, () => this.atOnce);
    this.world = new World(linux, scene.roots);
    this.values = new Values(this.world);
    this.tracking = new Tracking(linux, scene.memory);
    this.noFailures = scene.noFailures;
    this.crashes = scene.crashes;
  }

  nameOf(thing: Lock | Shared<unknown>): string {
    return this.world.nameOf(thing);
  }

  cell(id: string): Cell {
    return present(this.#cells.get(id), `cell ${id}`);
  }

  /** Shared cells, in the order they were met. */
  get shared(): readonly Cell[] {
    return [...this.#cells.values()].filter(({ isShared }) => isShared);
  }

  get sharedLocks(): readonly string[] {
    return [...this.#locks.values()].filter(({ isShared }) => isShared).map(({ name }) => name);
  }

  /** Shared cells of a table with keys from `start` to `end`, ascending. */
  sharedCellsOf(
    shared: Shared<unknown>,
    range: { readonly start: number; readonly end: number },
  ): readonly Cell[] {
    const own = this.#sharedOf.get(this.nameOf(shared));
    return own?.filter(({ key }) => key >= range.start && key <= range.end) ?? [];
  }

  /** The cell of a table, which a thread is about to read or write. */
  touch(thread: number, shared: Shared<unknown>, key: number, how: 'get' | 'set'): Cell {
    const cell = this.#cellsOf.get(shared)?.get(key) ?? this.#see(shared, key);
    if (!cell.isShared) this.#alone.cells.add(cell);
    const bit = 1 << thread;
    if (how === 'get' && (cell.readers & bit) === 0) {
      cell.readers |= bit;
      this.#isTouched = true;
    } else if (how === 'set' && (cell.writers & bit) === 0) {
      cell.writers |= bit;
      this.#isTouched = true;
    }
    return cell;
  }

  // The cell, with what it held when it was first seen.
  #see(shared: Shared<unknown>, key: number): Cell {
    const table = this.nameOf(shared);
    const id = `${table} [${key}]`;
    const cell = this.#cells.get(id) ?? {
      id,
      table,
      key,
      initial: this.values.nameOf(shared.peek(key), `start of ${id}`),
      unused: this.values.nameOf(shared.initial, `unused ${table}`),
      isTranslation:
        shared === this.linux.kernel_ptes ||
        this.linux.tasks.some((task) => task.mm.ptes === shared),
      isShared: false,
      readers: 0,
      writers: 0,
    };
    this.#cells.set(id, cell);
    const own = this.#cellsOf.get(shared) ?? new Map<number, Cell>();
    this.#cellsOf.set(shared, own.set(key, cell));
    return cell;
  }

  /** Whether several threads use the cell of a table, as far as is known. */
  isShared(shared: Shared<unknown>, key: number): boolean {
    return this.#cellsOf.get(shared)?.get(key)?.isShared ?? false;
  }

  touchRange(
    thread: number,
    shared: Shared<unknown>,
    range: { readonly start: number; readonly end: number },
  ): void {
    const table = this.nameOf(shared);
    const { start, end } = range;
    const known = this.#scans.find(
      (s) => s.thread === thread && s.table === table && s.start === start && s.end === end,
    );
    const scan = known ?? { thread, table, start, end };
    this.#alone.scans.set(scan, this.#sharedIn(scan));
    if (known) return;
    this.#scans.push(scan);
    this.#isTouched = true;
  }

  /** What is known of a lock. */
  lockOf(lock: Lock): LockUse {
    const known = this.#locksOf.get(lock);
    if (known) return known;
    const name = this.nameOf(lock);
    assert(!lock.isHeld, `${name} is free at the start`);
    const use = this.#locks.get(name) ?? { name, isShared: false, users: 0 };
    this.#locks.set(name, use);
    this.#locksOf.set(lock, use);
    return use;
  }

  /** A lock that a thread is about to take or release. */
  touchLock(thread: number, lock: Lock): LockUse {
    const use = this.lockOf(lock);
    if (!use.isShared) this.#alone.locks.add(use);
    const bit = 1 << thread;
    if ((use.users & bit) === 0) {
      use.users |= bit;
      this.#isTouched = true;
    }
    return use;
  }

  touchPage(thread: number, paddr: number, how: 'get' | 'set'): void {
    const frame = Math.floor(paddr / this.linux.PAGE_SIZE);
    const uses = this.#pages.get(frame) ?? { readers: 0, writers: 0 };
    if (how === 'get') uses.readers |= 1 << thread;
    else uses.writers |= 1 << thread;
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
    // Page frames are apart for each thread.
    const { ram } = this.linux;
    const others = [...this.#changers].filter(([one]) => one !== ram && one !== ram.free);
    return others.flatMap(([object, keys]) =>
      [...keys]
        .filter(([, threads]) => threads.size > 1)
        .map(([key]) => `${this.world.placeOf(object)}.${key}`),
    );
  }

  /** Takes what runs have shown into account. Whether anything new is shared now. */
  update(): boolean {
    if (!this.#isTouched) return false;
    this.#isTouched = false;
    let isNew = false;
    for (const cell of this.#cells.values()) {
      if (cell.isShared || !this.#isUsedByTwo(cell)) continue;
      cell.isShared = true;
      isNew = true;
      const own = [...(this.#sharedOf.get(cell.table) ?? []), cell];
      this.#sharedOf.set(
        cell.table,
        own.toSorted((a, b) => a.key - b.key),
      );
    }
    for (const lock of this.#locks.values()) {
      if (lock.isShared || !isSeveral(lock.users)) continue;
      lock.isShared = true;
      isNew = true;
    }
    return isNew;
  }

  /** What runs have rested on since this was asked last. */
  takeAlone(): Alone {
    const alone = this.#alone;
    this.#alone = { cells: new Set(), locks: new Set(), scans: new Map() };
    return alone;
  }

  /** Whether it does so no more: a run would go another way there. */
  isDisturbed({ cells, locks, scans }: Alone): boolean {
    for (const cell of cells) if (cell.isShared) return true;
    for (const lock of locks) if (lock.isShared) return true;
    for (const [scan, count] of scans) if (this.#sharedIn(scan) !== count) return true;
    return false;
  }

  #sharedIn({ table, start, end }: Scan): number {
    const own = this.#sharedOf.get(table);
    return own?.filter(({ key }) => key >= start && key <= end).length ?? 0;
  }

  /** Throws where a thread looks at memory that another one stores to, beside what is followed. */
  checkPages(): void {
    const { PAGE_SIZE } = this.linux;
    const followed = new Set(this.tracking.bytes.map((b) => Math.floor(b.paddr / PAGE_SIZE)));
    for (const [frame, uses] of this.#pages) {
      if (!isConflict(uses) || followed.has(frame)) continue;
      throw new NotSearched(
        `threads share page frame ${frame}, and races on its bytes are not searched`,
      );
    }
  }

  #isUsedByTwo(cell: Cell): boolean {
    // Hardware reads page tables whenever it likes.
    if (cell.isTranslation && this.tracking.bytes.length > 0) return true;
    let { readers } = cell;
    for (const scan of this.#scans) {
      const isIn = scan.table === cell.table && cell.key >= scan.start && cell.key <= scan.end;
      if (isIn) readers |= 1 << scan.thread;
    }
    return isConflict({ readers, writers: cell.writers });
  }
}

// One writes, and another one reads or writes.
function isConflict({ readers, writers }: Uses): boolean {
  return writers !== 0 && isSeveral(readers | writers);
}

function isSeveral(threads: number): boolean {
  return (threads & (threads - 1)) !== 0;
}
