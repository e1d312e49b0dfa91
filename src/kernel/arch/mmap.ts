// Where mmap() puts a mapping: the highest hole, coloured where the port colours. Ports that look
// from below (csky, arc, xtensa, sparc) are searched from above as well: the colour is the same.

import { congruence, waySizeBytes } from '../../hw/index.ts';
import { E } from '../include/linux/errno.ts';
import type { MmStruct } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { cache_is_vipt_aliasing } from './arc/mm/cache-flush.ts';
import { cacheKind } from './arm/mm/flush.ts';
import { addressLayout } from './layout.ts';
import { shm_align as mipsAlign } from './mips/mm/cache.ts';
import { SHM_COLOUR } from './parisc/kernel/cache.ts';
import { shm_align as shAlign } from './sh/mm/cache-flush.ts';

/** What is to be mapped. Lengths in bytes, `pgoff` in pages. */
export interface UnmappedAreaRequest {
  readonly length: number;
  readonly pgoff: number;
  readonly shared: boolean;
  readonly hasFile: boolean;
  /** Alignment modulo which address and file offset shall agree: PMD_SIZE for huge mappings. */
  readonly align?: number;
  /** MAP_FIXED: the address that is asked for. */
  readonly fixed?: number;
}

/** How a port colours: the unit in bytes, and whether private mappings of files are coloured. */
export interface Colouring {
  readonly bytes: number;
  readonly privateToo: boolean;
}

/** Bytes kept below the top for the stack, and below the lowest address for nobody. */
const STACK_GAP = 128 * 2 ** 20;
const MMAP_MIN_ADDR = 0x10000;

/**
 * The start of the highest hole of user space that takes the mapping; -ENOMEM. For MAP_FIXED the
 * address itself, or -EINVAL where a shared mapping would get the wrong colour; beyond the end of
 * user space -ENOMEM, on mips and parisc -EINVAL.
 * @source mm/mmap.c generic_get_unmapped_area_topdown() v6.12
 */
export function arch_get_unmapped_area(
  linux: Linux,
  mm: MmStruct,
  request: UnmappedAreaRequest,
): number {
  const { pgoff, shared, hasFile, fixed } = request;
  const colour = colouring(linux);
  if (fixed !== undefined) {
    const apart = Math.abs(fixed - pgoff * linux.PAGE_SIZE) % fixedColour(linux, colour);
    return shared && apart !== 0 ? -E.EINVAL : withinUserSpace(linux, fixed, request.length);
  }
  const coloured = shared || (hasFile && colour.privateToo);
  const unit = coloured ? Math.max(colour.bytes, linux.PAGE_SIZE) : linux.PAGE_SIZE;
  const align = Math.max(unit, request.align ?? 0);
  const length = Math.ceil(request.length / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const offset = (pgoff * linux.PAGE_SIZE) % align;
  let end = addressLayout(linux.machine.machine).TASK_SIZE - STACK_GAP;
  for (const vma of mm.vmas.peek().toReversed()) {
    const start = highest({ end, length, align, offset });
    if (start >= vma.vm_end) return start;
    end = Math.min(end, vma.vm_start);
  }
  const start = highest({ end, length, align, offset });
  return start >= MMAP_MIN_ADDR ? start : -E.ENOMEM;
}

// ARC still asks for SHMLBA here, though it has stopped to colour.
// @source arch/arc/mm/mmap.c arch_get_unmapped_area() v6.12
function fixedColour(linux: Linux, { bytes }: Colouring): number {
  const { machine } = linux.machine;
  return machine.arch === 'arc' && linux.is_6_12 ? congruence(machine).shmlbaBytes : bytes;
}

function withinUserSpace(linux: Linux, address: number, length: number): number {
  const { machine } = linux.machine;
  if (address <= addressLayout(machine).TASK_SIZE - length) return address;
  return machine.arch === 'mips' || machine.arch === 'parisc' ? -E.EINVAL : -E.ENOMEM;
}

/** The alignment in bytes that shared mappings of one page have to each other on this port. */
export function shmColour(linux: Linux): number {
  return Math.max(colouring(linux).bytes, linux.PAGE_SIZE);
}

/**
 * How the port colours. Virtual tags are not coloured at all; nios2 and m68k have SHMLBA for
 * shmat() alone. The rule `congruent-all` has every mapping coloured by the way of the cache.
 * @source arch/arm/mm/mmap.c arch/mips/mm/mmap.c arch/sh/mm/mmap.c arch/csky/abiv1/mmap.c
 * arch/parisc/kernel/sys_parisc.c arch/xtensa/kernel/syscall.c arch/arc/mm/mmap.c
 * arch/sparc/kernel/sys_sparc_32.c arch/sparc/kernel/sys_sparc_64.c arch/loongarch/mm/mmap.c
 * arch_get_unmapped_area() v6.12
 */
export function colouring(linux: Linux): Colouring {
  const port = portColouring(linux);
  const { dcache } = linux.machine.machine;
  if (linux.remedy !== 'congruent-all' || dcache === undefined) return port;
  return { bytes: Math.max(port.bytes, waySizeBytes(dcache)), privateToo: true };
}

function portColouring(linux: Linux): Colouring {
  const { machine } = linux.machine;
  const none = { bytes: linux.PAGE_SIZE, privateToo: false };
  const shmlba = congruence(machine).shmlbaBytes;
  switch (machine.arch) {
    case 'arm':
      return cacheKind(linux) === 'vipt-aliasing' ? { bytes: shmlba, privateToo: true } : none;
    case 'mips':
      return { bytes: mipsAlign(linux), privateToo: true };
    case 'sh':
      return { bytes: shAlign(linux), privateToo: true };
    case 'csky':
      return machine.id === 'csky-ck610' ? { bytes: shmlba, privateToo: true } : none;
    case 'sparc64':
      return { bytes: shmlba, privateToo: true };
    case 'sparc32':
    case 'xtensa':
      return { bytes: shmlba, privateToo: false };
    case 'parisc':
      // The kernel adds an offset that it makes of the address of the file's inode: 0 here.
      return { bytes: SHM_COLOUR, privateToo: true };
    case 'arc':
      return cache_is_vipt_aliasing(linux) ? { bytes: shmlba, privateToo: true } : none;
    case 'loongarch':
      return { bytes: 0x10000, privateToo: true };
    default:
      return none;
  }
}

/** The highest address congruent to `offset` from which `length` bytes end at or below `end`. */
function highest(hole: {
  readonly end: number;
  readonly length: number;
  readonly align: number;
  readonly offset: number;
}): number {
  const last = hole.end - hole.length - hole.offset;
  return Math.floor(last / hole.align) * hole.align + hole.offset;
}
