// Page frames of RAM. No zones, no per-CPU lists: the frame freed last is given first, and a new
// one is the lowest never used, so that colours of the page cache are the same in every run.

import { assert, present } from '../../base/index.ts';
import { E } from '../include/linux/errno.ts';
import type { Linux } from '../linux.ts';
import { subsystem } from '../linux.ts';

/** Largest block. @source include/linux/mmzone.h MAX_PAGE_ORDER v6.12 */
const MAX_ORDER = 10;

/** Free blocks of more than one page, by order: their first frames, freed last at the end. */
class FreeArea {
  readonly byOrder = new Map<number, number[]>();
}

/**
 * 2^order page frames in a row, aligned to their number: the first, or -ENOMEM.
 * @source mm/page_alloc.c __alloc_pages() v6.1 __alloc_pages_noprof() v6.12
 */
export function alloc_pages(linux: Linux, order: number): number {
  const given = takeFree(linux, order) ?? takeNew(linux, order);
  if (given !== undefined) return given;
  merge(linux);
  return takeFree(linux, order) ?? -E.ENOMEM;
}

/** Gives frames back. @source mm/page_alloc.c __free_pages() v6.12 */
export function free_pages(linux: Linux, pfn: number, order: number): void {
  // A thread that is searched has frames of its own, and may free those of others.
  if (pfn + 2 ** order > linux.ram.end) assert(false, `page frame ${pfn} is RAM`);
  freeList(linux, order).push(pfn);
}

function freeList(linux: Linux, order: number): number[] {
  if (order === 0) return linux.ram.free;
  const { byOrder } = subsystem(linux, FreeArea);
  const list = byOrder.get(order) ?? [];
  byOrder.set(order, list);
  return list;
}

/** From the lists: a block of the order, else half of a larger one. */
function takeFree(linux: Linux, order: number): number | undefined {
  const exact = freeList(linux, order).pop();
  if (exact !== undefined) return exact;
  const { byOrder } = subsystem(linux, FreeArea);
  for (let larger = order + 1; larger <= MAX_ORDER && byOrder.size > 0; larger++) {
    const block = byOrder.get(larger)?.pop();
    if (block === undefined) continue;
    for (let half = larger - 1; half >= order; half--) {
      freeList(linux, half).push(block + 2 ** half);
    }
    return block;
  }
  return undefined;
}

/** Frames that were never given; those passed over for alignment become free ones. */
function takeNew(linux: Linux, order: number): number | undefined {
  const { ram } = linux;
  const pages = 2 ** order;
  const first = Math.ceil(ram.next / pages) * pages;
  if (first + pages > ram.end) return undefined;
  for (let skipped = ram.next; skipped < first; skipped++) ram.free.push(skipped);
  ram.next = first + pages;
  return first;
}

/** Joins free frames to the largest aligned blocks that they make. */
function merge(linux: Linux): void {
  const { byOrder } = subsystem(linux, FreeArea);
  const frames = new Set(linux.ram.free);
  for (const [order, list] of byOrder) {
    for (const block of list) for (let i = 0; i < 2 ** order; i++) frames.add(block + i);
  }
  byOrder.clear();
  linux.ram.free.length = 0;
  const sorted = [...frames].toSorted((a, b) => b - a);
  // From the highest down, so that the lowest stand at the end and are given first.
  for (let i = 0; i < sorted.length; ) {
    const top = present(sorted[i], 'a free frame');
    let order = 0;
    while (isWhole(frames, top, order + 1)) order++;
    freeList(linux, order).push(top + 1 - 2 ** order);
    i += 2 ** order;
  }
}

/** Whether the aligned block of that order which ends at `top` is all free. */
function isWhole(frames: ReadonlySet<number>, top: number, order: number): boolean {
  const pages = 2 ** order;
  if (order > MAX_ORDER || (top + 1) % pages !== 0) return false;
  for (let i = 0; i < pages; i++) if (!frames.has(top - i)) return false;
  return true;
}
