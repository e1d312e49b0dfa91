// What conf finds odd in the lines of a symbol once all types are known.
// @source scripts/kconfig/menu.c sym_check_prop() v6.1, v6.12

import type { SymbolType } from '../ast.ts';
import { isValidText } from '../conf/set.ts';
import type { KconfigModel } from '../model.ts';
import { idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import type { Menu, MenuTree, Property, TreeListener } from './menu-tree.ts';

/** Warns about the lines of one symbol. */
export function checkSymbol(tree: MenuTree, id: SymbolId, listener: TreeListener): void {
  for (const property of tree.properties.get(id) ?? []) {
    for (const text of faults(tree, id, property)) listener.warn(property, text);
  }
}

function faults(tree: MenuTree, id: SymbolId, property: Property): readonly string[] {
  switch (property.type) {
    case 'default':
      return defaultFaults(tree, id, property);
    case 'select':
    case 'imply':
      return selectFaults(tree.model, id, property);
    case 'range':
      return rangeFaults(tree.model, id, property);
    default:
      return [];
  }
}

function defaultFaults(tree: MenuTree, id: SymbolId, { expr }: Property): readonly string[] {
  const { model } = tree;
  const type = typeIn(model, id);
  // As the C library prints the name of a choice.
  const name = isChoiceSymbol(model, id) ? '(null)' : model.names.text(id);
  const isText = type === 'string' || type === 'int' || type === 'hex';
  if (expr?.kind !== 'symbol') {
    return isText ? [`default for config symbol '${name}' must be a single symbol`] : [];
  }
  if ((type === 'int' || type === 'hex') && !menu_validate_number(model, id, expr.id)) {
    return [`'${name}': number is invalid`];
  }
  if (!isChoiceSymbol(model, id) || choiceSymbolOf(tree, expr.id) === id) return [];
  const member = model.names.text(expr.id);
  return [`choice default symbol '${member}' is not contained in the choice`];
}

function selectFaults(
  model: KconfigModel,
  id: SymbolId,
  { type, expr }: Property,
): readonly string[] {
  if (expr?.kind !== 'symbol') return [];
  const [own, other] = [typeIn(model, id), typeIn(model, expr.id)];
  const name = model.names.text(id);
  if (own !== 'bool' && own !== 'tristate') {
    return [`config symbol '${name}' uses ${type}, but is not bool or tristate`];
  }
  if (other === undefined || other === 'bool' || other === 'tristate') return [];
  const target = model.names.text(expr.id);
  return [`'${target}' has wrong type. '${type}' only accept arguments of bool and tristate type`];
}

function rangeFaults(model: KconfigModel, id: SymbolId, { range }: Property): readonly string[] {
  const type = typeIn(model, id);
  const texts: string[] = [];
  if (type !== 'int' && type !== 'hex') texts.push('range is only allowed for int or hex symbols');
  const isValid = (range ?? []).every((bound) => menu_validate_number(model, id, bound));
  return isValid ? texts : [...texts, 'range is invalid'];
}

function menu_validate_number(model: KconfigModel, id: SymbolId, other: SymbolId): boolean {
  const type = typeIn(model, other);
  if (type === 'int' || type === 'hex') return true;
  return type === undefined && isValidText(typeIn(model, id), model.names.text(other));
}

function typeIn(model: KconfigModel, id: SymbolId): SymbolType | undefined {
  return id <= idY ? 'tristate' : model.types.get(id);
}

function isChoiceSymbol(model: KconfigModel, id: SymbolId): boolean {
  const [first] = model.definitions.get(id) ?? [];
  return first !== undefined && model.nodes[first]?.kind === 'choice';
}

/** The symbol of the choice that a symbol is a member of; undefined for all others. */
export function choiceSymbolOf(tree: MenuTree, id: SymbolId): SymbolId | undefined {
  if (tree.model.choiceRules === 'classic') return tree.choiceOf.get(id);
  return sym_get_choice_menu(tree, id)?.symbol;
}

/** Since 6.11: the choice around the first entry of a symbol that has a prompt. */
export function sym_get_choice_menu(tree: MenuTree, id: SymbolId): Menu | undefined {
  const entries = (tree.model.definitions.get(id) ?? []).map((index) => tree.menus[index]);
  let menu = entries.find((entry) => entry?.prompt !== undefined);
  if (menu === undefined) return undefined;
  do menu = menu.parent;
  while (menu !== undefined && menu.symbol === -1);
  return menu?.node.kind === 'choice' ? menu : undefined;
}
