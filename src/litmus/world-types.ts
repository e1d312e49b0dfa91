// What the names of the init block stand for once they are resolved.

import type { DaxOption, DeviceKind, KernelCall } from '../kernel/index.ts';

/** File systems with DAX that a program may name. */
export type FileSystem = Extract<KernelCall, { readonly kind: 'mount' }>['fs'];

/** What survives a crash: what memory holds, or dirty lines as well. */
export type Medium = 'adr' | 'eadr';

/** A line of a page: the whole simple page, or a member of one with several lines. */
export interface LineInfo {
  /** `x` or `y.flag`, as in `Program`. */
  readonly name: string;
  /** Absent: the page has this line only. */
  readonly member?: string;
  readonly cells: readonly number[];
  /** Written with a size: `x[2]`. */
  readonly isArray: boolean;
}

/** A page under test. */
export interface PageInfo {
  readonly name: string;
  readonly lines: readonly LineInfo[];
}

/** One virtual address of a page. */
export interface AddressInfo {
  readonly name: string;
  readonly page: PageInfo;
  readonly maker: 'linear' | 'user' | 'window';
  readonly colour?: number;
  readonly uncached: boolean;
  readonly unmapped: boolean;
  /** On a running kernel: MAP_PRIVATE, or MAP_SYNC. */
  readonly isPrivate: boolean;
  readonly sync: boolean;
}

/** A variable off the pages under test: one address, always coherent. */
export interface VariableInfo {
  readonly name: string;
  readonly value: number;
}

/** A lock. */
export interface LockInfo {
  readonly name: string;
  readonly kind: 'spinlock' | 'mutex';
}

/** Kinds of devices; those of dm exist on a running kernel alone. */
export type AnyDeviceKind = DeviceKind | 'dm-linear' | 'dm-stripe';

/** A device that offers DAX, or refuses to. */
export interface DeviceInfo {
  readonly name: string;
  readonly kind: AnyDeviceKind;
  readonly medium: Medium;
  /** No driver is bound to it until the program does that. */
  readonly detached: boolean;
  /** Devices that it is made of. */
  readonly parts: readonly DeviceInfo[];
}

/** Properties of a file on a mount, as they are written. */
export type FileOption = 'hole' | 'empty' | 'closed' | 'flagged' | 'direct' | 'cold';

/** A file whose data is one page, or several on a mount. */
export interface FileInfo {
  readonly name: string;
  /** The first page. */
  readonly page: PageInfo;
  readonly pages: readonly PageInfo[];
  readonly device?: DeviceInfo;
  /** The file is one of a running kernel. */
  readonly mount?: MountInfo;
  readonly options: ReadonlySet<FileOption>;
}

/** A file system on a device. */
export interface MountInfo {
  readonly name: string;
  readonly fs: FileSystem;
  readonly device: DeviceInfo;
  /** What `-o dax` says; without it the file system takes `inode`. */
  readonly option: DaxOption;
  /** Nothing was written after `dax` and no `dax` either. */
  readonly isBare: boolean;
  /** Not mounted until the program does that. */
  readonly unmounted: boolean;
}

/** Everything the init block declares, by name and in the order of declaration. */
export interface World {
  readonly pages: Map<string, PageInfo>;
  readonly addresses: Map<string, AddressInfo>;
  readonly variables: Map<string, VariableInfo>;
  readonly locks: Map<string, LockInfo>;
  readonly devices: Map<string, DeviceInfo>;
  readonly files: Map<string, FileInfo>;
  readonly mounts: Map<string, MountInfo>;
  /** All names that are declared, those with mistakes included. */
  readonly names: ReadonlySet<string>;
  /** By thread. */
  readonly cpus: Map<string, number>;
  /** Error numbers that calls of a function may end in, by its name. */
  readonly failures: Map<string, readonly number[]>;
  readonly crashAnywhere: boolean;
  /** The program runs on a kernel that runs, not on the steps of the small model. */
  readonly isStack: boolean;
  /** On a running kernel: whatever may fail fails or does not. */
  readonly failAnywhere: boolean;
  /** The process of each thread; absent: 0. */
  readonly processes: Map<string, number>;
  /** Threads that have to end before a thread starts. */
  readonly after: Map<string, readonly string[]>;
  /** Absent: as the kernel decides. */
  readonly gate?: StackGate;
  /** The design for switching S_DAX; absent: the kernel's own. */
  readonly design?: string;
  /** Kernel functions that do nothing. */
  readonly without: readonly string[];
}

/** What alloc_dax() is made to answer: `open` lets every machine through. */
export type StackGate = 'open' | 'refused';
