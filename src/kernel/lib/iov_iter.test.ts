// Buffers of reads and writes: what they give, what arrives, and what a device gets to work on.

import { describe, expect, test } from 'vitest';
import { kernelStore, pfnToKaddr } from '../arch/map.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { E } from '../include/linux/errno.ts';
import { do_munmap } from '../mm/mmap.ts';
import { letters, TestFile } from '../mm/test-file.ts';
import { iovBytes, iovSink, iovUser } from './iov_iter.ts';

const PAGE = 4096;

describe('a buffer of given bytes', () => {
  test('gives them in order, and counts down', () => {
    const { linux } = testKernel('6.12');
    const iter = iovBytes(linux, new Uint8Array([1, 2, 3]));
    expect(linux.now(iter.copy_from(2))).toEqual(new Uint8Array([1, 2]));
    expect([iter.count, iter.data_source]).toEqual([1, true]);
    expect(linux.now(iter.copy_from(9))).toEqual(new Uint8Array([3]));
  });

  test('of one byte gives the same page again and again', () => {
    const { linux } = testKernel('6.12');
    const iter = iovBytes(linux, { byte: 7, length: 3 * PAGE });
    const first = linux.now(iter.copy_from(PAGE));
    expect(linux.now(iter.copy_from(PAGE))).toBe(first);
    expect(linux.now(iter.copy_from(10))).toEqual(new Uint8Array(10).fill(7));
  });

  test('lies in page frames once it is pinned, cut where its alignment says', () => {
    const { linux } = testKernel('6.12');
    const iter = iovBytes(linux, letters('A', PAGE + 10), 100);
    const vecs = linux.now(iter.pin(PAGE + 10));
    const pieces = typeof vecs === 'number' ? [] : vecs;
    expect(pieces.map(({ lengthBytes }) => lengthBytes)).toEqual([PAGE - 100, 110]);
    expect(pieces.map(({ paddr }) => paddr % PAGE)).toEqual([100, 0]);
    expect(linux.page_pins.count).toBe(2);
    linux.now(iter.unpin(pieces, false));
    expect(linux.page_pins.count).toBe(0);
  });

  test('is -EFAULT where it cannot be pinned', () => {
    const { linux, failing } = testKernel('6.12');
    failing.add('pin_user_pages');
    expect(linux.now(iovBytes(linux, letters('A', 1)).pin(1))).toBe(-E.EFAULT);
  });
});

test('a buffer to fill has what was copied and what a device left in its pages', () => {
  const { linux } = testKernel('6.12');
  const sink = iovSink(linux, PAGE + 1);
  linux.now(sink.copy_to(letters('A', 1)));
  const vecs = linux.now(sink.pin(PAGE));
  const pieces = typeof vecs === 'number' ? [] : vecs;
  for (const { paddr, lengthBytes } of pieces) {
    const kaddr = pfnToKaddr(linux, 0) + paddr;
    linux.now(kernelStore(linux, kaddr, letters('D', lengthBytes)));
  }
  linux.now(sink.unpin(pieces, true));
  expect(sink.bytes()).toEqual(new Uint8Array([65, ...letters('D', PAGE)]));
});

describe('a buffer in a mapping', () => {
  test('gives fewer bytes where memory ends in its middle, then -EFAULT', () => {
    const file = new TestFile();
    file.pwrite(0, letters('A', PAGE));
    const address = file.mmap(2 * PAGE);
    const iter = iovUser(file.task, address + PAGE - 3, 10, 'source');
    expect(file.run(iter.copy_from(10))).toEqual(letters('A', 3));
    expect(file.run(iter.copy_from(7))).toBe(-E.EFAULT);
  });

  test('pinned for a read is dirty when the device has filled it', () => {
    const file = new TestFile();
    file.pwrite(0, letters('A', PAGE));
    const address = file.mmap(PAGE);
    const iter = iovUser(file.task, address, PAGE, 'dest');
    const vecs = file.run(iter.pin(PAGE));
    const pieces = typeof vecs === 'number' ? [] : vecs;
    expect(pieces).toHaveLength(1);
    const a_ops = file.inode.i_mapping.a_ops.peek();
    if (a_ops !== undefined) file.run(a_ops.writepages(file.inode, 0, PAGE, true));
    expect(file.inode.i_mapping.tags.count).toBe(0);
    file.run(iter.unpin(pieces, true));
    expect(file.inode.i_mapping.tags.count).toBe(1);
  });

  test('that is not mapped, or may not be written, is -EFAULT', () => {
    const file = new TestFile({ size: PAGE });
    const address = file.mmap(PAGE, { write: false });
    expect(file.run(iovUser(file.task, address, 1, 'dest').pin(1))).toBe(-E.EFAULT);
    file.run(do_munmap(file.task, address, PAGE));
    expect(file.run(iovUser(file.task, address, 1, 'source').pin(1))).toBe(-E.EFAULT);
    expect(file.linux.page_pins.count).toBe(0);
  });
});
