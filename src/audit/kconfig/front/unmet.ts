// A symbol that is selected though its dependencies are not met.
// @source scripts/kconfig/symbol.c sym_warn_unmet_dep() v6.1, v6.12

import type { ConfState } from '../conf/state.ts';
import type { SymbolId } from '../names.ts';
import type { MenuTree } from './menu-tree.ts';
import { expr_gstr_print, expr_gstr_print_revdep } from './print.ts';

/** The warning as conf prints it to stderr. */
export function sym_warn_unmet_dep(conf: ConfState, tree: MenuTree, id: SymbolId): string {
  const name = conf.choiceNode(id) >= 0 ? '(null)' : conf.model.names.text(id);
  const value = conf.direct[id] === 1 ? 'm' : 'n';
  const selects = tree.revDep.get(id);
  let text = `\nWARNING: unmet direct dependencies detected for ${name}\n`;
  text += `  Depends on [${value}]: ${expr_gstr_print(conf, tree.dirDep.get(id))}\n`;
  if (selects === undefined) return text;
  text += expr_gstr_print_revdep(conf, selects, 2, '  Selected by');
  return text + expr_gstr_print_revdep(conf, selects, 1, '  Selected by');
}
