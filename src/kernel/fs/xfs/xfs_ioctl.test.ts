// Attribute flags of XFS: what user space sees and sets, who inherits, and when DAX follows.

import { describe, expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';

type Arguments = Readonly<Record<string, string | number | readonly string[]>>;

/** A kernel with one mounted XFS. */
class Bed {
  readonly user: User;
  constructor(options: string, kernelText = '6.12', more: readonly string[] = []) {
    const setup = defaultSetup({ gate: 'open', kernelText });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
    const argv = ['mkfs.xfs', '-q', '-f', ...more, PMEM];
    expect(this.do('mkfs', { fs: 'xfs', device: PMEM, argv })).toEqual({ rc: 0 });
    expect(this.do('mount', { fs: 'xfs', device: PMEM, dir: '/m', options })['rc']).toBe(0);
  }
  do(op: string, args: Arguments = {}): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  flags(path: string): unknown {
    const { xflags, errno } = this.do('getx', { path });
    return errno ?? xflags;
  }
  setx(path: string, value: '+x' | '-x'): unknown {
    const { errno, rc } = this.do('setx', { path, value });
    return errno ?? rc;
  }
  dax(path: string): unknown {
    return this.do('statx', { path })['attr_dax'];
  }
}

describe('xfs: flags', () => {
  test('files of 6.12 are made with room for attributes, but for those of O_TMPFILE', () => {
    for (const [kernelText, plain] of [
      ['6.12', '0x80000000'],
      ['6.1', '0x0'],
    ] as const) {
      const bed = new Bed('dax=inode', kernelText);
      bed.do('create', { path: '/m/f' });
      expect(bed.flags('/m/f')).toBe(plain);
      expect(bed.flags('/m')).toBe('0x0');
      bed.do('open', { as: 't', path: '/m', flags: 'tmpfile,rdwr' });
      expect(bed.do('fgetx', { fd: 't' })['xflags']).toBe('0x0');
    }
  });
  test('a changed DAX flag counts when the inode comes back into memory', () => {
    const bed = new Bed('dax=inode');
    bed.do('create', { path: '/m/f' });
    expect(bed.setx('/m/f', '+x')).toBe(0);
    expect(bed.dax('/m/f')).toBe(true);
    bed.do('open', { as: 'f', path: '/m/f', flags: 'rdonly' });
    expect(bed.setx('/m/f', '-x')).toBe(0);
    expect(bed.dax('/m/f')).toBe(true);
    bed.do('close', { fd: 'f' });
    expect(bed.dax('/m/f')).toBe(false);
  });
  test('dax=always and dax=never do not ask the flag', () => {
    for (const [options, expected] of [
      ['dax=always', true],
      ['dax=never', false],
    ] as const) {
      const bed = new Bed(options);
      bed.do('create', { path: '/m/f' });
      bed.setx('/m/f', '+x');
      expect(bed.dax('/m/f')).toBe(expected);
      expect(bed.flags('/m/f')).toBe('0x80008000');
    }
  });
  test('files and directories inherit the DAX flag, nothing else does', () => {
    const bed = new Bed('dax=inode');
    bed.do('mkdir', { path: '/m/d' });
    bed.setx('/m/d', '+x');
    bed.do('create', { path: '/m/d/f' });
    bed.do('mkdir', { path: '/m/d/e' });
    bed.do('mkfifo', { path: '/m/d/p' });
    expect([bed.flags('/m/d/f'), bed.flags('/m/d/e')]).toEqual(['0x80008000', '0x80008000']);
    expect([bed.dax('/m/d/f'), bed.dax('/m/d')]).toEqual([true, false]);
    expect(bed.flags('/m/d/p')).toBe('ENOTTY');
    bed.do('open', { as: 't', path: '/m/d', flags: 'tmpfile,rdwr' });
    expect(bed.do('fgetx', { fd: 't' })['xflags']).toBe('0x8000');
  });
  test('immutable and append-only files take the DAX flag; unknown flags are refused', () => {
    const bed = new Bed('dax=inode');
    bed.do('create', { path: '/m/f' });
    expect(bed.do('setflag', { path: '/m/f', value: '+i' })['flags']).toBe('0x10');
    expect(bed.setx('/m/f', '+x')).toBe(0);
    expect(bed.do('setflag', { path: '/m/f', value: '-i' })['flags']).toBe('0x2000000');
    expect(bed.do('setflag', { path: '/m/f', value: '+j' })['errno']).toBe('EOPNOTSUPP');
  });
  test('6.1 refuses the flag for files that share blocks', () => {
    for (const [kernelText, expected] of [
      ['6.12', 0],
      ['6.1', 'EINVAL'],
    ] as const) {
      const bed = new Bed('dax=inode', kernelText);
      bed.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
      bed.do('pwrite', { fd: 'f', offset: 0, length: 4096, byte: 'A' });
      bed.do('reflink', { from: '/m/f', to: '/m/g' });
      expect(bed.setx('/m/g', '+x')).toBe(expected);
    }
  });
  test('version 4 inodes have no room for it', () => {
    const bed = new Bed('none', '6.12', ['-m', 'crc=0']);
    bed.do('create', { path: '/m/f' });
    expect(bed.setx('/m/f', '+x')).toBe('EINVAL');
  });
});

describe('xfs: sizes of directories', () => {
  const size = (bed: Bed, path: string): unknown => bed.do('statx', { path })['size'];
  test('names count while they fit into the inode, then blocks do', () => {
    const bed = new Bed('none');
    bed.do('mkdir', { path: '/m/d' });
    expect(size(bed, '/m/d')).toBe(6);
    bed.do('create', { path: '/m/d/deep' });
    expect(size(bed, '/m/d')).toBe(18);
    // 15 names of 4 letters are 186 bytes; an attribute fork leaves 192.
    for (let i = 0; i < 14; i++) bed.do('create', { path: `/m/d/${1000 + i}` });
    expect(size(bed, '/m/d')).toBe(186);
    bed.do('create', { path: '/m/d/more' });
    expect(size(bed, '/m/d')).toBe(4096);
    bed.do('unlink', { path: '/m/d/more' });
    expect(size(bed, '/m/d')).toBe(186);
  });
  test('without an attribute fork more fit', () => {
    const bed = new Bed('none', '6.1');
    bed.do('mkdir', { path: '/m/d' });
    for (let i = 0; i < 16; i++) bed.do('create', { path: `/m/d/${1000 + i}` });
    expect(size(bed, '/m/d')).toBe(198);
  });
});
