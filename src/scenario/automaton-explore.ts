// One search of all schedules of a scene that runs a thread's function where it meets an answer of
// which nothing is known. Of steps that nobody can notice (automaton-movers.ts) one order is tried.
//
// A row of the search, in this order: the node of each thread; each shared lock, 0 free, -1 held
// exclusively, else its readers; each shared cell, the number of its value; memory and caches.

import { assert, at, never, present } from '../base/index.ts';
import type { Automata, Node } from './automaton.ts';
import { nameMemory } from './automaton-fields.ts';
import { MemoryStates } from './automaton-memory-states.ts';
import { Movers } from './automaton-movers.ts';
import { isReachedBy, translationOf } from './automaton-reach.ts';
import { Rows } from './automaton-rows.ts';
import type { Answer, Visible } from './automaton-run.ts';
import type { Cell } from './automaton-sharing.ts';
import { type CacheModel, genericModel } from './cache-model.ts';

/** The cache of scenes without followed memory. */
export const noMemory: CacheModel = genericModel({
  aliasClass: 'pipt',
  write: 'back',
  ways: 'set',
});

/**
 * How a search ended: nothing is unknown, or something was found that it had not reckoned with
 * (`shared`: the runs have to be made again; `again`: the search has to), or a bound was met.
 */
export type Explored = 'closed' | 'shared' | 'again' | 'nodes' | 'search';

/** What a thread does in one step: the nodes whose steps are taken, and each one's answer. */
export type Moves = readonly { readonly node: Node; readonly answer: Answer }[];

/** An entry of a page table that may let hardware bring a copy in. */
interface Entry {
  readonly place: number;
  readonly cell: Cell;
  readonly frame: number;
  /** Whether it does, by the number of its value. */
  readonly known: boolean[];
}

/** Why a step of the search cannot be taken yet. */
class Interrupted {
  readonly why: Exclude<Explored, 'closed' | 'search'>;
  constructor(why: Exclude<Explored, 'closed' | 'search'>) {
    this.why = why;
  }
}

/** A search over what is known of a scene, and what it makes known. */
export class Explorer {
  readonly #automata: Automata;
  readonly #movers: Movers;
  readonly #memory: MemoryStates;
  readonly #byteValues: number[];
  readonly #locks = new Map<string, number>();
  readonly #cells = new Map<string, number>();
  readonly #cellList: readonly Cell[];
  /** By cell: the names of its values, and their numbers. */
  readonly #values: readonly string[][];
  readonly #numbers: readonly Map<string, number>[];
  readonly #reach: readonly (readonly Entry[] | true)[];
  readonly #memoryPlace: number;
  readonly #reached = new Set<Node>();
  readonly #next: Int32Array;

  constructor(automata: Automata) {
    const { sharing, threads, scene } = automata;
    this.#automata = automata;
    this.#movers = new Movers(automata);
    this.#byteValues = [...sharing.tracking.bytes.keys()].map((i) => sharing.tracking.initial(i));
    this.#byteValues = [...new Set(this.#byteValues)];
    const model = scene.memory?.model ?? noMemory;
    const names = nameMemory(automata, model, this.#byteValues);
    this.#memory = new MemoryStates({ automata, names, model, byteValues: this.#byteValues });
    let place = threads.length;
    for (const lock of sharing.sharedLocks) this.#locks.set(lock, place++);
    this.#cellList = sharing.shared;
    for (const { id } of this.#cellList) this.#cells.set(id, place++);
    this.#memoryPlace = place;
    this.#next = new Int32Array(place + 1);
    this.#values = this.#cellList.map(({ initial }) => [initial]);
    this.#numbers = this.#cellList.map(({ initial }) => new Map([[initial, 0]]));
    this.#reach = this.#memory.copies.map(({ addresses }) => this.#reachOf(addresses));
  }

  /** Values of followed bytes, by number; those of a cell, by number. */
  get byteValues(): readonly number[] {
    return this.#byteValues;
  }
  valuesOf(cell: string): readonly string[] {
    return at(this.#values, this.#index(present(this.#cells.get(cell), cell)));
  }
  /** Whether a thread comes to the node in some schedule, if only in passing. */
  isReached(node: Node): boolean {
    return this.#reached.has(node);
  }
  /** Whether nobody can tell when a thread takes the step of the node. */
  isMover(thread: number, node: Node): boolean {
    return this.#movers.isMover(thread, node);
  }

  /** Searches from the start; `states` is how many it may keep. */
  run(states: number): Explored {
    const start = new Int32Array(this.#memoryPlace + 1);
    const rows = new Rows(start.length);
    rows.add(start);
    const row = new Int32Array(start.length);
    for (const { nodes } of this.#automata.threads) this.#reached.add(at(nodes, 0));
    try {
      for (let next = 0; next < rows.count; next++) {
        if (rows.count > states) return 'search';
        rows.read(next, row);
        this.#expand(row, (after) => rows.add(after));
      }
    } catch (error) {
      if (error instanceof Interrupted) return error.why;
      throw error;
    }
    return this.#movers.stillHolds(this.#automata) ? 'closed' : 'again';
  }

  /** The row at the start. */
  start(): Int32Array {
    return new Int32Array(this.#memoryPlace + 1);
  }

  /** Takes steps of a thread, in place; tells which, and what they were answered. */
  moves(row: Int32Array, thread: number, how: { count: number; fails: boolean }): Moves {
    const moves: { node: Node; answer: Answer }[] = [];
    const { nodes } = at(this.#automata.threads, thread);
    for (let left = how.count; left > 0; ) {
      const from = at(nodes, row[thread] ?? 0);
      if (from.visible.kind === 'chance') {
        row[thread] = this.#after(thread, from, how.fails ? '1' : '0').id;
      } else this.#take(row, thread, from);
      const path: { node: Node; answer: Answer }[] = [];
      for (let node = at(nodes, row[thread] ?? 0); node !== from; ) {
        const before = present(node.before, 'the node before');
        path.unshift(before);
        node = before.node;
      }
      moves.push(...path);
      assert(path.length > 0, 'a step that a schedule has can be taken');
      left -= path.length;
    }
    return moves;
  }

  /** What hardware does to a copy, in place. */
  hardware(row: Int32Array, label: string): void {
    const copy = this.#memory.copies.findIndex((one) => one.label === label);
    row[this.#memoryPlace] = at(this.#memory.events(row[this.#memoryPlace] ?? 0), copy).state;
  }

  /** The node at which a thread stands. */
  nodeIn(row: Int32Array, thread: number): Node {
    return at(at(this.#automata.threads, thread).nodes, row[thread] ?? 0);
  }

  #expand(row: Int32Array, found: (row: Int32Array) => void): void {
    const { threads } = this.#automata;
    const nodes = threads.map((automaton, thread) => at(automaton.nodes, row[thread] ?? 0));
    const waits = nodes.map((node, thread) => node.id === 0 && !this.#mayStart(nodes, thread));
    const alone = nodes.findIndex(
      (node, thread) =>
        !waits[thread] && (node.visible.kind === 'chance' || this.#movers.isMover(thread, node)),
    );
    if (alone >= 0) return this.#step(row, alone, at(nodes, alone), found);
    for (let thread = 0; thread < nodes.length; thread++) {
      if (!waits[thread]) this.#step(row, thread, at(nodes, thread), found);
    }
    const { noPrefetch = false } = this.#automata.scene;
    for (const event of this.#memory.events(row[this.#memoryPlace] ?? 0)) {
      if (event.kind === 'fill' && (noPrefetch || !this.#isInReach(row, event.copy))) continue;
      const after = this.#copyOf(row);
      after[this.#memoryPlace] = event.state;
      found(after);
    }
  }

  #mayStart(nodes: readonly Node[], thread: number): boolean {
    const { after = [] } = at(this.#automata.scene.threads, thread);
    return after.every((other) => at(nodes, other).visible.kind === 'end');
  }

  #step(row: Int32Array, thread: number, node: Node, found: (row: Int32Array) => void): void {
    const { visible } = node;
    if (visible.kind === 'end' || visible.kind === 'blocked') return;
    if (visible.kind === 'chance') {
      for (const answer of ['0', '1']) {
        const after = this.#copyOf(row);
        after[thread] = this.#after(thread, node, answer).id;
        found(after);
      }
      return;
    }
    const after = this.#copyOf(row);
    if (this.#take(after, thread, node)) found(after);
  }

  // The row that comes after one: there is one at a time, and who finds it copies it.
  #copyOf(row: Int32Array): Int32Array {
    this.#next.set(row);
    return this.#next;
  }

  // Takes the step of a node, with the access that a translation belongs to, in place. False: the
  // thread has to wait.
  #take(row: Int32Array, thread: number, first: Node): boolean {
    let node = first;
    for (;;) {
      const answer = this.#perform(row, thread, node.visible);
      if (answer === undefined) return false;
      const next = this.#after(thread, node, answer);
      row[thread] = next.id;
      if (!isInsideAccess(this.#automata, next)) return true;
      node = next;
    }
  }

  #perform(row: Int32Array, thread: number, visible: Visible): Answer | undefined {
    switch (visible.kind) {
      case 'get': {
        const place = present(this.#cells.get(visible.cell), visible.cell);
        return this.#valueAt(row, place);
      }
      case 'set': {
        const place = present(this.#cells.get(visible.cell), visible.cell);
        row[place] = this.#numberOf(place, visible.value);
        return '';
      }
      case 'scan':
        return visible.cells
          .map((id) => {
            const place = present(this.#cells.get(id), id);
            return this.#valueAt(row, place) === this.#cellAt(place).unused ? '0' : '1';
          })
          .join('');
      case 'pause':
        return '';
      case 'lock':
      case 'unlock':
        return this.#lock(row, visible);
      case 'load':
      case 'store':
      case 'maintain': {
        if (visible.kind === 'store' && !this.#byteValues.includes(visible.value)) {
          this.#byteValues.push(visible.value);
        }
        const done = this.#memory.access(row[this.#memoryPlace] ?? 0, thread, visible);
        if (done === undefined) throw new Interrupted('again');
        row[this.#memoryPlace] = done.state;
        return done.value === undefined ? '' : String(at(this.#byteValues, done.value));
      }
      case 'chance':
      case 'end':
      case 'blocked':
        assert(false, 'no such step is taken here');
        return undefined;
      default:
        return never(visible);
    }
  }

  #lock(row: Int32Array, step: Extract<Visible, { kind: 'lock' | 'unlock' }>): Answer | undefined {
    const place = present(this.#locks.get(step.lock), step.lock);
    const count = row[place] ?? 0;
    const isExclusive = step.mode === 'exclusive';
    if (step.kind === 'unlock') {
      assert(isExclusive ? count < 0 : count > 0, `${step.lock} is held when it is released`);
      row[place] = isExclusive ? 0 : count - 1;
      return '';
    }
    if (count < 0 || (isExclusive && count > 0)) return undefined;
    row[place] = isExclusive ? -1 : count + 1;
    return '';
  }

  #after(thread: number, node: Node, answer: Answer): Node {
    const known = node.next.get(answer);
    const found = known ?? at(this.#automata.threads, thread).after(node, answer);
    if (found === undefined) throw new Interrupted('nodes');
    if (known === undefined && this.#automata.sharing.update()) throw new Interrupted('shared');
    this.#reached.add(found);
    return found;
  }

  #valueAt(row: Int32Array, place: number): string {
    return at(at(this.#values, this.#index(place)), row[place] ?? 0);
  }

  #cellAt(place: number): Cell {
    return at(this.#cellList, this.#index(place));
  }

  #index(place: number): number {
    return place - this.#memoryPlace + this.#cellList.length;
  }

  #numberOf(place: number, value: string): number {
    const index = this.#index(place);
    const numbers = at(this.#numbers, index);
    const known = numbers.get(value);
    if (known !== undefined) return known;
    const values = at(this.#values, index);
    numbers.set(value, values.length);
    values.push(value);
    return values.length - 1;
  }

  #isInReach(row: Int32Array, copy: number): boolean {
    const reach = at(this.#reach, copy);
    return reach === true || reach.some((entry) => this.#isReachedBy(row, entry));
  }

  #isReachedBy(row: Int32Array, { place, cell, frame, known }: Entry): boolean {
    const number = row[place] ?? 0;
    const value = () => this.#valueAt(row, place);
    known[number] ??= isReachedBy(this.#automata, { cell, value: value(), frame });
    return known[number];
  }

  #reachOf(addresses: readonly string[]): readonly Entry[] | true {
    const { PAGE_SIZE, PAGE_OFFSET } = this.#automata.scene.linux;
    const translations = this.#cellList.filter(({ isTranslation }) => isTranslation);
    const reach: Entry[] = [];
    for (const { page, frame } of addresses.map(translationOf)) {
      const cells = translations.filter(({ key }) => key === page);
      // The kernel's addresses are always there, unless somebody takes them away.
      if (cells.length === 0 && page * PAGE_SIZE >= PAGE_OFFSET) return true;
      for (const cell of cells) {
        reach.push({ cell, frame, known: [], place: present(this.#cells.get(cell.id), cell.id) });
      }
    }
    return reach;
  }
}

/** What the processor does with a translation in one go: mark the entry, then load or store. */
export function isAccessThrough(
  step: Visible,
  entry: { readonly id: string; readonly key: number },
  pageBytes: number,
): step is Extract<Visible, { kind: 'set' | 'load' | 'store' }> {
  if (step.kind === 'set') return step.cell === entry.id;
  if (step.kind !== 'load' && step.kind !== 'store') return false;
  return Math.floor(step.place.vaddr / pageBytes) === entry.key;
}

/** Whether a node is passed within the step of an earlier one and no thread ever stands there. */
export function isInsideAccess(automata: Automata, node: Node): boolean {
  const before = node.before?.node;
  if (before === undefined) return false;
  const { visible } = before;
  if (visible.kind !== 'get' && visible.kind !== 'set') return false;
  const cell = automata.sharing.cell(visible.cell);
  if (!cell.isTranslation) return false;
  if (!isAccessThrough(node.visible, cell, automata.scene.linux.PAGE_SIZE)) return false;
  return visible.kind === 'get' || isInsideAccess(automata, before);
}
