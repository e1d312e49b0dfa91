// Shows the answers of calls on names: which check comes first where several would fail.

import { expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import {
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
  S_APPEND,
  S_IMMUTABLE,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import {
  sys_chown,
  sys_ftruncate,
  sys_link,
  sys_mkdir,
  sys_mknod_fifo,
  sys_rename,
  sys_rmdir,
  sys_symlink,
  sys_truncate,
  sys_unlink,
} from './namei.ts';
import { sys_remount, sys_umount } from './namespace.ts';
import { vfs_statx } from './stat.ts';
import { TestDisk } from './test-disk.ts';

const CREATE = O_CREAT | O_RDWR;

function withFile(path = '/m/f'): TestDisk {
  const disk = new TestDisk();
  expect(disk.tryOpen(path, CREATE)).toBe(0);
  return disk;
}

function setFlag(disk: TestDisk, path: string, flag: number): void {
  const file = disk.open(path);
  file.f_inode.i_flags.poke(0, flag);
  disk.close(file);
}

test('open: what is missing, what is there, and directories', () => {
  const disk = withFile();
  expect(disk.tryOpen('/m/none')).toBe(-E.ENOENT);
  expect(disk.tryOpen('/m/f/below')).toBe(-E.ENOTDIR);
  expect(disk.tryOpen('/m/f/')).toBe(-E.ENOTDIR);
  expect(disk.tryOpen('/m/f', O_CREAT | O_EXCL | O_RDWR)).toBe(-E.EEXIST);
  expect(disk.tryOpen('/m', O_CREAT | O_EXCL)).toBe(-E.EEXIST);
  expect(disk.tryOpen('/m', O_CREAT)).toBe(-E.EISDIR);
  expect(disk.tryOpen('/m', O_RDWR)).toBe(-E.EISDIR);
  expect(disk.tryOpen('/m/f', O_DIRECTORY)).toBe(-E.ENOTDIR);
  expect(disk.tryOpen('/m', O_DIRECT)).toBe(-E.EINVAL);
  expect(disk.tryOpen('')).toBe(-E.ENOENT);
  expect(disk.tryOpen(`/m/${'x'.repeat(256)}`, CREATE)).toBe(-E.ENAMETOOLONG);
});

test('open: a mount that is read-only answers after -EEXIST and before permissions', () => {
  const disk = withFile();
  expect(sys_remount(disk.task, { dir: '/m', options: 'ro' })).toBe(0);
  expect(disk.tryOpen('/m/f')).toBe(0);
  expect(disk.tryOpen('/m/f', O_RDWR)).toBe(-E.EROFS);
  expect(disk.tryOpen('/m/f', O_TRUNC)).toBe(-E.EROFS);
  expect(disk.tryOpen('/m/g', CREATE)).toBe(-E.EROFS);
  expect(disk.tryOpen('/m/f', O_CREAT | O_EXCL)).toBe(-E.EEXIST);
  expect(disk.tryOpen('/m', O_TMPFILE | O_RDWR)).toBe(-E.EROFS);
  expect(sys_mkdir(disk.task, '/m/f', 0o755)).toBe(-E.EEXIST);
  expect(sys_mkdir(disk.task, '/m/d', 0o755)).toBe(-E.EROFS);
  expect(disk.run(sys_unlink(disk.task, '/m/none'))).toBe(-E.EROFS);
  expect(disk.run(sys_truncate(disk.task, '/m/f', 1))).toBe(-E.EROFS);
  expect(disk.run(sys_chown(disk.task, '/m/f', 1))).toBe(-E.EROFS);
});

test('open: symbolic links are followed, or refused, or opened as a place', () => {
  const disk = withFile();
  expect(sys_symlink(disk.task, 'f', '/m/s')).toBe(0);
  expect(sys_symlink(disk.task, '/m/loop', '/m/loop')).toBe(0);
  expect(sys_symlink(disk.task, 'new', '/m/dangling')).toBe(0);
  expect(disk.open('/m/s').f_inode.i_ino).toBe(11);
  expect(disk.tryOpen('/m/s', O_NOFOLLOW)).toBe(-E.ELOOP);
  expect(disk.open('/m/s', O_NOFOLLOW | O_PATH).f_inode.kind).toBe('lnk');
  expect(disk.tryOpen('/m/loop')).toBe(-E.ELOOP);
  expect(disk.tryOpen('/m/s', O_CREAT | O_EXCL)).toBe(-E.EEXIST);
  expect(disk.tryOpen('/m/dangling')).toBe(-E.ENOENT);
  expect(disk.tryOpen('/m/dangling', CREATE)).toBe(0);
  expect(vfs_statx(disk.task, '/m/new')).toMatchObject({ type: 'reg' });
  expect(vfs_statx(disk.task, '/m/s')).toMatchObject({ type: 'lnk' });
});

test('open: O_TMPFILE wants a directory and write access', () => {
  const disk = withFile();
  expect(disk.tryOpen('/m', O_TMPFILE)).toBe(-E.EINVAL);
  expect(disk.tryOpen('/m/f', O_TMPFILE | O_RDWR)).toBe(-E.ENOTDIR);
  expect(disk.tryOpen('/m', O_TMPFILE | O_WRONLY)).toBe(0);
});

test('open: O_DIRECTORY with O_CREAT is refused since 6.4', () => {
  expect(new TestDisk('6.12').tryOpen('/m/d', O_DIRECTORY | CREATE)).toBe(-E.EINVAL);
  expect(new TestDisk('6.1').tryOpen('/m/d', O_TMPFILE | CREATE)).toBe(-E.EINVAL);
});

test('immutable files are not written, append-only ones at their end', () => {
  const disk = withFile();
  setFlag(disk, '/m/f', S_IMMUTABLE);
  const file = disk.open('/m/f');
  expect(disk.tryOpen('/m/f', O_RDWR)).toBe(-E.EPERM);
  expect(sys_link(disk.task, '/m/f', '/m/g')).toBe(-E.EPERM);
  expect(disk.run(sys_unlink(disk.task, '/m/f'))).toBe(-E.EPERM);
  file.f_inode.i_flags.poke(0, S_APPEND);
  expect(disk.tryOpen('/m/f', O_RDWR)).toBe(-E.EPERM);
  expect(disk.tryOpen('/m/f', O_RDWR | O_APPEND)).toBe(0);
  expect(disk.tryOpen('/m/f', O_RDWR | O_APPEND | O_TRUNC)).toBe(-E.EPERM);
  expect(disk.run(sys_truncate(disk.task, '/m/f', 0))).toBe(-E.EPERM);
  expect(disk.run(sys_chown(disk.task, '/m/f', 1))).toBe(-E.EPERM);
});

test('a file that is swapped to is not removed, nor made smaller', () => {
  const disk = withFile();
  const file = disk.open('/m/f', O_RDWR);
  expect(disk.run(sys_ftruncate(disk.task, file, 4096))).toBe(0);
  file.f_inode.i_flags.poke(0, S_SWAPFILE);
  expect(disk.run(sys_unlink(disk.task, '/m/f'))).toBe(-E.EPERM);
  expect(disk.run(sys_ftruncate(disk.task, file, 0))).toBe(-E.ETXTBSY);
  expect(disk.run(sys_ftruncate(disk.task, file, 8192))).toBe(0);
});

test('sizes are set of regular files that are open for writing', () => {
  const disk = withFile();
  expect(disk.run(sys_truncate(disk.task, '/m', 0))).toBe(-E.EISDIR);
  expect(sys_mknod_fifo(disk.task, '/m/p', 0o644)).toBe(0);
  expect(disk.run(sys_truncate(disk.task, '/m/p', 0))).toBe(-E.EINVAL);
  expect(disk.run(sys_ftruncate(disk.task, disk.open('/m/f'), 0))).toBe(-E.EINVAL);
  expect(disk.run(sys_ftruncate(disk.task, disk.open('/m/f', O_PATH), 0))).toBe(-E.EBADF);
  expect(disk.run(sys_truncate(disk.task, '/m/f', -1))).toBe(-E.EINVAL);
  expect(disk.run(sys_truncate(disk.task, '/m/f', 5))).toBe(0);
  expect(vfs_statx(disk.task, '/m/f')).toMatchObject({ size: 5 });
  expect(disk.tryOpen('/m/f', O_RDWR | O_TRUNC)).toBe(0);
  expect(vfs_statx(disk.task, '/m/f')).toMatchObject({ size: 0 });
});

test('another user opens what the bits allow, and changes no owner', () => {
  const disk = withFile();
  disk.task.uid = 1000;
  disk.task.gid = 1000;
  expect(disk.tryOpen('/m/f')).toBe(0);
  expect(disk.tryOpen('/m/f', O_RDWR)).toBe(-E.EACCES);
  expect(disk.tryOpen('/m/g', CREATE)).toBe(-E.EACCES);
  expect(disk.run(sys_chown(disk.task, '/m/f', 1000))).toBe(-E.EPERM);
  expect(sys_link(disk.task, '/m/f', '/m/g')).toBe(-E.EPERM);
});

test('unlink and rmdir tell files from directories, and want those empty', () => {
  const disk = withFile();
  expect(sys_mkdir(disk.task, '/m/d', 0o755)).toBe(0);
  expect(disk.tryOpen('/m/d/f', CREATE)).toBe(0);
  expect(disk.run(sys_unlink(disk.task, '/m/d'))).toBe(-E.EISDIR);
  expect(disk.run(sys_rmdir(disk.task, '/m/f'))).toBe(-E.ENOTDIR);
  expect(disk.run(sys_rmdir(disk.task, '/m/d'))).toBe(-E.ENOTEMPTY);
  expect(disk.run(sys_rmdir(disk.task, '/m/d/.'))).toBe(-E.EINVAL);
  expect(disk.run(sys_rmdir(disk.task, '/m'))).toBe(-E.EBUSY);
  expect(disk.run(sys_unlink(disk.task, '/m/d/f'))).toBe(0);
  expect(disk.run(sys_unlink(disk.task, '/m/d/f'))).toBe(-E.ENOENT);
  expect(disk.run(sys_rmdir(disk.task, '/m/d'))).toBe(0);
  expect(disk.sb?.inodes.get(2)?.i_nlink).toBe(2);
});

test('a hard link is one more name of the inode, on the same mount', () => {
  const disk = withFile();
  expect(sys_link(disk.task, '/m/f', '/m/g')).toBe(0);
  expect(disk.open('/m/g').f_inode.i_nlink).toBe(2);
  expect(sys_link(disk.task, '/m/f', '/m/g')).toBe(-E.EEXIST);
  expect(sys_link(disk.task, '/m/f', '/m2/g')).toBe(-E.EXDEV);
  expect(sys_mkdir(disk.task, '/m/d', 0o755)).toBe(0);
  expect(sys_link(disk.task, '/m/d', '/m/e')).toBe(-E.EPERM);
});

test('rename replaces what was there; its inode goes', () => {
  const disk = withFile();
  expect(disk.tryOpen('/m/g', CREATE)).toBe(0);
  expect(disk.run(sys_rename(disk.task, '/m/f', '/m/g', { exchange: false }))).toBe(0);
  expect(disk.cached(12)).toBe(false);
  expect(disk.open('/m/g').f_inode.i_ino).toBe(11);
  expect(disk.tryOpen('/m/f')).toBe(-E.ENOENT);
});

test('rename keeps files and directories apart, and a directory out of itself', () => {
  const disk = withFile();
  const rename = (from: string, to: string, exchange = false) =>
    disk.run(sys_rename(disk.task, from, to, { exchange }));
  expect(sys_mkdir(disk.task, '/m/d', 0o755)).toBe(0);
  expect(sys_mkdir(disk.task, '/m/d/e', 0o755)).toBe(0);
  expect(rename('/m/d', '/m/d/e/x')).toBe(-E.EINVAL);
  expect(rename('/m/d/e', '/m/d')).toBe(-E.ENOTEMPTY);
  expect(rename('/m/f', '/m/d')).toBe(-E.EISDIR);
  expect(rename('/m/d', '/m/f')).toBe(-E.ENOTDIR);
  expect(rename('/m/none', '/m/d')).toBe(-E.ENOENT);
  expect(rename('/m/f', '/m2/f')).toBe(-E.EXDEV);
  expect(rename('/m', '/m2')).toBe(-E.EBUSY);
  expect(rename('/m/f', '/m/none', true)).toBe(-E.ENOENT);
  expect(rename('/m/d/e', '/m/e')).toBe(0);
  expect(disk.open('/m/d').f_inode.i_nlink).toBe(2);
  expect(disk.open('/m').f_inode.i_nlink).toBe(4);
});

test('an exchange swaps names of any kind, and an open file keeps its inode', () => {
  const disk = withFile();
  expect(sys_mkdir(disk.task, '/m/d', 0o755)).toBe(0);
  expect(disk.tryOpen('/m/d/g', CREATE)).toBe(0);
  const file = disk.open('/m/f');
  const exchange = (from: string, to: string) =>
    disk.run(sys_rename(disk.task, from, to, { exchange: true }));
  expect(exchange('/m/f', '/m/d/g')).toBe(0);
  expect(disk.open('/m/d/g').f_inode).toBe(file.f_inode);
  expect(exchange('/m/d', '/m/f')).toBe(0);
  expect(vfs_statx(disk.task, '/m/d')).toMatchObject({ type: 'reg' });
  expect(vfs_statx(disk.task, '/m/f/g')).toMatchObject({ type: 'reg' });
});

test('a walk crosses mounts down and up', () => {
  const disk = withFile();
  expect(vfs_statx(disk.task, '/m/../m/./f')).toMatchObject({ type: 'reg' });
  expect(vfs_statx(disk.task, '/m/../f')).toBe(-E.ENOENT);
  expect(sys_umount(disk.task, '/m')).toBe(0);
  expect(vfs_statx(disk.task, '/m/f')).toBe(-E.ENOENT);
});
