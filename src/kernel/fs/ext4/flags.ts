// Attribute flags of inodes of ext4, and which of them users see, change and inherit.
// @source fs/ext4/ext4.h EXT4_FL_USER_VISIBLE v6.12

import type { FileKind } from '../../include/linux/fs.ts';

/** Overwrite when deleted; kept, and without effect. */
export const EXT4_SECRM_FL = 0x1;
/** Keep for undeletion; kept, and without effect. */
export const EXT4_UNRM_FL = 0x2;
/** Compress; kept, and without effect. */
export const EXT4_COMPR_FL = 0x4;
/** Writes are synchronous. */
export const EXT4_SYNC_FL = 0x8;
/** Nothing may change. */
export const EXT4_IMMUTABLE_FL = 0x10;
/** Writes may only append. */
export const EXT4_APPEND_FL = 0x20;
/** For backups: leave out. */
export const EXT4_NODUMP_FL = 0x40;
/** Reads leave no time behind. */
export const EXT4_NOATIME_FL = 0x80;
/** Of compression, which ext4 has not. */
export const EXT4_DIRTY_FL = 0x100;
/** Of compression, which ext4 has not. */
export const EXT4_COMPRBLK_FL = 0x200;
/** Of compression, which ext4 has not. */
export const EXT4_NOCOMPR_FL = 0x400;
/** Contents or names are encrypted. */
export const EXT4_ENCRYPT_FL = 0x800;
/** Names of the directory are found through hashes. */
export const EXT4_INDEX_FL = 0x1000;
/** Data of the file goes through the journal. */
export const EXT4_JOURNAL_DATA_FL = 0x4000;
/** Kept, and without effect. */
export const EXT4_NOTAIL_FL = 0x8000;
/** Changes of the directory are synchronous. */
export const EXT4_DIRSYNC_FL = 0x1_0000;
/** Top of a hierarchy, for the choice of groups. */
export const EXT4_TOPDIR_FL = 0x2_0000;
/** Blocks are found through extents; else through indirect blocks. */
export const EXT4_EXTENTS_FL = 0x8_0000;
/** Contents are verified and cannot change. */
export const EXT4_VERITY_FL = 0x10_0000;
/** Blocks beyond the end: of older kernels. */
export const EXT4_EOFBLOCKS_FL = 0x40_0000;
/** The file asks for DAX; what comes of it depends on the mount. */
export const EXT4_DAX_FL = 0x200_0000;
/** Contents stand in the inode. */
export const EXT4_INLINE_DATA_FL = 0x1000_0000;
/** New inodes get the project of the directory. */
export const EXT4_PROJINHERIT_FL = 0x2000_0000;
/** Names are found whatever their case. */
export const EXT4_CASEFOLD_FL = 0x4000_0000;

/** What FS_IOC_SETFLAGS may change. @source fs/ext4/ext4.h EXT4_FL_USER_MODIFIABLE v6.12 */
export const EXT4_FL_USER_MODIFIABLE =
  EXT4_SECRM_FL |
  EXT4_UNRM_FL |
  EXT4_COMPR_FL |
  EXT4_SYNC_FL |
  EXT4_IMMUTABLE_FL |
  EXT4_APPEND_FL |
  EXT4_NODUMP_FL |
  EXT4_NOATIME_FL |
  EXT4_JOURNAL_DATA_FL |
  EXT4_NOTAIL_FL |
  EXT4_DIRSYNC_FL |
  EXT4_TOPDIR_FL |
  EXT4_EXTENTS_FL |
  EXT4_EOFBLOCKS_FL |
  EXT4_DAX_FL |
  EXT4_PROJINHERIT_FL |
  EXT4_CASEFOLD_FL;

/** What FS_IOC_GETFLAGS tells. @source fs/ext4/ext4.h EXT4_FL_USER_VISIBLE v6.12 */
export const EXT4_FL_USER_VISIBLE =
  EXT4_FL_USER_MODIFIABLE |
  EXT4_DIRTY_FL |
  EXT4_COMPRBLK_FL |
  EXT4_NOCOMPR_FL |
  EXT4_ENCRYPT_FL |
  EXT4_INDEX_FL |
  EXT4_VERITY_FL |
  EXT4_INLINE_DATA_FL;

/** What a new inode takes from its directory. @source fs/ext4/ext4.h EXT4_FL_INHERITED v6.12 */
export const EXT4_FL_INHERITED =
  EXT4_SECRM_FL |
  EXT4_UNRM_FL |
  EXT4_COMPR_FL |
  EXT4_SYNC_FL |
  EXT4_NODUMP_FL |
  EXT4_NOATIME_FL |
  EXT4_NOCOMPR_FL |
  EXT4_JOURNAL_DATA_FL |
  EXT4_NOTAIL_FL |
  EXT4_DIRSYNC_FL |
  EXT4_PROJINHERIT_FL |
  EXT4_CASEFOLD_FL |
  EXT4_DAX_FL;

/** Flags that only directories have. @source fs/ext4/ext4.h EXT4_REG_FLMASK v6.12 */
const directoryOnly = EXT4_DIRSYNC_FL | EXT4_TOPDIR_FL | EXT4_CASEFOLD_FL | EXT4_PROJINHERIT_FL;

/** Flags that exclude DAX and each change to it. @source fs/ext4/ext4.h EXT4_DAX_MUT_EXCL v6.12 */
export const EXT4_DAX_MUT_EXCL =
  EXT4_VERITY_FL | EXT4_ENCRYPT_FL | EXT4_JOURNAL_DATA_FL | EXT4_INLINE_DATA_FL;

/** `flags` without those that an inode of this kind cannot have. */
export function ext4_mask_flags(kind: FileKind, flags: number): number {
  if (kind === 'dir') return flags;
  if (kind === 'reg') return flags & ~directoryOnly;
  return flags & (EXT4_NODUMP_FL | EXT4_NOATIME_FL);
}
