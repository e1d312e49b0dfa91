// First-level caches with sets, ways, tags and bytes, one data cache and one instruction cache for
// each CPU, written from the definitions of the field and without any code of the product's
// scenarios: the outside judge of their cache semantics.
//
// @source Documentation/core-api/cachetlb.rst v6.12 and the glossary: the index picks the set, the
// tag is compared with every way of it; a miss takes a free way or throws another line of the set
// out, which is written back first if it is dirty.
//
// Coherence between CPUs is the textbook's write-invalidate protocol: a bus transaction carries
// what index and tag are made of, every other data cache looks there; a dirty line is written back
// before memory answers, and a store leaves no other copy that was found.

import type { Dcache, IcacheKind } from '../../src/hw/index.ts';

/** A virtual page of the program: where it lies, and whether accesses through it are cached. */
export interface Alias {
  readonly base: number;
  readonly cached: boolean;
  readonly page: string;
}

/** A line of memory: its number counts its bytes' place in `State.memory`. */
export interface MemoryLine {
  readonly page: string;
  /** Physical address of the page. */
  readonly frame: number;
  /** Of the line within its page. */
  readonly offset: number;
  readonly number: number;
}

/** Data and instruction caches differ: nothing is stored to one, and no bus looks into it. */
export type Side = 'data' | 'fetch';

/** Where an access looks. */
export interface Place {
  readonly cpu: number;
  readonly side: Side;
  readonly set: number;
  readonly tag: number;
  readonly physical: number;
  /** Number of the line of memory. */
  readonly number: number;
}

/** One line in a cache: in which set, under which tag, of which memory. */
export interface Resident extends Place {
  readonly bytes: readonly number[];
  readonly dirty: boolean;
}

/** What the caches and the memory behind them hold. */
export interface Storage {
  /** Bytes of each line. */
  readonly memory: readonly (readonly number[])[];
  readonly cache: readonly Resident[];
}

/** The hardware of one run. */
export interface Hardware {
  readonly dcache: Dcache | undefined;
  /** The instruction cache, of which the write policy means nothing. */
  readonly instructions: Dcache | undefined;
  readonly icache: IcacheKind;
  readonly cpus: readonly number[];
}

/** Set, tag and physical address of a line as a cache of a CPU is asked for it. */
export function placeOf(
  dcache: Dcache,
  asked: {
    readonly alias: Alias;
    readonly line: MemoryLine;
    readonly cpu: number;
    readonly side: Side;
  },
): Place {
  const { alias, line, cpu, side } = asked;
  const virtual = alias.base + line.offset;
  const physical = line.frame + line.offset;
  const sets = dcache.sizeBytes / dcache.ways / dcache.lineBytes;
  const indexed = dcache.kind === 'pipt' ? physical : virtual;
  const tagged = dcache.kind === 'vivt' ? virtual : physical;
  return {
    cpu,
    side,
    set: Math.floor(indexed / dcache.lineBytes) % sets,
    tag: Math.floor(tagged / dcache.lineBytes),
    physical,
    number: line.number,
  };
}

/** The line that an access hits. Hardware that resolves synonyms finds it wherever it lies. */
export function hitIn(dcache: Dcache, state: Storage, place: Place): Resident | undefined {
  return state.cache.find(
    (r) =>
      r.cpu === place.cpu &&
      r.side === place.side &&
      (isAt(r, place) || (dcache.synonyms === 'hardware' && r.physical === place.physical)),
  );
}

/** The lines of other CPUs' data caches that a bus transaction for this place finds. */
export function snooped(dcache: Dcache, state: Storage, place: Place): readonly Resident[] {
  // Hardware that knows of synonyms, to resolve or to report them, goes by physical address.
  const knows = dcache.synonyms !== 'none';
  return state.cache.filter(
    (r) =>
      r.side === 'data' &&
      r.cpu !== place.cpu &&
      (isAt(r, place) || (knows && r.physical === place.physical)),
  );
}

function isAt(r: Resident, place: Place): boolean {
  return r.set === place.set && r.tag === place.tag;
}

/** The line leaves its cache; what only it had reaches memory. */
export function evict<S extends Storage>(state: S, line: Resident): S {
  return drop(line.dirty ? writeBack(state, line) : state, line);
}

/** The line leaves its cache, and nothing else happens. */
export function drop<S extends Storage>(state: S, line: Resident): S {
  return { ...state, cache: state.cache.filter((r) => !isSame(r, line)) };
}

/** Memory gets the whole line, which stays, clean. */
export function writeBack<S extends Storage>(state: S, line: Resident): S {
  const memory = state.memory.map((bytes, n) => (n === line.number ? line.bytes : bytes));
  return replace({ ...state, memory }, { ...line, dirty: false });
}

/** The state with that line in place of the one of its cache, set and tag. */
export function replace<S extends Storage>(state: S, line: Resident): S {
  return { ...state, cache: state.cache.map((r) => (isSame(r, line) ? line : r)) };
}

function isSame(a: Resident, b: Resident): boolean {
  return a.cpu === b.cpu && a.side === b.side && isAt(a, b);
}

/**
 * Every way to have the line of a place in its cache: a hit, or each choice of what makes room.
 * Room is made first, then the bus is asked: to read, or to have the line alone and write it.
 */
export function present<S extends Storage>(
  dcache: Dcache,
  state: S,
  place: Place,
  to: 'read' | 'write',
): readonly { readonly state: S; readonly line: Resident }[] {
  const found = hitIn(dcache, state, place);
  const onBus = (before: S): S => {
    if (to === 'write') return claimed(dcache, before, place);
    return found || place.side === 'fetch' ? before : answered(dcache, before, place);
  };
  if (found && isAt(found, place)) return [{ state: onBus(state), line: found }];
  const without = found ? drop(state, found) : state;
  return rooms(dcache, without, place).map((room) => {
    const asked = onBus(room);
    const content = found ?? { bytes: asked.memory[place.number] ?? [], dirty: false };
    const line = { ...content, ...place };
    return { state: { ...asked, cache: [...asked.cache, line] }, line };
  });
}

/** A bus transaction that reads: whoever holds the line dirty writes it back and keeps it. */
function answered<S extends Storage>(dcache: Dcache, state: S, place: Place): S {
  return snooped(dcache, state, place)
    .filter((r) => r.dirty)
    .reduce((rest, line) => writeBack(rest, line), state);
}

/** A bus transaction that writes: nobody else keeps the line. */
export function claimed<S extends Storage>(dcache: Dcache, state: S, place: Place): S {
  return snooped(dcache, state, place).reduce((rest, line) => evict(rest, line), state);
}

function rooms<S extends Storage>(dcache: Dcache, before: S, place: Place): readonly S[] {
  const { cpu, side, set } = place;
  const reported = dcache.synonyms === 'trap' && side === 'data';
  const state = reported ? withoutSynonyms(before, place) : before;
  const inSet = state.cache.filter((r) => r.cpu === cpu && r.side === side && r.set === set);
  return inSet.length < dcache.ways ? [state] : inSet.map((line) => evict(state, line));
}

/** The trap's handler writes the other copies back and drops them before the access goes on. */
function withoutSynonyms<S extends Storage>(state: S, { cpu, physical }: Place): S {
  return state.cache
    .filter((r) => r.side === 'data' && r.cpu === cpu && r.physical === physical)
    .reduce((rest, line) => evict(rest, line), state);
}
