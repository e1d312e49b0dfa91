// Two users of the same kernel: the functions that one calls run on real caches, those of the other
// as a scene runs them. Both note every step.

import { assert } from '../../src/base/index.ts';
import { type Linux, type Op, Shared, withoutCalls } from '../../src/kernel/index.ts';
import { runAlone, stepText } from '../../src/scenario/index.ts';
import { User, type UserSetup } from '../../src/user/index.ts';

/** A user whose kernel functions are watched. */
export class WatchedUser extends User {
  /** Steps since this was emptied last. */
  readonly texts: string[] = [];
  /** Functions that were called at once from within another, past its steps. */
  readonly nested: string[] = [];
  readonly #how: Performer;
  #depth = 0;
  #watched: Linux | undefined;
  constructor(setup: UserSetup, how: Performer) {
    super(setup);
    this.#how = how;
    this.watch();
  }

  /** Also notes what ordinary code of the kernel does at once; to be called again after a boot. */
  watch(): void {
    const { linux } = this;
    if (this.#watched === linux) return;
    this.#watched = linux;
    const before = linux.now.bind(linux);
    const now = <T>(op: Op<T>): T => {
      const done = this.#perform(op, (watched) => ({ value: before(watched) }));
      assert(done !== undefined, 'set-up work waits for nobody');
      return done.value;
    };
    assert(Reflect.set(linux, 'now', now), 'the kernel can be watched');
  }

  override run<T>(op: Op<T>): T | undefined {
    // The CPU switches to the process, whoever performs its steps.
    this.linux.executor(this.task).get(new Shared('nothing', 0), 0);
    return this.#perform(op, (watched) => {
      const value = super.run(watched);
      return value === undefined ? undefined : { value };
    })?.value;
  }

  #perform<T>(
    op: Op<T>,
    concretely: (op: Op<T>) => { readonly value: T } | undefined,
  ): { readonly value: T } | undefined {
    if (this.#depth > 0) this.nested.push(placeOfCall());
    this.#depth += 1;
    try {
      if (this.#how === 'concrete') return concretely(noting(op, this.texts));
      const kept: { value: T }[] = [];
      const alone = runAlone(this.linux, keeping(op, kept));
      this.texts.push(...alone.texts);
      return kept[0];
    } finally {
      this.#depth -= 1;
    }
  }
}

/** Who performs the steps. */
export type Performer = 'concrete' | 'alone';

function* noting<T>(op: Op<T>, texts: string[]): Op<T> {
  const steps = withoutCalls(op);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    texts.push(stepText(next.value));
    yield next.value;
  }
}

function* keeping<T>(op: Op<T>, kept: { value: T }[]): Op<T> {
  const value = yield* op;
  kept.push({ value });
  return value;
}

// The function that called linux.now(), for whoever mends it.
function placeOfCall(): string {
  const lines = (new Error('a call').stack ?? '').split('\n');
  const own = lines.findLastIndex((line) => line.includes('one-text/users'));
  return lines.find((line, i) => i > 3 && line.includes('src/kernel'))?.trim() ?? `${lines[own]}`;
}
