// The xtensa kernel's way size, known at compile time from the chosen variant.

import type { Reports } from '../../../../../hw/index.ts';

/** What an xtensa machine reports: its variant's header. */
export type XtensaReports = Extract<Reports, { readonly kind: 'xtensa' }>;

/**
 * Size of one way of the data cache in bytes.
 *
 * @source arch/xtensa/include/asm/cache.h DCACHE_WAY_SIZE v6.12
 */
export function DCACHE_WAY_SIZE(reports: XtensaReports): number {
  return reports.XCHAL_DCACHE_SIZE / reports.XCHAL_DCACHE_WAYS;
}
