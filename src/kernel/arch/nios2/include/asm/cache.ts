// The nios2 kernel takes its cache size from Kconfig; the device tree's value is only compared.

import type { Reports } from '../../../../../hw/index.ts';

/** What a nios2 machine reports: its kernel's configuration. */
export type Nios2Reports = Extract<Reports, { readonly kind: 'nios2' }>;

/**
 * Configured size of the data cache in bytes, right or wrong.
 *
 * @source arch/nios2/include/asm/cache.h NIOS2_DCACHE_SIZE v6.12
 */
export function NIOS2_DCACHE_SIZE(reports: Nios2Reports): number {
  return reports.NIOS2_DCACHE_SIZE;
}
