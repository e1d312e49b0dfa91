// The expressions of a finished tree as the calculation of values takes them.

import { at } from '../../../base/index.ts';
import type { Rewritten } from '../conf/state.ts';
import type { Expr } from '../expr.ts';
import type { MenuTree } from './menu-tree.ts';

/** What conf calculates in place of what is written. */
export function rewrittenOf({ menus, dirDep, revDep, implied }: MenuTree): Rewritten {
  const clauses = new Map<object, Expr | undefined>();
  const prompts = menus.map(({ properties }) => {
    const seen: (Expr | undefined)[] = [];
    for (const { type, clause, visible } of properties) {
      if (clause !== undefined) clauses.set(clause, visible);
      else if (type === 'prompt' || type === 'menu') seen.push(visible);
    }
    return seen;
  });
  return {
    dep: (node) => at(menus, node).dep,
    prompts: (node) => at(prompts, node),
    clause: (clause) => clauses.get(clause),
    direct: (id) => dirDep.get(id),
    reverse: (id) => revDep.get(id),
    implied: (id) => implied.get(id),
  };
}
