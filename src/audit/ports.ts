// The configurations in which a tree is examined: each architecture, and where one architecture
// has choices that exclude each other and matter for DAX, one port for each.
// @source Makefile v6.12 (ARCH to SRCARCH), arch/*/Kconfig v6.1 and v6.12 (names of the presets)

import type { SourceTree } from './tree.ts';

/** One configuration of one architecture. */
export interface PortConfig {
  /** Stable id, e.g. `arm-v7-lpae`. */
  readonly id: string;
  /** Row of the matrix: the folder below arch/, but sparc32 and sparc64 apart. */
  readonly arch: string;
  /** Folder below arch/. */
  readonly srcarch: string;
  /** Environment that the build system would hand to conf: ARCH, SUBARCH, HEADER_ARCH. */
  readonly env: Readonly<Record<string, string>>;
  /** Values fixed before everything else is answered with yes. */
  readonly preset: Readonly<Record<string, string>>;
  /** What the port stands for, in a few words. */
  readonly note: string;
}

interface Entry {
  readonly id: string;
  readonly srcarch: string;
  readonly arch?: string;
  /** ARCH where it differs from the folder. */
  readonly make?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly preset?: Readonly<Record<string, string>>;
  readonly note: string;
}

const noOldArm = { ARCH_MULTI_V4: 'n', ARCH_MULTI_V4T: 'n', ARCH_MULTI_V5: 'n' } as const;
const noNewArm = { ARCH_MULTI_V6: 'n', ARCH_MULTI_V7: 'n' } as const;
const sunOnly = {
  AMIGA: 'n',
  APOLLO: 'n',
  ATARI: 'n',
  HP300: 'n',
  MAC: 'n',
  MVME147: 'n',
  MVME16x: 'n',
  BVME6000: 'n',
  VME: 'n',
  Q40: 'n',
  SUN3X: 'n',
  VIRT: 'n',
  SUN3: 'y',
} as const;

const entries: readonly Entry[] = [
  { id: 'alpha', srcarch: 'alpha', note: 'Alpha' },
  { id: 'arc', srcarch: 'arc', note: 'ARC, default ISA (ARCv2: ARC HS)' },
  {
    id: 'arc-700',
    srcarch: 'arc',
    preset: { ISA_ARCOMPACT: 'y' },
    note: 'ARC700 (ARCompact ISA, MMU v3)',
  },
  { id: 'arm', srcarch: 'arm', note: 'ARM, all multiplatform generations together' },
  {
    id: 'arm-v5',
    srcarch: 'arm',
    preset: { ...noNewArm, ARCH_MULTI_V4: 'n', ARCH_MULTI_V4T: 'y', ARCH_MULTI_V5: 'y' },
    note: 'ARMv4T and ARMv5 multiplatform (VIVT caches)',
  },
  {
    id: 'arm-v6',
    srcarch: 'arm',
    preset: { ...noOldArm, ARCH_MULTI_V6: 'y', ARCH_MULTI_V7: 'n' },
    note: 'ARMv6 only',
  },
  {
    id: 'arm-v7',
    srcarch: 'arm',
    preset: { ...noOldArm, ARCH_MULTI_V6: 'n', ARCH_MULTI_V7: 'y', ARM_LPAE: 'n' },
    note: 'ARMv7 without LPAE',
  },
  {
    id: 'arm-v7-lpae',
    srcarch: 'arm',
    preset: {
      ...noOldArm,
      ARCH_MULTI_V6: 'n',
      ARCH_MULTI_V7: 'y',
      ARM_LPAE: 'y',
      SPARSEMEM_MANUAL: 'y',
    },
    note: 'ARMv7 with LPAE and SPARSEMEM',
  },
  { id: 'arm64', srcarch: 'arm64', note: 'arm64' },
  { id: 'csky', srcarch: 'csky', note: 'C-SKY, default CPU' },
  { id: 'hexagon', srcarch: 'hexagon', note: 'Hexagon' },
  {
    id: 'i386',
    srcarch: 'x86',
    make: 'i386',
    note: '32-bit x86 with 4 GiB of high memory',
    preset: { HIGHMEM4G: 'y', X86_PAE: 'n' },
  },
  {
    id: 'i386-pae',
    srcarch: 'x86',
    make: 'i386',
    preset: { HIGHMEM64G: 'y', X86_PAE: 'y' },
    note: '32-bit x86 with PAE',
  },
  { id: 'ia64', srcarch: 'ia64', note: 'Itanium (in trees before 6.7)' },
  { id: 'loongarch64', srcarch: 'loongarch', note: 'LoongArch, 64 bits' },
  { id: 'm68k', srcarch: 'm68k', note: '68020 to 68060, Motorola MMU' },
  { id: 'm68k-coldfire', srcarch: 'm68k', preset: { COLDFIRE: 'y' }, note: 'ColdFire' },
  { id: 'm68k-sun3', srcarch: 'm68k', preset: sunOnly, note: 'Sun-3 MMU' },
  { id: 'microblaze', srcarch: 'microblaze', note: 'MicroBlaze' },
  {
    id: 'mips-ip22',
    srcarch: 'mips',
    preset: { SGI_IP22: 'y', CPU_R5000: 'y', '64BIT': 'y' },
    note: 'SGI Indy and Indigo2 (R4x00, R5000), 64-bit kernel',
  },
  { id: 'mips-ip27', srcarch: 'mips', preset: { SGI_IP27: 'y' }, note: 'SGI Origin (R10000)' },
  {
    id: 'mips-loongson64',
    srcarch: 'mips',
    preset: { MACH_LOONGSON64: 'y' },
    note: 'Loongson 3 (64 bits)',
  },
  {
    id: 'mips32',
    srcarch: 'mips',
    preset: { MIPS_MALTA: 'y', CPU_MIPS32_R2: 'y', '32BIT': 'y' },
    note: 'Malta board, MIPS32 release 2 (24K class)',
  },
  { id: 'nios2', srcarch: 'nios2', note: 'Nios II' },
  { id: 'openrisc', srcarch: 'openrisc', note: 'OpenRISC' },
  { id: 'parisc32', srcarch: 'parisc', note: 'PA-RISC, 32-bit kernel', preset: { '64BIT': 'n' } },
  { id: 'parisc64', srcarch: 'parisc', make: 'parisc64', note: 'PA-RISC, 64-bit kernel' },
  { id: 'powerpc-32', srcarch: 'powerpc', preset: { PPC64: 'n' }, note: '32-bit book3s (6xx)' },
  {
    id: 'powerpc-44x',
    srcarch: 'powerpc',
    preset: { PPC64: 'n', '44x': 'y' },
    note: '44x embedded',
  },
  {
    id: 'powerpc-book3e64',
    srcarch: 'powerpc',
    preset: { PPC64: 'y', PPC_BOOK3E_64: 'y' },
    note: '64-bit embedded',
  },
  {
    id: 'powerpc-book3s64',
    srcarch: 'powerpc',
    preset: { PPC64: 'y', PPC_BOOK3S_64: 'y' },
    note: '64-bit server (POWER)',
  },
  {
    id: 'riscv32',
    srcarch: 'riscv',
    preset: { ARCH_RV32I: 'y', NONPORTABLE: 'y' },
    note: 'RISC-V, 32 bits',
  },
  { id: 'riscv64', srcarch: 'riscv', preset: { ARCH_RV64I: 'y' }, note: 'RISC-V, 64 bits' },
  { id: 's390', srcarch: 's390', note: 's390x' },
  { id: 'sh', srcarch: 'sh', note: 'SuperH as all-yes makes it: SH-2, no MMU' },
  { id: 'sh-sh7750', srcarch: 'sh', preset: { CPU_SUBTYPE_SH7750: 'y' }, note: 'SH-4 with MMU' },
  { id: 'sh-sh7785', srcarch: 'sh', preset: { CPU_SUBTYPE_SH7785: 'y' }, note: 'SH-4A with MMU' },
  { id: 'sparc32', srcarch: 'sparc', arch: 'sparc32', make: 'sparc32', note: '32-bit SPARC' },
  { id: 'sparc64', srcarch: 'sparc', arch: 'sparc64', make: 'sparc64', note: '64-bit SPARC' },
  {
    id: 'um',
    srcarch: 'um',
    env: { SUBARCH: 'x86', HEADER_ARCH: 'x86' },
    note: 'User-mode Linux on x86_64',
  },
  { id: 'x86_64', srcarch: 'x86', make: 'x86_64', note: '64-bit x86' },
  { id: 'xtensa', srcarch: 'xtensa', note: 'Xtensa, default core' },
];

/** Every port that Dachs knows by name, sorted by id. */
export const ports: readonly PortConfig[] = entries.map((entry) => ({
  id: entry.id,
  arch: entry.arch ?? entry.srcarch,
  srcarch: entry.srcarch,
  env: environmentOf(entry.srcarch, entry.make, entry.env),
  preset: entry.preset ?? {},
  note: entry.note,
}));

/**
 * The ports of a tree, sorted by id: those whose folder it has, and for a folder that Dachs does
 * not know a port of its own, configured as all-yes makes it.
 */
export function portsOf(tree: SourceTree): readonly PortConfig[] {
  const folders = (tree.list('arch') ?? []).filter(
    (name) => tree.list(`arch/${name}`)?.includes('Kconfig') ?? false,
  );
  const known = ports.filter((port) => folders.includes(port.srcarch));
  const unknown = folders
    .filter((name) => !ports.some((port) => port.srcarch === name))
    .map((name) => ({
      id: name,
      arch: name,
      srcarch: name,
      env: environmentOf(name, undefined, undefined),
      preset: {},
      note: 'an architecture that Dachs has no notes about',
    }));
  return [...known, ...unknown].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What the build puts into the environment for `make ARCH=`; `make` where it is no folder. */
export function environmentOf(
  srcarch: string,
  make: string | undefined,
  extra: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const arch = make ?? srcarch;
  return { ARCH: arch, SRCARCH: srcarch, SUBARCH: arch, ...extra };
}
