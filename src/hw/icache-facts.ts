// The first-level instruction cache of each machine: how it picks a set and knows a line. The data
// cache is often of another kind. Whether stores reach it is in icache.ts.
//
// What the kernel states is marked so; figures from vendor manuals are general knowledge, as are
// those of the data caches; where nothing is known the data cache's organisation is assumed.

import type { Source } from '../base/index.ts';
import { inference, kernel, KiB, manual } from './cpus/sources.ts';
import type { CacheKind } from './dcache.ts';
import type { Machine } from './machine.ts';

/** Who says what kind of cache it is: the kernel's code, a manual, or nobody. */
export type IcacheEvidence = 'kernel' | 'manual' | 'assumed';

/** An instruction cache as hardware. */
export interface Icache {
  readonly kind: CacheKind;
  readonly sizeBytes: number;
  /** Associativity; 1 is direct mapped. */
  readonly ways: number;
  readonly lineBytes: number;
  /** Hardware finds a line under any address, as MIPS cores with Config7.IAR do. */
  readonly synonyms: 'none' | 'hardware';
  /** One cache for both; it is taken to be two of the same kind. */
  readonly unified?: true;
  readonly evidence: IcacheEvidence;
  readonly sources: readonly Source[];
}

interface Row {
  readonly kind: CacheKind;
  readonly KiB: number;
  readonly ways: number;
  readonly line: number;
  readonly evidence: IcacheEvidence;
  readonly source: Source;
  readonly synonyms?: 'hardware';
  readonly unified?: true;
}

/** The instruction cache of a machine; undefined where no cache is modelled. */
export function icacheFacts(machine: Machine): Icache | undefined {
  const { dcache, id } = machine;
  if (dcache === undefined) return undefined;
  const row = rows.get(id.split('/')[0] ?? id);
  if (row === undefined) return likeData(dcache);
  return {
    kind: row.kind,
    sizeBytes: row.KiB * KiB,
    ways: row.ways,
    lineBytes: row.line,
    synonyms: row.synonyms ?? 'none',
    ...(row.unified ? { unified: row.unified } : {}),
    evidence: row.evidence,
    sources: [row.source],
  };
}

function likeData(dcache: NonNullable<Machine['dcache']>): Icache {
  const { kind, sizeBytes, ways, lineBytes, synonyms } = dcache;
  return {
    kind,
    sizeBytes,
    ways,
    lineBytes,
    synonyms: synonyms === 'hardware' ? 'hardware' : 'none',
    evidence: 'assumed',
    sources: [inference('the instruction cache is taken to be of the kind of the data cache')],
  };
}

type Shape = readonly [kind: CacheKind, KiB: number, ways: number, line: number];

function row(
  [kind, size, ways, line]: Shape,
  evidence: IcacheEvidence,
  source: Source,
  rest: Pick<Row, 'synonyms' | 'unified'> = {},
): Row {
  return { kind, KiB: size, ways, line, evidence, source, ...rest };
}

/** ARMv4 and v5: the kernel takes both caches to be virtual, and asks no register. */
const cacheid = kernel('arch/arm/kernel/setup.c', 'cacheid_init cpu_has_aliasing_icache');
const probe = kernel('arch/mips/mm/c-r4k.c', 'probe_pcache');
const sh4 = kernel('arch/sh/kernel/cpu/sh4/probe.c', 'cpu_probe');
const sh3 = kernel('arch/sh/kernel/cpu/sh3/probe.c', 'cpu_probe');
const core = (variant: string) =>
  kernel(`arch/xtensa/variants/${variant}/include/variant/core.h`, 'XCHAL_ICACHE_SIZE');
const arcCache = kernel('arch/arc/mm/cache.c', 'arc_cache_mumbojumbo');
const snm = kernel('arch/sh/mm/cache-shx3.c', 'shx3_cache_init');
const IAR = { synonyms: 'hardware' } as const;
const UNIFIED = { unified: true } as const;

/** By machine, without the page size. */
const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['arm920t', row(['vivt', 16, 64, 32], 'kernel', cacheid)],
  ['arm922t', row(['vivt', 8, 64, 32], 'kernel', cacheid)],
  ['arm925t', row(['vivt', 16, 2, 16], 'kernel', cacheid)],
  ['arm1020', row(['vivt', 32, 64, 32], 'kernel', cacheid)],
  ['arm926ej-s', row(['vivt', 16, 4, 32], 'kernel', cacheid)],
  ['xscale-pxa', row(['vivt', 32, 32, 32], 'kernel', cacheid)],
  ['arm1136-16k', row(['vipt', 16, 4, 32], 'kernel', cacheid)],
  ['arm1136-32k', row(['vipt', 32, 4, 32], 'kernel', cacheid)],
  ['arm1176-16k', row(['vipt', 16, 4, 32], 'kernel', cacheid)],
  ['arm1176-32k', row(['vipt', 32, 4, 32], 'kernel', cacheid)],
  ['arm1176-64k', row(['vipt', 64, 4, 32], 'kernel', cacheid)],
  ['cortex-a7', row(['vipt', 32, 2, 32], 'manual', manual('Cortex-A7 MPCore TRM', 'L1'))],
  ['cortex-a8', row(['vipt', 32, 4, 64], 'manual', manual('Cortex-A8 TRM', 'L1'))],
  ['cortex-a9', row(['vipt', 32, 4, 32], 'manual', manual('Cortex-A9 TRM', 'L1'))],
  ['cortex-a15', row(['pipt', 32, 2, 64], 'manual', manual('Cortex-A15 MPCore TRM', 'L1'))],
  ['cortex-a53', row(['vipt', 32, 2, 64], 'manual', manual('Cortex-A53 MPCore TRM', 'L1'))],
  // Whether a core has alias removal for instructions (IAR) is its maker's choice: both are shown.
  ['24kc-32k', row(['vipt', 32, 4, 32], 'kernel', probe)],
  ['24kc-32k-ar', row(['vipt', 32, 4, 32], 'assumed', probe, IAR)],
  ['24kc-32k-ar-ath79', row(['vipt', 32, 4, 32], 'assumed', probe, IAR)],
  ['4kc', row(['vipt', 16, 4, 16], 'kernel', probe)],
  ['74kc', row(['vipt', 32, 4, 32], 'assumed', probe)],
  ['74kc-erratum', row(['vipt', 32, 4, 32], 'assumed', probe, IAR)],
  ['r4000pc', row(['vipt', 8, 1, 16], 'kernel', probe)],
  ['r4000sc', row(['vipt', 8, 1, 16], 'kernel', probe)],
  ['r4400', row(['vipt', 16, 1, 16], 'kernel', probe)],
  ['r4400sc', row(['vipt', 16, 1, 16], 'kernel', probe)],
  ['r4600', row(['vipt', 16, 2, 32], 'kernel', probe)],
  ['r5000', row(['vipt', 32, 2, 32], 'kernel', probe)],
  ['r10000', row(['vipt', 32, 2, 64], 'kernel', probe, IAR)],
  ['rm7000', row(['vipt', 16, 4, 32], 'kernel', probe)],
  ['loongson-2f', row(['vipt', 64, 4, 32], 'kernel', probe)],
  ['loongson-3a', row(['vipt', 64, 4, 32], 'kernel', probe)],
  ['sh7705-32k', row(['vipt', 32, 4, 16], 'kernel', sh3, UNIFIED)],
  ['sh7708', row(['vipt', 8, 4, 16], 'kernel', sh3, UNIFIED)],
  ['sh7750', row(['vipt', 8, 1, 32], 'kernel', sh4)],
  ['sh7750r', row(['vipt', 16, 2, 32], 'kernel', sh4)],
  ['sh7780', row(['vipt', 32, 4, 32], 'kernel', sh4)],
  ['sh7785', row(['vipt', 32, 4, 32], 'kernel', sh4)],
  ['sh7786-snm', row(['vipt', 32, 4, 32], 'kernel', snm, IAR)],
  ['ultrasparc-2', row(['pipt', 16, 2, 32], 'manual', manual('UltraSPARC IIi Manual', 'I-cache'))],
  ['supersparc-viking', row(['pipt', 20, 5, 64], 'manual', manual('SuperSPARC Manual', 'caches'))],
  ['turbosparc', row(['vivt', 16, 1, 32], 'manual', manual('TurboSPARC Manual', 'caches'))],
  [
    'microsparc2-swift',
    row(['vivt', 16, 1, 32], 'manual', manual('microSPARC-II Manual', 'caches')),
  ],
  ['xtensa-csp', row(['vipt', 64, 4, 64], 'kernel', core('csp'))],
  ['xtensa-dc232b', row(['vipt', 16, 4, 32], 'kernel', core('dc232b'))],
  ['xtensa-dc233c', row(['vipt', 16, 4, 32], 'kernel', core('dc233c'))],
  ['xtensa-de212', row(['vipt', 8, 2, 32], 'kernel', core('de212'))],
  ['xtensa-fsf', row(['vipt', 8, 2, 16], 'kernel', core('fsf'))],
  ['xtensa-test-kc705-be', row(['vipt', 16, 4, 32], 'kernel', core('test_kc705_be'))],
  ['xtensa-test-mmuhifi-c3', row(['vipt', 16, 2, 32], 'kernel', core('test_mmuhifi_c3'))],
  ['nios2-32k', row(['vipt', 32, 1, 32], 'kernel', niosSize('0x8000'))],
  ['nios2-32k-misconfig', row(['vipt', 32, 1, 32], 'kernel', niosSize('0x8000'))],
  ['nios2-2k', row(['vipt', 4, 1, 32], 'kernel', niosSize('0x1000, the default'))],
  ['m68030', row(['vivt', 0.25, 1, 16], 'manual', manual("MC68030 User's Manual", 'caches'))],
  ['m68030-wa', row(['vivt', 0.25, 1, 16], 'manual', manual("MC68030 User's Manual", 'caches'))],
  // 64 KiB is the largest that can be had: VIPT is the kernel's word, the size is not.
  ['arc-hs38', row(['vipt', 64, 4, 64], 'assumed', arcCache)],
  ['arc700-32k', row(['vipt', 32, 2, 64], 'kernel', arcCache)],
  ['arc700-64k', row(['vipt', 64, 2, 64], 'kernel', arcCache)],
  ['alpha-ev6', row(['vivt', 64, 2, 64], 'manual', manual('Alpha 21264 Manual', 'I-cache'))],
  ['ppc440', row(['vivt', 32, 64, 32], 'kernel', virtual440())],
]);

function niosSize(text: string): Source {
  return kernel('arch/nios2/platform/Kconfig.platform', `NIOS2_ICACHE_SIZE ${text}`);
}

function virtual440(): Source {
  return kernel('arch/powerpc/mm/cacheflush.c', 'flush_icache_range');
}
