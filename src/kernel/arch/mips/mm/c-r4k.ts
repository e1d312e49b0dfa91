// How the MIPS kernel decides whether its primary data cache aliases: from the way size, with
// exemptions by CPU type and one bit of Config7.

import { assert } from '../../../../base/index.ts';
import type { Reports } from '../../../../hw/index.ts';

/** What a MIPS machine reports. */
export type MipsReports = Extract<Reports, { readonly kind: 'mips' }>;

/** What the probe leaves in `cpu_data[0].dcache`, as far as aliasing goes. */
export interface PrimaryDcache {
  readonly waysize: number;
  /** MIPS_CACHE_PINDEX: treated as physically indexed. */
  readonly pindex: boolean;
  /** MIPS_CACHE_ALIASES. */
  readonly aliases: boolean;
}

const physicallyIndexed = new Set(['20KC', '25KF', 'I6400', 'I6500', 'SB1', 'SB1A']);
const resolvesInHardware = new Set(['R10000', 'R12000', 'R14000', 'R16000']);
const asksConfig7 = new Set([
  '74K',
  '1074K',
  'M14KC',
  'M14KEC',
  '24K',
  '34K',
  '1004K',
  'INTERAPTIV',
  'P5600',
  'PROAPTIV',
  'M5150',
  'QEMU_GENERIC',
  'P6600',
  'M6250',
]);

/**
 * Whether the revision of a 74K or 1074K has the erratum that makes Config7.AR untrue. Asserts that
 * the CPU is one of the two, as the kernel does.
 *
 * @source arch/mips/mm/c-r4k.c alias_74k_erratum() v6.12
 */
export function alias_74k_erratum(reports: MipsReports): boolean {
  assert(['74K', '1074K'].includes(reports.cputype), 'the erratum belongs to 74K and 1074K');
  return reports.erratum74k;
}

/**
 * The data-cache part of the probe.
 *
 * @source arch/mips/mm/c-r4k.c probe_pcache() v6.12
 */
export function probe_pcache(reports: MipsReports, pageBytes: number): PrimaryDcache {
  const { cputype, dcache } = reports;
  const waysize = dcache.sizeBytes / dcache.ways;
  // Listed as physically indexed, whatever the geometry.
  // @source arch/mips/mm/c-r4k.c probe_pcache() v6.12, first switch case after the way sizes
  if (physicallyIndexed.has(cputype)) return { waysize, pindex: true, aliases: false };
  // R1x000: the hardware copes, so no flag is set though a way may exceed a page.
  // @source arch/mips/mm/c-r4k.c probe_pcache() v6.12
  if (resolvesInHardware.has(cputype)) return { waysize, pindex: false, aliases: false };
  // BMIPS5000: the flag is cleared again at the end of the probe.
  // @source arch/mips/mm/c-r4k.c probe_pcache() v6.12
  if (cputype === 'BMIPS5000') return { waysize, pindex: false, aliases: false };
  const erratum = ['74K', '1074K'].includes(cputype) && alias_74k_erratum(reports);
  // Config7.AR makes these cores as good as physically indexed, unless the erratum is there.
  // @source arch/mips/mm/c-r4k.c probe_pcache() v6.12
  if (asksConfig7.has(cputype) && !erratum && reports.config7Ar) {
    return { waysize, pindex: true, aliases: false };
  }
  // Everyone else, and those the erratum forces: a way larger than a page aliases.
  // @source arch/mips/mm/c-r4k.c probe_pcache() v6.12
  return { waysize, pindex: false, aliases: erratum || waysize > pageBytes };
}
