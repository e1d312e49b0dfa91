// Which port's cache functions a kernel on this machine has.

import type { Linux } from '../linux.ts';
import { arc } from './arc/mm/cache-flush.ts';
import { arm } from './arm/mm/copypage.ts';
import { type CachePort, generic } from './cache-port.ts';
import { cskyAbiv1 } from './csky/abiv1/cacheflush.ts';
import { cskyAbiv2 } from './csky/abiv2/cacheflush.ts';
import { m68k } from './m68k/include/asm/cacheflush_mm.ts';
import { mips } from './mips/mm/init.ts';
import { nios2 } from './nios2/mm/cacheflush.ts';
import { parisc } from './parisc/kernel/cache.ts';
import { sh3, sh4, sh7705 } from './sh/mm/cache-flush.ts';
import { sparc64 } from './sparc/mm/init_64.ts';
import { sparc32 } from './sparc/mm/srmmu-flush.ts';
import { xtensa } from './xtensa/mm/cache.ts';

/** The port's functions; the generic ones for architectures whose caches do not alias. */
export function cachePort(linux: Linux): CachePort {
  const { arch, id } = linux.machine.machine;
  switch (arch) {
    case 'arm':
      return arm;
    case 'mips':
      return mips;
    case 'sh':
      if (id.startsWith('sh7705')) return sh7705;
      return id.startsWith('sh7708') ? sh3 : sh4;
    case 'sparc32':
      return sparc32;
    case 'sparc64':
      return sparc64;
    case 'parisc':
      return parisc;
    case 'nios2':
      return nios2;
    case 'xtensa':
      return xtensa(linux);
    case 'm68k':
      return m68k;
    case 'csky':
      return id === 'csky-ck610' ? cskyAbiv1 : cskyAbiv2;
    case 'arc':
      return arc;
    default:
      return generic;
  }
}
