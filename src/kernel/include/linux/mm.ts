// Memory management: folios, address spaces of files and of processes.
// @source include/linux/mm_types.h include/linux/mm.h include/linux/fs.h v6.12

import type { Linux } from '../../linux.ts';
import type { Lock, Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';
import type { AddressSpaceOperations, File, Inode } from './fs.ts';

/** Bits of `Linux.page_flags`, by page frame number of a folio's first page. */
export const PG_uptodate = 2;
export const PG_dirty = 4;
/** Deferred flush of the data cache: its meaning is the port's. */
export const PG_arch_1 = 16;
/** Who reads this folio of a file shall start to read further. */
export const PG_readahead = 32;

/** A run of 2^order page-cache pages with one set of flags. */
export interface Folio {
  /** Page frame number of the first page; the others follow in memory. */
  readonly pfn: number;
  /** Page index in the file. */
  readonly index: number;
  readonly order: number;
}

/** What stands at one index of a file's page cache. */
export type PageCacheEntry =
  | { readonly kind: 'folio'; readonly folio: Folio }
  /** A DAX value entry; a PMD entry stands at each of its 512 indices. */
  | {
      readonly kind: 'dax';
      readonly pfn: number;
      readonly pmd: boolean;
      /** The shared zero page over a hole. */
      readonly zero: boolean;
      /** A fault holds the place (DAX_EMPTY), or held it and failed: nothing is mapped. */
      readonly empty?: true;
    };

/** Marks of an index of the page cache. @source include/linux/fs.h PAGECACHE_TAG_DIRTY v6.12 */
export const PAGECACHE_TAG_DIRTY = 1;
export const PAGECACHE_TAG_WRITEBACK = 2;
export const PAGECACHE_TAG_TOWRITE = 4;

/** The cached contents of one file. */
export interface AddressSpace {
  readonly host: Inode;
  /**
   * What the filesystem does for the pages; asked for at each call, for designs of switching S_DAX
   * change it. fs/s_dax/aops.ts asks.
   */
  readonly a_ops: Shared<AddressSpaceOperations | undefined>;
  /** By page index. */
  readonly i_pages: Shared<PageCacheEntry | undefined>;
  /** PAGECACHE_TAG_* by page index. */
  readonly tags: Shared<number>;
  /**
   * Blocks of a page of a folio that is not up to date or not dirty as a whole, by page index:
   * bit n: block n is up to date; bit 16 + n: it is dirty. Asked and set by mm/folio-state.ts.
   * @source fs/iomap/buffered-io.c struct iomap_folio_state v6.12
   * @source include/linux/buffer_head.h BH_Uptodate BH_Dirty v6.12
   */
  readonly block_state: Shared<number>;
  /** Locked DAX entries, by page index: the entry lock of fs/dax.c. */
  readonly entry_lock: (index: number) => Lock;
  readonly invalidate_lock: Lock;
  /** Mappings of the file, in the order they were made. */
  readonly i_mmap: Shared<readonly Vma[]>;
  /** Folios of more than one page are allowed. */
  readonly large_folios: boolean;
}

/** What is asked of mmap(). `shared_validate` refuses flags it does not know. */
export type MapType = 'shared' | 'private' | 'shared_validate';

/** Bits of `Vma.vm_flags`. @source include/linux/mm.h v6.12 */
export const VM_READ = 0x1;
export const VM_WRITE = 0x2;
export const VM_EXEC = 0x4;
export const VM_SHARED = 0x8;
export const VM_MAYREAD = 0x10;
export const VM_MAYWRITE = 0x20;
export const VM_MAYEXEC = 0x40;
export const VM_MAYSHARE = 0x80;
export const VM_LOCKED = 0x2000;
export const VM_SYNC = 0x800000;
export const VM_ACCOUNT = 0x100000;
export const VM_SOFTDIRTY = 0x8000000;
export const VM_MIXEDMAP = 0x10000000;
export const VM_HUGEPAGE = 0x20000000;

/** One mapping of a process. Identity counts; it is replaced whole where it changes. */
export interface Vma {
  readonly vm_mm: MmStruct;
  /** User address in bytes of the first byte, and the first byte after it. */
  readonly vm_start: number;
  readonly vm_end: number;
  /** Page index in the file of the first page. */
  readonly vm_pgoff: number;
  readonly vm_flags: Shared<number>;
  /** Absent: anonymous memory. */
  readonly vm_file: File | undefined;
  readonly vm_ops: VmOperations | undefined;
}

/** A page table entry; a missing one is not present. */
export interface Pte {
  readonly pfn: number;
  readonly write: boolean;
  readonly dirty: boolean;
  /** Part of a 2 MiB entry. */
  readonly pmd?: true;
  /** A page of the process's own: anonymous memory, or its copy of a page of a private mapping. */
  readonly anon?: true;
  /** A page frame of a DAX device, without a page-cache folio. */
  readonly devmap?: true;
  readonly attribute?: 'uncached';
}

/** A process's memory. */
export interface MmStruct {
  readonly id: number;
  readonly linux: Linux;
  readonly mmap_lock: Lock;
  /** By virtual page number. */
  readonly ptes: Shared<Pte | undefined>;
  /** By start address, ascending. */
  readonly vmas: Shared<readonly Vma[]>;
}

/** What a fault handler gives. @source include/linux/mm_types.h vm_fault_reason v6.12 */
export type VmFault =
  /** A PTE is there, or the access should be tried again. */
  | { readonly kind: 'NOPAGE' }
  /** The page, with its lock held: the caller maps it. */
  | { readonly kind: 'LOCKED'; readonly folio: Folio; readonly pfn: number }
  /** The handler has filled `cow_page` by itself: the caller maps it. */
  | { readonly kind: 'DONE_COW' }
  | { readonly kind: 'SIGBUS' }
  | { readonly kind: 'OOM' }
  | { readonly kind: 'RETRY' }
  | { readonly kind: 'FALLBACK' }
  /** A write fault of a MAP_SYNC mapping whose metadata is not on the medium yet. */
  | { readonly kind: 'NEEDDSYNC'; readonly pfn: number };

/** One fault. */
export interface VmFaultRequest {
  readonly vma: Vma;
  /** Page index in the file. */
  readonly pgoff: number;
  /** User address in bytes, rounded down to the page. */
  readonly address: number;
  readonly write: boolean;
  /** Page frame that a write to a private mapping will own: the contents go there. */
  readonly cow_page?: number;
}

/** What a filesystem does about faults on its mappings. */
export interface VmOperations {
  fault(request: VmFaultRequest): Op<VmFault>;
  huge_fault?(request: VmFaultRequest): Op<VmFault>;
  /** Pages before and after a read fault that are in the page cache are mapped too. */
  map_pages?(request: VmFaultRequest): Op<void>;
  /** A read-only PTE of a shared mapping is written to for the first time. */
  page_mkwrite?(request: VmFaultRequest, folio: Folio): Op<VmFault>;
  pfn_mkwrite?(request: VmFaultRequest): Op<VmFault>;
  /** Whether a mapping may be cut at an address: 0 or an error number. */
  may_split?(vma: Vma, address: number): number;
}

/** What an access by user space comes to. */
export type UserAccess<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'signal';
      readonly signal: 'SIGBUS' | 'SIGSEGV';
      /** BUS_ADRERR 2, SEGV_MAPERR 1, SEGV_ACCERR 2. */
      readonly si_code: number;
    };
