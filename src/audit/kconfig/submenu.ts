// The submenus that conf makes of entries which depend on the entry before them. They change values
// in one place only: inside a choice of the older rules, where such an entry is no member.
// @source scripts/kconfig/menu.c menu_finalize(), expr.c expr_depends_symbol() v6.1

import { at } from '../../base/index.ts';
import { operands } from './expr.ts';
import type { Expr } from './expr.ts';
import type { MenuNode } from './model.ts';
import { idM, idN, idY } from './names.ts';
import type { SymbolId } from './names.ts';

/** The member nodes that do not stand in a submenu of the member before them, in order. */
export function membersOutsideSubmenus(
  nodes: readonly MenuNode[],
  members: readonly number[],
): number[] {
  const kept: number[] = [];
  let head: SymbolId = -1;
  for (const index of members) {
    if (head !== -1 && dependsOn(nodes, index, head)) continue;
    kept.push(index);
    head = at(nodes, index).symbol;
  }
  return kept;
}

// Whether the prompt of a node is seen only with the symbol set: its dependencies, those of the
// `if` blocks up to the choice, or the condition of the prompt say so.
function dependsOn(nodes: readonly MenuNode[], index: number, symbol: SymbolId): boolean {
  const conditions: Expr[] = [];
  const own = at(nodes, index);
  for (const prompt of own.body.prompts.slice(-1)) {
    if (prompt.condition !== undefined) conditions.push(prompt.condition);
  }
  for (let node = own; node.kind !== 'choice'; node = at(nodes, node.parent)) {
    conditions.push(...node.depends.map((clause) => clause.expr));
    if (node.parent < 0) break;
  }
  return conditions.some((expr) => operands(expr, 'and').some((part) => needs(part, symbol)));
}

function needs(part: Expr, symbol: SymbolId): boolean {
  if (part.kind === 'symbol') return part.id === symbol;
  if (part.kind !== 'compare' || part.a !== symbol) return false;
  return part.op === '=' ? part.b === idY || part.b === idM : part.op === '!=' && part.b === idN;
}
