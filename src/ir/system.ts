// Transition systems: fields packed into 32-bit words, guarded actions with simultaneous updates.
// The records know no domain. Whoever builds a system gives its fields, actions and observations
// names; whoever explores it needs nothing else.

import type { Expr } from './expr.ts';

/** An unsigned variable of `widthBits` bits (1 to 32) with its initial value. */
export interface Field {
  readonly name: string;
  readonly widthBits: number;
  readonly init: number;
}

/** Who takes a step: a thread of the program, the hardware, an injected failure, or a crash. */
export type Actor =
  | { readonly kind: 'thread'; readonly thread: number; readonly step: number }
  | { readonly kind: 'hardware' }
  | { readonly kind: 'failure' }
  | { readonly kind: 'crash' };

/** One guarded step: enabled where `guard` is not 0; all updates read the state before the step. */
export interface Action {
  /** Stable and unique within the system: a replay line names actions by it. */
  readonly id: string;
  readonly actor: Actor;
  readonly guard: Expr;
  readonly updates: readonly Update[];
}

/** Assigns the value of `value` to the field with index `field`. */
export interface Update {
  readonly field: number;
  readonly value: Expr;
}

/**
 * A system with the states that count as its ends. An end state may still have enabled hardware
 * actions; no thread has anything left to do in it.
 */
export interface TransitionSystem {
  readonly fields: readonly Field[];
  readonly actions: readonly Action[];
  readonly isEnd: Expr;
  /** Indices of the fields that make up the outcome of an end state, in the order shown. */
  readonly observed: readonly number[];
}
