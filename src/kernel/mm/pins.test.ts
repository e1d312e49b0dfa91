// Pins of frames: who frees pages waits for them, and a page that is lost while it is pinned is
// looked for again.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import type { Op } from '../steps.ts';
import { pin_user_pages, unpin_user_pages } from './gup.ts';
import { pinFrame, unpinFrame, waitForUnpin } from './pins.ts';
import { letters, TestFile } from './test-file.ts';

test('whoever waits for a frame waits for its last pin', () => {
  const { linux } = testKernel('6.12');
  linux.now(pinFrame(linux, 9));
  linux.now(pinFrame(linux, 9));
  linux.now(unpinFrame(linux, 9));
  expect(linux.page_pins.peek(9)).toBe(1);
  expect(() => linux.now(waitForUnpin(linux, 9))).toThrow();
  linux.now(unpinFrame(linux, 9));
  linux.now(waitForUnpin(linux, 9));
  expect(linux.page_pins.count).toBe(0);
});

test('an entry that goes while its page is pinned is looked for once more', () => {
  const file = new TestFile();
  const { linux, task } = file;
  file.pwrite(0, letters('A', linux.PAGE_SIZE));
  const address = file.mmap(linux.PAGE_SIZE, { type: 'shared' });
  const key = address / linux.PAGE_SIZE;
  file.load(address, 1);
  const old = present(task.mm.ptes.peek(key), 'the entry');
  let moved = false;
  const moving = function* <T>(op: Op<T>): Op<T> {
    for (;;) {
      const next = op.next();
      if (next.done === true) return next.value;
      yield next.value;
      if (!moved && linux.page_pins.peek(old.pfn) === 1) {
        moved = true;
        task.mm.ptes.poke(key, { ...old, pfn: old.pfn + 1 });
      }
    }
  };
  const request = { address, length: 1, write: false };
  const pieces = linux.now(moving(pin_user_pages(task, request)));
  if (typeof pieces === 'number') throw new Error(`${pieces}`);
  expect(pieces.map(({ paddr }) => paddr / linux.PAGE_SIZE)).toEqual([old.pfn + 1]);
  expect([old.pfn, old.pfn + 1].map((pfn) => linux.page_pins.peek(pfn))).toEqual([0, 1]);
  linux.now(unpin_user_pages(linux, pieces, false));
  expect(linux.page_pins.count).toBe(0);
});
