// The value of a symbol, of the user's answers and all that it depends on.
// @source scripts/kconfig/symbol.c v6.1, v6.12

import type { DefaultClause, RangeClause } from '../ast.ts';
import { leadingNumber } from '../compare.ts';
import type { Expr } from '../expr.ts';
import type { Reverse } from '../model.ts';
import { idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { max, min, toTri, triText } from '../tri.ts';
import type { Tri } from '../tri.ts';
import { set_all_choice_values, sym_calc_choice } from './choice.ts';
import {
  clauseCondition,
  clauseValue,
  conditionValue,
  expr_calc_value,
  maybeValue,
  menuVisibility,
  nodeDependency,
} from './expr.ts';
import { TooDeep } from './state.ts';
import type { ConfState } from './state.ts';

/** Calculates a symbol, and what it depends on, where that has not been done. */
export function sym_calc_value(conf: ConfState, id: SymbolId): void {
  if (conf.calculationOrder !== undefined && !conf.isSettled) settle(conf, conf.calculationOrder);
  const known = conf.valid[id];
  if (known === 1) return;
  if (known === 2) {
    noteRecursion(conf, id);
    return;
  }
  conf.depth += 1;
  if (conf.depth > conf.limit) throw new TooDeep('dependencies');
  const choice = conf.memberOf(id);
  if (conf.needSet[id] === 1 && choice !== undefined) {
    conf.needSet[id] = 0;
    sym_calc_value(conf, conf.choiceSymbol(choice));
  }
  // Calculating the choice may have brought this one with it.
  if (conf.valid[id] === 0) {
    conf.valid[id] = 2;
    calculate(conf, id);
    if (conf.valid[id] === 2) conf.valid[id] = 1;
    if (conf.needSet[id] === 1) set_all_choice_values(conf, id);
  }
  conf.depth -= 1;
}

function settle(conf: ConfState, order: readonly SymbolId[]): void {
  conf.isSettled = true;
  for (const id of order) sym_calc_value(conf, id);
}

function noteRecursion(conf: ConfState, id: SymbolId): void {
  if (conf.memberOf(id) === undefined && conf.choiceNode(id) < 0) conf.recursive.add(id);
}

function calculate(conf: ConfState, id: SymbolId): void {
  const type = conf.typeOf(id);
  if (type === undefined) {
    conf.text[id] = conf.model.names.text(id);
    conf.tri[id] = 0;
    return;
  }
  conf.write[id] = 0;
  sym_calc_visibility(conf, id);
  if (conf.visible[id] !== 0) conf.write[id] = 1;
  // What a recursive question finds.
  conf.tri[id] = 0;
  const isChoice = conf.choiceNode(id) >= 0;
  if (type === 'bool' || type === 'tristate') calculateTri(conf, id, isChoice);
  else {
    conf.text[id] = conf.classic || type === 'string' ? '' : type === 'int' ? '0' : '0x0';
    calculateText(conf, id);
    if (type !== 'string') sym_validate_range(conf, id, type === 'int' ? 10 : 16);
  }
  if (id === conf.model.modules) conf.modulesTri = conf.curr(id);
  if (isChoice) leaveChoice(conf, id);
}

function leaveChoice(conf: ConfState, id: SymbolId): void {
  conf.picked.delete(id);
  if (conf.classic && conf.tri[id] === 2) {
    const picked = sym_calc_choice(conf, conf.choiceNode(id));
    if (picked !== undefined) conf.picked.set(id, picked);
  }
  if (conf.classic && conf.write[id] === 1) {
    for (const member of conf.members(conf.choiceNode(id))) {
      if (conf.visible[member] !== 0) conf.write[member] = 1;
    }
  }
  conf.write[id] = 0;
}

function calculateTri(conf: ConfState, id: SymbolId, isChoice: boolean): void {
  const choice = conf.memberOf(id);
  const visible = toTri(conf.visible[id]);
  if (choice !== undefined && !conf.classic) {
    sym_calc_choice(conf, choice);
    return;
  }
  if (choice !== undefined && visible === 2) {
    const symbol = conf.choiceSymbol(choice);
    conf.tri[id] = conf.picked.get(symbol) === id ? 2 : 0;
    return;
  }
  const reverse = toTri(conf.reverse[id]);
  let value: Tri = 0;
  if (visible !== 0 && conf.hasUser[id] === 1) value = min(toTri(conf.userTri[id]), visible);
  else {
    if (reverse !== 0) conf.write[id] = 1;
    if (!isChoice) value = unanswered(conf, id);
  }
  if (toTri(conf.direct[id]) < reverse) conf.unmet(id);
  value = max(value, reverse);
  conf.tri[id] = value === 1 && isBool(conf, id) ? 2 : value;
}

// The value without an answer and before selects: the default, raised by imply.
function unanswered(conf: ConfState, id: SymbolId): Tri {
  let value: Tri = 0;
  const found = activeDefault(conf, id);
  if (found !== undefined) {
    value = min(expr_calc_value(conf, found.clause.value), found.active);
    if (value !== 0) conf.write[id] = 1;
  }
  const implied = toTri(conf.implied[id]);
  if (implied !== 0) {
    conf.write[id] = 1;
    value = min(max(value, implied), toTri(conf.direct[id]));
  }
  return value;
}

function calculateText(conf: ConfState, id: SymbolId): void {
  const user = conf.userText.get(id);
  if (conf.visible[id] !== 0 && conf.hasUser[id] === 1 && user !== undefined) {
    conf.text[id] = user;
    return;
  }
  const env = environmentOf(conf, id);
  if (env !== undefined) {
    conf.text[id] = env;
    return;
  }
  const found = activeDefault(conf, id);
  if (found === undefined || found.clause.value.kind !== 'symbol') return;
  conf.write[id] = 1;
  sym_calc_value(conf, found.clause.value.id);
  conf.text[id] = textValue(conf, found.clause.value.id);
}

function environmentOf(conf: ConfState, id: SymbolId): string | undefined {
  for (const index of conf.nodesOf(id)) {
    const variable = conf.node(index).body.env;
    if (variable !== undefined) return conf.model.environment[variable] ?? '';
  }
  return undefined;
}

/** The type, with tristate taken for bool where m cannot be. */
export function isBool(conf: ConfState, id: SymbolId): boolean {
  if (!conf.isTristate(id) || conf.modulesTri === 0) return true;
  return conf.classic && conf.memberOf(id) !== undefined && conf.visible[id] === 2;
}

/** Whether prompts are seen, and what dependencies, selects and implies come to. */
export function sym_calc_visibility(conf: ConfState, id: SymbolId): void {
  const choice = conf.memberOf(id);
  let visible: Tri = 0;
  for (const index of conf.nodesOf(id)) {
    let place = 0;
    for (const { condition } of conf.node(index).body.prompts) {
      let seen = promptValue(conf, index, place, condition);
      place += 1;
      if (seen === 1 && hiddenInChoice(conf, id, choice)) seen = 0;
      conf.promptTri[index] = seen;
      visible = max(visible, seen);
    }
  }
  if (visible === 1 && (!conf.isTristate(id) || conf.modulesTri === 0)) visible = 2;
  conf.visible[id] = visible;
  if (choice !== undefined) return;
  // Numbers and texts may be selected, too, though conf warns of it.
  const plain = conf.isLogic(id) && isBool(conf, id);
  const raised = (value: Tri): Tri => (value === 1 && plain ? 2 : value);
  conf.direct[id] = raised(directDependency(conf, id));
  conf.reverse[id] = raised(reverseDependency(conf, id));
  conf.implied[id] = raised(impliedDependency(conf, id));
}

function promptValue(
  conf: ConfState,
  index: number,
  place: number,
  condition: Expr | undefined,
): Tri {
  const { rewritten } = conf;
  if (rewritten !== undefined) return maybeValue(conf, rewritten.prompts(index)[place], 2);
  const seen = min(nodeDependency(conf, index), menuVisibility(conf, index));
  return condition === undefined ? seen : min(seen, conditionValue(conf, condition));
}

// Up to 6.10: a tristate member that can be m only is not seen where its choice is y.
function hiddenInChoice(conf: ConfState, id: SymbolId, choice: number | undefined): boolean {
  if (!conf.classic || choice === undefined || !conf.isTristate(id)) return false;
  return conf.tri[conf.choiceSymbol(choice)] === 2;
}

// The dependencies of all definitions together; y for a choice, which has none of this kind. Like
// conf, a definition without any is passed over where another one has some: imply is then bound
// by the other (test: "imply is bound by the definitions that have dependencies").
function directDependency(conf: ConfState, id: SymbolId): Tri {
  if (conf.rewritten !== undefined) return maybeValue(conf, conf.rewritten.direct(id), 2);
  if (conf.choiceNode(id) >= 0) return 2;
  const nodes = conf.nodesOf(id);
  const bound = nodes.length < 2 ? nodes : nodes.filter((index) => isBound(conf, index));
  if (bound.length === 0) return 2;
  let value: Tri = 0;
  for (const index of bound) value = max(value, nodeDependency(conf, index));
  return value;
}

/** Whether a node or a block around it has a dependency written. */
export function isBound(conf: ConfState, index: number): boolean {
  for (let node = index; node >= 0; node = conf.node(node).parent) {
    const { depends, kind } = conf.node(node);
    if (depends.length > 0) return true;
    if (kind === 'choice' && conf.classic) return true;
  }
  return false;
}

// Up to 6.10: a choice that is not optional is at least m where its prompt can be seen.
function reverseDependency(conf: ConfState, id: SymbolId): Tri {
  if (conf.rewritten !== undefined) return maybeValue(conf, conf.rewritten.reverse(id), 0);
  const choice = conf.choiceNode(id);
  if (choice < 0) return reverseValue(conf, conf.selectsOf(id));
  if (!conf.classic) return 0;
  return conf.node(choice).body.optional ? 0 : min(toTri(conf.visible[id]), 1);
}

function impliedDependency(conf: ConfState, id: SymbolId): Tri {
  if (conf.rewritten !== undefined) return maybeValue(conf, conf.rewritten.implied(id), 0);
  return reverseValue(conf, conf.impliesOf(id));
}

function reverseValue(conf: ConfState, list: readonly Reverse[]): Tri {
  let value: Tri = 0;
  for (const { by, node, clause } of list) {
    sym_calc_value(conf, by);
    value = max(value, min(conf.curr(by), clauseCondition(conf, node, clause.condition)));
  }
  return value;
}

/** The first default whose condition holds, and how far it does. */
export function activeDefault(
  conf: ConfState,
  id: SymbolId,
): { readonly clause: DefaultClause; readonly active: Tri } | undefined {
  return activeClause(conf, id, (index) => conf.node(index).body.defaults);
}

/** The first range whose condition holds. */
export function activeRange(conf: ConfState, id: SymbolId): RangeClause | undefined {
  return activeClause(conf, id, (index) => conf.node(index).body.ranges)?.clause;
}

function activeClause<C extends { readonly condition?: Expr }>(
  conf: ConfState,
  id: SymbolId,
  clausesOf: (index: number) => readonly C[],
): { readonly clause: C; readonly active: Tri } | undefined {
  for (const index of conf.nodesOf(id)) {
    for (const clause of clausesOf(index)) {
      const active = clauseValue(conf, index, clause);
      if (active !== 0) return { clause, active };
    }
  }
  return undefined;
}

function sym_validate_range(conf: ConfState, id: SymbolId, base: 10 | 16): void {
  const range = activeRange(conf, id);
  if (range === undefined) return;
  const value = leadingNumber(conf.text[id] ?? '', base);
  const low = rangeBound(conf, range.low, base);
  if (value < low.value) conf.text[id] = low.text;
  else {
    const high = rangeBound(conf, range.high, base);
    if (value > high.value) conf.text[id] = high.text;
  }
}

/** A bound of a range: a bound with a type is read as its own type says. */
export function rangeBound(
  conf: ConfState,
  id: SymbolId,
  base: 10 | 16,
): { readonly text: string; readonly value: bigint | number } {
  sym_calc_value(conf, id);
  const text = textValue(conf, id);
  const type = conf.typeOf(id);
  return { text, value: leadingNumber(text, type === 'int' ? 10 : type === 'hex' ? 16 : base) };
}

/** The value as text, as last calculated: y, m, n, a number or a string; else the name itself. */
export function sym_get_string_value(conf: ConfState, id: SymbolId): string {
  if (conf.isLogic(id)) return triText(conf.curr(id));
  return conf.text[id] ?? conf.model.names.text(id);
}

/** The text that a number or string takes over from a symbol; conf takes `n` for any bool. */
export function textValue(conf: ConfState, id: SymbolId): string {
  return id > idY && conf.isLogic(id) ? 'n' : sym_get_string_value(conf, id);
}

/** Whether the user's answer can change the symbol. */
export function sym_is_changeable(conf: ConfState, id: SymbolId): boolean {
  if (!conf.classic && conf.choiceNode(id) >= 0) return false;
  return toTri(conf.visible[id]) > toTri(conf.reverse[id]);
}

/** Everything is to be calculated anew; the modules symbol, which all others see, is at once. */
export function sym_clear_all_valid(conf: ConfState): void {
  conf.clearValid();
  conf.changed = true;
  if (conf.model.modules !== undefined) sym_calc_value(conf, conf.model.modules);
}
