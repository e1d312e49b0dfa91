// Shows virtiofs: options with and without a window, files through the page cache and by DAX, and
// what the host has of them.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { testKernel } from '../../drivers/test-kernel.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import { O_APPEND, O_CREAT, O_RDWR } from '../../include/linux/fs.ts';
import { iovBytes, iovSink } from '../../lib/iov_iter.ts';
import type { ForcedGate, ReleaseId } from '../../linux.ts';
import { do_mmap, do_munmap } from '../../mm/mmap.ts';
import { user_load, user_store } from '../../mm/memory.ts';
import { shmem_fs_type } from '../../mm/shmem.ts';
import { noSteps } from '../../steps.ts';
import { drop_caches } from '../drop_caches.ts';
import { do_sys_open, fput, sys_ftruncate, sys_mkdir, sys_rename, sys_unlink } from '../namei.ts';
import {
  init_mount_tree,
  proc_mounts_entry,
  sys_mount,
  sys_remount,
  sys_umount,
} from '../namespace.ts';
import { vfs_pread, vfs_pwrite } from '../read_write.ts';
import { vfs_statx } from '../stat.ts';
import { virtio_fs_probe, virtio_fs_type } from './virtio_fs.ts';

const MiB = 2 ** 20;
const WINDOW = { start: 2 ** 33, length: 4 * MiB };

/** A kernel with the device `kt`, and `win` with a window of two ranges. */
function boot(release: ReleaseId = '6.12', gate: ForcedGate = 'stock') {
  const { linux } = testKernel(release, { gate });
  for (const type of [shmem_fs_type, virtio_fs_type]) linux.file_systems.set(type.name, type);
  const task = present(linux.tasks[0], 'first task');
  init_mount_tree(task);
  sys_mkdir(task, '/m', 0o755);
  sys_mkdir(task, '/m2', 0o755);
  const probed = virtio_fs_probe(linux, { tag: 'win', window: WINDOW });
  const mount = (device: string, options: string, dir = '/m') =>
    sys_mount(task, { fstype: 'virtiofs', device, dir, options });
  const open = (path = '/m/f', flags = O_RDWR | O_CREAT) => {
    const file = do_sys_open(task, path, flags, 0o644);
    if (IS_ERR(file)) throw new Error(`${path}: ${file}`);
    const write = (offset: number, byte: number, length: number) => {
      const bytes = iovBytes(linux, { byte, length });
      return linux.now(vfs_pwrite(task, file, { offset }, bytes));
    };
    const read = (offset: number, length: number) => {
      const sink = iovSink(linux, length);
      const done = linux.now(vfs_pread(task, file, { offset }, sink));
      return done < 0 ? done : [...sink.bytes().subarray(0, done)];
    };
    const map = (length: number) => {
      const request = { file, offset: 0, length, read: true, write: true } as const;
      return linux.now(do_mmap(task, { ...request, type: 'shared' }));
    };
    return { file, write, read, map, close: () => linux.now(fput(file)) };
  };
  return { linux, task, probed, mount, open };
}

test.each<readonly [string, string, string | undefined]>([
  ['kt', '', 'rw,relatime'],
  ['kt', 'dax=never', 'rw,relatime,dax=never'],
  ['kt', 'dax=inode', 'rw,relatime,dax=inode'],
  ['kt', 'dax', undefined],
  ['kt', 'dax=always', undefined],
  ['kt', 'mystery', undefined],
  ['nosuchtag', '', undefined],
  ['win', 'dax', 'rw,relatime,dax=always'],
  ['win', 'dax=always,dax=inode', 'rw,relatime,dax=inode'],
])('tag %s with options "%s" is shown as %s', (tag, options, opts) => {
  const { linux, mount } = boot();
  expect(mount(tag, options)).toBe(opts === undefined ? -E.EINVAL : 0);
  if (opts !== undefined) expect(proc_mounts_entry(linux, '/m')?.opts).toBe(opts);
});

test('where alloc_dax() refuses, 6.12 has a device without a window and 6.1 none', () => {
  const recent = boot('6.12', 'EOPNOTSUPP');
  expect([recent.probed, recent.mount('win', 'dax'), recent.mount('win', '')]).toEqual([
    0,
    -E.EINVAL,
    0,
  ]);
  const old = boot('6.1', 'EOPNOTSUPP');
  expect([old.probed, old.mount('win', '')]).toEqual([-E.EOPNOTSUPP, -E.EINVAL]);
});

test('a file without DAX: written through, mapped, and there again after umount', () => {
  const { linux, task, mount, open } = boot();
  mount('kt', '');
  sys_mkdir(task, '/m/d', 0o700);
  const f = open();
  expect(f.write(100, 1, 5000)).toBe(5000);
  const map = f.map(8192);
  expect(linux.now(user_load(task, map + 100, 1))).toEqual({
    kind: 'done',
    value: new Uint8Array([1]),
  });
  linux.now(user_store(task, map + 4096, new Uint8Array([2])));
  expect(f.read(4095, 3)).toEqual([1, 2, 1]);
  linux.now(do_munmap(task, map, 8192));
  f.close();
  expect(linux.now(sys_rename(task, '/m/f', '/m/d/g', { exchange: false }))).toBe(0);
  expect(sys_remount(task, { dir: '/m', options: 'dax=never' })).toBe(0);
  expect(proc_mounts_entry(linux, '/m')?.opts).toBe('rw,relatime');
  expect(sys_umount(task, '/m')).toBe(0);
  expect(mount('kt', '')).toBe(0);
  const g = open('/m/d/g', O_RDWR);
  expect(g.read(4095, 3)).toEqual([1, 2, 1]);
  expect(g.read(5100, 1)).toEqual([]);
  expect(vfs_statx(task, '/m/d/g')).toMatchObject({ attr_dax: false, size: 5100 });
});

test('sizes, holes, appending, allocation, and files that are deleted', () => {
  const { linux, task, mount, open } = boot();
  mount('kt', '');
  const f = open();
  f.write(0, 3, 6000);
  expect(linux.now(sys_ftruncate(task, f.file, 100))).toBe(0);
  expect(linux.now(sys_ftruncate(task, f.file, 6000))).toBe(0);
  expect(f.read(99, 2)).toEqual([3, 0]);
  open('/m/f', O_RDWR | O_APPEND).write(0, 4, 1);
  expect(f.read(6000, 10)).toEqual([4]);
  const { f_op } = f.file;
  const call = (mode: 'punch' | 'alloc' | 'collapse', offset: number, length: number) =>
    linux.now(f_op.fallocate?.(task, f.file, mode, offset, length) ?? noSteps(1));
  expect([call('punch', 50, 10), call('alloc', 0, 7000), call('collapse', 0, 4096)]).toEqual([
    0,
    0,
    -E.EOPNOTSUPP,
  ]);
  drop_caches(linux);
  expect([f.read(49, 2), f.read(59, 2), f.file.f_inode.i_size.peek()]).toEqual([
    [3, 0],
    [0, 3],
    7000,
  ]);
  const seek = (offset: number, whence: 'data' | 'hole') =>
    linux.now(f_op.llseek?.(task, f.file, offset, whence) ?? noSteps(1));
  expect([seek(7, 'data'), seek(7, 'hole'), seek(7000, 'data')]).toEqual([7, 7000, -E.ENXIO]);
  expect(f.file.f_inode.i_op).not.toHaveProperty('fileattr_get');
  f.close();
  expect(linux.now(sys_unlink(task, '/m/f'))).toBe(0);
  expect(do_sys_open(task, '/m/f', O_RDWR, 0)).toBe(-E.ENOENT);
});

test('a device mounted twice is one connection', () => {
  const { task, mount, open } = boot();
  mount('kt', 'dax=never');
  expect(mount('kt', '', '/m2')).toBe(0);
  open('/m/f').write(0, 1, 1);
  expect(open('/m2/f', O_RDWR).read(0, 1)).toEqual([1]);
  expect(sys_umount(task, '/m2')).toBe(-E.EBUSY);
});

test('DAX in the window: the host sees what memory has, and keeps it', () => {
  const { linux, task, mount, open } = boot();
  mount('win', 'dax');
  const f = open();
  expect(f.write(0, 5, 5000)).toBe(5000);
  expect(vfs_statx(task, '/m/f')).toMatchObject({ attr_dax: true, size: 5000 });
  // Within the file it goes through the window, without a page cache.
  expect(f.write(10, 6, 10)).toBe(10);
  expect(f.read(9, 3)).toEqual([5, 6, 6]);
  const map = f.map(8192);
  linux.now(user_store(task, map + 4096, new Uint8Array([7])));
  expect(f.read(4095, 3)).toEqual([5, 7, 5]);
  expect(linux.now(user_load(task, map + 10, 1))).toEqual({
    kind: 'done',
    value: new Uint8Array([6]),
  });
  expect(f.read(5000, 1)).toEqual([]);
  linux.now(do_munmap(task, map, 8192));
  f.close();
  expect(sys_umount(task, '/m')).toBe(0);
  expect(mount('win', 'dax=never')).toBe(0);
  const again = open('/m/f', O_RDWR);
  expect(vfs_statx(task, '/m/f')).toMatchObject({ attr_dax: false });
  expect(again.read(4095, 3)).toEqual([5, 7, 5]);
});

test('a window that is full has no room for more', () => {
  const { mount, open } = boot();
  mount('win', 'dax');
  const big = open('/m/big');
  big.write(4 * MiB, 1, 1);
  expect(big.read(0, 1)).toEqual([0]);
  expect(big.read(2 * MiB, 1)).toEqual([0]);
  expect(big.read(4 * MiB, 1)).toBe(-E.EBUSY);
});
