// SPARC data caches. sparc32 learns a cache size for HyperSPARC only, from the PROM:
// @source arch/sparc/mm/srmmu.c init_vac_layout() v6.12. sparc64 compares two constants:
// @source arch/sparc/include/asm/spitfire.h L1DCACHE_SIZE v6.12.

import type { Source } from '../../base/index.ts';
import type { Dcache } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import type { Reports } from '../reports.ts';
import { example, inference, kernel, KiB, manual, writeBack, writeThrough } from './sources.ts';

type Sparc32Reports = Extract<Reports, { readonly kind: 'sparc32' }>;
type Sparc64Reports = Extract<Reports, { readonly kind: 'sparc64' }>;

interface Core {
  readonly id: string;
  readonly name: string;
  readonly dcache: Dcache;
  readonly sources: readonly Source[];
  readonly note?: string;
  readonly assumes?: string;
  readonly exampleGeometry?: true;
}

function sparc32Machine(srmmu: Sparc32Reports['srmmu'], core: Core): Machine {
  const { sizeBytes, lineBytes } = core.dcache;
  const cacheNlines = sizeBytes / lineBytes;
  return {
    arch: 'sparc32',
    ports: ['sparc32'],
    pageBytes: 4 * KiB,
    reports: { kind: 'sparc32', srmmu, cacheNlines, cacheLineSizeBytes: lineBytes },
    ...core,
  };
}

function hyperSparc(kib: 128 | 256): Machine {
  return sparc32Machine('hypersparc', {
    id: `hypersparc-${kib}k`,
    name: `hyperSPARC ${kib} KiB`,
    dcache: writeBack('vipt', { sizeBytes: kib * KiB, ways: 1, lineBytes: 32 }),
    sources: [
      kernel('arch/sparc/include/asm/ross.h', 'HYPERSPARC_CSIZE'),
      kernel('arch/sparc/mm/srmmu.c', 'poke_hypersparc'),
      manual('hyperSPARC Reference Guide', 'second-level cache: direct mapped, unified'),
    ],
    exampleGeometry: true,
    note: 'the kernel chooses copy-back mode; line size and direct mapping are [H]',
  });
}

/** The sparc32 rows of the catalogue. */
export const sparc32: readonly Machine[] = [
  hyperSparc(128),
  hyperSparc(256),
  sparc32Machine('swift', {
    id: 'microsparc2-swift',
    name: 'Swift microSPARC-II',
    dcache: writeThrough('vipt', { sizeBytes: 8 * KiB, ways: 1, lineBytes: 16 }),
    sources: [
      kernel('arch/sparc/mm/swift.S', 'swift_flush_cache_all'),
      manual("microSPARC-II User's Manual", 'data cache: write-through, virtually indexed'),
    ],
    note: 'size and line from the walk over the tags; policy and tag kind are [H]',
    assumes: 'the tags are physical and stores go to memory at once; not stated in the kernel',
  }),
  sparc32Machine('viking', {
    id: 'supersparc-viking',
    name: 'SuperSPARC (Viking)',
    dcache: writeBack('pipt', { sizeBytes: 16 * KiB, ways: 4, lineBytes: 32 }),
    sources: [manual("SuperSPARC Microprocessor User's Guide", 'data cache')],
    ...example('with an MXCC the on-chip cache writes through instead'),
  }),
  sparc32Machine('turbosparc', {
    id: 'turbosparc',
    name: 'TurboSPARC',
    dcache: writeThrough('vipt', { sizeBytes: 16 * KiB, ways: 1, lineBytes: 32 }),
    sources: [
      kernel('arch/sparc/include/asm/turbosparc.h', 'turbosparc_flush_dcache'),
      manual("TurboSPARC Microprocessor User's Guide", 'data cache: write-through'),
    ],
    note: 'size and line from the walk over the tags; policy and tag kind are [H]',
    assumes: 'the tags are physical and stores go to memory at once; not stated in the kernel',
  }),
  sparc32Machine('leon', {
    id: 'leon3-gr712rc',
    name: 'LEON3 (GR712RC)',
    dcache: writeThrough('vivt', { sizeBytes: 16 * KiB, ways: 4, lineBytes: 16 }),
    sources: [
      manual("GR712RC User's Manual", 'data cache: 4 ways of 4 KiB, write-through'),
      manual('GRLIB IP Core User Manual', 'LEON3: with the MMU on, tags are virtual'),
      kernel('arch/sparc/mm/leon_mm.c', 'leon_flush_needed'),
    ],
    ...example('the kernel calls the cache virtual but never sets vac_cache_size for it'),
    assumes: 'the tags are virtual and no store of the CPU itself drops its other copies',
  }),
  sparc32Machine('tsunami', {
    id: 'microsparc-tsunami',
    name: 'Tsunami microSPARC-I',
    dcache: writeThrough('vipt', { sizeBytes: 2 * KiB, ways: 1, lineBytes: 16 }),
    sources: [
      manual("microSPARC User's Guide", 'data cache: 2 KiB, direct mapped, write-through'),
      kernel('arch/sparc/mm/tsunami.S', 'tsunami_flush_cache_page'),
      inference('NetBSD/sparc takes this CPU as one without a virtual cache (cpu.c, module_ms1)'),
    ],
    ...example('Linux clears the whole cache where it flushes, and never sets vac_cache_size'),
    assumes: 'the tags are physical; with virtual tags it would alias',
  }),
];

function sparc64Machine(tlbType: Sparc64Reports['tlbType'], core: Core): Machine {
  return {
    arch: 'sparc64',
    ports: ['sparc64'],
    pageBytes: 8 * KiB,
    reports: { kind: 'sparc64', tlbType },
    ...example(),
    ...core,
  };
}

/** The sparc64 rows of the catalogue. */
export const sparc64: readonly Machine[] = [
  sparc64Machine('spitfire', {
    id: 'ultrasparc-2',
    name: 'UltraSPARC I/II',
    dcache: writeThrough('vipt', { sizeBytes: 16 * KiB, ways: 1, lineBytes: 32 }),
    sources: [
      kernel('arch/sparc/include/asm/spitfire.h', 'L1DCACHE_SIZE'),
      manual("UltraSPARC I and II User's Manual", 'data cache: write-through, non-allocating'),
    ],
  }),
  sparc64Machine('cheetah', {
    id: 'ultrasparc-3',
    name: 'UltraSPARC III/IV',
    dcache: writeThrough('vipt', { sizeBytes: 64 * KiB, ways: 4, lineBytes: 32 }),
    sources: [manual("UltraSPARC III Cu User's Manual", 'data cache: write-through')],
  }),
  sparc64Machine('hypervisor', {
    id: 'ultrasparc-t1',
    name: 'UltraSPARC T1 (sun4v)',
    dcache: writeThrough('vipt', { sizeBytes: 8 * KiB, ways: 4, lineBytes: 16 }),
    sources: [manual('OpenSPARC T1 Microarchitecture Specification', 'L1 data cache')],
  }),
  sparc64Machine('hypervisor', {
    id: 'sparc-t4',
    name: 'SPARC T4 (sun4v)',
    dcache: writeThrough('vipt', { sizeBytes: 16 * KiB, ways: 4, lineBytes: 32 }),
    sources: [manual('Oracle SPARC T4 Processor Supplement', 'L1 data cache')],
    ...example('stands for the successors of the T1'),
  }),
];
