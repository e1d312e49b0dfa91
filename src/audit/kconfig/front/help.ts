// What conf answers to `?`: the help text, and all that it knows of the symbol.
// @source scripts/kconfig/menu.c menu_get_ext_help(), get_symbol_str() v6.1, v6.12
// @source scripts/kconfig/lexer.l <HELP> v6.12

import { at } from '../../../base/index.ts';
import type { ConfState } from '../conf/state.ts';
import { activeRange, sym_get_string_value } from '../conf/symbol.ts';
import type { SymbolId } from '../names.ts';
import { menu_is_visible } from './visible.ts';
import type { Menu, MenuTree, Property } from './menu-tree.ts';
import { sym_type_name } from './print-type.ts';
import { expr_gstr_print, expr_gstr_print_revdep, symbolText } from './print.ts';
import type { Simplifier } from './simplify.ts';
import { expr_is_yes } from './transform.ts';
import type { MaybeExpr } from './transform.ts';

/**
 * A help text without its indentation. `isCut` where a line at column 0 ended it: the newline
 * before that line is none of its.
 */
export function helpText(raw: string, isCut: boolean): string {
  let text = '';
  let first = 0;
  for (const line of raw.split('\n')) {
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    const rest = line.slice(indent.length).replace(/[ \t]+$/, '');
    if (rest !== '') {
      const width = widthOf(indent);
      if (first > 0) text += ' '.repeat(Math.max(0, width - first));
      else first = width;
      text += rest;
    }
    text += '\n';
  }
  // split() has seen a line behind the last newline.
  text = text.slice(0, -1);
  return isCut && text.endsWith('\n') ? text.slice(0, -1) : text;
}

function widthOf(indent: string): number {
  let width = 0;
  for (const char of indent) width = char === '\t' ? (width & ~7) + 8 : width + 1;
  return width;
}

/** What help needs beside the values: the tree, the texts, and the context of its expressions. */
export interface HelpSource {
  readonly tree: MenuTree;
  /** Help texts by node number. */
  readonly helps: ReadonlyMap<number, string>;
  readonly simplifier: Simplifier;
}

/** The answer to `?` at an entry. */
export function menu_get_ext_help(conf: ConfState, source: HelpSource, menu: Menu): string {
  const { symbol, index } = menu;
  const help = source.helps.get(index);
  const isNamed = symbol !== -1 && conf.choiceNode(symbol) < 0;
  const name = isNamed ? conf.model.names.text(symbol) : undefined;
  const heading = help !== undefined && name !== undefined ? `CONFIG_${name}:\n\n` : '';
  const body = `${heading}${help ?? 'There is no help available for this option.'}\n`;
  return symbol === -1 ? body : body + get_symbol_str(conf, source, symbol);
}

function get_symbol_str(conf: ConfState, source: HelpSource, id: SymbolId): string {
  const { tree } = source;
  let text = conf.choiceNode(id) < 0 ? symbolLines(conf, id) : '';
  const entries = (conf.model.definitions.get(id) ?? []).map((index) => at(tree.menus, index));
  for (const menu of entries) {
    if (menu.prompt === undefined) continue;
    text += definedAt(menu) + get_prompt_str(conf, source, menu.prompt);
  }
  for (const menu of entries) {
    if (menu.prompt !== undefined) continue;
    text += definedAt(menu) + get_dep_str(conf, menu.dep, '  Depends on: ');
  }
  text += get_symbol_props_str(conf, tree, id, 'select', 'Selects: ');
  text += relations(conf, tree.revDep.get(id), 'Selected by');
  text += get_symbol_props_str(conf, tree, id, 'imply', 'Implies: ');
  text += relations(conf, tree.implied.get(id), 'Implied by');
  return `${text}\n\n`;
}

function symbolLines(conf: ConfState, id: SymbolId): string {
  const type = conf.typeOf(id);
  const value = sym_get_string_value(conf, id);
  const text =
    `Symbol: ${conf.model.names.text(id)} [=${value}]\n` + `Type  : ${sym_type_name(type)}\n`;
  if (type !== 'int' && type !== 'hex') return text;
  const range = activeRange(conf, id);
  if (range === undefined) return text;
  const { low, high } = range;
  return `${text}Range : [${symbolText(conf, low)} ${symbolText(conf, high)}]\n`;
}

function relations(conf: ConfState, expr: MaybeExpr, title: string): string {
  if (expr === undefined) return '';
  return ([2, 1, 0] as const)
    .map((value) => expr_gstr_print_revdep(conf, expr, value, title))
    .join('');
}

function definedAt({ node: { file, line } }: Menu): string {
  return `Defined at ${file}:${line}\n`;
}

function get_dep_str(conf: ConfState, expr: MaybeExpr, prefix: string): string {
  return expr_is_yes(expr) ? '' : `${prefix}${expr_gstr_print(conf, expr)}\n`;
}

/** Entries of a path that conf prints. */
const maxLocation = 8;

function get_prompt_str(conf: ConfState, source: HelpSource, prompt: Property): string {
  const { menu, visible } = prompt;
  const { root } = source.tree;
  let text = `  Prompt: ${prompt.text}\n${get_dep_str(conf, menu.dep, '  Depends on: ')}`;
  if (!source.simplifier.expr_eq(menu.dep, visible)) {
    text += get_dep_str(conf, visible, '  Visible if: ');
  }
  const path: Menu[] = [];
  let isFound = false;
  for (
    let one: Menu | undefined = menu;
    one !== undefined && one !== root && path.length < maxLocation;
    one = one.parent
  ) {
    path.unshift(one);
    // Looked for as conf does: it calculates what it meets.
    if (!isFound) isFound = menu_is_visible(conf, one);
  }
  const lines = path.map((one, depth) => locationLine(conf, one, depth));
  return `${text}  Location:\n${lines.join('')}`;
}

function locationLine(conf: ConfState, menu: Menu, depth: number): string {
  const { symbol } = menu;
  const start = `${' '.repeat(2 * depth + 4)}-> ${menu_get_prompt(conf, menu) ?? '(null)'}`;
  if (symbol === -1) return `${start}\n`;
  const name = conf.choiceNode(symbol) >= 0 ? '<choice>' : conf.model.names.text(symbol);
  return `${start} (${name} [=${sym_get_string_value(conf, symbol)}])\n`;
}

/** The text of an entry; the name of its symbol where it has none. */
export function menu_get_prompt(conf: ConfState, { prompt, symbol }: Menu): string | undefined {
  if (prompt !== undefined) return prompt.text;
  if (symbol === -1 || conf.choiceNode(symbol) >= 0) return undefined;
  return conf.model.names.text(symbol);
}

function get_symbol_props_str(
  conf: ConfState,
  { properties }: MenuTree,
  id: SymbolId,
  type: 'select' | 'imply',
  prefix: string,
): string {
  const list = (properties.get(id) ?? []).filter((property) => property.type === type);
  if (list.length === 0) return '';
  return `${prefix}${list.map(({ expr }) => expr_gstr_print(conf, expr)).join(' && ')}\n`;
}
