// What statx() tells of a file.
// @source fs/stat.c v6.12

import { IS_ERR } from '../include/linux/errno.ts';
import { type File, type FileKind, type Inode, type KStat, S_DAX } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { linuxOf, path_lookup, path_put } from './namei-walk.ts';
import { hasFlag } from './permission.ts';

/** What statx() tells, as far as it matters here. */
export interface KStatResult {
  /** STATX_ATTR_DAX: the file is used by DAX now, whatever its flag says. */
  readonly attr_dax: boolean;
  /** The kernel knows STATX_ATTR_DAX: always. */
  readonly attr_dax_mask: boolean;
  readonly size: number;
  readonly type: FileKind;
  /** STATX_DIOALIGN, where the filesystem reports it. */
  readonly dio?: KStat['dio'];
}

/**
 * statx() of a path; a symbolic link at its end is not followed.
 * @source fs/stat.c vfs_statx() v6.12
 */
export function vfs_statx(task: Task, name: string): KStatResult | number {
  const path = path_lookup(task, name, { follow: false });
  if (IS_ERR(path)) return path;
  const stat = vfs_getattr_nosec(path.inode);
  linuxOf(task).now(path_put(path));
  return stat;
}

/** statx() of an open file, O_PATH included. @source fs/stat.c vfs_fstat() v6.12 */
export function vfs_fstatx(file: File): KStatResult {
  return vfs_getattr_nosec(file.f_inode);
}

/** @source fs/stat.c vfs_getattr_nosec() v6.12 */
function vfs_getattr_nosec(inode: Inode): KStatResult {
  const { size, dio } = inode.i_op.getattr(inode);
  return {
    attr_dax: hasFlag(inode, S_DAX),
    attr_dax_mask: true,
    size,
    type: inode.kind,
    ...(dio === undefined ? {} : { dio }),
  };
}
