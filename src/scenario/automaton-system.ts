// Automata -> transition system.
//
// Layout of a state, in this order:
//   memory    each followed byte: the number of its value in a list of those that occur
//   copies    as in compile.ts: copies of the lines that hold followed bytes
//   crashed, deadlock   1 bit each
//   cells     the number of the value in the list of those that the cell can have
//   locks     0 free, then the number of readers; one more than threads: held exclusively
//   threads   the place of each thread

import { at, present } from '../base/index.ts';
import {
  type Action,
  type Actor,
  and,
  constant,
  type Expr,
  eq,
  type Field,
  fieldAt,
  not,
  or,
  table,
  type TransitionSystem,
} from '../ir/index.ts';
import type { Automata } from './automaton.ts';
import { type Explorer, noMemory } from './automaton-explore.ts';
import { bitsFor, nameMemory } from './automaton-fields.ts';
import { type Place, placesOf } from './automaton-places.ts';
import type { Visible } from './automaton-run.ts';
import {
  type CellField,
  exclusiveOf,
  type Way,
  type WaySetting,
  waysFrom,
} from './automaton-ways.ts';
import {
  fillUpdates,
  flushUpdates,
  invalidateUpdates,
  isPresent,
  isSettled,
} from './cache-steps.ts';
import { entriesOf, translationOf } from './automaton-reach.ts';
import type { Copy, Names } from './names.ts';

/** The system of a scene of which all is known. */
export interface SceneSystem {
  readonly automata: Automata;
  readonly explorer: Explorer;
  readonly system: TransitionSystem;
  readonly names: Names;
  /** By thread: the field that tells its place. */
  readonly counters: readonly number[];
  /** By thread: its places, by the value of that field; 0 is where it starts. */
  readonly places: readonly (readonly Place[])[];
  readonly cells: ReadonlyMap<string, CellField>;
  /** Values of followed bytes, by number. */
  readonly byteValues: readonly number[];
  /** A thread is given an answer of which nothing is known: never, where the scene is closed. */
  readonly isUnknown: Expr;
  readonly locks: ReadonlyMap<string, number>;
  /** By action of a thread: what it does. */
  readonly steps: ReadonlyMap<string, SceneStep>;
}

/** What an action of a thread does. */
export interface SceneStep {
  readonly thread: number;
  /** The number of the place where the thread stands. */
  readonly place: number;
  /** What is done: the first step, and those that come with it as nobody can notice them. */
  readonly visibles: readonly Visible[];
  readonly isFailure: boolean;
}

/** Compiles what an explorer has found. Ends are told in all fields but those of copies. */
export function sceneSystem(automata: Automata, explorer: Explorer): SceneSystem {
  const builder = new Builder(automata, explorer);
  const threads = builder.threadActions();
  const actions = [
    ...threads,
    ...builder.hardwareActions(),
    ...builder.crashAction(),
    builder.deadlockAction(),
  ];
  const { fields, names, counters, places, cells, byteValues, locks, steps } = builder;
  const observed = [...fields.keys()].filter((field) => !builder.isCopyField(field));
  const system = { fields, actions, isEnd: builder.isOver(), observed };
  const rest = { names, counters, places, cells, byteValues, locks, steps };
  return { automata, explorer, system, isUnknown: builder.isUnknown(), ...rest };
}

class Builder {
  readonly #automata: Automata;
  readonly names: Names;
  readonly fields: Field[];
  readonly counters: readonly number[];
  readonly places: Place[][] = [];
  readonly cells = new Map<string, CellField>();
  readonly byteValues: readonly number[];
  readonly locks = new Map<string, number>();
  readonly steps = new Map<string, SceneStep>();
  readonly #setting: WaySetting;
  readonly #ways: (readonly { readonly place: number; readonly way: Way }[])[] = [];

  constructor(automata: Automata, explorer: Explorer) {
    this.#automata = automata;
    const { sharing, threads, scene } = automata;
    const model = scene.memory?.model ?? noMemory;
    this.byteValues = explorer.byteValues.length > 0 ? explorer.byteValues : [0];
    this.names = nameMemory(automata, model, this.byteValues);
    this.fields = [...this.names.fields];
    for (const { id } of sharing.shared) {
      const values = explorer.valuesOf(id);
      this.cells.set(id, { field: this.#add(id, values.length - 1), values });
    }
    const { names, byteValues, cells, locks } = this;
    this.#setting = { automata, names, model, byteValues, cells, locks };
    const most = exclusiveOf(this.#setting);
    for (const lock of sharing.sharedLocks) locks.set(lock, this.#add(`lock ${lock}`, most));
    for (const [thread, { nodes }] of threads.entries()) {
      const found = placesOf(nodes, {
        isReached: (node) => explorer.isReached(node),
        isMover: (node) => explorer.isMover(thread, node),
      });
      this.#rest(thread, present(found.get(at(nodes, 0)), 'the first place'));
    }
    this.counters = this.places.map((own, i) => this.#add(`place of P${i}`, own.length - 1));
  }

  // Numbers the places at which a thread rests, from the first on.
  #rest(thread: number, start: Place): void {
    const numbers = new Map([[start, 0]]);
    const own = [start];
    const ways: { place: number; way: Way }[] = [];
    for (let place = 0; place < own.length; place++) {
      for (const way of waysFrom(this.#setting, thread, at(own, place))) {
        ways.push({ place, way });
        if (numbers.has(way.to)) continue;
        numbers.set(way.to, own.length);
        own.push(way.to);
      }
    }
    this.places.push(own);
    this.#ways.push(ways);
  }

  isCopyField(field: number): boolean {
    return this.names.copies.some((copy) => copy.state === field || copy.cells.includes(field));
  }

  threadActions(): readonly Action[] {
    return this.#ways.flatMap((ways, thread) => {
      const { name } = at(this.#automata.scene.threads, thread);
      const counter = at(this.counters, thread);
      const own = at(this.places, thread);
      return ways.map(({ place, way }): Action => {
        const id = `${name}.${at(own, place).node.id}${way.suffix}`;
        const actor: Actor = way.isFailure
          ? { kind: 'failure' }
          : { kind: 'thread', thread, step: place };
        const visibles = way.passed.map(({ visible }) => visible);
        this.steps.set(id, { thread, place, visibles, isFailure: way.isFailure });
        const here = eq(fieldAt(counter), constant(place));
        const starts = place === 0 ? this.#mayStart(thread) : constant(1);
        const to = { field: counter, value: constant(own.indexOf(way.to)) };
        const updates = [...way.updates].map(([field, value]) => ({ field, value }));
        const guard = and(here, not(this.#isCrashed()), starts, way.isFree, ...way.guards);
        return { id, actor, guard, updates: [...updates, to] };
      });
    });
  }

  crashAction(): readonly Action[] {
    if (!this.#automata.scene.crashes) return [];
    const field = present(this.names.crashed, 'field for a crash');
    // Under eADR the caches are drained after the crash: evictions, in any order, do that.
    const lost = this.#automata.scene.drains ? [] : invalidateUpdates(this.names.copies);
    const updates = [...lost, { field, value: constant(1) }];
    const guard = and(not(this.#isCrashed()), not(this.#isDeadlocked()));
    return [{ id: 'crash', actor: { kind: 'crash' }, guard, updates }];
  }

  /** The threads wait for each other for ever. */
  deadlockAction(): Action {
    const field = present(this.names.deadlock, 'field for a deadlock');
    const guard = and(
      not(this.#isDeadlocked()),
      not(this.#isCrashed()),
      not(this.#allEnded()),
      ...this.places.map((_, thread) => this.#isStuck(thread)),
    );
    const updates = [{ field, value: constant(1) }];
    return { id: 'deadlock', actor: { kind: 'failure' }, guard, updates };
  }

  /** As in actions.ts, but addresses are in reach while the page tables have them. */
  hardwareActions(): readonly Action[] {
    const { names } = this;
    const { model } = this.#setting;
    const { noPrefetch = false } = this.#automata.scene;
    return names.copies.flatMap((copy): readonly Action[] => {
      const evict: Action = {
        id: `evict.${copy.label}`,
        actor: { kind: 'hardware' },
        guard: isPresent(copy),
        updates: flushUpdates(names, [copy]),
      };
      const fill: Action = {
        id: `fill.${copy.label}`,
        actor: { kind: 'hardware' },
        guard: and(not(isPresent(copy)), not(this.#isCrashed()), this.#isInReach(copy)),
        updates: fillUpdates(names, model, copy),
      };
      return noPrefetch ? [evict] : [evict, fill];
    });
  }

  /** Threads have ended, or wait for ever, or power has failed; and caches have settled. */
  isOver(): Expr {
    const settled = this.#automata.scene.settles ? isSettled(this.names) : constant(1);
    return and(or(this.#allEnded(), this.#isCrashed(), this.#isDeadlocked()), settled);
  }

  isUnknown(): Expr {
    const cases = this.#ways.flatMap((ways, thread) =>
      at(this.places, thread).flatMap(({ visible }, place): readonly Expr[] => {
        if (visible.kind === 'end' || visible.kind === 'blocked') return [];
        const own = ways.filter((one) => one.place === place).map(({ way }) => way);
        const isKnown = or(...own.map(({ guards }) => and(...guards)));
        const here = eq(fieldAt(at(this.counters, thread)), constant(place));
        const starts = place === 0 ? this.#mayStart(thread) : constant(1);
        return [and(here, starts, own[0]?.isFree ?? this.#isLockFree(visible), not(isKnown))];
      }),
    );
    return and(not(this.#isCrashed()), or(...cases));
  }

  // Of a lock that no schedule has ever taken there.
  #isLockFree(visible: Visible): Expr {
    const field = visible.kind === 'lock' ? this.locks.get(visible.lock) : undefined;
    if (field === undefined || visible.kind !== 'lock') return constant(1);
    if (visible.mode === 'exclusive') return eq(fieldAt(field), constant(0));
    return not(eq(fieldAt(field), constant(exclusiveOf(this.#setting))));
  }

  #add(name: string, most: number): number {
    this.fields.push({ name, widthBits: bitsFor(most), init: 0 });
    return this.fields.length - 1;
  }

  #allEnded(): Expr {
    return and(...this.places.map((_, thread) => this.#hasEnded(thread)));
  }

  #hasEnded(thread: number): Expr {
    const counter = fieldAt(at(this.counters, thread));
    return or(
      ...at(this.places, thread).flatMap(({ visible }, place) =>
        visible.kind === 'end' ? [eq(counter, constant(place))] : [],
      ),
    );
  }

  // A thread that waits for others stands at its first place until they have ended.
  #mayStart(thread: number): Expr {
    const { after = [] } = at(this.#automata.scene.threads, thread);
    return and(...after.map((other) => this.#hasEnded(other)));
  }

  // A thread has ended, waits for itself, or for a lock that it cannot have now.
  #isStuck(thread: number): Expr {
    const own = at(this.places, thread);
    const counter = fieldAt(at(this.counters, thread));
    const where = (holds: (visible: Visible) => boolean): Expr => {
      const flags = own.map(({ visible }) => (holds(visible) ? 1 : 0));
      return flags.includes(1) ? table(counter, flags) : constant(0);
    };
    const waits = [...this.locks].flatMap(([lock, field]) => {
      const isFor = (mode: string) => (step: Visible) =>
        step.kind === 'lock' && step.lock === lock && step.mode === mode;
      const exclusive = exclusiveOf(this.#setting);
      return [
        conditional(where(isFor('exclusive')), not(eq(fieldAt(field), constant(0)))),
        conditional(where(isFor('shared')), eq(fieldAt(field), constant(exclusive))),
      ];
    });
    return or(
      where(({ kind }) => kind === 'end' || kind === 'blocked'),
      ...waits,
    );
  }

  #isInReach(copy: Copy): Expr {
    const { linux } = this.#automata.scene;
    return or(
      ...copy.addresses.map((name) => {
        const { page } = translationOf(name);
        const entries = entriesOf(this.#automata, this.cells, name);
        // The kernel's addresses are always there, unless somebody takes them away.
        const isKernel = page * linux.PAGE_SIZE >= linux.PAGE_OFFSET;
        if (isKernel && entries.length === 0) return constant(1);
        return or(...entries.map(({ field, mapped }) => table(fieldAt(field), mapped)));
      }),
    );
  }

  #isCrashed(): Expr {
    // Where power never fails the field stays 0, and no guard need ask for it.
    if (!this.#automata.scene.crashes) return constant(0);
    return isOne(present(this.names.crashed, 'field for a crash'));
  }

  #isDeadlocked(): Expr {
    return isOne(present(this.names.deadlock, 'field for a deadlock'));
  }
}

function conditional(where: Expr, holds: Expr): Expr {
  return where.op === 'const' ? where : and(where, holds);
}

function isOne(field: number): Expr {
  return eq(fieldAt(field), constant(1));
}
