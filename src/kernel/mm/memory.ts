// Faults, and loads and stores of user space.

import { assert } from '../../base/index.ts';
import type { UserAccess } from '../include/linux/mm.ts';
import type { AddressSpace, VmFault, Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** Loads user memory as the program does: faults are handled, or end in a signal. */
export function* user_load(
  task: Task,
  address: number,
  length: number,
): Op<UserAccess<Uint8Array>> {
  void task;
  void address;
  void length;
  assert(false, 'not written yet');
}

/** Stores to user memory as the program does; the value is the number of bytes. */
export function* user_store(
  task: Task,
  address: number,
  bytes: Uint8Array,
): Op<UserAccess<number>> {
  void task;
  void address;
  void bytes;
  assert(false, 'not written yet');
}

/** One fault of a mapping. */
export function* handle_mm_fault(vma: Vma, address: number, write: boolean): Op<VmFault> {
  void vma;
  void address;
  void write;
  assert(false, 'not written yet');
}

/** Maps a page frame of a device. */
export function* vmf_insert_mixed(
  vma: Vma,
  address: number,
  pfn: number,
  write: boolean,
): Op<VmFault> {
  void vma;
  void address;
  void pfn;
  void write;
  assert(false, 'not written yet');
}

/** Maps 2 MiB of a device by one entry; `pfn` is that of its first page. */
export function* vmf_insert_pfn_pmd(
  vma: Vma,
  address: number,
  pfn: number,
  write: boolean,
): Op<VmFault> {
  void vma;
  void address;
  void pfn;
  void write;
  assert(false, 'not written yet');
}

/** Unmaps a range of bytes of a file everywhere; `len` 0: to its end. Private copies go if `even_cows`. */
export function* unmap_mapping_range(
  mapping: AddressSpace,
  start: number,
  len: number,
  even_cows: boolean,
): Op<void> {
  void mapping;
  void start;
  void len;
  void even_cows;
  assert(false, 'not written yet');
}

/** Unmaps pages of a file everywhere. */
export function* unmap_mapping_pages(
  mapping: AddressSpace,
  start: number,
  nr: number,
  even_cows: boolean,
): Op<void> {
  void mapping;
  void start;
  void nr;
  void even_cows;
  assert(false, 'not written yet');
}
