// The record of one machine: a CPU with its data cache, at one page size, and what it tells
// a kernel.

import type { Source } from '../base/index.ts';
import type { Dcache } from './dcache.ts';
import type { Reports } from './reports.ts';

/** One machine of the catalogue; what is true of it stands apart from what it reports. */
export interface Machine {
  /** Stable, lower case, unique; with the page size where a CPU has several: `24kc-32k/16k`. */
  readonly id: string;
  /** The name people use, e.g. `MIPS 24Kc 32 KiB`. At most 22 characters. */
  readonly name: string;
  /** Row of the catalogue as in the kernel's arch/ folder, but sparc32 and sparc64 apart. */
  readonly arch: string;
  /** Kconfig configurations (ports) under which Linux runs on it, e.g. `arm-v7`, `arm-v7-lpae`. */
  readonly ports: readonly string[];
  /** Absent: no data cache is modelled (emulators, cacheless cores). */
  readonly dcache?: Dcache;
  readonly pageBytes: number;
  /** What the kernel can read from registers, firmware or its own configuration. */
  readonly reports: Reports;
  readonly sources: readonly Source[];
  readonly note?: string;
  /**
   * A statement that what is true of this machine rests on and that Dachs did not find out: a
   * phrase for the middle of a sentence, without a full stop. Absent: geometry and tags decide.
   */
  readonly assumes?: string;
  /** The figures, or one that decides, come from a vendor manual and are not in the kernel: [H]. */
  readonly exampleGeometry?: true;
  /** Why Linux never runs the CPU this way (a register setting, a forbidden page size). */
  readonly notUnderLinux?: string;
}
