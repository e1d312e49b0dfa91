// The kernels for which no tree is recorded: releases before 6.1, the posted revisions of the
// series, and releases between or after the recorded trees. 6.1 and 6.12 come from trees.

import type { Source } from '../../base/index.ts';
import type { Gate, Kernel } from '../kernel.ts';
import { kernelFromRule, sourced } from './build.ts';
import type { PolicyRule } from './build.ts';
import { compareReleases } from './ports.ts';
import { asEvaluated, needsMmu, needsPages416 } from './rules.ts';

const listCommit: Source = {
  kind: 'commit',
  id: 'd92576f1167c',
  subject: 'dax: does not work correctly with virtual aliasing caches',
};
const pagesCommit: Source = { kind: 'commit', id: '569d0365f571' };
const predicateCommit: Source = {
  kind: 'commit',
  id: '8690bbcf3b70',
  subject: 'Introduce cpu_dcache_is_aliasing() across all architectures',
};
const arcCommit: Source = {
  kind: 'commit',
  id: 'd5272aaa8257',
  subject: 'ARC: mm: fix new code about cache aliasing',
};
const oldNames = ['ARM', 'MIPS', 'SPARC'] as const;

function kconfig(release: string, symbol = 'FS_DAX'): Source {
  return { kind: 'kernel', file: 'fs/Kconfig', symbol, release };
}

function mail(subject: string, date: string): Source {
  return { kind: 'mail', subject, date };
}

function inferred(why: string): Source {
  return { kind: 'inference', why };
}

/** Before the series: no test at run time, whatever the list says. */
function untestedGate(names: readonly string[], source: Source, hasAllocDax: boolean): Gate {
  return {
    refusedByName: sourced(names, source),
    runTime: sourced('none', source),
    exemptsNullOps: true,
    refusal: '-EOPNOTSUPP',
    callersSurvive: true,
    ...(hasAllocDax ? {} : { hasAllocDax: false }),
  };
}

/** The test in alloc_dax() as from v4: exempts NULL operations, and the drivers go on. */
function allocDaxGate(source: Source): Gate {
  return {
    refusedByName: sourced([], source),
    runTime: sourced('alloc_dax', source),
    exemptsNullOps: true,
    refusal: '-EOPNOTSUPP',
    callersSurvive: true,
  };
}

const historic: readonly PolicyRule[] = [
  {
    id: '3.18',
    title: 'Linux 3.18: execute in place (XIP), no alias policy',
    base: '3.18',
    gate: untestedGate([], kconfig('3.18', 'FS_XIP'), false),
    build: needsMmu([kconfig('3.18', 'EXT2_FS_XIP')]),
    predicate: { kind: 'absent' },
    sources: [kconfig('3.18', 'EXT2_FS_XIP')],
    notes: [
      'FS_DAX stands for its ancestor EXT2_FS_XIP; the block driver must offer direct_access',
      '[M] which ports this release has is from memory, not from a tree',
    ],
  },
  {
    id: '4.0',
    title: 'Linux 4.0: DAX replaces XIP, ARM, MIPS and SPARC refused by name',
    base: '4.0',
    gate: untestedGate(oldNames, listCommit, false),
    build: needsMmu([kconfig('4.0')]),
    predicate: { kind: 'absent' },
    sources: [listCommit, kconfig('4.0')],
    notes: ['[M] which ports this release has is from memory, not from a tree'],
  },
  {
    id: '4.16',
    title: 'Linux 4.16: struct pages required, the list by name remains',
    base: '4.16',
    gate: untestedGate(oldNames, listCommit, true),
    build: needsPages416([kconfig('4.16'), pagesCommit]),
    predicate: { kind: 'absent' },
    sources: [pagesCommit, kconfig('4.16')],
    notes: [
      '[M] which ports this release has is from memory, not from a tree',
      '[M] when arm64 and powerpc gained ZONE_DEVICE is not verified: their FS_DAX is unknown',
    ],
  },
];

/** What two ports that 6.12 builds gained only with 6.11. */
const lacking611: ReadonlyMap<string, readonly string[]> = new Map([
  ['loongarch64', ['ARCH_HAS_PTE_DEVMAP']],
  ['riscv64', ['MEMORY_HOTPLUG']],
]);
const came611: readonly Source[] = [
  mail('[GIT PULL] LoongArch changes for v6.11', '2024-07-22'),
  { kind: 'commit', id: 'c75a74f4ba19', subject: 'riscv: mm: Add memory hotplugging support' },
];
const rfcBuild = asEvaluated({
  tree: '6.12',
  lacking: lacking611,
  sources: [inferred('for these ports both 6.1 and 6.12 give the same value'), ...came611],
});
const buildNote =
  '[M] build facts are those of 6.12, less loongarch64 and riscv64, which could not build ' +
  'FS_DAX before 6.11';

interface Revision {
  readonly id: string;
  readonly title: string;
  readonly mail: Source;
  readonly gate: (source: Source) => Gate;
  readonly notes: readonly string[];
}

function revision({ id, title, mail: source, gate, notes }: Revision): PolicyRule {
  return {
    id,
    title,
    base: '6.8',
    gate: gate(source),
    build: rfcBuild,
    // All six list arc among the architectures that always alias.
    predicate: { kind: 'as 6.12', arc: 'constant true', sources: [source] },
    sources: [source],
    notes: [...notes, buildNote],
  };
}

/** v1 and v2: each filesystem's mount asks, alloc_dax() does not. */
function mountGate(names: readonly string[], source: Source): Gate {
  return {
    refusedByName: sourced(names, source),
    runTime: sourced('filesystem', source),
    exemptsNullOps: true,
    refusal: '-EOPNOTSUPP',
    callersSurvive: true,
  };
}

/** v3: no exemption, NULL, and callers that test for error pointers only. */
function nullGate(source: Source): Gate {
  return {
    ...allocDaxGate(source),
    exemptsNullOps: false,
    refusal: 'NULL',
    callersSurvive: false,
  };
}

/** The selectors of ARCH_HAS_CACHE_ALIASING in v1, whose FS_DAX depends on its absence. */
const alwaysAliasing = ['ARC', 'CPU_CACHE_VIVT', 'CSKY', 'M68K', 'PARISC', 'SUPERH'] as const;
const cover = 'Introduce cpu_dcache_is_aliasing() to fix DAX regression';

const revisions: readonly PolicyRule[] = (
  [
    {
      id: 'v1',
      title: 'RFC v1: cache_is_aliasing(), build gate and test in each filesystem',
      mail: mail(
        '[RFC PATCH 0/7] Introduce cache_is_aliasing() to fix DAX regression',
        '2024-01-29',
      ),
      gate: (source) => mountGate(alwaysAliasing, source),
      notes: [
        'FS_DAX depends on !ARCH_HAS_CACHE_ALIASING: ports that always alias are refused at build',
        'ports that select ARCH_HAS_CACHE_ALIASING_DYNAMIC are asked at mount',
        'an ARMv6 kernel asks cache_is_vipt_aliasing() only; the answer is that of v4 on each port',
        'device-dax and dm are not asked',
      ],
    },
    {
      id: 'v2',
      title: 'RFC v2: dcache_is_aliasing(), test in each filesystem',
      mail: mail(
        '[RFC PATCH v2 0/8] Introduce dcache_is_aliasing() to fix DAX regression',
        '2024-01-30',
      ),
      gate: (source) => mountGate([], source),
      notes: ['the same expressions as v4, under the name dcache_is_aliasing()'],
    },
    {
      id: 'v3',
      title: 'RFC v3: test moved into alloc_dax(), which returns NULL',
      mail: mail(`[RFC PATCH v3 0/4] ${cover}`, '2024-01-31'),
      gate: nullGate,
      notes: [
        'callers test for error pointers only, so pmem and virtio-fs would dereference NULL; ' +
          'dm alone is prepared',
        'device-dax loses its device on aliasing CPUs',
      ],
    },
    {
      id: 'v4',
      title: 'RFC v4: -EOPNOTSUPP, NULL operations exempt, callers prepared first',
      mail: mail(`[RFC PATCH v4 00/12] ${cover}`, '2024-02-02'),
      gate: allocDaxGate,
      notes: ['after the last of its twelve patches'],
    },
    {
      id: 'v5',
      title: 'v5: as v4, with the DAX=n stub first',
      mail: mail(`[PATCH v5 0/8] ${cover}`, '2024-02-12'),
      gate: allocDaxGate,
      notes: ['that arc is constant true here is inferred from the size of its header'],
    },
    {
      id: 'v6',
      title: 'v6: as v5, with stubs for all setters',
      mail: mail(`[PATCH v6 0/9] ${cover}`, '2024-02-15'),
      gate: allocDaxGate,
      notes: ['that arc is constant true here is inferred from the size of its header'],
    },
  ] satisfies readonly Revision[]
).map(revision);

const releases: readonly PolicyRule[] = [
  {
    id: '6.9',
    title: 'Linux 6.9: the series merged',
    base: '6.9',
    gate: allocDaxGate(predicateCommit),
    build: asEvaluated({
      tree: '6.12',
      lacking: lacking611,
      sources: [kconfig('6.9'), inferred('ports as evaluated in the tree of 6.12'), ...came611],
    }),
    predicate: { kind: 'as 6.12', arc: 'not selected', sources: [predicateCommit, arcCommit] },
    sources: [predicateCommit, kconfig('6.9')],
    notes: [
      'the merged commit still had arc; its removal was merged before the release of 6.9, by the ' +
        'dates of the mails: no tree of 6.9 was read',
      buildNote,
    ],
  },
  {
    id: '6.13',
    title: 'Linux 6.13: cpu_icache_is_aliasing() added',
    base: '6.13',
    gate: allocDaxGate(predicateCommit),
    build: asEvaluated({
      tree: '6.12',
      lacking: new Map(),
      sources: [inferred('ports as evaluated in the tree of 6.12')],
    }),
    predicate: {
      kind: 'as 6.12',
      arc: 'selected, data side false',
      sources: [
        mail(
          'Re: [PATCH v2] mm: use clear_user_(high)page() for arch with special user folio ' +
            'handling',
          '2024-12-07',
        ),
      ],
    },
    sources: [predicateCommit, inferred('between the evaluated trees 6.12 and 7.3')],
    notes: [
      'that arc selects the symbol again is proposed in the mail and verified in 7.3 only; ' +
        'the data side is false either way',
    ],
  },
  {
    id: '7.3',
    title: 'Linux 7.3: FS_DAX needs ZONE_DEVICE alone, PTE_DEVMAP gone',
    base: '7.3',
    gate: allocDaxGate({
      kind: 'kernel',
      file: 'drivers/dax/super.c',
      symbol: 'alloc_dax',
      release: '7.3',
    }),
    build: asEvaluated({ tree: '7.3', lacking: new Map(), sources: [kconfig('7.3')] }),
    predicate: {
      kind: 'as 6.12',
      arc: 'selected, data side false',
      sources: [
        {
          kind: 'kernel',
          file: 'include/linux/cacheinfo.h',
          symbol: 'cpu_dcache_is_aliasing',
          release: '7.3',
        },
      ],
    },
    sources: [kconfig('7.3')],
    notes: [
      'the fsdev driver can install operations after alloc_dax(): that way round the test is ' +
        'out of reach, because it depends on FS_DAX',
    ],
  },
];

/** The kernels of the catalogue without a recorded tree, oldest first, the revisions before 6.9. */
export const policies: readonly Kernel[] = [...historic, ...revisions, ...releases]
  .toSorted((a, b) => compareReleases(a.base, b.base))
  .map(kernelFromRule);

/** The kernel with that id; undefined where the catalogue has none (6.1 and 6.12 are trees). */
export function policyById(id: string): Kernel | undefined {
  return policies.find((kernel) => kernel.id === id);
}
