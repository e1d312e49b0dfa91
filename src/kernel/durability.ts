// What Linux 6.12 does to make stores durable on one machine: the PMEM API behind dax_flush(), the
// flushcache copy behind write(), and flush_cache_page() on the user's address.
//
// @source fs/dax.c dax_writeback_one() v6.12

import { never, type Source } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import { predicateEnvironment } from './environment.ts';
import { n_aliases } from './arch/sh/mm/cache.ts';

/** The durability of a port, on one machine; each answer with what says so. */
export interface Durability {
  /** ARCH_HAS_PMEM_API: dax_flush() writes lines back; else it is empty. */
  readonly pmemApi: boolean;
  /** ARCH_HAS_UACCESS_FLUSHCACHE: write() to pmem leaves no dirty line behind. */
  readonly flushcache: boolean;
  /** flush_cache_page() writes the user's line back, if the mm is the current one. */
  readonly flushCachePage: boolean;
  readonly sources: readonly Source[];
}

const RELEASE = '6.12';
const PMEM_API: ReadonlySet<string> = new Set(['arm64', 'powerpc', 'riscv', 'x86']);
const FLUSHCACHE: ReadonlySet<string> = new Set(['arm64', 'powerpc', 'x86']);

/**
 * Durability as 6.12 configures it.
 * @source arch/arm64/Kconfig arch/powerpc/Kconfig arch/riscv/Kconfig arch/x86/Kconfig v6.12
 */
export function durabilityOf(machine: Machine): Durability {
  const flush = flush_cache_page(machine);
  const symbols: readonly Source[] = PMEM_API.has(machine.arch)
    ? [kernel(`arch/${machine.arch}/Kconfig`, 'ARCH_HAS_PMEM_API')]
    : [kernel('lib/Kconfig', 'ARCH_HAS_PMEM_API')];
  return {
    pmemApi: PMEM_API.has(machine.arch),
    flushcache: FLUSHCACHE.has(machine.arch),
    flushCachePage: flush.acts,
    sources: [...symbols, flush.source],
  };
}

function kernel(file: string, symbol: string): Source {
  return { kind: 'kernel', file, symbol, release: RELEASE };
}

// Whether the port's flush_cache_page() touches the data cache, by what the kernel knows of it.
function flush_cache_page(machine: Machine): { acts: boolean; source: Source } {
  const { reports, pageBytes } = machine;
  const value = predicateEnvironment(machine, machine.ports[0] ?? '');
  switch (reports.kind) {
    case 'arm': {
      const acts = value('cache_is_vivt') === 1 || value('cache_is_vipt_aliasing') === 1;
      return { acts, source: kernel('arch/arm/mm/flush.c', 'flush_cache_pages()') };
    }
    case 'mips': {
      const source = kernel('arch/mips/mm/c-r4k.c', 'local_r4k_flush_cache_page()');
      return { acts: value('cpu_has_dc_aliases') === 1, source };
    }
    case 'sh': {
      const source = kernel('arch/sh/mm/cache-sh4.c', 'sh4_flush_cache_page()');
      return { acts: n_aliases(reports, pageBytes) > 0, source };
    }
    case 'nios2':
      return { acts: true, source: kernel('arch/nios2/mm/cacheflush.c', 'flush_cache_page()') };
    case 'parisc':
      return { acts: true, source: kernel('arch/parisc/kernel/cache.c', 'flush_cache_page()') };
    case 'xtensa': {
      const acts = (value('DCACHE_WAY_SIZE') ?? 0) > pageBytes;
      return { acts, source: kernel('arch/xtensa/mm/cache.c', 'local_flush_cache_page()') };
    }
    case 'sparc32': {
      const source = kernel('arch/sparc/include/asm/cacheflush_32.h', 'flush_cache_page()');
      return { acts: reports.srmmu === 'hypersparc', source };
    }
    case 'sparc64': {
      const source = kernel('arch/sparc/include/asm/cacheflush_64.h', 'flush_cache_page()');
      return { acts: false, source };
    }
    case 'arc':
      return {
        acts: false,
        source: kernel('arch/arc/include/asm/cacheflush.h', 'flush_cache_page()'),
      };
    case 'nothing':
      return withoutReports(machine);
    default:
      return never(reports, 'reports');
  }
}

function withoutReports({ arch, id }: Machine): { acts: boolean; source: Source } {
  if (arch === 'csky') {
    const first = id === 'csky-ck610';
    const file = `arch/csky/abiv${first ? 1 : 2}/inc/abi/cacheflush.h`;
    return { acts: first, source: kernel(file, 'flush_cache_page()') };
  }
  if (arch === 'm68k') {
    const source = kernel('arch/m68k/include/asm/cacheflush_mm.h', 'flush_cache_page()');
    return { acts: id.startsWith('m68030'), source };
  }
  return { acts: false, source: kernel('include/asm-generic/cacheflush.h', 'flush_cache_page()') };
}
