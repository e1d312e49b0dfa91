// Configurable cores whose cache the kernel knows at compile time or barely at all:
// xtensa, nios2, csky and arc.

import type { Source } from '../../base/index.ts';
import type { Machine } from '../machine.ts';
import { example, inference, kernel, KiB, manual, writeBack, writeThrough } from './sources.ts';
import type { Geometry } from './sources.ts';

function xtensaMachine(variant: string, name: string, geometry: Geometry, extra = ''): Machine {
  const through = variant === 'fsf';
  return {
    id: `xtensa-${variant.replaceAll('_', '-')}`,
    name,
    arch: 'xtensa',
    ports: ['xtensa'],
    dcache: through ? writeThrough('vipt', geometry) : writeBack('vipt', geometry),
    pageBytes: 4 * KiB,
    reports: {
      kind: 'xtensa',
      XCHAL_DCACHE_SIZE: geometry.sizeBytes,
      XCHAL_DCACHE_WAYS: geometry.ways,
    },
    sources: [
      kernel(
        `arch/xtensa/variants/${variant}/include/variant/core.h`,
        'XCHAL_DCACHE_SIZE, XCHAL_DCACHE_WAYS, XCHAL_DCACHE_IS_WRITEBACK',
      ),
    ],
    ...(extra === '' ? {} : { note: extra }),
  };
}

const four = { sizeBytes: 16 * KiB, ways: 4, lineBytes: 32 };
const noMmu = 'the variant has no full MMU, so DAX is out of reach whatever the cache does';

/** The xtensa rows of the catalogue: the variants in the tree. */
export const xtensa: readonly Machine[] = [
  xtensaMachine('csp', 'xtensa csp', { ...four, lineBytes: 64 }),
  xtensaMachine('dc232b', 'xtensa dc232b', four),
  xtensaMachine('dc233c', 'xtensa dc233c', four),
  xtensaMachine(
    'de212',
    'xtensa de212',
    { sizeBytes: 8 * KiB, ways: 2, lineBytes: 32 },
    `${noMmu}; its core header says write-back`,
  ),
  xtensaMachine('fsf', 'xtensa fsf', { sizeBytes: 8 * KiB, ways: 2, lineBytes: 16 }),
  xtensaMachine('test_kc705_be', 'xtensa kc705', four),
  xtensaMachine('test_mmuhifi_c3', 'xtensa mmuhifi_c3', { ...four, ways: 2 }),
];

function nios2Machine(id: string, name: string, kib: number, configured: number): Machine {
  const wrong = configured !== kib * KiB;
  return {
    id,
    name,
    arch: 'nios2',
    ports: ['nios2'],
    dcache: writeBack('vipt', { sizeBytes: kib * KiB, ways: 1, lineBytes: 32 }),
    pageBytes: 4 * KiB,
    reports: { kind: 'nios2', NIOS2_DCACHE_SIZE: configured },
    sources: [
      configured === 2 * KiB
        ? kernel('arch/nios2/platform/Kconfig.platform', 'NIOS2_DCACHE_SIZE')
        : kernel('arch/nios2/configs/10m50_defconfig', 'NIOS2_DCACHE_SIZE'),
      manual('Nios II Processor Reference Guide', 'data cache: direct mapped, write-back'),
      ...(wrong ? [kernel('arch/nios2/kernel/cpuinfo.c', 'setup_cpuinfo')] : []),
    ],
    exampleGeometry: true,
    note: wrong
      ? 'configured for 2 KiB on 32 KiB hardware: the kernel only warns. Direct mapping is [H]'
      : 'direct mapping and write-back are [H]',
  };
}

/** The nios2 rows of the catalogue, the last with a kernel configured for a smaller cache. */
export const nios2: readonly Machine[] = [
  nios2Machine('nios2-2k', 'Nios II/f 2 KiB', 2, 2 * KiB),
  nios2Machine('nios2-32k', 'Nios II/f 32 KiB', 32, 32 * KiB),
  nios2Machine('nios2-32k-misconfig', 'Nios II/f 32K, cfg 2K', 32, 2 * KiB),
];

function cskyMachine(id: string, name: string, abiv1: boolean): Machine {
  return {
    id,
    name,
    arch: 'csky',
    ports: ['csky'],
    dcache: abiv1
      ? writeBack('vipt', { sizeBytes: 16 * KiB, ways: 1, lineBytes: 16 })
      : writeBack('pipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 64 }),
    pageBytes: 4 * KiB,
    reports: { kind: 'nothing' },
    sources: abiv1
      ? [
          kernel('arch/csky/include/asm/shmparam.h', 'SHMLBA'),
          kernel('arch/csky/abiv1/mmap.c', 'arch_get_unmapped_area'),
          inference('the largest way for which colouring modulo SHMLBA (16 KiB) is enough'),
        ]
      : [
          inference("physically indexed, because the port's own code never flushes"),
          kernel('arch/csky/abiv2/inc/abi/cacheflush.h', 'flush_cache_page'),
          manual(`${name} User Guide`, 'data cache (not stated in kernel)'),
        ],
    ...(abiv1
      ? {
          note: 'the size is not known: the worst case the kernel copes with is modelled',
          assumes: 'the cache is the largest that the colouring of the kernel copes with',
        }
      : {
          ...example("physically indexed because the port's own code never flushes"),
          assumes: 'the cache is physically indexed, because the kernel never flushes it',
        }),
  };
}

/** The csky rows of the catalogue. */
export const csky: readonly Machine[] = [
  cskyMachine('csky-ck610', 'C-SKY CK610', true),
  cskyMachine('csky-ck807', 'C-SKY CK807', false),
  cskyMachine('csky-ck810', 'C-SKY CK810', false),
  cskyMachine('csky-ck860', 'C-SKY CK860', false),
];

const arc700Source: Source = kernel('arch/arc/mm/cache.c', 'arc_cache_mumbojumbo');

function arc700(kib: 32 | 64, pageKiB: 4 | 8): Machine {
  return {
    id: `arc700-${kib}k/${pageKiB}k`,
    name: `ARC700 ${kib} KiB, ${pageKiB}K page`,
    arch: 'arc',
    ports: ['arc-700'],
    dcache: writeBack('vipt', { sizeBytes: kib * KiB, ways: 4, lineBytes: 32 }),
    pageBytes: pageKiB * KiB,
    reports: { kind: 'arc', isa: 'arcompact', dcacheKiB: kib },
    sources: [arc700Source, manual('ARC 700 Processor Programmer Reference', 'data cache')],
    exampleGeometry: true,
    note:
      '4 ways are fixed in the kernel; size and line are [H]. An aliasing D-cache should stop ' +
      'the boot, but the check reads the size before it is set',
  };
}

/** The arc rows of the catalogue. */
export const arc: readonly Machine[] = [
  arc700(32, 4),
  arc700(32, 8),
  arc700(64, 8),
  {
    id: 'arc-hs38',
    name: 'ARC HS38',
    arch: 'arc',
    ports: ['arc'],
    dcache: writeBack('pipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 64 }),
    pageBytes: 8 * KiB,
    reports: { kind: 'arc', isa: 'arcv2', dcacheKiB: 32 },
    sources: [arc700Source, manual('ARC HS Processor Databook', 'data cache')],
    ...example('that ARCv2 is physically indexed is stated in the kernel'),
  },
];
