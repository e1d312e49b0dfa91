// What the users do: every operation, in an order in which most of them succeed, on each kind of
// file system.

/** A machine, a kernel and a mounted file system. */
export interface Bed {
  readonly name: string;
  readonly machine: string;
  readonly release: '6.1' | '6.12';
  readonly fs: string;
  readonly options: string;
}

const VIVT = 'arm926ej-s';
const PIPT = 'cortex-a15';

const kinds = [
  { fs: 'xfs', options: 'dax=always' },
  { fs: 'xfs', options: 'none' },
  { fs: 'ext4', options: 'dax=always' },
  { fs: 'ext4', options: 'none' },
  { fs: 'ext2', options: 'dax' },
  { fs: 'ext2', options: 'none' },
  { fs: 'virtiofs', options: 'dax=always' },
];

/** Every kind of file system on both releases, each with and without aliases. */
export const beds: readonly Bed[] = kinds.flatMap(({ fs, options }) =>
  (
    [
      [VIVT, '6.12'],
      [PIPT, '6.1'],
    ] as const
  ).map(([machine, release]) => ({
    name: `${fs} ${options}, ${machine}, ${release}`,
    machine,
    release,
    fs,
    options,
  })),
);

/** What is mounted: a device, or the tag of the host's directory. */
function deviceOf(fs: string): string {
  return fs === 'virtiofs' ? WINDOWED : DEVICE;
}

/** The tag of a virtiofs device with a window for DAX. */
export const WINDOWED = 'windowed';

const DEVICE = '/dev/role/fsdax0';

function mkfs(fs: string): string {
  if (fs === 'virtiofs') return '# the host has made it';
  if (fs === 'xfs') return `mkfs xfs ${DEVICE} mkfs.xfs -q -f -m reflink=1 ${DEVICE}`;
  return `mkfs ${fs} ${DEVICE} mkfs.${fs} -q -F -b 4096 ${DEVICE}`;
}

/** All lines on a file system. */
export function linesOn(fs: string, options: string): readonly string[] {
  const mount = `mount ${fs} ${deviceOf(fs)} /m ${options}`;
  return [
    mkfs(fs),
    mount,
    ...accesses,
    ...ranges,
    ...names,
    ...flags,
    ...machine,
    ...(fs === 'ext2' && options === 'none' ? full : []),
    'munmap m',
    'close f',
    'remount /m ro',
    'remount /m rw',
    'umount /m',
    mount,
    'open f /m/f rdwr',
    'pread f 0 8k',
    'statx /m/f',
    'crash',
    mount,
    'open f /m/f rdwr',
    'pread f 0 8k',
    'close f',
    'umount /m',
  ];
}

const accesses = [
  'open f /m/f creat,rdwr',
  'pwrite f 0 8k A',
  'pread f 0 8k',
  'preadu f 1 100',
  'fsync f',
  'mmap m f 0 8k rw shared',
  'load m 0 2',
  'store m 1 1 B',
  'msync m 0 8k',
  'fdatasync f',
  'pwrite f 4k 10 C',
  'pread_map f 0 m 4k 100',
  'pwrite_map f 100 m 0 50',
  'cachestat f',
  'mincore m',
  'mlock m',
  'vmflags m',
  'mmap p f 0 4k rw private',
  'store p 0 1 P',
  'load p 0 1',
  'munmap p',
  'mmap q f 0 8k r shared,populate',
  'munmap q',
  'open d /m/f rdwr,direct',
  'pwrite d 0 4k D',
  'pread d 0 4k',
  'pwrite_map d 0 m 4k 4k',
  'close d',
  'open s /m/f rdwr,dsync',
  'pwrite s 10 1 S',
  'close s',
  'devread f 0 4k /dev/role/fsdax0',
];

const ranges = [
  'ftruncate f 12k',
  'pwrite f 10k 100 E',
  'ftruncate f 9k',
  'truncate /m/f 20k',
  'fallocate f alloc 0 32k',
  'fallocate f punch 4k 4k',
  'fallocate f zero 8k 4k',
  'fallocate f collapse 4k 4k',
  'fallocate f insert 4k 4k',
  'fallocate f keep-size 40k 4k',
  'fallocate f unshare 0 4k',
  'seek f data 0',
  'seek f hole 0',
  'store m 4k 1 F',
  'load m 0 1',
  'copyrange /m/f /m/g 8k',
  'reflink /m/f /m/r',
  'dedupe /m/f /m/r 4k',
  'cp /m/f /m/c',
  'sendfile f 4k',
  'splice f 4k',
  'swapon /m/f',
  'fsync f',
];

const names = [
  'create /m/n',
  'mkdir /m/dir',
  'mkdirp /m/dir/a/b',
  'mkfifo /m/fifo',
  'rename /m/n /m/dir/n',
  'exchange /m/dir/n /m/c',
  'link /m/f /m/hard',
  'open t /m tmpfile,rdwr',
  'flink t /m/linked',
  'close t',
  'symlink f /m/soft',
  'chown /m/dir 1000',
  'statx /m/f',
  'fstatx f',
  'unlink /m/hard',
  'cat /m/f',
  'echo text /m/e',
];

const flags = [
  'getx /m/f',
  'fgetx f',
  'setx /m/e +x',
  'fsetx f -x',
  'uidrun 1000 /m/f +x',
  'getflags /m/f',
  'setflag /m/e +x',
  'setflag /m/e +i',
  'setflag /m/e -i',
  'xfs_io -c lsattr /m/f',
  'xfs_io -c "chattr +x" /m/dir',
];

const machine = [
  'dmesg',
  'maps',
  'dropcaches',
  'queuedax /dev/role/fsdax0',
  'ndctl list -BRNiu',
  'daxctl list -u',
  'dmsetup create lin --table "0 409600 linear /dev/role/fsdax1 0"',
  'dmsetup suspend lin',
  'dmsetup reload lin --table "0 409600 linear /dev/role/fsdax1 2048"',
  'dmsetup resume lin',
  'dmsetup table lin',
  'dmsetup remove_all',
  'losetup /dev/loop0 /m/g',
  'losetup -d /dev/loop0',
  'shell sync',
];

/** A file system that is full, on a device that is small: there are many steps. */
const full = [
  'dmsetup create small --table "0 2048 linear /dev/role/fsdax1 0"',
  'mkfs ext2 /dev/mapper/small mkfs.ext2 -q -F -b 4096 /dev/mapper/small',
  'mount ext2 /dev/mapper/small /s',
  'open big /s/big creat,rdwr',
  'fill big Z',
  'close big',
  'umount /s',
  'dmsetup remove_all',
];
