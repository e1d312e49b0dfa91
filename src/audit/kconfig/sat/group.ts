// The reasons that a formula is made of: each is one line of a Kconfig file, or one fact about a
// symbol, in words and with its place.

import type { SymbolId } from '../names.ts';

/** What a reason is about. */
export type GroupKind =
  /** A `depends on` line of the symbol itself. */
  | 'depends'
  /** A dependency or `visible if` of a block around definitions. */
  | 'block'
  /** The condition of a prompt. */
  | 'prompt'
  /** That a symbol has no other way to a value than those listed. */
  | 'sources'
  | 'default'
  | 'select'
  | 'imply'
  | 'choice'
  /** No Kconfig file defines the symbol, or none gives it a type. */
  | 'undefined'
  /** The values that a number or string can have. */
  | 'value'
  /** Set from outside, before all else. */
  | 'fixed';

/** One reason. `text` goes on after the name of the symbol, as in `A depends on B`. */
export interface Group {
  readonly kind: GroupKind;
  /** The symbol it is about; -1 for a block. */
  readonly symbol: SymbolId;
  /** The node that it stands in; -1 where there is none. */
  readonly node: number;
  readonly file: string;
  readonly line: number;
  readonly text: () => string;
  /** The symbols that it leads on to. */
  readonly leads: () => readonly SymbolId[];
}
