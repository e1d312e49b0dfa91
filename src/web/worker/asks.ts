// What the page asks of the engine's worker, and what it answers. Each view has the
// types of its questions beside it.

import type { AuditAsks } from '../views/audit/asks.ts';
import type { LitmusAsks } from '../views/litmus/asks.ts';
import type { MatrixAsks } from '../views/matrix/asks.ts';
import type { ReplayAsks } from '../views/replay/asks.ts';
import type { WitnessAsks } from '../views/witness/asks.ts';

/** Questions by name. Everything in them can be sent to another thread as it is. */
export interface AskMap extends MatrixAsks, LitmusAsks, WitnessAsks, AuditAsks, ReplayAsks {}

/** The name of a question. */
export type AskKind = keyof AskMap;

/** How far a long answer is: what is being done, and where known the share that is done. */
export interface Told {
  readonly what: string;
  /** From 0 to 1. */
  readonly share?: number;
  /** Of a search: states found, the level it is at, bytes of memory. */
  readonly search?: { readonly states: number; readonly depth: number; readonly bytes: number };
}

/** What a handler may do besides answering. */
export interface Tools {
  readonly tell: (told: Told) => void;
}

/** A question on its way to the worker. */
export interface Question {
  readonly id: number;
  readonly kind: AskKind;
  readonly given: unknown;
}

/** What the worker sends back. */
export type Reply =
  | { readonly id: number; readonly kind: 'told'; readonly told: Told }
  | { readonly id: number; readonly kind: 'answer'; readonly of: AskKind; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'fault'; readonly message: string };
