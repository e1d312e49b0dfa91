// Shows the checks before attribute flags are changed, and what one call keeps of the other's.

import { expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import { type InodeOperations, O_CREAT, O_PATH, O_RDWR } from '../include/linux/fs.ts';
import {
  FS_APPEND_FL,
  FS_DAX_FL,
  FS_JOURNAL_DATA_FL,
  FS_XFLAG_COWEXTSIZE,
  FS_XFLAG_DAX,
  FS_XFLAG_EXTSIZE,
  FS_XFLAG_EXTSZINHERIT,
} from '../include/uapi/linux/fs.ts';
import { ioctl_fsgetxattr, ioctl_fssetxattr, ioctl_getflags, ioctl_setflags } from './ioctl.ts';
import { sys_mknod_fifo } from './namei.ts';
import { sys_remount } from './namespace.ts';
import { TestDisk } from './test-disk.ts';

function setx(disk: TestDisk, path: string, fsx_xflags: number, flags = 0): number {
  const file = disk.open(path, flags);
  const answer = disk.run(ioctl_fssetxattr(disk.task, file, { fsx_xflags }));
  disk.close(file);
  return answer;
}

function withFile(): TestDisk {
  const disk = new TestDisk();
  expect(disk.tryOpen('/m/f', O_CREAT | O_RDWR)).toBe(0);
  return disk;
}

test('the DAX flag has two numbers, and either call sets it', () => {
  const disk = withFile();
  expect(setx(disk, '/m/f', FS_XFLAG_DAX)).toBe(0);
  const file = disk.open('/m/f');
  expect(ioctl_getflags(disk.task, file)).toBe(FS_DAX_FL);
  expect(disk.run(ioctl_setflags(disk.task, file, 0))).toBe(0);
  expect(ioctl_fsgetxattr(disk.task, file)).toEqual({ flags: 0, fsx_xflags: 0 });
});

test('flags that FS_IOC_FSSETXATTR does not know stay', () => {
  const disk = withFile();
  const file = disk.open('/m/f');
  expect(disk.run(ioctl_setflags(disk.task, file, FS_JOURNAL_DATA_FL | FS_APPEND_FL))).toBe(0);
  expect(setx(disk, '/m/f', FS_XFLAG_DAX)).toBe(0);
  expect(ioctl_getflags(disk.task, file)).toBe(FS_JOURNAL_DATA_FL | FS_DAX_FL);
});

test('a read-only mount comes first, then a lack of attributes, then who owns the file', () => {
  const disk = withFile();
  const inode = disk.open('/m/f').f_inode;
  const getattr: InodeOperations['getattr'] = () => ({ size: 0, blksize: 4096 });
  const file = { ...disk.open('/m/f'), f_inode: { ...inode, i_op: { getattr } } };
  disk.task.uid = 1000;
  expect(disk.run(ioctl_fssetxattr(disk.task, file, { fsx_xflags: 0 }))).toBe(-E.ENOTTY);
  expect(ioctl_fsgetxattr(disk.task, file)).toBe(-E.ENOTTY);
  expect(setx(disk, '/m/f', 0)).toBe(-E.EPERM);
  disk.task.uid = 0;
  expect(sys_remount(disk.task, { dir: '/m', options: 'ro' })).toBe(0);
  expect(disk.run(ioctl_fssetxattr(disk.task, file, { fsx_xflags: 0 }))).toBe(-E.EROFS);
});

test('the owner changes flags, but not those that need a capability', () => {
  const disk = withFile();
  const file = disk.open('/m/f');
  file.f_inode.i_uid = 1000;
  disk.task.uid = 1000;
  expect(disk.run(ioctl_setflags(disk.task, file, FS_DAX_FL))).toBe(0);
  expect(disk.run(ioctl_setflags(disk.task, file, FS_DAX_FL | FS_APPEND_FL))).toBe(-E.EPERM);
});

test('each flag belongs to some kinds of files only', () => {
  const disk = withFile();
  expect(sys_mknod_fifo(disk.task, '/m/p', 0o644)).toBe(0);
  expect(setx(disk, '/m/p', FS_XFLAG_DAX)).toBe(-E.EINVAL);
  expect(setx(disk, '/m/p', FS_XFLAG_COWEXTSIZE)).toBe(-E.EINVAL);
  expect(setx(disk, '/m', FS_XFLAG_EXTSIZE)).toBe(-E.EINVAL);
  expect(setx(disk, '/m/f', FS_XFLAG_EXTSZINHERIT)).toBe(-E.EINVAL);
  expect(setx(disk, '/m', FS_XFLAG_DAX)).toBe(0);
});

test('a place opened by O_PATH is no file descriptor for ioctls', () => {
  const disk = withFile();
  const file = disk.open('/m/f', O_PATH);
  expect(ioctl_fsgetxattr(disk.task, file)).toBe(-E.EBADF);
  expect(ioctl_getflags(disk.task, file)).toBe(-E.EBADF);
  expect(setx(disk, '/m/f', 0, O_PATH)).toBe(-E.EBADF);
});
