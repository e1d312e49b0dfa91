// What a litmus test says about a kernel that runs: devices, mounts, files, processes, and the
// calls that its threads make.

import type { DaxOption } from '../kernel/index.ts';
import type { Value } from './program.ts';
import type { AnyDeviceKind, FileOption, FileSystem, Medium, StackGate } from './world-types.ts';

/** The system that the threads of a program run on. */
export interface StackProgram {
  readonly devices: readonly StackDevice[];
  readonly mounts: readonly StackMount[];
  readonly files: readonly StackFile[];
  readonly addresses: readonly StackAddress[];
  /** Threads with a process other than 0. */
  readonly processes: ReadonlyMap<string, number>;
  /** Threads that have to end before a thread starts. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Absent: alloc_dax() answers as the kernel does on the machine. */
  readonly gate?: StackGate;
  /** Design for switching S_DAX; absent: that of the kernel. */
  readonly design?: string;
  /** Kernel functions that do nothing. */
  readonly without: readonly string[];
  /** Machines that the test speaks of; absent: the usual ones. */
  readonly machines?: readonly string[];
  /** Whatever may fail fails or does not; else only what `failures` names does. */
  readonly failAnywhere: boolean;
}

/** A device; one that is not `detached` is attached before the threads start. */
export interface StackDevice {
  readonly name: string;
  readonly kind: AnyDeviceKind;
  readonly medium: Medium;
  readonly detached: boolean;
  /** Names of the devices that it is made of. */
  readonly parts: readonly string[];
}

/** A file system that is made, and mounted unless it is `unmounted`, before the threads start. */
export interface StackMount {
  readonly name: string;
  readonly fs: FileSystem;
  readonly device: string;
  readonly option: DaxOption;
  /** No dax option is passed at all. */
  readonly isBare: boolean;
  readonly unmounted: boolean;
}

/** A file that exists before the threads start, and is open in every process unless `closed`. */
export interface StackFile {
  readonly name: string;
  readonly mount: string;
  /** Names of its pages, in order. */
  readonly pages: readonly string[];
  readonly options: ReadonlySet<FileOption>;
}

/** A mapping of one page of a file. */
export interface StackAddress {
  readonly name: string;
  readonly file: string;
  readonly page: string;
  readonly process: number;
  /** Colour that is asked for; absent: the kernel chooses the address. */
  readonly colour?: number;
  readonly unmapped: boolean;
  readonly isPrivate: boolean;
  readonly sync: boolean;
}

/** A cell of a file. */
export interface FileCell {
  readonly file: string;
  readonly line: string;
  readonly cell: number;
}

/** One call. Values are C's: 0, a count, or a negative error number. */
export type StackCall =
  | { readonly op: 'read'; readonly at: FileCell; readonly into?: string }
  | { readonly op: 'write'; readonly at: FileCell; readonly value: Value }
  /** read() into, or write() from, the page at a user address: get_user_pages() where O_DIRECT. */
  | {
      readonly op: 'read_into' | 'write_from';
      readonly at: FileCell;
      readonly mapping: string;
    }
  | { readonly op: FileCall; readonly file: string }
  | { readonly op: 'ftruncate'; readonly file: string; readonly pages: Value }
  | { readonly op: 'chattr'; readonly file: string; readonly flag: Value }
  | { readonly op: 'mmap' | 'munmap' | 'msync'; readonly mapping: string }
  | { readonly op: 'mount' | 'umount'; readonly mount: string }
  | { readonly op: 'attach' | 'detach'; readonly device: string }
  | { readonly op: 'sync' | 'drop_caches' };

/** Calls that a file alone is passed to. */
export type FileCall =
  | 'open'
  | 'close'
  | 'fsync'
  | 'fallocate'
  | 'punch_hole'
  | 'IS_DAX'
  | 'unlink';
