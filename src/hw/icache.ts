// Whether stores reach instruction fetches without a kernel's help.

import type { Machine } from './machine.ts';

/** `coherent`: a fetch sees stores as a load does; `split`: the I-cache knows nothing of them. */
export type IcacheKind = 'coherent' | 'split';

/** Ports whose flush_icache_range() is the empty generic one because the hardware does the work. */
const COHERENT: ReadonlySet<string> = new Set(['x86', 's390']);

/**
 * How a machine's I-cache stands to its D-cache. Its index and tags are taken to be of the same
 * kind as those of the D-cache, which is a simplification: docs/model/limits.md.
 * @source include/asm-generic/cacheflush.h flush_icache_range() v6.12: empty unless a port has its
 *   own; arch/x86/include/asm/cacheflush.h includes it, s390 has no cacheflush.h of its own
 */
export function icacheOf(machine: Machine): IcacheKind {
  return COHERENT.has(machine.arch) ? 'coherent' : 'split';
}
