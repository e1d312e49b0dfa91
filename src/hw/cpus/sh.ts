// SuperH data caches. The CPU probe fills sets and entry_shift, compute_alias() derives a colour
// count, and the generic predicate ignores it: @source arch/sh/mm/cache.c compute_alias() v6.12.

import type { Source } from '../../base/index.ts';
import { setCount } from '../address.ts';
import type { SynonymRemedy } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import { example, kernel, KiB, manual, writeBack } from './sources.ts';
import type { Geometry } from './sources.ts';

interface Core {
  readonly id: string;
  readonly name: string;
  readonly port: 'sh-sh7750' | 'sh-sh7785';
  readonly geometry: Geometry;
  readonly pageKiB: 4 | 8 | 64;
  readonly sources: readonly Source[];
  readonly synonyms?: SynonymRemedy;
  readonly note?: string;
  readonly exampleGeometry?: true;
}

function shMachine(core: Core): Machine {
  const dcache = writeBack('vipt', core.geometry, { synonyms: core.synonyms ?? 'none' });
  return {
    id: core.id,
    name: core.name,
    arch: 'sh',
    ports: [core.port],
    dcache,
    pageBytes: core.pageKiB * KiB,
    reports: {
      kind: 'sh',
      sets: setCount(dcache),
      entryShift: Math.log2(core.geometry.lineBytes),
      shx3: core.synonyms === 'hardware',
    },
    sources: core.sources,
    ...(core.note === undefined ? {} : { note: core.note }),
    ...(core.exampleGeometry === true ? { exampleGeometry: true } : {}),
  };
}

const sh4Probe = kernel('arch/sh/kernel/cpu/sh4/probe.c', 'cpu_probe');
const sh3Probe = kernel('arch/sh/kernel/cpu/sh3/probe.c', 'cpu_probe');
const pageSizes = kernel('arch/sh/mm/Kconfig', 'MMU');
const sh4a = { sizeBytes: 32 * KiB, ways: 4, lineBytes: 32 };
const sh4aManual = manual('SH-4A Software Manual', 'caches');
const sh3Port = 'no recorded configuration for SH-3: that of SH-4 with MMU stands in';

/** The SuperH rows of the catalogue. */
export const sh: readonly Machine[] = [
  shMachine({
    id: 'sh7705-32k',
    name: 'SH7705 32 KiB',
    port: 'sh-sh7750',
    geometry: { sizeBytes: 32 * KiB, ways: 4, lineBytes: 16 },
    pageKiB: 4,
    sources: [sh3Probe, manual('SH7705 Group Hardware Manual', 'cache')],
    note: sh3Port,
  }),
  shMachine({
    id: 'sh7708',
    name: 'SH7708 8 KiB',
    port: 'sh-sh7750',
    geometry: { sizeBytes: 8 * KiB, ways: 4, lineBytes: 16 },
    pageKiB: 4,
    sources: [sh3Probe, manual('SH7708 Series Hardware Manual', 'cache')],
    note: `${sh3Port}; the cache is unified`,
  }),
  shMachine({
    id: 'sh7750/4k',
    name: 'SH7750, 4K page',
    port: 'sh-sh7750',
    geometry: { sizeBytes: 16 * KiB, ways: 1, lineBytes: 32 },
    pageKiB: 4,
    sources: [sh4Probe, manual('SH7750 Group Hardware Manual', 'operand cache')],
  }),
  shMachine({
    id: 'sh7750/64k',
    name: 'SH7750, 64K page',
    port: 'sh-sh7750',
    geometry: { sizeBytes: 16 * KiB, ways: 1, lineBytes: 32 },
    pageKiB: 64,
    sources: [sh4Probe, pageSizes],
  }),
  shMachine({
    id: 'sh7750r',
    name: 'SH7750R/7751R',
    port: 'sh-sh7750',
    geometry: { sizeBytes: 32 * KiB, ways: 2, lineBytes: 32 },
    pageKiB: 4,
    sources: [sh4Probe, manual('SH7750R Group Hardware Manual', 'operand cache')],
  }),
  shMachine({
    id: 'sh7780',
    name: 'SH7780, 4K page',
    port: 'sh-sh7785',
    geometry: sh4a,
    pageKiB: 4,
    sources: [sh4aManual, sh4Probe],
    ...example(),
  }),
  shMachine({
    id: 'sh7785/4k',
    name: 'SH7785, 4K page',
    port: 'sh-sh7785',
    geometry: sh4a,
    pageKiB: 4,
    sources: [sh4aManual, sh4Probe],
    ...example(),
  }),
  shMachine({
    id: 'sh7785/8k',
    name: 'SH7785, 8K page',
    port: 'sh-sh7785',
    geometry: sh4a,
    pageKiB: 8,
    sources: [sh4aManual, sh4Probe, pageSizes],
    ...example(),
  }),
  shMachine({
    id: 'sh7786-snm',
    name: 'SH7786 (SHX3), 4K page',
    port: 'sh-sh7785',
    geometry: sh4a,
    pageKiB: 4,
    synonyms: 'hardware',
    sources: [sh4aManual, kernel('arch/sh/mm/cache-shx3.c', 'shx3_cache_init')],
    ...example('the kernel switches hardware synonym avoidance on'),
  }),
];
