// Shows how long inodes stay in memory: which references hold them, and what makes them go.

import { expect, test } from 'vitest';
import { O_CREAT, O_PATH, O_RDWR, O_TMPFILE, S_DAX } from '../include/linux/fs.ts';
import { FS_XFLAG_DAX } from '../include/uapi/linux/fs.ts';
import { drop_caches } from './drop_caches.ts';
import { evict, iget } from './inode.ts';
import { ioctl_fsgetxattr, ioctl_fssetxattr } from './ioctl.ts';
import { sys_link, sys_linkat_fd, sys_unlink } from './namei.ts';
import { sys_umount } from './namespace.ts';
import { vfs_fstatx, vfs_statx } from './stat.ts';
import { put, TestDisk } from './test-disk.ts';

function setDax(disk: TestDisk, path: string): void {
  const file = disk.open(path);
  expect(disk.run(ioctl_fssetxattr(disk.task, file, { fsx_xflags: FS_XFLAG_DAX }))).toBe(0);
  disk.close(file);
}

function isDax(disk: TestDisk, path: string): boolean {
  const stat = vfs_statx(disk.task, path);
  return typeof stat !== 'number' && stat.attr_dax;
}

test('an unused inode stays in memory until caches are dropped', () => {
  const disk = new TestDisk();
  disk.close(disk.open('/m/f', O_CREAT | O_RDWR));
  expect(disk.cached(11)).toBe(true);
  drop_caches(disk.linux);
  expect(disk.cached(11)).toBe(false);
  expect(vfs_statx(disk.task, '/m/f')).toMatchObject({ type: 'reg', size: 0 });
  expect(disk.events).toEqual(['read 2', 'evict 11', 'read 11']);
});

test('an open file, or a place opened by O_PATH, holds its inode while caches are dropped', () => {
  for (const flags of [O_RDWR, O_PATH]) {
    const disk = new TestDisk();
    disk.close(disk.open('/m/f', O_CREAT | O_RDWR));
    const file = disk.open('/m/f', flags);
    drop_caches(disk.linux);
    expect(disk.cached(11)).toBe(true);
    disk.close(file);
    drop_caches(disk.linux);
    expect(disk.cached(11)).toBe(false);
  }
});

test('an inode whose pages cannot be dropped stays, and is still found', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', O_CREAT | O_RDWR);
  const { i_pages } = file.f_inode.i_mapping;
  i_pages.poke(0, { kind: 'dax', pfn: 7, pmd: false, zero: false });
  disk.close(file);
  drop_caches(disk.linux);
  expect(disk.cached(11)).toBe(true);
  i_pages.poke(0, undefined);
  drop_caches(disk.linux);
  expect(disk.cached(11)).toBe(false);
});

test('after d_mark_dontcache() an inode goes with its last user, and S_DAX is decided anew', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', O_CREAT | O_RDWR);
  setDax(disk, '/m/f');
  expect(isDax(disk, '/m/f')).toBe(false);
  expect(vfs_fstatx(file).attr_dax).toBe(false);
  disk.close(file);
  expect(disk.cached(11)).toBe(false);
  expect(isDax(disk, '/m/f')).toBe(true);
});

test('a name that was looked up after d_mark_dontcache() keeps the old inode in memory', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', O_CREAT | O_RDWR);
  expect(sys_link(disk.task, '/m/f', '/m/g')).toBe(0);
  drop_caches(disk.linux);
  setDax(disk, '/m/f');
  expect(isDax(disk, '/m/g')).toBe(false);
  disk.close(file);
  expect(isDax(disk, '/m/f')).toBe(false);
  drop_caches(disk.linux);
  expect(isDax(disk, '/m/f')).toBe(true);
});

test('what was not committed is read again after eviction, and a crash loses it', () => {
  const disk = new TestDisk();
  disk.close(disk.open('/m/f', O_CREAT | O_RDWR));
  setDax(disk, '/m/f');
  expect(disk.cached(11)).toBe(false);
  expect(disk.image.inodes.has(11)).toBe(false);
  expect(isDax(disk, '/m/f')).toBe(true);
  expect(sys_umount(disk.task, '/m')).toBe(0);
  expect(disk.image.inodes.get(11)?.flags).not.toBe(0);
  expect(disk.image.inodes.get(2)?.entries.get('f')).toBe(11);
});

test('an unlinked file lives as long as it is open; its record goes with the next commit', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', O_CREAT | O_RDWR);
  drop_caches(disk.linux);
  expect(disk.run(sys_unlink(disk.task, '/m/f'))).toBe(0);
  expect(vfs_fstatx(file).size).toBe(0);
  disk.close(file);
  expect(disk.events.at(-1)).toBe('evict 11');
  expect(disk.image.inodes.has(11)).toBe(true);
  drop_caches(disk.linux);
  expect(disk.image.inodes.has(11)).toBe(false);
});

test('a file of O_TMPFILE goes with its last user unless it was given a name', () => {
  const disk = new TestDisk();
  disk.close(disk.open('/m', O_TMPFILE | O_RDWR));
  expect(disk.cached(11)).toBe(false);
  const file = disk.open('/m', O_TMPFILE | O_RDWR);
  expect(sys_linkat_fd(disk.task, file, '/m/named')).toBe(0);
  disk.close(file);
  expect(disk.cached(12)).toBe(true);
  expect(vfs_statx(disk.task, '/m/named')).toMatchObject({ type: 'reg' });
});

test('unmounting writes everything back and leaves no inode in memory', () => {
  const disk = new TestDisk();
  const sb = disk.sb;
  disk.close(disk.open('/m/f', O_CREAT | O_RDWR));
  const attributes = ioctl_fsgetxattr(disk.task, disk.open('/m2'));
  expect(attributes).not.toBe(0);
  expect(sys_umount(disk.task, '/m')).toBe(0);
  expect(sb?.inodes.size).toBe(0);
  expect(disk.events.slice(1)).toEqual(['evict 2', 'evict 11', 'put_super']);
  expect(disk.mount('/m')).toBe(0);
  expect(vfs_statx(disk.task, '/m/f')).toMatchObject({ type: 'reg' });
});

test('iget() of a number that no inode has is an I/O error, and references are counted', () => {
  const disk = new TestDisk();
  const { sb } = disk;
  if (sb === undefined) throw new Error('the test filesystem is mounted');
  expect(iget(sb, 99)).toBe(-5);
  const root = iget(sb, 2);
  if (typeof root === 'number') throw new Error('the root is there');
  expect(() => disk.run(evict(root))).toThrow('unused when it is evicted');
  put(disk, root);
  expect(root.i_flags.peek() & S_DAX).toBe(0);
});
