// What a Kconfig file says, statement by statement, with the line of each. A line with macros in it
// stays as tokens until a port is known; everything else is parsed once and shared by all ports.

import type { Problem } from '../../base/index.ts';
import type { Expr } from './expr.ts';
import type { Remark, Token } from './lex.ts';
import type { SymbolId } from './names.ts';

/** The types a symbol can have; a symbol without one has no value. */
export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string';

/** One line below a config, choice, menu or comment statement. */
export type Option =
  | {
      readonly kind: 'type';
      readonly type: SymbolType;
      readonly prompt?: string;
      readonly condition?: Expr;
      readonly line: number;
    }
  | {
      readonly kind: 'prompt';
      readonly text: string;
      readonly condition?: Expr;
      readonly line: number;
    }
  | {
      readonly kind: 'default';
      readonly type?: SymbolType;
      readonly value: Expr;
      readonly condition?: Expr;
      readonly line: number;
    }
  | {
      readonly kind: 'select' | 'imply';
      readonly target: SymbolId;
      readonly condition?: Expr;
      readonly line: number;
    }
  | {
      readonly kind: 'range';
      readonly low: SymbolId;
      readonly high: SymbolId;
      readonly condition?: Expr;
      readonly line: number;
    }
  | { readonly kind: 'depends' | 'visible'; readonly expr: Expr; readonly line: number }
  | { readonly kind: 'env'; readonly variable: string; readonly line: number }
  | { readonly kind: 'help'; readonly text: string; readonly line: number }
  | {
      readonly kind: 'modules' | 'optional' | 'transitional' | 'allnoconfig_y';
      readonly line: number;
    };

/** An option, or the tokens of one that has macros in it. */
export type OptionOrTokens =
  | Option
  | { readonly kind: 'deferred'; readonly tokens: readonly Token[]; readonly line: number };

/** What a symbol or choice definition adds, sorted by kind, each kind in the order written. */
export interface Body {
  readonly types: readonly TypeClause[];
  readonly prompts: readonly PromptClause[];
  readonly defaults: readonly DefaultClause[];
  readonly selects: readonly SelectClause[];
  readonly implies: readonly SelectClause[];
  readonly ranges: readonly Extract<Option, { kind: 'range' }>[];
  readonly depends: readonly Clause[];
  readonly visible: readonly Clause[];
  readonly modules: boolean;
  readonly optional: boolean;
  readonly transitional: boolean;
  readonly env?: string;
  /** The help text as written, its indentation included. */
  readonly help?: string;
  /** `option allnoconfig_y`: conf before 5.x answered y in an all-no run. */
  readonly allnoconfigY: boolean;
}

/** One `depends on` or `visible if` line (or the condition of an `if` block). */
export interface Clause {
  readonly expr: Expr;
  readonly line: number;
}

/** A line that may give a symbol its type. */
export type TypeClause = Extract<Option, { kind: 'type' | 'default' }>;

/** A prompt, from a line of its own or from the type line. */
export interface PromptClause {
  readonly text: string;
  readonly condition?: Expr;
  readonly line: number;
}

/** A `default`, `def_bool` or `def_tristate` line. */
export type DefaultClause = Extract<Option, { kind: 'default' }>;
/** A `range` line. */
export type RangeClause = Extract<Option, { kind: 'range' }>;
/** A `select` or `imply` line. */
export type SelectClause = Extract<Option, { kind: 'select' | 'imply' }>;

/** The options of a definition: sorted already, or still with macros in them. */
export type Options =
  | { readonly ready: true; readonly body: Body }
  | { readonly ready: false; readonly options: readonly OptionOrTokens[] };

/** A name that is known, or the token of one that has macros in it. */
export type NameOrToken = SymbolId | Token;

/** One statement with everything that belongs to it. `line` is where it starts, from 1. */
export type Statement =
  | {
      readonly kind: 'config' | 'menuconfig';
      readonly name: NameOrToken;
      readonly options: Options;
      readonly line: number;
    }
  | {
      readonly kind: 'choice';
      readonly options: Options;
      readonly body: readonly Statement[];
      /** How many of the file's words stand before it. */
      readonly wordCount: number;
      readonly line: number;
    }
  | {
      readonly kind: 'menu';
      readonly title: Token;
      readonly options: Options;
      readonly body: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expr | readonly Token[];
      readonly body: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly kind: 'comment';
      readonly title: Token;
      readonly options: Options;
      readonly line: number;
    }
  | { readonly kind: 'mainmenu'; readonly title: Token; readonly line: number }
  | {
      readonly kind: 'source';
      readonly path: Token;
      /** `osource` and `orsource`: no complaint where nothing matches. */
      readonly optional: boolean;
      /** `rsource` and `orsource`: the path starts in the folder of the file that says it. */
      readonly relative: boolean;
      /** How many of the file's words stand before it. */
      readonly wordCount: number;
      readonly line: number;
    }
  | {
      readonly kind: 'assign';
      readonly name: Token;
      readonly op: '=' | ':=' | '+=';
      readonly value: string;
      readonly line: number;
    }
  /** A macro call at the start of a line, such as `$(error-if,...)`. */
  | { readonly kind: 'call'; readonly token: Token; readonly line: number };

/** One parsed file; `path` is relative to the tree. */
export interface FileAst {
  readonly path: string;
  readonly statements: readonly Statement[];
  /** Unquoted words in the order in which they occur first. */
  readonly words: readonly SymbolId[];
  readonly remarks: readonly Remark[];
  /** What is wrong behind the last statement. */
  readonly problem?: Problem;
}

/** Sorts options by kind. */
export function bodyOf(options: readonly Option[]): Body {
  const pick = <K extends Option['kind']>(...kinds: readonly K[]): OptionOf<K>[] =>
    options.filter((option): option is OptionOf<K> => kinds.some((kind) => kind === option.kind));
  const typed = pick('type', 'default').filter((option) => option.type !== undefined);
  const env = pick('env').at(-1)?.variable;
  const help = pick('help').at(-1)?.text;
  return {
    types: typed,
    prompts: pick('type', 'prompt').flatMap(promptOf),
    defaults: pick('default'),
    selects: pick('select'),
    implies: pick('imply'),
    ranges: pick('range'),
    depends: pick('depends'),
    visible: pick('visible'),
    modules: pick('modules').length > 0,
    optional: pick('optional').length > 0,
    transitional: pick('transitional').length > 0,
    allnoconfigY: pick('allnoconfig_y').length > 0,
    ...(env === undefined ? {} : { env }),
    ...(help === undefined ? {} : { help }),
  };
}

type OptionOf<K extends Option['kind']> = Extract<Option, { kind: K }>;

function promptOf(option: OptionOf<'type' | 'prompt'>): readonly PromptClause[] {
  if (option.kind === 'prompt') return [option];
  const { prompt, condition, line } = option;
  if (prompt === undefined) return [];
  return [{ text: prompt, line, ...(condition === undefined ? {} : { condition }) }];
}
