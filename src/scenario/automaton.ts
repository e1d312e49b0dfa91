// From a generator to an automaton: the nodes of a thread are the steps that other threads see,
// named by the history of answers that leads there. The generator is run once for each new (node,
// answer), and the step that it asks for next is kept: exploration itself runs no generator.

import { assert, at } from '../base/index.ts';
import type { Linux, Op } from '../kernel/index.ts';
import type { TrackedMemory } from './automaton-memory.ts';
import { type Answer, Run, type Visible } from './automaton-run.ts';
import { Sharing } from './automaton-sharing.ts';

/** One thread of a scene: what it runs, anew for each run. */
export interface SceneThread {
  readonly name: string;
  /** The CPU whose cache it uses. Absent: 0. */
  readonly cpu?: number;
  /** Threads, by their places, that have to end before it starts. Absent: none. */
  readonly after?: readonly number[];
  run(): Op<unknown>;
}

/** Kernel functions that run against each other on a kernel that has been set up. */
export interface Scene {
  readonly linux: Linux;
  readonly threads: readonly SceneThread[];
  /** Objects that threads start from and that cannot be found from `linux`. */
  readonly roots?: readonly object[];
  /** Memory that is followed through caches. Absent: none, all threads are alone with theirs. */
  readonly memory?: TrackedMemory;
  /** Nothing that may fail fails. Absent: every chance goes both ways. */
  readonly noFailures?: boolean;
  /** Caches bring in lines only that are asked for; absent: any line in reach, at any time. */
  readonly noPrefetch?: boolean;
  /** Ends are looked at once no cache holds anything that memory has not. */
  readonly settles?: boolean;
  /** Power may fail at any time: caches are lost then, and all threads end. */
  readonly crashes?: boolean;
}

/** A thread before one visible step. */
export interface Node {
  readonly id: number;
  readonly visible: Visible;
  /** The node before, and what its step was answered. */
  readonly before: { readonly node: Node; readonly answer: Answer } | undefined;
  /** Every step performed so far, those that no other thread sees included. */
  readonly stepCount: number;
  readonly next: Map<Answer, Node>;
}

/** Nodes of one thread; the first is where it starts. */
export class Automaton {
  readonly nodes: Node[] = [];
  readonly index: number;
  readonly #sharing: Sharing;
  readonly #thread: SceneThread;
  readonly #limit: number;
  constructor(
    sharing: Sharing,
    what: { readonly thread: SceneThread; readonly index: number; readonly limit: number },
  ) {
    this.#sharing = sharing;
    this.#thread = what.thread;
    this.index = what.index;
    this.#limit = what.limit;
    this.#explore(undefined, '');
  }

  /** There are as many nodes as a thread may have: what lies beyond is not known. */
  get isFull(): boolean {
    return this.nodes.length >= this.#limit;
  }

  /** A run that has come to a node. The kernel's plain objects are as the run has left them. */
  runTo(node: Node | undefined): Run {
    const run = new Run(this.#sharing, this.index, this.#thread.run());
    if (node === undefined) return run;
    const path: Node[] = [];
    for (let one: Node | undefined = node; one !== undefined; one = one.before?.node) {
      path.unshift(one);
    }
    for (const one of path) {
      const visible = run.next(one.before?.answer);
      const isSame = JSON.stringify(visible) === JSON.stringify(one.visible);
      assert(isSame, `${this.#thread.name} asks the same where it is answered the same`);
      assert(run.texts.length === one.stepCount, 'and so do the steps that nobody sees');
    }
    return run;
  }

  /** Finds what comes after a node with an answer, and then on as if no other thread ran. */
  extend(node: Node, answer: Answer): void {
    if (!node.next.has(answer)) this.#explore(node, answer);
  }

  #explore(from: Node | undefined, first: Answer): void {
    const pending: { readonly node: Node | undefined; readonly answer: Answer }[] = [
      { node: from, answer: first },
    ];
    for (let one = pending.shift(); one !== undefined; one = pending.shift()) {
      let { node, answer } = one;
      if (this.isFull) return;
      this.#sharing.world.restore();
      const run = this.runTo(node);
      for (;;) {
        const next = this.#add(run, node, answer);
        if (next.visible.kind === 'end' || next.visible.kind === 'blocked') break;
        if (next.visible.kind === 'chance') pending.push({ node: next, answer: '1' });
        if (this.isFull) break;
        node = next;
        const expected = run.expected(next.visible);
        // The search will tell.
        if (expected === undefined) break;
        answer = expected;
      }
      this.#sharing.world.restore();
    }
  }

  #add(run: Run, before: Node | undefined, answer: Answer): Node {
    const visible = run.next(before === undefined ? undefined : answer);
    const node: Node = {
      id: this.nodes.length,
      visible,
      before: before && { node: before, answer },
      stepCount: run.texts.length,
      next: new Map(),
    };
    this.nodes.push(node);
    before?.next.set(answer, node);
    return node;
  }
}

/** The automata of all threads, with what they share: whether they are closed is for a search. */
export interface Automata {
  readonly scene: Scene;
  readonly sharing: Sharing;
  readonly threads: readonly Automaton[];
}

/** Runs each thread as if it were alone, until no run shows anything shared that was not known. */
export function startAutomata(scene: Scene, sharing: Sharing, limit: number): Automata {
  for (;;) {
    const threads = scene.threads.map(
      (thread, index) => new Automaton(sharing, { thread, index, limit }),
    );
    if (!sharing.update()) return { scene, sharing, threads };
  }
}

/** A sharing for a scene of which nothing is known. */
export function sharingOf(scene: Scene): Sharing {
  const { linux, roots = [], memory, noFailures = false } = scene;
  return new Sharing(linux, { roots, memory, noFailures });
}

/** The node of each thread with these numbers. */
export function nodesAt(automata: Automata, ids: readonly number[]): readonly Node[] {
  return automata.threads.map((thread, index) => at(thread.nodes, at(ids, index)));
}
