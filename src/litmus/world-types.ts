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

/** A device that offers DAX, or refuses to. */
export interface DeviceInfo {
  readonly name: string;
  readonly kind: DeviceKind;
  readonly medium: Medium;
}

/** A file whose data is one page. */
export interface FileInfo {
  readonly name: string;
  readonly page: PageInfo;
  readonly device?: DeviceInfo;
}

/** A file system on a device. */
export interface MountInfo {
  readonly name: string;
  readonly fs: FileSystem;
  readonly device: DeviceInfo;
  /** What `-o dax` says; without it the file system takes `inode`. */
  readonly option: DaxOption;
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
}
