// What 6.12 does about instruction caches when a page of a DAX file is mapped for execution and
// when the mapping goes, port by port; and what the two predicates answer. No DAX function does
// anything about fetches by itself: insert_pfn() does not call flush_icache_pages(), which only the
// paths of the page cache do, and write() calls nothing at all.
// @source mm/memory.c insert_pfn() set_pte_range() v6.12, fs/dax.c dax_iomap_iter() v6.12

import type { Source } from '../../base/index.ts';
import { aliasClass, type Machine } from '../../hw/index.ts';

/** Which instruction lines of a page are dropped: by which address, or all there are. */
export type DropsLines = 'none' | 'kernel address' | 'user address' | 'both addresses' | 'all';

/** A port's maintenance for one page of a DAX file. */
export interface ExecSync {
  /** The kernel's data lines are written back. `once`: a mark of the page stays for ever. */
  readonly data: 'never' | 'once';
  readonly instructions: DropsLines;
  /** Instruction lines are dropped at the first mapping only, with the data. */
  readonly instructionsOnce: boolean;
  /** When the mapping goes, as far as it is executable. */
  readonly unmap: DropsLines;
  readonly source: Source;
}

/** The rules of the port that a machine runs. */
export function execSync(machine: Machine): ExecSync {
  const { arch, dcache, pageBytes, id } = machine;
  const kind = dcache === undefined ? 'pipt' : aliasClass(dcache, pageBytes);
  const aliases = kind === 'vivt' || kind === 'vipt-aliasing';
  switch (arch) {
    case 'arm':
      return armSync(machine);
    case 'riscv':
      return once('all', 'arch/riscv/mm/cacheflush.c', 'flush_icache_pte');
    case 'arc':
      return once('user address', 'arch/arc/mm/tlb.c', 'update_mmu_cache_range');
    case 'openrisc':
      return once('kernel address', 'arch/openrisc/mm/cache.c', 'update_cache');
    case 'xtensa':
      // With aliases the mark says that a flush is owed, and nobody owes one for a DAX page.
      return aliases
        ? nothing('arch/xtensa/mm/cache.c', 'update_mmu_cache_range flush_cache_range', 'all')
        : once('kernel address', 'arch/xtensa/mm/cache.c', 'update_mmu_cache_range');
    case 'nios2':
      return {
        ...always('kernel address', 'arch/nios2/mm/cacheflush.c', 'update_mmu_cache_range'),
        unmap: 'user address',
      };
    case 'csky':
      return id === 'csky-ck610'
        ? { ...always('all', 'arch/csky/abiv1/cacheflush.c', 'update_mmu_cache_range') }
        : once('both addresses', 'arch/csky/abiv2/cacheflush.c', 'update_mmu_cache_range');
    case 'sh':
      return aliases
        ? { ...once('none', 'arch/sh/mm/cache.c', '__update_cache'), unmap: 'all' }
        : nothing('arch/sh/mm/cache.c', '__update_cache', 'none');
    default:
      return quiet(machine);
  }
}

function armSync({ reports }: Machine): ExecSync {
  if (reports.kind === 'arm' && reports.architecture < 6) {
    const file = 'arch/arm/mm/fault-armv.c';
    return { ...once('none', file, 'update_mmu_cache_range'), unmap: 'user address' };
  }
  return { ...always('all', 'arch/arm/mm/flush.c', '__sync_icache_dcache'), unmap: 'none' };
}

// Ports that do nothing for a page that nobody has marked, or that has a special entry.
function quiet({ arch, id }: Machine): ExecSync {
  switch (arch) {
    case 'arm64':
      return nothing('arch/arm64/include/asm/pgtable.h', 'pte_mkdevmap __sync_cache_and_tags');
    case 'powerpc':
      return nothing('arch/powerpc/mm/pgtable.c', 'set_pte_filter pte_looks_normal');
    case 'mips':
      return nothing('arch/mips/mm/c-r4k.c', 'local_r4k_flush_cache_range', 'all');
    case 'parisc':
      return nothing('arch/parisc/kernel/cache.c', '__update_cache flush_cache_range', 'all');
    case 'sparc64':
      return nothing('arch/sparc/mm/init_64.c', 'update_mmu_cache_range');
    case 'sparc32':
      return id === 'supersparc-viking'
        ? nothing('arch/sparc/mm/viking.S', 'viking_flush_cache_range')
        : nothing('arch/sparc/mm/srmmu.c', 'turbosparc_flush_cache_range swift_ops', 'all');
    case 'm68k':
      return nothing('arch/m68k/include/asm/cacheflush_mm.h', 'flush_cache_range', 'all');
    default:
      return nothing('include/asm-generic/cacheflush.h', 'flush_icache_pages');
  }
}

function kernel(file: string, symbol: string): Source {
  return { kind: 'kernel', file, symbol, release: '6.12' };
}

function once(instructions: DropsLines, file: string, symbol: string): ExecSync {
  const source = kernel(file, symbol);
  return { data: 'once', instructions, instructionsOnce: true, unmap: 'none', source };
}

function always(instructions: DropsLines, file: string, symbol: string): ExecSync {
  return { ...once(instructions, file, symbol), instructionsOnce: false, unmap: instructions };
}

function nothing(file: string, symbol: string, unmap: DropsLines = 'none'): ExecSync {
  return { ...once('none', file, symbol), data: 'never', unmap };
}

/**
 * What cpu_icache_is_aliasing() answers from 6.13 on, given the other predicate: the same, but for
 * arc, which says no about data and yes about instructions. Neither 6.13 nor 7.3 is among the trees
 * that were read here: it is what the reference says of 7.3.
 * @source include/linux/cacheinfo.h arch/arc/include/asm/cachetype.h v7.3
 */
export function cpu_icache_is_aliasing(arch: string, cpu_dcache_is_aliasing: boolean): boolean {
  return arch === 'arc' || cpu_dcache_is_aliasing;
}
