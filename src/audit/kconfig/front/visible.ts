// Whether an entry is shown.
// @source scripts/kconfig/menu.c menu_is_visible() v6.1, v6.12

import { expr_calc_value, nodeDependency } from '../conf/expr.ts';
import type { ConfState } from '../conf/state.ts';
import { sym_calc_value } from '../conf/symbol.ts';
import { children } from './menu-tree.ts';
import type { Menu } from './menu-tree.ts';

/** Whether an entry is shown: its prompt can be seen, or something below it that is set. */
export function menu_is_visible(conf: ConfState, menu: Menu): boolean {
  const { prompt, visibility, symbol, index } = menu;
  if (prompt === undefined) return false;
  if (visibility !== undefined && expr_calc_value(conf, visibility) === 0) return false;
  if (symbol === -1) return nodeDependency(conf, index) !== 0;
  sym_calc_value(conf, symbol);
  if (conf.promptTri[index] !== 0) return true;
  if (conf.curr(symbol) === 0) return false;
  for (const child of children(menu)) {
    if (!menu_is_visible(conf, child)) continue;
    // Up to 6.10 what is shown for its children counts as answered: with n, where nobody has.
    if (conf.classic) conf.hasUser[symbol] = 1;
    return true;
  }
  return false;
}
