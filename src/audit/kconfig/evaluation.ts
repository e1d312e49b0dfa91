// The answers about one evaluated configuration: values, who selects what, and why something is n.

import { at } from '../../base/index.ts';
import type { Source } from '../../base/index.ts';
import type { ChainLink, SymbolFact } from '../../kernel/index.ts';
import { evaluateAllYes } from './values.ts';
import type { Values } from './values.ts';
import { formatExpr } from './expr.ts';
import type { KconfigModel, KconfigNote } from './model.ts';
import { explain } from './why.ts';

/** One `select` of a symbol, and whether it counts in this configuration. */
export interface Selector {
  readonly by: string;
  /** Value of the selecting symbol. */
  readonly value: string;
  /** The `if` of the select line; absent where it has none. */
  readonly condition?: string;
  readonly active: boolean;
  readonly source: Source;
}

/** One configuration of one port, fully valued. */
export interface Evaluation {
  readonly model: KconfigModel;
  /**
   * y, m or n; the text of a number or string symbol; `undefined` for a name that no Kconfig file
   * of the port defines.
   */
  value(symbol: string): string;
  /** Whether conf would write the symbol into .config (`# CONFIG_X is not set` included). */
  written(symbol: string): boolean;
  /** The reason of an n, outermost symbol first; empty where the value is not n or undefined. */
  why(symbol: string): readonly ChainLink[];
  /** Value, reason and defining places of a bool or tristate symbol as a fact. */
  fact(symbol: string): SymbolFact;
  /** All `select` lines that name the symbol, in reading order. */
  selectors(symbol: string): readonly Selector[];
  /** Where the symbol is defined, in reading order. */
  definedAt(symbol: string): readonly Source[];
  /** What was odd while evaluating, such as recursive dependencies. Calculates every symbol. */
  notes(): readonly KconfigNote[];
}

/**
 * The configuration in which every question is answered with yes, after the values that the port
 * fixes. `preset` replaces the port's own; the same values as KCONFIG_ALLCONFIG would give.
 */
export function allYes(
  model: KconfigModel,
  preset: Readonly<Record<string, string>> = model.preset,
): Evaluation {
  const values = evaluateAllYes(model, preset);
  const why = (symbol: string): readonly ChainLink[] => explain(model, values, preset, symbol);
  const value = (symbol: string): string => valueOf(model, values, symbol);
  return {
    model,
    value,
    written(symbol) {
      const id = model.names.find(symbol);
      return id !== undefined && model.definitions.has(id) && values.written(id);
    },
    why,
    fact(symbol) {
      const text = value(symbol);
      return {
        value: text === 'y' || text === 'm' || text === 'undefined' ? text : 'n',
        chain: why(symbol),
        sources: definedAt(model, symbol),
      };
    },
    selectors: (symbol) => selectorsOf(model, values, symbol),
    definedAt: (symbol) => definedAt(model, symbol),
    notes: () => values.notes(),
  };
}

function valueOf(model: KconfigModel, values: Values, symbol: string): string {
  const id = model.names.find(symbol);
  if (id === undefined || !model.definitions.has(id)) return 'undefined';
  return values.text(id);
}

function definedAt(model: KconfigModel, symbol: string): readonly Source[] {
  const id = model.names.find(symbol);
  const nodes = id === undefined ? [] : (model.definitions.get(id) ?? []);
  return nodes.map((index) => {
    const { file, line } = at(model.nodes, index);
    return { kind: 'tree', file, line };
  });
}

function selectorsOf(model: KconfigModel, values: Values, symbol: string): readonly Selector[] {
  const id = model.names.find(symbol);
  const list = id === undefined ? [] : (model.selectedBy.get(id) ?? []);
  return list.map(({ by, node, clause }) => {
    const { condition } = clause;
    const holds = condition === undefined || values.dependency(condition) !== 0;
    return {
      by: model.names.text(by),
      value: values.text(by),
      ...(condition === undefined ? {} : { condition: formatExpr(condition, model.names) }),
      active: values.tri(by) !== 0 && holds && values.nodeDependency(node) !== 0,
      source: { kind: 'tree', file: at(model.nodes, node).file, line: clause.line },
    };
  });
}
