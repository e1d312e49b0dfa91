// What happens to the bytes and blocks of ext4 and ext2 files: fallocate, holes, the end of the
// file, direct I/O, no space, contents in inodes, and what a remount finds.

import { describe, expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';
const releases = ['6.1', '6.12'] as const;
type Raw = Readonly<Record<string, string | number | readonly string[]>>;

interface Wish {
  readonly fs?: 'ext2' | 'ext4';
  readonly release?: '6.1' | '6.12';
  readonly options?: string;
  readonly mkfs?: readonly string[];
  /** Size of the filesystem in blocks; absent: that of the device. */
  readonly blocks?: number;
}

/** A mounted filesystem with an open file `f`. */
class Bed {
  readonly user: User;
  readonly fs: string;
  readonly options: string;
  constructor(wish: Wish) {
    const { fs = 'ext4', release = '6.12', options = 'dax', mkfs = [] } = wish;
    const setup = defaultSetup({ gate: 'open', release });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
    this.fs = fs;
    this.options = options;
    const size = mkfs.includes('-b') ? [] : ['-b', '4096'];
    const blocks = wish.blocks === undefined ? [] : [`${wish.blocks}`];
    const argv = [`mkfs.${fs}`, '-q', '-F', ...size, ...mkfs, PMEM, ...blocks];
    expect(this.do('mkfs', { fs, device: PMEM, argv })['rc']).toBe(0);
    this.mount();
    this.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  }
  mount(): void {
    const { fs, options } = this;
    expect(this.do('mount', { fs, device: PMEM, dir: '/m', options })['rc']).toBe(0);
  }
  do(op: string, args: Raw): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  write(offset: number, length: number, byte: string, fd = 'f'): unknown {
    const { rc, errno } = this.do('pwrite', { fd, offset, length, byte });
    return errno ?? rc;
  }
  read(offset: number, length: number, fd = 'f'): unknown {
    const { rc, data, errno } = this.do('pread', { fd, offset, length });
    return errno ?? data ?? rc;
  }
  fallocate(mode: string, offset: number, length: number): unknown {
    const { rc, errno } = this.do('fallocate', { fd: 'f', mode, offset, length });
    return errno ?? rc;
  }
  seek(whence: string, offset: number): unknown {
    const { rc, errno } = this.do('seek', { fd: 'f', whence, offset });
    return errno ?? rc;
  }
  size(): unknown {
    return this.do('fstatx', { fd: 'f' })['size'];
  }
  map(length: number): void {
    const args = { as: 'm', fd: 'f', offset: 0, length, prot: 'rw', flags: 'shared' };
    expect(this.do('mmap', args)['rc']).toBe(0);
  }
  store(offset: number, length: number, byte: string): unknown {
    const { rc, signal } = this.do('store', { map: 'm', offset, length, byte });
    return signal ?? rc;
  }
  load(offset: number, length: number): unknown {
    const { data, signal } = this.do('load', { map: 'm', offset, length });
    return signal ?? data;
  }
  /** Free blocks of the filesystem. */
  free(): number {
    const mount = this.user.linux.mounts.at(-1);
    return mount === undefined ? 0 : mount.sb.free_blocks.peek();
  }
  /** What the device has for a range of the file. */
  device(offset: number, length: number): unknown {
    return this.do('devread', { fd: 'f', offset, length, device: PMEM })['data'];
  }
}

describe.each(['dax', 'dax=never', 'nodelalloc'])('fallocate, mounted with %s', (options) => {
  test.each(releases)('holes, zeroes and ranges that go or come, in %s', (release) => {
    const bed = new Bed({ release, options });
    bed.write(0, 16_384, 'A');
    bed.map(16_384);
    expect(bed.load(4096, 2)).toBe('A*2');
    expect(bed.fallocate('punch', 4000, 4296)).toBe(0);
    expect(bed.read(0, 16_384)).toBe('A*4000,x00*4296,A*8088');
    expect(bed.load(3998, 4)).toBe('A*2,x00*2');
    expect(bed.fallocate('zero', 8192, 100)).toBe(0);
    expect(bed.read(8192, 200)).toBe('x00*104,A*96');
    expect(bed.fallocate('collapse', 0, 4096)).toBe(0);
    expect(bed.size()).toBe(12_288);
    expect(bed.read(0, 12_288)).toBe('x00*4200,A*8088');
    expect(bed.load(0, 2)).toBe('x00*2');
    expect(bed.load(12_288, 1)).toBe('SIGBUS');
    expect(bed.fallocate('insert', 4096, 4096)).toBe(0);
    expect(bed.read(0, 16_384)).toBe('x00*8296,A*8088');
    expect(bed.fallocate('zero', 12_288, 8192)).toBe(0);
    expect([bed.size(), bed.read(12_286, 8194)]).toEqual([20_480, 'A*2,x00*8192']);
  });
  test('refusals', () => {
    const bed = new Bed({ options });
    bed.write(0, 8192, 'A');
    expect(bed.fallocate('unshare', 0, 4096)).toBe('EOPNOTSUPP');
    expect(bed.fallocate('collapse', 0, 100)).toBe('EINVAL');
    expect(bed.fallocate('collapse', 4096, 4096)).toBe('EINVAL');
    expect(bed.fallocate('insert', 8192, 4096)).toBe('EINVAL');
    expect(bed.fallocate('insert', 1, 4096)).toBe('EINVAL');
    expect(bed.fallocate('punch', 8192, 4096)).toBe(0);
  });
});

test('files without extents have holes, and none of the other modes', () => {
  const bed = new Bed({ mkfs: ['-O', '^extent,^64bit'] });
  bed.write(0, 8192, 'A');
  for (const mode of ['alloc', 'zero', 'collapse', 'insert']) {
    expect(bed.fallocate(mode, 0, 4096)).toBe('EOPNOTSUPP');
  }
  expect(bed.fallocate('punch', 0, 4096)).toBe(0);
  expect(bed.read(0, 8192)).toBe('x00*4096,A*4096');
});

test('ext2 has no fallocate', () => {
  const bed = new Bed({ fs: 'ext2' });
  for (const mode of ['alloc', 'punch', 'zero', 'collapse', 'insert']) {
    expect(bed.fallocate(mode, 0, 4096)).toBe('EOPNOTSUPP');
  }
});

test.each([
  ['6.1', 2],
  ['6.12', 1],
] as const)('a hole beyond an end at a page boundary frees, in %s, %i blocks', (release, freed) => {
  const bed = new Bed({ release });
  bed.write(0, 4096, 'A');
  bed.fallocate('keep-size', 0, 16_384);
  const before = bed.free();
  bed.fallocate('punch', 0, 65_536);
  expect(bed.free() - before).toBe(freed);
});

describe('space ahead of data', () => {
  test('is a hole to those who seek, until it is written; short rests are zeroed along', () => {
    const bed = new Bed({});
    bed.fallocate('alloc', 0, 1_048_576);
    expect([bed.size(), bed.seek('data', 0)]).toEqual([1_048_576, 'ENXIO']);
    bed.write(524_288, 4096, 'A');
    expect([bed.seek('data', 0), bed.seek('hole', 524_288)]).toEqual([524_288, 528_384]);
    // Six blocks before the next write, and what remains behind it is more than the limit.
    bed.write(20_480, 4096, 'B');
    expect([bed.seek('data', 0), bed.seek('hole', 0)]).toEqual([0, 24_576]);
    expect(bed.read(0, 24_576)).toBe('x00*20480,B*4096');
  });
  test('at the end of an extent fewer than nine blocks are zeroed along', () => {
    const bed = new Bed({});
    bed.fallocate('alloc', 0, 65_536);
    bed.write(40_960, 4096, 'A');
    expect([bed.seek('data', 0), bed.seek('hole', 40_960)]).toEqual([40_960, 65_536]);
  });
  test('the page cache writes exactly what is dirty', () => {
    const bed = new Bed({ options: 'dax=never' });
    bed.fallocate('alloc', 0, 65_536);
    bed.write(40_960, 4096, 'A');
    bed.do('fsync', { fd: 'f' });
    expect([bed.seek('data', 0), bed.seek('hole', 40_960)]).toEqual([40_960, 45_056]);
  });
  test('keep-size leaves the size', () => {
    const bed = new Bed({});
    expect(bed.fallocate('keep-size', 0, 65_536)).toBe(0);
    expect(bed.size()).toBe(0);
  });
});

describe('the end of a file', () => {
  test.each([
    ['6.1', 'T*4'],
    ['6.12', 'x00*4'],
  ] as const)(
    'what a mapping stored beyond it is seen in %s when the file grows: %s',
    (release, seen) => {
      const bed = new Bed({ release });
      bed.write(0, 100, 'A');
      bed.map(4096);
      expect(bed.store(200, 4, 'T')).toBe(0);
      bed.do('ftruncate', { fd: 'f', size: 4096 });
      expect(bed.read(200, 4)).toBe(seen);
    },
  );
  test.each(['dax', 'dax=never'])('the rest of its block is zeroed, with %s', (options) => {
    const bed = new Bed({ options });
    bed.write(0, 8192, 'A');
    bed.do('ftruncate', { fd: 'f', size: 5000 });
    bed.do('ftruncate', { fd: 'f', size: 8192 });
    expect(bed.read(4096, 4096)).toBe('A*904,x00*3192');
    bed.do('fsync', { fd: 'f' });
    expect(bed.device(4096, 4096)).toBe('A*904,x00*3192');
  });
  test.each(['dax', 'none'])(
    'ext2 zeroes from the new end to the end of its block: %s',
    (options) => {
      const bed = new Bed({ fs: 'ext2', options });
      bed.write(0, 8192, 'A');
      bed.do('ftruncate', { fd: 'f', size: 5000 });
      bed.do('ftruncate', { fd: 'f', size: 8192 });
      expect(bed.read(4096, 4096)).toBe('A*904,x00*3192');
    },
  );
  test('files have a limit', () => {
    const { errno } = new Bed({}).do('ftruncate', { fd: 'f', size: 2 ** 45 });
    expect(errno).toBe('EFBIG');
  });
});

describe('direct I/O beside the page cache', () => {
  test.each(releases)('ext4 in %s', (release) => {
    const bed = new Bed({ release, options: 'none' });
    bed.do('open', { as: 'd', path: '/m/f', flags: 'rdwr,direct' });
    expect(bed.write(0, 8192, 'A', 'd')).toBe(8192);
    expect(bed.write(512, 512, 'B', 'd')).toBe(512);
    expect(bed.read(0, 1536)).toBe('A*512,B*512,A*512');
    expect(bed.write(1, 512, 'C', 'd')).toBe('EINVAL');
    expect(bed.read(8192, 100, 'd')).toBe(0);
    bed.do('ftruncate', { fd: 'f', size: 65_536 });
    expect(bed.write(32_768, 512, 'D', 'd')).toBe(512);
    expect(bed.read(32_256, 1536)).toBe('x00*512,D*512,x00*512');
    expect([bed.seek('data', 8192), bed.seek('hole', 32_768)]).toEqual([32_768, 36_864]);
  });
  test.each([
    ['6.1', 'EINVAL'],
    ['6.12', 0],
  ] as const)('ext2 in %s, beyond the end and not aligned: %s', (release, expected) => {
    const bed = new Bed({ fs: 'ext2', release, options: 'none' });
    bed.write(0, 4096, 'A');
    bed.do('open', { as: 'd', path: '/m/f', flags: 'rdwr,direct' });
    expect(bed.read(4096, 100, 'd')).toBe(expected);
    expect(bed.read(1, 100, 'd')).toBe('EINVAL');
  });
  test.each(releases)('ext2 fills holes through the page cache, in %s', (release) => {
    const bed = new Bed({ fs: 'ext2', release, options: 'none' });
    bed.do('ftruncate', { fd: 'f', size: 16_384 });
    bed.do('open', { as: 'd', path: '/m/f', flags: 'rdwr,direct' });
    expect(bed.write(8192, 512, 'D', 'd')).toBe(512);
    expect(bed.read(8000, 1000)).toBe('x00*192,D*512,x00*296');
    expect(bed.device(8192, 1024)).toBe('D*512,x00*512');
    expect(bed.write(16_384, 4096, 'E', 'd')).toBe(4096);
    expect(bed.size()).toBe(20_480);
  });
  test('with data in the journal it goes through the page cache, aligned or not', () => {
    const bed = new Bed({ options: 'data=journal' });
    bed.do('open', { as: 'd', path: '/m/f', flags: 'rdwr,direct' });
    expect([bed.write(1, 99, 'A', 'd'), bed.read(0, 100, 'd')]).toEqual([99, 'x00*1,A*99']);
  });
});

describe('no space', () => {
  /** A file with a hole that is mapped, and another that takes all there is. */
  function full(wish: Wish): Bed {
    const bed = new Bed({ ...wish, blocks: 4000 });
    bed.do('ftruncate', { fd: 'f', size: 1_048_576 });
    bed.map(1_048_576);
    bed.do('open', { as: 'g', path: '/m/big', flags: 'creat,rdwr' });
    expect(bed.do('fill', { fd: 'g', byte: 'Z' })['errno']).toBe('ENOSPC');
    bed.do('fsync', { fd: 'g' });
    return bed;
  }
  test.each([
    ['ext4', 'dax'],
    ['ext4', 'dax=never'],
    ['ext2', 'dax'],
  ] as const)('a store to a hole gets SIGBUS: %s, %s', (fs, options) => {
    const bed = full({ fs, options });
    expect(bed.store(524_288, 1, 'S')).toBe('SIGBUS');
    expect(bed.load(524_288, 2)).toBe('x00*2');
    expect(bed.write(524_288, 4096, 'S')).toBe('ENOSPC');
    bed.do('close', { fd: 'g' });
    bed.do('unlink', { path: '/m/big' });
    expect(bed.store(524_288, 1, 'S')).toBe(0);
    expect(bed.read(524_288, 2)).toBe('S*1,x00*1');
  });
  test('a mapping of ext2 marks the page, and fsync tells', () => {
    const bed = full({ fs: 'ext2', options: 'none' });
    expect(bed.store(524_288, 1, 'S')).toBe(0);
    expect(bed.do('fsync', { fd: 'f' })['errno']).toBe('ENOSPC');
  });
});

describe('contents in the inode', () => {
  test('stay there while they fit, survive a remount, and move out', () => {
    const bed = new Bed({ options: 'dax=inode', mkfs: ['-O', 'inline_data'] });
    bed.write(0, 10, 'A');
    bed.write(20, 10, 'B');
    expect(bed.read(0, 100)).toBe('A*10,x00*10,B*10');
    expect(bed.do('statx', { path: '/m/f' })['dio_mem_align']).toBe(0);
    expect(bed.seek('hole', 0)).toBe(30);
    bed.do('ftruncate', { fd: 'f', size: 15 });
    bed.do('close', { fd: 'f' });
    bed.do('umount', { dir: '/m' });
    bed.mount();
    bed.do('open', { as: 'f', path: '/m/f', flags: 'rdwr' });
    expect(bed.read(0, 100)).toBe('A*10,x00*5');
    bed.map(4096);
    expect(bed.load(0, 15)).toBe('A*10,x00*5');
    expect(bed.store(12, 2, 'C')).toBe(0);
    expect(bed.do('statx', { path: '/m/f' })['dio_mem_align']).toBe(512);
    expect(bed.read(0, 100)).toBe('A*10,x00*2,C*2,x00*1');
  });
  test('move out when a write does not fit, or space is asked for ahead', () => {
    const bed = new Bed({ options: 'none', mkfs: ['-O', 'inline_data'] });
    bed.write(0, 10, 'A');
    expect(bed.write(100, 100, 'B')).toBe(100);
    expect(bed.read(0, 200)).toBe('A*10,x00*90,B*100');
    bed.do('open', { as: 'f', path: '/m/g', flags: 'creat,rdwr' });
    bed.write(0, 10, 'A');
    expect(bed.fallocate('alloc', 0, 8192)).toBe(0);
    expect(bed.read(0, 20)).toBe('A*10,x00*10');
  });
});

test.each(['ext2', 'ext4'] as const)('%s: what was written is there after a remount', (fs) => {
  const bed = new Bed({ fs, options: 'none' });
  bed.write(3, 10_000, 'A');
  bed.do('mkdir', { path: '/m/d' });
  bed.do('symlink', { target: 'f', path: '/m/d/l' });
  bed.do('close', { fd: 'f' });
  bed.do('umount', { dir: '/m' });
  bed.mount();
  bed.do('open', { as: 'f', path: '/m/f', flags: 'rdonly' });
  expect(bed.read(0, 20_000)).toBe('x00*3,A*10000');
  expect(bed.do('statx', { path: '/m/d/l' })).toMatchObject({ size: 1, type: 'lnk' });
  expect(bed.do('statx', { path: '/m/d' })['size']).toBe(4096);
});

test('clusters of bigalloc are shared by the blocks of one file, and come back', () => {
  const bed = new Bed({ options: 'dax=never', mkfs: ['-O', 'bigalloc'] });
  bed.write(4096, 4096, 'A');
  bed.write(40_960, 4096, 'B');
  bed.do('fsync', { fd: 'f' });
  expect(bed.read(0, 45_056)).toBe('x00*4096,A*4096,x00*32768,B*4096');
  bed.fallocate('punch', 0, 8192);
  expect(bed.device(40_960, 4096)).toBe('B*4096');
  bed.do('ftruncate', { fd: 'f', size: 0 });
  expect(bed.fallocate('collapse', 0, 4096)).toBe('EINVAL');
});

test('blocks of a removed file come back with its last user', () => {
  const bed = new Bed({});
  const before = bed.free();
  bed.write(0, 40_960, 'A');
  bed.do('unlink', { path: '/m/f' });
  expect(bed.free()).toBe(before - 10);
  bed.do('close', { fd: 'f' });
  expect(bed.free()).toBe(before);
});
