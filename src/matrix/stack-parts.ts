// The parts of a stack: drivers, file systems and mount options, and what of them the old kernels
// of the catalogue had. A system is one of each, on one machine under one kernel.

import type { Source } from '../base/index.ts';

/** Below the file system: which driver, in which mode. */
export type DriverId =
  | 'pmem'
  | 'pmem-e820'
  | 'pmem-raw'
  | 'btt'
  | 'virtio-pmem'
  | 'dm-linear'
  | 'dm-stripe'
  | 'dm-mixed'
  | 'dcssblk'
  | 'virtiofs'
  | 'device-dax'
  | 'brd'
  | 'loop';

/** What lies on it; `char`: no file system, the character device itself is mapped. */
export type FsId = 'ext2' | 'ext4' | 'xfs' | 'erofs' | 'virtiofs' | 'char';

/**
 * How DAX is asked for. `none`: no option; `dax`: the bare word; `+x`: on a file whose own flag is
 * set (virtiofs: whose server says so). `align-`: how device-dax aligns mappings.
 */
export type OptionId =
  | 'none'
  | 'none+x'
  | 'dax'
  | 'always'
  | 'inode'
  | 'inode+x'
  | 'never'
  | 'align-page'
  | 'align-2m';

/** One driver as the matrix asks about it. */
export interface Driver {
  readonly id: DriverId;
  readonly title: string;
  /** Where its memory is touched: by the kernel and by users, or by users alone. */
  readonly touchedBy: 'kernel-and-users' | 'users';
  /** It calls alloc_dax() itself, or stands on a driver that does. */
  readonly allocDax: 'with-ops' | 'without-ops' | 'never';
  /** It offers DAX to file systems in kernels from 4.16 on, where nobody refuses it. */
  readonly daxToday: boolean;
  /** What is on it must outlive a power failure by the CPU's own write-back. */
  readonly persistent: boolean;
  /** The only architecture that has it; absent: all. */
  readonly arch?: string;
}

/** Every driver, in the order of the tables. */
export const stackDrivers: readonly Driver[] = [
  driver('pmem', 'NVDIMM namespace in mode fsdax', { persistent: true }),
  driver('pmem-e820', 'pmem from the memory map (memmap=), raw, with pages', {
    persistent: true,
    arch: 'x86',
  }),
  driver('pmem-raw', 'NVDIMM namespace in mode raw, without pages', {
    daxToday: false,
    persistent: true,
  }),
  driver('btt', 'NVDIMM namespace in mode sector', { allocDax: 'never', daxToday: false }),
  driver('virtio-pmem', 'virtio-pmem, flushed by the host'),
  driver('dm-linear', 'device mapper, linear on pmem', { persistent: true }),
  driver('dm-stripe', 'device mapper, striped over two pmem', { persistent: true }),
  driver('dm-mixed', 'device mapper, linear over pmem and a RAM disk', { daxToday: false }),
  driver('dcssblk', 'a segment of z/VM', { arch: 's390' }),
  driver('virtiofs', 'virtio-fs with a DAX window'),
  driver('device-dax', 'character device over a whole namespace', {
    touchedBy: 'users',
    allocDax: 'without-ops',
  }),
  driver('brd', 'RAM disk', { allocDax: 'never', daxToday: false }),
  driver('loop', 'loop device over a file', { allocDax: 'never', daxToday: false }),
];

function driver(id: DriverId, title: string, rest: Partial<Driver> = {}): Driver {
  const usual = { allocDax: 'with-ops', daxToday: true, persistent: false } as const;
  return { id, title, touchedBy: 'kernel-and-users', ...usual, ...rest };
}

const BLOCK_OPTIONS: readonly OptionId[] = [
  'none',
  'none+x',
  'dax',
  'always',
  'inode',
  'inode+x',
  'never',
];
const ALIGNMENTS: readonly OptionId[] = ['align-page', 'align-2m'];

/** Every file system, in the order of the tables. */
export const stackFileSystems: readonly FsId[] = [
  'ext2',
  'ext4',
  'xfs',
  'erofs',
  'virtiofs',
  'char',
];
/** Every option, in the order of the tables. */
export const stackOptions: readonly OptionId[] = [...BLOCK_OPTIONS, ...ALIGNMENTS];

/** Where a system stands among those of one machine and kernel. */
export interface Place {
  readonly driver: Driver;
  readonly fs: FsId;
  readonly option: OptionId;
}

/** Every combination that means something: file systems of blocks on block drivers, and so on. */
export const stackPlaces: readonly Place[] = stackDrivers.flatMap((one) =>
  fileSystemsOn(one.id).flatMap((fs) =>
    (fs === 'char' ? ALIGNMENTS : BLOCK_OPTIONS).map((option) => ({ driver: one, fs, option })),
  ),
);

function fileSystemsOn(id: DriverId): readonly FsId[] {
  if (id === 'virtiofs') return ['virtiofs'];
  if (id === 'device-dax') return ['char'];
  return ['ext2', 'ext4', 'xfs', 'erofs'];
}

/** `pmem/ext4/always`: the name of a place. */
export function placeText({ driver: { id }, fs, option }: Place): string {
  return `${id}/${fs}/${option}`;
}

/** What a kernel of old had of all this: drivers with DAX, drivers without, and options. */
export interface OldStack {
  readonly dax: readonly DriverId[];
  readonly plain: readonly DriverId[];
  readonly options: Readonly<Partial<Record<FsId, readonly OptionId[]>>>;
  /** How the option that asks for DAX is spelt. */
  readonly spelling: string;
  readonly sources: readonly Source[];
}

function memory(why: string): Source {
  return { kind: 'inference', why: `[M] from changelogs, no tree was read: ${why}` };
}

/**
 * The kernels of the catalogue that are older than the modes of the option (5.8), by id. What is
 * named nowhere in a record is not in that kernel.
 */
export const oldStacks: ReadonlyMap<string, OldStack> = new Map([
  [
    '3.18',
    {
      dax: ['brd', 'dcssblk'],
      plain: ['loop'],
      options: { ext2: ['none', 'dax'], ext4: ['none'], xfs: ['none'] },
      spelling: 'xip',
      sources: [memory('direct_access of brd and dcssblk; XIP is an option of ext2 alone')],
    },
  ],
  [
    '4.0',
    {
      dax: ['brd', 'dcssblk'],
      plain: ['loop'],
      options: { ext2: ['none', 'dax'], ext4: ['none', 'dax'], xfs: ['none'] },
      spelling: 'dax',
      sources: [memory('pmem came with 4.1, dax of xfs with 4.2')],
    },
  ],
  [
    '4.16',
    {
      dax: ['pmem', 'pmem-e820', 'dm-linear', 'dm-stripe', 'dcssblk', 'device-dax'],
      plain: ['pmem-raw', 'btt', 'brd', 'dm-mixed', 'loop'],
      options: {
        ext2: ['none', 'dax'],
        ext4: ['none', 'dax'],
        xfs: ['none', 'dax'],
        char: ALIGNMENTS,
      },
      spelling: 'dax',
      sources: [
        memory('brd lost DAX with 4.15; device-mapper, device-dax before; virtio and erofs later'),
        { kind: 'commit', id: '569d0365f571' },
      ],
    },
  ],
]);
