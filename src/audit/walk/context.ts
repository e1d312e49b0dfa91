// What the parts of the walk share: its work in progress, and each other by way of it.

import type { Expr, Flow, FreeHelper, Graph, Macro, Unit } from '../flow/index.ts';
import type { Acquire, Protocol } from '../protocol/index.ts';
import type { Located } from './locate.ts';
import type { At, State } from './state.ts';
import type { Value } from './value.ts';

/** A value, and the state in which an expression has it. */
export interface Outcome {
  readonly state: State;
  readonly value: Value;
}

/** States in which a condition holds, and in which it does not. */
export interface Branches {
  readonly yes: readonly State[];
  readonly no: readonly State[];
}

/** A function that is being walked. */
export interface Frame {
  readonly id: number;
  readonly unit: Unit;
  readonly graph: Graph;
  readonly name: string;
  readonly locals: ReadonlySet<string>;
  /** Types of locals and parameters, e.g. `struct pmem_device`. */
  readonly types: ReadonlyMap<string, string>;
  /** Those of them that are pointers. */
  readonly pointers: ReadonlySet<string>;
  readonly caller: Frame | undefined;
  readonly depth: number;
}

/** Where a symbol is from. */
export type Origin =
  | { readonly kind: 'memory'; readonly function: string; readonly zeroed: boolean }
  | { readonly kind: 'call'; readonly function: string; readonly where: At; readonly asks: boolean }
  | { readonly kind: 'other'; readonly text: string };

/** A call that acquires. */
export interface Site {
  readonly protocol: Protocol;
  readonly acquire: Acquire;
  readonly where: At;
  /** Function that the call stands in. */
  readonly function: string;
}

/** What may be wrong at once, whatever comes later on the path. */
export interface Problem {
  readonly type:
    | 'ERROR_AS_OBJECT'
    | 'WRONG_CHECK'
    | 'RELEASE_OF_ERROR'
    | 'DOUBLE_RELEASE'
    | 'RELEASE_ORDER'
    | 'NOT_UNREGISTERED'
    | 'NULL_FIELD_USED'
    | 'STORED_TOO_LATE'
    | 'LEAK';
  readonly protocol: Protocol;
  readonly where: At;
  readonly function: string;
  readonly message: string;
  readonly state: State;
  readonly site: Site | undefined;
}

/** Where functions, macros and scope helpers are found. */
export interface Sources {
  flow(name: string, from: Unit): { readonly flow: Flow; readonly unit: Unit } | undefined;
  macro(name: string, from: Unit): Macro | undefined;
  free(name: string, from: Unit): { readonly helper: FreeHelper; readonly unit: Unit } | undefined;
  /** Whether another C file of the folder has all these words. */
  isElsewhere(words: readonly string[], from: Unit): boolean;
  /** Whether walking into the function can tell anything about the protocols. */
  isRelevant(name: string, from: Unit): boolean;
}

/** What is walked for, and how far. */
export interface WalkOptions {
  readonly protocols: readonly Protocol[];
  readonly sources: Sources;
  /** Nodes that a walk may pass. */
  readonly maxSteps: number;
  /**
   * Merge paths that agree in the objects, in where they are kept, and in whether each variable is
   * zero, positive or an error: the first goes on. Absent: only paths that agree in everything.
   */
  readonly coarse?: boolean;
  /** Fields that may be NULL in a device that is attached: struct and field. */
  readonly nullFields?: readonly NullField[];
}

/** A field that a successful attach may leave NULL. */
export interface NullField {
  readonly struct: string;
  readonly field: string;
  readonly protocol: Protocol;
}

/** A walk in progress. */
export interface Walk {
  readonly options: WalkOptions;
  readonly sites: Site[];
  readonly origins: Map<number, Origin>;
  /** Calls that were exempt, by site index. */
  readonly exempt: Map<number, string>;
  evaluate(expr: Expr, state: State, frame: Frame): readonly Outcome[];
  split(expr: Expr, state: State, frame: Frame): Branches;
  /** Runs a function with arguments; its ends. */
  inline(
    callee: { readonly flow: Flow; readonly unit: Unit },
    args: readonly Value[],
    state: State,
    caller: Frame | undefined,
  ): readonly Outcome[];
  /** Runs a statement expression in the frame that it stands in. */
  block(graph: Graph, state: State, frame: Frame): readonly Outcome[];
  /** The locations that an expression names. */
  place(expr: Expr, state: State, frame: Frame): readonly Located[];
  /** Evaluates the body of a macro whose parameters have those values. */
  expand(
    params: readonly string[],
    body: Expr,
    args: readonly Value[],
    state: State,
    frame: Frame,
  ): readonly Outcome[];
  /** A symbol of which nothing is known. */
  fresh(origin: Origin): Value & { readonly kind: 'symbol' };
  siteOf(site: Site): number;
  problem(problem: Problem): void;
}
