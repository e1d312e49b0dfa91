// Which alignment makes two addresses of one page meet in the same cache line, and whether the
// kernel's SHMLBA guarantees it. SHMLBA is the user-visible alignment of shmat(); it is often not
// the modulus that the cache asks for, so the two are computed apart and compared.

import type { Source } from '../base/index.ts';
import { aliasClass, waySizeBytes } from './dcache.ts';
import type { Machine } from './machine.ts';

/** When two aliases of one page meet in the same line. */
export type Modulus =
  /** Exactly when they are equal modulo `bytes`, a multiple of the page size. */
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** Never: the tags are virtual, two addresses are two lines. */
  | { readonly kind: 'none'; readonly why: string };

/** Congruence on one machine. */
export interface Congruence {
  /** SHMLBA in bytes as the architecture's shmparam.h defines it; may be less than a page. */
  readonly shmlbaBytes: number;
  readonly modulus: Modulus;
  /** Aligning to max(SHMLBA, page size) brings aliases to the same line. */
  readonly shmlbaSuffices: boolean;
  /**
   * Present where two aliases equal modulo this many bytes cannot be cached at the same time:
   * a direct-mapped VIVT cache in which stores allocate. That is enough for coherence on one CPU
   * though the lines are never the same.
   */
  readonly exclusionBytes?: number;
  readonly sources: readonly Source[];
}

/** The PA-RISC unit of equivalent addresses as Linux takes it: SHM_COLOUR, 4 MiB. */
const paEquivalentBytes = 0x400000;

/** Computes the congruence of one machine from its geometry and its architecture's rules. */
export function congruence(machine: Machine): Congruence {
  const { bytes: shmlbaBytes, source } = shmlba(machine);
  const modulus = rightModulus(machine);
  const exclusionBytes = exclusion(machine);
  const aligned = Math.max(shmlbaBytes, machine.pageBytes);
  return {
    shmlbaBytes,
    modulus,
    shmlbaSuffices: modulus.kind === 'bytes' && aligned % modulus.bytes === 0,
    ...(exclusionBytes === undefined ? {} : { exclusionBytes }),
    sources: [source, ...modulusSources(machine)],
  };
}

function rightModulus(machine: Machine): Modulus {
  const { dcache, pageBytes, arch } = machine;
  if (dcache === undefined) return { kind: 'bytes', bytes: pageBytes };
  const kind = aliasClass(dcache, pageBytes);
  if (kind === 'vivt') {
    return { kind: 'none', why: 'the tags are virtual: two addresses are never one line' };
  }
  if (kind !== 'vipt-aliasing') return { kind: 'bytes', bytes: pageBytes };
  // The index is a hash that the architecture only bounds: its unit counts, not the way.
  if (arch === 'parisc') return { kind: 'bytes', bytes: paEquivalentBytes };
  return { kind: 'bytes', bytes: Math.max(pageBytes, waySizeBytes(dcache)) };
}

function exclusion({ dcache, pageBytes }: Machine): number | undefined {
  if (dcache === undefined) return undefined;
  if (dcache.kind !== 'vivt' || dcache.ways !== 1 || !dcache.allocateOnWrite) return undefined;
  return Math.max(pageBytes, waySizeBytes(dcache));
}

function modulusSources({ arch, sources }: Machine): readonly Source[] {
  if (arch === 'parisc') return [shmparam('parisc', 'SHM_COLOUR')];
  if (arch === 'mips') {
    const file = 'arch/mips/mm/c-r4k.c';
    return [{ kind: 'kernel', file, symbol: 'shm_align_mask', release: '6.12' }, ...sources];
  }
  return sources;
}

interface Shmlba {
  readonly bytes: number;
  readonly source: Source;
}

function shmlba(machine: Machine): Shmlba {
  const { arch, pageBytes, reports } = machine;
  const own = (bytes: number): Shmlba => ({ bytes, source: shmparam(arch, 'SHMLBA') });
  switch (arch) {
    case 'arm':
    case 'csky':
      return own(4 * pageBytes);
    case 'mips':
      return own(0x40000);
    case 'sh':
      return own(0x4000);
    case 'arc':
      return own(2 * pageBytes);
    case 'sparc64':
      return { bytes: Math.max(pageBytes, 0x4000), source: shmparam('sparc', 'SHMLBA', '_64') };
    case 'sparc32': {
      const vac =
        reports.kind === 'sparc32' && reports.srmmu === 'hypersparc'
          ? reports.cacheNlines * reports.cacheLineSizeBytes
          : 0;
      return { bytes: vac || pageBytes, source: shmparam('sparc', 'SHMLBA', '_32') };
    }
    case 'nios2':
      return own(reports.kind === 'nios2' ? reports.NIOS2_DCACHE_SIZE : pageBytes);
    case 'xtensa': {
      const way =
        reports.kind === 'xtensa' ? reports.XCHAL_DCACHE_SIZE / reports.XCHAL_DCACHE_WAYS : 0;
      return own(Math.max(pageBytes, way));
    }
    case 'alpha':
    case 'parisc':
    case 'powerpc':
    case 'x86':
      return own(pageBytes);
    default:
      return {
        bytes: pageBytes,
        source: {
          kind: 'kernel',
          file: 'include/asm-generic/shmparam.h',
          symbol: 'SHMLBA',
          release: '6.12',
        },
      };
  }
}

function shmparam(arch: string, symbol: string, suffix = ''): Source {
  const file = `arch/${arch}/include/asm/shmparam${suffix}.h`;
  return { kind: 'kernel', file, symbol, release: '6.12' };
}
