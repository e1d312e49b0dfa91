// What the page asks of the engine's worker, and what it answers: one entry a question, whose types
// stand beside the view that asks it.

import type * as Litmus from '../views/litmus/asks.ts';
import type {
  ReplayListAnswer,
  ReplayListAsk,
  ReplayOwnAnswer,
  ReplayOwnAsk,
  ReplayRunAnswer,
  ReplayRunAsk,
  ReplayWalkAnswer,
  ReplayWalkAsk,
} from '../views/replay/asks.ts';
import type {
  AuditDrawAnswer,
  AuditDrawAsk,
  AuditOpenAnswer,
  AuditOpenAsk,
  AuditTextAnswer,
  AuditTextAsk,
  AuditWholeAsk,
} from '../views/audit/asks.ts';

import type { MatrixAsks } from '../views/matrix/asks.ts';
import type * as Witness from '../views/witness/asks.ts';

/** Questions by name. Everything in them can be sent to another thread as it is. */
export interface AskMap extends MatrixAsks {
  readonly auditOpen: { readonly ask: AuditOpenAsk; readonly answer: AuditOpenAnswer };
  readonly auditDraw: { readonly ask: AuditDrawAsk; readonly answer: AuditDrawAnswer };
  readonly auditText: { readonly ask: AuditTextAsk; readonly answer: AuditTextAnswer };
  readonly auditWhole: { readonly ask: AuditWholeAsk; readonly answer: AuditTextAnswer };
  /** Of the witness view: what can be chosen, a run, and its text. */
  readonly witnessChoices: { readonly ask: object; readonly answer: Witness.ChoicesAnswer };
  readonly witness: { readonly ask: Witness.RunAsk; readonly answer: Witness.RunAnswer };
  readonly witnessText: { readonly ask: Witness.RunAsk; readonly answer: Witness.TextAnswer };
  readonly 'litmus-choices': { readonly ask: object; readonly answer: Litmus.Choices };
  readonly 'litmus-run': { readonly ask: Litmus.RunAsk; readonly answer: Litmus.RunReply };
  readonly 'replay-list': { readonly ask: ReplayListAsk; readonly answer: ReplayListAnswer };
  readonly 'replay-own': { readonly ask: ReplayOwnAsk; readonly answer: ReplayOwnAnswer };
  readonly 'replay-walk': { readonly ask: ReplayWalkAsk; readonly answer: ReplayWalkAnswer };
  readonly 'replay-run': { readonly ask: ReplayRunAsk; readonly answer: ReplayRunAnswer };
}

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
