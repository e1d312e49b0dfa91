// Where a kernel of each architecture has its linear map and where user space ends. What caches
// ask of an address are its low bits and that kernel and user addresses differ, and no more is
// promised here:
// - numbers must stay exact, so a 64-bit kernel address is given by its low 48 bits, with bit 47
//   set where those would all be zero;
// - architectures whose kernel lives in an address space of its own (function code of m68k, space
//   register of parisc, primary space of s390) have it above bit 32 or at bit 47;
// - the linear map has everything: where a 32-bit kernel would map a device window for a while in
//   vmalloc space, addresses here go on beyond 32 bits.

import type { Machine } from '../../hw/index.ts';

/** Addresses in bytes. */
export interface AddressLayout {
  /** Kernel address of physical address 0. */
  readonly PAGE_OFFSET: number;
  /** The first address that user space does not have. */
  readonly TASK_SIZE: number;
}

const BIT_32 = 2 ** 32;
const BIT_47 = 2 ** 47;
const TASK_47 = BIT_47 - 2 ** 16;

/**
 * The layout of `machine`'s usual port.
 * @source arch/arm/include/asm/memory.h arch/mips/include/asm/mach-generic/spaces.h
 * arch/sh/include/asm/page.h arch/sparc/include/asm/page_64.h arch/xtensa/include/asm/kmem_layout.h
 * arch/x86/include/asm/page_64_types.h v6.12
 */
export function addressLayout(machine: Machine): AddressLayout {
  switch (machine.arch) {
    case 'arm':
      return { PAGE_OFFSET: 0xc0000000, TASK_SIZE: 0xbf000000 };
    case 'mips':
      return mips64(machine)
        ? { PAGE_OFFSET: BIT_47, TASK_SIZE: 2 ** 40 }
        : { PAGE_OFFSET: 0x80000000, TASK_SIZE: 0x7fff8000 };
    case 'sh':
      return { PAGE_OFFSET: 0x80000000, TASK_SIZE: 0x7c000000 };
    case 'sparc32':
      return { PAGE_OFFSET: 0xf0000000, TASK_SIZE: 0xf0000000 };
    case 'sparc64':
      return { PAGE_OFFSET: 0xf80000000000, TASK_SIZE: 0x80000000000 };
    case 'parisc':
      return { PAGE_OFFSET: BIT_32 + 0x10000000, TASK_SIZE: 0xf0000000 };
    case 'xtensa':
      return { PAGE_OFFSET: 0xd0000000, TASK_SIZE: 0x40000000 };
    case 'nios2':
      return { PAGE_OFFSET: 0xc0000000, TASK_SIZE: 0x7fff0000 };
    case 'csky':
      return { PAGE_OFFSET: 0x80000000, TASK_SIZE: 0x7fff8000 };
    case 'm68k':
      return { PAGE_OFFSET: BIT_32, TASK_SIZE: 0xf0000000 };
    case 'arc':
      return { PAGE_OFFSET: 0x80000000, TASK_SIZE: 0x60000000 };
    default:
      return other(machine);
  }
}

function other({ arch }: Machine): AddressLayout {
  switch (arch) {
    case 'x86':
      return { PAGE_OFFSET: 0x888000000000, TASK_SIZE: TASK_47 };
    case 'riscv':
      return { PAGE_OFFSET: 0xffd800000000, TASK_SIZE: 2 ** 38 };
    case 'arm64':
      return { PAGE_OFFSET: 0xff8000000000, TASK_SIZE: 2 ** 39 };
    case 'alpha':
      return { PAGE_OFFSET: 0xfc0000000000, TASK_SIZE: 2 ** 42 };
    case 'openrisc':
    case 'microblaze':
      return { PAGE_OFFSET: 0xc0000000, TASK_SIZE: 0xbf000000 };
    case 'um':
      return { PAGE_OFFSET: BIT_47 + 0x60000000, TASK_SIZE: TASK_47 };
    default:
      return { PAGE_OFFSET: BIT_47, TASK_SIZE: TASK_47 };
  }
}

/** The workstations and Loongsons of the catalogue run 64-bit kernels; the cores do not. */
function mips64(machine: Machine): boolean {
  return machine.ports.some((port) => port === 'mips-ip27' || port === 'mips-loongson64');
}
