// Writes a configuration as text: .config, a minimal defconfig, the list of new symbols.
// @source scripts/kconfig/confdata.c conf_write(), conf_write_defconfig() v6.1, v6.12

import { at } from '../../../base/index.ts';
import type { SymbolId } from '../names.ts';
import { menuVisible } from './menu-visible.ts';
import { isChoiceDefault, sym_get_string_default } from './set.ts';
import type { ConfState } from './state.ts';
import {
  sym_calc_value,
  sym_clear_all_valid,
  sym_get_string_value,
  sym_is_changeable,
} from './symbol.ts';

/** The .config text, its header included. */
export function conf_write(conf: ConfState): string {
  const { model } = conf;
  const lines: string[] = [];
  if (!conf.changed) sym_clear_all_valid(conf);
  const written = new Set<SymbolId>();
  const open: number[] = [];
  let needsNewline = false;
  const close = (index: number): void => {
    const { kind, title } = conf.node(index);
    if (kind !== 'menu' || !menuVisible(conf, index)) return;
    lines.push(`# end of ${title}`);
    needsNewline = true;
  };
  for (const [index, node] of model.nodes.entries()) {
    while (open.length > 0 && at(open, open.length - 1) !== node.parent) close(open.pop() ?? 0);
    open.push(index);
    const { kind, symbol } = node;
    if (kind === 'menu' || kind === 'comment') {
      if (!menuVisible(conf, index)) continue;
      lines.push('', '#', `# ${node.title}`, '#');
      needsNewline = false;
    } else if ((kind === 'config' || kind === 'menuconfig') && !written.has(symbol)) {
      sym_calc_value(conf, symbol);
      if (conf.write[symbol] === 0) continue;
      if (needsNewline) lines.push('');
      needsNewline = false;
      written.add(symbol);
      const line = configLine(conf, symbol);
      if (line !== undefined) lines.push(line);
    }
  }
  while (open.length > 0) close(open.pop() ?? 0);
  const heading = ['#', '# Automatically generated file; DO NOT EDIT.', `# ${model.mainmenu}`, '#'];
  return `${[...heading, ...lines].join('\n')}\n`;
}

/** The smallest text that leads to the same configuration (savedefconfig). */
export function conf_write_defconfig(conf: ConfState): string {
  const lines: string[] = [];
  sym_clear_all_valid(conf);
  const done = new Set<SymbolId>();
  for (const [index, { kind, symbol }] of conf.model.nodes.entries()) {
    const isMenu = kind === 'menu' || kind === 'comment';
    if (isMenu && conf.classic) menuVisible(conf, index);
    if (kind !== 'config' && kind !== 'menuconfig') continue;
    sym_calc_value(conf, symbol);
    if (conf.write[symbol] === 0 || done.has(symbol)) continue;
    done.add(symbol);
    if (!sym_is_changeable(conf, symbol) || isDefault(conf, symbol)) continue;
    const line = configLine(conf, symbol);
    if (line !== undefined) lines.push(`${line}\n`);
  }
  return lines.join('');
}

function isDefault(conf: ConfState, id: SymbolId): boolean {
  if (sym_get_string_value(conf, id) === sym_get_string_default(conf, id)) return true;
  const choice = conf.memberOf(id);
  if (choice === undefined || conf.tri[id] !== 2 || !isChoiceDefault(conf, id)) return false;
  if (!conf.classic) return true;
  return !conf.node(choice).body.optional && conf.typeOf(id) === 'bool';
}

/** The line of a symbol in .config; undefined for one without type. */
export function configLine(conf: ConfState, id: SymbolId): string | undefined {
  const name = conf.model.names.text(id);
  const value = sym_get_string_value(conf, id);
  switch (conf.typeOf(id)) {
    case undefined:
      return undefined;
    case 'bool':
    case 'tristate':
      return value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`;
    case 'string':
      return `CONFIG_${name}="${value.replace(/["\\]/g, '\\$&')}"`;
    default:
      return `CONFIG_${name}=${value}`;
  }
}

/** The line of a symbol as listnewconfig prints it. */
export function listLine(conf: ConfState, id: SymbolId): string {
  const line = configLine(conf, id) ?? '';
  return line.startsWith('#') ? `CONFIG_${conf.model.names.text(id)}=n` : line;
}
