// An entry while its lines are read, and what conf says of each.
// @source scripts/kconfig/menu.c menu_add_prompt(), menu_set_type() v6.1, v6.12

import type { Option, SymbolType } from '../ast.ts';
import type { ModelBuilder } from '../build.ts';
import type { Token } from '../lex.ts';
import type { Place } from '../lines.ts';
import type { NoteKind } from '../model.ts';
import type { SymbolId } from '../names.ts';
import type { EntryKind } from './grammar.ts';
import { sym_type_name } from './print-type.ts';

/** An entry whose end has not been met. */
export interface Entry {
  readonly kind: EntryKind;
  readonly place: Place;
  readonly symbol: SymbolId;
  readonly title: string;
  readonly options: Option[];
  hasPrompt: boolean;
  help: string | undefined;
}

/** What an entry is read into. */
export interface EntryContext {
  readonly isClassic: boolean;
  readonly builder: ModelBuilder;
  readonly nameOf: (id: SymbolId) => string;
  readonly note: (kind: NoteKind, text: string, place?: Place) => void;
  /** An error behind which conf goes on for a while. */
  readonly wrong: (text: string) => void;
}

/** A new entry without lines. */
export function startEntry(kind: EntryKind, place: Place, symbol: SymbolId): Entry {
  return { kind, place, symbol, title: '', options: [], hasPrompt: false, help: undefined };
}

/** Takes one line; false where it may not stand in an entry of this kind. */
export function takeOption(
  entry: Entry,
  option: Option,
  tokens: readonly Token[],
  context: EntryContext,
): boolean {
  if (entry.kind === 'choice' && !fitsChoice(option, tokens, context)) return false;
  if (hasPrompt(option)) {
    if (entry.hasPrompt) context.note('warning', 'prompt redefined');
    entry.hasPrompt = true;
  }
  if ((option.kind === 'type' || option.kind === 'default') && option.type !== undefined) {
    menu_set_type(entry, option.type, context);
  }
  if (option.kind === 'modules') takeModules(entry, context);
  entry.options.push(option);
  return true;
}

function hasPrompt(option: Option): boolean {
  return option.kind === 'prompt' || (option.kind === 'type' && option.prompt !== undefined);
}

// Since 6.11 `bool` in a choice is another word for `prompt`.
function fitsChoice(
  option: Option,
  tokens: readonly Token[],
  { isClassic }: EntryContext,
): boolean {
  if (option.kind === 'type') return isClassic || option.prompt !== undefined;
  if (option.kind !== 'default') return true;
  const value = tokens[1]?.kind;
  return option.value.kind === 'symbol' && (value === 'word' || value === 'symbol');
}

function menu_set_type(
  { symbol, kind, place }: Entry,
  type: SymbolType,
  context: EntryContext,
): void {
  const known = context.builder.typeOf(symbol);
  if (known === undefined || known === type) {
    context.builder.setType(symbol, type);
    return;
  }
  const name = kind === 'choice' ? '<choice>' : context.nameOf(symbol);
  const [from, to] = [sym_type_name(known), sym_type_name(type)];
  const text = `ignoring type redefinition of '${name}' from '${from}' to '${to}'`;
  context.note('warning', text, place);
}

function takeModules({ symbol, options }: Entry, { builder, wrong, nameOf }: EntryContext): void {
  const isAgain = options.some(({ kind }) => kind === 'modules');
  const known = builder.modulesSymbol() ?? (isAgain ? symbol : undefined);
  if (known === undefined) return;
  const [name, other] = [nameOf(symbol), nameOf(known)];
  wrong(`symbol '${name}' redefines option 'modules' already defined by symbol '${other}'`);
}
