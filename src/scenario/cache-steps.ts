// What the cache does to the copies of one line, as simultaneous updates of the state.
//
// Each function gives the value of every field it touches after the step, as expressions over the
// state before it. Where filling a copy throws another one out, the write-back of the thrown-out
// copy comes first: the filled copy sees it. The same holds for the dirty copy of another CPU: it
// is written back, and stays clean after a load, or leaves after a store.

import { at, never } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, ite, ne, not, type Update } from '../ir/index.ts';
import type { CacheModel } from './cache-model.ts';
import { type Cells, type Copy, type Names, peersOf } from './names.ts';

/** State of a copy that is not in the cache; its cells are then 0. */
export const ABSENT = constant(0);
/** State of a copy that the cache may drop without writing it back. */
export const CLEAN = constant(1);
/** State of a copy that an eviction writes back: write-back data caches only. */
export const DIRTY = constant(2);

/** Where a load or store goes, and the copy that it hits; `undefined`: uncached. */
export interface Place {
  readonly copy: Copy | undefined;
  readonly line: string;
  readonly cell: number;
}

/** 1 where an access hits the copy. */
export function isPresent(copy: Copy): Expr {
  return ne(fieldAt(copy.state), ABSENT);
}

/** 1 where memory does not have the copy's stores yet. */
export function isDirty(copy: Copy): Expr {
  return copy.cache === 'fetch' ? constant(0) : eq(fieldAt(copy.state), DIRTY);
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

function toClean(copy: Copy): Update {
  return { field: copy.state, value: ite(isDirty(copy), CLEAN, fieldAt(copy.state)) };
}

/**
 * Write back the dirty one of `copies`, and invalidate all: an eviction, or a flush by
 * instruction. The copies are of one key, so at most one is dirty.
 */
export function flushUpdates(names: Names, copies: readonly Copy[]): readonly Update[] {
  return [...writeBack(names, copies), ...copies.flatMap(drop)];
}

/** Write back the dirty one of `copies`, which are of one key; they stay, clean. */
export function cleanUpdates(names: Names, copies: readonly Copy[]): readonly Update[] {
  return [...writeBack(names, copies), ...copies.map(toClean)];
}

/** Drops the copies unwritten. */
export function invalidateUpdates(copies: readonly Copy[]): readonly Update[] {
  return copies.flatMap(drop);
}

function writeBack(names: Names, copies: readonly Copy[]): readonly Update[] {
  const data = copies.filter((c) => c.cache === 'data');
  const [first] = data;
  if (!first) return [];
  const memory = cellsInMemory(names, first.line);
  return setCells(memory, memoryAfter(memory, data));
}

/** Fills an absent copy from memory; copies that exclude it are written back and dropped first. */
export function fillUpdates(names: Names, model: CacheModel, copy: Copy): readonly Update[] {
  const memory = cellsInMemory(names, copy.line);
  // A fetch does not look into the data cache: it takes what memory has.
  const victims = victimsOf(names, model, copy);
  const peers = copy.cache === 'fetch' ? [] : peersOf(names, model, copy);
  const written = [...victims, ...peers];
  const values = memoryAfter(memory, written);
  return [
    ...(written.length > 0 ? setCells(memory, values) : []),
    ...victims.flatMap(drop),
    ...peers.map(toClean),
    { field: copy.state, value: CLEAN },
    ...setCells(copy.cells, values),
  ];
}

/** A load through `copy` (`undefined`: uncached): the value read, and what the cache does. */
export function loadUpdates(
  names: Names,
  model: CacheModel,
  place: Place,
): { value: Expr; updates: readonly Update[] } {
  const { copy, line, cell } = place;
  const memory = cellsInMemory(names, line);
  if (!copy) return { value: fieldAt(at(memory, cell)), updates: [] };
  const fill = fillUpdates(names, model, copy);
  const hit = isPresent(copy);
  return {
    value: ite(hit, fieldAt(at(copy.cells, cell)), valueOf(fill, at(copy.cells, cell))),
    updates: choose(hit, [], fill),
  };
}

/**
 * What a fetch finds that sees stores by itself: the dirty copy if there is one, wherever it is,
 * else memory. It leaves the data cache as it is. Through `undefined` it takes memory.
 */
export function newestValue(names: Names, { copy, line, cell }: Place): Expr {
  const field = fieldAt(at(cellsInMemory(names, line), cell));
  if (!copy) return field;
  const copies = names.copies.filter((c) => c.cache === 'data' && c.line === line);
  return copies.reduceRight<Expr>(
    (value, one) => ite(isDirty(one), fieldAt(at(one.cells, cell)), value),
    field,
  );
}

/** A store of `value` to one cell through `copy` (`undefined`: uncached). */
export function storeUpdates(
  names: Names,
  model: CacheModel,
  place: Place & { readonly value: Expr },
): readonly Update[] {
  const { copy, line, cell, value } = place;
  const memory = cellsInMemory(names, line);
  const toMemory: Update = { field: at(memory, cell), value };
  if (!copy) return [toMemory];
  const peers = peersOf(names, model, copy);
  const others = peers.flatMap(drop);
  const state = model.write === 'back' ? DIRTY : CLEAN;
  const onHit: readonly Update[] = [
    ...others,
    { field: at(copy.cells, cell), value },
    { field: copy.state, value: state },
    ...(model.write === 'through' ? [toMemory] : []),
  ];
  const onMiss = model.allocateOnWrite
    ? override(fillUpdates(names, model, copy), onHit)
    : override(writeBack(names, peers), [...others, toMemory]);
  return choose(isPresent(copy), onHit, onMiss);
}

/** Stores `value` and gives what the cell held: one step that nothing comes between. */
export function exchangeUpdates(
  names: Names,
  model: CacheModel,
  place: Place & { readonly value: Expr },
): { value: Expr; updates: readonly Update[] } {
  const { value } = loadUpdates(names, model, place);
  // A read-modify-write brings the line in, whatever the policy for plain stores.
  return { value, updates: storeUpdates(names, { ...model, allocateOnWrite: true }, place) };
}

/** 1 where no data copy is dirty: memory holds what every later reader will find. */
export function isSettled(names: Names): Expr {
  return and(...names.copies.filter((c) => c.cache === 'data').map((c) => not(isDirty(c))));
}

/** Copies that must leave before `copy` can be filled: those of the same cache. */
function victimsOf(names: Names, model: CacheModel, copy: Copy): readonly Copy[] {
  const others = names.copies.filter(
    (c) =>
      c.cache === copy.cache && c.cpu === copy.cpu && c.line === copy.line && c.key !== copy.key,
  );
  // The exceptions of `all` are about data: what I-caches hold twice stays.
  const excludes = copy.cache === 'fetch' ? model.instruction.excludes : model.excludes;
  switch (excludes) {
    case 'none':
      return [];
    case 'same-index':
      return others.filter((c) => c.colour === copy.colour);
    case 'all':
      return others;
    default:
      return never(excludes);
  }
}

function cellsInMemory(names: Names, line: string): Cells {
  return names.memory.get(line) ?? [];
}

function valueOf(updates: readonly Update[], field: number): Expr {
  return updates.find((u) => u.field === field)?.value ?? fieldAt(field);
}

/** `first` with the fields of `second` replaced or added. */
function override(first: readonly Update[], second: readonly Update[]): readonly Update[] {
  const replaced = new Set(second.map((u) => u.field));
  return [...first.filter((u) => !replaced.has(u.field)), ...second];
}

/** `yes` where the condition holds, else `no`; fields only one side names keep their values. */
function choose(condition: Expr, yes: readonly Update[], no: readonly Update[]): readonly Update[] {
  const fields = [...new Set([...yes, ...no].map((u) => u.field))];
  return fields.map((field) => ({
    field,
    value: ite(condition, valueOf(yes, field), valueOf(no, field)),
  }));
}
