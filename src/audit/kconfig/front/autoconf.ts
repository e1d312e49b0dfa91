// What the build reads of a configuration: auto.conf for make, autoconf.h for C, rustc_cfg for
// Rust, and one empty file for each symbol that has changed.
// @source scripts/kconfig/confdata.c conf_write_autoconf() v6.1, v6.12

import { hashOrder } from '../conf/hash.ts';
import type { ConfState } from '../conf/state.ts';
import { sym_calc_value, sym_get_string_value } from '../conf/symbol.ts';
import type { SymbolId } from '../names.ts';
import { readAuto } from './auto-read.ts';
import type { RunContext } from './config-files.ts';
import type { ConfHost } from './host.ts';

/** Writes what is not there, or all where `overwrite`; false where that fails. */
export function conf_write_autoconf(context: RunContext, overwrite: boolean): boolean {
  const { conf, host } = context;
  const { environment } = host;
  const auto = environment['KCONFIG_AUTOCONFIG'] ?? 'include/config/auto.conf';
  if (!overwrite && (host.read(auto) !== undefined || host.isFolder(auto))) return true;
  if (!put(host, `${auto}.cmd`, commandText(context, auto))) return false;
  const symbols = hashOrder(conf.model).filter((id) => conf.choiceNode(id) < 0);
  for (const id of hashOrder(conf.model)) sym_calc_value(conf, id);
  if (!touchChanged(context, symbols, auto)) return false;
  const written = symbols.filter((id) => conf.write[id] === 1 && conf.typeOf(id) !== undefined);
  const header = environment['KCONFIG_AUTOHEADER'] ?? 'include/generated/autoconf.h';
  const rust = environment['KCONFIG_RUSTCCFG'] ?? 'include/generated/rustc_cfg';
  const title = conf.model.mainmenu;
  const heading = (start: string, middle: string, last: string): string =>
    `${start}\n${middle} Automatically generated file; DO NOT EDIT.\n${middle} ${title}\n${last}\n`;
  const lines = (line: (id: SymbolId) => string): string => written.map(line).join('');
  return (
    put(host, header, heading('/*', ' *', ' */') + lines((id) => forC(conf, id))) &&
    put(
      host,
      rust,
      lines((id) => forRust(conf, id)),
    ) &&
    put(host, auto, heading('#', '#', '#') + lines((id) => forMake(conf, id)))
  );
}

function put(host: ConfHost, path: string, text: string): boolean {
  return host.makeParent(path) && host.write(path, text);
}

function forMake(conf: ConfState, id: SymbolId): string {
  const value = sym_get_string_value(conf, id);
  if (conf.isLogic(id) && value === 'n') return '';
  return `CONFIG_${conf.model.names.text(id)}=${value}\n`;
}

function forC(conf: ConfState, id: SymbolId): string {
  const value = sym_get_string_value(conf, id);
  const name = `CONFIG_${conf.model.names.text(id)}`;
  if (conf.isLogic(id)) {
    return value === 'n' ? '' : `#define ${name}${value === 'm' ? '_MODULE' : ''} 1\n`;
  }
  return `#define ${name} ${conf.typeOf(id) === 'string' ? quoted(value) : number(conf, id)}\n`;
}

function forRust(conf: ConfState, id: SymbolId): string {
  const value = sym_get_string_value(conf, id);
  const name = `CONFIG_${conf.model.names.text(id)}`;
  if (!conf.isLogic(id)) return `--cfg=${name}=${quoted(number(conf, id))}\n`;
  return value === 'n' ? '' : `--cfg=${name}\n--cfg=${name}=${quoted(value)}\n`;
}

function number(conf: ConfState, id: SymbolId): string {
  const value = sym_get_string_value(conf, id);
  return conf.typeOf(id) === 'hex' && !/^0[xX]/.test(value) ? `0x${value}` : value;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

// Since the last time: symbols whose value is another one now.
function touchChanged(
  { conf, host, open }: RunContext,
  symbols: readonly SymbolId[],
  auto: string,
): boolean {
  const folder = auto.slice(0, auto.lastIndexOf('/') + 1);
  const text = open(auto);
  const old = readAuto(conf, text ?? '');
  const touched = [...old.unknown];
  for (const id of symbols) {
    const before = old.values.get(id);
    const isWritten = conf.write[id] === 1;
    const value = sym_get_string_value(conf, id);
    const after = isWritten && !(conf.isLogic(id) && value === 'n') ? value : undefined;
    const isSame = before === (isWritten && before === 'n' ? value : after);
    if (!isSame) touched.push(conf.model.names.text(id));
  }
  return touched.every((name) => host.write(`${folder}${name}`, ''));
}

// By which make knows when to ask again.
function commandText({ parsed, host, conf }: RunContext, auto: string): string {
  const { files, asked: used } = parsed;
  const value = (name: string): string => host.environment[name] ?? '';
  if (conf.classic) {
    // The newest file stood first.
    const list = [...files].reverse().map((file) => `\t${file} \\\n`);
    const asked = used.map(
      (name) => `ifneq "$(${name})" "${value(name)}"\n${auto}: FORCE\nendif\n`,
    );
    return (
      `deps_config := \\\n${list.join('')}\n${auto}: $(deps_config)\n\n` +
      `${asked.join('')}\n$(deps_config): ;\n`
    );
  }
  const list = files.map((file) => `\t${file} \\\n`);
  const asked = used.map(
    (name) => `\nifneq "$(${name})" "${value(name)}"\n$(autoconfig): FORCE\nendif\n`,
  );
  return (
    `autoconfig := ${auto}\n\ndeps_config := \\\n${list.join('')}\n` +
    `$(autoconfig): $(deps_config)\n$(deps_config): ;\n${asked.join('')}`
  );
}
