// How the ARM kernel classifies the data cache at boot. It reads the architecture from MIDR and,
// from ARMv6, one register; for older cores the architecture alone decides.

import type { Reports } from '../../../../hw/index.ts';

/** What an ARM machine reports. */
export type ArmReports = Extract<Reports, { readonly kind: 'arm' }>;

/** Bit of `cacheid`: virtually indexed, virtually tagged. */
export const CACHEID_VIVT = 1 << 0;

/** Bit of `cacheid`: VIPT (or PIPT) that does not alias on the data side. */
export const CACHEID_VIPT_NONALIASING = 1 << 1;

/** Bit of `cacheid`: VIPT that aliases on the data side. */
export const CACHEID_VIPT_ALIASING = 1 << 2;

/**
 * `cacheid` as far as the data side goes; the instruction-side bits are not modelled.
 *
 * @source arch/arm/kernel/setup.c cacheid_init() v6.12
 */
export function cacheid_init(reports: ArmReports): number {
  // Before ARMv6 nothing is read: also a core without any cache counts as VIVT.
  // @source arch/arm/kernel/setup.c cacheid_init() v6.12 (test: setup.test.ts)
  if (reports.architecture < 6) return CACHEID_VIVT;
  // A register that tells of no cache gives 0; the kernel asks this of ARMv7-M only.
  // @source arch/arm/kernel/setup.c cacheid_init() v6.12
  if (reports.ctr === undefined) return 0;
  // Register in ARMv7 format: the data side never aliases.
  // @source arch/arm/kernel/setup.c cacheid_init() v6.12
  if (reports.ctr.format === 4) return CACHEID_VIPT_NONALIASING;
  // Register in ARMv6 format: bit 23 decides.
  // @source arch/arm/kernel/setup.c cacheid_init() v6.12
  return reports.ctr.dsideP ? CACHEID_VIPT_ALIASING : CACHEID_VIPT_NONALIASING;
}
