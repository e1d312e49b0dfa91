// Files of XFS: reads and writes with and without a page cache, space behind the end, holes, direct
// I/O, shared blocks and what DAX makes of them in both releases.

import { describe, expect, test } from 'vitest';
import { assert, present } from '../../../base/index.ts';
import {
  defaultSetup,
  type Outcome,
  type OutcomeValue,
  User,
  type SetupWishes,
} from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';
const BRD = '/dev/role/brd';

type Arguments = Readonly<Record<string, string | number | readonly string[]>>;

/** A kernel with one mounted XFS and an open file `f`. */
class Bed {
  readonly user: User;
  constructor(
    options: string,
    more: {
      readonly device?: string;
      readonly mkfs?: readonly string[];
      readonly wishes?: SetupWishes;
    } = {},
  ) {
    const setup = defaultSetup({ gate: 'open', ...more.wishes });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
    const device = more.device ?? PMEM;
    const argv = ['mkfs.xfs', '-q', '-f', ...(more.mkfs ?? []), device];
    expect(this.do('mkfs', { fs: 'xfs', device, argv })).toEqual({ rc: 0 });
    expect(this.do('mount', { fs: 'xfs', device, dir: '/m', options })['rc']).toBe(0);
    this.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  }
  do(op: string, args: Arguments = {}): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  write(offset: number, length: number, byte: string, fd = 'f'): OutcomeValue | undefined {
    const { rc, errno } = this.do('pwrite', { fd, offset, length, byte });
    return errno ?? rc;
  }
  read(offset: number, length: number, fd = 'f'): OutcomeValue | undefined {
    const { data, errno, rc } = this.do('pread', { fd, offset, length });
    return errno ?? data ?? rc;
  }
  allocate(mode: string, offset: number, length: number): OutcomeValue | undefined {
    const { rc, errno } = this.do('fallocate', { fd: 'f', mode, offset, length });
    return errno ?? rc;
  }
  seek(whence: string, offset: number): OutcomeValue | undefined {
    const { rc, errno } = this.do('seek', { fd: 'f', whence, offset });
    return errno ?? rc;
  }
  /** Blocks that may still be promised. */
  get free(): number {
    const sb = present(this.user.linux.mounts.at(-1), 'the mount').sb;
    return sb.free_blocks.peek();
  }
}

const both: readonly (readonly [string, string])[] = [
  ['dax=always', '6.12'],
  ['dax=never', '6.12'],
  ['dax=always', '6.1'],
  ['dax=never', '6.1'],
];

describe('xfs: ranges of files', () => {
  test.each(both)('%s on %s: punch, zero, collapse, insert', (options, kernelText) => {
    const bed = new Bed(options, { wishes: { kernelText } });
    for (const [page, byte] of ['A', 'B', 'C'].entries()) bed.write(page * 4096, 4096, byte);
    expect(bed.allocate('punch', 4000, 4292)).toBe(0);
    expect(bed.read(0, 12_288)).toBe('A*4000,x00*4292,C*3996');
    expect(bed.allocate('zero', 0, 4096)).toBe(0);
    expect(bed.read(0, 12_288)).toBe('x00*8292,C*3996');
    expect(bed.allocate('collapse', 4096, 4096)).toBe(0);
    expect(bed.read(0, 12_288)).toBe('x00*4196,C*3996');
    expect(bed.allocate('insert', 4096, 4096)).toBe(0);
    expect(bed.read(0, 12_288)).toBe('x00*8292,C*3996');
    // Zeroing left unwritten blocks: a hole, unless the page cache has read them.
    expect(bed.seek('hole', 0)).toBe(options === 'dax=never' ? 4096 : 0);
    expect(bed.seek('data', 4096)).toBe(8192);
  });
  test('whole blocks are moved, and only before the end', () => {
    const bed = new Bed('dax=never');
    bed.write(0, 8192, 'A');
    expect(bed.allocate('collapse', 0, 100)).toBe('EINVAL');
    expect(bed.allocate('collapse', 4096, 4096)).toBe('EINVAL');
    expect(bed.allocate('insert', 1, 4096)).toBe('EINVAL');
    expect(bed.allocate('insert', 8192, 4096)).toBe('EINVAL');
  });
  test('what was allocated and never written is a hole until a page of it is cached', () => {
    const bed = new Bed('dax=never');
    expect(bed.allocate('alloc', 0, 16_384)).toBe(0);
    expect(bed.seek('data', 0)).toBe('ENXIO');
    expect(bed.read(0, 100)).toBe('x00*100');
    expect(bed.seek('data', 0)).toBe(0);
    expect(bed.do('fgetx', { fd: 'f' })['xflags']).toBe('0x80000002');
  });
  test('keep-size allocates behind the end and leaves the size', () => {
    const bed = new Bed('dax=never');
    const before = bed.free;
    expect(bed.allocate('keep-size', 0, 16_384)).toBe(0);
    expect(before - bed.free).toBe(4);
    expect(bed.do('fstatx', { fd: 'f' })['size']).toBe(0);
  });
  test.each(both)(
    '%s on %s: a longer file shows zeroes, whatever was behind',
    (options, kernelText) => {
      const bed = new Bed(options, { wishes: { kernelText } });
      bed.write(0, 100, 'A');
      bed.do('mmap', { as: 'm', fd: 'f', offset: 0, length: 4096, prot: 'rw', flags: 'shared' });
      bed.do('store', { map: 'm', offset: 200, length: 50, byte: 'T' });
      expect(bed.write(300, 10, 'B')).toBe(10);
      expect(bed.read(0, 310)).toBe('A*100,x00*200,B*10');
      bed.do('ftruncate', { fd: 'f', size: 50 });
      bed.do('ftruncate', { fd: 'f', size: 8192 });
      expect(bed.read(0, 8192)).toBe('A*50,x00*8142');
    },
  );
});

describe('xfs: space', () => {
  test('a growing file gets more than it writes, and gives it back at its first close', () => {
    const bed = new Bed('dax=never');
    bed.write(0, 65_536, 'A');
    const before = bed.free;
    bed.write(65_536, 4096, 'A');
    // As much again as the 16 blocks before, from the end taken down to 16 blocks on.
    expect(before - bed.free).toBe(32);
    bed.do('close', { fd: 'f' });
    expect(before - bed.free).toBe(1);
  });
  test('small files get no more than they write; allocsize changes that', () => {
    const bed = new Bed('dax=never');
    const before = bed.free;
    bed.write(0, 4096, 'A');
    bed.write(4096, 4096, 'A');
    expect(before - bed.free).toBe(2);
    const large = new Bed('allocsize=1m');
    const free = large.free;
    large.write(0, 4096, 'A');
    expect(free - large.free).toBe(256);
  });
  test('DAX writes take what they write, at once', () => {
    const bed = new Bed('dax=always');
    const before = bed.free;
    bed.write(0, 131_072, 'A');
    bed.write(131_072, 4096, 'A');
    expect(before - bed.free).toBe(33);
  });
  test('a device too small for the tool is refused', () => {
    const setup = defaultSetup({ gate: 'open' });
    assert(setup.ok, 'the setup is complete');
    const user = new User(setup.value);
    const argv = ['mkfs.xfs', '-q', '-d', 'size=200m', PMEM];
    const made = user.perform('mkfs', { fs: 'xfs', device: PMEM, argv });
    assert(made.ok, 'mkfs is understood');
    expect(made.value['rc']).toBe(1);
  });
  test('what is unlinked is free again when nobody has it open', () => {
    const bed = new Bed('dax=always');
    const before = bed.free;
    bed.write(0, 40_960, 'A');
    bed.do('unlink', { path: '/m/f' });
    expect(before - bed.free).toBe(10);
    bed.do('close', { fd: 'f' });
    expect(bed.free).toBe(before);
  });
});

describe('xfs: direct I/O', () => {
  test('goes by sectors, also where blocks are larger', () => {
    const bed = new Bed('none', { device: BRD });
    bed.write(0, 8192, 'A');
    bed.do('open', { as: 'd', path: '/m/f', flags: 'rdwr,direct' });
    expect(bed.write(512, 512, 'C', 'd')).toBe(512);
    expect(bed.write(100, 512, 'C', 'd')).toBe('EINVAL');
    expect(bed.write(12_288, 512, 'D', 'd')).toBe(512);
    expect(bed.read(0, 1100)).toBe('A*512,C*512,A*76');
    expect(bed.read(8192, 8192)).toBe('x00*4096,D*512');
  });
  test('parts of shared blocks go through the page cache', () => {
    const bed = new Bed('none', { device: BRD });
    bed.write(0, 4096, 'A');
    bed.do('reflink', { from: '/m/f', to: '/m/g' });
    bed.do('open', { as: 'd', path: '/m/g', flags: 'rdwr,direct' });
    expect(bed.write(512, 512, 'C', 'd')).toBe(512);
    expect(bed.read(0, 4096, 'd')).toBe('A*512,C*512,A*3072');
    expect(bed.read(0, 4096)).toBe('A*4096');
  });
});

describe('xfs: shared blocks', () => {
  test.each(both)('%s on %s: a write to one file leaves the other', (options, kernelText) => {
    const bed = new Bed(options, { wishes: { kernelText } });
    bed.write(0, 16_384, 'A');
    bed.do('fsync', { fd: 'f' });
    const before = bed.free;
    expect(bed.do('reflink', { from: '/m/f', to: '/m/g' })['rc']).toBe(0);
    expect(bed.free).toBe(before);
    bed.do('open', { as: 'g', path: '/m/g', flags: 'rdwr' });
    expect(bed.write(4096, 100, 'C', 'g')).toBe(100);
    bed.do('fsync', { fd: 'g' });
    expect(before - bed.free).toBe(1);
    expect(bed.read(0, 16_384, 'g')).toBe('A*4096,C*100,A*12188');
    expect(bed.read(0, 16_384)).toBe('A*16384');
    expect(bed.allocate('unshare', 0, 16_384)).toBe(0);
    expect(bed.write(0, 16_384, 'B')).toBe(16_384);
    expect(bed.read(0, 4096, 'g')).toBe('A*4096');
  });
  test('a mapping from before a DAX write keeps the old page in 6.1 only', () => {
    const seen = (kernelText: string): unknown => {
      const bed = new Bed('dax=always', { wishes: { kernelText } });
      bed.write(0, 8192, 'A');
      bed.do('reflink', { from: '/m/f', to: '/m/g' });
      bed.do('open', { as: 'g', path: '/m/g', flags: 'rdwr' });
      bed.do('mmap', { as: 'm', fd: 'g', offset: 0, length: 8192, prot: 'r', flags: 'shared' });
      bed.do('load', { map: 'm', offset: 0, length: 8192 });
      bed.write(4096, 4096, 'C', 'g');
      return bed.do('load', { map: 'm', offset: 0, length: 8192 })['data'];
    };
    expect(seen('6.12')).toBe('A*4096,C*4096');
    expect(seen('6.1')).toBe('A*8192');
  });
  test('a store to a mapping copies first', () => {
    const bed = new Bed('dax=always');
    bed.write(0, 8192, 'A');
    bed.do('reflink', { from: '/m/f', to: '/m/g' });
    bed.do('mmap', { as: 'm', fd: 'f', offset: 0, length: 8192, prot: 'rw', flags: 'shared' });
    bed.do('store', { map: 'm', offset: 10, length: 10, byte: 'B' });
    expect(bed.read(0, 8192)).toBe('A*10,B*10,A*8172');
    bed.do('open', { as: 'g', path: '/m/g', flags: 'rdonly' });
    expect(bed.read(0, 8192, 'g')).toBe('A*8192');
  });
  test('a file with DAX and one without share nothing; without reflink nobody does', () => {
    const bed = new Bed('dax=inode');
    bed.write(0, 4096, 'A');
    bed.do('mkdir', { path: '/m/d' });
    bed.do('setx', { path: '/m/d', value: '+x' });
    expect(bed.do('reflink', { from: '/m/f', to: '/m/d/g' })['errno']).toBe('EINVAL');
    expect(bed.do('reflink', { from: '/m/f', to: '/m/h' })['rc']).toBe(0);
    // copy_file_range() copies what cannot be shared.
    expect(bed.do('copyrange', { from: '/m/f', to: '/m/d/i', length: 4096 })['rc']).toBe(4096);
    const plain = new Bed('none', { mkfs: ['-m', 'reflink=0'] });
    plain.write(0, 4096, 'A');
    expect(plain.do('reflink', { from: '/m/f', to: '/m/g' })['errno']).toBe('EOPNOTSUPP');
  });
  test('deduplication shares what is the same', () => {
    for (const options of ['dax=always', 'dax=never']) {
      const bed = new Bed(options);
      bed.write(0, 8192, 'A');
      bed.do('open', { as: 'g', path: '/m/g', flags: 'creat,rdwr' });
      bed.write(0, 4096, 'A', 'g');
      bed.write(4096, 4096, 'B', 'g');
      bed.do('fsync', { fd: 'f' });
      bed.do('fsync', { fd: 'g' });
      const before = bed.free;
      const [from, to] = ['/m/f', '/m/g'];
      expect(bed.do('dedupe', { from, to, length: 8192 })['status']).toBe('DIFFERS');
      expect(bed.do('dedupe', { from, to, length: 4096 })['status']).toBe('SAME');
      expect(bed.free - before).toBe(1);
      expect(bed.read(0, 8192, 'g')).toBe('A*4096,B*4096');
    }
  });
});

describe('xfs: swap files', () => {
  const swapped = (options: string, prepare: (bed: Bed) => void): unknown => {
    const bed = new Bed(options);
    bed.do('shell', { argv: ['dd', 'if=/dev/zero', 'of=/m/sw', 'bs=1M', 'count=8'] });
    bed.do('shell', { argv: ['sh', '-c', 'busybox mkswap /m/sw'] });
    prepare(bed);
    const { rc, errno } = bed.do('swapon', { path: '/m/sw' });
    return errno ?? rc;
  };
  test('blocks of the file alone will do; DAX, holes and shared blocks will not', () => {
    expect(swapped('dax=never', () => {})).toBe(0);
    expect(swapped('dax=always', () => {})).toBe('EINVAL');
    const share = (bed: Bed): unknown => bed.do('reflink', { from: '/m/sw', to: '/m/copy' });
    expect(swapped('dax=never', share)).toBe('EINVAL');
    const punch = (bed: Bed): void => {
      bed.do('open', { as: 'f', path: '/m/sw', flags: 'rdwr' });
      bed.allocate('punch', 1_048_576, 4096);
    };
    expect(swapped('dax=never', punch)).toBe('EINVAL');
  });
});
