// Directories of ext2 and ext4 as far as their size shows: names stand in whole blocks.
// @source fs/ext2/dir.c v6.12

import { utf8Bytes } from '../../../base/index.ts';
import type { Inode } from '../../include/linux/fs.ts';

/** Bytes of an entry with this name: a header of 8, and the name rounded up to 4. */
export function EXT2_DIR_REC_LEN(name: string): number {
  return Math.ceil((utf8Bytes(name) + 8) / 4) * 4;
}

/**
 * Bytes of a directory's blocks; `tailBytes` of each block hold a checksum. Directories grow as
 * names are added and never shrink: what was deleted is not known, so the size errs to less.
 */
export function dirBytes(inode: Inode, tailBytes: number): number {
  const blockBytes = inode.i_sb.s_blocksize;
  let blocks = 1;
  let used = EXT2_DIR_REC_LEN('.') + EXT2_DIR_REC_LEN('..');
  for (const name of inode.entries.keys()) {
    const bytes = EXT2_DIR_REC_LEN(name);
    if (used + bytes > blockBytes - tailBytes) {
      blocks++;
      used = 0;
    }
    used += bytes;
  }
  return blocks * blockBytes;
}

/** mke2fs gives lost+found room for names before there are any: 16 KiB, 12 blocks at most. */
export function lostAndFoundBytes(blockBytes: number): number {
  return Math.min(16 * 1024, 12 * blockBytes);
}
