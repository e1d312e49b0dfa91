// The SuperH kernel's own colour count. It is exact at run time, and the generic predicate of the
// port, a constant, does not ask for it.

import type { Reports } from '../../../../hw/index.ts';

/** What a SuperH machine reports: what its CPU probe filled in. */
export type ShReports = Extract<Reports, { readonly kind: 'sh' }>;

/** The two derived members of `struct cache_info`. */
export interface ShAlias {
  readonly alias_mask: number;
  /** Number of colours; 0 where there is only one. */
  readonly n_aliases: number;
}

/**
 * Colours from the number of sets and the line size, for a kernel with MMU.
 *
 * @source arch/sh/mm/cache.c compute_alias() v6.12
 */
export function compute_alias(reports: ShReports, pageBytes: number): ShAlias {
  const alias_mask = ((reports.sets - 1) << reports.entryShift) & ~(pageBytes - 1);
  const n_aliases = alias_mask === 0 ? 0 : alias_mask / pageBytes + 1;
  return { alias_mask, n_aliases };
}

/**
 * The colour count that stays after boot: SHX3 resolves aliases in hardware and sets it to 0.
 *
 * @source arch/sh/mm/cache-shx3.c shx3_cache_init() v6.12
 */
export function n_aliases(reports: ShReports, pageBytes: number): number {
  return reports.shx3 ? 0 : compute_alias(reports, pageBytes).n_aliases;
}
