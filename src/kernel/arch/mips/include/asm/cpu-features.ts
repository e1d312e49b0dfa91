// cpu_has_dc_aliases on MIPS: a platform header's constant where there is one, else the probe.

import { probe_pcache } from '../../mm/c-r4k.ts';
import type { MipsReports } from '../../mm/c-r4k.ts';

/**
 * `cpu_has_dc_aliases` as 0 or 1.
 *
 * @source arch/mips/include/asm/cpu-features.h cpu_has_dc_aliases v6.12
 */
export function cpu_has_dc_aliases(reports: MipsReports, pageBytes: number): 0 | 1 {
  const constant = reports.platformConstant?.value;
  // Some platforms compare the page size with 16 KiB at compile time.
  // @source arch/mips/include/asm/mach-loongson64/cpu-feature-overrides.h cpu_has_dc_aliases v6.12
  if (constant === 'page<16K') return pageBytes < 0x4000 ? 1 : 0;
  // Others fix the answer, whatever the CPU says.
  // @source arch/mips/include/asm/mach-ath79/cpu-feature-overrides.h cpu_has_dc_aliases v6.12
  if (constant !== undefined) return constant;
  return probe_pcache(reports, pageBytes).aliases ? 1 : 0;
}
