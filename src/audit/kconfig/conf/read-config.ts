// Reads a .config, a defconfig file or a fragment: what the user has answered.
// @source scripts/kconfig/confdata.c conf_read_simple(), conf_read() v6.1, v6.12

import type { SymbolId } from '../names.ts';
import { max, toTri } from '../tri.ts';
import type { Tri } from '../tri.ts';
import { raisePriority } from './choice.ts';
import { symbolOrder } from './hash.ts';
import { sym_string_valid, sym_string_within_range } from './set.ts';
import type { ConfState } from './state.ts';
import { sym_calc_value, sym_get_string_value } from './symbol.ts';

/** Characters that the text of a configuration may have. */
export const maxConfigText = 16 * 1024 * 1024;

/** A line of a configuration file that conf warns about; `line` counts from 1. */
export interface ConfigWarning {
  readonly line: number;
  /** As conf words it. */
  readonly text: string;
}

/** What was odd in a configuration file. */
export interface ConfigReading {
  readonly warnings: readonly ConfigWarning[];
  /** Names that no Kconfig file mentions, each once, in the order of the file. */
  readonly unknown: readonly string[];
}

/** How a configuration file is read. */
export interface ReadOptions {
  /** Warn about names that no Kconfig file mentions. */
  readonly warnUnknown?: boolean;
  /** Called for each warning as it comes up. */
  readonly warn?: (warning: ConfigWarning) => void;
}

/** Takes the answers of a text; what was answered before is forgotten. */
export function conf_read_simple(
  conf: ConfState,
  text: string,
  options: ReadOptions = {},
): ConfigReading {
  return new ConfigReader(conf, options).read(text);
}

/** Takes the answers of a text and checks them against what comes of them. */
export function conf_read(conf: ConfState, text: string, options: ReadOptions = {}): ConfigReading {
  conf.changed = false;
  const reading = conf_read_simple(conf, text, options);
  const unsaved = checkAnswers(conf);
  if (reading.warnings.length > 0 || unsaved) conf.changed = true;
  return reading;
}

// Whether something came out otherwise than the file has it.
function checkAnswers(conf: ConfState): boolean {
  const { modules } = conf.model;
  if (modules !== undefined) sym_calc_value(conf, modules);
  let unsaved = false;
  const symbols = symbolOrder(conf.model);
  for (const id of symbols) {
    sym_calc_value(conf, id);
    if (conf.choiceNode(id) < 0 && !isAsAnswered(conf, id)) unsaved = true;
  }
  if (!conf.classic) return unsaved;
  for (const id of symbols) {
    if (conf.hasUser[id] === 0 || conf.memberOf(id) !== undefined) continue;
    // An answer that is not seen is forgotten, so that it is asked for when it is.
    if (conf.visible[id] === 0 && !unsaved) conf.hasUser[id] = 0;
    const isText = conf.typeOf(id) !== undefined && !conf.isLogic(id);
    if (!isText || sym_string_within_range(conf, id, conf.userText.get(id) ?? '')) continue;
    conf.hasUser[id] = 0;
    conf.invalidate(id);
    unsaved = true;
  }
  return unsaved;
}

function isAsAnswered(conf: ConfState, id: SymbolId): boolean {
  const isWritten = conf.write[id] === 1;
  if (conf.hasUser[id] === 0) return !isWritten;
  if (!isWritten) return false;
  if (conf.isLogic(id)) return conf.userTri[id] === conf.tri[id];
  return conf.userText.get(id) === sym_get_string_value(conf, id);
}

class ConfigReader {
  readonly #conf: ConfState;
  readonly #options: ReadOptions;
  readonly #warnings: ConfigWarning[] = [];
  readonly #unknown = new Set<string>();
  #line = 0;

  constructor(conf: ConfState, options: ReadOptions) {
    this.#conf = conf;
    this.#options = options;
  }

  read(text: string): ConfigReading {
    forgetAnswers(this.#conf);
    for (const line of text.split('\n')) {
      this.#line += 1;
      this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    return { warnings: this.#warnings, unknown: [...this.#unknown] };
  }

  #take(line: string): void {
    if (line === '') return;
    if (line.startsWith('#')) {
      const unset = /^# CONFIG_([^ ]*) (is not set.*)$/.exec(line);
      if (unset === null || (!this.#conf.classic && unset[2] !== 'is not set')) return;
      this.#assign(unset[1] ?? '', 'n');
      return;
    }
    const sign = line.startsWith('CONFIG_') ? line.indexOf('=') : -1;
    if (sign < 0) {
      const isSilent = this.#conf.classic && line.startsWith('CONFIG_');
      if (!isSilent) this.#warn(`unexpected data: ${line}`);
      return;
    }
    this.#assign(line.slice(7, sign), line.slice(sign + 1));
  }

  #assign(name: string, value: string): void {
    const conf = this.#conf;
    const id = conf.model.names.find(name);
    // The table of names serves all ports; conf knows only what the files of this one mention.
    if (id === undefined || !conf.isMet(id)) {
      this.#unknown.add(name);
      if (this.#options.warnUnknown === true) this.#warn(`unknown symbol: ${name}`);
      conf.changed = true;
      return;
    }
    if (conf.hasUser[id] === 1) this.#warn(`override: reassigning to symbol ${name}`);
    if (!this.#set(id, name, value)) return;
    const choice = conf.memberOf(id);
    if (choice === undefined) return;
    if (conf.classic) this.#answerChoice(choice, id, name);
    else raisePriority(conf, choice, id);
  }

  // conf_set_sym_val(); false where the value is refused.
  #set(id: SymbolId, name: string, value: string): boolean {
    const conf = this.#conf;
    const type = conf.typeOf(id);
    if (type === undefined) return true;
    if (type === 'bool' || type === 'tristate') {
      const tri = 'nmy'.indexOf(value.slice(0, 1) || '?');
      if (tri < 0 || (tri === 1 && type === 'bool')) return this.#refuse(name, value);
      conf.userTri[id] = tri;
      conf.hasUser[id] = 1;
      return true;
    }
    let text = value;
    if (type === 'string') {
      if (!value.startsWith('"')) return true;
      const unquoted = unquote(value);
      if (unquoted === undefined) {
        this.#warn('invalid string found');
        return false;
      }
      text = unquoted;
    }
    if (!sym_string_valid(conf, id, text)) return this.#refuse(name, text);
    conf.userText.set(id, text);
    conf.hasUser[id] = 1;
    return true;
  }

  #refuse(name: string, value: string): false {
    this.#warn(`symbol value '${value}' invalid for ${name}`);
    return false;
  }

  // Up to 6.10: the choice is raised to the highest answer for one of its members.
  #answerChoice(choice: number, id: SymbolId, name: string): void {
    const conf = this.#conf;
    const symbol = conf.choiceSymbol(choice);
    const value: Tri = toTri(conf.userTri[id]);
    const state: Tri = toTri(conf.userTri[symbol]);
    if (value === 1 && state === 2) {
      this.#warn(`${name} creates inconsistent choice state`);
      conf.hasUser[symbol] = 0;
    }
    if (value === 2) {
      if (state !== 0) this.#warn(`override: ${name} changes choice state`);
      conf.userPick.set(symbol, id);
    }
    conf.userTri[symbol] = max(state, value);
  }

  #warn(text: string): void {
    const warning = { line: this.#line, text };
    this.#warnings.push(warning);
    this.#options.warn?.(warning);
    this.#conf.warnings += 1;
  }
}

function forgetAnswers(conf: ConfState): void {
  conf.warnings = 0;
  conf.hasUser.fill(0);
  conf.userTri.fill(0);
  conf.userText.clear();
  conf.userPick.clear();
  conf.clearValid();
  if (!conf.classic) return;
  for (const choice of conf.model.members.keys()) conf.hasUser[conf.choiceSymbol(choice)] = 1;
}

function unquote(value: string): string | undefined {
  let text = '';
  for (let i = 1; i < value.length; i += 1) {
    const char = value[i];
    if (char === '"') return text;
    if (char === '\\') i += 1;
    text += value.slice(i, i + 1);
  }
  return undefined;
}
