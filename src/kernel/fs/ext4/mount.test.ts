// Mounts of ext4, of the same driver for type ext2, and of ext2's own driver: which options and
// features are refused, in which order, what /proc/mounts shows, and what a remount may change.

import { describe, expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User, type SetupWishes } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';
const BRD = '/dev/role/brd';

/** A kernel with filesystems to mount. */
class Bed {
  readonly user: User;
  constructor(wishes: SetupWishes = {}) {
    const setup = defaultSetup({ gate: 'open', ...wishes });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
  }
  do(op: string, args: Readonly<Record<string, string | number | readonly string[]>>): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  mkfs(fs: 'ext2' | 'ext4', device: string, more: readonly string[] = ['-b', '4096']): void {
    const argv = [`mkfs.${fs}`, '-q', '-F', ...more, device];
    expect(this.do('mkfs', { fs, device, argv })).toEqual({ rc: 0 });
  }
  /** Options that /proc/mounts shows, or the name of the error. */
  mount(fs: string, device: string, options: string): unknown {
    const { errno, opts } = this.do('mount', { fs, device, dir: '/m', options });
    return errno ?? opts;
  }
  remount(options: string): unknown {
    const { errno, opts } = this.do('remount', { dir: '/m', options });
    return errno ?? opts;
  }
}

/** What a mount of a fresh filesystem comes to. */
function mounted(
  fs: 'ext2' | 'ext4',
  device: string,
  options: string,
  more?: { readonly mkfs?: readonly string[]; readonly wishes?: SetupWishes; readonly as?: string },
): unknown {
  const bed = new Bed(more?.wishes);
  bed.mkfs(fs, device, more?.mkfs);
  return bed.mount(more?.as ?? fs, device, options);
}

describe('ext4: options that name DAX', () => {
  test.each([
    ['none', 'rw,relatime'],
    ['dax', 'rw,relatime,dax=always'],
    ['dax=always', 'rw,relatime,dax=always'],
    ['dax=inode', 'rw,relatime,dax=inode'],
    ['dax=never', 'rw,relatime,dax=never'],
    ['dax=always,dax=never', 'rw,relatime,dax=never'],
    ['dax=never,dax=always', 'rw,relatime,dax=always'],
    ['dax=inode,dax=never', 'rw,relatime,dax=never'],
    ['dax=always,dax=inode', 'rw,relatime,dax=inode'],
    ['dax=inode,dax', 'rw,relatime,dax=always'],
    ['dax,,dax=inode', 'rw,relatime,dax=inode'],
    ['=x,dax=never', 'rw,relatime,dax=never'],
    ['ro,dax', 'ro,relatime,dax=always'],
    ['dax=', 'EINVAL'],
    ['dax=Always', 'EINVAL'],
    ['dax=1', 'EINVAL'],
    ['nodax', 'EINVAL'],
    ['xip', 'EINVAL'],
  ])('%s on a device with DAX: %s', (options, expected) => {
    expect(mounted('ext4', PMEM, options)).toBe(expected);
  });
  test.each([
    ['dax', 'EINVAL'],
    ['dax=always', 'EINVAL'],
    ['dax=never,dax=always', 'EINVAL'],
    ['dax=always,dax=inode', 'rw,relatime,dax=inode'],
    ['dax=inode', 'rw,relatime,dax=inode'],
  ])('%s on a device without: %s', (options, expected) => {
    expect(mounted('ext4', BRD, options)).toBe(expected);
  });
  test('small blocks and contents in inodes exclude dax=always only', () => {
    const small = { mkfs: ['-b', '1024'] };
    expect(mounted('ext4', PMEM, 'dax', small)).toBe('EINVAL');
    expect(mounted('ext4', PMEM, 'dax=inode', small)).toBe('rw,relatime,stripe=4,dax=inode');
    const inline = { mkfs: ['-b', '4096', '-O', 'inline_data'] };
    expect(mounted('ext4', PMEM, 'dax', inline)).toBe('EINVAL');
    expect(mounted('ext4', PMEM, 'dax=inode', inline)).toBe('rw,relatime,dax=inode');
  });
  test('without FS_DAX each of them is refused', () => {
    const wishes = { fsDax: false };
    expect(mounted('ext4', PMEM, 'dax=never', { wishes })).toBe('EINVAL');
    expect(mounted('ext4', PMEM, 'none', { wishes })).toBe('rw,relatime');
  });
});

describe('ext4: other options', () => {
  test.each([
    ['data=journal', 'rw,relatime,nodioread_nolock,nodelalloc,data=journal'],
    ['data=journal,dax', 'EINVAL'],
    ['data=journal,delalloc', 'EINVAL'],
    ['data=writeback', 'rw,relatime,data=writeback'],
    ['data=ordered', 'rw,relatime,data=ordered'],
    ['data=bogus', 'EINVAL'],
    ['data', 'EINVAL'],
    ['journal_async_commit', 'EINVAL'],
    ['journal_async_commit,data=writeback', 'rw,relatime,journal_async_commit,data=writeback'],
    ['errors=remount-ro', 'rw,relatime,errors=remount-ro'],
    ['errors=continue', 'rw,relatime'],
    ['errors=panic,dax', 'rw,relatime,errors=panic,dax=always'],
    ['commit=0', 'rw,relatime'],
    ['commit=30', 'rw,relatime,commit=30'],
    ['commit=-1', 'EINVAL'],
    ['stripe=64', 'rw,relatime,stripe=64'],
    ['stripe=1', 'rw,relatime'],
    ['barrier=0', 'rw,relatime,nobarrier'],
    ['nobarrier,barrier', 'rw,relatime'],
    ['auto_da_alloc=0', 'rw,relatime,noauto_da_alloc'],
    ['noload', 'rw,relatime,norecovery'],
    ['bsdgroups', 'rw,relatime,grpid'],
    ['minixdf,nouid32', 'rw,relatime,minixdf,nouid32'],
    ['usrquota', 'rw,relatime,quota,usrquota'],
    ['prjquota', 'EINVAL'],
    ['usrjquota=a,jqfmt=vfsv0', 'rw,relatime,jqfmt=vfsv0,usrjquota=a'],
    ['usrjquota=a', 'EINVAL'],
    ['usrjquota=a/b', 'EINVAL'],
    ['inode_readahead_blks=64', 'rw,relatime,inode_readahead_blks=64'],
    ['inode_readahead_blks=3', 'EINVAL'],
    ['init_itable=5', 'rw,relatime,init_itable=5'],
    ['noinit_itable', 'rw,relatime,noinit_itable'],
    ['mb_optimize_scan=1', 'rw,relatime,mb_optimize_scan=1'],
    ['mb_optimize_scan=2', 'EINVAL'],
    ['journal_ioprio=7', 'rw,relatime'],
    ['journal_ioprio=8', 'EINVAL'],
    ['resuid=7,resgid=010', 'rw,relatime,resuid=7,resgid=8'],
    ['debug_want_extra_isize=3', 'EINVAL'],
    ['oldalloc,nobh,check=none', 'rw,relatime'],
    ['oldalloc=1', 'EINVAL'],
    ['sync', 'rw,relatime'],
    ['test_dummy_encryption', 'EINVAL'],
    ['sb=8193', 'EINVAL'],
  ])('%s: %s', (options, expected) => {
    const shown = mounted('ext4', PMEM, options);
    expect(shown).toBe(expected);
  });
});

test('6.1 reads without locks on blocks of a page only, and takes any stripe', () => {
  const old = { kernelText: '6.1' };
  const small = ['-b', '1024'];
  expect(mounted('ext4', PMEM, 'data=journal', { wishes: old, mkfs: small })).toBe(
    'rw,relatime,nodelalloc,stripe=4,data=journal',
  );
  expect(mounted('ext4', PMEM, 'data=journal', { mkfs: small })).toBe(
    'rw,relatime,nodioread_nolock,nodelalloc,stripe=4,data=journal',
  );
  const bigalloc = ['-b', '4096', '-O', 'bigalloc'];
  expect(mounted('ext4', PMEM, 'stripe=24', { wishes: old, mkfs: bigalloc })).toBe(
    'rw,relatime,stripe=24',
  );
});

describe('ext4: features', () => {
  test.each([
    ['encrypt', 'test_dummy_encryption', 'rw,relatime,test_dummy_encryption=v2'],
    ['quota', 'none', 'ESRCH'],
    ['quota', 'ro', 'ro,relatime'],
    ['project,quota', 'dax', 'ESRCH'],
    ['project', 'prjquota', 'rw,relatime,prjquota'],
    ['^has_journal', 'data=journal', 'EINVAL'],
    ['^has_journal', 'commit=9', 'EINVAL'],
    ['^has_journal', 'dax', 'rw,relatime,dax=always'],
    ['bigalloc', 'stripe=24', 'rw,relatime'],
    ['bigalloc', 'stripe=32', 'rw,relatime,stripe=32'],
    ['bigalloc', 'dax', 'rw,relatime,dax=always'],
  ])('%s with %s: %s', (feature, options, expected) => {
    expect(mounted('ext4', PMEM, options, { mkfs: ['-b', '4096', '-O', feature] })).toBe(expected);
  });
  test('refusals come in the order of the kernel: DAX before quota', () => {
    const mkfs = ['-b', '4096', '-O', 'quota'];
    expect(mounted('ext4', BRD, 'dax', { mkfs })).toBe('EINVAL');
  });
});

describe('type ext2', () => {
  const ext4 = { wishes: { ext2: false } };
  test.each([
    ['none', 'rw,relatime', 'rw,relatime,errors=continue'],
    ['dax', 'rw,relatime,dax', 'rw,relatime,errors=continue,dax'],
    ['dax=always', 'EINVAL', 'EINVAL'],
    ['dax=never', 'EINVAL', 'EINVAL'],
    ['data=journal', 'EINVAL', 'EINVAL'],
    ['nodelalloc', 'EINVAL', 'EINVAL'],
    ['xip', 'EINVAL', 'rw,relatime,errors=continue,xip,dax'],
    ['errors=panic', 'rw,relatime,errors=panic', 'rw,relatime,errors=panic'],
    ['noreservation', 'rw,relatime', 'rw,relatime,errors=continue,noreservation'],
    ['sync', 'rw,relatime', 'EINVAL'],
    ['sb=1,dax', 'rw,relatime,dax', 'rw,relatime,errors=continue,dax'],
    ['dax,sb=7', 'EINVAL', 'rw,relatime,errors=continue,dax'],
  ])('%s: by the driver of ext4 %s, by its own %s', (options, byExt4, byExt2) => {
    expect(mounted('ext2', PMEM, options, ext4)).toBe(byExt4);
    expect(mounted('ext2', PMEM, options)).toBe(byExt2);
  });
  test('where DAX cannot be had ext4 refuses, and ext2 goes on without', () => {
    expect(mounted('ext2', BRD, 'dax', ext4)).toBe('EINVAL');
    expect(mounted('ext2', BRD, 'dax')).toBe('rw,relatime,errors=continue');
    expect(mounted('ext2', BRD, 'xip')).toBe('rw,relatime,errors=continue,xip');
    const small = ['-b', '1024'];
    expect(mounted('ext2', PMEM, 'dax', { ...ext4, mkfs: small })).toBe('EINVAL');
    expect(mounted('ext2', PMEM, 'dax', { mkfs: small })).toBe('rw,relatime,errors=continue');
    expect(mounted('ext2', PMEM, 'dax', { wishes: { fsDax: false } })).toBe(
      'rw,relatime,errors=continue',
    );
  });
  test('an ext4 filesystem cannot be mounted as ext2, an ext2 one can as ext4', () => {
    expect(mounted('ext4', PMEM, 'none', { as: 'ext2' })).toBe('EINVAL');
    expect(mounted('ext4', PMEM, 'none', { ...ext4, as: 'ext2' })).toBe('EINVAL');
    expect(mounted('ext2', PMEM, 'dax=inode', { as: 'ext4' })).toBe('rw,relatime,dax=inode');
  });
});

describe('remounts', () => {
  test.each([
    ['none', 'dax=inode', 'EINVAL'],
    ['none', 'dax=never', 'EINVAL'],
    ['none', 'dax', 'EINVAL'],
    ['dax', 'dax=always', 'rw,relatime,dax=always'],
    ['dax', 'dax=inode', 'EINVAL'],
    ['dax', 'dax=inode,dax=always', 'EINVAL'],
    ['dax=inode', 'dax=always,dax=inode', 'rw,relatime,dax=inode'],
    ['dax=never', 'dax=never', 'rw,relatime,dax=never'],
    ['dax=inode', 'dax=inode', 'rw,relatime,dax=inode'],
    ['dax=inode', 'none', 'rw,relatime,dax=inode'],
    ['dax=inode', 'ro', 'ro,relatime,dax=inode'],
    ['dax=inode', 'dax=bogus', 'EINVAL'],
    ['none', 'data=journal', 'EINVAL'],
    ['none', 'data=ordered', 'rw,relatime'],
    ['none', 'commit=30', 'rw,relatime,commit=30'],
    ['none', 'nombcache', 'EINVAL'],
    ['none', 'nojournal_checksum', 'rw,relatime'],
    ['data=journal', 'dax', 'EINVAL'],
    ['data=journal', 'dioread_nolock', 'EINVAL'],
    ['none', 'journal_dev=3', 'EINVAL'],
    ['none', 'sb=8193', 'rw,relatime'],
  ])('ext4 %s, then %s: %s', (first, then, expected) => {
    const bed = new Bed();
    bed.mkfs('ext4', PMEM);
    const before = bed.mount('ext4', PMEM, first);
    expect(bed.remount(then)).toBe(expected);
    if (expected === 'EINVAL') expect(bed.remount('none')).toBe(before);
  });
  test.each([
    ['none', 'dax', 'rw,relatime,errors=continue'],
    ['none', 'xip', 'rw,relatime,errors=continue,xip'],
    ['dax', 'none', 'rw,relatime,errors=continue,dax'],
    ['dax', 'ro', 'ro,relatime,errors=continue,dax'],
    ['dax', 'dax=always', 'EINVAL'],
    ['none', 'errors=panic', 'rw,relatime,errors=panic'],
  ])('ext2 %s, then %s: %s', (first, then, expected) => {
    const bed = new Bed();
    bed.mkfs('ext2', PMEM);
    bed.mount('ext2', PMEM, first);
    expect(bed.remount(then)).toBe(expected);
  });
  test('a filesystem with quota stays read-only', () => {
    const bed = new Bed();
    bed.mkfs('ext4', PMEM, ['-b', '4096', '-O', 'quota']);
    bed.mount('ext4', PMEM, 'ro');
    expect(bed.remount('none')).toBe('ESRCH');
  });
});

test('a mounted device is mounted again, by its type only', () => {
  const bed = new Bed();
  bed.mkfs('ext4', PMEM);
  const again = (fs: string, options: string): unknown => {
    const { errno, opts } = bed.do('mount', { fs, device: PMEM, dir: '/m2', options });
    return errno ?? opts;
  };
  expect(bed.mount('ext4', PMEM, 'dax')).toBe('rw,relatime,dax=always');
  expect(again('ext4', 'dax=never')).toBe('rw,relatime,dax=always');
  expect(again('ext2', 'none')).toBe('EBUSY');
  expect(again('ext4', 'ro')).toBe('EBUSY');
  const argv = ['mkfs.ext4', '-q', '-F', PMEM];
  expect(bed.do('mkfs', { fs: 'ext4', device: PMEM, argv })).toEqual({ rc: 1 });
});
