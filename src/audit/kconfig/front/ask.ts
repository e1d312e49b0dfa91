// The questions that conf asks, one line each.
// @source scripts/kconfig/conf.c conf(), conf_sym(), conf_string(), conf_choice() v6.1, v6.12

import { choice_set_value, sym_calc_choice } from '../conf/choice.ts';
import {
  sym_set_string_value,
  sym_set_tristate_value,
  sym_tristate_within_range,
} from '../conf/set.ts';
import type { ConfState } from '../conf/state.ts';
import { sym_calc_value, sym_get_string_value, sym_is_changeable } from '../conf/symbol.ts';
import { listLine } from '../conf/write-config.ts';
import type { SymbolId } from '../names.ts';
import { toTri } from '../tri.ts';
import type { Tri } from '../tri.ts';
import { menu_get_ext_help, menu_get_prompt } from './help.ts';
import type { HelpSource } from './help.ts';
import { children } from './menu-tree.ts';
import type { Menu } from './menu-tree.ts';
import type { Asking, Terminal } from './terminal.ts';
import { menu_is_visible } from './visible.ts';

/** Which questions are asked: all, those without an answer; or only listed. */
export type InputMode =
  | 'oldaskconfig'
  | 'oldconfig'
  | 'syncconfig'
  | 'listnewconfig'
  | 'helpnewconfig';

/** Thrown where conf ends at once, having said why. */
export class Quit extends Error {
  override name = 'Quit';
}

/** Times that one question is asked at the end of the input, where conf would ask for ever. */
const maxRefusals = 100;

/** Asks the questions of one run. */
export class Questions {
  readonly #conf: ConfState;
  readonly #source: HelpSource;
  readonly #terminal: Terminal;
  #mode: InputMode;
  #indent = 1;
  #count = 0;
  #rootEntry: Menu;

  constructor(conf: ConfState, source: HelpSource, terminal: Terminal, mode: InputMode) {
    this.#conf = conf;
    this.#source = source;
    this.#terminal = terminal;
    this.#mode = mode;
    this.#rootEntry = source.tree.root;
  }

  /** Everything that the mode asks for. */
  *run(): Asking<void> {
    const { root } = this.#source.tree;
    if (this.#mode === 'oldaskconfig') {
      yield* this.conf(root);
      this.#mode = 'oldconfig';
    }
    do {
      this.#count = 0;
      yield* this.check_conf(root);
    } while (this.#count > 0);
  }

  *conf(menu: Menu): Asking<void> {
    if (!menu_is_visible(this.#conf, menu)) return;
    const { symbol, prompt } = menu;
    if (prompt?.type === 'menu' && this.#mode !== 'oldaskconfig' && this.#rootEntry !== menu) {
      yield* this.check_conf(menu);
      return;
    }
    if (prompt?.type === 'menu' || prompt?.type === 'comment') {
      const star = '*'.padStart(this.#indent);
      this.#print(`${star}\n${star} ${prompt.text}\n${star}\n`);
    }
    if (symbol !== -1) {
      const isDone = yield* this.#ask(menu);
      if (isDone) return;
      this.#indent += 2;
    }
    for (const child of children(menu)) yield* this.conf(child);
    if (symbol !== -1) this.#indent -= 2;
  }

  // Whether what stands below has been dealt with.
  *#ask(menu: Menu): Asking<boolean> {
    const conf = this.#conf;
    const { symbol } = menu;
    if (conf.choiceNode(symbol) >= 0) {
      if (!conf.classic) {
        yield* this.#conf_choice(menu, false);
        return true;
      }
      yield* this.#classicChoice(menu);
      return conf.tri[symbol] !== 1;
    }
    const type = conf.typeOf(symbol);
    const isText = type === 'int' || type === 'hex' || type === 'string';
    yield* isText ? this.#conf_string(menu) : this.#conf_sym(menu);
    return false;
  }

  *check_conf(menu: Menu): Asking<void> {
    const conf = this.#conf;
    if (!menu_is_visible(conf, menu)) return;
    const { symbol } = menu;
    if (symbol !== -1 && conf.hasUser[symbol] === 0 && this.#isOpen(symbol)) {
      yield* this.#meet(menu);
    }
    for (const child of children(menu)) yield* this.check_conf(child);
  }

  #isOpen(id: SymbolId): boolean {
    const conf = this.#conf;
    if (sym_is_changeable(conf, id)) return true;
    return conf.classic && conf.choiceNode(id) >= 0 && conf.curr(id) === 2;
  }

  // An entry without an answer.
  *#meet(menu: Menu): Asking<void> {
    const conf = this.#conf;
    if (this.#mode === 'listnewconfig') {
      if (conf.choiceNode(menu.symbol) >= 0 || conf.typeOf(menu.symbol) === undefined) return;
      this.#print(`${listLine(conf, menu.symbol)}\n`);
      return;
    }
    if (this.#mode === 'helpnewconfig') {
      this.#print('-----\n');
      this.#help(menu);
      this.#print('-----\n');
      return;
    }
    if (this.#count === 0) this.#print('*\n* Restart config...\n*\n');
    this.#count += 1;
    this.#rootEntry = this.#menuAround(menu);
    yield* this.conf(this.#rootEntry);
  }

  #menuAround(menu: Menu): Menu {
    let one = menu;
    while (one.parent !== undefined && one.prompt?.type !== 'menu') one = one.parent;
    return one;
  }

  #print(text: string): void {
    this.#terminal.print(text);
  }

  #help(menu: Menu): void {
    this.#print(`\n${menu_get_ext_help(this.#conf, this.#source, menu)}\n`);
  }

  #margin(): string {
    return ' '.repeat(this.#indent - 1);
  }

  // What was typed; undefined where nothing was to be asked.
  *#conf_askvalue(id: SymbolId, value: string): Asking<string | undefined> {
    const conf = this.#conf;
    const isNew = conf.hasUser[id] === 0;
    if (isNew) this.#print('(NEW) ');
    const asksNewOnly = this.#mode === 'oldconfig' || this.#mode === 'syncconfig';
    if (!sym_is_changeable(conf, id) || (asksNewOnly && !isNew)) {
      this.#print(`${value}\n`);
      return undefined;
    }
    return yield* this.#terminal.xfgets('\n');
  }

  *#conf_string(menu: Menu): Asking<void> {
    const conf = this.#conf;
    const { symbol } = menu;
    const name = conf.model.names.text(symbol);
    for (;;) {
      const value = sym_get_string_value(conf, symbol);
      this.#print(`${this.#margin()}${menu.prompt?.text ?? ''} (${name}) [${value}] `);
      const line = yield* this.#conf_askvalue(symbol, value);
      if (line === undefined) return;
      if (line === '?\n') this.#help(menu);
      else {
        const text = line.startsWith('\n') ? value : line.slice(0, -1);
        if (sym_set_string_value(conf, symbol, text)) return;
      }
      if (!this.#terminal.isEnded) continue;
      // Up to 6.10 conf would go on asking for ever.
      this.#terminal.complain(`\nerror: no value for new symbol '${name}' at end of input\n`);
      throw new Quit();
    }
  }

  *#conf_sym(menu: Menu): Asking<void> {
    const conf = this.#conf;
    const { symbol } = menu;
    const name = conf.choiceNode(symbol) >= 0 ? '' : `(${conf.model.names.text(symbol)}) `;
    for (let refused = 0; ; refused += 1) {
      this.#mayAsk(refused);
      const old = conf.curr(symbol);
      const others = ([0, 1, 2] as const)
        .filter((value) => value !== old && sym_tristate_within_range(conf, symbol, value))
        .map((value) => `/${'nmy'[value]}`);
      const start = `${this.#margin()}${menu.prompt?.text ?? ''} ${name}`;
      this.#print(`${start}[${'NMY'[old]}${others.join('')}/?] `);
      const line = yield* this.#conf_askvalue(symbol, sym_get_string_value(conf, symbol));
      if (line === undefined) return;
      const answer = strip(line);
      if (!answer.startsWith('?')) {
        const value = answer === '' ? old : valueOf(answer);
        if (value === undefined) continue;
        if (sym_set_tristate_value(conf, symbol, value)) return;
      }
      this.#help(menu);
    }
  }

  #mayAsk(refused: number): void {
    if (!this.#terminal.isEnded || refused < maxRefusals) return;
    this.#terminal.complain('\nerror: no answer at end of input\n');
    throw new Quit();
  }

  // Up to 6.10 a choice may be n or m, or have members that are m.
  *#classicChoice(menu: Menu): Asking<void> {
    const conf = this.#conf;
    const { symbol } = menu;
    const isNew = conf.hasUser[symbol] === 0;
    const isAsked = sym_is_changeable(conf, symbol);
    if (isAsked) {
      yield* this.#conf_sym(menu);
      sym_calc_value(conf, symbol);
    }
    const value = conf.curr(symbol);
    if (value === 2) yield* this.#conf_choice(menu, isNew);
    else if (value === 1 && !isAsked) this.#print(`${this.#margin()}${promptOf(conf, menu)}\n`);
  }

  *#conf_choice(menu: Menu, isNewChoice: boolean): Asking<void> {
    const conf = this.#conf;
    let isNew = isNewChoice;
    for (let refused = 0; ; refused += 1) {
      this.#mayAsk(refused);
      this.#print(`${this.#margin()}${promptOf(conf, menu)}\n`);
      const { shown, preset, hasNew } = this.#listMembers(menu);
      if (!conf.classic) isNew ||= hasNew;
      this.#print(`${this.#margin()}choice`);
      let line = '';
      let count = shown.length;
      if (count === 1) this.#print('[1]: 1\n');
      else {
        this.#print(`[1-${count}?]: `);
        if (this.#mode !== 'oldaskconfig' && !isNew) {
          count = preset;
          this.#print(`${count}\n`);
          // conf would print this for ever.
          if (count === 0) throw new Quit();
        } else {
          line = strip(yield* this.#terminal.xfgets(''));
          if (line.startsWith('?')) {
            this.#help(menu);
            continue;
          }
          if (line !== '' && !/^[0-9]/.test(line)) continue;
          count = line === '' ? preset : Number.parseInt(line, 10);
        }
      }
      const taken = shown[count - 1];
      if (taken === undefined) continue;
      if (line.endsWith('?')) {
        this.#help(taken);
        continue;
      }
      yield* this.#take(menu, taken);
      return;
    }
  }

  *#take(menu: Menu, taken: Menu): Asking<void> {
    const conf = this.#conf;
    if (!conf.classic) {
      choice_set_value(conf, menu.index, taken.symbol);
      return;
    }
    sym_set_tristate_value(conf, taken.symbol, 2);
    for (const child of children(taken)) {
      this.#indent += 2;
      yield* this.conf(child);
      this.#indent -= 2;
    }
  }

  // The members that can be taken; `preset` counts from 1, 0 where none is.
  #listMembers(menu: Menu): {
    readonly shown: readonly Menu[];
    readonly preset: number;
    readonly hasNew: boolean;
  } {
    const conf = this.#conf;
    const shown: Menu[] = [];
    const taken = conf.classic ? conf.picked.get(menu.symbol) : sym_calc_choice(conf, menu.index);
    let preset = 0;
    let hasNew = false;
    for (const child of children(menu)) {
      if (!menu_is_visible(conf, child)) continue;
      const text = promptOf(conf, child);
      if (child.symbol === -1) {
        this.#print(`${'*'.padStart(this.#indent)} ${text}\n`);
        continue;
      }
      shown.push(child);
      const isTaken = child.symbol === taken;
      if (isTaken) preset = shown.length;
      const isOpen = conf.hasUser[child.symbol] === 0;
      hasNew ||= isOpen;
      const mark = (isTaken ? '>' : ' ').padStart(this.#indent);
      const name = conf.model.names.text(child.symbol);
      this.#print(`${mark} ${shown.length}. ${text} (${name})${isOpen ? ' (NEW)' : ''}\n`);
    }
    return { shown, preset, hasNew };
  }
}

function promptOf(conf: ConfState, menu: Menu): string {
  return menu_get_prompt(conf, menu) ?? '(null)';
}

function strip(line: string): string {
  return line.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '');
}

function valueOf(answer: string): Tri | undefined {
  const place = ['n', 'm', 'y'].indexOf(answer.slice(0, 1).toLowerCase());
  if (place < 0) return undefined;
  const value = toTri(place);
  const rest = answer.slice(1);
  if (rest === '' || (value === 0 && rest === 'o') || (value === 2 && rest === 'es')) return value;
  return undefined;
}
