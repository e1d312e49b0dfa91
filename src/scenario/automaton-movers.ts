// Steps that need not be tried in every order: while a thread takes one of them, no other
// thread can do anything that would notice.
//
// A step on cells is one where every step of another thread that it conflicts with is taken under a
// lock which both hold, one of them alone: the other thread has to wait for the lock first. So is
// the release of a lock. This is Lipton's reduction ("Reduction: a method of proving properties of
// parallel programs", 1975), with the locks that are really held in place of a discipline.

import { at } from '../base/index.ts';
import type { Automata, Node, SceneThread } from './automaton.ts';
import type { Visible } from './automaton-run.ts';

/** Locks that a thread holds, by name: exclusively (-1), or how many times for reading. */
export type Held = ReadonlyMap<string, number>;

/** What is held after a step. */
export function heldAfter(held: Held, step: Visible): Held {
  if (step.kind !== 'lock' && step.kind !== 'unlock') return held;
  const after = new Map(held);
  const count = after.get(step.lock) ?? 0;
  if (step.mode === 'exclusive') after.set(step.lock, step.kind === 'lock' ? -1 : 0);
  else after.set(step.lock, step.kind === 'lock' ? count + 1 : count - 1);
  if (after.get(step.lock) === 0) after.delete(step.lock);
  return after;
}

/** Locks as text, the same for the same ones. */
export function heldText(held: Held): string {
  return [...held]
    .map(([name, count]) => `${name} ${count}`)
    .toSorted()
    .join('; ');
}

interface Access {
  readonly thread: number;
  readonly writes: boolean;
  readonly held: Held;
}

/** What is known of the accesses of all threads; it holds for the nodes that were there. */
export class Movers {
  readonly #accesses = new Map<string, Map<string, Access>>();
  readonly #isTranslation: (cell: string) => boolean;
  readonly #decided = new Map<Node, boolean>();
  readonly #counts: readonly number[];
  /** By thread: those that never run while it does. */
  readonly #apart: readonly ReadonlySet<number>[];
  constructor({ threads, sharing, scene }: Automata) {
    this.#apart = apartOf(scene.threads);
    this.#counts = threads.map(({ nodes }) => nodes.length);
    this.#isTranslation = (cell) => sharing.cell(cell).isTranslation;
    for (const [thread, { nodes }] of threads.entries()) {
      for (const node of nodes) this.#add(thread, node);
    }
  }

  /** Whether nobody can tell when the thread takes the step of the node. */
  isMover(thread: number, node: Node): boolean {
    const known = this.#decided.get(node);
    if (known !== undefined) return known;
    const decided = this.#decide(thread, node);
    this.#decided.set(node, decided);
    return decided;
  }

  /** Takes nodes into account that were found since. False: something decided was wrong. */
  stillHolds({ threads }: Automata): boolean {
    for (const [thread, { nodes }] of threads.entries()) {
      for (const node of nodes.slice(at(this.#counts, thread))) this.#add(thread, node);
    }
    return threads.every(({ nodes }, thread) =>
      nodes.every((node) => !this.#decided.get(node) || this.#decide(thread, node)),
    );
  }

  #add(thread: number, node: Node): void {
    const { visible, held, heldKey } = node;
    for (const cell of cellsOf(visible)) {
      const writes = visible.kind === 'set';
      const own = this.#accesses.get(cell) ?? new Map<string, Access>();
      this.#accesses.set(cell, own);
      own.set(`${thread} ${writes ? 'w' : 'r'} ${heldKey}`, { thread, writes, held });
    }
  }

  #decide(thread: number, { visible, held }: Node): boolean {
    if (visible.kind === 'unlock') return true;
    const cells = cellsOf(visible);
    const writes = visible.kind === 'set';
    return (
      cells.length > 0 &&
      cells.every((cell) => {
        // Hardware reads page tables, and takes no locks.
        if (this.#isTranslation(cell)) return false;
        return [...(this.#accesses.get(cell)?.values() ?? [])].every(
          (other) =>
            at(this.#apart, thread).has(other.thread) ||
            !(writes || other.writes) ||
            excludes(held, other.held),
        );
      })
    );
  }
}

// A thread itself, those that it starts after, and those that start after it.
function apartOf(threads: readonly SceneThread[]): readonly ReadonlySet<number>[] {
  const before = threads.map(({ after = [] }) => new Set(after));
  for (const own of before) {
    for (const one of own) for (const earlier of at(before, one)) own.add(earlier);
  }
  return before.map(
    (own, thread) =>
      new Set([thread, ...own, ...[...before.keys()].filter((one) => before[one]?.has(thread))]),
  );
}

function cellsOf(visible: Visible): readonly string[] {
  if (visible.kind === 'get' || visible.kind === 'set') return [visible.cell];
  return visible.kind === 'scan' ? visible.cells : [];
}

function excludes(a: Held, b: Held): boolean {
  for (const [name, count] of a) {
    const other = b.get(name);
    if (other !== undefined && (count < 0 || other < 0)) return true;
  }
  return false;
}
