// Answers to all questions at once: yes, m, no, the default, or by the throw of a die.
// @source scripts/kconfig/conf.c conf_set_all_new_symbols(), randomize_choice_values() v6.1, v6.12

import type { SymbolId } from '../names.ts';
import { lowerPriority, set_all_choice_values } from './choice.ts';
import { symbolOrder } from './hash.ts';
import type { ConfState } from './state.ts';
import { isBool, sym_calc_value, sym_clear_all_valid } from './symbol.ts';

/** How questions without an answer are answered. */
export type DefaultMode = 'default' | 'yes' | 'mod' | 'no' | 'random';

/** Chances in per cent that a random bool is y, a random tristate y or m. */
export interface Probability {
  readonly boolY: number;
  readonly triY: number;
  readonly triM: number;
}

/** What conf takes where KCONFIG_PROBABILITY is not set. */
export const evenChances: Probability = { boolY: 50, triY: 33, triM: 33 };

/** The source of chance, as rand() of the C library gives it, and the chances. */
export interface Dice {
  readonly rand: () => number;
  readonly probability: Probability;
}

const noDice: Dice = { rand: () => 0, probability: evenChances };

/** Answers all that the user has not answered. `random` needs the dice. */
export function conf_set_all_new_symbols(
  conf: ConfState,
  mode: DefaultMode,
  dice: Dice = noDice,
): void {
  if (!conf.classic) answerPrompts(conf, mode, dice);
  else if (mode !== 'random') answerClassic(conf, mode, dice);
  else while (answerClassic(conf, mode, dice));
}

// Since 6.11: every prompt in the order of the menus, choices aside.
function answerPrompts(conf: ConfState, mode: DefaultMode, dice: Dice): void {
  for (const { kind, symbol, body } of conf.model.nodes) {
    if (symbol === -1 || body.prompts.length === 0) continue;
    if (conf.hasUser[symbol] === 1 || !conf.isLogic(symbol)) continue;
    if (kind === 'choice') {
      if (mode === 'random') randomizeOneOf(conf, symbol, dice);
      continue;
    }
    if (conf.memberOf(symbol) !== undefined || mode === 'default') continue;
    conf.userTri[symbol] = answer(conf, symbol, mode, dice);
    conf.hasUser[symbol] = 1;
  }
  sym_clear_all_valid(conf);
}

function answer(conf: ConfState, id: SymbolId, mode: DefaultMode, dice: Dice): number {
  if (mode === 'yes') return 2;
  if (mode === 'mod') return 1;
  if (mode === 'no') return 0;
  const { boolY, triY, triM } = dice.probability;
  const thrown = dice.rand() % 100;
  if (!conf.isTristate(id)) return thrown < boolY ? 2 : 0;
  return thrown < triY ? 2 : thrown < triY + triM ? 1 : 0;
}

// Since 6.11: the members in random order, all y; what stands in front is taken if it can be seen.
function randomizeOneOf(conf: ConfState, symbol: SymbolId, dice: Dice): void {
  const choice = conf.choiceNode(symbol);
  const entries = conf.entries(choice);
  let count = entries.filter((id) => conf.hasUser[id] === 0).length;
  for (; count > 0; count -= 1) {
    let place = dice.rand() % count;
    for (const id of entries) {
      if (conf.hasUser[id] === 0) place -= 1;
      if (place >= 0) continue;
      conf.userTri[id] = 2;
      conf.hasUser[id] = 1;
      lowerPriority(conf, choice, id);
      break;
    }
  }
}

// Up to 6.10: all symbols, prompts or not, in the order of the hash table; choices afterwards. Says
// whether anything had been without an answer.
function answerClassic(conf: ConfState, mode: DefaultMode, dice: Dice): boolean {
  // The order counts only where dice are thrown.
  const { model } = conf;
  const symbols = mode === 'random' ? symbolOrder(model) : [...model.types.keys()];
  let changed = false;
  for (const id of symbols) {
    if (conf.hasUser[id] === 1 || conf.valid[id] === 1 || !conf.isLogic(id)) continue;
    changed = true;
    if (mode === 'default') continue;
    conf.userTri[id] = answer(conf, id, mode, dice);
    if (mode === 'no' && isAllnoconfigY(conf, id)) conf.userTri[id] = 2;
    if (!(conf.choiceNode(id) >= 0 && mode === 'random')) conf.hasUser[id] = 1;
  }
  sym_clear_all_valid(conf);
  if (mode !== 'random') {
    for (const id of symbols) {
      const isOpen = conf.choiceNode(id) >= 0 && conf.hasUser[id] === 0;
      if (isOpen || conf.memberOf(id) !== undefined) conf.needSet[id] = 1;
    }
  }
  for (const id of symbols) {
    if (conf.hasUser[id] === 1 || conf.choiceNode(id) < 0) continue;
    sym_calc_value(conf, id);
    if (mode === 'random') changed = randomizeClassic(conf, id, dice) || changed;
    else {
      set_all_choice_values(conf, id);
      changed = true;
    }
  }
  return changed;
}

function isAllnoconfigY(conf: ConfState, id: SymbolId): boolean {
  const nodes = conf.nodesOf(id);
  return nodes.some((index) => conf.node(index).body.allnoconfigY);
}

function randomizeClassic(conf: ConfState, symbol: SymbolId, dice: Dice): boolean {
  if (conf.tri[symbol] !== 2) return false;
  const members = conf.members(conf.choiceNode(symbol));
  const taken = members[dice.rand() % members.length];
  for (const id of members) {
    conf.userTri[id] = id === taken ? 2 : 0;
    if (id === taken) conf.userPick.set(symbol, id);
    conf.hasUser[id] = 1;
    conf.invalidate(id);
  }
  conf.hasUser[symbol] = 1;
  conf.invalidate(symbol);
  return true;
}

/** Changes every answer of one value to another (yes2mod, mod2yes, mod2no). */
export function conf_rewrite_tristates(conf: ConfState, from: number, to: number): void {
  for (const id of conf.model.types.keys()) {
    if (!conf.isTristate(id) || isBool(conf, id)) continue;
    if (conf.userTri[id] === from) conf.userTri[id] = to;
  }
  sym_clear_all_valid(conf);
}
