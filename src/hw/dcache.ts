// A first-level data cache as hardware: geometry, indexing, colours and congruence.
// Documentation/core-api/cachetlb.rst describes the hazard; the vocabulary is that of the glossary.

import { assert } from '../base/index.ts';

/** How a cache picks the set (index) and recognises the line (tag). */
export type CacheKind = 'vivt' | 'vipt' | 'pipt';

/**
 * What happens about two copies of one line without a kernel's flushing:
 * nothing; the hardware finds and resolves them on each access (R10000, MIPS Config7.AR,
 * Cortex-A8); or it raises an exception and the kernel's handler repairs the copies before the
 * access is tried again (R4000SC "VCE"). With `trap` two dirty lines may exist when the handler
 * starts, so safety is that of hardware and handler together, not of the hardware.
 * @source arch/mips/kernel/genex.S handle_vced v6.12
 */
export type SynonymRemedy = 'none' | 'hardware' | 'trap';

/** One data cache: geometry and policy as built, whatever a kernel believes. */
export interface Dcache {
  readonly kind: CacheKind;
  readonly sizeBytes: number;
  /** Associativity; 1 is direct mapped. */
  readonly ways: number;
  readonly lineBytes: number;
  readonly write: 'back' | 'through';
  /** Whether a store that misses brings the line in. */
  readonly allocateOnWrite: boolean;
  readonly synonyms: SynonymRemedy;
}

/** The span of addresses that index distinct sets, in bytes: sets x line size. */
export function waySizeBytes(dcache: Dcache): number {
  assert(dcache.sizeBytes % dcache.ways === 0, 'cache size is a multiple of its ways');
  return dcache.sizeBytes / dcache.ways;
}

/** Colours of a page: max(1, way size / page size). Means something for virtual indexes only. */
export function colours(dcache: Dcache, pageBytes: number): number {
  return Math.max(1, Math.ceil(waySizeBytes(dcache) / pageBytes));
}

/** The four words of the field, derived from geometry rather than asserted. */
export type AliasClass = 'vivt' | 'vipt-aliasing' | 'vipt-nonaliasing' | 'pipt';

/** The class of a cache at one page size; hardware that finds synonyms makes VIPT harmless. */
export function aliasClass(dcache: Dcache, pageBytes: number): AliasClass {
  if (dcache.kind !== 'vipt') return dcache.kind;
  const aliasing = waySizeBytes(dcache) > pageBytes && dcache.synonyms !== 'hardware';
  return aliasing ? 'vipt-aliasing' : 'vipt-nonaliasing';
}
