// Building Kernel records from rules: one function for the build side of a port, one for the rest.

import type { Fact, Source } from '../../base/index.ts';
import type { Gate, Kernel, Port, Predicate, SymbolFact, SymbolValue } from '../kernel.ts';
import { predicateOf, selects } from './predicates.ts';
import type { ArcRule } from './predicates.ts';
import { existsIn, portRows } from './ports.ts';
import type { PortRow } from './ports.ts';
import { asInBothTrees, deviceDaxInBothTrees, pmemInBothTrees } from './related.ts';
import { refusingSymbol } from '../gate.ts';

/** How FS_DAX (or its ancestor) depends on a port, apart from the refusal by name. */
export interface BuildRule {
  /** Value of FS_DAX without the list, and the symbols that hold it down. */
  readonly fsDax: (row: PortRow) => {
    readonly value: SymbolValue;
    readonly missing: readonly string[];
  };
  readonly zoneDevice: (row: PortRow) => SymbolValue;
  /** Whether DAX exists as a symbol: it came with 4.12. */
  readonly daxSymbol: 'y' | 'undefined' | 'unknown';
  readonly sources: readonly Source[];
}

/** What distinguishes one kernel of the catalogue. */
export interface PolicyRule {
  readonly id: string;
  readonly title: string;
  /** Release whose set of ports applies. */
  readonly base: string;
  readonly gate: Gate;
  readonly build: BuildRule;
  readonly predicate:
    | { readonly kind: 'absent' }
    | { readonly kind: 'as 6.12'; readonly arc: ArcRule; readonly sources: readonly Source[] };
  readonly sources: readonly Source[];
  readonly notes: readonly string[];
}

/** The kernel that a rule describes; ports sorted by id. */
export function kernelFromRule(rule: PolicyRule): Kernel {
  const rows = portRows.filter((row) => existsIn(row, rule.base));
  return {
    id: rule.id,
    title: rule.title,
    gate: rule.gate,
    ports: rows.map((row) => portFromRule(row, rule)),
    sources: rule.sources,
    notes: rule.notes,
  };
}

function portFromRule(row: PortRow, rule: PolicyRule): Port {
  const withoutList = buildFact(row, rule.build);
  const refusing = refusingSymbol(rule.gate, row);
  return {
    id: row.id,
    arch: row.arch,
    symbols: {
      FS_DAX: refusing === undefined ? withoutList : refusedByList(refusing, withoutList, rule),
      DAX: fact(rule.build.daxSymbol, rule.build.sources),
      DEV_DAX: asInBothTrees(deviceDaxInBothTrees, row.id, rule.base),
      ZONE_DEVICE: fact(rule.build.zoneDevice(row), rule.build.sources),
      BLK_DEV_PMEM: asInBothTrees(pmemInBothTrees, row.id, rule.base),
      ARCH_HAS_CPU_CACHE_ALIASING: aliasingSymbol(row, rule),
    },
    fsDaxWithoutList: withoutList,
    predicate: portPredicate(row, rule),
  };
}

function portPredicate(row: PortRow, { predicate }: PolicyRule): Predicate {
  if (predicate.kind === 'absent') return { kind: 'absent' };
  return predicateOf(row.arch, predicate.arc, predicate.sources);
}

function buildFact(row: PortRow, build: BuildRule): SymbolFact {
  const { value, missing } = build.fsDax(row);
  const source = firstSource(build.sources);
  return {
    value,
    chain: missing.map((symbol) => ({
      symbol,
      value: value === 'unknown' ? 'unknown' : 'n',
      because: value === 'unknown' ? 'not evaluated' : 'FS_DAX needs it',
      source,
    })),
    sources: build.sources,
  };
}

function refusedByList(symbol: string, withoutList: SymbolFact, rule: PolicyRule): SymbolFact {
  const { refusedByName } = rule.gate;
  const link = {
    symbol,
    value: 'y',
    because: `FS_DAX depends on !(${refusedByName.value.join(' || ')})`,
    source: firstSource(refusedByName.sources),
  } as const;
  return {
    value: 'n',
    chain: [link, ...withoutList.chain],
    sources: [...refusedByName.sources, ...withoutList.sources],
  };
}

function aliasingSymbol(row: PortRow, { predicate, build }: PolicyRule): SymbolFact {
  if (predicate.kind === 'absent') return fact('undefined', build.sources);
  const value = selects(row.arch, predicate.arc) ? 'y' : 'n';
  return fact(value, predicate.sources.length === 0 ? build.sources : predicate.sources);
}

function fact(value: SymbolValue, sources: readonly Source[]): SymbolFact {
  return { value, chain: [], sources };
}

function firstSource(sources: readonly Source[]): Source {
  return sources[0] ?? { kind: 'inference', why: 'no source is recorded for this rule' };
}

/** A fact with its sources, for the gate records. */
export function sourced<T>(value: T, ...sources: readonly Source[]): Fact<T> {
  return { value, sources };
}
