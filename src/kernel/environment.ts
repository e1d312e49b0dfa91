// The names that a port's predicate may use, with the values one machine gives them. Everything
// comes from what the machine reports to the kernel, never from the cache itself.

import type { Machine } from '../hw/index.ts';
import { cache_is_vipt_aliasing, cache_is_vivt } from './arch/arm/include/asm/cachetype.ts';
import { cpu_has_dc_aliases } from './arch/mips/include/asm/cpu-features.ts';
import { NIOS2_DCACHE_SIZE } from './arch/nios2/include/asm/cache.ts';
import { L1DCACHE_SIZE } from './arch/sparc/include/asm/spitfire.ts';
import { vac_cache_size } from './arch/sparc/mm/srmmu.ts';
import { DCACHE_WAY_SIZE } from './arch/xtensa/include/asm/cache.ts';

/** Value of a name of a predicate; undefined where the machine says nothing about it. */
export type PredicateEnvironment = (name: string) => number | undefined;

/** What the names of a predicate mean on `machine` under a kernel configured as `port`. */
export function predicateEnvironment(machine: Machine, port: string): PredicateEnvironment {
  const values = new Map<string, number | undefined>([
    ['true', 1],
    ['false', 0],
    ['PAGE_SIZE', machine.pageBytes],
    ...reported(machine, port),
  ]);
  return (name) => values.get(name);
}

function reported(machine: Machine, port: string): readonly [string, number | undefined][] {
  const { reports, pageBytes } = machine;
  switch (reports.kind) {
    case 'arm':
      return [
        ['cache_is_vivt', cache_is_vivt(reports, port)],
        ['cache_is_vipt_aliasing', cache_is_vipt_aliasing(reports, port)],
      ];
    case 'mips':
      return [['cpu_has_dc_aliases', cpu_has_dc_aliases(reports, pageBytes)]];
    case 'nios2':
      return [['NIOS2_DCACHE_SIZE', NIOS2_DCACHE_SIZE(reports)]];
    case 'sparc32':
      return [['vac_cache_size', vac_cache_size(reports)]];
    case 'sparc64':
      return [['L1DCACHE_SIZE', L1DCACHE_SIZE]];
    case 'xtensa':
      return [['DCACHE_WAY_SIZE', DCACHE_WAY_SIZE(reports)]];
    case 'sh':
    case 'arc':
    case 'parisc':
    case 'nothing':
      return [];
  }
}
