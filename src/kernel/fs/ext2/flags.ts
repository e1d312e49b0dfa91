// Attribute flags of inodes of ext2: the same bits as ext4's, with fewer that mean something.
// @source fs/ext2/ext2.h v6.12, include/uapi/linux/fs.h FS_FL_USER_MODIFIABLE v6.12

import type { FileKind } from '../../include/linux/fs.ts';
import { FS_APPEND_FL, FS_IMMUTABLE_FL, FS_SYNC_FL } from '../../include/uapi/linux/fs.ts';

export { FS_APPEND_FL as EXT2_APPEND_FL };
export { FS_IMMUTABLE_FL as EXT2_IMMUTABLE_FL };
export { FS_SYNC_FL as EXT2_SYNC_FL };

/** What FS_IOC_GETFLAGS tells. @source include/uapi/linux/fs.h FS_FL_USER_VISIBLE v6.12 */
export const EXT2_FL_USER_VISIBLE = 0x3dfff;

/** What FS_IOC_SETFLAGS changes. @source include/uapi/linux/fs.h FS_FL_USER_MODIFIABLE v6.12 */
export const EXT2_FL_USER_MODIFIABLE = 0x380ff;

/** What a new inode takes from its directory. @source fs/ext2/ext2.h EXT2_FL_INHERITED v6.12 */
export const EXT2_FL_INHERITED =
  0x1 | 0x2 | 0x4 | FS_SYNC_FL | 0x40 | 0x80 | 0x200 | 0x400 | 0x4000 | 0x8000 | 0x1_0000;

/** Directories only: synchronous changes, and the top of a hierarchy. */
const directoryOnly = 0x1_0000 | 0x2_0000;

/** `flags` without those that an inode of this kind cannot have. */
export function ext2_mask_flags(kind: FileKind, flags: number): number {
  if (kind === 'dir') return flags;
  if (kind === 'reg') return flags & ~directoryOnly;
  return flags & (0x40 | 0x80);
}
