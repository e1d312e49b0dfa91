// What the rules of remedies.ts do around an access of the kernel to memory of a DAX file: which
// lines they flush before and after, and the address at which the kernel goes there.
//
// No release has this text. It is written as fs/dax.c would do it: users of a page are found by
// the mappings of the file, and where they are kept away the entry of the page is locked, which
// faults take too. So it cures what goes through the file and its mappings, and not what reaches
// the same memory by other ways: the block device, another file that shares the block, page pins.

import { kernelCopy, kernelLoad, kernelStore, kernelZero, offset_in_page } from '../arch/map.ts';
import { flushKernel, mappingsOf } from '../arch/cache-ops.ts';
import { windowAddress } from '../arch/window.ts';
import { dax_direct_access, dax_flush } from '../drivers/dax/super.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import { IS_ERR } from '../include/linux/errno.ts';
import type { AddressSpace } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { unmap_mapping_pages } from '../mm/unmap.ts';
import { maintain, type Op, set, unlock } from '../steps.ts';
import { lock_entry } from './dax-entry.ts';

/** One access of the kernel to bytes of one page of a file. */
export interface KernelAccess {
  readonly mapping: AddressSpace;
  /** Page index in the file. */
  readonly pgoff: number;
  /** Address in the linear map of the first byte; all lie in one page. */
  readonly kaddr: number;
  readonly lengthBytes: number;
  readonly does: 'read' | 'write';
  /** The caller has locked the entry of the page: a fault. */
  readonly held?: true;
}

/**
 * Performs `body`, the access itself, at the address that the rule has for it and with the rule's
 * own steps around it. Without a rule that is `body` at the address of the linear map.
 */
export function kernelAccess<T>(
  linux: Linux,
  access: KernelAccess,
  body: (kaddr: number) => Op<T>,
): Op<T> {
  const { remedy } = linux;
  switch (remedy) {
    case 'none':
    case 'uncached-user':
    case 'deny':
      return body(access.kaddr);
    case 'uncached': {
      const paddr = access.kaddr - linux.PAGE_OFFSET;
      const like = access.kaddr;
      return body(windowAddress(linux, { paddr, like, attribute: 'uncached' }));
    }
    case 'congruent':
    case 'congruent-all':
      return congruently(linux, access, body);
    case 'flush-complete':
      return exclusively(linux, access, body);
    default:
      return flushed(linux, access, flushes(remedy, access.does), body);
  }
}

interface Flushes {
  readonly users: boolean;
  readonly kernel: boolean;
}

type FlushingRemedy = 'flush-literal' | 'wilcox-read' | 'wilcox-write' | 'flush-reachable';

// Wilcox's two rules: user addresses before the kernel reads, the kernel's after it has stored.
function flushes(remedy: FlushingRemedy, does: KernelAccess['does']): Flushes {
  if (remedy === 'flush-reachable') return { users: true, kernel: true };
  return {
    users: does === 'read' && remedy !== 'wilcox-write',
    kernel: does === 'write' && remedy !== 'wilcox-read',
  };
}

function* flushed<T>(
  linux: Linux,
  access: KernelAccess,
  what: Flushes,
  body: (kaddr: number) => Op<T>,
): Op<T> {
  if (what.users) yield* flushUsers(linux, access);
  const value = yield* body(access.kaddr);
  if (what.kernel) yield* flushKernel(linux, access.kaddr, access.lengthBytes);
  return value;
}

// The complete rule: no user reaches the page while the kernel does, and the kernel only then. The
// entry that comes and goes is that of the linear map: with one of its own for the access, and the
// linear map left as it is, hardware fills lines of the same colour through the latter.
// @source include/linux/set_memory.h set_direct_map_default_noflush() v6.12: for the same purpose
function* exclusively<T>(
  linux: Linux,
  access: KernelAccess,
  body: (kaddr: number) => Op<T>,
): Op<T> {
  const { mapping, pgoff, kaddr, lengthBytes } = access;
  const held = access.held ? undefined : yield* lock_entry(mapping, pgoff);
  yield* unmap_mapping_pages(mapping, pgoff, 1, false);
  yield* flushUsers(linux, access);
  const vpn = Math.floor(kaddr / linux.PAGE_SIZE);
  const pfn = Math.floor((kaddr - linux.PAGE_OFFSET) / linux.PAGE_SIZE);
  yield* set(linux.kernel_ptes, vpn, { pfn, write: true, dirty: true });
  const value = yield* body(kaddr);
  yield* set(linux.kernel_ptes, vpn, undefined);
  yield* flushKernel(linux, kaddr, lengthBytes);
  if (held) yield* unlock(held.lock);
  return value;
}

// Lines of the bytes by the address of every mapping of the file that has the page, whether its
// entry is there or not: lines may be left of one that has gone.
function* flushUsers(linux: Linux, access: KernelAccess): Op<void> {
  const { mapping, pgoff, kaddr, lengthBytes } = access;
  const offset = offset_in_page(linux, kaddr);
  const paddr = kaddr - linux.PAGE_OFFSET;
  const folio = { pfn: Math.floor(paddr / linux.PAGE_SIZE), index: pgoff, order: 0 };
  for (const { address } of yield* mappingsOf(linux, mapping, folio)) {
    yield* maintain('flush', { vaddr: address + offset, paddr }, lengthBytes);
  }
}

// At an address congruent to the first mapping that has the page; to its place in the file where
// none has, which is what ports that colour give to the next one.
function* congruently<T>(
  linux: Linux,
  access: KernelAccess,
  body: (kaddr: number) => Op<T>,
): Op<T> {
  const { mapping, pgoff, kaddr } = access;
  const paddr = kaddr - linux.PAGE_OFFSET;
  const folio = { pfn: Math.floor(paddr / linux.PAGE_SIZE), index: pgoff, order: 0 };
  const [first] = yield* mappingsOf(linux, mapping, folio);
  const like = first?.address ?? pgoff * linux.PAGE_SIZE;
  return yield* body(windowAddress(linux, { paddr, like }));
}

/** Bytes of a file that the kernel loads, from the page `pgoff` on. */
export interface FileBytes {
  readonly mapping: AddressSpace;
  readonly pgoff: number;
  readonly kaddr: number;
  readonly length: number;
}

/** The bytes, page by page under a rule. */
export function loadUnderRemedy(linux: Linux, bytes: FileBytes): Op<Uint8Array> {
  const { kaddr, length } = bytes;
  return linux.remedy === 'none' ? kernelLoad(linux, kaddr, length) : loadPages(linux, bytes);
}

function* loadPages(linux: Linux, { mapping, pgoff, kaddr, length }: FileBytes): Op<Uint8Array> {
  const all = new Uint8Array(length);
  for (let done = 0, page = pgoff; done < length; page++) {
    const at = kaddr + done;
    const here = Math.min(length - done, linux.PAGE_SIZE - offset_in_page(linux, at));
    const read = { mapping, pgoff: page, kaddr: at, lengthBytes: here, does: 'read' } as const;
    all.set(yield* kernelAccess(linux, read, (from) => kernelLoad(linux, from, here)), done);
    done += here;
  }
  return all;
}

/** A copy from one place of the device to another, both for the page `pgoff` of a file on. */
export interface FileCopy {
  readonly mapping: AddressSpace;
  readonly pgoff: number;
  readonly to: number;
  /** Undefined: zeroes. */
  readonly from: number | undefined;
  readonly length: number;
  readonly held?: true;
}

/** Copies, page by page under a rule: what is loaded and what is stored are two accesses. */
export function copyUnderRemedy(linux: Linux, copy: FileCopy): Op<void> {
  const { to, from, length } = copy;
  if (linux.remedy !== 'none') return copyPages(linux, copy);
  return from === undefined
    ? kernelZero(linux, to, length)
    : kernelCopy(linux, { to, from, length });
}

function* copyPages(linux: Linux, copy: FileCopy): Op<void> {
  const { mapping, to, from, length } = copy;
  const held = copy.held ? { held: true as const } : {};
  for (let done = 0, { pgoff } = copy; done < length; pgoff++) {
    const lengthBytes = Math.min(length - done, linux.PAGE_SIZE - offset_in_page(linux, to + done));
    const file = { mapping, pgoff, lengthBytes, ...held };
    let bytes: Uint8Array = new Uint8Array(lengthBytes);
    if (from !== undefined) {
      const read = { ...file, kaddr: from + done, does: 'read' } as const;
      bytes = yield* kernelAccess(linux, read, (at) => kernelLoad(linux, at, lengthBytes));
    }
    const write = { ...file, kaddr: to + done, does: 'write' } as const;
    yield* kernelAccess(linux, write, (at) => kernelStore(linux, at, bytes));
    done += lengthBytes;
  }
}

/** A page of a device that is to be zeroed, and which page of which file it is. */
export interface ZeroedPage {
  readonly mapping: AddressSpace;
  readonly pgoff: number;
  readonly dax: DaxDevice;
  /** Page of the device. */
  readonly devicePage: number;
  readonly held?: true;
}

/**
 * Zeroes a page of the device as drivers do, at the address that the rule has for it: 0 or an error
 * number. For kernels with a rule; without one drivers are asked, which zero by the linear map.
 */
export function* zeroUnderRemedy(linux: Linux, page: ZeroedPage): Op<number> {
  const { mapping, pgoff, dax, held } = page;
  const found = yield* dax_direct_access(linux, dax, page.devicePage, 1);
  if (IS_ERR(found)) return found;
  const lengthBytes = linux.PAGE_SIZE;
  const access: KernelAccess = { mapping, pgoff, kaddr: found.kaddr, lengthBytes, does: 'write' };
  return yield* kernelAccess(linux, held ? { ...access, held } : access, function* zero(kaddr) {
    yield* kernelZero(linux, kaddr, lengthBytes);
    yield* dax_flush(linux, dax, kaddr, lengthBytes);
    return 0;
  });
}
