// What makes conf refuse a tree once it is finished.
// @source scripts/kconfig/parser.y conf_parse(), choice_check_sanity() v6.1, v6.12

import { at } from '../../../base/index.ts';
import { DependencyChecker, startsOf, sym_check_print_recursive } from './check-deps.ts';
import { subEntries } from './menu-tree.ts';
import type { Menu, MenuTree } from './menu-tree.ts';

/** Texts for stderr; none where all is well. */
export function checkTree(tree: MenuTree): readonly string[] {
  const checker = new DependencyChecker(tree);
  const rules = tree.model.choiceRules;
  const texts: string[] = [];
  const look = (id: number): void => {
    const before = checker.cycles.length;
    checker.sym_check_deps(id);
    for (const cycle of checker.cycles.slice(before)) {
      texts.push(sym_check_print_recursive(cycle, rules));
    }
  };
  if (rules === 'classic') {
    for (const id of startsOf(tree)) look(id);
    return texts;
  }
  for (const menu of subEntries(tree.root)) {
    if (menu.symbol !== -1) look(menu.symbol);
    if (menu.node.kind !== 'choice') continue;
    for (const child of subEntries(at(tree.menus, menu.index))) {
      if (child.symbol !== -1) texts.push(...choice_check_sanity(tree, child));
    }
  }
  return texts;
}

function choice_check_sanity(tree: MenuTree, menu: Menu): readonly string[] {
  const texts: string[] = [];
  for (const { type, menu: other, file, line } of tree.properties.get(menu.symbol) ?? []) {
    const place = `${file}:${line}: error:`;
    if (type === 'default') texts.push(`${place} defaults for choice values not supported\n`);
    if (type === 'prompt' && other !== menu && other.parent !== menu.parent) {
      texts.push(`${place} choice value has a prompt outside its choice group\n`);
    }
  }
  return texts;
}
