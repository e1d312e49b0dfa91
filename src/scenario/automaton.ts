// From a generator to an automaton: the nodes of a thread are the steps that other threads see,
// named by the history of answers that leads there. The generator is run once for each new (node,
// answer), and the step that it asks for next is kept: exploration itself runs no generator.

import { assert } from '../base/index.ts';
import type { Linux, Op, Shared } from '../kernel/index.ts';
import type { TrackedMemory } from './automaton-memory.ts';
import { type Held, heldAfter, heldText } from './automaton-movers.ts';
import { type Answer, Run, type Visible } from './automaton-run.ts';
import { type Alone, Sharing } from './automaton-sharing.ts';

/** One thread of a scene: what it runs, anew for each run. */
export interface SceneThread {
  readonly name: string;
  /** The CPU whose cache it uses. Absent: 0. */
  readonly cpu?: number;
  /** Threads, by their places, that have to end before it starts. Absent: none. */
  readonly after?: readonly number[];
  run(): Op<unknown>;
  /**
   * What is asked of the thread where its last run stands, in case it goes no further:
   * nodes at which that differs are told apart. Values of shared tables are known without.
   */
  tells?(isShared: (table: Shared<unknown>) => boolean): string;
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
  /** Of eADR: what is dirty when power fails reaches memory nevertheless. */
  readonly drains?: boolean;
}

/** A thread before one visible step. */
export interface Node {
  /** Its place among the thread's nodes, which changes where some of them are forgotten. */
  id: number;
  readonly visible: Visible;
  /** The node before, and what its step was answered. */
  readonly before: { readonly node: Node; readonly answer: Answer } | undefined;
  /** Every step performed so far, those that no other thread sees included. */
  readonly stepCount: number;
  /** Shared locks that the thread holds, and the same as text. */
  readonly held: Held;
  readonly heldKey: string;
  /**
   * What is asked of the thread here, and where it has ended all that tells this end from others of
   * the thread, but for what is shared.
   */
  readonly trace: string;
  /** What the way from the node before rests on. */
  readonly alone: Alone;
  readonly next: Map<Answer, Node>;
}

/** Steps that are guessed at once: who waits for another thread in a loop would guess for ever. */
const MOST_GUESSES = 200;

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
    this.#sharing.world.restore();
    return this.joinTo(node);
  }

  /** The same beside runs of other threads: their changes of plain objects stay. */
  joinTo(node: Node | undefined): Run {
    this.#sharing.world.enter(this.index);
    const run = new Run(this.#sharing, this.index, this.#thread.run());
    if (node === undefined) return run;
    const path: Node[] = [];
    for (let one: Node | undefined = node; one !== undefined; one = one.before?.node) {
      path.push(one);
    }
    for (const one of path.toReversed()) {
      const visible = run.next(one.before?.answer);
      const who = this.#thread.name;
      assert(
        isSameStep(visible, one.visible),
        `${who} asks the same where it is answered the same`,
      );
      assert(run.stepCount === one.stepCount, 'and so do the steps that nobody sees');
    }
    return run;
  }

  /** What comes after a node with an answer; finds that, and then on as if no other thread ran. */
  after(node: Node, answer: Answer): Node | undefined {
    const known = node.next.get(answer);
    if (known) return known;
    this.#explore(node, answer);
    return node.next.get(answer);
  }

  /**
   * Forgets nodes that a run would not come to any more as it did, for what others use is another
   * thing now; and goes on from the first of them.
   */
  forget(): void {
    const gone = new Set<Node>();
    let first: Node['before'];
    for (const node of this.nodes) {
      const { before } = node;
      const isGone = before !== undefined && gone.has(before.node);
      if (!isGone && !this.#sharing.isDisturbed(node.alone)) continue;
      gone.add(node);
      if (isGone || before === undefined) continue;
      before.node.next.delete(before.answer);
      first ??= before;
    }
    if (gone.size === 0) return;
    const kept = this.nodes.filter((node) => !gone.has(node));
    for (const [id, node] of kept.entries()) node.id = id;
    this.nodes.splice(0, this.nodes.length, ...kept);
    if (first === undefined) this.#explore(undefined, '');
    else this.#explore(first.node, first.answer, { isGuess: true });
  }

  // The first answer is one that is given in some schedule. Those after it are guesses: where they
  // do not fit together the kernel's own functions may fail at them, and then nothing is known. So
  // is the first one where it was given before something was known to be shared.
  #explore(from: Node | undefined, first: Answer, how = { isGuess: false }): void {
    if (this.isFull) return;
    const run = this.runTo(from);
    this.#sharing.takeAlone();
    const given = from === undefined ? undefined : first;
    const visible = how.isGuess ? guessed(run, first) : run.next(given);
    if (visible === undefined) return this.#sharing.world.restore();
    let node = this.#add(run, from, first, visible);
    for (let guesses = 0; guesses < MOST_GUESSES && !this.isFull; guesses++) {
      if (node.visible.kind === 'end' || node.visible.kind === 'blocked') break;
      const answer = run.expected(node.visible);
      const next = answer === undefined ? undefined : guessed(run, answer);
      if (answer === undefined || next === undefined) break;
      node = this.#add(run, node, answer, next);
    }
    this.#sharing.world.restore();
  }

  #add(run: Run, before: Node | undefined, answer: Answer, visible: Visible): Node {
    const held = before ? heldAfter(before.held, before.visible) : new Map<string, number>();
    const node: Node = {
      id: this.nodes.length,
      visible,
      before: before && { node: before, answer },
      stepCount: run.stepCount,
      held,
      heldKey: before?.held === held ? before.heldKey : heldText(held),
      trace: `${this.#told()}\n${visible.kind === 'end' ? this.#traceOf(run) : ''}`,
      alone: this.#sharing.takeAlone(),
      next: new Map(),
    };
    this.nodes.push(node);
    before?.next.set(answer, node);
    return node;
  }

  #told(): string {
    return this.#thread.tells?.((table) => this.#sharing.isShared(table, 0)) ?? '';
  }

  // What the thread has left in cells of its own and in plain objects.
  #traceOf(run: Run): string {
    const changes = this.#sharing.noteChanges(this.index);
    return run.traceWith(changes);
  }
}

function guessed(run: Run, answer: Answer): Visible | undefined {
  try {
    return run.next(answer);
  } catch {
    return undefined;
  }
}

// Every run passes all steps before its own ones again: the frequent kinds are compared by hand.
function isSameStep(a: Visible, b: Visible): boolean {
  if (a.kind === 'get' && b.kind === 'get') return a.cell === b.cell;
  if (a.kind === 'set' && b.kind === 'set') return a.cell === b.cell && a.value === b.value;
  if (a.kind === 'lock' && b.kind === 'lock') return a.lock === b.lock && a.mode === b.mode;
  if (a.kind === 'unlock' && b.kind === 'unlock') return a.lock === b.lock && a.mode === b.mode;
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);
}

/** The automata of all threads, with what they share: whether they are closed is for a search. */
export interface Automata {
  readonly scene: Scene;
  readonly sharing: Sharing;
  readonly threads: readonly Automaton[];
}

/** Runs each thread as if it were alone, until no run shows anything shared that was not known. */
export function startAutomata(scene: Scene, sharing: Sharing, limit: number): Automata {
  const threads = scene.threads.map(
    (thread, index) => new Automaton(sharing, { thread, index, limit }),
  );
  const automata = { scene, sharing, threads };
  if (sharing.update()) forgetDisturbed(automata);
  return automata;
}

/**
 * Makes the runs again that something has disturbed which is shared now and was not, until they
 * show nothing more of that kind.
 */
export function forgetDisturbed({ sharing, threads }: Automata): void {
  do {
    for (const thread of threads) thread.forget();
  } while (sharing.update());
}

/** A sharing for a scene of which nothing is known. */
export function sharingOf(scene: Scene): Sharing {
  const { linux, roots = [], memory, noFailures = false, crashes = false } = scene;
  return new Sharing(linux, { roots, memory, noFailures, crashes });
}
