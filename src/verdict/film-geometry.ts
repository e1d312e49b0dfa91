// Where a line lies in a cache, from the bits of its addresses.
//
// @source Documentation/core-api/cachetlb.rst v6.12: the index of a virtually indexed cache may
// reach above the page offset, and those bits are the colour.

import { aliasClass, colours, type Dcache, setCount } from '../hw/index.ts';
import type { FilmBits, FilmCache, FilmLookup } from './film-record.ts';

/** What of a cache its geometry needs; an instruction cache has no more. */
export type CacheShape = Pick<Dcache, 'kind' | 'sizeBytes' | 'ways' | 'lineBytes' | 'synonyms'>;

/** Both addresses of one byte. */
export interface TwoAddresses {
  readonly virtual: number;
  readonly physical: number;
}

/** A cache with what its index needs beside its figures. */
export interface IndexedCache {
  readonly cache: FilmCache;
  readonly pageBytes: number;
  readonly addressBits: number;
  /** Addresses equal modulo this many bytes have one index (PA-RISC); absent: the way decides. */
  readonly unitBytes?: number;
}

/** The figures of a cache as a film has them. */
export function filmCache(
  shape: CacheShape,
  of: {
    readonly pageBytes: number;
    readonly isExample: boolean;
    readonly policy?: Pick<Dcache, 'write' | 'allocateOnWrite'>;
  },
): FilmCache {
  const { kind, sizeBytes, ways, lineBytes, synonyms } = shape;
  const { pageBytes, isExample, policy } = of;
  const whole: Dcache = { ...shape, write: 'through', allocateOnWrite: false };
  // Hardware that keeps synonyms out by itself behaves as if it were physically indexed.
  const physical = kind === 'pipt' || synonyms === 'hardware';
  return {
    kind,
    aliasClass: aliasClass(whole, pageBytes),
    sizeBytes,
    ways,
    lineBytes,
    sets: setCount(whole),
    ...(policy === undefined
      ? {}
      : { write: policy.write, allocateOnWrite: policy.allocateOnWrite }),
    colours: physical ? 1 : colours(whole, pageBytes),
    indexedBy: physical ? 'physical' : 'virtual',
    taggedBy: kind === 'vivt' && !physical ? 'virtual' : 'physical',
    isExample,
  };
}

/** The set that holds a byte. */
export function setOf({ cache, unitBytes }: IndexedCache, addresses: TwoAddresses): number {
  const address = addresses[cache.indexedBy];
  const within = unitBytes === undefined ? address : address % unitBytes;
  return Math.floor(within / cache.lineBytes) % cache.sets;
}

/** The colour of the page of a virtual address; 0 where the cache has no more than one. */
export function colourIn(indexed: IndexedCache, virtual: number): number {
  const { cache, pageBytes, unitBytes } = indexed;
  const within = unitBytes === undefined ? virtual : virtual % unitBytes;
  return Math.floor(within / pageBytes) % cache.colours;
}

/** What the cache makes of a byte: set, colour, tag, and the bits that say so. */
export function lookUp(indexed: IndexedCache, addresses: TwoAddresses): FilmLookup {
  const { cache } = indexed;
  const set = setOf(indexed, addresses);
  const { virtual, physical } = rulers(indexed, addresses);
  const tag = [...virtual, ...physical].find(({ name }) => name === 'tag');
  return {
    set,
    ...(cache.colours > 1 ? { colour: colourIn(indexed, addresses.virtual) } : {}),
    tag: tag?.value ?? 0,
    virtual,
    physical,
  };
}

/** Why bits alone do not tell the index of this cache; undefined where they do. */
export function indexCaveat({ cache, unitBytes }: IndexedCache): string | undefined {
  if (2 ** log2(cache.sets) !== cache.sets) {
    return (
      `${cache.sets} sets are no power of two: the set is the number of the line modulo them, ` +
      'which simplifies what the hardware does.'
    );
  }
  if (unitBytes === undefined) return undefined;
  return (
    'The hardware hashes address and space to an index; all that is known is that addresses ' +
    'equal modulo 4 MiB meet. The low bits stand for that index here.'
  );
}

type Piece = readonly [name: FilmBits['name'], bits: number];

function rulers(indexed: IndexedCache, addresses: TwoAddresses) {
  const { cache, pageBytes, addressBits } = indexed;
  const offset = log2(cache.lineBytes);
  const index = log2(cache.sets);
  const pageBits = log2(pageBytes);
  const way = offset + index;
  // Index bits above the page offset are the colour, where the index is virtual.
  const colour = cache.indexedBy === 'virtual' ? Math.max(0, way - pageBits) : 0;
  const looked: readonly Piece[] = [
    ['offset', offset],
    ['index', index - colour],
    ['colour', colour],
  ];
  const fields = (address: number, pieces: readonly Piece[]) => cut(address, addressBits, pieces);
  const { virtual, physical } = addresses;
  const translated: readonly Piece[] = [
    ['in-page', pageBits],
    ['page', addressBits - pageBits],
  ];
  if (cache.indexedBy === 'physical') {
    return {
      virtual: fields(virtual, translated),
      physical: fields(physical, [...looked, ['tag', addressBits - way]]),
    };
  }
  if (cache.taggedBy === 'virtual') {
    return {
      virtual: fields(virtual, [...looked, ['tag', addressBits - way]]),
      physical: fields(physical, [['unused', addressBits]]),
    };
  }
  // What the index has looked at, and translation leaves as it is, need not be in the tag.
  const known = Math.min(way, pageBits);
  return {
    virtual: fields(virtual, [
      ...looked,
      ['in-page', Math.max(0, pageBits - way)],
      ['page', addressBits - Math.max(way, pageBits)],
    ]),
    physical: fields(physical, [
      ['in-page', known],
      ['tag', addressBits - known],
    ]),
  };
}

/** Cuts an address into fields, given from the lowest up; fields without bits are left out. */
function cut(address: number, addressBits: number, pieces: readonly Piece[]): readonly FilmBits[] {
  const fields: FilmBits[] = [];
  let low = 0;
  for (const [name, bits] of pieces) {
    if (bits === 0) continue;
    const width = Math.min(bits, addressBits - low);
    const value = Math.floor(address / 2 ** low) % 2 ** width;
    fields.unshift({ name, low, bits: width, value });
    low += width;
  }
  return fields;
}

/** Bits that tell `count` things apart. */
function log2(count: number): number {
  return Math.ceil(Math.log2(count));
}
