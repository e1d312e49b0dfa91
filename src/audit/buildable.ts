// The first question, by ports: which symbols of DAX can be y, why not, and what the clause that
// refuses architectures by name changes.

import { at, type Source } from '../base/index.ts';
import type { DaxSymbol, SymbolFact, SymbolValue } from '../kernel/index.ts';
import {
  allYes,
  type Evaluation,
  type Expr,
  eachSymbol,
  formatExpr,
  hasClause,
  type KconfigModel,
  operands,
  parseExpression,
  withClause,
  withoutClause,
} from './kconfig/index.ts';

/** Order in which reports show the symbols. */
export const daxSymbols: readonly DaxSymbol[] = [
  'FS_DAX',
  'DAX',
  'DEV_DAX',
  'ZONE_DEVICE',
  'BLK_DEV_PMEM',
  'ARCH_HAS_CPU_CACHE_ALIASING',
];

/** The clause that Linux 4.0 to 6.8 had: @source fs/Kconfig FS_DAX v6.1. */
export const HISTORIC_LIST = '!(ARM || MIPS || SPARC)';

/** The values of one port, with the list of architectures as it is, taken out, and put in. */
export interface BuildFacts {
  readonly symbols: Readonly<Record<DaxSymbol, SymbolFact>>;
  readonly withoutList: SymbolFact;
  /** FS_DAX if the historic clause were there (the tree's own value where it is). */
  readonly withList: SymbolValue;
  /** Where FS_DAX is defined. */
  readonly definedAt: readonly Source[];
  /** The clause in this tree that refuses architectures by name; absent where there is none. */
  readonly list?: RefusalList;
  /** Absent where FS_DAX is not y, or no dependency of it is a choice between symbols. */
  readonly alternatives?: Alternatives;
}

/** `A || B` among the dependencies of FS_DAX, where FS_DAX is y. */
export interface Alternatives {
  readonly clause: string;
  /** The symbols of it that are y or m, in the order in which they stand. */
  readonly holds: readonly string[];
  readonly source: Source;
}

/** `!(A || B)` among the dependencies of FS_DAX, where A and B are names of architectures. */
export interface RefusalList {
  readonly clause: string;
  readonly names: readonly string[];
  readonly source: Source;
}

/**
 * The facts of one port from its all-yes `evaluation`, which is not kept: one holds the whole
 * Kconfig. `architectures`: the Kconfig symbols that stand for architectures.
 */
export function buildFacts(evaluation: Evaluation, architectures: ReadonlySet<string>): BuildFacts {
  const { model } = evaluation;
  const found = findList(model, architectures);
  const own = evaluation.fact('FS_DAX');
  const alternatives = own.value === 'y' ? alternativesOf(evaluation) : undefined;
  return {
    definedAt: evaluation.definedAt('FS_DAX'),
    symbols: {
      FS_DAX: own,
      DAX: evaluation.fact('DAX'),
      DEV_DAX: evaluation.fact('DEV_DAX'),
      ZONE_DEVICE: evaluation.fact('ZONE_DEVICE'),
      BLK_DEV_PMEM: evaluation.fact('BLK_DEV_PMEM'),
      ARCH_HAS_CPU_CACHE_ALIASING: evaluation.fact('ARCH_HAS_CPU_CACHE_ALIASING'),
    },
    withoutList: valueWithoutList(model, own, found?.expr),
    withList: valueWithList(model, own),
    ...(found ? { list: found.list } : {}),
    ...(alternatives ? { alternatives } : {}),
  };
}

// Taking a dependency away can only raise a symbol, putting one in can only lower it: where the
// value has no way to go, the evaluation is spared.

function valueWithoutList(
  model: KconfigModel,
  own: SymbolFact,
  clause: Expr | undefined,
): SymbolFact {
  if (own.value === 'y' || !clause) return own;
  return allYes(withoutClause(model, 'FS_DAX', clause)).fact('FS_DAX');
}

function valueWithList(model: KconfigModel, own: SymbolFact): SymbolValue {
  if (own.value !== 'y' && own.value !== 'm') return own.value;
  const clause = parseExpression(model, HISTORIC_LIST);
  if (!clause.ok || hasClause(model, 'FS_DAX', clause.value)) return own.value;
  return allYes(withClause(model, 'FS_DAX', clause.value)).fact('FS_DAX').value;
}

/** The first clause of the form `A || B`; one with anything but symbols in it is passed over. */
function alternativesOf(evaluation: Evaluation): Alternatives | undefined {
  const { model } = evaluation;
  for (const { expr, source } of conjuncts(model)) {
    const names = operands(expr, 'or').flatMap((e) =>
      e.kind === 'symbol' ? [model.names.text(e.id)] : [],
    );
    if (expr.kind !== 'or' || names.length !== operands(expr, 'or').length) continue;
    const holds = names.filter((name) => ['y', 'm'].includes(evaluation.value(name)));
    return { clause: formatExpr(expr, model.names), holds, source };
  }
  return undefined;
}

function findList(
  model: KconfigModel,
  architectures: ReadonlySet<string>,
): { expr: Expr; list: RefusalList } | undefined {
  for (const { expr, source } of conjuncts(model)) {
    const names = namesOf(model, expr);
    const refuses = expr.kind === 'not' && names.length > 0;
    if (!refuses || !names.every((name) => architectures.has(name))) continue;
    return { expr, list: { clause: formatExpr(expr, model.names), names, source } };
  }
  return undefined;
}

/** Every part of FS_DAX's own dependencies that must hold, in reading order. */
function conjuncts(model: KconfigModel): readonly { expr: Expr; source: Source }[] {
  const id = model.names.find('FS_DAX');
  const indices = id === undefined ? [] : (model.definitions.get(id) ?? []);
  return indices.flatMap((index) => {
    const node = at(model.nodes, index);
    return node.depends.flatMap((clause) => {
      const source: Source = { kind: 'tree', file: node.file, line: clause.line };
      return operands(clause.expr, 'and').map((expr) => ({ expr, source }));
    });
  });
}

function namesOf(model: KconfigModel, expr: Expr): readonly string[] {
  const names: string[] = [];
  eachSymbol(expr, (id) => names.push(model.names.text(id)));
  return names.sort();
}
