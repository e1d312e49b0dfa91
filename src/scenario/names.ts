// The fields of a scenario's state under the names of the domain: memory, copies, reach, registers.

import { assert, present } from '../base/index.ts';
import type { Field } from '../ir/index.ts';
import type { Line, Mapping, Program, Step } from '../litmus/index.ts';
import type { CacheModel } from './cache-model.ts';
import type { Op } from './flow.ts';

/** Field indices of the cells of one line, in order. */
export type Cells = readonly number[];

/** One possible copy of a line in the cache of one CPU. */
export interface Copy {
  /** Unique: `x.K`, `x.K+U`, on several CPUs `x.K@1`, in an I-cache `x.U.icache`. */
  readonly label: string;
  readonly cache: 'data' | 'fetch';
  readonly cpu: number;
  readonly line: string;
  /** What tells it from the other copies of the line: `line`, `colour2`, or an address name. */
  readonly key: string;
  /** Shown in witnesses: the addresses that hit this copy, e.g. `K` or `K,U1`. */
  readonly addresses: readonly string[];
  /** The line and the addresses as `program` and `keys` of the names call them. */
  readonly own: { readonly line: string; readonly mappings: readonly string[] };
  /** Colour of those addresses; equal for all where the cache is virtually indexed. */
  readonly colour: number;
  /** Field with 0 absent, 1 clean, 2 dirty; a copy in an I-cache is never dirty. */
  readonly state: number;
  readonly cells: Cells;
}

/** A mapping with what the cache makes of its address: its colour, and the copies it hits. */
export interface MappingKey {
  readonly mapping: Mapping;
  readonly colour: number;
  /** `undefined`: accesses through this mapping bypass the cache. */
  readonly key: string | undefined;
  /** The same for the I-cache, which has colours of its own; absent where nobody fetches. */
  readonly fetch?: { readonly colour: number; readonly key: string | undefined };
}

/** One entry of a page table. */
export interface TableEntry {
  readonly field: number;
  readonly mapped: readonly number[];
}

/** Field indices by what they stand for; the records of a scenario are told in these names. */
export interface Names {
  readonly fields: readonly Field[];
  readonly program: Program;
  /** CPUs that run threads, ascending. */
  readonly cpus: readonly number[];
  readonly valueBits: number;
  readonly memory: ReadonlyMap<string, Cells>;
  readonly copies: readonly Copy[];
  /** Field that is 1 while the mapping is in reach; empty where all are from start to end. */
  readonly reach: ReadonlyMap<string, number>;
  /** Field that is 1 while a thread holds the lock. */
  readonly locks: ReadonlyMap<string, number>;
  /** Field that becomes 1 when power fails; `undefined` where nobody asks. */
  readonly crashed: number | undefined;
  /** Field that becomes 1 when the threads wait for each other for ever. */
  readonly deadlock: number | undefined;
  readonly counters: readonly number[];
  /**
   * Entries of page tables that lead to the page of a mapping, by the name of the mapping, where a
   * kernel runs: `mapped` is 1 for the values of the field with which one does. Without an entry
   * the mapping is always there. Absent: `reach` says all.
   */
  readonly tables?: ReadonlyMap<string, readonly TableEntry[]>;
  /** Further fields that data never decides: cells of kernel tables. Absent: none. */
  readonly control?: readonly number[];
  /** What the number of a cell of memory stands for; absent: itself. */
  readonly values?: readonly number[];
  /** By `P0:r1`. */
  readonly registers: ReadonlyMap<string, number>;
  readonly keys: ReadonlyMap<string, MappingKey>;
}

/** What the layout of a state depends on beside the program. */
export interface Layouting {
  readonly model: CacheModel;
  readonly ops: readonly (readonly Op[])[];
  readonly keys: readonly MappingKey[];
  readonly mappedAtStart: ReadonlySet<string>;
  readonly asks: { readonly crashed: boolean; readonly deadlock: boolean };
}

/** The copy in `cache` of `cpu` that an access hits or fills; `undefined` where it bypasses it. */
export function copyFor(
  names: Names,
  place: { readonly mapping: string; readonly line: string },
  cpu: number,
  cache: Copy['cache'] = 'data',
): Copy | undefined {
  const keys = present(names.keys.get(place.mapping), `mapping ${place.mapping}`);
  const key = cache === 'data' ? keys.key : keys.fetch?.key;
  if (key === undefined) return undefined;
  const hits = names.copies.filter(
    (c) => c.line === place.line && c.key === key && c.cpu === cpu && c.cache === cache,
  );
  // A line of a kernel that runs may have copies in several page frames; the address tells which.
  const found = hits.find(({ own }) => own.mappings.includes(place.mapping)) ?? hits[0];
  assert(found !== undefined || cache === 'fetch', 'copy of a cached mapping');
  return found;
}

/**
 * Copies in the data caches of other CPUs that a bus transaction for `copy` finds: those of the
 * same key, or all of the line where the hardware knows of synonyms in order to report them.
 */
export function peersOf(names: Names, model: CacheModel, copy: Copy): readonly Copy[] {
  return names.copies.filter(
    (c) =>
      c.cache === 'data' &&
      c.line === copy.line &&
      c.cpu !== copy.cpu &&
      (c.key === copy.key || model.excludes === 'all'),
  );
}

/** Field of one cell in memory. */
export function memoryField(names: Names, line: string, cell: number): number {
  return present(present(names.memory.get(line), `line ${line}`)[cell], `cell ${cell} of ${line}`);
}

/** Lays out all fields of a scenario. */
export function nameFields(program: Program, layouting: Layouting): Names {
  const { ops, keys, mappedAtStart, asks } = layouting;
  const valueBits = program.valueBits ?? 2;
  const fields: Field[] = [];
  const add = (name: string, widthBits: number, init: number): number => {
    fields.push({ name, widthBits, init });
    return fields.length - 1;
  };
  const cellsOf = (prefix: string, line: Line, init: readonly number[]): Cells =>
    line.cells.map((_, i) => add(`${prefix}[${i}]`, valueBits, encode(init[i] ?? 0, valueBits)));
  const memory = new Map<string, Cells>();
  for (const line of program.lines) memory.set(line.name, cellsOf(line.name, line, line.cells));
  const cpus = [...new Set(program.threads.map((t) => t.cpu ?? 0))].sort((a, b) => a - b);
  const copies = program.lines.flatMap((line) =>
    possibleCopies(line, layouting, cpus).map((copy): Copy => {
      const prefix = fieldPrefix(copy, cpus.length > 1);
      const state = add(prefix, copy.cache === 'data' ? 2 : 1, 0);
      return { ...copy, state, cells: cellsOf(prefix, line, []) };
    }),
  );
  const reach = new Map<string, number>();
  const steps = ops.flat().map((op) => op.step);
  const moves = steps.some((s) => s.kind === 'map' || s.kind === 'unmap');
  if (moves || mappedAtStart.size < program.mappings.length) {
    for (const { name } of program.mappings) {
      reach.set(name, add(`reach ${name}`, 1, mappedAtStart.has(name) ? 1 : 0));
    }
  }
  const locks = new Map((program.locks ?? []).map((l) => [l, add(`lock ${l}`, 1, 0)] as const));
  const crashed = asks.crashed ? add('crashed', 1, 0) : undefined;
  const deadlock = asks.deadlock ? add('deadlock', 1, 0) : undefined;
  const counters = ops.map((list, t) => add(`pc${t}`, bitsFor(list.length), 0));
  const registers = new Map<string, number>();
  ops.forEach((list, t) => {
    for (const register of list.flatMap(({ step }) => registersOf(step))) {
      const name = `${present(program.threads[t], 'thread').name}:${register}`;
      if (!registers.has(name)) registers.set(name, add(name, valueBits, 0));
    }
  });
  const byName = new Map(keys.map((k) => [k.mapping.name, k] as const));
  assert(byName.size === keys.length, 'mapping names are unique');
  return {
    fields,
    program,
    cpus,
    valueBits,
    memory,
    copies,
    reach,
    locks,
    crashed,
    deadlock,
    counters,
    registers,
    keys: byName,
  };
}

/** `value` as an unsigned number of `bits` bits: two's complement where it is negative. */
export function encode(value: number, bits: number): number {
  assert(value >= -(2 ** (bits - 1)), `value ${value} fits ${bits} bits`);
  assert(value < 2 ** bits, `value ${value} fits ${bits} bits`);
  return value < 0 ? value + 2 ** bits : value;
}

/** The registers that a step sets. */
export function registersOf(step: Step): readonly string[] {
  return 'register' in step && step.register !== undefined ? [step.register] : [];
}

type CopyPlace = Omit<Copy, 'state' | 'cells'>;

function possibleCopies(
  line: Line,
  { model, ops, keys }: Layouting,
  cpus: readonly number[],
): readonly CopyPlace[] {
  const ofPage = keys.filter((k) => k.mapping.page === line.page);
  const places = (cache: Copy['cache'], through: readonly MappingKey[]): readonly CopyPlace[] =>
    cpus.flatMap((cpu) =>
      groupByKey(cache, through).map((group): CopyPlace => {
        const on = cpus.length > 1 ? `@${cpu}` : '';
        const kind = cache === 'fetch' ? '.icache' : '';
        const label = `${line.name}.${group.addresses.join('+')}${kind}${on}`;
        const own = { line: line.name, mappings: group.addresses };
        return { label, cache, cpu, line: line.name, own, ...group };
      }),
    );
  const fetches = ops.flat().flatMap(({ step }) => (step.kind === 'fetch' ? [step] : []));
  // An address that is fetched through is executable, and hardware may fetch any line of its page.
  const asked = new Set(fetches.filter((s) => s.line === line.name).map((s) => s.mapping));
  const wanted = new Set(ofPage.filter((k) => asked.has(k.mapping.name)).map((k) => k.fetch?.key));
  const executable = ofPage.filter(
    (k) => wanted.has(k.fetch?.key) && fetches.some((s) => s.mapping === k.mapping.name),
  );
  return [
    ...places('data', ofPage),
    ...(model.icache === 'split' ? places('fetch', executable) : []),
  ];
}

function fieldPrefix(copy: CopyPlace, severalCpus: boolean): string {
  const cache = copy.cache === 'fetch' ? ' icache' : '';
  return `${copy.line}@${copy.key}${cache}${severalCpus ? ` cpu${copy.cpu}` : ''}`;
}

function groupByKey(cache: Copy['cache'], keys: readonly MappingKey[]) {
  const groups = new Map<string, { key: string; colour: number; addresses: string[] }>();
  for (const { mapping, fetch, ...data } of keys) {
    const { key, colour } = cache === 'data' ? data : (fetch ?? data);
    if (key === undefined) continue;
    const group = groups.get(key) ?? { key, colour, addresses: [] };
    group.addresses.push(mapping.name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function bitsFor(max: number): number {
  return Math.max(1, Math.ceil(Math.log2(max + 1)));
}
