// What the cache does to the copies of one line, as simultaneous updates of the state.
//
// Each function gives the value of every field it touches after the step, as expressions over the
// state before it. Where filling a copy throws another one out, the write-back of the thrown-out
// copy comes first: the filled copy sees it.

import { at } from '../base/index.ts';
import { constant, type Expr, eq, fieldAt, ite, ne, type Update } from '../ir/index.ts';
import type { CacheModel } from './cache-model.ts';
import { type Cells, type Copy, type Names } from './names.ts';

/** State of a copy that is not in the cache; its cells are then 0. */
export const ABSENT = constant(0);
/** State of a copy that the cache may drop without writing it back. */
export const CLEAN = constant(1);
/** State of a copy that an eviction writes back: write-back caches only. */
export const DIRTY = constant(2);

/** 1 where an access hits the copy. */
export function isPresent(copy: Copy): Expr {
  return ne(fieldAt(copy.state), ABSENT);
}

/** 1 where memory does not have the copy's stores yet. */
export function isDirty(copy: Copy): Expr {
  return eq(fieldAt(copy.state), DIRTY);
}

/** Values of a line in memory once the copies in `gone` have been written back. */
function memoryAfter(memory: Cells, gone: readonly Copy[]): readonly Expr[] {
  return memory.map((field, cell) =>
    gone.reduce<Expr>(
      (value, copy) => ite(isDirty(copy), fieldAt(at(copy.cells, cell)), value),
      fieldAt(field),
    ),
  );
}

function setCells(cells: Cells, values: readonly Expr[]): readonly Update[] {
  return cells.map((field, cell) => ({ field, value: at(values, cell) }));
}

function drop(copy: Copy): readonly Update[] {
  return [
    { field: copy.state, value: ABSENT },
    ...copy.cells.map((field) => ({ field, value: constant(0) })),
  ];
}

/** Write back if dirty, and invalidate: an eviction, or a flush by instruction. */
export function flushUpdates(names: Names, copy: Copy): readonly Update[] {
  const memory = cellsInMemory(names, copy.line);
  return [...setCells(memory, memoryAfter(memory, [copy])), ...drop(copy)];
}

/** Write back if dirty; the copy stays, clean. */
export function cleanUpdates(names: Names, copy: Copy): readonly Update[] {
  const memory = cellsInMemory(names, copy.line);
  return [
    ...setCells(memory, memoryAfter(memory, [copy])),
    { field: copy.state, value: ite(isDirty(copy), CLEAN, fieldAt(copy.state)) },
  ];
}

/** Drops the copy unwritten. */
export function invalidateUpdates(copy: Copy): readonly Update[] {
  return drop(copy);
}

/** Fills an absent copy from memory; copies that exclude it are written back and dropped first. */
export function fillUpdates(names: Names, model: CacheModel, copy: Copy): readonly Update[] {
  const memory = cellsInMemory(names, copy.line);
  const victims = victimsOf(names, model, copy);
  const values = memoryAfter(memory, victims);
  return [
    ...(victims.length > 0 ? setCells(memory, values) : []),
    ...victims.flatMap(drop),
    { field: copy.state, value: CLEAN },
    ...setCells(copy.cells, values),
  ];
}

/** A load through `copy` (`undefined`: uncached): the value read, and what the cache does. */
export function loadUpdates(
  names: Names,
  model: CacheModel,
  place: { readonly copy: Copy | undefined; readonly line: string; readonly cell: number },
): { value: Expr; updates: readonly Update[] } {
  const { copy, line, cell } = place;
  const memory = cellsInMemory(names, line);
  if (!copy) return { value: fieldAt(at(memory, cell)), updates: [] };
  const miss = memoryAfter(memory, victimsOf(names, model, copy));
  const hit = isPresent(copy);
  return {
    value: ite(hit, fieldAt(at(copy.cells, cell)), at(miss, cell)),
    updates: unless(hit, fillUpdates(names, model, copy)),
  };
}

/** A store of `value` to one cell through `copy` (`undefined`: uncached). */
export function storeUpdates(
  names: Names,
  model: CacheModel,
  place: {
    readonly copy: Copy | undefined;
    readonly line: string;
    readonly cell: number;
    readonly value: number;
  },
): readonly Update[] {
  const { copy, line, cell } = place;
  const memory = cellsInMemory(names, line);
  const value = constant(place.value);
  const toMemory: Update = { field: at(memory, cell), value };
  if (!copy) return [toMemory];
  const hit = isPresent(copy);
  const state = model.write === 'back' ? DIRTY : CLEAN;
  const onHit: readonly Update[] = [
    { field: at(copy.cells, cell), value },
    { field: copy.state, value: state },
    ...(model.write === 'through' ? [toMemory] : []),
  ];
  const onMiss = model.allocateOnWrite
    ? override(fillUpdates(names, model, copy), onHit)
    : [toMemory];
  return choose(hit, onHit, onMiss);
}

/** Copies that must leave before `copy` can be filled. */
function victimsOf(names: Names, model: CacheModel, copy: Copy): readonly Copy[] {
  const others = names.copies.filter((c) => c.line === copy.line && c.key !== copy.key);
  switch (model.excludes) {
    case 'none':
      return [];
    case 'same-index':
      return others.filter((c) => c.colour === copy.colour);
    case 'all':
      return others;
  }
}

function cellsInMemory(names: Names, line: string): Cells {
  return names.memory.get(line) ?? [];
}

/** The updates, where `condition` does not hold; otherwise the fields keep their values. */
function unless(condition: Expr, updates: readonly Update[]): readonly Update[] {
  return updates.map(({ field, value }) => ({
    field,
    value: ite(condition, fieldAt(field), value),
  }));
}

/** `first` with the fields of `second` replaced or added. */
function override(first: readonly Update[], second: readonly Update[]): readonly Update[] {
  const replaced = new Set(second.map((u) => u.field));
  return [...first.filter((u) => !replaced.has(u.field)), ...second];
}

/** `yes` where the condition holds, else `no`; fields only one side names keep their values. */
function choose(condition: Expr, yes: readonly Update[], no: readonly Update[]): readonly Update[] {
  const fields = [...new Set([...yes, ...no].map((u) => u.field))];
  const valueIn = (updates: readonly Update[], field: number): Expr =>
    updates.find((u) => u.field === field)?.value ?? fieldAt(field);
  return fields.map((field) => ({
    field,
    value: ite(condition, valueIn(yes, field), valueIn(no, field)),
  }));
}
