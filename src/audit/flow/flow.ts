// Functions of C as graphs: what remains of a syntax tree once statements have become edges. No
// parser is needed to look at them, and they may be kept after the tree is gone.
//
// Expressions stay trees; who walks a graph evaluates them in the order of C. `at` is always an
// offset in the text of the file; a unit tells the line and column of it.

import type { NotChecked, Place } from '../c/index.ts';

/** An expression. Parentheses and casts are gone; macros that are called look like functions. */
export type Expr =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `value` undefined: a number that is not an integer, or too large. NULL is a name. */
  | { readonly kind: 'number'; readonly value: number | undefined; readonly at: number }
  | { readonly kind: 'string'; readonly at: number }
  | FieldExpr
  | { readonly kind: 'index'; readonly base: Expr; readonly index: Expr; readonly at: number }
  | { readonly kind: 'deref'; readonly of: Expr; readonly at: number }
  | { readonly kind: 'address'; readonly of: Expr; readonly at: number }
  | CallExpr
  | {
      readonly kind: 'unary';
      readonly op: '!' | '-' | '~' | '+';
      readonly of: Expr;
      readonly at: number;
    }
  /** `++` and `--`, before or behind. */
  | { readonly kind: 'step'; readonly of: Expr; readonly at: number }
  /** Arithmetic, comparisons, and `&&` and `||`, whose right side may not be evaluated. */
  | BinaryExpr
  /** `yes` undefined: the form `test ?: no`. */
  | ChooseExpr
  /** `op` is `=`, `|=` and so on. */
  | AssignExpr
  | { readonly kind: 'comma'; readonly parts: readonly Expr[]; readonly at: number }
  | ListExpr
  /** A statement expression: its graph ends in a `result`. */
  | { readonly kind: 'block'; readonly graph: Graph; readonly at: number }
  /** sizeof, offsetof, typeof and their like: nothing inside is evaluated. */
  | { readonly kind: 'size'; readonly at: number }
  /** Not understood; `parts` are the expressions inside, in order. */
  | { readonly kind: 'opaque'; readonly parts: readonly Expr[]; readonly at: number };

/** `base->field` (arrow) or `base.field`. */
export interface FieldExpr {
  readonly kind: 'field';
  readonly base: Expr;
  readonly field: string;
  readonly arrow: boolean;
  readonly at: number;
}

/** A call; `callee` is undefined where something else than a plain name is called. */
export interface CallExpr {
  readonly kind: 'call';
  readonly callee: string | undefined;
  readonly target: Expr;
  readonly args: readonly Expr[];
  readonly at: number;
}

/** An operator with two sides. */
export interface BinaryExpr {
  readonly kind: 'binary';
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
  readonly at: number;
}

/** `test ? yes : no`. */
export interface ChooseExpr {
  readonly kind: 'choose';
  readonly test: Expr;
  readonly yes: Expr | undefined;
  readonly no: Expr;
  readonly at: number;
}

/** An assignment, plain or with an operator. */
export interface AssignExpr {
  readonly kind: 'assign';
  readonly op: string;
  readonly to: Expr;
  readonly from: Expr;
  readonly at: number;
}

/** An initialiser list or compound literal; `designator` as written, e.g. `.ops` or `[0]`. */
export interface ListExpr {
  readonly kind: 'list';
  readonly items: readonly { readonly designator: string | undefined; readonly value: Expr }[];
  readonly at: number;
}

/** One node; numbers are indices of nodes of the same graph. */
export type FlowNode =
  | { readonly kind: 'do'; readonly expr: Expr; readonly at: number; readonly next: number }
  | DeclareNode
  /** An `if`, the test of a loop (`loop`), or an `#if` (`configured`). */
  | BranchNode
  | SwitchNode
  /** A for_each macro: before each round its cursors (some of `args`) get new values. */
  | IterateNode
  /** A variable with `__free(free)` goes out of scope. */
  | CleanupNode
  /** The value is computed; `next` leads through clean-ups to the `end`. */
  | ReturnNode
  /** The end of a statement expression; `value` undefined: it has none. */
  | { readonly kind: 'result'; readonly value: Expr | undefined; readonly at: number }
  /** Assembly, or a statement not understood: listed in `notChecked` of the flow. */
  | {
      readonly kind: 'unknown';
      readonly parts: readonly Expr[];
      readonly at: number;
      readonly next: number;
    }
  | { readonly kind: 'end' };

/** A local variable comes into being. */
export interface DeclareNode {
  readonly kind: 'declare';
  readonly name: string;
  /** The words before the declarator, e.g. `struct dax_device`. */
  readonly type: string;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  readonly isStatic: boolean;
  readonly init: Expr | undefined;
  readonly at: number;
  readonly next: number;
}

/** A test with two ways on. */
export interface BranchNode {
  readonly kind: 'branch';
  /** An `#ifdef X` has the test `defined(X)`; what an `#if` says is parsed as an expression. */
  readonly test: Expr;
  readonly loop: boolean;
  readonly configured: boolean;
  readonly at: number;
  readonly yes: number;
  readonly no: number;
}

/** A switch; its cases fall through by the edges of their statements. */
export interface SwitchNode {
  readonly kind: 'switch';
  readonly on: Expr;
  readonly cases: readonly SwitchCase[];
  /** The `default`, or what follows the switch. */
  readonly otherwise: number;
  readonly at: number;
}

/** `last` is the end of a range `first ... last`. */
export interface SwitchCase {
  readonly first: Expr;
  readonly last: Expr | undefined;
  readonly to: number;
}

/** A loop whose head is a macro. */
export interface IterateNode {
  readonly kind: 'iterate';
  readonly macro: string;
  readonly args: readonly Expr[];
  readonly at: number;
  readonly body: number;
  readonly done: number;
}

/** The end of a scope, for one variable. */
export interface CleanupNode {
  readonly kind: 'cleanup';
  readonly name: string;
  /** The argument of `__free()`: the name of a DEFINE_FREE. */
  readonly free: string;
  readonly at: number;
  readonly next: number;
}

/** A return; a void function that ends at its brace has one too, without a value. */
export interface ReturnNode {
  readonly kind: 'return';
  readonly value: Expr | undefined;
  readonly at: number;
  readonly next: number;
}

/** Nodes and where they begin. */
export interface Graph {
  readonly nodes: readonly FlowNode[];
  readonly entry: number;
}

/** A parameter; without a name in a prototype or an unused one. */
export interface Param {
  readonly name: string | undefined;
  readonly type: string;
  readonly isPointer: boolean;
}

/** One function. */
export interface Flow extends Graph {
  readonly name: string;
  readonly file: string;
  /** Offsets of the name and of the end of the body. */
  readonly at: number;
  readonly end: number;
  /** Words of the type it returns, e.g. `struct dax_device`, without storage classes. */
  readonly returns: string;
  readonly returnsPointer: boolean;
  readonly isStatic: boolean;
  readonly isInline: boolean;
  readonly params: readonly Param[];
  /** Preprocessor conditions around the definition, outermost first. */
  readonly within: readonly Expr[];
  /** What of it was not understood; the graph goes on behind it. */
  readonly notChecked: readonly { readonly why: string; readonly at: number }[];
}

/** A file-level variable with an initialiser list, e.g. a table of operations. */
export interface Table {
  readonly name: string;
  /** E.g. `struct nd_device_driver`. */
  readonly type: string;
  readonly init: ListExpr;
  readonly at: number;
  readonly within: readonly Expr[];
}

/** A call at file level: DEVICE_ATTR_RW(x), module_init(x), EXPORT_SYMBOL(x), DEFINE_SHOW_... */
export interface FileCall {
  readonly callee: string;
  readonly args: readonly string[];
  readonly at: number;
}

/** A scope helper: DEFINE_FREE(name, type, body), where `_T` is the variable. */
export interface FreeHelper {
  readonly name: string;
  readonly type: string;
  /** The body as a function of one parameter `_T`. */
  readonly flow: Flow;
}

/** A macro; `expr` where its body is one expression. `params` undefined: an object-like one. */
export interface Macro {
  readonly name: string;
  readonly params: readonly string[] | undefined;
  readonly body: string;
  readonly expr: Expr | undefined;
  readonly at: number;
}

/** One file of C. */
export interface Unit {
  readonly file: string;
  readonly text: string;
  /** In order of place; two of one name where preprocessor conditions choose between them. */
  readonly flows: readonly Flow[];
  readonly tables: readonly Table[];
  readonly calls: readonly FileCall[];
  readonly frees: readonly FreeHelper[];
  /** Macros that the file itself defines. */
  readonly macros: ReadonlyMap<string, Macro>;
  /** `#include` lines: `linux/dax.h` with brackets, `"pmem.h"` with quotes. */
  readonly includes: readonly { readonly path: string; readonly quoted: boolean }[];
  readonly notChecked: readonly NotChecked[];
  place(at: number): Place;
}
