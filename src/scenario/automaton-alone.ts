// One kernel function run as a scene runs it, with nobody else there: what it asks for, what it
// gives, and what it leaves. A concrete run of the same function must agree in all of these.

import type { Linux, Op } from '../kernel/index.ts';
import { sharingOf } from './automaton.ts';
import { Run } from './automaton-run.ts';

/** What became of a function that ran alone. */
export interface RanAlone {
  /** Its steps, in order. */
  readonly texts: readonly string[];
  /** Undefined as well where it waits for a lock that it holds itself. */
  readonly result: unknown;
  readonly isBlocked: boolean;
}

/**
 * Runs `op` as a scene does where nothing is followed and nothing fails. Afterwards tables, plain
 * objects and memory are as the function leaves them; no cache has held anything.
 */
export function runAlone(linux: Linux, op: Op<unknown>): RanAlone {
  const sharing = sharingOf({ linux, threads: [], noFailures: true });
  const run = new Run(sharing, 0, op);
  const last = run.next();
  sharing.world.keep();
  for (const { paddr, bytes } of run.written()) linux.machine.memory.write(paddr, bytes);
  return { texts: run.texts, result: run.result, isBlocked: last.kind === 'blocked' };
}
