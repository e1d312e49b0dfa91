// Attribute flags of ext4 and ext2 files: which are refused together, what directories pass on, and
// when a file is in DAX.

import { describe, expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';
type Raw = Readonly<Record<string, string | number | readonly string[]>>;

/** A mounted filesystem. */
class Bed {
  readonly user: User;
  constructor(fs: 'ext2' | 'ext4', options: string, more: readonly string[] = []) {
    const setup = defaultSetup({ gate: 'open' });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
    const argv = [`mkfs.${fs}`, '-q', '-F', '-b', '4096', ...more, PMEM];
    this.do('mkfs', { fs, device: PMEM, argv });
    expect(this.do('mount', { fs, device: PMEM, dir: '/m', options })['rc']).toBe(0);
  }
  do(op: string, args: Raw): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  create(path: string): void {
    expect(this.do('create', { path })).toEqual({ rc: 0 });
  }
  /** Sets a flag as xfs_io or chattr does: 0, or the name of the error. */
  set(how: 'setx' | 'setflag', path: string, value: string): unknown {
    const { rc, errno } = this.do(how, { path, value });
    return errno ?? rc;
  }
  flags(path: string): unknown {
    return this.do('getflags', { path })['flags'];
  }
  isDax(path: string): unknown {
    return this.do('statx', { path })['attr_dax'];
  }
}

describe('DAX and what excludes it', () => {
  test('with data in the journal, in both orders', () => {
    const bed = new Bed('ext4', 'dax=inode');
    bed.create('/m/j');
    expect(bed.set('setflag', '/m/j', '+j')).toBe(0);
    expect(bed.set('setx', '/m/j', '+x')).toBe('EOPNOTSUPP');
    bed.create('/m/x');
    expect(bed.set('setx', '/m/x', '+x')).toBe(0);
    expect(bed.set('setflag', '/m/x', '+j')).toBe('EOPNOTSUPP');
    expect(bed.flags('/m/x')).toBe('0x2080000');
  });
  test('a file in DAX keeps how its data is journalled, though it has no flag', () => {
    const bed = new Bed('ext4', 'dax=always');
    bed.create('/m/f');
    expect(bed.set('setflag', '/m/f', '+j')).toBe('EBUSY');
    expect(bed.flags('/m/f')).toBe('0x80000');
  });
  test('with contents in the inode, but directories may have names there', () => {
    const bed = new Bed('ext4', 'dax=never', ['-O', 'inline_data']);
    bed.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    bed.do('pwrite', { fd: 'f', offset: 0, length: 10, byte: 'A' });
    expect(bed.set('setx', '/m/f', '+x')).toBe('EOPNOTSUPP');
    bed.do('mkdir', { path: '/m/d' });
    expect(bed.set('setx', '/m/d', '+x')).toBe(0);
    bed.create('/m/d/g');
    expect(bed.do('getx', { path: '/m/d/g' })['xflag_dax']).toBe(true);
  });
  test('an encrypted file is not in DAX, whatever the mount says', () => {
    const bed = new Bed('ext4', 'dax=always,test_dummy_encryption', ['-O', 'encrypt']);
    bed.create('/m/f');
    expect(bed.isDax('/m/f')).toBe(false);
    expect(bed.set('setx', '/m/f', '+x')).toBe('EOPNOTSUPP');
    expect(bed.do('statx', { path: '/m/f' })).toMatchObject({ dio_mem_align: 0 });
  });
  test('without a journal the flag for it is taken and forgotten', () => {
    const bed = new Bed('ext4', 'dax=inode', ['-O', '^has_journal']);
    bed.create('/m/f');
    expect(bed.set('setflag', '/m/f', '+j')).toBe(0);
    expect(bed.flags('/m/f')).toBe('0x80000');
  });
  test('data in the journal by mount option: no DAX and no direct I/O', () => {
    const bed = new Bed('ext4', 'data=journal');
    bed.create('/m/f');
    expect(bed.set('setx', '/m/f', '+x')).toBe(0);
    expect(bed.do('statx', { path: '/m/f' })).toMatchObject({
      attr_dax: false,
      dio_mem_align: 0,
      dio_offset_align: 0,
    });
  });
  test('a file of its own in the journal counts only without delayed allocation', () => {
    for (const [options, align] of [
      ['none', 512],
      ['nodelalloc', 0],
    ] as const) {
      const bed = new Bed('ext4', options);
      bed.create('/m/f');
      bed.set('setflag', '/m/f', '+j');
      expect(bed.do('statx', { path: '/m/f' })['dio_mem_align']).toBe(align);
    }
  });
});

describe('other flags', () => {
  test('an immutable file loses that flag only', () => {
    const bed = new Bed('ext4', 'dax=inode');
    bed.create('/m/f');
    bed.set('setflag', '/m/f', '+i');
    expect(bed.set('setx', '/m/f', '+x')).toBe('EPERM');
    expect(bed.set('setflag', '/m/f', '-i')).toBe(0);
    expect(bed.set('setx', '/m/f', '+x')).toBe(0);
  });
  test('DAX and the journal are inherited by files and directories, not by links and fifos', () => {
    const bed = new Bed('ext4', 'dax=inode');
    bed.do('mkdir', { path: '/m/d' });
    bed.set('setflag', '/m/d', '+x');
    bed.do('mkdir', { path: '/m/d/e' });
    bed.create('/m/d/e/f');
    expect(bed.flags('/m/d/e/f')).toBe('0x2080000');
    expect(bed.isDax('/m/d/e/f')).toBe(true);
    expect(bed.isDax('/m/d/e')).toBe(false);
    bed.do('mkfifo', { path: '/m/d/p' });
    expect(bed.do('getx', { path: '/m/d/p' })).toEqual({ rc: -1, errno: 'ENOTTY' });
    bed.do('mkdir', { path: '/m/j' });
    bed.set('setflag', '/m/j', '+j');
    bed.create('/m/j/f');
    expect(bed.flags('/m/j/f')).toBe('0x84000');
  });
  test('a change takes effect with the last user of the file', () => {
    const bed = new Bed('ext4', 'dax=inode');
    bed.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    bed.set('setx', '/m/f', '+x');
    expect(bed.isDax('/m/f')).toBe(false);
    bed.do('close', { fd: 'f' });
    expect(bed.isDax('/m/f')).toBe(true);
  });
  test('where the mount decides nothing is dropped from memory', () => {
    const bed = new Bed('ext4', 'dax=never');
    bed.create('/m/f');
    bed.set('setx', '/m/f', '+x');
    expect([bed.isDax('/m/f'), bed.flags('/m/f')]).toEqual([false, '0x2080000']);
  });
  test('ext2 takes the DAX flag and forgets it; the mount decides', () => {
    const bed = new Bed('ext2', 'dax');
    bed.create('/m/f');
    expect(bed.set('setx', '/m/f', '+x')).toBe(0);
    expect([bed.isDax('/m/f'), bed.flags('/m/f')]).toEqual([true, '0x0']);
    expect(bed.set('setflag', '/m/f', '+i')).toBe(0);
    expect([bed.isDax('/m/f'), bed.flags('/m/f')]).toEqual([true, '0x10']);
  });
});

describe('the size of an open file that has become immutable', () => {
  const sizeOf = (fs: 'ext2' | 'ext4'): unknown => {
    const bed = new Bed(fs, 'none');
    bed.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    bed.do('pwrite', { fd: 'f', offset: 0, length: 100, byte: 'A' });
    expect(bed.set('setflag', '/m/f', '+i')).toBe(0);
    expect(bed.do('ftruncate', { fd: 'f', size: 10 })['errno']).toBe('EPERM');
    return bed.do('fstatx', { fd: 'f' })['size'];
  };
  test('stays as it is', () => {
    expect(sizeOf('ext4')).toBe(100);
    expect(sizeOf('ext2')).toBe(100);
  });
});
