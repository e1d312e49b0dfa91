// Shows tmpfs: options, files in the page cache alone, and no DAX.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { do_sys_open, fput, sys_ftruncate, sys_mkdir } from '../fs/namei.ts';
import {
  init_mount_tree,
  proc_mounts_entry,
  sys_mount,
  sys_remount,
  sys_umount,
} from '../fs/namespace.ts';
import { vfs_pread, vfs_pwrite } from '../fs/read_write.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import { O_APPEND, O_CREAT, O_DIRECT, O_RDWR } from '../include/linux/fs.ts';
import { FS_APPEND_FL, FS_DAX_FL, FS_XFLAG_APPEND } from '../include/uapi/linux/fs.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import type { ReleaseId } from '../linux.ts';
import { noSteps } from '../steps.ts';
import { do_mmap } from './mmap.ts';
import { shmem_fs_type } from './shmem.ts';

function boot(release: ReleaseId = '6.12') {
  const { linux } = testKernel(release);
  linux.file_systems.set('tmpfs', shmem_fs_type);
  const task = present(linux.tasks[0], 'first task');
  init_mount_tree(task);
  sys_mkdir(task, '/m', 0o755);
  const mount = (options: string) =>
    sys_mount(task, { fstype: 'tmpfs', device: 'none', dir: '/m', options });
  const open = (flags = O_RDWR | O_CREAT) => {
    const file = do_sys_open(task, '/m/f', flags, 0o644);
    if (IS_ERR(file)) throw new Error(`open: ${file}`);
    return file;
  };
  return { linux, task, mount, open };
}

const opts = (words: string) => `rw,relatime${words}`;

test.each<readonly [string, string | undefined]>([
  ['', ',inode64'],
  ['size=10m', ',size=10240k,inode64'],
  ['size=1', ',size=4k,inode64'],
  ['size=50%', ',size=524288k,inode64'],
  ['nr_blocks=2,nr_inodes=1k', ',size=8k,nr_inodes=1024,inode64'],
  ['mode=755,uid=1,gid=2', ',mode=755,uid=1,gid=2,inode64'],
  ['inode32,huge=always', ',inode32,huge=always'],
  ['mpol=interleave:0-3', ',inode64,mpol=interleave:0-3'],
  ['noswap', ',inode64,noswap'],
  ['dax', undefined],
  ['dax=never', undefined],
  ['size=x', undefined],
  ['mode=9', undefined],
  ['huge=mystery', undefined],
  ['size', undefined],
])('options %s are shown as %s', (options, shown) => {
  const { linux, mount } = boot();
  expect(mount(options)).toBe(shown === undefined ? -E.EINVAL : 0);
  if (shown !== undefined) expect(proc_mounts_entry(linux, '/m')?.opts).toBe(opts(shown));
});

test('6.1 has no noswap', () => {
  expect(boot('6.1').mount('noswap')).toBe(-E.EINVAL);
});

test('a remount changes sizes, not the owner, and cannot bring a limit', () => {
  const { linux, task, mount } = boot();
  mount('size=0,uid=5');
  const remount = (options: string) => sys_remount(task, { dir: '/m', options });
  expect(remount('size=1m')).toBe(-E.EINVAL);
  expect(remount('noswap')).toBe(-E.EINVAL);
  expect(remount('huge=advise,uid=7')).toBe(0);
  expect(remount('dax=always')).toBe(-E.EINVAL);
  expect(proc_mounts_entry(linux, '/m')?.opts).toBe(opts(',size=0k,uid=5,inode64,huge=advise'));
});

test('what is written stays, in holes and behind them', () => {
  const { linux, task, mount, open } = boot();
  mount('');
  const file = open();
  const write = (offset: number, byte: number) => {
    const bytes = iovBytes(linux, new Uint8Array([byte]));
    return linux.now(vfs_pwrite(task, file, { offset }, bytes));
  };
  expect([write(5000, 1), write(9000, 2)]).toEqual([1, 1]);
  const appended = iovBytes(linux, new Uint8Array([3]));
  linux.now(vfs_pwrite(task, open(O_RDWR | O_APPEND), { offset: 0 }, appended));
  const read = () => {
    const sink = iovSink(linux, 10_000);
    const done = linux.now(vfs_pread(task, file, { offset: 0 }, sink));
    return { done, found: [5000, 9000, 9001].map((at) => sink.bytes()[at]) };
  };
  expect(read()).toEqual({ done: 9002, found: [1, 2, 3] });
  const call = (offset: number, whence: 'data' | 'hole') =>
    linux.now(file.f_op.llseek?.(task, file, offset, whence) ?? noSteps(1));
  expect([call(0, 'data'), call(4096, 'hole'), call(9002, 'data')]).toEqual([4096, 9002, -E.ENXIO]);
  const allocate = (mode: 'punch' | 'keep-size' | 'alloc' | 'zero', offset: number) =>
    linux.now(file.f_op.fallocate?.(task, file, mode, offset, 4096) ?? noSteps(1));
  expect(allocate('punch', 4096)).toBe(0);
  expect(allocate('keep-size', 40_960)).toBe(0);
  expect(read()).toEqual({ done: 9002, found: [0, 2, 3] });
  expect(allocate('alloc', 12_288)).toBe(0);
  expect(file.f_inode.i_size.peek()).toBe(16_384);
  expect(allocate('zero', 0)).toBe(-E.EOPNOTSUPP);
  expect(linux.now(sys_ftruncate(task, file, 9000))).toBe(0);
  expect(linux.now(sys_ftruncate(task, file, 9500))).toBe(0);
  expect(read()).toEqual({ done: 9500, found: [0, 0, 0] });
});

test('no MAP_SYNC, direct I/O by release, flags by the one call only', () => {
  const { linux, task, mount, open } = boot();
  mount('');
  const file = open();
  const map = { file, offset: 0, length: 4096, read: true, write: true, sync: true } as const;
  expect(linux.now(do_mmap(task, { ...map, type: 'shared_validate' }))).toBe(-E.EOPNOTSUPP);
  expect(IS_ERR(do_sys_open(task, '/m/f', O_RDWR | O_DIRECT, 0))).toBe(false);
  const { f_inode } = file;
  const { i_op } = f_inode;
  const change = (by: 'xflags' | 'flags', flags: number) =>
    linux.now(i_op.fileattr_set?.(task, f_inode, { by, flags, fsx_xflags: 0 }) ?? noSteps(1));
  expect(change('xflags', 0)).toBe(-E.EOPNOTSUPP);
  expect(change('flags', FS_DAX_FL)).toBe(-E.EOPNOTSUPP);
  expect(change('flags', FS_APPEND_FL)).toBe(0);
  expect(i_op.fileattr_get?.(f_inode)).toEqual({
    flags: FS_APPEND_FL,
    fsx_xflags: FS_XFLAG_APPEND,
  });
});

test('6.1 has no direct I/O; a file that is open keeps the mount', () => {
  const { linux, task, mount, open } = boot('6.1');
  mount('');
  const file = open();
  expect(do_sys_open(task, '/m/f', O_RDWR | O_DIRECT, 0)).toBe(-E.EINVAL);
  expect(sys_umount(task, '/m')).toBe(-E.EBUSY);
  linux.now(fput(file));
  expect(sys_umount(task, '/m')).toBe(0);
});
