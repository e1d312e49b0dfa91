// A running kernel: one release, with one configuration, on one machine. What C keeps in globals.

import type { ConcreteMachine } from '../hw/index.ts';
import type { Omittable } from './omit.ts';
import type { SDaxRules } from './fs/s_dax/designs.ts';
import type { BlockDevice, BlockLayer } from './include/linux/blkdev.ts';
import type { DaxDevice } from './include/linux/dax.ts';
import type { DiskImage, FileSystemType, Mount } from './include/linux/fs.ts';
import type { KernelRemedy } from './fs/remedies.ts';
import type { AddressSpace, MmStruct, Pte } from './include/linux/mm.ts';
import type { UserZeroing } from './mm/zeroing.ts';
import type { SeriesRules } from './series/rules.ts';
import type { LockTable, Shared } from './shared.ts';
import type { Executor, Op } from './steps.ts';

/** The releases whose behaviour is modelled; what differs between them asks `is_6_12`. */
export type ReleaseId = '6.1' | '6.12';

/** Kconfig symbols that change what the modelled functions do. */
export interface KernelConfig {
  readonly DAX: boolean;
  readonly FS_DAX: boolean;
  readonly EXT2_FS: boolean;
  readonly ARCH_HAS_PMEM_API: boolean;
  readonly ARCH_HAS_UACCESS_FLUSHCACHE: boolean;
  readonly TRANSPARENT_HUGEPAGE: boolean;
}

/** What alloc_dax() with operations gives: by the kernel's own rule, or forced from outside. */
export type ForcedGate = 'stock' | 'EOPNOTSUPP' | 'ENOMEM';

/** A process. */
export interface Task {
  readonly pid: number;
  readonly mm: MmStruct;
  uid: number;
  gid: number;
  /** The CPU it runs on: the executor of its steps. */
  readonly cpu: number;
}

/** State of the DAX core. */
export interface DaxCore {
  /** Minor numbers in use, by minor. */
  readonly dax_minor_ida: Shared<boolean>;
  /** dax_hosts: by the number of the disk (`first_minor + major * 2^20`). */
  readonly dax_hosts: Shared<DaxDevice | undefined>;
  /**
   * Flags of the objects of the slab `dax_cache`, in the order in which they were made. A device
   * in an object that another one had before has that one's flags, for init_once() clears an
   * object once in its life.
   * @source drivers/dax/super.c init_once() dax_alloc_inode() v6.12
   */
  readonly dax_cache: Shared<number>[];
  /**
   * page->mapping of device pages, by pfn: the file whose DAX entry has the page, or `shared`
   * (PAGE_MAPPING_DAX_SHARED) where reflinks let several files have it.
   * @source fs/dax.c dax_associate_entry() v6.12
   */
  readonly page_mapping: Shared<AddressSpace | 'shared' | undefined>;
  /** page->share of device pages (6.1: page->index): how many entries have a `shared` page. */
  readonly page_share: Shared<number>;
}

/** A running kernel. */
export interface Linux {
  readonly release: ReleaseId;
  /** Release 6.12 or later, of those modelled. */
  readonly is_6_12: boolean;
  /** What the cpu_dcache_is_aliasing() series changes: of this release, or of a state of it. */
  readonly rules: SeriesRules;
  /** The architecture is one of ARM, MIPS and SPARC, which trees refuse DAX by name. */
  readonly refused_by_name: boolean;
  readonly config: KernelConfig;
  readonly gate: ForcedGate;
  /** How files change between DAX and the page cache. */
  readonly s_dax: SDaxRules;
  /** What is done about aliases of DAX pages; no release does anything. */
  readonly remedy: KernelRemedy;
  /**
   * Entries of the kernel's own page table that come and go, by virtual page number. Addresses of
   * the kernel of which no entry was ever made or taken away are always in reach.
   */
  readonly kernel_ptes: Shared<Pte | undefined>;
  /** How pages become zero that users are given. */
  readonly zeroing: UserZeroing;
  /** The kernel's own predicate, as its port computes it on this machine; false without one. */
  readonly cpu_dcache_is_aliasing: boolean;
  readonly machine: ConcreteMachine;
  readonly PAGE_SHIFT: number;
  readonly PAGE_SIZE: number;
  /** Kernel address of a physical address: the linear map. */
  readonly PAGE_OFFSET: number;
  /** Flags of page frames, by pfn: PG_*. */
  readonly page_flags: Shared<number>;
  /** References beyond the one that the page cache or the device has, by pfn: pins. */
  readonly page_pins: Shared<number>;
  /** By pfn: held for reading by each pin that mm/pins.ts makes. */
  readonly page_pin_locks: LockTable;
  readonly block: BlockLayer;
  readonly dax: DaxCore;
  readonly file_systems: Map<string, FileSystemType>;
  /** Functions that do nothing; none in a kernel as it is. */
  readonly omitted: ReadonlySet<Omittable>;
  /** In the order they were made; the first is the root filesystem. */
  readonly mounts: Mount[];
  readonly tasks: Task[];
  /** What printk() wrote, oldest first. */
  readonly dmesg: string[];
  /** Free page frames of RAM; alloc_page() and free_page() of mm/page_alloc.ts use it. */
  readonly ram: { next: number; readonly free: number[]; readonly end: number };
  /** Steps of `task` are performed by this. */
  executor(task: Task): Executor;
  /** Performs an operation at once: set-up work that nothing races with (mount, mkfs). */
  now<T>(op: Op<T>): T;
  /** The shared zero page. */
  readonly zero_pfn: number;
  /** Images of filesystems by the id in their superblock, as long as the machine exists. */
  readonly images: Map<number, DiskImage>;
  /** Loop devices, by disk name: what file or device they read. */
  readonly loops: Map<string, object>;
  /** Block devices open exclusively are held through this name, for messages. */
  readonly holders: Map<BlockDevice, string>;
  /** What a driver or pseudo filesystem keeps in its own globals: by class, made when asked for. */
  readonly subsystems: Map<SubsystemClass<object>, object>;
}

/** A class with the globals of one driver. */
export type SubsystemClass<T extends object> = new (linux: Linux) => T;

/** The one object of class `kind` in this kernel. */
export function subsystem<T extends object>(linux: Linux, kind: SubsystemClass<T>): T {
  const found = linux.subsystems.get(kind);
  if (found instanceof kind) return found;
  const made = new kind(linux);
  linux.subsystems.set(kind, made);
  return made;
}
