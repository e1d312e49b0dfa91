// Shows superblocks found by their bytes, and blocks given out and taken back.

import { expect, test } from 'vitest';
import { writeDevice } from '../block/bio.ts';
import { E } from '../include/linux/errno.ts';
import type { SuperBlock } from '../include/linux/fs.ts';
import { TestFile } from '../mm/test-file.ts';
import {
  allocBlocks,
  blockUsers,
  countFreeBlocks,
  format_image,
  freeBlocks,
  type NewImage,
  read_super_magic,
  reserveBlocks,
  shareBlocks,
} from './image.ts';
import { TestDisk } from './test-disk.ts';

function newImage(disk: TestDisk, format: NewImage['format']): NewImage {
  return { ...disk.image, format };
}

test('a superblock is found by its bytes, until another one or something else is there', () => {
  const { image } = new TestDisk();
  const { linux, bdev } = new TestFile();
  expect(read_super_magic(linux, bdev)).toBe(undefined);
  for (const format of ['ext2', 'xfs', 'erofs', 'ext4'] as const) {
    const made = format_image(linux, bdev, { ...image, format });
    expect(made).toMatchObject({ format });
    expect(read_super_magic(linux, bdev)).toBe(made);
  }
  linux.now(writeDevice(linux, bdev, { offset: 0, bytes: new Uint8Array(4096) }));
  expect(read_super_magic(linux, bdev)).toBe(undefined);
});

test('images of a kernel have numbers of their own', () => {
  const disk = new TestDisk();
  const { linux, bdev } = new TestFile();
  const numbers = (['ext4', 'xfs'] as const).map((format) => {
    const made = format_image(linux, bdev, newImage(disk, format));
    return typeof made === 'number' ? made : made.id;
  });
  expect(numbers).toEqual([1, 2]);
});

function superOf(disk: TestDisk): SuperBlock {
  if (disk.sb === undefined) throw new Error('the test filesystem is mounted');
  return disk.sb;
}

test('the lowest free run is given first, and freed blocks are given again', () => {
  const disk = new TestDisk();
  const sb = superOf(disk);
  expect(countFreeBlocks(disk.image)).toBe(90);
  expect(disk.run(allocBlocks(sb, { wanted: 5 }))).toEqual({ start: 10, count: 5 });
  expect(disk.run(allocBlocks(sb, { wanted: 5 }))).toEqual({ start: 15, count: 5 });
  disk.run(freeBlocks(sb, { start: 12, count: 2 }));
  expect(sb.free_blocks.peek()).toBe(82);
  expect(disk.run(allocBlocks(sb, { wanted: 5, near: 20 }))).toEqual({ start: 20, count: 5 });
  expect(disk.run(allocBlocks(sb, { wanted: 5 }))).toEqual({ start: 12, count: 2 });
  expect(disk.run(allocBlocks(sb, { wanted: 5, align: 16 }))).toEqual({ start: 32, count: 5 });
  expect(disk.run(allocBlocks(sb, { wanted: 5 }))).toEqual({ start: 25, count: 5 });
});

test('reserved blocks are not counted twice, and none are left in the end', () => {
  const disk = new TestDisk();
  const sb = superOf(disk);
  expect(disk.run(reserveBlocks(sb, 90))).toBe(0);
  expect(disk.run(reserveBlocks(sb, 1))).toBe(-E.ENOSPC);
  expect(disk.run(allocBlocks(sb, { wanted: 1 }))).toBe(-E.ENOSPC);
  const run = { start: 10, count: 90 };
  expect(disk.run(allocBlocks(sb, { wanted: 90, reserved: true }))).toEqual(run);
  expect(sb.free_blocks.peek()).toBe(0);
  expect(disk.run(allocBlocks(sb, { wanted: 1, reserved: true }))).toBe(-E.ENOSPC);
});

test('a shared block is free when its last user has gone', () => {
  const disk = new TestDisk();
  const sb = superOf(disk);
  const run = { start: 10, count: 1 };
  expect(disk.run(allocBlocks(sb, { wanted: 1 }))).toEqual(run);
  disk.run(shareBlocks(sb, run));
  expect(disk.run(blockUsers(sb, 10))).toBe(2);
  disk.run(freeBlocks(sb, run));
  expect(sb.free_blocks.peek()).toBe(89);
  disk.run(freeBlocks(sb, run));
  expect(sb.free_blocks.peek()).toBe(90);
  expect(() => disk.run(freeBlocks(sb, run))).toThrow('in use when it is freed');
});
