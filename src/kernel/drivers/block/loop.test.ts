// Shows loop devices over files and disks: what is copied, what is held, what losetup says.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { readDevice, submit_bio, writeDevice } from '../../block/bio.ts';
import { blkdev_open } from '../../block/fops.ts';
import { queueAttribute } from '../../block/blk-sysfs.ts';
import { bd_claim, bdevBytes, lookup_bdev } from '../../block/genhd.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import { O_CREAT, O_RDONLY, O_RDWR } from '../../include/linux/fs.ts';
import { do_sys_open, fput, sys_mkdir } from '../../fs/namei.ts';
import { vfs_pread, vfs_pwrite } from '../../fs/read_write.ts';
import { iovBytes, iovSink } from '../../lib/iov_iter.ts';
import { noSteps } from '../../steps.ts';
import { attachRoles } from '../roles.ts';
import { testKernel } from '../test-kernel.ts';
import { losetup } from './loop.ts';
import { init_mount_tree } from '../../fs/namespace.ts';

function boot() {
  const { linux } = testKernel('6.12');
  attachRoles(linux);
  const task = present(linux.tasks[0], 'first task');
  init_mount_tree(task);
  const tool = (words: string) => losetup(linux, task, words.split(' '));
  const device = (path = '/dev/loop0'): BlockDevice => {
    const bdev = lookup_bdev(linux, path);
    if (IS_ERR(bdev)) throw new Error(`${path}: ${bdev}`);
    return bdev;
  };
  const makeFile = (path: string, bytes: Uint8Array) => {
    const file = do_sys_open(task, path, O_RDWR | O_CREAT, 0o644);
    if (IS_ERR(file)) throw new Error(`${path}: ${file}`);
    linux.now(vfs_pwrite(task, file, { offset: 0 }, iovBytes(linux, bytes)));
    linux.now(fput(file));
  };
  return { linux, task, tool, device, makeFile };
}

const bytes = (byte: number, length: number) => new Uint8Array(length).fill(byte);

test('a file as a disk, without DAX', () => {
  const { linux, task, tool, device, makeFile } = boot();
  makeFile('/img', bytes(1, 10_000));
  expect(tool('/dev/loop0 /img')).toEqual({ rc: 0, stdout: '', stderr: '' });
  const bdev = device();
  expect([bdevBytes(bdev), queueAttribute(linux, bdev, 'dax')]).toEqual([9728, '0']);
  expect(linux.now(readDevice(linux, bdev, { offset: 0, length: 9728 }))).toEqual(bytes(1, 9728));
  expect(linux.now(writeDevice(linux, bdev, { offset: 5000, bytes: bytes(2, 300) }))).toBe(0);
  const file = do_sys_open(task, '/img', O_RDONLY, 0);
  if (IS_ERR(file)) throw new Error('open');
  const sink = iovSink(linux, 300);
  linux.now(vfs_pread(task, file, { offset: 5000 }, sink));
  expect(sink.bytes()).toEqual(bytes(2, 300));
  const flush = { op: 'flush', bdev, sector: 0, sectors: 0, vecs: [] } as const;
  expect(linux.now(submit_bio(linux, flush))).toBe(0);
});

test('what lies beyond the end of a file that shrank reads as zeroes', () => {
  const { linux, task, tool, device, makeFile } = boot();
  makeFile('/img', bytes(1, 8192));
  tool('/dev/loop0 /img');
  const file = do_sys_open(task, '/img', O_RDWR, 0);
  if (IS_ERR(file)) throw new Error('open');
  const { f_inode } = file;
  linux.now(f_inode.i_op.setattr_size?.(task, f_inode, 4096) ?? noSteps(-1));
  const read = linux.now(readDevice(linux, device(), { offset: 4096, length: 512 }));
  expect(read).toEqual(bytes(0, 512));
});

test('a disk behind another disk, through its page cache; an offset; read-only', () => {
  const { linux, tool, device } = boot();
  const below = device('/dev/role/brd1');
  expect(tool('-o 4096 /dev/loop0 /dev/role/brd1').rc).toBe(0);
  linux.now(writeDevice(linux, device(), { offset: 0, bytes: bytes(3, 512) }));
  const range = { offset: 4096, length: 512 };
  expect(linux.now(readDevice(linux, below, range))).toEqual(bytes(0, 512));
  expect(tool('-d /dev/loop0').rc).toBe(0);
  expect(linux.now(readDevice(linux, below, range))).toEqual(bytes(3, 512));
  expect(tool('-r /dev/loop1 /dev/role/brd1').rc).toBe(0);
  expect(device('/dev/loop1').bd_disk.ro).toBe(true);
  expect(queueAttribute(linux, device('/dev/loop1'), 'write_cache')).toBe('write through');
});

test('a device is bound once, and let go only when nobody uses it', () => {
  const { linux, task, tool, device, makeFile } = boot();
  makeFile('/img', bytes(1, 8192));
  tool('/dev/loop0 /img');
  expect(tool('/dev/loop0 /img').stderr).toBe('losetup: /dev/loop0: Device or resource busy');
  expect(tool('-f').stdout).toBe('/dev/loop1');
  expect(tool('-f --show /img').stdout).toBe('/dev/loop1');
  expect(tool('-a').stdout).toBe('/dev/loop0: 0 /img\n/dev/loop1: 0 /img');
  const file = blkdev_open(task, '/dev/loop0', O_RDONLY);
  if (IS_ERR(file)) throw new Error('open');
  expect(tool('-d /dev/loop0').rc).toBe(0);
  expect(bdevBytes(device())).toBe(8192);
  // The last user lets it go, after what is cached has been written.
  linux.now(fput(file));
  expect(bdevBytes(device())).toBe(0);
  expect(tool('-D').rc).toBe(0);
  expect(tool('-a').stdout).toBe('');
  expect(linux.now(readDevice(linux, device(), { offset: 0, length: 512 }))).toBe(-E.EIO);
  expect(tool('-d /dev/loop0').stderr).toBe('losetup: /dev/loop0: No such device or address');
});

test('what cannot be bound: nothing, a directory, a device that is held, no loop device', () => {
  const { linux, task, tool, device, makeFile } = boot();
  sys_mkdir(task, '/d', 0o755);
  makeFile('/img', bytes(1, 8192));
  expect(tool('/dev/loop0 /nosuch').stderr).toBe('losetup: /nosuch: No such file or directory');
  expect(tool('-r /dev/loop0 /d').stderr).toBe('losetup: /dev/loop0: Invalid argument');
  expect(tool('/dev/role/brd /img').rc).toBe(1);
  expect(tool('/dev/loop0').rc).toBe(1);
  bd_claim(device(), linux);
  expect(tool('/dev/loop0 /img').stderr).toBe('losetup: /dev/loop0: Device or resource busy');
});
