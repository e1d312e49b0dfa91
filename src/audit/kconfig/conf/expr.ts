// The values of expressions, and of the dependencies of entries.
// @source scripts/kconfig/expr.c expr_calc_value(), menu.c _menu_finalize() v6.1, v6.12

import { at, never } from '../../../base/index.ts';
import type { SymbolType } from '../ast.ts';
import { compareOperands } from '../compare.ts';
import type { Expr } from '../expr.ts';
import { idM, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { max, min, toTri } from '../tri.ts';
import type { Tri } from '../tri.ts';
import type { ConfState } from './state.ts';
import { sym_calc_value, sym_get_string_value } from './symbol.ts';

/** The value of an expression as written; `m` is m. */
export function expr_calc_value(conf: ConfState, expr: Expr): Tri {
  return value(conf, expr, false);
}

/** The value of a dependency or condition: there, `m` means `m && MODULES`. */
export function conditionValue(conf: ConfState, expr: Expr): Tri {
  return value(conf, expr, true);
}

function value(conf: ConfState, expr: Expr, needsModules: boolean): Tri {
  switch (expr.kind) {
    case 'symbol': {
      if (expr.id === idM && needsModules) return min(1, modulesValue(conf));
      sym_calc_value(conf, expr.id);
      return conf.curr(expr.id);
    }
    case 'not':
      return toTri(2 - value(conf, expr.a, needsModules));
    case 'and':
      return min(value(conf, expr.a, needsModules), value(conf, expr.b, needsModules));
    case 'or':
      return max(value(conf, expr.a, needsModules), value(conf, expr.b, needsModules));
    case 'compare': {
      const a = { text: textOf(conf, expr.a), type: typeIn(conf, expr.a) };
      const b = { text: textOf(conf, expr.b), type: typeIn(conf, expr.b) };
      return compareOperands(a, expr.op, b) ? 2 : 0;
    }
    default:
      return never(expr, 'expression');
  }
}

function modulesValue(conf: ConfState): Tri {
  const { modules } = conf.model;
  if (modules === undefined) return 0;
  sym_calc_value(conf, modules);
  return conf.curr(modules);
}

function textOf(conf: ConfState, id: SymbolId): string {
  sym_calc_value(conf, id);
  return sym_get_string_value(conf, id);
}

function typeIn(conf: ConfState, id: SymbolId): SymbolType | undefined {
  return id <= idY ? 'tristate' : conf.typeOf(id);
}

/** All dependencies of a node: its own, and those of the blocks around it. */
export function nodeDependency(conf: ConfState, index: number): Tri {
  if (conf.rewritten !== undefined) return maybeValue(conf, conf.rewritten.dep(index), 2);
  if (conf.nodeEpoch[index] === conf.epoch) return toTri(conf.nodeTri[index]);
  const node = conf.node(index);
  let result: Tri = node.parent < 0 ? 2 : parentDependency(conf, node.parent);
  for (const clause of node.depends) result = min(result, conditionValue(conf, clause.expr));
  if (conf.classic && conf.isMemberNode[index] === 1) {
    result = min(result, memberLimit(conf, node.symbol));
  }
  conf.nodeTri[index] = result;
  conf.nodeEpoch[index] = conf.epoch;
  return result;
}

/** The value of a rewritten expression; `none` where there is none. */
export function maybeValue(conf: ConfState, expr: Expr | undefined, none: Tri): Tri {
  return expr === undefined ? none : expr_calc_value(conf, expr);
}

/** How far a default or range holds. */
export function clauseValue(
  conf: ConfState,
  node: number,
  clause: { readonly condition?: Expr },
): Tri {
  if (conf.rewritten !== undefined) return maybeValue(conf, conf.rewritten.clause(clause), 2);
  return clauseCondition(conf, node, clause.condition);
}

/** The condition of a clause together with the dependencies of its node. */
export function clauseCondition(conf: ConfState, node: number, condition: Expr | undefined): Tri {
  const result = nodeDependency(conf, node);
  return condition === undefined ? result : min(result, conditionValue(conf, condition));
}

// Up to 6.10 choices bound what they hold by their own value instead of their dependencies.
function parentDependency(conf: ConfState, index: number): Tri {
  const parent = conf.node(index);
  if (conf.classic && parent.kind === 'choice') {
    sym_calc_value(conf, parent.symbol);
    return conf.curr(parent.symbol);
  }
  return nodeDependency(conf, index);
}

// A bool member of a tristate choice needs the choice to be y.
function memberLimit(conf: ConfState, member: SymbolId): Tri {
  const choice = conf.memberOf(member);
  if (choice === undefined) return 2;
  const symbol = conf.choiceSymbol(choice);
  if (!conf.isTristate(symbol) || conf.isTristate(member)) return 2;
  sym_calc_value(conf, symbol);
  return conf.curr(symbol) === 2 ? 2 : 0;
}

/** Whether the `visible if` of the menus around a node let its prompt be seen. */
export function menuVisibility(conf: ConfState, index: number): Tri {
  if (conf.menuEpoch[index] === conf.epoch) return toTri(conf.menuTri[index]);
  const node = conf.node(index);
  let result: Tri = 2;
  if (node.parent >= 0) {
    result = menuVisibility(conf, node.parent);
    const { body } = at(conf.model.nodes, node.parent);
    for (const clause of body.visible) result = min(result, conditionValue(conf, clause.expr));
  }
  conf.menuTri[index] = result;
  conf.menuEpoch[index] = conf.epoch;
  return result;
}
