// How large a directory says it is: by its names while they fit into the inode, else by blocks.
// @source fs/xfs/libxfs/xfs_dir2_sf.c fs/xfs/libxfs/xfs_da_format.h v6.12

import { at, utf8Bytes } from '../../../../base/index.ts';
import type { Inode } from '../../../include/linux/fs.ts';
import { XFS_HAS_ATTR_FORK, xfs_has, type XfsMount } from '../xfs_mount.ts';

// Core of an inode on the medium, before the room for its forks.
const INODE_CORE_V2_BYTES = 100;
const INODE_CORE_V3_BYTES = 176;

/** Room that an attribute fork leaves to the names: 12 pointers of a tree, in units of 8 bytes. */
const ATTR_FORK_OFFSET_BYTES = Math.floor((4 + 12 * 16) / 8) * 8;

// Header of a block directory, and what its end needs: tail, and `.` and `..` with their hashes.
const BLOCK_HEADER_V2_BYTES = 16;
const BLOCK_HEADER_V3_BYTES = 64;
const BLOCK_TAIL_BYTES = 8;
const LEAF_ENTRY_BYTES = 8;

/** Size of a directory in bytes, as statx() tells it. */
export function dirSizeBytes(mp: XfsMount, dir: Inode): number {
  const short = shortFormBytes(mp, dir);
  const inodeBytes = xfs_has(mp, 'crc') ? 512 - INODE_CORE_V3_BYTES : 256 - INODE_CORE_V2_BYTES;
  const hasAttrs = (dir.fsflags.peek() & XFS_HAS_ATTR_FORK) !== 0;
  const room = hasAttrs ? Math.min(ATTR_FORK_OFFSET_BYTES, inodeBytes) : inodeBytes;
  if (short <= room) return short;
  const blockBytes = Math.max(mp.image.block_size, 4096);
  return Math.max(dataBlocks(mp, dir, blockBytes), 1) * blockBytes;
}

// Count of names, parent; and for each name its length, a tag, the bytes, a type and a number.
function shortFormBytes(mp: XfsMount, dir: Inode): number {
  const numbers = [dir.i_ino, ...dir.entries.values()];
  const inoBytes = numbers.some((ino) => ino > 0xffff_ffff) ? 8 : 4;
  const ftype = hasFtype(mp) ? 1 : 0;
  let bytes = 2 + inoBytes;
  for (const name of dir.entries.keys()) bytes += 1 + 2 + utf8Bytes(name) + ftype + inoBytes;
  return bytes;
}

function hasFtype(mp: XfsMount): boolean {
  return xfs_has(mp, 'crc') || xfs_has(mp, 'ftype');
}

// Data entries fill blocks one after the other; a single block also holds the hashes.
function dataBlocks(mp: XfsMount, dir: Inode, blockBytes: number): number {
  const header = xfs_has(mp, 'crc') ? BLOCK_HEADER_V3_BYTES : BLOCK_HEADER_V2_BYTES;
  const names = ['.', '..', ...dir.entries.keys()];
  const sizes = names.map((name) => entryBytes(name, hasFtype(mp) ? 1 : 0));
  const single = sizes.reduce((sum, size) => sum + size + LEAF_ENTRY_BYTES, 0);
  if (header + single + BLOCK_TAIL_BYTES <= blockBytes) return 1;
  let blocks = 1;
  let used = header;
  for (let i = 0; i < sizes.length; i++) {
    const size = at(sizes, i);
    if (used + size > blockBytes) {
      blocks++;
      used = header;
    }
    used += size;
  }
  return blocks;
}

// Number, length, bytes, type, tag; in units of 8 bytes.
function entryBytes(name: string, ftype: number): number {
  return Math.ceil((8 + 1 + utf8Bytes(name) + ftype + 2) / 8) * 8;
}
