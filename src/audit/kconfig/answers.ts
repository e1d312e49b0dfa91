// What the user of conf answers in an all-yes run: the values of a preset first (as
// KCONFIG_ALLCONFIG gives them), then y to every bool and tristate that can be asked.
// @source scripts/kconfig/confdata.c conf_read_simple() v6.1, v6.12
// @source scripts/kconfig/conf.c conf_set_all_new_symbols() v6.1, v6.12

import { at } from '../../base/index.ts';
import type { KconfigModel } from './model.ts';
import type { SymbolId } from './names.ts';

/** Answers by symbol number. */
export interface Answers {
  /** 0, 1, 2 for n, m, y as the preset says; -1 where it says nothing. */
  readonly tri: Int8Array;
  /** Whether the answer to the symbol is yes where the preset says nothing. */
  asked(id: SymbolId): boolean;
  /** Answers for numbers and strings. */
  readonly text: ReadonlyMap<SymbolId, string>;
  /** Per choice node: its members in falling priority, where a preset changed the order. */
  readonly priority: ReadonlyMap<number, readonly SymbolId[]>;
  /** Per choice node: the member that the preset last set to y. */
  readonly picked: ReadonlyMap<number, SymbolId>;
}

/** The answers of an all-yes run. Names that the port does not define are passed over. */
export function yesAnswers(model: KconfigModel, preset: Readonly<Record<string, string>>): Answers {
  const tri = new Int8Array(model.names.size()).fill(-1);
  const text = new Map<SymbolId, string>();
  const priority = new Map<number, readonly SymbolId[]>();
  const picked = new Map<number, SymbolId>();
  if (Object.keys(preset).length > 0) answerChoices(model, tri);
  for (const [name, value] of Object.entries(preset)) {
    const id = model.names.find(name);
    const type = id === undefined ? undefined : model.types.get(id);
    if (id === undefined || type === undefined) continue;
    if (type !== 'bool' && type !== 'tristate') {
      text.set(id, value);
      continue;
    }
    if (value !== 'y' && value !== 'n' && !(value === 'm' && type === 'tristate')) continue;
    tri[id] = value === 'y' ? 2 : value === 'm' ? 1 : 0;
    const choice = model.choiceOf.get(id);
    if (choice === undefined) continue;
    if (value === 'y') picked.set(choice, id);
    raise(model, tri, choice, tri[id] ?? 0);
    const order = priority.get(choice) ?? memberSymbols(model, choice);
    priority.set(choice, [id, ...order.filter((member) => member !== id)]);
  }
  return { tri, asked: (id) => canBeAsked(model, id), text, priority, picked };
}

// Reading a preset, the older conf notes n for every choice (so that an optional one stays off and
// a tristate one becomes m) and then raises it to the highest answer for one of its members.
function answerChoices(model: KconfigModel, tri: Int8Array): void {
  if (model.choiceRules !== 'classic') return;
  for (const index of model.members.keys()) {
    const { symbol } = at(model.nodes, index);
    if (symbol !== -1) tri[symbol] = 0;
  }
}

function raise(model: KconfigModel, tri: Int8Array, choice: number, value: number): void {
  const { symbol } = at(model.nodes, choice);
  if (model.choiceRules !== 'classic' || symbol === -1) return;
  tri[symbol] = Math.max(at(tri, symbol), value);
}

// The older conf answers for every symbol, the newer one only for prompts outside choices.
function canBeAsked(model: KconfigModel, id: SymbolId): boolean {
  if (model.choiceRules === 'classic') return true;
  if (model.choiceOf.has(id)) return false;
  return (model.definitions.get(id) ?? []).some((index) => {
    const node = at(model.nodes, index);
    return node.kind !== 'choice' && node.body.prompts.length > 0;
  });
}

/** The members of a choice node in reading order, each once. */
export function memberSymbols(model: KconfigModel, choice: number): readonly SymbolId[] {
  const symbols = new Set<SymbolId>();
  for (const index of model.members.get(choice) ?? []) {
    const { symbol } = at(model.nodes, index);
    if (symbol !== -1) symbols.add(symbol);
  }
  return [...symbols];
}
