// Filesystems on their media: what mkfs made, what a commit keeps, and which blocks are in use.
//
// The bytes of files are on the device. Metadata is kept as records (DiskImage), which the
// superblock's bytes on the device lead to: its magic stands where the real one has it, and the
// first bytes of its UUID are the number of the record. So a superblock is found through whatever
// mapping of devices leads to these bytes, and not through one that shifts or garbles them.

import { assert } from '../../base/index.ts';
import { readDevice, writeDevice } from '../block/bio.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { DiskImage, DiskInode, FsBlock, Inode, SuperBlock } from '../include/linux/fs.ts';
import { I_DIRTY } from '../include/linux/fs.ts';
import type { Linux } from '../linux.ts';
import { type Op, get, set } from '../steps.ts';
import { superState } from './super-state.ts';

/** Where a format has its magic and its UUID, in bytes from the start of the device. */
interface SuperLayout {
  readonly magicAt: number;
  readonly magic: readonly number[];
  readonly uuidAt: number;
}

/**
 * @source fs/ext4/ext4.h struct ext4_super_block v6.12
 * @source fs/xfs/libxfs/xfs_format.h struct xfs_dsb v6.12
 * @source fs/erofs/erofs_fs.h struct erofs_super_block v6.12
 */
const EXT_LAYOUT: SuperLayout = { magicAt: 1024 + 56, magic: [0x53, 0xef], uuidAt: 1024 + 104 };
const LAYOUTS: Readonly<Record<DiskImage['format'], SuperLayout>> = {
  ext2: EXT_LAYOUT,
  ext4: EXT_LAYOUT,
  xfs: { magicAt: 0, magic: [0x58, 0x46, 0x53, 0x42], uuidAt: 32 },
  erofs: { magicAt: 1024, magic: [0xe2, 0xe1, 0xf5, 0xe0], uuidAt: 1024 + 48 },
};

/** A directory with nothing in it, as the root of a medium is. */
export function emptyDirectory(ino: number): DiskInode {
  return {
    ino,
    kind: 'dir',
    mode: 0o755,
    uid: 0,
    gid: 0,
    nlink: 2,
    size: 0,
    flags: 0,
    blocks: new Map(),
    entries: new Map(),
    target: '',
  };
}

/** The bytes that hold every superblock, and one block of every device. */
const SUPER_BYTES = 4096;

/** What mkfs decides; the number of the image is given by format_image(). */
export type NewImage = Omit<DiskImage, 'id'>;

/**
 * Puts a superblock on a device and registers what it stands for; or an error of the device. The
 * first 4096 bytes are written, so that no other filesystem is found there any more.
 */
export function format_image(linux: Linux, bdev: BlockDevice, made: NewImage): DiskImage | number {
  const image: DiskImage = { ...made, id: linux.images.size + 1 };
  const error = linux.now(writeDevice(linux, bdev, { offset: 0, bytes: superBytes(image) }));
  if (error < 0) return error;
  linux.images.set(image.id, image);
  return image;
}

/** The first bytes of a device with this filesystem: for tools that write images into files. */
export function superBytes(image: DiskImage): Uint8Array {
  const layout = LAYOUTS[image.format];
  const bytes = new Uint8Array(SUPER_BYTES);
  bytes.set(layout.magic, layout.magicAt);
  new DataView(bytes.buffer).setUint32(layout.uuidAt, image.id, true);
  return bytes;
}

/** The filesystem whose superblock a device shows; undefined where there is none or it fails. */
export function read_super_magic(linux: Linux, bdev: BlockDevice): DiskImage | undefined {
  const bytes = linux.now(readDevice(linux, bdev, { offset: 0, length: SUPER_BYTES }));
  return IS_ERR(bytes) ? undefined : imageOfBytes(linux, bytes);
}

/** The filesystem that the first 4096 bytes of a device belong to. */
export function imageOfBytes(linux: Linux, bytes: Uint8Array): DiskImage | undefined {
  if (bytes.length < SUPER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const layout of [LAYOUTS.xfs, LAYOUTS.ext4, LAYOUTS.erofs]) {
    if (!layout.magic.every((byte, index) => bytes[layout.magicAt + index] === byte)) continue;
    const image = linux.images.get(view.getUint32(layout.uuidAt, true));
    if (image !== undefined && LAYOUTS[image.format] === layout) return image;
  }
  return undefined;
}

/** The record of an inode as memory has it now; blocks that are only reserved have no place. */
export function diskInode(inode: Inode): DiskInode {
  const blocks = new Map<number, FsBlock>();
  for (const [index, block] of inode.blocks.entries()) {
    if (block !== undefined && block.delalloc !== true) blocks.set(index, block);
  }
  return {
    ino: inode.i_ino,
    kind: inode.kind,
    mode: inode.i_mode,
    uid: inode.i_uid,
    gid: inode.i_gid,
    nlink: inode.i_nlink,
    size: inode.i_size.peek(),
    flags: inode.fsflags.peek(),
    blocks,
    entries: new Map(inode.entries),
    target: inode.target,
    ...(inode.inline === undefined ? {} : { inline: inode.inline }),
  };
}

/** Metadata of one inode reaches the medium; it is clean afterwards. Nothing without an image. */
export function commit_inode(inode: Inode): void {
  const { image } = inode.i_sb;
  if (image === undefined) return;
  image.inodes.set(inode.i_ino, diskInode(inode));
  superState(inode.i_sb).pending.delete(inode.i_ino);
  inode.i_state.poke(0, inode.i_state.peek() & ~I_DIRTY);
}

/** All metadata reaches the medium: a commit of the journal, or a sync without one. */
export function commit_sb(sb: SuperBlock): void {
  const { image } = sb;
  if (image === undefined) return;
  const { pending } = superState(sb);
  for (const [ino, record] of pending) {
    if (record === 'gone') image.inodes.delete(ino);
    else image.inodes.set(ino, record);
  }
  pending.clear();
  for (const inode of sb.inodes.values()) {
    if ((inode.i_state.peek() & I_DIRTY) !== 0) commit_inode(inode);
  }
}

/** The record to read an inode from: that of the medium, or a newer one not committed yet. */
export function findDiskInode(sb: SuperBlock, ino: number): DiskInode | undefined {
  const waiting = superState(sb).pending.get(ino);
  if (waiting === 'gone') return undefined;
  return waiting ?? sb.image?.inodes.get(ino);
}

/** The number of a new inode: never given before on this filesystem. */
export function newIno(sb: SuperBlock): number {
  const { image } = sb;
  if (image !== undefined) return image.next_ino++;
  const state = superState(sb);
  return state.nextIno++;
}

/** Blocks of a filesystem that neither it nor its files use: what a mount starts with. */
export function countFreeBlocks(image: DiskImage): number {
  return image.block_count - image.reserved - usedBlocks(image).size;
}

/** How many files use a block, for the blocks in use. */
function usedBlocks(image: DiskImage): Map<number, number> {
  const used = new Map<number, number>();
  for (const [ino, inode] of image.inodes) {
    // An orphan of a crash: unlinked, and nobody has it open any more.
    if (inode.nlink === 0 && ino !== image.root) continue;
    for (const { block } of inode.blocks.values()) used.set(block, (used.get(block) ?? 0) + 1);
  }
  return used;
}

function spaceOf(sb: SuperBlock) {
  const { image } = sb;
  assert(image !== undefined, 'blocks are those of a medium');
  const state = superState(sb);
  if (!state.counted) {
    state.counted = true;
    for (const [block, users] of usedBlocks(image)) state.users.poke(block, users);
    state.firstFree.poke(0, image.reserved);
  }
  return { users: state.users, firstFree: state.firstFree, end: image.block_count };
}

/** Takes `count` blocks off the free ones without choosing them: 0 or -ENOSPC. */
export function* reserveBlocks(sb: SuperBlock, count: number): Op<number> {
  const free = yield* get(sb.free_blocks);
  if (free < count) return -E.ENOSPC;
  yield* set(sb.free_blocks, 0, free - count);
  return 0;
}

/** Gives back what reserveBlocks() took and allocBlocks() did not use. */
export function* unreserveBlocks(sb: SuperBlock, count: number): Op<void> {
  yield* set(sb.free_blocks, 0, (yield* get(sb.free_blocks)) + count);
}

/** A run of blocks. */
export interface BlockRun {
  readonly start: number;
  readonly count: number;
}

/**
 * The lowest free run, of at most `wanted` blocks, or -ENOSPC. `reserved`: reserveBlocks() has
 * counted them already. `near`: a block that the run continues, if the next one is free.
 */
export function* allocBlocks(
  sb: SuperBlock,
  request: {
    readonly wanted: number;
    readonly reserved?: boolean;
    readonly near?: number;
    /** The run starts at a multiple of this. Absent: 1. */
    readonly align?: number;
  },
): Op<BlockRun | number> {
  const space = spaceOf(sb);
  const free = yield* get(sb.free_blocks);
  const wanted = request.reserved === true ? request.wanted : Math.min(request.wanted, free);
  if (wanted <= 0) return -E.ENOSPC;
  const start = yield* findRun(space, request);
  if (start < 0) return start;
  let count = 0;
  while (count < wanted && start + count < space.end) {
    if ((yield* get(space.users, start + count)) !== 0) break;
    yield* set(space.users, start + count, 1);
    count++;
  }
  if ((yield* get(space.firstFree)) === start) yield* set(space.firstFree, 0, start + count);
  if (request.reserved !== true) yield* set(sb.free_blocks, 0, free - count);
  return { start, count };
}

function* findRun(
  space: ReturnType<typeof spaceOf>,
  request: { readonly near?: number; readonly align?: number },
): Op<number> {
  const { near } = request;
  if (near !== undefined && near < space.end && (yield* get(space.users, near)) === 0) return near;
  const align = request.align ?? 1;
  let block = yield* get(space.firstFree);
  while (block < space.end && (yield* get(space.users, block)) !== 0) block++;
  yield* set(space.firstFree, 0, block);
  block = Math.ceil(block / align) * align;
  while (block < space.end && (yield* get(space.users, block)) !== 0) block += align;
  return block < space.end ? block : -E.ENOSPC;
}

/** One user fewer of each block of a run; blocks without users are free again. */
export function* freeBlocks(sb: SuperBlock, run: BlockRun): Op<void> {
  const space = spaceOf(sb);
  let freed = 0;
  for (let block = run.start; block < run.start + run.count; block++) {
    const users = yield* get(space.users, block);
    assert(users > 0, `block ${block} is in use when it is freed`);
    yield* set(space.users, block, users - 1);
    if (users > 1) continue;
    freed++;
    if (block < (yield* get(space.firstFree))) yield* set(space.firstFree, 0, block);
  }
  yield* unreserveBlocks(sb, freed);
}

/** One user more of each block of a run: reflink. */
export function* shareBlocks(sb: SuperBlock, run: BlockRun): Op<void> {
  const { users } = spaceOf(sb);
  for (let block = run.start; block < run.start + run.count; block++) {
    yield* set(users, block, (yield* get(users, block)) + 1);
  }
}

/** Users of a block: more than 1 where files share it. */
export function* blockUsers(sb: SuperBlock, block: number): Op<number> {
  return yield* get(spaceOf(sb).users, block);
}
