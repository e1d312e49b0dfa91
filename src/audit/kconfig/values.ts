// The values of an all-yes configuration, calculated as they are asked for.

import { at } from '../../base/index.ts';
import { conditionValue, nodeDependency } from './conf/expr.ts';
import { ConfState, TooDeep } from './conf/state.ts';
import { conf_set_all_new_symbols } from './conf/modes.ts';
import { conf_read_simple } from './conf/read-config.ts';
import { sym_calc_value, sym_get_string_value } from './conf/symbol.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel, KconfigNote } from './model.ts';
import type { SymbolId } from './names.ts';
import { evaluationOrder } from './order.ts';
import { toTri } from './tri.ts';
import type { Tri } from './tri.ts';

/** The raw outcome of an evaluation, by symbol number. */
export interface Values {
  tri(id: SymbolId): Tri;
  /** The value as text: y, m, n, a number or a string. Symbols without type are their own name. */
  text(id: SymbolId): string;
  visible(id: SymbolId): Tri;
  /** Whether conf would write the symbol into .config. */
  written(id: SymbolId): boolean;
  /** Value of an expression as a dependency (`m` counts only with modules). */
  dependency(expr: Expr): Tri;
  /** All dependencies of a node: its own and those of the blocks around it. */
  nodeDependency(node: number): Tri;
  /** What was odd during evaluation: recursive dependencies. Calculates all symbols. */
  notes(): readonly KconfigNote[];
}

/**
 * Answers every visible question with yes, after the values of `preset`. A symbol is calculated
 * when it is asked for; only where that meets a recursive dependency, or a chain too deep for it,
 * all are calculated in a fixed order, so that the answers never depend on who asks first.
 */
export function evaluateAllYes(
  model: KconfigModel,
  preset: Readonly<Record<string, string>>,
): Values {
  return valuesOf(model, (conf) => {
    if (Object.keys(preset).length > 0) conf_read_simple(conf, presetText(preset));
    conf_set_all_new_symbols(conf, 'yes');
  });
}

/** The values of a configuration whose answers `answer` gives. */
export function valuesOf(model: KconfigModel, answer: (conf: ConfState) => void): Values {
  const opened = (deep: boolean): ConfState => {
    const conf = new ConfState(model);
    if (deep) {
      conf.calculationOrder = evaluationOrder(model);
      conf.limit = Number.POSITIVE_INFINITY;
    }
    answer(conf);
    return conf;
  };
  let conf: ConfState | undefined;
  let complete = false;
  const completed = (): ConfState => {
    if (complete && conf !== undefined) return conf;
    complete = true;
    conf = undeep(() => calculated(opened(false), model)) ?? calculated(opened(true), model);
    return conf;
  };
  const ask = <T>(question: (conf: ConfState) => T): T => {
    if (complete && conf !== undefined) return question(conf);
    const answered = undeep(() => {
      conf ??= opened(false);
      return { conf, value: question(conf) };
    });
    const settled = answered !== undefined && answered.conf.recursive.size === 0;
    return settled ? answered.value : question(completed());
  };
  const known = (one: ConfState, id: SymbolId): ConfState => {
    sym_calc_value(one, id);
    return one;
  };
  return {
    tri: (id) => ask((one) => known(one, id).curr(id)),
    text: (id) => ask((one) => sym_get_string_value(known(one, id), id)),
    visible: (id) => ask((one) => toTri(known(one, id).visible[id])),
    written: (id) => ask((one) => known(one, id).write[id] === 1),
    dependency: (expr) => ask((one) => conditionValue(one, expr)),
    nodeDependency: (node) => ask((one) => nodeDependency(one, node)),
    notes: () => recursionNotes(completed()),
  };
}

/** Values of a preset as the lines of a configuration. */
export function presetText(preset: Readonly<Record<string, string>>): string {
  const lines = Object.entries(preset).map(([name, value]) =>
    value === 'n' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=${value}\n`,
  );
  return lines.join('');
}

function undeep<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

function calculated(conf: ConfState, model: KconfigModel): ConfState {
  for (const id of model.definitions.keys()) sym_calc_value(conf, id);
  return conf;
}

function recursionNotes({ model, recursive }: ConfState): readonly KconfigNote[] {
  return [...recursive].flatMap((id) => {
    const [index] = model.definitions.get(id) ?? [];
    if (index === undefined) return [];
    const { file, line } = at(model.nodes, index);
    const text = `recursive dependency: ${model.names.text(id)} depends on itself`;
    return [{ kind: 'ours', file, line, text }];
  });
}
