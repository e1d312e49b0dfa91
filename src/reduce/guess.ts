// A guess at how two threads of a program could be exchanged: what one calls x, the other calls y.
// Nothing rests on the guess: whoever asks for it proves it on the system.

import { at } from '../base/index.ts';
import type { Step } from '../litmus/index.ts';
import type { Copy, Names, Scenario } from '../scenario/index.ts';

/** Exchanged names: each names the other. What is not in it keeps its name. */
type Exchange = Map<string, string>;

interface Exchanges {
  readonly lines: Exchange;
  readonly mappings: Exchange;
  readonly locks: Exchange;
  /** Of the first thread to those of the second. */
  readonly registers: Exchange;
}

/** By field: the field that takes its place when the threads are exchanged; undefined: none. */
export function guessedRenaming(
  { names, ops }: Scenario,
  first: number,
  second: number,
): readonly number[] | undefined {
  const a = at(ops, first);
  const b = at(ops, second);
  const found = { lines: new Map(), mappings: new Map(), locks: new Map(), registers: new Map() };
  const isLike =
    a.length === b.length &&
    a.every((op, i) => {
      const other = at(b, i);
      const goesAlike = op.next === other.next && op.otherwise === other.otherwise;
      return goesAlike && like(op.step, other.step, found);
    });
  return isLike && a.length > 0 ? renaming(names, found, first, second) : undefined;
}

function like(a: Step, b: Step, found: Exchanges): boolean {
  if (a.kind !== b.kind) return false;
  return (
    paired(found.lines, part(a, 'line'), part(b, 'line')) &&
    paired(found.mappings, part(a, 'mapping'), part(b, 'mapping')) &&
    paired(found.locks, part(a, 'lock'), part(b, 'lock')) &&
    assigned(found.registers, part(a, 'register'), part(b, 'register'))
  );
}

function part(step: Step, name: 'line' | 'mapping' | 'lock' | 'register'): string | undefined {
  const value: unknown = Object.entries(step).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function paired(known: Exchange, a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return assigned(known, a, b) && assigned(known, b, a);
}

function assigned(known: Exchange, a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const before = known.get(a);
  known.set(a, b);
  return before === undefined || before === b;
}

function renaming(
  names: Names,
  found: Exchanges,
  first: number,
  second: number,
): readonly number[] | undefined {
  const fields = names.fields.map((_, i) => i);
  const set = (from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined) fields[from] = to;
  };
  const swap = (a: number | undefined, b: number | undefined): void => {
    set(a, b);
    set(b, a);
  };
  const other = (known: Exchange, name: string): string => known.get(name) ?? name;
  swap(names.counters[first], names.counters[second]);
  const [threadA, threadB] = [first, second].map((t) => names.program.threads[t]?.name ?? '');
  for (const [a, b] of found.registers) {
    swap(names.registers.get(`${threadA}:${a}`), names.registers.get(`${threadB}:${b}`));
  }
  for (const [line, cells] of names.memory) {
    const to = names.memory.get(other(found.lines, line)) ?? [];
    cells.forEach((cell, i) => set(cell, to[i]));
  }
  for (const [mapping, field] of names.reach) {
    set(field, names.reach.get(other(found.mappings, mapping)));
  }
  for (const [lock, field] of names.locks) set(field, names.locks.get(other(found.locks, lock)));
  const cpus = [first, second].map((t) => names.program.threads[t]?.cpu ?? 0);
  const cpuOf = (cpu: number): number =>
    cpu === cpus[0] ? (cpus[1] ?? cpu) : cpu === cpus[1] ? (cpus[0] ?? cpu) : cpu;
  const image = (copy: Copy): Copy | undefined =>
    names.copies.find(
      (c) =>
        c.line === other(found.lines, copy.line) &&
        c.cache === copy.cache &&
        c.cpu === cpuOf(copy.cpu) &&
        c.addresses.includes(other(found.mappings, copy.addresses[0] ?? '')),
    );
  for (const copy of names.copies) {
    const to = image(copy);
    if (!to) return undefined;
    set(copy.state, to.state);
    copy.cells.forEach((cell, i) => set(cell, to.cells[i]));
  }
  return new Set(fields).size === fields.length ? fields : undefined;
}
