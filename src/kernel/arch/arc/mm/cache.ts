// What the ARC kernel makes of DC_BCR. Its predicate is constant in every revision that has one;
// what is modelled here is why an aliasing ARC700 is not stopped at boot.

import type { Reports } from '../../../../hw/index.ts';

/** What an ARC machine reports. */
export type ArcReports = Extract<Reports, { readonly kind: 'arc' }>;

/** The data-cache record of the kernel: size in KiB and colours. */
export interface ArcCache {
  readonly sz_k: number;
  readonly colors: number;
}

/**
 * Decodes the register into the record. On ARCompact the colours are computed from the size that
 * the record held before the call, which is 0 on the first call: the order of two statements.
 *
 * @source arch/arc/mm/cache.c arc_cache_mumbojumbo() v6.12
 */
export function arc_cache_mumbojumbo(options: {
  readonly before: ArcCache;
  readonly reports: ArcReports;
  readonly pageBytes: number;
}): ArcCache {
  const { before, reports, pageBytes } = options;
  const sz_k = reports.dcacheKiB;
  // ARCv2 caches are physically indexed.
  // @source arch/arc/mm/cache.c arc_cache_mumbojumbo() v6.12
  if (reports.isa === 'arcv2') return { sz_k, colors: 1 };
  // ARCompact is four-way; the integer division is C's.
  // @source arch/arc/mm/cache.c arc_cache_mumbojumbo() v6.12
  return { sz_k, colors: Math.floor(Math.floor(before.sz_k / 4) / (pageBytes / 1024)) };
}

/**
 * Whether the boot CPU stops because its data cache aliases. Always false in practice, because the
 * record is still zero when the colours are computed. Read, not executed on hardware.
 *
 * @source arch/arc/mm/cache.c arc_cache_init_master() v6.12
 */
export function bootPanics(reports: ArcReports, pageBytes: number): boolean {
  const first = arc_cache_mumbojumbo({ before: { sz_k: 0, colors: 0 }, reports, pageBytes });
  return reports.isa === 'arcompact' && first.colors > 1;
}
