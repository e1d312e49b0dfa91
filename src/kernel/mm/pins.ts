// Pins of page frames, and how truncate waits until nobody has one. C waits until the reference
// count of the page is that of the file alone; here each pin holds a lock of the frame for reading.
// @source include/linux/mm.h try_grab_folio() v6.12

import type { Linux } from '../linux.ts';
import { lock, type Op, unlock, update } from '../steps.ts';

/** One pin more. */
export function* pinFrame(linux: Linux, pfn: number): Op<void> {
  yield* lock(linux.page_pin_locks.at(pfn), 'shared');
  yield* update(linux.page_pins, pfn, (pins) => pins + 1);
}

/** One pin less; who waits for the last one goes on. */
export function* unpinFrame(linux: Linux, pfn: number): Op<void> {
  yield* update(linux.page_pins, pfn, (pins) => pins - 1);
  yield* unlock(linux.page_pin_locks.at(pfn), 'shared');
}

/** Sleeps until nobody has the frame pinned. */
export function* waitForUnpin(linux: Linux, pfn: number): Op<void> {
  const pins = linux.page_pin_locks.at(pfn);
  yield* lock(pins);
  yield* unlock(pins);
}
