// The kernels for which no tree is recorded: releases before 6.1, the posted revisions of the
// series, and releases between or after the recorded trees. 6.1 and 6.12 come from trees.

import type { Source } from '../../base/index.ts';
import type { Gate, Kernel } from '../kernel.ts';
import { kernelFromRule, sourced } from './build.ts';
import type { PolicyRule } from './build.ts';
import { compareReleases } from './ports.ts';
import type { ArcRule } from './predicates.ts';
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

/** Ports that 6.12 builds while 6.8 and 6.9 are not verified. */
const unverified68: ReadonlySet<string> = new Set(['loongarch64', 'riscv64']);
const rfcBuild = asEvaluated({
  tree: '6.12',
  unverified: unverified68,
  sources: [inferred('ZONE_DEVICE as in 6.12: both 6.1 and 6.12 give the same for these ports')],
});
const rfcNote =
  '[M] build facts are those of 6.12; loongarch64 and riscv64, which 6.1 could not build, ' +
  'are unknown for the base of this series';

interface Revision {
  readonly id: string;
  readonly title: string;
  readonly mail: Source;
  readonly gate: (source: Source) => Gate;
  readonly arc: ArcRule;
  /** Says that the predicate of this revision is taken from v4. */
  readonly inferredPredicate: boolean;
  readonly notes: readonly string[];
}

function revision(rule: Revision): PolicyRule {
  const { mail: source } = rule;
  return {
    id: rule.id,
    title: rule.title,
    base: '6.8',
    gate: rule.gate(source),
    build: rfcBuild,
    predicate: {
      kind: 'as 6.12',
      arc: rule.arc,
      sources: rule.inferredPredicate
        ? [source, inferred('expressions as in v4, under whatever name the revision gave them')]
        : [source],
    },
    sources: [source],
    notes: [...rule.notes, rfcNote],
  };
}

function mountGate(source: Source): Gate {
  return {
    refusedByName: sourced([], source),
    runTime: sourced('filesystem', source),
    exemptsNullOps: true,
    refusal: '-EOPNOTSUPP',
    callersSurvive: true,
  };
}

const coverV4 = 'Introduce cpu_dcache_is_aliasing() to fix DAX regression';

const revisions: readonly PolicyRule[] = [
  {
    id: 'v1',
    title: 'RFC v1: test in each filesystem, cache_is_aliasing()',
    mail: mail('[RFC PATCH 0/7] Introduce cache_is_aliasing() to fix DAX regression', '2024-01-29'),
    gate: mountGate,
    arc: 'constant true',
    inferredPredicate: true,
    notes: [
      'asks cache_is_aliasing(), with a second symbol for a dynamic answer',
      'device-dax and dm are not asked',
    ],
  } satisfies Revision,
  {
    id: 'v2',
    title: 'RFC v2: test in each filesystem, dcache_is_aliasing()',
    mail: mail(
      '[RFC PATCH v2 0/8] Introduce dcache_is_aliasing() to fix DAX regression',
      '2024-01',
    ),
    gate: mountGate,
    arc: 'constant true',
    inferredPredicate: true,
    notes: ['asks dcache_is_aliasing(); the day of the mail is not recorded'],
  } satisfies Revision,
  {
    id: 'v3',
    title: 'RFC v3: test moved into alloc_dax(), which returns NULL',
    mail: mail(
      '[RFC PATCH v3 0/4] Introduce cpu_dcache_is_aliasing() to fix DAX regression',
      '2024-01',
    ),
    gate: (source) => ({
      ...allocDaxGate(source),
      exemptsNullOps: false,
      refusal: 'NULL',
      callersSurvive: false,
    }),
    arc: 'constant true',
    inferredPredicate: true,
    notes: [
      'callers test for error pointers only, so pmem and virtio-fs would dereference NULL',
      'device-dax loses its device on aliasing CPUs',
    ],
  } satisfies Revision,
  {
    id: 'v4',
    title: 'RFC v4: -EOPNOTSUPP, NULL operations exempt, callers prepared first',
    mail: mail(`[RFC PATCH v4 00/12] ${coverV4}`, '2024-02-02'),
    gate: allocDaxGate,
    arc: 'constant true',
    inferredPredicate: false,
    notes: ['after the last of its twelve patches'],
  } satisfies Revision,
  {
    id: 'v5',
    title: 'v5: as v4, with the DAX=n stub first',
    mail: mail(`[PATCH v5] ${coverV4}`, '2024-02-12'),
    gate: allocDaxGate,
    arc: 'not verified',
    inferredPredicate: true,
    notes: ['whether arc still selects the symbol is not verified'],
  } satisfies Revision,
  {
    id: 'v6',
    title: 'v6: as v5, with stubs for all setters',
    mail: mail(`[PATCH v6 0/9] ${coverV4}`, '2024-02-15'),
    gate: allocDaxGate,
    arc: 'not verified',
    inferredPredicate: true,
    notes: ['whether arc still selects the symbol is not verified'],
  } satisfies Revision,
].map(revision);

const releases: readonly PolicyRule[] = [
  {
    id: '6.9',
    title: 'Linux 6.9: the series merged',
    base: '6.9',
    gate: allocDaxGate(predicateCommit),
    build: asEvaluated({
      tree: '6.12',
      unverified: unverified68,
      sources: [kconfig('6.9'), inferred('ports as evaluated in the tree of 6.12')],
    }),
    predicate: { kind: 'as 6.12', arc: 'not selected', sources: [predicateCommit] },
    sources: [predicateCommit, kconfig('6.9')],
    notes: [
      'that arc does not select the symbol is verified in 6.12, not in 6.9',
      '[M] loongarch64 and riscv64 are evaluated in 6.12 only: their FS_DAX is unknown here',
    ],
  },
  {
    id: '6.13',
    title: 'Linux 6.13: cpu_icache_is_aliasing() added',
    base: '6.13',
    gate: allocDaxGate(predicateCommit),
    build: asEvaluated({
      tree: '6.12',
      unverified: new Set(),
      sources: [inferred('ports as evaluated in the tree of 6.12')],
    }),
    predicate: {
      kind: 'as 6.12',
      arc: 'selected, data side false',
      sources: [
        mail(
          'Re: [PATCH v2] mm: use clear_user_(high)page() for arch with special user folio handling',
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
    build: asEvaluated({ tree: '7.3', unverified: new Set(), sources: [kconfig('7.3')] }),
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
