// Which member a choice takes, and what the user's answers to its members mean.
// @source scripts/kconfig/symbol.c sym_calc_choice(), choice_set_value() v6.12
// @source scripts/kconfig/symbol.c sym_calc_choice(), confdata.c set_all_choice_values() v6.1

import type { SymbolId } from '../names.ts';
import { clauseValue } from './expr.ts';
import type { ConfState } from './state.ts';
import { sym_calc_visibility, sym_clear_all_valid } from './symbol.ts';

/** The member that a choice takes; since 6.11, gives its members their values as well. */
export function sym_calc_choice(conf: ConfState, choice: number): SymbolId | undefined {
  return conf.classic ? classicChoice(conf, choice) : oneOfChoice(conf, choice);
}

// Up to 6.10: the answer to the choice is the member last answered with y. The choice counts as
// answered only where all members that can be seen are.
function classicChoice(conf: ConfState, choice: number): SymbolId | undefined {
  const symbol = conf.choiceSymbol(choice);
  for (const member of conf.members(choice)) {
    sym_calc_visibility(conf, member);
    if (conf.visible[member] !== 0 && conf.hasUser[member] === 0) conf.hasUser[symbol] = 0;
  }
  const user = conf.userPick.get(symbol);
  if (user !== undefined && conf.visible[user] !== 0) return user;
  const preferred = sym_choice_default(conf, choice);
  if (preferred === undefined) conf.tri[symbol] = 0;
  return preferred;
}

// Since 6.11: the y of highest priority, the default unless answered with n, the first without an
// answer, the n of lowest priority.
function oneOfChoice(conf: ConfState, choice: number): SymbolId | undefined {
  const order = conf.priority(choice);
  let picked: SymbolId | undefined;
  for (const member of order) {
    sym_calc_visibility(conf, member);
    if (conf.visible[member] === 0) continue;
    if (picked === undefined && conf.hasUser[member] === 1 && conf.userTri[member] === 2) {
      picked = member;
      break;
    }
  }
  if (picked === undefined) {
    picked = sym_choice_default(conf, choice);
    if (picked !== undefined && conf.hasUser[picked] === 1 && conf.userTri[picked] === 0) {
      picked = undefined;
    }
  }
  const entries = conf.entries(choice);
  picked ??= entries.find((id) => conf.visible[id] !== 0 && conf.hasUser[id] === 0);
  picked ??= order.findLast((id) => conf.visible[id] !== 0);
  for (const id of entries) {
    if (conf.visible[id] === 0) continue;
    conf.tri[id] = id === picked ? 2 : 0;
    conf.valid[id] = 1;
    conf.write[id] = 1;
  }
  return picked;
}

/** The member that a choice takes unasked; visibilities must have been calculated. */
export function sym_choice_default(conf: ConfState, choice: number): SymbolId | undefined {
  for (const clause of conf.node(choice).body.defaults) {
    const { value } = clause;
    if (value.kind !== 'symbol') continue;
    if (clauseValue(conf, choice, clause) === 0) continue;
    if (conf.visible[value.id] !== 0) return value.id;
  }
  return conf.entries(choice).find((id) => conf.visible[id] !== 0);
}

/** Since 6.11: the user takes a member, and refuses all others that can be seen. */
export function choice_set_value(conf: ConfState, choice: number, taken: SymbolId): void {
  let changed = false;
  for (const id of conf.entries(choice)) {
    if (conf.visible[id] === 0) continue;
    const value = id === taken ? 2 : 0;
    if (conf.tri[id] !== value) changed = true;
    conf.userTri[id] = value;
    conf.hasUser[id] = 1;
    raisePriority(conf, choice, id);
  }
  if (changed) sym_clear_all_valid(conf);
}

/** Since 6.11: the answer to this member counts before all others. */
export function raisePriority(conf: ConfState, choice: number, id: SymbolId): void {
  const others = conf.priority(choice).filter((member) => member !== id);
  conf.order.set(choice, [id, ...others]);
}

/** Since 6.11: the answer to this member counts after all others. */
export function lowerPriority(conf: ConfState, choice: number, id: SymbolId): void {
  const others = conf.priority(choice).filter((member) => member !== id);
  conf.order.set(choice, [...others, id]);
}

/** Up to 6.10: members that nobody has answered stay n, and the choice is answered. */
export function set_all_choice_values(conf: ConfState, symbol: SymbolId): void {
  for (const member of conf.members(conf.choiceNode(symbol))) {
    if (conf.hasUser[member] === 0) conf.userTri[member] = 0;
  }
  conf.hasUser[symbol] = 1;
  conf.needSet[symbol] = 0;
  conf.invalidate(symbol);
}
