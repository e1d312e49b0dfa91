// The bits of an address as positions: what the cache looks at for what.

import type { Film, FilmAddress, FilmBits } from '../../../../verdict/index.ts';
import { hex, widest, widthOf } from './text.ts';

/** One field of an address. */
export interface Segment {
  readonly name: string;
  /** `31..13`. */
  readonly bits: string;
  readonly value: string;
  readonly kind: FilmBits['name'];
  /** Another address of the same line differs in this field. */
  readonly differs: boolean;
  readonly x: number;
  readonly width: number;
}

/** An address with its fields. */
export interface Ruler {
  /** `u, virtual`. */
  readonly label: string;
  readonly address: string;
  readonly segments: readonly Segment[];
  /** What the fields come to: `set 128`. */
  readonly result: string;
  readonly y: number;
}

/** All addresses under one cache. */
export interface Rulers {
  readonly cache: 'data' | 'fetch';
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly rulers: readonly Ruler[];
}

/** Height of a ruler's bar. */
export const BAR = 40;
const ROW = BAR + 26;
/** Between the virtual ruler of a mapping and what follows its physical one. */
const BETWEEN = 12;
const BIT = 8;

/** The rulers of every address of the film that goes through a cache. */
export function rulersOf(film: Film, cache: 'data' | 'fetch'): Rulers | undefined {
  const used = new Set(film.mappings.flatMap((one) => (one.used ? [one.key] : [])));
  const asked = film.addresses.filter(
    (address) => address[cache] !== undefined && used.has(address.mapping),
  );
  if (asked.length === 0) return undefined;
  const bits = film.geometry.addressBits;
  const left = 24 + widest(asked.flatMap((one) => [labelOf(film, one, 'physical'), hex(0, bits)]));
  const shapes = {
    virtual: widthsOf(film, asked, { cache, which: 'virtual' }),
    physical: widthsOf(film, asked, { cache, which: 'physical' }),
  };
  const rulers: Ruler[] = [];
  let y = 20;
  for (const address of asked) {
    for (const which of ['virtual', 'physical'] as const) {
      rulers.push(rulerOf(film, asked, { address, cache, which, left, y, widths: shapes[which] }));
      y += ROW;
    }
    y += BETWEEN;
  }
  const ends = rulers.map(({ segments, result }) => {
    const last = segments.at(-1);
    return (last ? last.x + last.width : left) + 14 + widthOf(result);
  });
  return { cache, width: Math.max(...ends) + 12, height: y - BETWEEN, left, rulers };
}

interface Placing {
  readonly address: FilmAddress;
  readonly cache: 'data' | 'fetch';
  readonly which: 'virtual' | 'physical';
  readonly left: number;
  readonly y: number;
  readonly widths: ReadonlyMap<FilmBits['name'], number>;
}

function rulerOf(film: Film, all: readonly FilmAddress[], placing: Placing): Ruler {
  const { address, cache, which, left, y, widths } = placing;
  const lookup = address[cache];
  const fields = lookup?.[which] ?? [];
  const others = all.filter((one) => one.line === address.line && one !== address);
  let x = left;
  const segments = fields.map((field): Segment => {
    const width = widths.get(field.name) ?? 0;
    const differs =
      field.name !== 'page' &&
      field.name !== 'unused' &&
      others.some(
        (one) => one[cache]?.[which].find((f) => f.low === field.low)?.value !== field.value,
      );
    const segment = {
      ...told(field, { cache, isLinear: isLinear(film, address) }),
      differs,
      x,
      width,
    };
    x += width;
    return segment;
  });
  const indexed = film.geometry[cache]?.indexedBy === which;
  return {
    label: labelOf(film, address, which),
    address: hex(address[which], film.geometry.addressBits),
    segments,
    result: indexed && lookup !== undefined ? `set ${lookup.set}` : '',
    y,
  };
}

const WORDS: Readonly<Record<FilmBits['name'], string>> = {
  tag: 'tag',
  colour: 'colour',
  index: 'index',
  offset: 'offset',
  page: 'page, translated',
  'in-page': 'page offset',
  unused: 'not looked up: for fills and write-backs',
};

/** An instruction cache never writes back. */
const UNUSED_FETCH = 'not looked up: for fills';

/** Where the kernel has all memory: what is added to a physical address is fixed. */
const FIXED = 'page, linear map';

interface Telling {
  readonly cache: Rulers['cache'];
  readonly isLinear: boolean;
}

function isLinear({ mappings }: Film, { mapping }: FilmAddress): boolean {
  return mappings.find(({ key }) => key === mapping)?.place === 'linear';
}

function nameOf(name: FilmBits['name'], { cache, isLinear }: Telling): string {
  if (name === 'unused' && cache === 'fetch') return UNUSED_FETCH;
  return name === 'page' && isLinear ? FIXED : WORDS[name];
}

function told({ name, low, bits, value }: FilmBits, telling: Telling) {
  const isSmall = name === 'colour' || name === 'index' || name === 'offset';
  return {
    kind: name,
    name: nameOf(name, telling),
    bits: bits === 1 ? `bit ${low}` : `${low + bits - 1}..${low}`,
    value: isSmall ? String(value) : hex(value, bits),
  };
}

/** Fields of one name are as wide in every ruler: what differs stands below each other. */
function widthsOf(
  film: Film,
  asked: readonly FilmAddress[],
  of: { readonly cache: Rulers['cache']; readonly which: 'virtual' | 'physical' },
): ReadonlyMap<FilmBits['name'], number> {
  const widths = new Map<FilmBits['name'], number>();
  const { cache, which } = of;
  for (const address of asked) {
    for (const field of address[cache]?.[which] ?? []) {
      const { name, bits, value } = told(field, { cache, isLinear: isLinear(film, address) });
      const needed = Math.max(field.bits * BIT, 16 + widest([name, value]), 10 + widthOf(bits, 11));
      widths.set(field.name, Math.max(widths.get(field.name) ?? 0, needed));
    }
  }
  return widths;
}

function labelOf(film: Film, address: FilmAddress, which: string): string {
  const mapping = film.mappings.find(({ key }) => key === address.mapping)?.name ?? '';
  const line = film.lines.find(({ key }) => key === address.line)?.name ?? '';
  const several = film.lines.length > 1 ? ` (${line})` : '';
  return `${mapping}${several}, ${which}`;
}
