// The sparc32 kernel's size of the virtually addressed cache. Only one CPU type fills it in.

import type { Reports } from '../../../../hw/index.ts';

/** What a sparc32 machine reports. */
export type Sparc32Reports = Extract<Reports, { readonly kind: 'sparc32' }>;

/**
 * Lines times line size from the PROM's `cache-nlines` and `cache-line-size`, in bytes.
 *
 * @source arch/sparc/mm/srmmu.c init_vac_layout() v6.12
 */
export function init_vac_layout(reports: Sparc32Reports): number {
  return reports.cacheNlines * reports.cacheLineSizeBytes;
}

/**
 * The variable `vac_cache_size` after boot, in bytes. It stays 0 for every CPU but HyperSPARC, also
 * for those whose data cache is virtually indexed (Swift, TurboSPARC).
 *
 * @source arch/sparc/mm/srmmu.c init_hypersparc() v6.12
 */
export function vac_cache_size(reports: Sparc32Reports): number {
  return reports.srmmu === 'hypersparc' ? init_vac_layout(reports) : 0;
}
