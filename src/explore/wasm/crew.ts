// Workers that help one search. The driver hands a crew one job; each member makes its own instance
// of the module on the shared memory, applies, and takes part from the next phase on, which the
// driver then begins soon: the search need not wait for threads to start. How threads are made is
// the rim's business.

import { assert } from '../../base/index.ts';
import { control, failure, mostWorkers, phase } from './control.ts';
import { type CompiledModule, type Engine, instantiate, type Memory } from './engine.ts';
import { enterPhase, type Hand, handOf, leavePhase, type Sizes, turn } from './hand.ts';

/** What a member needs; it can be sent to another thread as it is. */
export interface Job {
  readonly module: CompiledModule;
  readonly memory: Memory;
  readonly sizes: Sizes;
}

/** Makes the members of a search, `count` of them besides the one who drives it. */
export interface Crew {
  readonly count: number;
  /** Starts them; each calls `serve(job)`, at any time. */
  readonly start: (job: Job) => void;
  /**
   * For members without threads of their own: called after each turn of the driver and while it
   * waits, to let them have theirs.
   */
  readonly idle?: () => void;
}

/** One member. */
export interface Member {
  /** Does one piece of work, if there is any. */
  readonly turn: () => 'busy' | 'waiting' | 'done';
  /** Sleeps until there may be something to do. */
  readonly sleep: () => void;
}

/** Works until the search is over; blocks its thread meanwhile. */
export function serve(job: Job): void {
  const member = memberOf(job);
  for (;;) {
    const did = member.turn();
    if (did === 'done') return;
    if (did === 'waiting') member.sleep();
  }
}

/** A member that has applied for the job. */
export function memberOf({ module, memory, sizes }: Job): Member {
  const engine = instantiate(module, memory, true);
  const page = engine.page();
  let seen = Atomics.load(page, control.generation);
  const id = Atomics.add(page, control.applicants, 1) + 1;
  let hand: Hand | undefined;
  let isBusy = false;
  const begin = (generation: number): boolean => {
    seen = generation;
    if (id >= participantsOf(generation)) return false;
    hand ??= handOf(engine, id, sizes);
    if (!hand) {
      arrive(engine, failure.memory);
      return false;
    }
    enterPhase(hand);
    return true;
  };
  return {
    turn() {
      if (Atomics.load(page, control.phase) === phase.done) return 'done';
      if (!isBusy) {
        const generation = Atomics.load(page, control.generation);
        if (generation === seen) return 'waiting';
        isBusy = begin(generation);
        return isBusy ? 'busy' : 'waiting';
      }
      assert(hand !== undefined, 'a busy member has a hand');
      if (work(hand)) return 'busy';
      isBusy = false;
      arrive(engine, failure.none);
      return 'waiting';
    },
    sleep: () => {
      Atomics.wait(page, control.generation, seen, 1000);
    },
  };
}

// A fault of ours must not leave the driver waiting for ever.
function work(hand: Hand): boolean {
  try {
    if (turn(hand)) return true;
    leavePhase(hand);
    return false;
  } catch (error) {
    arrive(hand.engine, failure.trap);
    throw error;
  }
}

function arrive({ page }: Engine, failed: number): void {
  if (failed !== failure.none) Atomics.store(page(), control.failed, failed);
  Atomics.add(page(), control.arrived, 1);
  Atomics.notify(page(), control.arrived);
}

/** Lets the phase begin for the driver and all who have applied so far, or for the driver alone. */
export function beginPhase(engine: Engine, what: number, isAlone: boolean): number {
  const page = engine.page();
  const participants = isAlone ? 1 : applicantsOf(engine) + 1;
  page[control.phase] = what;
  page[control.failed] = failure.none;
  Atomics.store(page, control.arrived, 0);
  // Counter and participants in one word: whoever reads it knows for certain whether it is meant.
  const count = (Atomics.load(page, control.generation) >>> generationShift) + 1;
  Atomics.store(page, control.generation, (count << generationShift) | participants);
  if (participants > 1 || what === phase.done) Atomics.notify(page, control.generation);
  return participants;
}

/** Members that are ready, up to the number that can take part. */
export function applicantsOf({ page }: Engine): number {
  return Math.min(Atomics.load(page(), control.applicants), mostWorkers - 1);
}

const generationShift = 7;

function participantsOf(generation: number): number {
  return generation & (2 ** generationShift - 1);
}

/** Waits until all who take part have ended the phase. */
export function awaitArrivals(engine: Engine, participants: number, crew: Crew | undefined): void {
  for (;;) {
    const page = engine.page();
    const arrived = Atomics.load(page, control.arrived);
    if (arrived >= participants - 1) return;
    if (crew?.idle) crew.idle();
    else Atomics.wait(page, control.arrived, arrived, 1000);
  }
}

/** Records of the outcome sets of all workers that have one: where each lies and its slots. */
export function outcomeSets(engine: Engine): readonly { base: number; slots: number }[] {
  return Array.from({ length: applicantsOf(engine) + 1 }, (_, id) => {
    const record = (control.workers + 4 * id) * 4;
    return { base: engine.run.peek(record) >>> 0, slots: engine.run.peek(record + 4) >>> 0 };
  }).filter(({ slots }) => slots > 0);
}
