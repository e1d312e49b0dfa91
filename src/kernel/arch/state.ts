// What ports keep about the processor: whose user addresses its caches may hold.

import type { MmStruct } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { Shared } from '../shared.ts';

/** Per-processor state of a port, and constants of the machine. */
export class ArchState {
  /** The address space that a CPU has loaded, by CPU. */
  readonly active_mm: Shared<MmStruct | undefined> = new Shared('active_mm of a CPU', undefined);
  /** A page of zeroes that stores may hand over; nobody changes it. */
  readonly zeroes: Uint8Array;
  constructor(linux: Linux) {
    this.zeroes = new Uint8Array(linux.PAGE_SIZE);
  }
}
