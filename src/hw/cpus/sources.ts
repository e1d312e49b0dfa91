// Short forms for the sources and caches of the catalogue.

import type { Source } from '../../base/index.ts';
import type { Dcache } from '../dcache.ts';

/** The release whose source was read for the catalogue, except where a record says otherwise. */
const release = '6.12';

/** 1024 bytes. */
export const KiB = 1024;

/** 1024 KiB. */
export const MiB = 1024 * KiB;

/** A place in the kernel source of 6.12; `symbol` is a function, macro or Kconfig symbol. */
export function kernel(file: string, symbol: string): Source {
  return { kind: 'kernel', file, symbol, release };
}

/** A vendor manual that gives a figure the kernel does not state. */
export function manual(title: string, section?: string): Source {
  return section === undefined ? { kind: 'manual', title } : { kind: 'manual', title, section };
}

/** A step of reasoning in place of a source. */
export function inference(why: string): Source {
  return { kind: 'inference', why };
}

/** The assumption behind every cache whose synonyms a manual says the hardware resolves. */
export const hardwareKeepsEqual = 'the hardware keeps both copies of a line equal; not explored';

/** Geometry in the order people write it: size, ways, line. */
export interface Geometry {
  readonly sizeBytes: number;
  readonly ways: number;
  readonly lineBytes: number;
}

/** A cache of `kind` that writes back; `rest` overrides what is unusual. */
export function writeBack(
  kind: Dcache['kind'],
  geometry: Geometry,
  rest: Partial<Pick<Dcache, 'allocateOnWrite' | 'synonyms'>> = {},
): Dcache {
  return { kind, ...geometry, write: 'back', allocateOnWrite: true, synonyms: 'none', ...rest };
}

/** A write-through cache of `kind` whose stores do not bring a line in, unless `rest` says so. */
export function writeThrough(
  kind: Dcache['kind'],
  geometry: Geometry,
  rest: Partial<Pick<Dcache, 'allocateOnWrite' | 'synonyms'>> = {},
): Dcache {
  return { kind, ...geometry, write: 'through', allocateOnWrite: false, synonyms: 'none', ...rest };
}

/** The marks of a machine whose figures are example data from a vendor manual, and its note. */
export function example(more?: string): { readonly exampleGeometry: true; readonly note: string } {
  const mark = '[H] geometry is example data from the vendor manual';
  return { exampleGeometry: true, note: more === undefined ? mark : `${mark}; ${more}` };
}
