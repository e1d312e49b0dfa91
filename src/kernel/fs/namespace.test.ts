// Shows mount, remount and umount: what is refused, and what keeps a mount busy.

import { expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import { O_CREAT, O_PATH, O_RDWR } from '../include/linux/fs.ts';
import { run } from '../run.ts';
import { ioctl_setflags } from './ioctl.ts';
import { sys_chown, sys_mkdir, sys_rename, sys_truncate, sys_unlink } from './namei.ts';
import { proc_mounts_entry, sys_mount, sys_remount, sys_umount } from './namespace.ts';
import { freeze_super, thaw_super } from './super.ts';
import { TestDisk } from './test-disk.ts';

const CREATE = O_CREAT | O_RDWR;

test('mount wants a directory and a filesystem that is known', () => {
  const disk = new TestDisk();
  const { task } = disk;
  expect(disk.mount('/none')).toBe(-E.ENOENT);
  const unknown = { fstype: 'none', device: 'x', dir: '/m2', options: 'none' };
  expect(sys_mount(task, unknown)).toBe(-E.ENODEV);
  disk.close(disk.open('/m2/f', CREATE));
  expect(disk.mount('/m2/f')).toBe(-E.ENOTDIR);
  expect(disk.mount('/m')).toBe(-E.EBUSY);
  task.uid = 1000;
  expect(disk.mount('/m2')).toBe(-E.EPERM);
  expect(sys_umount(task, '/m')).toBe(-E.EPERM);
});

test('/proc/mounts shows the last mount on a directory', () => {
  const disk = new TestDisk();
  expect(proc_mounts_entry(disk.linux, '/m')).toEqual({
    fstype: 'testfs',
    opts: 'rw,relatime,test',
  });
  expect(proc_mounts_entry(disk.linux, '/m2')).toBe(undefined);
});

test('a filesystem mounted twice is one, and is shut down with the last mount', () => {
  const disk = new TestDisk();
  expect(disk.mount('/m2')).toBe(0);
  disk.close(disk.open('/m/f', CREATE));
  expect(disk.open('/m2/f').f_inode).toBe(disk.sb?.inodes.get(11));
  expect(sys_umount(disk.task, '/m')).toBe(0);
  expect(disk.events).not.toContain('put_super');
  expect(disk.tryOpen('/m/f')).toBe(-E.ENOENT);
  expect(sys_umount(disk.task, '/m2')).toBe(-E.EBUSY);
});

test('umount: nothing mounted, a file open in any way, another mount below', () => {
  const disk = new TestDisk();
  const { task } = disk;
  expect(sys_umount(task, '/m2')).toBe(-E.EINVAL);
  expect(sys_umount(task, '/none')).toBe(-E.ENOENT);
  const file = disk.open('/m', O_PATH);
  expect(sys_umount(task, '/m')).toBe(-E.EBUSY);
  disk.close(file);
  expect(sys_mkdir(task, '/m/d', 0o755)).toBe(0);
  expect(sys_umount(task, '/m/d')).toBe(-E.EINVAL);
  const tmpfs = { fstype: 'root', device: 'none', dir: '/m/d', options: 'none' };
  disk.linux.file_systems.set('root', { ...disk.type, get_tree: () => rootOf(disk) });
  expect(sys_mount(task, tmpfs)).toBe(0);
  expect(sys_umount(task, '/m')).toBe(-E.EBUSY);
  expect(sys_umount(task, '/m/d')).toBe(0);
  expect(sys_umount(task, '/m')).toBe(0);
});

function rootOf(disk: TestDisk) {
  const [first] = disk.linux.mounts;
  return first === undefined ? -E.EINVAL : first.sb;
}

test('remount read-only waits for no writer, and for no removed file', () => {
  const disk = new TestDisk();
  const { task } = disk;
  const remount = (options: string) => sys_remount(task, { dir: '/m', options });
  const file = disk.open('/m/f', CREATE);
  expect(remount('ro')).toBe(-E.EBUSY);
  disk.close(file);
  const reader = disk.open('/m/f');
  expect(disk.run(sys_unlink(task, '/m/f'))).toBe(0);
  expect(remount('ro')).toBe(-E.EBUSY);
  disk.close(reader);
  expect(remount('ro')).toBe(0);
  expect(proc_mounts_entry(disk.linux, '/m')?.opts).toBe('ro,relatime,test');
  expect(remount('none')).toBe(0);
  expect(proc_mounts_entry(disk.linux, '/m')?.opts).toBe('rw,relatime,test');
  expect(remount('bad')).toBe(-E.EINVAL);
  expect(sys_remount(task, { dir: '/m2', options: 'ro' })).toBe(-E.EINVAL);
});

test('a frozen filesystem is not remounted, nor frozen again', () => {
  const disk = new TestDisk();
  const { sb } = disk;
  if (sb === undefined) throw new Error('the test filesystem is mounted');
  expect(disk.run(thaw_super(sb))).toBe(-E.EINVAL);
  expect(disk.run(freeze_super(sb))).toBe(0);
  expect(disk.run(freeze_super(sb))).toBe(-E.EBUSY);
  expect(sys_remount(disk.task, { dir: '/m', options: 'ro' })).toBe(-E.EBUSY);
  expect(disk.run(thaw_super(sb))).toBe(0);
  expect(sb.s_writers.isHeld).toBe(false);
});

test('who changes a frozen filesystem waits for the thaw', () => {
  const disk = new TestDisk();
  const { sb, linux, task } = disk;
  if (sb === undefined) throw new Error('the test filesystem is mounted');
  disk.close(disk.open('/m/f', CREATE));
  const file = disk.open('/m/f');
  expect(disk.run(freeze_super(sb))).toBe(0);
  const changes = [
    sys_unlink(task, '/m/f'),
    sys_rename(task, '/m/f', '/m/g', { exchange: false }),
    sys_chown(task, '/m/f', 1),
    sys_truncate(task, '/m/f', 1),
    ioctl_setflags(task, file, 0),
  ];
  for (const change of changes) {
    expect(run<number>(change, linux.executor(task)).kind).toBe('blocked');
  }
});
