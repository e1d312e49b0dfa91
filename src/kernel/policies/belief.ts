// Whether a release that asks cpu_dcache_is_aliasing() is told yes on a machine.

import { at } from '../../base/index.ts';
import type { Machine } from '../../hw/index.ts';
import { cpu_dcache_is_aliasing } from '../include/linux/cacheinfo.ts';
import type { ReleaseId } from '../linux.ts';
import { predicateOf } from './predicates.ts';

/**
 * The predicate on `machine` under the first of its ports. 6.1 has none, and goes on as if it were
 * false. What could not be found out counts as false.
 * @source mm/Kconfig ARCH_HAS_CPU_CACHE_ALIASING v6.12, and each asm/cachetype.h
 */
export function believesAliasing(machine: Machine, release: ReleaseId): boolean {
  if (release === '6.1') return false;
  const port = at(machine.ports, 0);
  const predicate = predicateOf(machine.arch, 'not selected', []);
  const answer = cpu_dcache_is_aliasing({ predicate, machine, port });
  return answer.kind === 'known' && answer.value;
}
