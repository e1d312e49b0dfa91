// fsync() and sync().
// @source fs/sync.c v6.12

import { E } from '../include/linux/errno.ts';
import type { File } from '../include/linux/fs.ts';
import type { Linux, Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { isPathFile } from './file_table.ts';
import { superBlocks } from './super-state.ts';
import { sync_filesystem } from './super.ts';

/** fsync() or fdatasync(): 0 or an error number. @source fs/sync.c vfs_fsync() v6.12 */
export function* vfs_fsync(task: Task, file: File, datasync: boolean): Op<number> {
  if (isPathFile(file)) return -E.EBADF;
  return yield* vfs_fsync_range(task, file, { start: 0, end: Number.MAX_SAFE_INTEGER, datasync });
}

/**
 * Bytes from `start` to `end`, both included, reach the medium with the metadata that reading them
 * needs, and without `datasync` with the rest. -EINVAL for what cannot be synced.
 * @source fs/sync.c vfs_fsync_range() v6.12
 */
export function* vfs_fsync_range(
  task: Task,
  file: File,
  range: { readonly start: number; readonly end: number; readonly datasync: boolean },
): Op<number> {
  const { f_op } = file;
  if (f_op.fsync === undefined) return -E.EINVAL;
  return yield* f_op.fsync(task, file, range.start, range.end, range.datasync);
}

/**
 * sync(): everything dirty of all filesystems reaches the media.
 * @source fs/sync.c ksys_sync() v6.12
 */
export function* sys_sync(linux: Linux): Op<void> {
  for (const sb of superBlocks(linux)) yield* sync_filesystem(sb);
}
