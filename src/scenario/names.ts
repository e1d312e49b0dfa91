// The fields of a scenario's state under the names of the domain: memory, copies, reach, registers.

import { assert, present } from '../base/index.ts';
import type { Field } from '../ir/index.ts';
import type { Line, Mapping, Program, Step } from '../litmus/index.ts';

/** Field indices of the cells of one line, in order. */
export type Cells = readonly number[];

/** One possible copy of a line in the cache. */
export interface Copy {
  readonly line: string;
  /** What tells it from the other copies of the line: `line`, `colour2`, or an address name. */
  readonly key: string;
  /** Shown in witnesses: the addresses that hit this copy, e.g. `K` or `K,U1`. */
  readonly addresses: readonly string[];
  /** Colour of those addresses; equal for all where the cache is virtually indexed. */
  readonly colour: number;
  /** Field with 0 absent, 1 clean, 2 dirty. */
  readonly state: number;
  readonly cells: Cells;
}

/** A mapping with what the cache makes of its address: its colour, and the copies it hits. */
export interface MappingKey {
  readonly mapping: Mapping;
  readonly colour: number;
  /** `undefined`: accesses through this mapping bypass the cache. */
  readonly key: string | undefined;
}

/** Field indices by what they stand for; the records of a scenario are told in these names. */
export interface Names {
  readonly fields: readonly Field[];
  readonly program: Program;
  readonly memory: ReadonlyMap<string, Cells>;
  readonly copies: readonly Copy[];
  /** Field that is 1 while the mapping is in reach; empty where all are from start to end. */
  readonly reach: ReadonlyMap<string, number>;
  readonly counters: readonly number[];
  /** By `P0:r1`. */
  readonly registers: ReadonlyMap<string, number>;
  readonly keys: ReadonlyMap<string, MappingKey>;
}

/** The copy an access through `mapping` hits or fills; `undefined` where it bypasses the cache. */
export function copyFor(names: Names, mapping: string, line: string): Copy | undefined {
  const key = present(names.keys.get(mapping), `mapping ${mapping}`).key;
  if (key === undefined) return undefined;
  return present(
    names.copies.find((c) => c.line === line && c.key === key),
    'copy of a cached mapping',
  );
}

/** Field of one cell in memory. */
export function memoryField(names: Names, line: string, cell: number): number {
  return present(present(names.memory.get(line), `line ${line}`)[cell], `cell ${cell} of ${line}`);
}

/** Lays out all fields of a scenario. */
export function nameFields(
  program: Program,
  steps: readonly (readonly Step[])[],
  keys: readonly MappingKey[],
  mappedAtStart: ReadonlySet<string>,
): Names {
  const fields: Field[] = [];
  const add = (name: string, widthBits: number, init: number): number => {
    fields.push({ name, widthBits, init });
    return fields.length - 1;
  };
  const cellsOf = (prefix: string, line: Line, init: readonly number[]): Cells =>
    line.cells.map((_, i) => add(`${prefix}[${i}]`, 2, init[i] ?? 0));
  const memory = new Map<string, Cells>();
  for (const line of program.lines) memory.set(line.name, cellsOf(line.name, line, line.cells));
  const copies = program.lines.flatMap((line) =>
    groupByKey(keys).map(({ key, colour, addresses }): Copy => {
      const prefix = `${line.name}@${key}`;
      const state = add(prefix, 2, 0);
      return { line: line.name, key, addresses, colour, state, cells: cellsOf(prefix, line, []) };
    }),
  );
  const reach = new Map<string, number>();
  const moves = steps.flat().some((s) => s.kind === 'map' || s.kind === 'unmap');
  if (moves || mappedAtStart.size < program.mappings.length) {
    for (const { name } of program.mappings) {
      reach.set(name, add(`reach ${name}`, 1, mappedAtStart.has(name) ? 1 : 0));
    }
  }
  const counters = steps.map((list, t) => add(`pc${t}`, bitsFor(list.length), 0));
  const registers = new Map<string, number>();
  steps.forEach((list, t) => {
    for (const step of list) {
      if (step.kind !== 'load') continue;
      const name = `${present(program.threads[t], 'thread').name}:${step.register}`;
      if (!registers.has(name)) registers.set(name, add(name, 2, 0));
    }
  });
  const byName = new Map(keys.map((k) => [k.mapping.name, k] as const));
  assert(byName.size === keys.length, 'mapping names are unique');
  return { fields, program, memory, copies, reach, counters, registers, keys: byName };
}

function groupByKey(keys: readonly MappingKey[]) {
  const groups = new Map<string, { key: string; colour: number; addresses: string[] }>();
  for (const { mapping, colour, key } of keys) {
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
