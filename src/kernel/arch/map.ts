// The kernel's own addresses of physical memory: the linear map, and how kernel code touches bytes
// through it. Accesses are cut at page borders: one step for each page.

import { assert } from '../../base/index.ts';
import { type Linux, subsystem } from '../linux.ts';
import { load, type Op, type Place, store } from '../steps.ts';
import { ArchState } from './state.ts';
import { WINDOWS, windowPlace } from './window.ts';

/** The kernel address of a physical address. @source include/asm-generic/page.h __va() v6.12 */
export function __va(linux: Linux, paddr: number): number {
  return linux.PAGE_OFFSET + paddr;
}

/** The physical address of a kernel address. @source include/asm-generic/page.h __pa() v6.12 */
export function __pa(linux: Linux, vaddr: number): number {
  if (vaddr >= WINDOWS) return windowPlace(linux, vaddr).paddr;
  if (vaddr < linux.PAGE_OFFSET) assert(false, `${vaddr.toString(16)} is a kernel address`);
  return vaddr - linux.PAGE_OFFSET;
}

/** The kernel address of a page frame. */
export function pfnToKaddr(linux: Linux, pfn: number): number {
  return linux.PAGE_OFFSET + pfn * linux.PAGE_SIZE;
}

/**
 * Byte of its page that an address is; `%` is slow for numbers of more than 31 bits.
 * @source include/linux/mm.h offset_in_page() v6.12
 */
export function offset_in_page(linux: Linux, address: number): number {
  return address - Math.floor(address / linux.PAGE_SIZE) * linux.PAGE_SIZE;
}

/** Where an access through the kernel's address goes: the linear map, or a window. */
export function kernelPlace(linux: Linux, kaddr: number): Place {
  if (kaddr >= WINDOWS) return windowPlace(linux, kaddr);
  return { vaddr: kaddr, paddr: __pa(linux, kaddr) };
}

/** The bytes that kernel code loads from `kaddr` on. */
export function kernelLoad(linux: Linux, kaddr: number, length: number): Op<Uint8Array> {
  return length <= leftInPage(linux, kaddr)
    ? load(kernelPlace(linux, kaddr), length)
    : loadPages(linux, kaddr, length);
}

function* loadPages(linux: Linux, kaddr: number, length: number): Op<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const here = Math.min(length - done, leftInPage(linux, kaddr + done));
    bytes.set(yield* load(kernelPlace(linux, kaddr + done), here), done);
    done += here;
  }
  return bytes;
}

/** Stores bytes by ordinary store instructions of kernel code. */
export function kernelStore(linux: Linux, kaddr: number, bytes: Uint8Array): Op<void> {
  return storeFrom(linux, { kaddr, bytes });
}

/**
 * Copies bytes to memory so that no dirty line is left where the port can; elsewhere it is an
 * ordinary copy. @source include/linux/uio.h copy_from_iter_flushcache() v6.12
 */
export function memcpy_flushcache(linux: Linux, kaddr: number, bytes: Uint8Array): Op<void> {
  return linux.config.ARCH_HAS_UACCESS_FLUSHCACHE
    ? storeFrom(linux, { kaddr, bytes, attribute: 'nontemporal' })
    : storeFrom(linux, { kaddr, bytes });
}

/** Stores zeroes, as memset() and clear_page() do. */
export function* kernelZero(linux: Linux, kaddr: number, length: number): Op<void> {
  const { zeroes } = subsystem(linux, ArchState);
  for (let done = 0; done < length; ) {
    const here = Math.min(length - done, leftInPage(linux, kaddr + done));
    const bytes = here === linux.PAGE_SIZE ? zeroes : zeroes.subarray(0, here);
    yield* store(kernelPlace(linux, kaddr + done), bytes);
    done += here;
  }
}

/** Copies between two kernel addresses, page by page of the source. */
export function* kernelCopy(
  linux: Linux,
  copy: { readonly to: number; readonly from: number; readonly length: number },
): Op<void> {
  const { to, from, length } = copy;
  for (let done = 0; done < length; ) {
    const here = Math.min(length - done, leftInPage(linux, from + done));
    yield* kernelStore(linux, to + done, yield* kernelLoad(linux, from + done, here));
    done += here;
  }
}

interface Stores {
  readonly kaddr: number;
  readonly bytes: Uint8Array;
  readonly attribute?: 'nontemporal';
}

function storeFrom(linux: Linux, what: Stores): Op<void> {
  const { kaddr, bytes, attribute } = what;
  if (bytes.length === 0 || bytes.length > leftInPage(linux, kaddr)) return storePages(linux, what);
  const place = kernelPlace(linux, kaddr);
  return store(attribute === undefined ? place : { ...place, attribute }, bytes);
}

function* storePages(linux: Linux, what: Stores): Op<void> {
  const { kaddr, bytes } = what;
  for (let done = 0; done < bytes.length; ) {
    const here = Math.min(bytes.length - done, leftInPage(linux, kaddr + done));
    const piece = bytes.subarray(done, done + here);
    yield* storeFrom(linux, { ...what, kaddr: kaddr + done, bytes: piece });
    done += here;
  }
}

function leftInPage(linux: Linux, address: number): number {
  return linux.PAGE_SIZE - offset_in_page(linux, address);
}
