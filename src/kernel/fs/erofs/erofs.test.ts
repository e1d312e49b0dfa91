// Shows EROFS: which options, which files are DAX, and that both ways give the same bytes.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { writeDevice } from '../../block/bio.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import { attachRoles } from '../../drivers/roles.ts';
import { testKernel } from '../../drivers/test-kernel.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { DiskInode, FsBlock } from '../../include/linux/fs.ts';
import { O_DIRECT, O_RDONLY, O_RDWR } from '../../include/linux/fs.ts';
import { VM_HUGEPAGE } from '../../include/linux/mm.ts';
import { iovSink } from '../../lib/iov_iter.ts';
import type { ReleaseId } from '../../linux.ts';
import { do_mmap, find_vma } from '../../mm/mmap.ts';
import { user_load, user_store } from '../../mm/memory.ts';
import { registerFileSystems } from '../filesystems.ts';
import { format_image } from '../image.ts';
import { do_sys_open, sys_mkdir } from '../namei.ts';
import {
  init_mount_tree,
  proc_mounts_entry,
  sys_mount,
  sys_remount,
  sys_umount,
} from '../namespace.ts';
import { vfs_pread } from '../read_write.ts';
import { vfs_statx } from '../stat.ts';
import {
  EROFS_INODE_COMPRESSED_FULL,
  EROFS_INODE_FLAT_INLINE,
  EROFS_INODE_FLAT_PLAIN,
} from './layout.ts';

const SHOWN = 'ro,relatime,user_xattr,acl,cache_strategy=readaround';

const inode = (made: Partial<DiskInode> & { readonly ino: number }): DiskInode => ({
  kind: 'reg',
  mode: 0o644,
  uid: 0,
  gid: 0,
  nlink: 1,
  size: 0,
  flags: EROFS_INODE_FLAT_PLAIN,
  blocks: new Map(),
  entries: new Map(),
  target: '',
  ...made,
});

const block = (number: number): FsBlock => ({ block: number, unwritten: false });

/** A kernel whose `role` has an image with a plain, an inline and a compressed file. */
function boot(release: ReleaseId = '6.12', role = 'fsdax0', block_size = 4096) {
  const { linux } = testKernel(release);
  attachRoles(linux);
  registerFileSystems(linux);
  const task = present(linux.tasks[0], 'first task');
  init_mount_tree(task);
  sys_mkdir(task, '/m', 0o755);
  sys_mkdir(task, '/m2', 0o755);
  const bdev = lookup_bdev(linux, `/dev/role/${role}`);
  if (IS_ERR(bdev)) throw new Error(role);
  const entries = new Map([
    ['f', 37],
    ['small', 38],
    ['packed', 39],
  ]);
  const plain = new Map([
    [0, block(16)],
    [1, block(17)],
  ]);
  const inodes = [
    inode({ ino: 36, kind: 'dir', mode: 0o755, nlink: 2, entries }),
    inode({ ino: 37, size: 8192, blocks: plain }),
    inode({
      ino: 38,
      size: 4099,
      flags: EROFS_INODE_FLAT_INLINE,
      blocks: new Map([[0, block(18)]]),
      inline: new Uint8Array([7, 7, 7]),
    }),
    inode({
      ino: 39,
      size: 6000,
      flags: EROFS_INODE_COMPRESSED_FULL,
      inline: new Uint8Array(6000).fill(8),
    }),
  ];
  format_image(linux, bdev, {
    format: 'erofs',
    block_size,
    block_count: 19,
    features: new Set(),
    external: {},
    root: 36,
    inodes: new Map(inodes.map((one) => [one.ino, one])),
    next_ino: 40,
    reserved: 16,
  });
  const data = new Uint8Array(3 * 4096).fill(5).fill(6, 4096, 8192);
  linux.now(writeDevice(linux, bdev, { offset: 16 * block_size, bytes: data }));
  const mount = (options: string, dir = '/m') =>
    sys_mount(task, { fstype: 'erofs', device: `/dev/role/${role}`, dir, options });
  const open = (path: string, flags = O_RDONLY) => {
    const file = do_sys_open(task, path, flags, 0);
    if (IS_ERR(file)) throw new Error(`${path}: ${file}`);
    return file;
  };
  const read = (path: string, offset: number, length: number, flags = O_RDONLY) => {
    const sink = iovSink(linux, length);
    const done = linux.now(vfs_pread(task, open(path, flags), { offset }, sink));
    return done < 0 ? done : sink.bytes().slice(0, done);
  };
  const map = (path: string, type: 'shared' | 'private', write = false) => {
    const file = open(path);
    const request = { file, offset: 0, length: 4096, read: true, write, type } as const;
    return linux.now(do_mmap(task, request));
  };
  return { linux, task, mount, open, read, map };
}

const fill = (byte: number, length: number) => new Uint8Array(length).fill(byte);

test.each([
  ['none', SHOWN],
  ['dax', `${SHOWN},dax=always`],
  ['dax=always', `${SHOWN},dax=always`],
  ['dax=always,dax=never', `${SHOWN},dax=never`],
  [
    'nouser_xattr,noacl,cache_strategy=disabled',
    'ro,relatime,nouser_xattr,noacl,cache_strategy=disabled',
  ],
  ['dax=inode', undefined],
  ['dax=', undefined],
  ['cache_strategy=mystery', undefined],
  ['device=/dev/role/fsdax1', undefined],
])('options %s are shown as %s', (options, opts) => {
  const { linux, mount } = boot();
  expect(mount(options === 'none' ? '' : options)).toBe(opts === undefined ? -E.EINVAL : 0);
  const shown = opts === undefined ? undefined : { fstype: 'erofs', opts };
  const entry = proc_mounts_entry(linux, '/m');
  expect(entry?.fstype === 'erofs' ? entry : undefined).toEqual(shown);
});

test('DAX is turned off where the device has none, or blocks are smaller than pages', () => {
  for (const [role, size] of [
    ['brd', 4096],
    ['fsdax0', 512],
  ] as const) {
    const { linux, mount } = boot('6.12', role, size);
    expect(mount('dax=always')).toBe(0);
    expect(proc_mounts_entry(linux, '/m')?.opts).toBe(SHOWN);
  }
});

test.each(['', 'dax'])('files by their layout, with options "%s"', (options) => {
  const { task, mount, read } = boot();
  mount(options);
  const dax = ['f', 'small', 'packed'].map((name) => {
    const stat = vfs_statx(task, `/m/${name}`);
    return IS_ERR(stat) ? stat : [stat.attr_dax, stat.dio?.mem_align];
  });
  expect(dax).toEqual([
    [options === 'dax', 512],
    [false, 512],
    [false, 0],
  ]);
  expect(read('/m/f', 4000, 5000)).toEqual(new Uint8Array([...fill(5, 96), ...fill(6, 4096)]));
  expect(read('/m/small', 4090, 100)).toEqual(new Uint8Array([...fill(5, 6), 7, 7, 7]));
  expect(read('/m/packed', 4090, 4000)).toEqual(fill(8, 1910));
  expect(read('/m/f', 8192, 1)).toEqual(new Uint8Array());
});

test('6.1 says nothing about direct I/O, which both do in whole blocks', () => {
  const { task, mount, read } = boot('6.1');
  mount('');
  expect(vfs_statx(task, '/m/f')).not.toHaveProperty('dio');
  expect(read('/m/f', 0, 512, O_DIRECT)).toEqual(fill(5, 512));
  expect(read('/m/f', 0, 100, O_DIRECT)).toBe(-E.EINVAL);
});

test.each(['', 'dax'])('mappings with options "%s": shared ones are only read', (options) => {
  const { linux, task, mount, map } = boot();
  mount(options);
  const shared = map('/m/f', 'shared');
  expect(linux.now(user_load(task, shared, 2))).toEqual({ kind: 'done', value: fill(5, 2) });
  const vma = present(linux.now(find_vma(task.mm, shared)), 'mapping');
  expect((vma.vm_flags.peek() & VM_HUGEPAGE) !== 0).toBe(options === 'dax');
  const own = map('/m/f', 'private', true);
  expect(linux.now(user_store(task, own, fill(1, 1)))).toMatchObject({ kind: 'done' });
  expect(linux.now(user_load(task, shared, 1))).toEqual({ kind: 'done', value: fill(5, 1) });
});

test('it is read-only, mounted again only so, and a remount forgets options', () => {
  const { linux, task, mount } = boot();
  mount('dax=always');
  expect(do_sys_open(task, '/m/f', O_RDWR, 0)).toBe(-E.EROFS);
  expect(mount('', '/m2')).toBe(-E.EBUSY);
  expect(sys_remount(task, { dir: '/m', options: 'dax=inode' })).toBe(-E.EINVAL);
  expect(sys_remount(task, { dir: '/m', options: 'noacl' })).toBe(0);
  expect(proc_mounts_entry(linux, '/m')?.opts).toBe(
    'ro,relatime,user_xattr,noacl,cache_strategy=readaround',
  );
  expect(sys_umount(task, '/m')).toBe(0);
  expect(mount('')).toBe(0);
});

test('other filesystems and empty devices are refused', () => {
  const { task } = boot();
  const wrong = { fstype: 'erofs', device: '/dev/role/fsdax1', dir: '/m', options: '' };
  expect(sys_mount(task, wrong)).toBe(-E.EINVAL);
});

test('the whole file is data', () => {
  const { linux, task, mount, open } = boot();
  mount('dax');
  const file = open('/m/f');
  const seek = (offset: number, whence: 'data' | 'hole') => {
    const found = file.f_op.llseek?.(task, file, offset, whence);
    return found === undefined ? undefined : linux.now(found);
  };
  expect([seek(5, 'data'), seek(5, 'hole'), seek(8192, 'data')]).toEqual([5, 8192, -E.ENXIO]);
});
