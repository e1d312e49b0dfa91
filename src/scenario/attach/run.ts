// One run of an attach on a kernel of its own: chances go as they are told to, and every step that
// changes something is written down.

import { assert } from '../../base/index.ts';
import {
  type Executor,
  isLedgerTable,
  type Linux,
  type Lock,
  type Op,
  run,
  Oops,
  type Shared,
} from '../../kernel/index.ts';
import type { LearntPlace } from './learnt.ts';
import { type Asked, watched } from './system.ts';

/** What happened in a run, in order. */
export type AttachEvent =
  /** A step of an automaton that was learnt from a tree. */
  | { readonly kind: 'step'; readonly says: string; readonly at: LearntPlace }
  | { readonly kind: 'question'; readonly what: string; readonly yes: boolean }
  | { readonly kind: 'chance'; readonly what: string; readonly fails: boolean }
  | {
      readonly kind: 'set';
      readonly table: string;
      readonly key: number;
      readonly before: unknown;
      readonly after: unknown;
    }
  | { readonly kind: 'phase'; readonly what: string }
  | { readonly kind: 'note'; readonly says: string }
  | { readonly kind: 'result'; readonly rc: number }
  | { readonly kind: 'oops'; readonly says: string };

/** Something that went one way and may go another: a failure, or a condition nobody decided. */
export interface Chance {
  readonly what: string;
  readonly fails: boolean;
  /** `fails` is then its answer: a way on which it is yes is no worse than another. */
  readonly isQuestion: boolean;
}

/** What a device that is learnt asks of the run and tells it. */
export interface AttachRunner {
  /** The answer to a condition: the same however often it is asked on one way. */
  ask(what: string): boolean;
  step(says: string, at: LearntPlace): void;
}

/** Ends a run that nobody can follow further: what comes next was not learnt. */
export class NotFollowed extends Error {
  override name = 'NotFollowed';
}

/** A kernel on which one thread runs, watched. */
export class AttachRun implements AttachRunner {
  readonly linux: Linux;
  readonly events: AttachEvent[] = [];
  /** Chances that were asked while they could fail, and questions, in order. */
  readonly chances: Chance[] = [];
  /** Things that were given back and are not held. */
  readonly twice: string[] = [];
  readonly #decisions: readonly boolean[];
  readonly #executor: Executor;
  readonly #answers = new Map<string, boolean>();
  #mayFail = false;

  constructor(linux: Linux, asked: Asked, decisions: readonly boolean[]) {
    this.#decisions = decisions;
    this.linux = watched(linux, asked, (op) => this.now(op));
    this.#executor = this.#watching(linux);
  }

  /** What failed, in order. */
  get failures(): readonly string[] {
    return this.chances.filter((one) => one.fails && !one.isQuestion).map(({ what }) => what);
  }

  ask(what: string): boolean {
    const known = this.#answers.get(what);
    if (known !== undefined) return known;
    const yes = this.#decide(what, true);
    this.#answers.set(what, yes);
    this.events.push({ kind: 'question', what, yes });
    return yes;
  }

  step(says: string, at: LearntPlace): void {
    this.events.push({ kind: 'step', says, at });
  }

  /** Runs an operation to its end; throws what it dies of. */
  now<T>(op: Op<T>): T {
    const ran = run(op, this.#executor);
    if (ran.kind === 'oops') throw new Oops(ran);
    assert(ran.kind === 'done', 'one thread alone waits for nobody');
    return ran.value;
  }

  /** What `work` gives, with chances that go as decided; without it none fails. */
  failing<T>(work: () => T): T {
    this.#mayFail = true;
    try {
      return work();
    } finally {
      this.#mayFail = false;
    }
  }

  /** What `work` gives, without a word of it in the events. */
  unseen<T>(work: () => T): T {
    const { length } = this.events;
    const result = work();
    this.events.length = length;
    return result;
  }

  /** Says what was found out. */
  note(says: string): void {
    this.events.push({ kind: 'note', says });
  }

  /** Says what an attach gives. */
  result(rc: number): void {
    this.events.push({ kind: 'result', rc });
  }

  /** Names what begins. */
  phase(what: string): void {
    this.events.push({ kind: 'phase', what });
  }

  #fails(what: string): boolean {
    if (!this.#mayFail) return false;
    const fails = this.#decide(what, false);
    this.events.push({ kind: 'chance', what, fails });
    return fails;
  }

  #decide(what: string, isQuestion: boolean): boolean {
    const fails = this.#decisions[this.chances.length] ?? false;
    this.chances.push({ what, fails, isQuestion });
    return fails;
  }

  #set<V>(linux: Linux, shared: Shared<V>, key: number, value: V): void {
    const before = shared.peek(key);
    const frees = value === shared.initial && before === shared.initial;
    if (frees && isLedgerTable(linux, shared)) this.twice.push(`${shared.name} [${key}]`);
    if (before !== value) {
      this.events.push({ kind: 'set', table: shared.name, key, before, after: value });
    }
    shared.poke(key, value);
  }

  // Nothing is read or written through a cache while devices attach.
  #watching(linux: Linux): Executor {
    return {
      load: (_place, lengthBytes) => new Uint8Array(lengthBytes),
      store: () => undefined,
      maintain: () => undefined,
      get: (shared, key) => shared.peek(key),
      set: (shared, key, value) => this.#set(linux, shared, key, value),
      scan: (shared, start, end) => shared.keysIn(start, end),
      lock: (lock: Lock, mode) => lock.tryLock(mode),
      unlock: (lock: Lock, mode) => lock.unlock(mode),
      fails: (what) => this.#fails(what),
    };
  }
}
