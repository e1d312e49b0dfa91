// The ports of the catalogue: which configurations the recorded Kconfig runs cover, whether they
// have an MMU, when they entered and left the kernel, and whether FS_DAX could be built.

/** What `conf` gave for FS_DAX with everything else at yes, in the three trees that were run. */
export type Executed = 'y' | 'n' | 'no such port';

/** One port as the policies need it. */
export interface PortRow {
  readonly id: string;
  /** Row of the catalogue: sparc32 and sparc64 apart. */
  readonly arch: string;
  readonly mmu: boolean;
  readonly fsDax: { readonly '6.1': Executed; readonly '6.12': Executed; readonly '7.3': Executed };
  /** Symbols whose absence decides in 6.12; empty where FS_DAX is y in all three trees. */
  readonly missing: readonly string[];
  /** First release with the port; absent where it is older than 3.18. From memory, not a tree. */
  readonly since?: string;
  /** First release without the port; absent where it is still there. */
  readonly until?: string;
}

const never = { '6.1': 'n', '6.12': 'n', '7.3': 'n' } as const;
const always = { '6.1': 'y', '6.12': 'y', '7.3': 'y' } as const;
const since612 = { '6.1': 'n', '6.12': 'y', '7.3': 'y' } as const;
const hotplug = ['MEMORY_HOTPLUG', 'SPARSEMEM_VMEMMAP'] as const;

function small(id: string, arch: string, rest: Partial<PortRow> = {}): PortRow {
  return { id, arch, mmu: true, fsDax: never, missing: ['64BIT'], ...rest };
}

function able(id: string, arch: string, rest: Partial<PortRow> = {}): PortRow {
  return { id, arch, mmu: true, fsDax: always, missing: [], ...rest };
}

/** Every port, sorted by id. */
export const portRows: readonly PortRow[] = [
  small('alpha', 'alpha', { missing: ['MEMORY_HOTPLUG'] }),
  small('arc', 'arc'),
  small('arc-700', 'arc'),
  small('arm', 'arm', { missing: ['64BIT', 'SPARSEMEM_VMEMMAP'] }),
  able('arm64', 'arm64'),
  small('arm-v5', 'arm', { missing: ['64BIT', 'SPARSEMEM_VMEMMAP'] }),
  small('arm-v6', 'arm', { missing: ['64BIT', 'SPARSEMEM_VMEMMAP'] }),
  small('arm-v7', 'arm', { missing: ['64BIT', 'SPARSEMEM_VMEMMAP'] }),
  small('arm-v7-lpae', 'arm', { missing: ['64BIT', 'SPARSEMEM_VMEMMAP'] }),
  small('csky', 'csky', { since: '4.20' }),
  small('hexagon', 'hexagon', { missing: ['MEMORY_HOTPLUG'] }),
  small('i386', 'x86'),
  small('i386-pae', 'x86'),
  small('ia64', 'ia64', {
    fsDax: { '6.1': 'n', '6.12': 'no such port', '7.3': 'no such port' },
    missing: ['ARCH_HAS_PTE_DEVMAP'],
    until: '6.7',
  }),
  able('loongarch64', 'loongarch', {
    fsDax: since612,
    missing: ['ARCH_HAS_PTE_DEVMAP', 'SPARSEMEM_VMEMMAP'],
    since: '5.19',
  }),
  small('m68k', 'm68k'),
  small('m68k-coldfire', 'm68k'),
  small('m68k-sun3', 'm68k'),
  small('microblaze', 'microblaze', { missing: ['MEMORY_HOTPLUG'] }),
  small('mips32', 'mips', { missing: hotplug }),
  small('mips-ip22', 'mips', { missing: hotplug }),
  small('mips-ip27', 'mips', { missing: hotplug }),
  small('mips-loongson64', 'mips', { missing: hotplug }),
  small('nios2', 'nios2', { since: '3.19' }),
  small('openrisc', 'openrisc', { missing: ['MEMORY_HOTPLUG'] }),
  small('parisc32', 'parisc', { missing: hotplug }),
  small('parisc64', 'parisc', { missing: hotplug }),
  small('powerpc-32', 'powerpc'),
  small('powerpc-44x', 'powerpc'),
  small('powerpc-book3e64', 'powerpc', {
    fsDax: { '6.1': 'n', '6.12': 'n', '7.3': 'y' },
    missing: ['ARCH_HAS_PTE_DEVMAP'],
  }),
  able('powerpc-book3s64', 'powerpc'),
  small('riscv32', 'riscv', { since: '4.15' }),
  able('riscv64', 'riscv', {
    fsDax: since612,
    missing: ['MEMORY_HOTPLUG', 'ARCH_HAS_PTE_DEVMAP'],
    since: '4.15',
  }),
  able('s390', 's390'),
  small('sh', 'sh', { mmu: false, missing: ['MMU', '64BIT'] }),
  small('sh-sh7750', 'sh'),
  small('sh-sh7785', 'sh'),
  small('sparc32', 'sparc32', { missing: ['64BIT'] }),
  small('sparc64', 'sparc64', { missing: ['MEMORY_HOTPLUG'] }),
  small('um', 'um', { missing: ['MEMORY_HOTPLUG'] }),
  able('x86_64', 'x86'),
  small('xtensa', 'xtensa'),
].toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Whether a port is part of a release: `major.minor` numbers are compared, not strings. */
export function existsIn(row: PortRow, release: string): boolean {
  if (row.since !== undefined && compareReleases(release, row.since) < 0) return false;
  return row.until === undefined || compareReleases(release, row.until) < 0;
}

/** Negative, zero or positive as release `a` is older than, the same as or newer than `b`. */
export function compareReleases(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
