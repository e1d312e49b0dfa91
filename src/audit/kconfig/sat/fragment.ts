// What a configuration fragment comes to, as `conf --olddefconfig` makes a whole configuration of
// it, and which of its lines are not needed.

import { at } from '../../../base/index.ts';
import { conf_read_simple } from '../conf/read-config.ts';
import { ConfState, TooDeep } from '../conf/state.ts';
import { sym_calc_value, sym_get_string_value } from '../conf/symbol.ts';
import type { KconfigModel } from '../model.ts';
import { evaluationOrder } from '../order.ts';
import type { FragmentEntry } from './encoder.ts';
import type { Want } from './want.ts';

/** The value of a symbol by name; `undefined` where the port does not define it. */
export type ValueOf = (symbol: string) => string;

/** Values under a fragment; symbols without a line take their defaults. */
export function evaluateFragment(model: KconfigModel, fragment: readonly FragmentEntry[]): ValueOf {
  const values = new FragmentValues(model);
  values.take(fragment);
  return (symbol) => values.value(symbol);
}

/** A fragment as the lines of a configuration. */
export function fragmentText(model: KconfigModel, fragment: readonly FragmentEntry[]): string {
  const lines = fragment.map(({ symbol, value }) => {
    const type = model.types.get(model.names.find(symbol) ?? -1);
    if (type === 'string') return `CONFIG_${symbol}="${value.replace(/["\\]/g, '\\$&')}"\n`;
    return value === 'n' ? `# CONFIG_${symbol} is not set\n` : `CONFIG_${symbol}=${value}\n`;
  });
  return lines.join('');
}

/** Evaluates fragments of one model. Lines can be taken out as long as that changes no value. */
export class FragmentValues {
  private readonly model: KconfigModel;
  private readonly conf: ConfState;
  private text = '';
  private isComplete = false;

  constructor(model: KconfigModel) {
    this.model = model;
    this.conf = new ConfState(model);
  }

  /** From here on, values are those under this fragment. */
  take(fragment: readonly FragmentEntry[]): void {
    this.text = fragmentText(this.model, fragment);
    this.start();
  }

  private start(): void {
    this.conf.restart();
    conf_read_simple(this.conf, this.text);
  }

  value(symbol: string): string {
    const id = this.model.names.find(symbol);
    if (id === undefined || !this.model.definitions.has(id)) return 'undefined';
    try {
      const text = this.calculated(id);
      if (this.isComplete || this.conf.recursive.size === 0) return text;
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
    }
    this.complete();
    return this.calculated(id);
  }

  // Where symbols depend on themselves, or chains are too long to be followed, all are calculated
  // in a fixed order, so that no value depends on who is asked for first.
  private complete(): void {
    this.isComplete = true;
    this.conf.calculationOrder = [...this.model.definitions.keys()];
    this.start();
    try {
      for (const id of this.conf.calculationOrder) sym_calc_value(this.conf, id);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      this.conf.calculationOrder = evaluationOrder(this.model);
      this.conf.limit = Number.POSITIVE_INFINITY;
      this.start();
    }
  }

  private calculated(id: number): string {
    const { modules } = this.model;
    if (modules !== undefined) sym_calc_value(this.conf, modules);
    sym_calc_value(this.conf, id);
    return sym_get_string_value(this.conf, id);
  }

  /**
   * Whether a symbol has the same value without its answer, which is then gone. Members of choices
   * bear on each other; for them this is not told.
   */
  drop({ symbol }: FragmentEntry): boolean {
    const { conf } = this;
    const id = this.model.names.find(symbol);
    if (id === undefined || this.isComplete || this.model.choiceOf.has(id)) return false;
    const before = this.value(symbol);
    const answered = at(conf.hasUser, id);
    conf.hasUser[id] = 0;
    conf.invalidate(id);
    if (this.calculated(id) === before) return true;
    conf.hasUser[id] = answered;
    conf.invalidate(id);
    this.calculated(id);
    return false;
  }
}

/** Whether all wants are met by some values. */
export function meets(valueOf: ValueOf, wants: readonly Want[]): boolean {
  return wants.every(({ symbol, value, differs }) => {
    const found = valueOf(symbol);
    const equal = found === value || (found === 'undefined' && value === 'n');
    return equal !== (differs === true);
  });
}

/** Lines up to which dropping several at once does not pay. */
const fewLines = 8;

/**
 * Drops lines as long as the wants are still met: first those that change nothing, then of long
 * fragments halves, quarters and so on, and then one by one until none can go. `kept` are lines
 * that stay in any case.
 */
export function minimiseFragment(
  values: FragmentValues,
  fragment: readonly FragmentEntry[],
  wants: readonly Want[],
  kept: readonly FragmentEntry[] = [],
): readonly FragmentEntry[] {
  const isEnough = (lines: readonly FragmentEntry[]): boolean => {
    values.take([...kept, ...lines]);
    return meets((symbol) => values.value(symbol), wants);
  };
  values.take([...kept, ...fragment]);
  const busy = fragment.filter((entry) => !values.drop(entry));
  let entries = busy.length < fragment.length && isEnough(busy) ? busy : fragment;
  // Whether a line was found to be needed, and another one dropped after it.
  let isKept = false;
  let again = false;
  const pass = (size: number): void => {
    for (let end = entries.length; end > 0; end -= size) {
      const fewer = [...entries.slice(0, Math.max(0, end - size)), ...entries.slice(end)];
      if (isEnough(fewer)) {
        entries = fewer;
        again ||= isKept;
      } else isKept = true;
    }
  };
  if (entries.length > fewLines) {
    for (let size = entries.length >> 1; size > 1; size >>= 1) pass(size);
  }
  do {
    isKept = false;
    again = false;
    pass(1);
  } while (again);
  return entries;
}
