// mkfs.xfs as far as its choices change what the kernel then does: block size, features, external
// devices, inheritance of the root, and how much space is left.
// @source xfsprogs 6.1 mkfs/xfs_mkfs.c

import {
  bdevBytes,
  type BlockDevice,
  type DiskInode,
  emptyDirectory,
  format_image,
  type Linux,
  lookup_bdev,
  XFS_DIFLAG2_DAX,
  XFS_DIFLAG_RTINHERIT,
} from '../../kernel/index.ts';

/** What the command line asks for. */
interface Choices {
  blockBytes: number;
  /** By option and key: `m reflink` -> `0`. */
  readonly settings: Map<string, string>;
}

/** Smallest filesystem that is made. */
const MIN_BYTES = 300 * 1024 * 1024;

/**
 * Runs mkfs.xfs; `argv` starts with the name of the tool. 0, or 1 where the tool or the device
 * refuses.
 */
export function mkfsXfs(
  linux: Linux,
  request: { readonly device: string; readonly argv: readonly string[] },
): number {
  const choices = parse(request.argv);
  const bdev = lookup_bdev(linux, request.device);
  if (choices === undefined || typeof bdev === 'number') return 1;
  const { blockBytes } = choices;
  const bytes = Math.min(
    sizeOf(choices.settings.get('d size'), blockBytes) ?? Infinity,
    bdevBytes(bdev),
  );
  if (bytes < MIN_BYTES || bdev.bd_holder !== undefined) return 1;
  if (!fitsSectors(choices, bdev)) return 1;
  const rt = choices.settings.has('r rtdev');
  const log = choices.settings.has('l logdev');
  const features = featuresOf(choices, rt);
  if (features === undefined) return 1;
  const blocks = Math.floor(bytes / blockBytes);
  const root = rootInode(choices);
  const image = format_image(linux, bdev, {
    format: 'xfs',
    block_size: blockBytes,
    block_count: blocks,
    features,
    external: { ...(log ? { log: true } : {}), ...(rt ? { rt: true } : {}) },
    root: root.ino,
    inodes: new Map([[root.ino, root]]),
    next_ino: root.ino + 3,
    reserved: Math.ceil((log ? 0 : logBytes(blocks * blockBytes)) / blockBytes) + HEADER_BLOCKS,
  });
  return typeof image === 'number' ? 1 : 0;
}

/**
 * Sectors are those that are asked for, else the device's physical ones, or its logical ones where
 * blocks are smaller than the physical: a block holds a sector, a sector one of the device's.
 * @source xfsprogs 6.1 mkfs/xfs_mkfs.c validate_sectorsize()
 */
function fitsSectors({ settings, blockBytes }: Choices, bdev: BlockDevice): boolean {
  const { logical_block_size, physical_block_size } = bdev.bd_disk.queue;
  const smaller = blockBytes < physical_block_size && blockBytes >= logical_block_size;
  const usual = smaller ? logical_block_size : physical_block_size;
  const sectorBytes = sizeOf(settings.get('s size'), blockBytes) ?? usual;
  return blockBytes >= sectorBytes && sectorBytes >= logical_block_size;
}

/** Headers of the allocation groups, first trees, first inodes. */
const HEADER_BLOCKS = 4 * 16 + 8;

/** At least 64 MiB for devices from 300 MiB on; a 2048th of large ones. */
function logBytes(bytes: number): number {
  return Math.max(64 * 1024 * 1024, Math.floor(bytes / 2048));
}

// Options that take no word of their own.
const alone: ReadonlySet<string> = new Set(['-q', '-f', '-N', '-K']);

// Options with a word `key=value,key=value`, and keys that stand for their bare words.
const withKeys: ReadonlySet<string> = new Set(['-b', '-m', '-d', '-i', '-l', '-n', '-r', '-s']);

function parse(argv: readonly string[]): Choices | undefined {
  const settings = new Map<string, string>();
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-') || alone.has(word)) continue;
    const next = argv[++i];
    if (next === undefined) return undefined;
    if (!withKeys.has(word)) continue;
    for (const item of next.split(',')) {
      const equals = item.indexOf('=');
      const key = equals < 0 ? item : item.slice(0, equals);
      settings.set(`${word.slice(1)} ${key}`, equals < 0 ? '1' : item.slice(equals + 1));
    }
  }
  const blockBytes = sizeOf(settings.get('b size') ?? '4096', 4096);
  if (blockBytes === undefined || !isBlockSize(blockBytes)) return undefined;
  return { blockBytes, settings };
}

function isBlockSize(bytes: number): boolean {
  return bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;
}

// A number of bytes with one of the tool's suffixes: b blocks, s sectors, k, m, g.
function sizeOf(text: string | undefined, blockBytes: number): number | undefined {
  const match = /^([0-9]+)([bskmgt]?)$/iu.exec(text ?? '');
  if (match === null) return undefined;
  const units = new Map([
    ['', 1],
    ['b', blockBytes],
    ['s', 512],
    ['k', 2 ** 10],
    ['m', 2 ** 20],
    ['g', 2 ** 30],
    ['t', 2 ** 40],
  ]);
  return Number(match[1]) * (units.get((match[2] ?? '').toLowerCase()) ?? 1);
}

// Without checksums the format is version 4, which has none of the later features. Where there is
// a realtime device sharing is off, and asking for it is an error.
function featuresOf({ settings }: Choices, rt: boolean): ReadonlySet<string> | undefined {
  const isOn = (key: string, byDefault: boolean): boolean => {
    const value = settings.get(key);
    return value === undefined ? byDefault : value !== '0';
  };
  const crc = isOn('m crc', true);
  const isAsked = settings.get('m reflink') === '1' || settings.get('m rmapbt') === '1';
  if ((!crc || rt) && isAsked) return undefined;
  const features = new Set<string>();
  const add = (name: string, on: boolean): void => {
    if (on) features.add(name);
  };
  add('crc', crc);
  add('ftype', crc || isOn('n ftype', true));
  add('finobt', crc && isOn('m finobt', true));
  add('reflink', crc && !rt && isOn('m reflink', true));
  add('rmapbt', crc && !rt && isOn('m rmapbt', false));
  add('inobtcount', crc && isOn('m inobtcount', true));
  add('bigtime', crc && isOn('m bigtime', true));
  add('sparse', crc && isOn('i sparse', true));
  return features;
}

/** Number of the root directory with blocks of 4 KiB: the first inodes come after the headers. */
const ROOT_INO = 128;

function rootInode({ settings }: Choices): DiskInode {
  let flags = 0;
  if (settings.get('d rtinherit') === '1') flags |= XFS_DIFLAG_RTINHERIT;
  if (settings.get('d daxinherit') === '1') flags |= XFS_DIFLAG2_DAX;
  return { ...emptyDirectory(ROOT_INO), flags };
}
