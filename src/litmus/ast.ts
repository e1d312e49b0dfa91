// The syntax tree of a litmus test: what was written, with its places and its comments. Nothing is
// resolved here; check and lowering do that, and the printer needs nothing else.

import type { Span } from './lex.ts';

/**
 * Comments around one item. `before` stand on lines of their own above it, an empty string being
 * an empty line; `after` stand behind it on its line.
 */
export interface Trivia {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A word of the text. */
export interface Word extends Span {
  readonly text: string;
}

/** A whole file. */
export interface LitmusFile {
  readonly name: Word & Trivia;
  /** The quoted line under the name, without its quotes. */
  readonly title?: Word & Trivia;
  readonly keys: readonly Key[];
  readonly init: Block<InitItem> & Trivia;
  readonly threads: readonly ThreadNode[];
  readonly locations?: Locations;
  readonly filter?: Clause;
  readonly question: QuestionNode;
  /** Comments behind everything. */
  readonly end: readonly string[];
}

/** `Key=Value`, one a line; the value is the rest of the line. */
export interface Key extends Span, Trivia {
  readonly key: Word;
  readonly value: Word;
}

/**
 * Items in braces; `end` are the comments before the closing brace. Comments between the words that
 * open the block stand above its first item.
 */
export interface Block<T> extends Span {
  readonly items: readonly T[];
  readonly end: readonly string[];
}

/** A number, or an error number of the kernel by name; negative where a minus stands before it. */
export interface Constant extends Span {
  readonly negative: boolean;
  /** As written, without the minus: `1`, `0x10`, `ENOMEM`. */
  readonly text: string;
}

/** One item of the init block. */
export type InitItem = Span & Trivia & InitItemKind;

/** The kinds of items of the init block, in the order of the reference page. */
export type InitItemKind =
  | ({ readonly kind: 'page'; readonly name: Word } & Cells)
  | { readonly kind: 'pages'; readonly name: Word; readonly members: Block<Member> }
  | {
      readonly kind: 'address';
      /** `int`, or `struct y`. */
      readonly type: readonly Word[];
      readonly name: Word;
      /** `linear`, `user` or `window`. */
      readonly maker: Word;
      readonly page: Word;
      readonly options: readonly AddressOption[];
    }
  | { readonly kind: 'variable'; readonly name: Word; readonly value?: Constant }
  | { readonly kind: 'lock'; readonly lock: 'spinlock' | 'mutex'; readonly name: Word }
  | { readonly kind: 'cpu'; readonly thread: Word; readonly cpu: Constant }
  | {
      readonly kind: 'device';
      readonly name: Word;
      readonly device: Word;
      /** `adr`, `detached`, devices that it is made of. */
      readonly args: readonly Word[];
    }
  | {
      readonly kind: 'file';
      readonly name: Word;
      /** Its pages in order. */
      readonly pages: readonly Word[];
      /** A device or a mount. */
      readonly on?: Word;
      /** `hole`, `closed`, ... */
      readonly options: readonly Word[];
    }
  | {
      readonly kind: 'mount';
      readonly name: Word;
      readonly fs: Word;
      readonly device: Word;
      readonly options: readonly { readonly key: Word; readonly value?: Word }[];
    }
  | { readonly kind: 'fail'; readonly call: Word; readonly error: Constant }
  | { readonly kind: 'fail-anywhere' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'process'; readonly thread: Word; readonly process: Constant }
  | { readonly kind: 'start'; readonly thread: Word; readonly others: readonly Word[] }
  /** `gate open`, `design D3`, `without dax_flush`. */
  | { readonly kind: 'gate' | 'design' | 'without'; readonly word: Word };

/** Initial values of the cells of one line. */
export interface Cells {
  /** `[n]`; absent: one cell, which `p[0]` and `*p` both name. */
  readonly size?: Constant;
  /** Absent: zeros. */
  readonly values?: readonly Constant[];
}

/** A line of a page that has several. */
export interface Member extends Span, Trivia, Cells {
  readonly name: Word;
}

/** `colour 1`, `uncached` or `unmapped`. */
export interface AddressOption {
  readonly option: Word;
  readonly colour?: Constant;
}

/** `P0(int *k) { ... }` */
export interface ThreadNode extends Span, Trivia {
  readonly name: Word;
  readonly params: readonly Param[];
  readonly body: Block<Statement>;
}

/** One parameter of a thread: the words of its type, a star or none, and its name. */
export interface Param extends Span {
  readonly type: readonly Word[];
  readonly star: boolean;
  readonly name: Word;
}

/** A statement of a thread. */
export type Statement = Span & Trivia & StatementKind;

/** The kinds of statements; a body of one statement without braces is a block of one. */
export type StatementKind =
  | {
      readonly kind: 'declare';
      readonly names: readonly { readonly name: Word; readonly value?: ExprNode }[];
    }
  | { readonly kind: 'assign'; readonly target: ExprNode; readonly value: ExprNode }
  | { readonly kind: 'expression'; readonly expr: ExprNode }
  | {
      readonly kind: 'if';
      readonly condition: ExprNode;
      readonly yes: Block<Statement>;
      readonly no?: Block<Statement>;
    }
  | { readonly kind: 'while'; readonly condition: ExprNode; readonly body: Block<Statement> }
  | { readonly kind: 'block'; readonly body: Block<Statement> }
  | { readonly kind: 'empty' };

/** An operator of two operands, as written in C. */
export type BinaryOp = '+' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||';

/** An expression; parentheses are not kept, the printer puts those that are needed. */
export type ExprNode = Span &
  (
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'unary'; readonly op: '!' | '-' | '*' | '&'; readonly of: ExprNode }
    | {
        readonly kind: 'binary';
        readonly op: BinaryOp;
        readonly a: ExprNode;
        readonly b: ExprNode;
      }
    | { readonly kind: 'member'; readonly of: ExprNode; readonly member: Word }
    | { readonly kind: 'index'; readonly of: ExprNode; readonly index: ExprNode }
    | { readonly kind: 'call'; readonly name: Word; readonly args: readonly ExprNode[] }
  );

/** `filter (...)` */
export interface Clause extends Span, Trivia {
  readonly condition: ConditionNode;
}

/** `locations [x; 0:r0]` */
export interface Locations extends Span, Trivia {
  readonly of: readonly Place[];
}

/** The question of the test. */
export interface QuestionNode extends Span, Trivia {
  readonly quantifier: 'exists' | 'not-exists' | 'forall';
  readonly condition: ConditionNode;
}

/** What a condition reads: a register of a thread, a cell, or `crashed` and `deadlock`. */
export type Place = Span &
  (
    | { readonly kind: 'register'; readonly thread: Word; readonly register: Word }
    | {
        readonly kind: 'cell';
        readonly name: Word;
        readonly member?: Word;
        readonly index?: Constant;
      }
  );

/** A condition; `and` and `or` hold two or more operands, none of their own kind. */
export type ConditionNode = Span &
  (
    | { readonly kind: 'equals'; readonly place: Place; readonly value: Constant }
    | { readonly kind: 'and' | 'or'; readonly of: readonly ConditionNode[] }
    | { readonly kind: 'not'; readonly of: ConditionNode }
    | { readonly kind: 'implies'; readonly a: ConditionNode; readonly b: ConditionNode }
    | { readonly kind: 'true' | 'false' }
  );
