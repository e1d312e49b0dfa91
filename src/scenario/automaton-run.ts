// Runs one kernel function for an explorer, step by step. Steps that no other thread can see or be
// seen by are performed at once; the others are told, and wait for the explorer's answer.

import { assert, at, never, present } from '../base/index.ts';
import {
  type Executor,
  type Lock,
  Oops,
  type Op,
  type PlainStep as Step,
  type Shared,
  withoutCalls,
} from '../kernel/index.ts';
import { stepText } from './automaton-texts.ts';
import { AtOnceExecutor, DirectExecutor } from './automaton-direct.ts';
import { OwnMemory } from './automaton-memory.ts';
import type { Cell, Sharing } from './automaton-sharing.ts';
import type { ValueName } from './automaton-values.ts';

/** Where an access goes, as in the kernel's steps. */
export type Place = Extract<Step, { kind: 'load' }>['place'];

type LockMode = Extract<Step, { kind: 'lock' | 'unlock' }>['mode'];

/** A step that others see: what the state must have for it, and what it makes of it. */
export type Visible =
  | { readonly kind: 'get'; readonly cell: string }
  | { readonly kind: 'set'; readonly cell: string; readonly value: ValueName }
  /** Which of the cells are in use: the answer is a `1` or `0` for each. */
  | { readonly kind: 'scan'; readonly cells: readonly string[] }
  | { readonly kind: 'lock' | 'unlock'; readonly lock: string; readonly mode: LockMode }
  | { readonly kind: 'chance'; readonly what: string }
  /** Nothing is done; power may fail here. */
  | { readonly kind: 'pause' }
  /** `byte` is a place in `Tracking.bytes`; an access of several is as many steps. */
  | { readonly kind: 'load'; readonly byte: number; readonly place: Place }
  | {
      readonly kind: 'store';
      readonly byte: number;
      readonly place: Place;
      readonly value: number;
    }
  | {
      readonly kind: 'maintain';
      readonly byte: number;
      readonly place: Place;
      readonly what: Extract<Step, { kind: 'maintain' }>['what'];
    }
  /** The function has given its value, or waits for a lock that it holds itself. */
  | { readonly kind: 'end'; readonly result: ValueName }
  | { readonly kind: 'blocked'; readonly lock: string };

/** What an explorer says to a step: a value's name, bits, a byte; nothing to most kinds. */
export type Answer = string;

/** A plain object that is not as it was. */
export interface Changed {
  readonly place: string;
  readonly value: unknown;
}

/** One run of a thread's function. */
export class Run {
  readonly thread: number;
  readonly #steps: Step[] = [];
  readonly #sharing: Sharing;
  readonly #memory: OwnMemory;
  readonly #driver: Generator<Visible, void, Answer>;
  /** Cells that only this thread uses and that it has written: their tables hold their values. */
  readonly #own = new Map<string, { readonly shared: Shared<unknown>; readonly cell: Cell }>();
  readonly #direct: DirectExecutor;
  readonly #atOnce: AtOnceExecutor;
  /** Tables by the shared cells of theirs that the run has asked for. */
  readonly #met = new Map<string, Set<Shared<unknown>>>();
  /** What the thread knows of cells and bytes that others use as well. */
  readonly #seen = new Map<string, ValueName>();
  /** Cells of which it knows only that they are in use. */
  readonly #doubts = new Set<string>();
  readonly #bytes = new Map<number, number>();
  readonly #objects = new Map<ValueName, unknown>();
  readonly #locks = new Map<string, number>();
  #history = 0;
  #value: unknown;

  constructor(sharing: Sharing, thread: number, op: Op<unknown>) {
    this.#sharing = sharing;
    this.thread = thread;
    this.#memory = new OwnMemory(sharing.linux);
    const own = {
      memory: this.#memory,
      setOwn: (shared: Shared<unknown>, cell: Cell, value: unknown) =>
        this.#setOwn(shared, cell, value),
    };
    this.#direct = new DirectExecutor(sharing, thread, own);
    this.#atOnce = new AtOnceExecutor(sharing, thread, own);
    this.#driver = this.#drive(op);
  }

  /** Goes on to the next step that others see. The first call takes no answer. */
  next(answer: Answer = ''): Visible {
    this.#sharing.atOnce = this.#atOnce;
    try {
      const next = this.#driver.next(answer);
      assert(next.done !== true, 'a run that has ended is not asked to go on');
      return next.value;
    } finally {
      this.#sharing.atOnce = undefined;
    }
  }

  /**
   * What the step would be answered if no other thread ran from now on; undefined where only others
   * know: a scan has shown that a cell is in use now.
   */
  expected(step: Visible): Answer | undefined {
    switch (step.kind) {
      case 'get':
        if (this.#doubts.has(step.cell)) return undefined;
        return this.#seen.get(step.cell) ?? this.#sharing.cell(step.cell).initial;
      case 'scan':
        return step.cells
          .map((id) => {
            const cell = this.#sharing.cell(id);
            return (this.#seen.get(id) ?? cell.initial) === cell.unused ? '0' : '1';
          })
          .join('');
      case 'load':
        return String(this.#bytes.get(step.byte) ?? this.#sharing.tracking.initial(step.byte));
      case 'chance':
        return '0';
      default:
        return '';
    }
  }

  /** How many steps have been performed so far, those that nobody sees included. */
  get stepCount(): number {
    return this.#steps.length;
  }

  /** Those steps as texts. */
  get texts(): readonly string[] {
    return this.#steps.map(stepText);
  }

  /** Locks that it holds and no other thread uses, by name. */
  get ownLocks(): readonly string[] {
    return [...this.#locks].flatMap(([name, held]) => (held === 0 ? [] : [name]));
  }

  /** What it holds, what cells of its own hold, what has changed of plain objects, as one text. */
  traceWith(changes: readonly Changed[]): string {
    const cells = [...this.#own].flatMap(([id, { shared, cell }]) => {
      const value = this.#name(shared.peek(cell.key));
      return value === cell.initial ? [] : [`${id} = ${value}`];
    });
    const others = changes.map(({ place, value }) => `${place} = ${this.#name(value)}`);
    const pages = this.#memory.text();
    const locks = this.ownLocks.map((name) => `${name} is held`);
    return [...cells.toSorted(), ...others, pages, ...locks.toSorted()].join('\n');
  }

  /** Memory that the run has stored to, page by page. */
  written(): readonly { readonly paddr: number; readonly bytes: Uint8Array }[] {
    return this.#memory.written();
  }

  /** The value that the function has given. */
  get result(): unknown {
    return this.#value;
  }

  /** Cells that only this thread has written, with what they hold while the run is the last. */
  ownCells(): readonly {
    readonly shared: Shared<unknown>;
    readonly key: number;
    readonly value: unknown;
  }[] {
    return [...this.#own.values()].map(({ shared, cell: { key } }) => {
      return { shared, key, value: shared.peek(key) };
    });
  }

  /** Tables that the run has met with this cell: its own ones, and those that were there. */
  tablesOf(id: string): Iterable<Shared<unknown>> {
    return this.#met.get(id) ?? [];
  }

  /** The object of this run that has the name, where the run has made or met one. */
  objectOf(name: ValueName): { readonly value: unknown } | undefined {
    return this.#objects.has(name) ? { value: this.#objects.get(name) } : undefined;
  }

  *#drive(op: Op<unknown>): Generator<Visible, void, Answer> {
    const steps = withoutCalls(op);
    for (;;) {
      const next = nextOrOops(steps);
      if (next.done === true) {
        this.#value = next.value;
        yield { kind: 'end', result: this.#name(next.value) };
        return;
      }
      this.#steps.push(next.value);
      if (!this.#isDone(next.value)) yield* this.#perform(next.value);
    }
  }

  // Performs a step that nobody else sees; false where somebody does.
  #isDone(step: Step): boolean {
    if (step.kind === 'maintain') return this.#linesOf(step).length === 0;
    if (step.kind === 'chance' && !this.#sharing.noFailures) return false;
    if (step.kind === 'pause') return !this.#sharing.crashes;
    if (step.kind === 'lock' || step.kind === 'unlock') return this.#isOwnLock(step.lock, step);
    this.#direct.isSeen = false;
    step.perform(this.#direct);
    return !this.#direct.isSeen;
  }

  *#perform(step: Step): Generator<Visible, void, Answer> {
    switch (step.kind) {
      case 'load':
        return yield* this.#load(step);
      case 'store':
        return yield* this.#store(step);
      case 'maintain':
        for (const byte of this.#linesOf(step)) {
          yield { kind: 'maintain', byte, place: step.place, what: step.what };
        }
        return;
      case 'chance': {
        const fails = yield { kind: 'chance', what: step.what };
        this.#branch(fails);
        step.perform(answering({ fails: fails === '1' }));
        return;
      }
      case 'pause':
        yield { kind: 'pause' };
        return;
      case 'lock':
      case 'unlock': {
        const { name, isShared } = this.#sharing.lockOf(step.lock);
        if (isShared) yield { kind: step.kind, lock: name, mode: step.mode };
        else yield { kind: 'blocked', lock: name };
        return;
      }
      case 'get':
      case 'set':
      case 'scan':
        return yield* this.#cell(step);
      default:
        return never(step);
    }
  }

  *#cell(step: Extract<Step, { kind: 'get' | 'set' | 'scan' }>): Generator<Visible, void, Answer> {
    const asked = probe(step);
    // A step on cells in a row is one on each: others cannot tell, or it would not be allowed.
    const values = new Map<number, unknown>();
    for (const [i, one] of asked.entries()) {
      if (one.kind === 'scan') return yield* this.#scan(step, one);
      const cell = this.#sharing.touch(this.thread, one.shared, one.key, one.kind);
      if (cell.isShared) {
        this.#met.set(cell.id, (this.#met.get(cell.id) ?? new Set()).add(one.shared));
      }
      if (one.kind === 'get') values.set(one.key, yield* this.#get(one.shared, cell));
      else yield* this.#set(one.shared, cell, valueSet(step, values, i));
    }
    step.perform(answering({ values }));
  }

  *#get(shared: Shared<unknown>, cell: Cell): Generator<Visible, unknown, Answer> {
    if (!cell.isShared) return shared.peek(cell.key);
    const name = yield { kind: 'get', cell: cell.id };
    this.#branch(name);
    this.#know(cell.id, name);
    const value = this.#object(name);
    this.#sharing.world.poke(shared, cell.key, value);
    return value;
  }

  *#set(shared: Shared<unknown>, cell: Cell, what: unknown): Generator<Visible, void, Answer> {
    if (!cell.isShared) return this.#setOwn(shared, cell, what);
    const value = this.#name(what);
    this.#know(cell.id, value);
    this.#sharing.world.poke(shared, cell.key, what);
    yield { kind: 'set', cell: cell.id, value };
  }

  #setOwn(shared: Shared<unknown>, cell: Cell, value: unknown): void {
    this.#own.set(cell.id, { shared, cell });
    this.#sharing.world.poke(shared, cell.key, value);
  }

  *#scan(
    step: Step,
    asked: { readonly shared: Shared<unknown>; readonly start: number; readonly end: number },
  ): Generator<Visible, void, Answer> {
    const { shared, start, end } = asked;
    const keys = new Set(shared.keysIn(start, end));
    const others = this.#sharing.sharedCellsOf(shared, { start, end });
    const bits = yield { kind: 'scan', cells: others.map(({ id }) => id) };
    this.#branch(bits);
    others.forEach((cell, i) => {
      if (bits[i] === '1') keys.add(cell.key);
      else keys.delete(cell.key);
      this.#learn(cell, bits[i] === '1');
    });
    step.perform(answering({ keys: [...keys].toSorted((a, b) => a - b) }));
  }

  // What a scan has shown of a cell, where the thread knew something else.
  #learn(cell: Cell, isUsed: boolean): void {
    const known = this.#seen.get(cell.id) ?? cell.initial;
    if (!isUsed) this.#know(cell.id, cell.unused);
    else if (known === cell.unused) this.#doubts.add(cell.id);
  }

  #know(id: string, value: ValueName): void {
    this.#seen.set(id, value);
    this.#doubts.delete(id);
  }

  // Takes or releases a lock that no other thread uses; false where others do, or where the thread
  // waits for itself.
  #isOwnLock(
    lock: Lock,
    step: { readonly kind: 'lock' | 'unlock'; readonly mode: LockMode },
  ): boolean {
    const { name, isShared } = this.#sharing.touchLock(this.thread, lock);
    if (isShared) return false;
    // 0: free; -1: held exclusively; else how many times for reading.
    const held = this.#locks.get(name) ?? 0;
    const isExclusive = step.mode === 'exclusive';
    if (step.kind === 'unlock') {
      this.#locks.set(name, isExclusive ? 0 : held - 1);
      return true;
    }
    if (held < 0 || (held > 0 && isExclusive)) return false;
    this.#locks.set(name, isExclusive ? -1 : held + 1);
    return true;
  }

  *#load(step: Extract<Step, { kind: 'load' }>): Generator<Visible, void, Answer> {
    const { place, lengthBytes } = step;
    const bytes = this.#memory.read(place.paddr, lengthBytes);
    const { tracking } = this.#sharing;
    for (const byte of tracking.within(place.paddr, lengthBytes)) {
      const answer = yield { kind: 'load', byte, place };
      this.#branch(answer);
      this.#bytes.set(byte, Number(answer));
      bytes[at(tracking.bytes, byte).paddr - place.paddr] = Number(answer);
    }
    step.perform(answering({ bytes }));
  }

  *#store(step: Extract<Step, { kind: 'store' }>): Generator<Visible, void, Answer> {
    const { place, bytes } = step;
    const { tracking } = this.#sharing;
    for (const byte of tracking.within(place.paddr, bytes.length)) {
      const value = byteAt(bytes, at(tracking.bytes, byte).paddr - place.paddr);
      this.#bytes.set(byte, value);
      yield { kind: 'store', byte, place, value };
    }
  }

  #linesOf(step: Extract<Step, { kind: 'maintain' }>): readonly number[] {
    if (step.what === 'flush-all') return this.#sharing.tracking.allLines();
    return this.#sharing.tracking.linesWithin(step.place.paddr, step.lengthBytes);
  }

  #branch(answer: Answer): void {
    this.#history = this.#sharing.history(this.thread, this.#history, answer);
  }

  #name(value: unknown): ValueName {
    const origin = `P${this.thread}/${this.#history}/${this.#steps.length}`;
    const name = this.#sharing.values.nameOf(value, origin);
    this.#objects.set(name, value);
    return name;
  }

  #object(name: ValueName): unknown {
    const own = this.objectOf(name);
    if (own) return own.value;
    const value = this.#sharing.values.valueOf(name);
    this.#objects.set(name, value);
    return value;
  }
}

// A thread that uses a bad pointer ends with that as its value; what it holds stays held.
function nextOrOops(steps: Generator<Step, unknown, void>): IteratorResult<Step, unknown> {
  try {
    return steps.next();
  } catch (error) {
    if (error instanceof Oops) return { done: true, value: error.result };
    throw error;
  }
}

type Asked =
  | { readonly kind: 'get'; readonly shared: Shared<unknown>; readonly key: number }
  | {
      readonly kind: 'set';
      readonly shared: Shared<unknown>;
      readonly key: number;
      readonly value: unknown;
    }
  | {
      readonly kind: 'scan';
      readonly shared: Shared<unknown>;
      readonly start: number;
      readonly end: number;
    };

function byteAt(bytes: Uint8Array, offset: number): number {
  return present(bytes[offset], 'a byte of what is stored');
}

// What a step on a table is about, found by performing it with nobody's answer, or with those that
// are there.
function probe(step: Step, values?: ReadonlyMap<number, unknown>): readonly Asked[] {
  const asked: Asked[] = [];
  step.perform({
    ...nobody,
    get: (shared, key) => {
      asked.push({ kind: 'get', shared, key });
      return values?.has(key) === true ? typed(shared, key, values.get(key)) : shared.peek(key);
    },
    set: (shared, key, value) => {
      asked.push({ kind: 'set', shared, key, value });
    },
    scan: (shared, start, end) => {
      asked.push({ kind: 'scan', shared, start, end });
      return [];
    },
  });
  return asked;
}

// What the step sets, which may follow from what it has read.
function valueSet(step: Step, values: ReadonlyMap<number, unknown>, index: number): unknown {
  const asked = at(probe(step, values), index);
  assert(asked.kind === 'set', 'a step asks the same each time');
  return asked.value;
}

/** An executor that gives the answers to one step. */
function answering(answer: {
  readonly values?: ReadonlyMap<number, unknown>;
  readonly keys?: readonly number[];
  readonly bytes?: Uint8Array;
  readonly fails?: boolean;
}): Executor {
  return {
    ...nobody,
    get: (shared, key) => typed(shared, key, answer.values?.get(key)),
    scan: () => answer.keys ?? [],
    load: () => answer.bytes ?? new Uint8Array(),
    fails: () => answer.fails ?? false,
  };
}

// The value came out of this table, or of one with the same name in another run, so it has the
// table's type; the table itself says so once it has passed through a cell.
function typed<V>(shared: Shared<V>, key: number, answer: unknown): V {
  const before = shared.peek(key);
  const any: Shared<unknown> = shared;
  any.poke(key, answer);
  const value = shared.peek(key);
  shared.poke(key, before);
  return value;
}

const nobody: Executor = {
  load: () => new Uint8Array(),
  store: () => undefined,
  maintain: () => undefined,
  get: (shared, key) => shared.peek(key),
  set: () => undefined,
  scan: () => [],
  lock: () => true,
  unlock: () => undefined,
  fails: () => false,
};
