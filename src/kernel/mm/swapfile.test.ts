// swapon(): what makes a swap file, and what a swap file may not be used for.

import { expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import { S_DAX } from '../include/linux/fs.ts';
import { sys_swapoff, sys_swapon } from './swapfile.ts';
import { letters, TestFile } from './test-file.ts';

const PAGE = 4096;

/** A file of `pages` with the header of a swap area of as many. */
function swapFile(pages: number, last = pages - 1): TestFile {
  const made = new TestFile();
  const header = new Uint8Array(PAGE);
  const view = new DataView(header.buffer);
  view.setUint32(1024, 1, true);
  view.setUint32(1028, last, true);
  header.set(new TextEncoder().encode('SWAPSPACE2'), PAGE - 10);
  made.pwrite(0, header);
  made.pwrite(PAGE, letters('\0', (pages - 1) * PAGE));
  return made;
}

test('a file with a header that fits is taken, once', () => {
  const made = swapFile(4);
  expect(made.run(sys_swapon(made.task, made.file))).toBe(0);
  expect(made.run(sys_swapon(made.task, made.file))).toBe(-E.EBUSY);
  expect(made.mmap(PAGE)).toBe(-E.ETXTBSY);
  expect(made.run(sys_swapoff(made.task, made.file))).toBe(0);
  expect(made.run(sys_swapoff(made.task, made.file))).toBe(-E.EINVAL);
});

test('a file without a header, or shorter than it says, is refused', () => {
  const empty = new TestFile({ size: 4 * PAGE });
  expect(empty.run(sys_swapon(empty.task, empty.file))).toBe(-E.EINVAL);
  const short = swapFile(4, 4);
  expect(short.run(sys_swapon(short.task, short.file))).toBe(-E.EINVAL);
});

test('a DAX file has no pages to read, and only root may ask', () => {
  const dax = swapFile(4);
  dax.inode.i_flags.poke(0, S_DAX);
  expect(dax.run(sys_swapon(dax.task, dax.file))).toBe(-E.EINVAL);
  dax.task.uid = 1;
  expect(dax.run(sys_swapon(dax.task, dax.file))).toBe(-E.EPERM);
});
