// The Kconfig of one tree for one port, ready to be evaluated: definitions in reading order, each
// with its place and its dependencies. Immutable; edit.ts makes changed copies.

import type { Body, Clause, SelectClause, SymbolType } from './ast.ts';
import type { NameTable, SymbolId } from './names.ts';
import type { Assumption, Profile } from './profile.ts';

/** One entry of the menu tree: a definition of a symbol, or a block around others. */
export interface MenuNode {
  readonly kind: 'root' | 'config' | 'menuconfig' | 'choice' | 'menu' | 'if' | 'comment';
  /** Number of the enclosing node in KconfigModel.nodes; -1 for the root. */
  readonly parent: number;
  /** The symbol defined here; for a choice its unnamed symbol; -1 for all other kinds. */
  readonly symbol: SymbolId;
  /** Dependencies written here; those of the enclosing nodes come on top. */
  readonly depends: readonly Clause[];
  readonly body: Body;
  /** What a menu or comment says; '' for all other kinds. */
  readonly title: string;
  readonly file: string;
  readonly line: number;
}

/** A `select` or `imply` seen from its target. */
export interface Reverse {
  readonly by: SymbolId;
  /** Number of the node that says it. */
  readonly node: number;
  readonly clause: SelectClause;
}

/**
 * How conf says a note: `info` prints the bare text to stdout; `message` and `warning` print
 * `FILE:LINE: TEXT` and `FILE:LINE:warning: TEXT` to stderr; `ours` it does not say at all.
 */
export type NoteKind = 'info' | 'message' | 'warning' | 'ours';

/** Something odd that conf would warn about, or that was not understood. */
export interface KconfigNote {
  readonly kind: NoteKind;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** How choices are evaluated; conf was rewritten in 6.11. */
export type ChoiceRules = 'one-of' | 'classic';

/** One tree read for one port under one profile. */
export interface KconfigModel {
  /** Id of the port that was read. */
  readonly port: string;
  readonly arch: string;
  /** Values that the port fixes before all others. */
  readonly preset: Readonly<Record<string, string>>;
  readonly profile: Profile;
  /** What `$(NAME)` and `option env` could see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly choiceRules: ChoiceRules;
  readonly names: NameTable;
  readonly nodes: readonly MenuNode[];
  /** Per symbol number: its defining nodes in reading order. */
  readonly definitions: ReadonlyMap<SymbolId, readonly number[]>;
  readonly types: ReadonlyMap<SymbolId, SymbolType>;
  readonly selectedBy: ReadonlyMap<SymbolId, readonly Reverse[]>;
  readonly impliedBy: ReadonlyMap<SymbolId, readonly Reverse[]>;
  /** Per choice node: the nodes of its members in reading order. */
  readonly members: ReadonlyMap<number, readonly number[]>;
  /** Per member symbol: its choice node. */
  readonly choiceOf: ReadonlyMap<SymbolId, number>;
  /** Unquoted names and choices in the order in which conf meets them. */
  readonly creation: readonly SymbolId[];
  /** The title of the whole, as `mainmenu` gives it. */
  readonly mainmenu: string;
  /** The symbol that says `modules`; undefined where none does. */
  readonly modules: SymbolId | undefined;
  /** Kconfig files read, sorted. */
  readonly files: readonly string[];
  /** Every answer that was assumed instead of asking a toolchain, in reading order. */
  readonly assumptions: readonly Assumption[];
  readonly notes: readonly KconfigNote[];
  /** The tree's release as its Makefile gives it, e.g. `6.12.117`; '' where it gives none. */
  readonly version: string;
}

/** True where the tree defines the symbol for this port. */
export function isDefined(model: KconfigModel, name: string): boolean {
  const id = model.names.find(name);
  return id !== undefined && model.definitions.has(id);
}

/** Names of all symbols that the port defines, sorted; choices have none and are left out. */
export function symbolNames(model: KconfigModel): readonly string[] {
  const names: string[] = [];
  for (const id of model.definitions.keys()) {
    if (!model.names.isConstant(id)) names.push(model.names.text(id));
  }
  return names.sort();
}
