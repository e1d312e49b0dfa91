// 32-bit ARM data caches: VIVT up to ARMv5, VIPT on ARMv6, without aliases from ARMv7.
// What the kernel reads: MIDR's architecture and the Cache Type Register,
// @source arch/arm/kernel/setup.c cacheid_init() v6.12.

import { assert, never } from '../../base/index.ts';
import type { Source } from '../../base/index.ts';
import { waySizeBytes } from '../dcache.ts';
import type { Dcache } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import {
  example,
  hardwareKeepsEqual,
  inference,
  kernel,
  KiB,
  manual,
  writeBack,
} from './sources.ts';
import type { Geometry } from './sources.ts';

const pageBytes = 4 * KiB;

interface Core {
  readonly id: string;
  readonly name: string;
  readonly dcache: Dcache;
  readonly sources: readonly Source[];
  readonly note?: string;
  readonly assumes?: string;
  readonly exampleGeometry?: true;
}

function armMachine(architecture: 4 | 5 | 6 | 7, core: Core, lpae = false): Machine {
  const base = { arch: 'arm', pageBytes, ...core };
  const setup = kernel('arch/arm/kernel/setup.c', 'cacheid_init');
  switch (architecture) {
    case 4:
    case 5:
      assert(core.dcache.kind === 'vivt', 'ARMv4 and ARMv5 caches are VIVT');
      return { ...base, ports: ['arm-v5'], reports: { kind: 'arm', architecture } };
    case 6: {
      const dsideP = waySizeBytes(core.dcache) > pageBytes;
      const ctr = { format: 0, dsideP } as const;
      return {
        ...base,
        ports: ['arm-v6', 'arm'],
        reports: { kind: 'arm', architecture, ctr },
        sources: [...core.sources, setup],
      };
    }
    case 7: {
      const ctr = { format: 4, dsideP: false } as const;
      return {
        ...base,
        ports: lpae ? ['arm-v7', 'arm-v7-lpae', 'arm'] : ['arm-v7', 'arm'],
        reports: { kind: 'arm', architecture, ctr },
        sources: [...core.sources, setup],
      };
    }
    default:
      return never(architecture, 'ARM architecture');
  }
}

/** ARM9 to XScale read lines in on loads only; Linux asks XScale for no more than that. */
const readAllocate = { allocateOnWrite: false } as const;

function vivt(geometry: Geometry): Dcache {
  return writeBack('vivt', geometry, readAllocate);
}

const policy = kernel('arch/arm/mm/mmu.c', 'cachepolicy');

const v4v5: readonly Machine[] = [
  armMachine(4, {
    id: 'arm920t',
    name: 'ARM920T',
    dcache: vivt({ sizeBytes: 16 * KiB, ways: 64, lineBytes: 32 }),
    sources: [
      kernel('arch/arm/mm/proc-arm920.S', 'CACHE_DSEGMENTS, CACHE_DENTRIES, CACHE_DLINESIZE'),
      manual('ARM920T Technical Reference Manual', 'DCache: allocation on read misses only'),
      policy,
    ],
    note: 'runs the ARMv4T/v5 kernel; the same predicate with either minimum architecture',
  }),
  armMachine(4, {
    id: 'arm922t',
    name: 'ARM922T',
    dcache: vivt({ sizeBytes: 8 * KiB, ways: 64, lineBytes: 32 }),
    sources: [
      kernel('arch/arm/mm/proc-arm922.S', 'CACHE_DSEGMENTS, CACHE_DENTRIES, CACHE_DLINESIZE'),
      manual('ARM922T Technical Reference Manual', 'DCache'),
      policy,
    ],
  }),
  armMachine(4, {
    id: 'arm925t',
    name: 'ARM925T',
    dcache: vivt({ sizeBytes: 8 * KiB, ways: 2, lineBytes: 16 }),
    sources: [
      kernel('arch/arm/mm/proc-arm925.S', 'CACHE_DSEGMENTS, CACHE_DENTRIES, CACHE_DLINESIZE'),
      manual('OMAP1510 Multimedia Processor Technical Reference Manual', 'MPU data cache'),
      policy,
    ],
    exampleGeometry: true,
    note:
      '[H] 2 ways of 256 lines: the kernel names 2 segments of 256 entries, ' +
      'the manual calls the 2 ways',
  }),
  armMachine(5, {
    id: 'arm1020',
    name: 'ARM1020',
    dcache: vivt({ sizeBytes: 32 * KiB, ways: 64, lineBytes: 32 }),
    sources: [
      kernel('arch/arm/mm/proc-arm1020.S', 'CACHE_DSEGMENTS, CACHE_DENTRIES, CACHE_DLINESIZE'),
      manual('ARM1020T Technical Reference Manual', 'data cache'),
      policy,
    ],
  }),
  armMachine(5, {
    id: 'arm926ej-s',
    name: 'ARM926EJ-S',
    dcache: vivt({ sizeBytes: 16 * KiB, ways: 4, lineBytes: 32 }),
    sources: [
      kernel('arch/arm/mm/proc-arm926.S', 'CACHE_DLINESIZE'),
      manual('ARM926EJ-S Technical Reference Manual', 'caches: 4 KiB to 128 KiB, 4-way'),
      policy,
    ],
    ...example('16 KiB is the usual choice of 4 to 128 KiB. Way = page, yet VIVT'),
  }),
  armMachine(5, {
    id: 'xscale-pxa',
    name: 'XScale (PXA)',
    dcache: vivt({ sizeBytes: 32 * KiB, ways: 32, lineBytes: 32 }),
    sources: [
      kernel('arch/arm/mm/proc-xscale.S', 'CACHESIZE, CACHELINESIZE'),
      manual('Intel XScale Core Developer Manual', 'data cache: 32-way set associative'),
      policy,
    ],
    note: 'can allocate on stores; the policy Linux chooses on one CPU before ARMv6 does not',
  }),
];

const arm11Manual = manual('ARM1136JF-S Technical Reference Manual', 'level one caches');
const arm1176Manual = manual('ARM1176JZF-S Technical Reference Manual', 'level one caches');

function arm11(core: Omit<Core, 'dcache' | 'note'>, sizeBytes: number, more?: string): Machine {
  const dcache = writeBack('vipt', { sizeBytes, ways: 4, lineBytes: 32 }, readAllocate);
  return armMachine(6, { ...core, dcache, ...example(more) });
}

const v6: readonly Machine[] = [
  arm11({ id: 'arm1136-16k', name: 'ARM1136 16 KiB', sources: [arm11Manual] }, 16 * KiB),
  arm11({ id: 'arm1136-32k', name: 'ARM1136 32 KiB', sources: [arm11Manual] }, 32 * KiB),
  arm11(
    {
      id: 'arm1176-16k',
      name: 'ARM1176 16 KiB BCM2835',
      sources: [arm1176Manual, manual('BCM2835 ARM Peripherals')],
    },
    16 * KiB,
  ),
  arm11({ id: 'arm1176-32k', name: 'ARM1176 32 KiB', sources: [arm1176Manual] }, 32 * KiB),
  arm11(
    { id: 'arm1176-64k', name: 'ARM1176 64 KiB', sources: [arm1176Manual] },
    64 * KiB,
    'the worst case: a way of exactly SHMLBA',
  ),
];

const v7: readonly Machine[] = [
  armMachine(
    7,
    {
      id: 'cortex-a7',
      name: 'Cortex-A7',
      dcache: writeBack('pipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 64 }),
      sources: [manual('Cortex-A7 MPCore Technical Reference Manual', 'L1 data memory system')],
      ...example(),
    },
    true,
  ),
  armMachine(7, {
    id: 'cortex-a8',
    name: 'Cortex-A8',
    dcache: writeBack(
      'vipt',
      { sizeBytes: 32 * KiB, ways: 4, lineBytes: 64 },
      { synonyms: 'hardware' },
    ),
    sources: [
      manual('Cortex-A8 Technical Reference Manual', 'level 1 memory system'),
      inference('VIPT with hash-based alias avoidance in hardware: behaves as physically indexed'),
    ],
    assumes: hardwareKeepsEqual,
    ...example(),
  }),
  armMachine(7, {
    id: 'cortex-a9',
    name: 'Cortex-A9',
    dcache: writeBack('pipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 32 }),
    sources: [manual('Cortex-A9 Technical Reference Manual', 'level 1 memory system')],
    ...example(),
  }),
  armMachine(
    7,
    {
      id: 'cortex-a15',
      name: 'Cortex-A15',
      dcache: writeBack('pipt', { sizeBytes: 32 * KiB, ways: 2, lineBytes: 64 }),
      sources: [manual('Cortex-A15 MPCore Technical Reference Manual', 'L1 data memory system')],
      ...example(),
    },
    true,
  ),
];

/** The ARM rows of the catalogue. */
export const arm: readonly Machine[] = [...v4v5, ...v6, ...v7];
