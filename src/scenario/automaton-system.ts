// Automata -> transition system.
//
// Layout of a state, in this order:
//   memory    each followed byte: the number of its value in a list of those that occur
//   copies    as in compile.ts: copies of the lines that hold followed bytes
//   crashed, deadlock   1 bit each
//   threads   the node of each thread; beyond the nodes, answers of which nothing is known yet
//   locks     0 free, then the number of readers; one more than threads: held exclusively
//   cells     the number of the value in the list of those that the cell can have

import { at, never, present } from '../base/index.ts';
import {
  type Action,
  type Actor,
  and,
  constant,
  type Expr,
  eq,
  type Field,
  fieldAt,
  ite,
  not,
  or,
  table,
  type TransitionSystem,
  type Update,
} from '../ir/index.ts';
import { deadlockAction } from './actions.ts';
import type { Automata, Node } from './automaton.ts';
import { accessEffect, type AccessVisible } from './automaton-accesses.ts';
import { bitsFor, nameMemory, valuesOfBytes } from './automaton-fields.ts';
import type { Answer, Visible } from './automaton-run.ts';
import { type CacheModel, genericModel } from './cache-model.ts';
import {
  fillUpdates,
  flushUpdates,
  invalidateUpdates,
  isPresent,
  isSettled,
} from './cache-steps.ts';
import { type Copy, type Names } from './names.ts';

/** An answer that a node may get and that no run has been given. */
export interface Unknown {
  readonly node: Node;
  readonly answer: Answer;
}

/** A cell of a table as a field. */
export interface CellField {
  readonly field: number;
  /** Names of the values it can have, by number. */
  readonly values: readonly string[];
}

/** The system of a scene, as far as its automata are known. */
export interface SceneSystem {
  readonly automata: Automata;
  readonly system: TransitionSystem;
  readonly names: Names;
  /** Every thread has ended, nothing is known to follow that is not; or power has failed. */
  readonly isOver: Expr;
  /** Some thread was given an answer of which nothing is known. */
  readonly isUnknown: Expr;
  readonly counters: readonly number[];
  /** By thread: how many nodes it has. */
  readonly known: readonly number[];
  /** By thread: what its numbers beyond the nodes stand for. */
  readonly unknowns: readonly (readonly Unknown[])[];
  readonly cells: ReadonlyMap<string, CellField>;
  /** Values of followed bytes, by number. */
  readonly byteValues: readonly number[];
  readonly locks: ReadonlyMap<string, number>;
  /** By action of a thread: what it does. */
  readonly steps: ReadonlyMap<string, SceneStep>;
}

/** What an action of a thread does. */
export interface SceneStep {
  readonly thread: number;
  /** Where the thread stands. */
  readonly node: Node;
  /** The last thing done: that of the node, or the access that its translation is part of. */
  readonly visible: Visible;
}

/** Compiles what is known of the threads. Ends are told in all fields but those of copies. */
export function sceneSystem(automata: Automata): SceneSystem {
  const builder = new Builder(automata);
  const actions = [...builder.threadActions(), ...builder.hardwareActions()];
  const { names, isOver } = builder;
  const crash = builder.crashAction();
  const threads = actions.filter((action) => action.actor.kind !== 'hardware');
  const ended = or(builder.allEnded(), builder.isCrashed());
  const all = [...actions, ...crash, deadlockAction(names, threads, ended)];
  const fields = builder.fields;
  const observed = [...fields.keys()].filter((field) => !builder.isCopyField(field));
  const { unknowns, isUnknown, counters, cells, byteValues, locks, steps } = builder;
  return {
    automata,
    names,
    isOver,
    isUnknown,
    counters,
    unknowns,
    known: automata.threads.map(({ nodes }) => nodes.length),
    cells,
    byteValues,
    locks,
    steps,
    system: { fields, actions: all, isEnd: isOver, observed },
  };
}

type Updates = readonly Update[];

/** One way a step can go. */
interface Way {
  readonly suffix: string;
  readonly guard: Expr;
  readonly updates: Updates;
  readonly isFailure?: true;
  /** The access that the processor makes together with the translation that the node asks for. */
  readonly access?: Node;
}

const noMemory = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });

class Builder {
  readonly #automata: Automata;
  readonly #model: CacheModel;
  readonly names: Names;
  readonly fields: Field[];
  readonly counters: readonly number[];
  readonly unknowns: Unknown[][];
  readonly cells = new Map<string, CellField>();
  readonly byteValues: readonly number[];
  readonly isOver: Expr;
  readonly isUnknown: Expr;
  readonly locks = new Map<string, number>();
  readonly steps = new Map<string, SceneStep>();

  constructor(automata: Automata) {
    this.#automata = automata;
    this.#model = automata.scene.memory?.model ?? noMemory;
    this.byteValues = valuesOfBytes(automata);
    this.names = nameMemory(automata, this.#model, this.byteValues);
    this.fields = [...this.names.fields];
    this.unknowns = automata.threads.map(() => []);
    this.#addCells();
    this.#addLocks();
    // The tables of counters are filled while actions are built: fields are widened at the end.
    this.counters = automata.threads.map((_, i) => this.#add(`node of P${i}`, 16));
    const deadlock = present(this.names.deadlock, 'field for a deadlock');
    const ended = this.allEnded();
    const settled = automata.scene.settles ? isSettled(this.names) : constant(1);
    this.isOver = and(or(ended, this.isCrashed(), isOne(deadlock)), settled);
    this.isUnknown = or(
      ...automata.threads.map(({ nodes }, i) =>
        not({ op: 'lt', a: fieldAt(at(this.counters, i)), b: constant(nodes.length) }),
      ),
    );
  }

  allEnded(): Expr {
    return and(...this.#automata.threads.map((_, thread) => this.#hasEnded(thread)));
  }

  #hasEnded(thread: number): Expr {
    const { nodes } = at(this.#automata.threads, thread);
    const ends = nodes.filter(({ visible }) => visible.kind === 'end');
    const counter = fieldAt(at(this.counters, thread));
    return or(...ends.map(({ id }) => eq(counter, constant(id))));
  }

  // A thread that waits for others stands at its first node until they have ended.
  #mayStart(thread: number, node: Node): Expr {
    const { after = [] } = at(this.#automata.scene.threads, thread);
    return node.id === 0 ? and(...after.map((other) => this.#hasEnded(other))) : constant(1);
  }

  isCopyField(field: number): boolean {
    return this.names.copies.some((copy) => copy.state === field || copy.cells.includes(field));
  }

  threadActions(): readonly Action[] {
    const { scene, threads } = this.#automata;
    return threads.flatMap(({ nodes }, thread) =>
      nodes.flatMap((node) => {
        if (isInsideAccess(this.#automata, node)) return [];
        const counter = fieldAt(at(this.counters, thread));
        const here = and(
          eq(counter, constant(node.id)),
          not(this.isCrashed()),
          this.#mayStart(thread, node),
        );
        const id = `${at(scene.threads, thread).name}.${node.id}`;
        return this.#ways(thread, node).map((way): Action => {
          const actor: Actor = way.isFailure
            ? { kind: 'failure' }
            : { kind: 'thread', thread, step: node.id };
          const { visible } = way.access ?? node;
          this.steps.set(`${id}${way.suffix}`, { thread, node, visible });
          const { suffix, updates } = way;
          return { id: `${id}${suffix}`, actor, guard: and(here, way.guard), updates };
        });
      }),
    );
  }

  crashAction(): readonly Action[] {
    if (!this.#automata.scene.crashes) return [];
    const crashed = present(this.names.crashed, 'field for a crash');
    return [
      {
        id: 'crash',
        actor: { kind: 'crash' },
        guard: not(this.isCrashed()),
        updates: [...invalidateUpdates(this.names.copies), { field: crashed, value: constant(1) }],
      },
    ];
  }

  /** As in actions.ts, but addresses are in reach while the page tables have them. */
  hardwareActions(): readonly Action[] {
    const { noPrefetch = false } = this.#automata.scene;
    return this.names.copies.flatMap((copy): readonly Action[] => {
      const evict: Action = {
        id: `evict.${copy.label}`,
        actor: { kind: 'hardware' },
        guard: isPresent(copy),
        updates: flushUpdates(this.names, [copy]),
      };
      const fill: Action = {
        id: `fill.${copy.label}`,
        actor: { kind: 'hardware' },
        guard: and(not(isPresent(copy)), this.#isInReach(copy)),
        updates: fillUpdates(this.names, this.#model, copy),
      };
      return noPrefetch ? [evict] : [evict, fill];
    });
  }

  #isInReach(copy: Copy): Expr {
    const { sharing, scene } = this.#automata;
    return or(
      ...copy.addresses.map((name) => {
        const page = Number(name.split(' ')[1]);
        const entries = sharing.shared.filter((c) => c.isTranslation && c.key === page);
        // The kernel's addresses are always there, unless somebody takes them away.
        const isKernel = page * scene.linux.PAGE_SIZE >= scene.linux.PAGE_OFFSET;
        if (isKernel && entries.length === 0) return constant(1);
        return or(
          ...entries.map(({ id, unused }) => {
            const { field, values } = present(this.cells.get(id), `field of ${id}`);
            const isMapped = values.map((value) => (value === unused ? 0 : 1));
            return table(fieldAt(field), isMapped);
          }),
        );
      }),
    );
  }

  isCrashed(): Expr {
    return isOne(present(this.names.crashed, 'field for a crash'));
  }

  #add(name: string, widthBits: number, init = 0): number {
    this.fields.push({ name, widthBits, init });
    return this.fields.length - 1;
  }

  #addCells(): void {
    const { sharing, threads } = this.#automata;
    for (const { id, initial } of sharing.shared) {
      const values = new Set([initial]);
      for (const { visible } of threads.flatMap(({ nodes }) => nodes)) {
        if (visible.kind === 'set' && visible.cell === id) values.add(visible.value);
      }
      this.cells.set(id, {
        field: this.#add(id, bitsFor(values.size - 1)),
        values: [...values],
      });
    }
  }

  #addLocks(): void {
    const widthBits = bitsFor(this.#automata.threads.length + 1);
    for (const lock of this.#automata.sharing.sharedLocks) {
      this.locks.set(lock, this.#add(`lock ${lock}`, widthBits));
    }
  }

  // Where a thread is after an answer: a node, or a number that says what is to be found out.
  #after(thread: number, node: Node, answer: Answer): number {
    const next = node.next.get(answer);
    if (next) return next.id;
    const unknowns = at(this.unknowns, thread);
    const index = unknowns.findIndex((u) => u.node === node && u.answer === answer);
    if (index < 0) unknowns.push({ node, answer });
    const known = at(this.#automata.threads, thread).nodes.length;
    return known + (index < 0 ? unknowns.length - 1 : index);
  }

  #goTo(thread: number, node: Node, answer: Answer): Update {
    return { field: at(this.counters, thread), value: constant(this.#after(thread, node, answer)) };
  }

  #ways(thread: number, node: Node): readonly Way[] {
    const { visible } = node;
    switch (visible.kind) {
      case 'end':
      case 'blocked':
        return [];
      case 'get':
        return this.#getWays(thread, node, visible.cell);
      case 'scan':
        return [always(this.#scanUpdates(thread, node, visible.cells))];
      case 'chance':
        return [
          always([this.#goTo(thread, node, '0')]),
          {
            suffix: ':fails',
            guard: constant(1),
            updates: [this.#goTo(thread, node, '1')],
            isFailure: true,
          },
        ];
      case 'lock':
      case 'unlock':
        return [this.#lockWay(visible, this.#goTo(thread, node, ''))];
      case 'set':
        return [always([this.#setUpdate(visible), this.#goTo(thread, node, '')])];
      case 'load':
      case 'store':
      case 'maintain':
        return this.#accessWays(thread, node, visible);
      default:
        return never(visible);
    }
  }

  #setUpdate(visible: Extract<Visible, { kind: 'set' }>): Update {
    const { field, values } = present(this.cells.get(visible.cell), `field of ${visible.cell}`);
    return { field, value: constant(values.indexOf(visible.value)) };
  }

  #getWays(thread: number, node: Node, id: string): readonly Way[] {
    const { field, values } = present(this.cells.get(id), `field of ${id}`);
    const cell = this.#automata.sharing.cell(id);
    const counter = at(this.counters, thread);
    if (!cell.isTranslation) {
      const nodes = values.map((value) => this.#after(thread, node, value));
      return [always([{ field: counter, value: table(fieldAt(field), nodes) }])];
    }
    // The processor translates and accesses at once, and marks the entry dirty with that.
    return values.flatMap((value, i): readonly Way[] => {
      const guard = eq(fieldAt(field), constant(i));
      const updates = new Map<number, Expr>();
      let last: Node = node;
      let answer = value;
      for (;;) {
        const next = last.next.get(answer);
        if (next === undefined || !isAccessThrough(next.visible, cell, this.#pageBytes())) break;
        if (next.visible.kind !== 'set') {
          return this.#accessWays(thread, next, next.visible).map((way) => ({
            ...way,
            suffix: `=${i}${way.suffix}`,
            guard: and(guard, way.guard),
            updates: [...toList(updates), ...way.updates],
            access: next,
          }));
        }
        const { field: entry, value: marked } = this.#setUpdate(next.visible);
        updates.set(entry, marked);
        last = next;
        answer = '';
      }
      updates.set(counter, constant(this.#after(thread, last, answer)));
      return [{ suffix: `=${i}`, guard, updates: toList(updates) }];
    });
  }

  // What a load reads decides where it goes on: one way for each value, so that the counters of
  // threads never depend on memory.
  #accessWays(thread: number, node: Node, step: AccessVisible): readonly Way[] {
    const { names, byteValues } = this;
    const setting = { automata: this.#automata, names, model: this.#model, byteValues };
    const { updates, value } = accessEffect(setting, thread, step);
    if (value === undefined) return [always([...updates, this.#goTo(thread, node, '')])];
    return byteValues.map((byte, number) => ({
      suffix: `=${byte}`,
      guard: eq(value, constant(number)),
      updates: [...updates, this.#goTo(thread, node, String(byte))],
    }));
  }

  #pageBytes(): number {
    return this.#automata.scene.linux.PAGE_SIZE;
  }

  #scanUpdates(thread: number, node: Node, ids: readonly string[]): Updates {
    const fields = ids.map((id) => present(this.cells.get(id), `field of ${id}`));
    const bitOf = (i: number): Expr => {
      const { unused } = this.#automata.sharing.cell(at(ids, i));
      const { field, values } = at(fields, i);
      return table(
        fieldAt(field),
        values.map((value) => (value === unused ? 0 : 1)),
      );
    };
    const choose = (bits: string): Expr => {
      if (bits.length === ids.length) return constant(this.#after(thread, node, bits));
      return ite(bitOf(bits.length), choose(`${bits}1`), choose(`${bits}0`));
    };
    return [{ field: at(this.counters, thread), value: choose('') }];
  }

  #lockWay(step: Extract<Visible, { kind: 'lock' | 'unlock' }>, goTo: Update): Way {
    const field = present(this.locks.get(step.lock), `lock ${step.lock}`);
    const count = fieldAt(field);
    const exclusive = this.#automata.threads.length + 1;
    const numbers = Array.from({ length: exclusive + 1 }, (_, n) => n);
    if (step.kind === 'unlock') {
      const after = numbers.map((n) => (step.mode === 'exclusive' ? 0 : Math.max(n - 1, 0)));
      return always([{ field, value: table(count, after) }, goTo]);
    }
    if (step.mode === 'exclusive') {
      const guard = eq(count, constant(0));
      return { suffix: '', guard, updates: [{ field, value: constant(exclusive) }, goTo] };
    }
    const guard = not(eq(count, constant(exclusive)));
    const after = numbers.map((n) => Math.min(n + 1, exclusive - 1));
    return { suffix: '', guard, updates: [{ field, value: table(count, after) }, goTo] };
  }
}

function always(updates: Updates): Way {
  return { suffix: '', guard: constant(1), updates };
}

function isOne(field: number): Expr {
  return eq(fieldAt(field), constant(1));
}

function toList(updates: ReadonlyMap<number, Expr>): Updates {
  return [...updates].map(([field, value]) => ({ field, value }));
}

// What the processor does with a translation in one go: mark the entry, then load or store.
function isAccessThrough(
  step: Visible,
  entry: { readonly id: string; readonly key: number },
  pageBytes: number,
): step is Extract<Visible, { kind: 'set' | 'load' | 'store' }> {
  if (step.kind === 'set') return step.cell === entry.id;
  if (step.kind !== 'load' && step.kind !== 'store') return false;
  return Math.floor(step.place.vaddr / pageBytes) === entry.key;
}

// Whether a node is passed within the step of an earlier one and no thread ever stands there.
function isInsideAccess(automata: Automata, node: Node): boolean {
  const before = node.before?.node;
  if (before === undefined) return false;
  const { visible } = before;
  if (visible.kind !== 'get' && visible.kind !== 'set') return false;
  const cell = automata.sharing.cell(visible.cell);
  if (!cell.isTranslation) return false;
  if (!isAccessThrough(node.visible, cell, automata.scene.linux.PAGE_SIZE)) return false;
  return visible.kind === 'get' || isInsideAccess(automata, before);
}
