// Whether an entry of the menu tree is shown.
// @source scripts/kconfig/menu.c menu_is_visible() v6.1, v6.12

import { expr_calc_value, nodeDependency } from './expr.ts';
import type { ConfState } from './state.ts';

/** Whether a menu or comment is shown: its own `visible if` and all its dependencies. */
export function menuVisible(conf: ConfState, index: number): boolean {
  for (const { expr } of conf.node(index).body.visible) {
    // Unlike in any other condition, `m` stands for itself here, with modules or without.
    if (expr_calc_value(conf, expr) === 0) return false;
  }
  return nodeDependency(conf, index) !== 0;
}
