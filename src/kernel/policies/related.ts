// BLK_DEV_PMEM and DEV_DAX of each port as the recorded trees of 6.1 and 6.12 have them, for
// kernels near those two that no tree was read of. Where the two differ, nothing is known.
// @source drivers/nvdimm/Kconfig and drivers/dax/Kconfig v6.1 and v6.12, evaluated with all yes

import type { Source } from '../../base/index.ts';
import type { SymbolFact } from '../kernel.ts';
import { compareReleases } from './ports.ts';

/** One symbol in the two trees: ports that are y in both, and ports on which they differ. */
export interface InBothTrees {
  readonly symbol: 'BLK_DEV_PMEM' | 'DEV_DAX';
  /** Sorted by id. */
  readonly yes: readonly string[];
  /** Sorted by id; a port that only one of the trees has is judged by that one. */
  readonly differ: readonly string[];
}

/** BLK_DEV_PMEM: it needs physical addresses of 64 bits; arc lost them between the trees. */
export const pmemInBothTrees: InBothTrees = {
  symbol: 'BLK_DEV_PMEM',
  yes: [
    'alpha',
    'arm-v7-lpae',
    'arm64',
    'i386-pae',
    'ia64',
    'loongarch64',
    'mips-ip22',
    'mips-ip27',
    'mips-loongson64',
    'parisc64',
    'powerpc-44x',
    'powerpc-book3e64',
    'powerpc-book3s64',
    'riscv64',
    's390',
    'sparc64',
    'um',
    'x86_64',
  ],
  differ: ['arc'],
};

/** DEV_DAX: it needs transparent huge pages. */
export const deviceDaxInBothTrees: InBothTrees = {
  symbol: 'DEV_DAX',
  yes: [
    'arc',
    'arm-v7-lpae',
    'arm64',
    'i386',
    'i386-pae',
    'loongarch64',
    'mips-ip22',
    'mips-ip27',
    'mips-loongson64',
    'powerpc-book3s64',
    'riscv64',
    's390',
    'sparc64',
    'x86_64',
  ],
  differ: [],
};

/**
 * The symbol on `port` in a kernel of `release`: unknown before 6.1 and where the trees differ;
 * after 6.12 what both said is carried on, as an inference.
 */
export function asInBothTrees(trees: InBothTrees, port: string, release: string): SymbolFact {
  if (compareReleases(release, '6.1') < 0) {
    return fact('unknown', 'no tree of this kernel was evaluated for this symbol');
  }
  if (trees.differ.includes(port)) {
    return fact('unknown', 'the trees of 6.1 and 6.12 differ, and no tree of this kernel was read');
  }
  const after = compareReleases(release, '6.12') > 0;
  return fact(
    trees.yes.includes(port) ? 'y' : 'n',
    after ? 'as in the trees of both 6.1 and 6.12, carried on' : 'the trees of 6.1 and 6.12 agree',
  );
}

function fact(value: SymbolFact['value'], why: string): SymbolFact {
  const source: Source = { kind: 'inference', why };
  return { value, chain: [], sources: [source] };
}
