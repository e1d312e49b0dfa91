// m68k data caches: the 68030's is logical (VIVT, tags with function code), those of 68040, 68060
// are physical. The port's predicate is the constant true:
// @source arch/m68k/include/asm/cachetype.h cpu_dcache_is_aliasing() v6.12.

import type { Machine } from '../machine.ts';
import { example, kernel, KiB, manual, writeBack, writeThrough } from './sources.ts';

const cacr = kernel('arch/m68k/kernel/head.S', 'cache68030');
const manual030 = manual("MC68030 Enhanced 32-Bit Microprocessor User's Manual", 'data cache');

/**
 * Linux loads CACR with enables, burst and clear bits and without the write-allocate bit, though
 * it names the bit: @source arch/m68k/kernel/head.S CC3_ALLOC_WRITE v6.12.
 */
function m68030(allocateOnWrite: boolean): Machine {
  return {
    id: allocateOnWrite ? 'm68030-wa' : 'm68030',
    name: allocateOnWrite ? '68030, WA=1' : '68030',
    arch: 'm68k',
    ports: ['m68k'],
    dcache: writeThrough('vivt', { sizeBytes: 256, ways: 1, lineBytes: 16 }, { allocateOnWrite }),
    pageBytes: 4 * KiB,
    reports: { kind: 'nothing' },
    exampleGeometry: true,
    sources: allocateOnWrite
      ? [manual030, kernel('arch/m68k/kernel/head.S', 'CC3_ALLOC_WRITE')]
      : [manual030, cacr],
    ...(allocateOnWrite ? { notUnderLinux: 'Linux leaves the WA bit of CACR off' } : {}),
    note: allocateOnWrite
      ? 'not what Linux sets: the manual asks for write allocation where addresses alias. ' +
        'Direct mapped, so a store through one alias drops the line of the other'
      : 'as Linux sets CACR (head.S, cache68030): write allocation stays off as after reset, ' +
        'so a store that misses leaves a stale line under another address',
  };
}

/** The m68k rows of the catalogue, and a 68030 with write allocation as its manual advises. */
export const m68k: readonly Machine[] = [
  m68030(false),
  m68030(true),
  {
    id: 'm68040',
    name: '68040',
    arch: 'm68k',
    ports: ['m68k'],
    dcache: writeBack('pipt', { sizeBytes: 4 * KiB, ways: 4, lineBytes: 16 }),
    pageBytes: 4 * KiB,
    reports: { kind: 'nothing' },
    sources: [
      manual("MC68040 User's Manual", 'physical caches'),
      kernel('arch/m68k/include/asm/cacheflush_mm.h', 'flush_cache_page'),
    ],
    ...example(),
  },
  {
    id: 'm68060',
    name: '68060',
    arch: 'm68k',
    ports: ['m68k'],
    dcache: writeBack('pipt', { sizeBytes: 8 * KiB, ways: 4, lineBytes: 16 }),
    pageBytes: 4 * KiB,
    reports: { kind: 'nothing' },
    sources: [
      manual("MC68060 User's Manual", 'physical caches'),
      kernel('arch/m68k/include/asm/cacheflush_mm.h', 'flush_cache_page'),
    ],
    ...example(),
  },
  {
    id: 'coldfire-547x',
    name: 'ColdFire V4e (547x)',
    arch: 'm68k',
    ports: ['m68k-coldfire'],
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 16 }),
    pageBytes: 8 * KiB,
    reports: { kind: 'nothing' },
    sources: [
      manual('MCF547x ColdFire Microprocessor Reference Manual', 'caches'),
      kernel('arch/m68k/include/asm/m54xxacr.h', 'DCACHE_SIZE, CACHE_WAYS, CACHE_LINE_SIZE'),
    ],
    note: 'size, ways and line are in the kernel; that tags are physical is [H]',
    assumes: 'the tags are physical; not stated in the kernel',
  },
];
