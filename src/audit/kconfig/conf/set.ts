// What a user may answer to a symbol, and what an answer changes.
// @source scripts/kconfig/symbol.c sym_set_tristate_value(), sym_set_string_value() v6.1, v6.12

import type { SymbolType } from '../ast.ts';
import { leadingNumber } from '../compare.ts';
import type { SymbolId } from '../names.ts';
import { max, min, toTri } from '../tri.ts';
import type { Tri } from '../tri.ts';
import { sym_choice_default } from './choice.ts';
import { expr_calc_value } from './expr.ts';
import type { ConfState } from './state.ts';
import {
  activeDefault,
  activeRange,
  isBool,
  rangeBound,
  sym_calc_value,
  sym_calc_visibility,
  sym_clear_all_valid,
  textValue,
} from './symbol.ts';

/** Whether the user may give the value now. */
export function sym_tristate_within_range(conf: ConfState, id: SymbolId, value: Tri): boolean {
  const visible = toTri(conf.visible[id]);
  const reverse = toTri(conf.reverse[id]);
  if (visible === 0 || !conf.isLogic(id)) return false;
  if (value === 1 && isBool(conf, id)) return false;
  if (visible <= reverse) return false;
  if (conf.classic && conf.memberOf(id) !== undefined && visible === 2) return value === 2;
  return value >= reverse && value <= visible;
}

/** The user's answer to a bool or tristate symbol; false where it may not be given. */
export function sym_set_tristate_value(conf: ConfState, id: SymbolId, value: Tri): boolean {
  const old = conf.curr(id);
  const mayStay = conf.classic && old === value;
  if (!mayStay && !sym_tristate_within_range(conf, id, value)) return false;
  if (conf.classic) answerClassicChoice(conf, id, value);
  conf.userTri[id] = value;
  conf.hasUser[id] = 1;
  if (old !== value) sym_clear_all_valid(conf);
  return true;
}

// Up to 6.10: taking a member answers the choice and all members that can be seen.
function answerClassicChoice(conf: ConfState, id: SymbolId, value: Tri): void {
  if (conf.hasUser[id] === 0) conf.hasUser[id] = 1;
  const choice = conf.memberOf(id);
  if (choice === undefined || value !== 2) return;
  const symbol = conf.choiceSymbol(choice);
  conf.userPick.set(symbol, id);
  conf.hasUser[symbol] = 1;
  for (const member of conf.members(choice)) {
    if (conf.visible[member] !== 0) conf.hasUser[member] = 1;
  }
}

/** Whether a text can be a value of the symbol at all. */
export function sym_string_valid(conf: ConfState, id: SymbolId, text: string): boolean {
  return isValidText(conf.typeOf(id), text);
}

/** Whether a text can be a value of a type; of none, where there is no type. */
export function isValidText(type: SymbolType | undefined, text: string): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'int':
      return /^-?(0|[1-9][0-9]*)$/.test(text);
    case 'hex':
      return /^(0[xX])?[0-9a-fA-F]+$/.test(text);
    case 'bool':
    case 'tristate':
      return /^[yYmMnN]/.test(text);
    case undefined:
      return false;
  }
}

/** Whether a text is a value that the symbol may have now. */
export function sym_string_within_range(conf: ConfState, id: SymbolId, text: string): boolean {
  const type = conf.typeOf(id);
  if (type === 'bool' || type === 'tristate') {
    const value = letterValue(text);
    return value !== undefined && sym_tristate_within_range(conf, id, value);
  }
  if (!sym_string_valid(conf, id, text)) return false;
  if (type !== 'int' && type !== 'hex') return true;
  const range = activeRange(conf, id);
  if (range === undefined) return true;
  const base = type === 'int' ? 10 : 16;
  const value = leadingNumber(text, base);
  const isAbove = value >= rangeBound(conf, range.low, base).value;
  return isAbove && value <= rangeBound(conf, range.high, base).value;
}

/** The user's answer as text; false where it may not be given. */
export function sym_set_string_value(conf: ConfState, id: SymbolId, text: string): boolean {
  if (conf.isLogic(id)) {
    const value = letterValue(text);
    return value !== undefined && sym_set_tristate_value(conf, id, value);
  }
  if (!sym_string_within_range(conf, id, text)) return false;
  const isBare = conf.typeOf(id) === 'hex' && !/^0[xX]/.test(text);
  const value = isBare ? `0x${text}` : text;
  const old = conf.userText.get(id);
  conf.hasUser[id] = 1;
  if (!isBare && old === value) return true;
  conf.userText.set(id, value);
  sym_clear_all_valid(conf);
  return true;
}

function letterValue(text: string): Tri | undefined {
  const place = 'nmy'.indexOf(text.slice(0, 1).toLowerCase() || '?');
  return place < 0 ? undefined : toTri(place);
}

/** The value that a symbol has unasked, as conf reckons it for a minimal configuration. */
export function sym_get_string_default(conf: ConfState, id: SymbolId): string {
  sym_calc_visibility(conf, id);
  const { modules } = conf.model;
  if (modules !== undefined) sym_calc_value(conf, modules);
  const found = activeDefault(conf, id);
  if (!conf.isLogic(id)) return textDefault(conf, id, found?.clause.value);
  let value: Tri = 0;
  if (found !== undefined) value = min(expr_calc_value(conf, found.clause.value), found.active);
  value = max(value, toTri(conf.reverse[id]));
  const noModules = conf.memberOf(id) === undefined && conf.modulesTri === 0;
  if (value === 1 && (noModules || conf.typeOf(id) === 'bool')) value = 2;
  value = max(value, toTri(conf.implied[id]));
  return 'nmy'[value] ?? 'n';
}

function textDefault(
  conf: ConfState,
  id: SymbolId,
  value: Parameters<typeof expr_calc_value>[1] | undefined,
): string {
  let text = '';
  if (value?.kind === 'symbol') {
    sym_calc_value(conf, value.id);
    text = textValue(conf, value.id);
  }
  if (text !== '' || conf.classic) return text;
  const type = conf.typeOf(id);
  return type === 'int' ? '0' : type === 'hex' ? '0x0' : '';
}

/** Whether a symbol is the member that its choice takes unasked. */
export function isChoiceDefault(conf: ConfState, id: SymbolId): boolean {
  const choice = conf.memberOf(id);
  return choice !== undefined && sym_choice_default(conf, choice) === id;
}
