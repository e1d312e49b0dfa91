// Pages of a file that shrinks or is punched.

import { assert } from '../../base/index.ts';
import type { Inode } from '../include/linux/fs.ts';
import type { AddressSpace } from '../include/linux/mm.ts';
import type { Op } from '../steps.ts';

/** Drops mappings and pages beyond a new size. */
export function* truncate_pagecache(inode: Inode, newsize: number): Op<void> {
  void inode;
  void newsize;
  assert(false, 'not written yet');
}

/** Drops mappings and pages of bytes `lstart` to `lend` (inclusive). */
export function* truncate_pagecache_range(inode: Inode, lstart: number, lend: number): Op<void> {
  void inode;
  void lstart;
  void lend;
  assert(false, 'not written yet');
}

/** Drops pages of bytes `lstart` to `lend` (inclusive); parts of pages are zeroed. */
export function* truncate_inode_pages_range(
  mapping: AddressSpace,
  lstart: number,
  lend: number,
): Op<void> {
  void mapping;
  void lstart;
  void lend;
  assert(false, 'not written yet');
}

/** Drops all pages of an inode that goes. */
export function* truncate_inode_pages_final(mapping: AddressSpace): Op<void> {
  void mapping;
  assert(false, 'not written yet');
}

/** Drops pages `start` to `end` (inclusive, page indices), mapped ones too: 0 or -EBUSY. */
export function* invalidate_inode_pages2_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  void mapping;
  void start;
  void end;
  assert(false, 'not written yet');
}

/** Drops clean pages that nobody maps (drop_caches): how many went. */
export function* invalidate_mapping_pages(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  void mapping;
  void start;
  void end;
  assert(false, 'not written yet');
}

/** After the size grew from `from` to `to`: the page with the old end is write-protected. */
export function* pagecache_isize_extended(inode: Inode, from: number, to: number): Op<void> {
  void inode;
  void from;
  void to;
  assert(false, 'not written yet');
}
