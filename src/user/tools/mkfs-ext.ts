// mkfs.ext2, mkfs.ext3 and mkfs.ext4 as far as their choices reach the kernel: features, block
// size, stripes, journal, and the space that metadata takes.
// @source e2fsprogs 1.47.0 misc/mke2fs.c misc/mke2fs.conf.in

import type { BlockDevice, DiskInode, FsBlock, Linux } from '../../kernel/index.ts';
import {
  bdevBytes,
  EXT4_EXTENTS_FL,
  format_image,
  lookup_bdev,
  lostAndFoundBytes,
} from '../../kernel/index.ts';

/** What is made where. */
export interface MkfsExtRequest {
  readonly fs: 'ext2' | 'ext3' | 'ext4';
  readonly device: string;
  /** As given to the tool; the first word is its name. */
  readonly argv: readonly string[];
}

/** Features by default, as /etc/mke2fs.conf has them. */
const baseFeatures: readonly string[] = [
  'sparse_super',
  'large_file',
  'filetype',
  'resize_inode',
  'dir_index',
  'ext_attr',
];
const ext4Features: readonly string[] = [
  'has_journal',
  'extent',
  'huge_file',
  'flex_bg',
  'metadata_csum',
  '64bit',
  'dir_nlink',
  'extra_isize',
];

/** Features that -O may name beyond those. */
const otherFeatures: ReadonlySet<string> = new Set([
  'bigalloc',
  'casefold',
  'ea_inode',
  'encrypt',
  'fast_commit',
  'inline_data',
  'large_dir',
  'meta_bg',
  'metadata_csum_seed',
  'mmp',
  'orphan_file',
  'project',
  'quota',
  'sparse_super2',
  'stable_inodes',
  'uninit_bg',
  'verity',
]);

/** Other spellings. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['extents', 'extent'],
  ['journal', 'has_journal'],
  ['64-bit', '64bit'],
]);

/** Options that are followed by a value of their own. */
const valued: ReadonlySet<string> = new Set([
  'b',
  'C',
  'E',
  'e',
  'G',
  'g',
  'I',
  'i',
  'J',
  'L',
  'M',
  'm',
  'N',
  'O',
  'o',
  'r',
  'T',
  't',
  'U',
]);

interface CommandLine {
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  /** Blocks asked for after the device. */
  readonly blocks: number | undefined;
}

function readArguments(request: MkfsExtRequest): CommandLine {
  const values = new Map<string, string>();
  const switches = new Set<string>();
  const words = request.argv.slice(1);
  let rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word.length < 2) {
      rest = [...rest, word];
      continue;
    }
    for (let letter = 1; letter < word.length; letter++) {
      const option = word.charAt(letter);
      if (!valued.has(option)) {
        switches.add(option);
        continue;
      }
      const attached = word.slice(letter + 1);
      if (attached === '') at++;
      values.set(option, attached === '' ? (words[at] ?? '') : attached);
      break;
    }
  }
  const blocks = rest.find((word) => /^[0-9]+$/u.test(word));
  return { values, switches, blocks: blocks === undefined ? undefined : Number(blocks) };
}

/** The features asked for; undefined where one is not known. */
function chooseFeatures(request: MkfsExtRequest, line: CommandLine): Set<string> | undefined {
  const features = new Set(baseFeatures);
  const fs = line.values.get('t') ?? request.fs;
  if (fs === 'ext4') for (const feature of ext4Features) features.add(feature);
  if (fs === 'ext3' || line.switches.has('j') || line.values.has('J')) features.add('has_journal');
  for (const word of (line.values.get('O') ?? '').split(',')) {
    if (word === '') continue;
    const off = word.startsWith('^');
    const spelled = off ? word.slice(1) : word;
    const name = aliases.get(spelled) ?? spelled;
    if (name === 'none') features.clear();
    else if (!isKnown(name)) return undefined;
    else if (off) features.delete(name);
    else features.add(name);
  }
  return features;
}

function isKnown(feature: string): boolean {
  return (
    baseFeatures.includes(feature) || ext4Features.includes(feature) || otherFeatures.has(feature)
  );
}

/**
 * Blocks to a stripe, or to what the device moves at least where that is more than a block.
 * @source e2fsprogs 1.47.0 misc/mke2fs.c get_device_geometry()
 */
function stripeWidth(bdev: BlockDevice, line: CommandLine, blockSize: number): number {
  const asked = /(?:^|,)(?:stripe[_-]width)=([0-9]+)/u.exec(line.values.get('E') ?? '')?.[1];
  if (asked !== undefined) return Number(asked);
  const { io_min, io_opt, physical_block_size } = bdev.bd_disk.queue;
  const least = io_min === 0 && physical_block_size > blockSize ? physical_block_size : io_min;
  let best = io_opt === 0 ? least : io_opt;
  if (best === 0 && physical_block_size > blockSize) best = physical_block_size;
  const width = best > blockSize ? Math.floor(best / blockSize) : 0;
  const stride = least > blockSize ? Math.floor(least / blockSize) : 0;
  return width > 0 ? width : stride;
}

const MIB = 1024 * 1024;

/** Block size where nobody asks: small filesystems have small blocks. */
function defaultBlockSize(bytes: number): number {
  return bytes < 512 * MIB ? 1024 : 4096;
}

/**
 * Blocks of the journal.
 * @source e2fsprogs 1.47.0 lib/ext2fs/mkjournal.c ext2fs_default_journal_size()
 */
function journalBlocks(blocks: number): number {
  const steps: readonly (readonly [number, number])[] = [
    [2048, 0],
    [32_768, 1024],
    [256 * 1024, 4096],
    [512 * 1024, 8192],
    [4096 * 1024, 16_384],
  ];
  return steps.find(([limit]) => blocks < limit)?.[1] ?? 32_768;
}

/** Blocks that metadata takes: it stands at the start here, where mke2fs spreads it over groups. */
function reservedBlocks(geometry: {
  readonly blocks: number;
  readonly blockSize: number;
  readonly bytes: number;
  readonly features: ReadonlySet<string>;
}): number {
  const { blocks, blockSize, features } = geometry;
  const cluster = features.has('bigalloc') ? 16 : 1;
  const groups = Math.ceil(blocks / (blockSize * 8 * cluster));
  const ratio = geometry.bytes < 512 * MIB ? 4096 : 16_384;
  const inodeTables = Math.ceil((((blocks * blockSize) / ratio) * 256) / blockSize);
  const descriptors = Math.ceil((groups * (features.has('64bit') ? 64 : 32)) / blockSize);
  const growth = features.has('resize_inode') ? Math.min(1024, blockSize / 4) : 0;
  const journal = features.has('has_journal') ? journalBlocks(blocks) : 0;
  const first = blockSize === 1024 ? 2 : 1;
  const total = first + descriptors + growth + groups * 2 + inodeTables + journal;
  return Math.min(Math.ceil(total / cluster) * cluster, blocks);
}

const ROOT_INO = 2;
const LOST_AND_FOUND_INO = 11;

function directory(
  ino: number,
  made: {
    readonly first: number;
    readonly count: number;
    readonly blockSize: number;
    readonly flags: number;
    readonly entries: ReadonlyMap<string, number>;
    readonly mode: number;
  },
): DiskInode {
  const blocks = new Map<number, FsBlock>();
  for (let i = 0; i < made.count; i++) blocks.set(i, { block: made.first + i, unwritten: false });
  return {
    ino,
    kind: 'dir',
    mode: made.mode,
    uid: 0,
    gid: 0,
    nlink: 2 + made.entries.size,
    size: made.count * made.blockSize,
    flags: made.flags,
    blocks,
    entries: made.entries,
    target: '',
  };
}

/** Makes a filesystem on a device as mke2fs does: 0, or the exit status 1. */
export function mkfsExt(linux: Linux, request: MkfsExtRequest): number {
  const bdev = lookup_bdev(linux, request.device);
  if (typeof bdev === 'number') return 1;
  // A mounted device, or one that dm or loop holds, is refused: -F takes only one objection away.
  if (bdev.bd_holder !== undefined || bdev.bd_disk.ro) return 1;
  const line = readArguments(request);
  const features = chooseFeatures(request, line);
  if (features === undefined) return 1;
  if (features.has('bigalloc') && !features.has('extent')) return 1;
  const bytes = bdevBytes(bdev);
  const { logical_block_size } = bdev.bd_disk.queue;
  const asked = line.values.get('b');
  const blockSize = asked === undefined ? defaultBlockSize(bytes) : Number(asked);
  const isSize = Number.isInteger(Math.log2(blockSize)) && blockSize >= 1024 && blockSize <= 65_536;
  if (!isSize || blockSize < logical_block_size) return 1;
  return writeImage(linux, bdev, { line, features, blockSize, bytes });
}

function writeImage(
  linux: Linux,
  bdev: BlockDevice,
  made: {
    readonly line: CommandLine;
    readonly features: ReadonlySet<string>;
    readonly blockSize: number;
    readonly bytes: number;
  },
): number {
  const { features, blockSize, bytes, line } = made;
  // Whole pages of small blocks.
  const perPage = Math.max(Math.floor(linux.PAGE_SIZE / blockSize), 1);
  const whole = Math.floor(bytes / blockSize / perPage) * perPage;
  const blocks = line.blocks ?? whole;
  if (blocks > Math.floor(bytes / blockSize) || blocks < 64) return 1;
  const metadata = reservedBlocks({ blocks, blockSize, bytes, features });
  const cluster = features.has('bigalloc') ? 16 : 1;
  const flags = features.has('extent') ? EXT4_EXTENTS_FL : 0;
  const lostBlocks = lostAndFoundBytes(blockSize) / blockSize;
  const common = { blockSize, flags };
  const root = directory(ROOT_INO, {
    ...common,
    first: metadata,
    count: 1,
    entries: new Map([['lost+found', LOST_AND_FOUND_INO]]),
    mode: 0o755,
  });
  const lost = directory(LOST_AND_FOUND_INO, {
    ...common,
    first: metadata + cluster,
    count: lostBlocks,
    entries: new Map(),
    mode: 0o700,
  });
  if (metadata + cluster + lostBlocks > blocks) return 1;
  const stripe_width = stripeWidth(bdev, line, blockSize);
  const image = format_image(linux, bdev, {
    format: features.has('extent') ? 'ext4' : 'ext2',
    block_size: blockSize,
    block_count: blocks,
    features,
    external: {},
    root: ROOT_INO,
    inodes: new Map([root, lost].map((inode) => [inode.ino, inode])),
    next_ino: LOST_AND_FOUND_INO + 1,
    reserved: metadata,
    ...(stripe_width > 0 ? { stripe_width } : {}),
  });
  return typeof image === 'number' ? 1 : 0;
}
