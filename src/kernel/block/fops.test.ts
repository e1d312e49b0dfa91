// Shows block devices as files: their page cache, direct I/O, mappings, and who holds them.

import { expect, test } from 'vitest';
import { attachRoles } from '../drivers/roles.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { do_sys_open, fput } from '../fs/namei.ts';
import { vfs_pread, vfs_pwrite } from '../fs/read_write.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { File } from '../include/linux/fs.ts';
import {
  O_APPEND,
  O_DIRECT,
  O_DIRECTORY,
  O_DSYNC,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
} from '../include/linux/fs.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import { do_mmap } from '../mm/mmap.ts';
import { user_store } from '../mm/memory.ts';
import { bdevOpeners } from './bdev.ts';
import { readDevice } from './bio.ts';
import { blkdev_open, I_BDEV } from './fops.ts';
import { bd_claim, bdevBytes, lookup_bdev } from './genhd.ts';
import { present } from '../../base/index.ts';

const PATH = '/dev/role/fsdax0';

function boot() {
  const { linux } = testKernel('6.12');
  attachRoles(linux);
  const task = present(linux.tasks[0], 'first task');
  const bdev = lookup_bdev(linux, PATH);
  if (IS_ERR(bdev)) throw new Error('no disk');
  const open = (flags: number): File => {
    const file = do_sys_open(task, PATH, flags, 0);
    if (IS_ERR(file)) throw new Error(`open: ${file}`);
    return file;
  };
  const write = (file: File, offset: number, bytes: Uint8Array, misaligned = 0) =>
    linux.now(vfs_pwrite(task, file, { offset }, iovBytes(linux, bytes, misaligned)));
  const read = (file: File, offset: number, length: number, misaligned = 0) => {
    const sink = iovSink(linux, length, misaligned);
    const done = linux.now(vfs_pread(task, file, { offset }, sink));
    return done < 0 ? done : sink.bytes().slice(0, done);
  };
  const onDevice = (offset: number, length: number) =>
    linux.now(readDevice(linux, bdev, { offset, length }));
  return { linux, task, bdev, open, write, read, onDevice };
}

const page = (byte: number) => new Uint8Array(4096).fill(byte);

test('writes stay in the page cache until the last one closes the device', () => {
  const { linux, open, write, read, onDevice, bdev } = boot();
  const [a, b] = [open(O_RDWR), open(O_RDONLY)];
  expect(write(a, 100, new Uint8Array([1, 2]))).toBe(2);
  expect(read(b, 100, 2)).toEqual(new Uint8Array([1, 2]));
  expect(onDevice(100, 2)).toEqual(new Uint8Array(2));
  linux.now(fput(a));
  expect(onDevice(100, 2)).toEqual(new Uint8Array(2));
  expect(bdevOpeners(linux, bdev)).toBe(1);
  linux.now(fput(b));
  expect(onDevice(100, 2)).toEqual(new Uint8Array([1, 2]));
  expect([bdevOpeners(linux, bdev), I_BDEV(b.f_inode)]).toEqual([0, undefined]);
});

test('fsync and O_DSYNC write back', () => {
  const { linux, task, open, write, onDevice } = boot();
  const file = open(O_RDWR);
  write(file, 0, page(1));
  expect(linux.now(file.f_op.fsync?.(task, file, 0, 4095, false) ?? nothing())).toBe(0);
  expect(onDevice(0, 4096)).toEqual(page(1));
  write(open(O_WRONLY | O_DSYNC), 4096, page(2));
  expect(onDevice(4096, 4096)).toEqual(page(2));
});

function* nothing() {
  yield* [];
  return -1;
}

test('direct I/O wants whole logical blocks, and agrees with the cache', () => {
  const { open, write, read, onDevice } = boot();
  const [cached, direct] = [open(O_RDWR), open(O_RDWR | O_DIRECT)];
  write(cached, 0, page(3));
  expect(read(direct, 0, 4096)).toEqual(page(3));
  expect(write(direct, 0, page(4))).toBe(4096);
  expect(read(cached, 0, 4096)).toEqual(page(4));
  expect(onDevice(0, 4096)).toEqual(page(4));
  expect(read(direct, 0, 100)).toBe(-E.EINVAL);
  expect(read(direct, 1, 512)).toBe(-E.EINVAL);
  expect(read(direct, 0, 512, 1)).toBe(-E.EINVAL);
  expect(write(direct, 0, page(1), 1)).toBe(-E.EINVAL);
});

test('the end of the device', () => {
  const { open, write, read, bdev } = boot();
  const file = open(O_RDWR);
  const end = bdevBytes(bdev);
  expect(read(file, end, 10)).toEqual(new Uint8Array());
  expect(read(file, end - 4, 10)).toEqual(new Uint8Array(4));
  expect(write(file, end - 4, new Uint8Array(10).fill(1))).toBe(4);
  expect(write(file, end, page(1))).toBe(-E.ENOSPC);
  expect(write(open(O_RDWR | O_APPEND), 0, page(1))).toBe(-E.ENOSPC);
});

test('mappings are of the page cache: no MAP_SYNC', () => {
  const { linux, task, open, read } = boot();
  const file = open(O_RDWR);
  const map = { file, offset: 0, length: 4096, read: true, write: true } as const;
  const sync = linux.now(do_mmap(task, { ...map, type: 'shared_validate', sync: true }));
  expect(sync).toBe(-E.EOPNOTSUPP);
  const address = linux.now(do_mmap(task, { ...map, type: 'shared' }));
  expect(linux.now(user_store(task, address, new Uint8Array([9])))).toMatchObject({ kind: 'done' });
  expect(read(file, 0, 1)).toEqual(new Uint8Array([9]));
});

test('O_EXCL holds, and is refused for what is held; a directory it is not', () => {
  const { linux, task, open, bdev } = boot();
  const file = open(O_RDWR | O_EXCL);
  expect(bdev.bd_holder).toBe(file);
  expect(blkdev_open(task, PATH, O_RDWR | O_EXCL)).toBe(-E.EBUSY);
  linux.now(fput(file));
  expect(bd_claim(bdev, {})).toBe(0);
  expect(blkdev_open(task, PATH, O_RDONLY | O_DIRECTORY)).toBe(-E.ENOTDIR);
  expect(blkdev_open(task, '/dev/nosuch', O_RDONLY)).toBe(-E.ENOENT);
  bdev.bd_disk.ro = true;
  expect(blkdev_open(task, PATH, O_RDWR)).toBe(-E.EACCES);
});

test('fallocate zeroes in whole blocks and does nothing else; no data or hole is sought', () => {
  const { linux, task, open, write, onDevice } = boot();
  const file = open(O_RDWR);
  write(file, 0, page(5));
  const { f_op } = file;
  const call = (mode: 'zero' | 'punch' | 'alloc', offset: number, length: number) =>
    linux.now(f_op.fallocate?.(task, file, mode, offset, length) ?? nothing());
  expect(call('zero', 512, 512)).toBe(0);
  expect(onDevice(0, 1024)).toEqual(page(5).fill(0, 512).subarray(0, 1024));
  expect(call('zero', 1, 512)).toBe(-E.EINVAL);
  expect(call('punch', 0, 512)).toBe(-E.EOPNOTSUPP);
  expect(call('alloc', 0, 512)).toBe(-E.EOPNOTSUPP);
  expect(linux.now(f_op.llseek?.(task, file, 0, 'data') ?? nothing())).toBe(-E.EINVAL);
});

test('statx tells the alignment of direct I/O', () => {
  const { open } = boot();
  const { f_inode } = open(O_RDONLY);
  expect(f_inode.i_op.getattr(f_inode)).toEqual({
    size: 0,
    blksize: 4096,
    dio: { mem_align: 512, offset_align: 512 },
  });
});
