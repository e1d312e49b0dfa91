// Mounts of XFS: which options are taken, which are refused and in which order, what DAX becomes
// where it cannot be, what /proc/mounts shows, and what a remount changes.

import { describe, expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User, type SetupWishes } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';
const BRD = '/dev/role/brd';

type Arguments = Readonly<Record<string, string | number | readonly string[]>>;

/** A kernel with filesystems to mount. */
class Bed {
  readonly user: User;
  constructor(wishes: SetupWishes = {}) {
    const setup = defaultSetup({ gate: 'open', ...wishes });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
  }
  do(op: string, args: Arguments): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    return done.value;
  }
  mkfs(device: string, more: readonly string[] = []): unknown {
    const argv = ['mkfs.xfs', '-q', '-f', ...more, device];
    return this.do('mkfs', { fs: 'xfs', device, argv })['rc'];
  }
  /** Options that /proc/mounts shows, or the name of the error. */
  mount(device: string, options: string, dir = '/m'): unknown {
    const { errno, opts } = this.do('mount', { fs: 'xfs', device, dir, options });
    return errno ?? opts;
  }
  remount(options: string): unknown {
    const { errno, opts } = this.do('remount', { dir: '/m', options });
    return errno ?? opts;
  }
  get messages(): readonly string[] {
    return this.user.linux.dmesg.filter((line) => line.startsWith('XFS'));
  }
}

/** What a mount of a fresh filesystem comes to. */
function mounted(
  device: string,
  options: string,
  more?: { readonly mkfs?: readonly string[]; readonly wishes?: SetupWishes },
): unknown {
  const bed = new Bed(more?.wishes);
  expect(bed.mkfs(device, more?.mkfs)).toBe(0);
  return bed.mount(device, options);
}

/** The usual text, with what differs in its place. */
function shown(dax = '', more: { readonly inode?: string; readonly log?: string } = {}): string {
  const { inode = 'inode64', log = 'logbufs=8,logbsize=32k' } = more;
  return `rw,relatime,attr2${dax},${inode},${log},noquota`;
}

describe('xfs: options that name DAX', () => {
  test.each([
    ['none', ''],
    ['dax', ',dax=always'],
    ['dax=always', ',dax=always'],
    ['dax=inode', ''],
    ['dax=never', ',dax=never'],
    ['dax,dax=inode', ''],
    ['dax=never,dax', ',dax=always'],
  ])('%s on a device with DAX shows "%s"', (options, dax) => {
    expect(mounted(PMEM, options)).toBe(shown(dax));
  });
  test.each([['dax='], ['dax=INODE'], ['dax=bogus'], ['nodax']])('%s is refused', (options) => {
    expect(mounted(PMEM, options)).toBe('EINVAL');
  });
  test('dax=always without a device for it becomes dax=never, with a message', () => {
    const bed = new Bed();
    bed.mkfs(BRD);
    expect(bed.mount(BRD, 'dax')).toBe(shown(',dax=never'));
    expect(bed.messages).toEqual(['XFS (ram0): DAX unsupported by block device. Turning off DAX.']);
  });
  test('dax=always with blocks smaller than a page becomes dax=never, with a message', () => {
    const bed = new Bed();
    bed.mkfs(PMEM, ['-b', 'size=1024']);
    expect(bed.mount(PMEM, 'dax=always')).toBe(shown(',dax=never'));
    expect(bed.messages).toEqual([
      'XFS (pmem0): DAX not supported for blocksize. Turning off DAX.',
    ]);
  });
  test('dax=inode says nothing on a device without DAX', () => {
    const bed = new Bed();
    bed.mkfs(BRD);
    expect(bed.mount(BRD, 'dax=inode')).toBe(shown());
    expect(bed.messages).toEqual([]);
  });
  test('6.1 warns that DAX is experimental', () => {
    const bed = new Bed({ kernelText: '6.1' });
    bed.mkfs(PMEM);
    bed.mount(PMEM, 'dax');
    expect(bed.messages.length).toBe(1);
  });
  test('without FS_DAX the kernel does not know the options', () => {
    expect(mounted(PMEM, 'dax=never', { wishes: { fsDax: false } })).toBe('EINVAL');
  });
  test('dax=always on a partition goes only without reflink', () => {
    for (const [reflink, expected] of [
      ['1', 'EINVAL'],
      ['0', shown(',dax=always')],
    ] as const) {
      const bed = new Bed();
      const script = `echo 2048,819200 | sfdisk -q --wipe always ${PMEM} || true`;
      bed.do('shell', { argv: ['sh', '-c', script] });
      expect(bed.mkfs('/dev/pmem0p1', ['-m', `reflink=${reflink}`])).toBe(0);
      expect(bed.mount('/dev/pmem0p1', 'dax=always')).toBe(expected);
      expect(bed.mount('/dev/pmem0p1', 'dax=inode', '/m2')).not.toBe('EINVAL');
    }
  });
});

describe('xfs: other options', () => {
  test.each([
    ['logbufs=4', shown('', { log: 'logbufs=4,logbsize=32k' })],
    ['logbufs=0', shown()],
    ['logbufs=1', 'EINVAL'],
    ['logbufs=9', 'EINVAL'],
    ['logbufs=x', 'EINVAL'],
    ['logbufs', 'EINVAL'],
    ['logbsize=64k', shown('', { log: 'logbufs=8,logbsize=64k' })],
    ['logbsize=262144', shown('', { log: 'logbufs=8,logbsize=256k' })],
    ['logbsize=48k', 'EINVAL'],
    ['logbsize=8k', 'EINVAL'],
    ['inode32', shown('', { inode: 'inode32' })],
    ['inode32,inode64', shown()],
    ['inode64=1', 'EINVAL'],
    ['allocsize=1m', shown('', { inode: 'inode64,allocsize=1024k' })],
    ['allocsize=1k', 'EINVAL'],
    ['norecovery', 'EINVAL'],
    ['noattr2', 'EINVAL'],
    ['attr2,noattr2', 'EINVAL'],
    ['sunit=8', 'EINVAL'],
    ['sunit=8,swidth=12', 'EINVAL'],
    ['sunit=4,swidth=8', 'EINVAL'],
    ['noalign,sunit=8,swidth=16', 'EINVAL'],
    ['sunit=8,swidth=16', `${shown().replace(',noquota', ',sunit=8,swidth=16,noquota')}`],
    ['discard', shown()],
    ['uquota,gqnoenforce', shown().replace('noquota', 'usrquota,gqnoenforce')],
    ['uquota,noquota', shown()],
    ['barrier', 'EINVAL'],
    ['bogus', 'EINVAL'],
    ['wsync,largeio', shown().replace('attr2', 'wsync,attr2,largeio')],
  ])('%s', (options, expected) => {
    expect(mounted(PMEM, options)).toBe(expected);
  });
  test('a version 4 filesystem has no reflink and may be mounted without attr2', () => {
    const v4 = { mkfs: ['-m', 'crc=0'] };
    expect(mounted(PMEM, 'noattr2', v4)).toBe(shown().replace(',attr2', ''));
    expect(mounted(PMEM, 'gquota,pquota', v4)).toBe('EINVAL');
  });
  test('blocks larger than a page: 6.12 can, 6.1 cannot', () => {
    const large = { mkfs: ['-b', 'size=8192'] };
    expect(mounted(PMEM, 'none', large)).toBe(shown());
    expect(mounted(PMEM, 'none', { ...large, wishes: { kernelText: '6.1' } })).toBe('ENOSYS');
  });
  test('anything but XFS is refused', () => {
    expect(new Bed().mount(PMEM, 'none')).toBe('EINVAL');
    expect(new Bed().mount('/dev/nowhere', 'none')).toBe('ENOENT');
  });
});

describe('xfs: devices beside the data device', () => {
  test('an external log has to be named, and an internal one must not', () => {
    const bed = new Bed();
    bed.mkfs(PMEM, ['-l', `logdev=${BRD},size=64m`]);
    expect(bed.mount(PMEM, 'none')).toBe('EINVAL');
    expect(bed.mount(PMEM, `logdev=${BRD},dax=always`)).toBe(
      shown(',dax=always').replace('noquota', `logdev=${BRD},noquota`),
    );
    // The log is held as long as the filesystem is mounted.
    expect(bed.mkfs(BRD)).toBe(1);
    bed.do('umount', { dir: '/m' });
    expect(bed.mkfs(BRD)).toBe(0);
    expect(mounted(PMEM, `logdev=${BRD}`)).toBe('EINVAL');
  });
  test('the data device as log: 6.12 sees the same device, 6.1 a busy one', () => {
    const named = shown().replace('noquota', `logdev=${PMEM},noquota`);
    expect(mounted(PMEM, `logdev=${PMEM}`)).toBe(named);
    expect(mounted(PMEM, `logdev=${PMEM}`, { wishes: { kernelText: '6.1' } })).toBe('EBUSY');
  });
  test('a realtime device has to be there, and to be another', () => {
    const bed = new Bed();
    bed.mkfs(BRD, ['-r', `rtdev=${PMEM}`]);
    expect(bed.mount(BRD, 'none')).toBe('ENODEV');
    expect(bed.mount(BRD, `rtdev=${BRD}`)).toBe('EINVAL');
    expect(bed.mount(BRD, 'rtdev=/dev/nowhere')).toBe('ENOENT');
    // One device with DAX is enough for the mount; which files use it depends on their device.
    expect(bed.mount(BRD, `rtdev=${PMEM},dax=always`)).toBe(
      shown(',dax=always').replace('noquota', `rtdev=${PMEM},noquota`),
    );
    bed.do('create', { path: '/m/f' });
    expect(bed.do('statx', { path: '/m/f' })['attr_dax']).toBe(false);
  });
  test('files below a directory with rtinherit are on the realtime device', () => {
    const bed = new Bed();
    bed.mkfs(BRD, ['-r', `rtdev=${PMEM}`, '-d', 'rtinherit=1']);
    bed.mount(BRD, `rtdev=${PMEM},dax=always`);
    bed.do('create', { path: '/m/f' });
    expect(bed.do('statx', { path: '/m/f' })['attr_dax']).toBe(true);
    expect(bed.do('getx', { path: '/m/f' })['xflags']).toBe('0x80000001');
    expect(bed.do('getx', { path: '/m' })['xflags']).toBe('0x100');
    bed.do('open', { as: 'f', path: '/m/f', flags: 'rdwr' });
    expect(bed.do('pwrite', { fd: 'f', offset: 0, length: 8192, byte: 'A' })['rc']).toBe(8192);
    expect(bed.do('pread', { fd: 'f', offset: 0, length: 8192 })['data']).toBe('A*8192');
  });
  test('the same filesystem twice needs nouuid, and not on the same device', () => {
    const bed = new Bed();
    bed.mkfs(PMEM);
    expect(bed.mount(PMEM, 'dax=always')).toBe(shown(',dax=always'));
    expect(bed.mount(PMEM, 'dax=never', '/m2')).toBe(shown(',dax=always'));
    expect(bed.mount(PMEM, 'ro', '/m3')).toBe('EBUSY');
  });
});

describe('xfs: remounts', () => {
  test.each([
    ['none', 'dax=always', ''],
    ['dax=always', 'dax=never', ',dax=always'],
    ['dax=never', 'dax', ',dax=never'],
    ['dax=inode', 'logbufs=2', ''],
  ])('%s, then %s: it is taken and forgotten', (first, second, dax) => {
    const bed = new Bed();
    bed.mkfs(PMEM);
    bed.mount(PMEM, first);
    expect(bed.remount(second)).toBe(shown(dax));
  });
  test('what is wrong is refused', () => {
    const bed = new Bed();
    bed.mkfs(PMEM);
    bed.mount(PMEM, 'none');
    for (const options of ['dax=bogus', 'logbufs=1', 'ro,norecovery', 'bogus']) {
      expect(bed.remount(options)).toBe('EINVAL');
    }
  });
  test('inode32 holds as long as every remount says so', () => {
    const bed = new Bed();
    bed.mkfs(PMEM);
    bed.mount(PMEM, 'inode32');
    expect(bed.remount('inode32')).toBe(shown('', { inode: 'inode32' }));
    expect(bed.remount('dax=inode')).toBe(shown());
    expect(bed.remount('inode32')).toBe(shown('', { inode: 'inode32' }));
  });
  test('read-only goes when nobody writes, and not back where the log was left out', () => {
    const bed = new Bed();
    bed.mkfs(PMEM);
    bed.mount(PMEM, 'none');
    bed.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    expect(bed.remount('ro')).toBe('EBUSY');
    bed.do('close', { fd: 'f' });
    expect(bed.remount('ro')).toBe(shown().replace('rw', 'ro'));
    expect(bed.do('setx', { path: '/m/f', value: '+x' })['errno']).toBe('EROFS');
    expect(bed.remount('none')).toBe(shown());
    bed.do('umount', { dir: '/m' });
    const ro = shown().replace('rw', 'ro').replace('attr2', 'norecovery,attr2');
    expect(bed.mount(PMEM, 'ro,norecovery')).toBe(ro);
    expect(bed.remount('none')).toBe('EINVAL');
  });
});
