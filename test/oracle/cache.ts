// A data cache with sets, ways, tags and bytes, written from the definitions of the field and
// without any code of the product's scenarios: the outside judge of their cache semantics.
//
// @source Documentation/core-api/cachetlb.rst v6.12 and the glossary: the index picks the set, the
// tag is compared with every way of it; a miss takes a free way or throws another line of the set
// out, which is written back first if it is dirty.

import type { Dcache } from '../../src/hw/index.ts';
import type { Step } from '../../src/litmus/index.ts';

/** A virtual page of the program: where it lies, and whether accesses through it are cached. */
export interface Alias {
  readonly base: number;
  readonly cached: boolean;
}

/** One line in the cache: in which set, under which tag, of which memory. */
export interface Resident {
  readonly set: number;
  readonly tag: number;
  readonly physical: number;
  readonly bytes: readonly number[];
  readonly dirty: boolean;
}

/** Everything that changes while a program runs. */
export interface State {
  /** The page's bytes in memory, from `pageFrame` on. */
  readonly memory: readonly number[];
  readonly cache: readonly Resident[];
  readonly mapped: readonly string[];
  readonly next: readonly number[];
  readonly registers: Readonly<Record<string, number>>;
}

/** One program on one cache, with everything that does not change while it runs. */
export interface Bench {
  readonly dcache: Dcache | undefined;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly offsets: ReadonlyMap<string, number>;
  readonly threads: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

/** Physical address of the page. */
export const pageFrame = 0x5_0000;

/** Bytes of a line; without a cache any number does. */
export function lineBytes(dcache: Dcache | undefined): number {
  return dcache?.lineBytes ?? 16;
}

/** Set, tag and physical address of the byte at `offset` of the page, seen through an alias. */
export function placeOf(dcache: Dcache, alias: Alias, offset: number) {
  const virtual = alias.base + offset;
  const physical = pageFrame + offset;
  const sets = dcache.sizeBytes / dcache.ways / dcache.lineBytes;
  const indexed = dcache.kind === 'pipt' ? physical : virtual;
  const tagged = dcache.kind === 'vivt' ? virtual : physical;
  return {
    set: Math.floor(indexed / dcache.lineBytes) % sets,
    tag: Math.floor(tagged / dcache.lineBytes),
    physical,
  };
}

/** Where an access looks. */
export type Place = ReturnType<typeof placeOf>;

/** The line that an access hits. */
export function hitIn(state: State, place: Place): Resident | undefined {
  return state.cache.find((r) => r.set === place.set && r.tag === place.tag);
}

/** The line leaves the cache; what only it had reaches memory. */
export function evict(state: State, line: Resident): State {
  const kept = line.dirty ? writeBack(state, line) : state;
  return { ...kept, cache: kept.cache.filter((r) => !isSame(r, line)) };
}

/** Memory gets the whole line, which stays, clean. */
export function writeBack(state: State, line: Resident): State {
  const memory = [...state.memory];
  line.bytes.forEach((byte, i) => {
    memory[line.physical - pageFrame + i] = byte;
  });
  return replace({ ...state, memory }, { ...line, dirty: false });
}

/** The state with that line in place of the one of its set and tag. */
export function replace(state: State, line: Resident): State {
  return { ...state, cache: state.cache.map((r) => (isSame(r, line) ? line : r)) };
}

function isSame(a: Resident, b: Resident): boolean {
  return a.set === b.set && a.tag === b.tag;
}

/** A line that hardware which resolves synonyms by itself finds wherever it lies. */
export function foundElsewhere(dcache: Dcache, state: State, place: Place): Resident | undefined {
  if (dcache.synonyms !== 'hardware') return undefined;
  return state.cache.find((r) => r.physical === place.physical);
}

/** Every way to bring a line in that is not there. */
export function fills(dcache: Dcache, before: State, place: Place): readonly State[] {
  const found = foundElsewhere(dcache, before, place);
  const rest = { ...before, cache: before.cache.filter((r) => r !== found) };
  const state = dcache.synonyms === 'trap' ? withoutSynonyms(rest, place) : rest;
  const inSet = state.cache.filter((r) => r.set === place.set);
  const rooms = inSet.length < dcache.ways ? [state] : inSet.map((line) => evict(state, line));
  return rooms.map((room) => {
    const from = place.physical - pageFrame;
    const bytes = room.memory.slice(from, from + dcache.lineBytes);
    const filled = found ?? { bytes, dirty: false };
    return { ...room, cache: [...room.cache, { ...filled, ...place }] };
  });
}

/** The trap's handler writes the other copies back and drops them before the access goes on. */
function withoutSynonyms(state: State, place: Place): State {
  return state.cache
    .filter((r) => r.physical === place.physical)
    .reduce((rest, line) => evict(rest, line), state);
}

/** What the hardware may do by itself: evict any line, fill any line of a mapped, cached page. */
export function spontaneous(bench: Bench, state: State): readonly State[] {
  const { dcache } = bench;
  if (!dcache) return [];
  const places = state.mapped.flatMap((name) => {
    const alias = bench.aliases.get(name);
    if (!alias?.cached) return [];
    return [...bench.offsets.values()].map((offset) => placeOf(dcache, alias, offset));
  });
  return [
    ...state.cache.map((line) => evict(state, line)),
    ...places.filter((p) => !hitIn(state, p)).flatMap((p) => fills(dcache, state, p)),
  ];
}
