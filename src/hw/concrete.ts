// The machine as it runs one schedule: bytes behind caches of real geometry. What of it a kernel
// may call; concrete-*.ts build it.

import type { Machine } from './machine.ts';

/** Where an access goes; as `Place` of the kernel's steps. */
export interface Access {
  readonly vaddr: number;
  /** The bytes from here on stay within one page. */
  readonly paddr: number;
  readonly attribute?: 'uncached' | 'nontemporal';
}

/**
 * What instructions do to the lines of a range: `persist` writes back as far as a crash spares;
 * `flush-all` writes back and drops every line, whatever the range.
 */
export type LineMaintenance = 'flush' | 'clean' | 'invalidate' | 'persist' | 'flush-all';

/** One copy of a line in a cache, for people to look at. */
export interface LineView {
  readonly cpu: number;
  readonly set: number;
  readonly way: number;
  /** Address of the line as the cache's tag has it. */
  readonly paddr: number;
  /** The virtual address through which it was filled. */
  readonly vaddr: number;
  readonly colour: number;
  readonly dirty: boolean;
  readonly bytes: Uint8Array;
}

/** One CPU with its first-level data cache. */
export interface ConcreteCpu {
  readonly id: number;
  /** The bytes as a load sees them. Nobody changes the array. */
  load(access: Access, lengthBytes: number): Uint8Array;
  /** The array is not changed afterwards; memory may keep it. */
  store(access: Access, bytes: Uint8Array): void;
  maintain(what: LineMaintenance, access: Access, lengthBytes: number): void;
  /** Writes back and drops everything, as a whole-cache flush does. */
  flushAll(): void;
}

/** Ranges of physical memory, by what a power failure leaves of them. */
export interface PhysicalRange {
  readonly name: string;
  readonly base: number;
  readonly bytes: number;
  readonly kind: 'ram' | 'persistent';
}

/** Bytes behind the caches. Pages never written read as zeroes. */
export interface PhysicalMemory {
  readonly ranges: readonly PhysicalRange[];
  addRange(range: PhysicalRange): void;
  /** What memory has, whatever caches hold: device DMA, displays. */
  read(paddr: number, lengthBytes: number): Uint8Array;
  write(paddr: number, bytes: Uint8Array): void;
}

/** A machine that runs. */
export interface ConcreteMachine {
  readonly machine: Machine;
  readonly memory: PhysicalMemory;
  readonly cpus: readonly ConcreteCpu[];
  /** Copies of the lines that hold physical bytes from `paddr` on, by cpu, set and way. */
  lines(paddr: number, lengthBytes: number): readonly LineView[];
  /** Hardware may do this at any time: writes back where dirty, and drops the copy. */
  evict(line: LineView): void;
  /** Power fails: RAM and, but for eADR, caches are lost. */
  crash(): void;
}
