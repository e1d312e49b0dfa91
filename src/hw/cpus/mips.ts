// MIPS data caches. The kernel reads Config/Config1/Config7 in probe_pcache(), unless a platform
// header fixes the answer: @source arch/mips/mm/c-r4k.c probe_pcache() v6.12.

import type { Source } from '../../base/index.ts';
import type { SynonymRemedy } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import type { Reports } from '../reports.ts';
import { example, inference, kernel, KiB, manual, writeBack } from './sources.ts';
import type { Geometry } from './sources.ts';

type MipsReports = Extract<Reports, { readonly kind: 'mips' }>;

interface Core {
  readonly id: string;
  readonly name: string;
  readonly geometry: Geometry;
  readonly pageKiB: 4 | 16;
  readonly cputype: string;
  readonly sources: readonly Source[];
  readonly ports?: readonly string[];
  readonly synonyms?: SynonymRemedy;
  readonly config7Ar?: boolean;
  readonly erratum74k?: boolean;
  readonly platformConstant?: MipsReports['platformConstant'];
  readonly note?: string;
  readonly assumes?: string;
  readonly notUnderLinux?: string;
}

const probe = kernel('arch/mips/mm/c-r4k.c', 'probe_pcache');

function mipsMachine(core: Core): Machine {
  const constant = core.platformConstant;
  return {
    id: core.id,
    name: core.name,
    arch: 'mips',
    ports: core.ports ?? ['mips32'],
    dcache: writeBack('vipt', core.geometry, { synonyms: core.synonyms ?? 'none' }),
    pageBytes: core.pageKiB * KiB,
    reports: {
      kind: 'mips',
      cputype: core.cputype,
      config7Ar: core.config7Ar ?? false,
      erratum74k: core.erratum74k ?? false,
      dcache: core.geometry,
      ...(constant === undefined ? {} : { platformConstant: constant }),
    },
    sources:
      constant === undefined
        ? [...core.sources, probe]
        : [...core.sources, probe, overrides(constant.platform)],
    ...example(core.note),
    ...(core.assumes === undefined ? {} : { assumes: core.assumes }),
    ...(core.notUnderLinux === undefined ? {} : { notUnderLinux: core.notUnderLinux }),
  };
}

function overrides(platform: string): Source {
  const file = `arch/mips/include/asm/mach-${platform}/cpu-feature-overrides.h`;
  return kernel(file, 'cpu_has_dc_aliases');
}

const mti24k = { sizeBytes: 32 * KiB, ways: 4, lineBytes: 32 };
const manual24k = manual('MIPS32 24K Processor Core Family Software User Manual', 'caches');
const manual74k = manual('MIPS32 74K Processor Core Family Software User Manual', 'caches');

/** Cores of MIPS Technologies. */
const licensed: readonly Machine[] = [
  mipsMachine({
    id: '4kc',
    name: 'MIPS 4Kc 16 KiB',
    geometry: { sizeBytes: 16 * KiB, ways: 4, lineBytes: 16 },
    pageKiB: 4,
    cputype: '4KC',
    sources: [manual('MIPS32 4K Processor Core Family Software User Manual', 'caches')],
  }),
  mipsMachine({
    id: '24kc-32k/4k',
    name: '24Kc 32 KiB, 4K page',
    geometry: mti24k,
    pageKiB: 4,
    cputype: '24K',
    sources: [manual24k],
  }),
  mipsMachine({
    id: '24kc-32k/16k',
    name: '24Kc 32 KiB, 16K page',
    geometry: mti24k,
    pageKiB: 16,
    cputype: '24K',
    sources: [manual24k],
  }),
  mipsMachine({
    id: '24kc-32k-ar/4k',
    name: '24Kc 32 KiB AR, 4K',
    geometry: mti24k,
    pageKiB: 4,
    cputype: '24K',
    synonyms: 'hardware',
    config7Ar: true,
    sources: [manual24k, kernel('arch/mips/include/asm/mipsregs.h', 'MIPS_CONF7_AR')],
    note: 'a core built with alias removal (Config7.AR)',
  }),
  mipsMachine({
    id: '24kc-32k-ar-ath79/4k',
    name: '24Kc AR on ath79, 4K',
    geometry: mti24k,
    pageKiB: 4,
    cputype: '24K',
    synonyms: 'hardware',
    config7Ar: true,
    platformConstant: { platform: 'ath79', value: 1 },
    sources: [
      manual24k,
      inference('ath79 fixes the answer at 1, whatever Config7.AR of its CPU says'),
    ],
    note: 'that an ath79 part has Config7.AR is an assumption',
    assumes: 'this ath79 part removes aliases itself (Config7.AR)',
  }),
  mipsMachine({
    id: '74kc',
    name: 'MIPS 74Kc 32 KiB',
    geometry: mti24k,
    pageKiB: 4,
    cputype: '74K',
    synonyms: 'hardware',
    config7Ar: true,
    sources: [manual74k],
    assumes: 'the core was built to remove aliases itself (Config7.AR)',
  }),
  mipsMachine({
    id: '74kc-erratum',
    name: '74Kc rev <= 2.4.0',
    geometry: mti24k,
    pageKiB: 4,
    cputype: '74K',
    config7Ar: true,
    erratum74k: true,
    sources: [manual74k, kernel('arch/mips/mm/c-r4k.c', 'alias_74k_erratum')],
    note: 'early revision that does not update its tags although it reports AR',
  }),
];

const r4000Manual = manual("MIPS R4000 Microprocessor User's Manual", 'cache organization');
const vce = kernel('arch/mips/kernel/genex.S', 'handle_vced');
/** SGI Indy and Indigo2 carried the R4x00 and the R5000; their kernel fixes the predicate. */
const ip22 = {
  ports: ['mips-ip22'],
  platformConstant: { platform: 'ip22', value: 'page<16K' },
} as const;

/** Safe by hardware and software together: two dirty lines may exist when the handler starts. */
const trapping = {
  synonyms: 'trap',
  note:
    'an access to a line cached under another index raises a virtual coherency exception; the ' +
    "kernel's handler drops one copy and writes back the other, and the access is tried again",
  assumes: "the kernel's virtual coherency handler keeps both copies equal; not explored",
} as const;

function r4x00(core: Pick<Core, 'id' | 'name' | 'cputype' | 'pageKiB'> & { kib: number }): Machine {
  const traps = core.cputype.endsWith('SC');
  return mipsMachine({
    id: core.id,
    name: core.name,
    cputype: core.cputype,
    pageKiB: core.pageKiB,
    geometry: { sizeBytes: core.kib * KiB, ways: 1, lineBytes: 16 },
    sources: traps ? [r4000Manual, vce] : [r4000Manual],
    ...ip22,
    ...(traps ? trapping : {}),
  });
}

/** Workstation and server CPUs of the 1990s. */
const classic: readonly Machine[] = [
  r4x00({ id: 'r4000pc', name: 'R4000PC', cputype: 'R4000PC', pageKiB: 4, kib: 8 }),
  r4x00({ id: 'r4000sc', name: 'R4000SC (VCE)', cputype: 'R4000SC', pageKiB: 4, kib: 8 }),
  r4x00({ id: 'r4400/4k', name: 'R4400, 4K page', cputype: 'R4400PC', pageKiB: 4, kib: 16 }),
  r4x00({ id: 'r4400/16k', name: 'R4400, 16K page', cputype: 'R4400PC', pageKiB: 16, kib: 16 }),
  r4x00({ id: 'r4400sc/4k', name: 'R4400SC (VCE), 4K', cputype: 'R4400SC', pageKiB: 4, kib: 16 }),
  mipsMachine({
    id: 'r4600',
    name: 'R4600 16 KiB',
    geometry: { sizeBytes: 16 * KiB, ways: 2, lineBytes: 32 },
    pageKiB: 4,
    cputype: 'R4600',
    ...ip22,
    sources: [manual('IDT79R4600 Orion Processor Hardware User Manual', 'caches')],
  }),
  mipsMachine({
    id: 'r5000',
    name: 'R5000 32 KiB',
    geometry: { sizeBytes: 32 * KiB, ways: 2, lineBytes: 32 },
    pageKiB: 4,
    cputype: 'R5000',
    ...ip22,
    sources: [manual('MIPS R5000 Microprocessor Technical Backgrounder', 'caches')],
  }),
  mipsMachine({
    id: 'r10000',
    name: 'R10000 32 KiB',
    geometry: { sizeBytes: 32 * KiB, ways: 2, lineBytes: 32 },
    pageKiB: 4,
    cputype: 'R10000',
    ports: ['mips-ip27'],
    synonyms: 'hardware',
    platformConstant: { platform: 'ip27', value: 0 },
    sources: [manual("MIPS R10000 Microprocessor User's Manual", 'primary data cache')],
  }),
  mipsMachine({
    id: 'rm7000',
    name: 'RM7000 16 KiB',
    geometry: { sizeBytes: 16 * KiB, ways: 4, lineBytes: 32 },
    pageKiB: 4,
    cputype: 'RM7000',
    note: 'its board is not recorded: Malta stands in',
    sources: [manual('RM7000 Family User Manual', 'primary caches')],
  }),
];

const loongsonGeometry = { sizeBytes: 64 * KiB, ways: 4, lineBytes: 32 };
const no4k = kernel('arch/mips/Kconfig', 'HAVE_PAGE_SIZE_4KB');

function loongson(model: '2f' | '3a', pageKiB: 4 | 16): Machine {
  const two = model === '2f';
  const notes = [
    ...(pageKiB === 4 ? ['Kconfig forbids 4 KiB pages here: shown to say what it prevents'] : []),
    ...(two ? ['no recorded configuration of its own: that of loongson64 stands in'] : []),
  ];
  return mipsMachine({
    id: `loongson-${model}/${pageKiB}k`,
    name: `Loongson-${model.toUpperCase()}, ${pageKiB}K page`,
    geometry: loongsonGeometry,
    pageKiB,
    cputype: two ? 'LOONGSON2EF' : 'LOONGSON64',
    ports: ['mips-loongson64'],
    platformConstant: { platform: two ? 'loongson2ef' : 'loongson64', value: 'page<16K' },
    sources: [
      two
        ? manual('Loongson 2F Processor User Manual')
        : manual('Loongson 3A Processor User Manual'),
      no4k,
    ],
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    ...(pageKiB === 4 ? { notUnderLinux: 'Kconfig forbids 4 KiB pages on Loongson 2 and 3' } : {}),
  });
}

/** The MIPS rows of the catalogue. */
export const mips: readonly Machine[] = [
  ...licensed,
  ...classic,
  loongson('2f', 4),
  loongson('2f', 16),
  loongson('3a', 4),
  loongson('3a', 16),
];
