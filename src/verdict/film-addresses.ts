// Addresses for the mappings of a film. A test of the small model names colours, no addresses: here
// each mapping is given one that has its colour, in the way the machine's kernel lays memory out.
// They are examples; any others of these colours would do. Where a kernel runs, its own are taken.

import { present } from '../base/index.ts';
import { addressLayout } from '../kernel/index.ts';
import type { Machine } from '../hw/index.ts';
import type { Mapping } from '../litmus/index.ts';
import type { MappingKey, Scenario } from '../scenario/index.ts';
import { colourIn, type IndexedCache } from './film-geometry.ts';
import type { FilmMapping } from './film-record.ts';

/** Where a mapping's page begins, virtually and physically, in bytes. */
export interface PlacedMapping {
  readonly place: FilmMapping['place'];
  readonly virtual: number;
  readonly physical: number;
}

/** What addresses are chosen by. */
export interface AddressChoice {
  readonly machine: Machine | undefined;
  readonly pageBytes: number;
  readonly data: IndexedCache | undefined;
  readonly fetch: IndexedCache | undefined;
}

/** RAM or a device from here on: low enough for the linear map of every kernel of the catalogue. */
const FIRST_FRAME = 0x04000000;
const FIRST_USER = 0x20000000;
/** Mappings and pages of the test stand this far apart, at least. */
const STRIDE = 0x00400000;
/** A cache kind has no kernel: this is where 32-bit ARM has its linear map. */
const USUAL_OFFSET = 0xc0000000;
/** Pages that are tried for a colour: more than any cache of the catalogue has colours. */
const MOST_PAGES = 4096;

/** Where the linear map of the kernel begins. */
function pageOffset(machine: Machine | undefined): number {
  return machine === undefined ? USUAL_OFFSET : addressLayout(machine).PAGE_OFFSET;
}

/** Addresses by the name of the mapping in the scenario. */
export function placeMappings(
  scenario: Scenario,
  choice: AddressChoice,
): ReadonlyMap<string, PlacedMapping> {
  const keys = [...scenario.names.keys.values()];
  if (scenario.told) return ownAddresses(keys, choice);
  return exampleAddresses(keys, choice);
}

// A kernel that runs: `page V of page P` tells both numbers.
function ownAddresses(
  keys: readonly MappingKey[],
  { pageBytes, machine }: AddressChoice,
): ReadonlyMap<string, PlacedMapping> {
  const layout = machine && addressLayout(machine);
  const placeOf = (virtual: number, physical: number): FilmMapping['place'] => {
    if (virtual - physical === layout?.PAGE_OFFSET) return 'linear';
    return layout && virtual < layout.TASK_SIZE ? 'user' : 'window';
  };
  return new Map(
    keys.map(({ mapping }): [string, PlacedMapping] => {
      const [page = 0, frame = 0] = (mapping.name.match(/\d+/g) ?? []).map(Number);
      const virtual = page * pageBytes;
      const physical = frame * pageBytes;
      return [mapping.name, { place: placeOf(virtual, physical), virtual, physical }];
    }),
  );
}

function exampleAddresses(
  keys: readonly MappingKey[],
  choice: AddressChoice,
): ReadonlyMap<string, PlacedMapping> {
  const offset = pageOffset(choice.machine);
  const pages = [...new Set(keys.map(({ mapping }) => mapping.page))];
  const linear = new Map(pages.map((page) => [page, linearOf(keys, page)] as const));
  const frames = new Map(
    pages.map((page, i) => {
      const key = linear.get(page);
      const start = FIRST_FRAME + i * STRIDE;
      const found = key && firstOfColour(key, offset + start, choice);
      return [page, found === undefined ? start : found - offset] as const;
    }),
  );
  return new Map(
    keys.map((key, i): [string, PlacedMapping] => {
      const { name, side, page } = key.mapping;
      const physical = present(frames.get(page), `frame of ${page}`);
      if (linear.get(page) === key) {
        return [name, { place: 'linear', virtual: offset + physical, physical }];
      }
      const isUser = side === 'user';
      const start = isUser ? FIRST_USER + i * STRIDE : offset - (i + 2) * STRIDE;
      const virtual = firstOfColour(key, start, choice);
      return [name, { place: isUser ? 'user' : 'window', virtual, physical }];
    }),
  );
}

// The kernel has one linear address of a page: the first of its mappings that is cached.
function linearOf(keys: readonly MappingKey[], page: string): MappingKey | undefined {
  const own = keys.filter(({ mapping }) => mapping.page === page && mapping.side === 'kernel');
  return own.find(({ key }) => key !== undefined) ?? own[0];
}

/** The first page from `start` on that has the colours of the mapping in both caches. */
function firstOfColour(
  { colour, fetch }: MappingKey,
  start: number,
  choice: Omit<AddressChoice, 'machine'>,
): number {
  const { data, fetch: instruction, pageBytes } = choice;
  const suits = (virtual: number) =>
    (data === undefined || data.cache.colours === 1 || colourIn(data, virtual) === colour) &&
    (instruction === undefined ||
      fetch === undefined ||
      instruction.cache.colours === 1 ||
      colourIn(instruction, virtual) === fetch.colour);
  for (let page = 0; page < MOST_PAGES; page++) {
    const virtual = start + page * pageBytes;
    if (suits(virtual)) return virtual;
  }
  // The caches ask for colours that no address has together: data decides.
  if (instruction === undefined) return start;
  return firstOfColour({ mapping: unnamed, colour, key: undefined }, start, {
    data,
    fetch: undefined,
    pageBytes,
  });
}

const unnamed: Mapping = { name: '', page: '', side: 'kernel' };
