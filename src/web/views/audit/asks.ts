// What the audit view asks of the engine.

import type { Finding, FindingTypeInfo } from '../../../audit/index.ts';
import type { Problem } from '../../../base/index.ts';
import type { AuditFile, AuditRun, ShownDriver, ShownFinding } from '../../../forms/index.ts';
import type { Extent, Graph } from './automaton/graph.ts';
import type { Drawing } from './automaton/layout.ts';

/** A file that was dropped, chosen or pasted; it is read in the worker. */
export interface AuditOpenAsk {
  readonly file: Blob;
  readonly name: string;
}

/** What is in it, and what its types mean; or what is wrong with it. */
export type AuditOpenAnswer =
  | { readonly ok: true; readonly file: AuditFile; readonly types: readonly FindingTypeInfo[] }
  | { readonly ok: false; readonly problem: Problem };

/** An attach function, and the path that is marked in it. */
export interface AuditDrawAsk {
  readonly driver: ShownDriver;
  readonly extent: Extent;
  readonly finding?: { readonly of: ShownFinding; readonly path: number };
}

/** The automaton as a graph; without a drawing where it is too large for one. */
export interface AuditDrawAnswer {
  readonly graph: Graph;
  readonly drawing?: Drawing;
  /** The lines that `dachs audit -v` has of it. */
  readonly text: string;
}

/** Findings whose text is wanted. */
export interface AuditTextAsk {
  readonly findings: readonly Finding[];
}

/** A run whose findings are wanted as text, all of them. */
export interface AuditWholeAsk {
  readonly run: AuditRun;
}

/** The same bytes as the command line prints. */
export interface AuditTextAnswer {
  readonly text: string;
}

/** The questions of the view. */
export interface AuditAsks {
  readonly 'audit-open': { readonly ask: AuditOpenAsk; readonly answer: AuditOpenAnswer };
  readonly 'audit-draw': { readonly ask: AuditDrawAsk; readonly answer: AuditDrawAnswer };
  readonly 'audit-text': { readonly ask: AuditTextAsk; readonly answer: AuditTextAnswer };
  readonly 'audit-whole': { readonly ask: AuditWholeAsk; readonly answer: AuditTextAnswer };
}
