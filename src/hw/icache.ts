// Whether stores reach instruction fetches without a kernel's help.

import { aliasClass } from './dcache.ts';
import type { Machine } from './machine.ts';

/** `coherent`: a fetch sees the newest store; `split`: the I-cache knows nothing of stores. */
export type IcacheKind = 'coherent' | 'split';

/**
 * Architectures whose hardware keeps fetches coherent: the kernel's flush_icache_range() does
 * nothing there.
 * @source include/asm-generic/cacheflush.h flush_icache_range() v6.12: empty unless a port has its
 *   own; arch/x86/include/asm/cacheflush.h includes it, s390 has no cacheflush.h of its own
 * @source arch/loongarch/mm/cache.c v6.12: hardware keeps I-cache and D-cache coherent
 */
const COHERENT_ARCHES: ReadonlySet<string> = new Set(['x86', 's390', 'loongarch']);

/**
 * Machines of other architectures of which the same holds.
 * @source arch/sparc/mm/init_64.c flush_icache_range() v6.12: for Spitfire alone
 * @source arch/powerpc/include/asm/cputable.h CPU_FTR_COHERENT_ICACHE v6.12: set for POWER9, not
 *   for e6500 or 7447
 * @source arch/mips/mm/c-r4k.c r4k_cache_init() v6.12: no flush for CPU_LOONGSON64
 */
const COHERENT_MACHINES: ReadonlySet<string> = new Set([
  'ultrasparc-3',
  'ultrasparc-t1',
  'sparc-t4',
  'power9',
  'loongson-3a/16k',
  // The host's cache: inferred, the host is x86.
  'uml-x86',
]);

/**
 * How a machine's I-cache stands to its D-cache. Its index and tags are taken to be of the same
 * kind as those of the D-cache, which is a simplification: docs/model/limits.md. A D-cache that
 * can hold two dirty copies of a line has no newest one that a fetch could be told: `split`.
 */
export function icacheOf(machine: Machine): IcacheKind {
  const { dcache, pageBytes } = machine;
  const isCoherent = COHERENT_ARCHES.has(machine.arch) || COHERENT_MACHINES.has(machine.id);
  const holdsTwo =
    dcache?.write === 'back' && ['vivt', 'vipt-aliasing'].includes(aliasClass(dcache, pageBytes));
  return isCoherent && !holdsTwo ? 'coherent' : 'split';
}
