// What the VFS counts for each mount: users, which keep it mounted, and writers, which keep it
// writable. @source fs/mount.h struct mount v6.12

import { E } from '../include/linux/errno.ts';
import type { Mount } from '../include/linux/fs.ts';
import type { Linux } from '../linux.ts';
import { subsystem } from '../linux.ts';

/** Counts of one mount. */
export interface MountCounts {
  /** Open files, and whatever else has a path there. */
  users: number;
  /** Files open for writing. */
  writers: number;
}

class MountTable {
  readonly counts = new Map<Mount, MountCounts>();
}

/** The counts of a mount. */
export function mountCounts(mount: Mount): MountCounts {
  const { counts } = subsystem(mount.sb.linux, MountTable);
  const found = counts.get(mount) ?? { users: 0, writers: 0 };
  counts.set(mount, found);
  return found;
}

/** Forgets a mount that has gone. */
export function forgetMount(mount: Mount): void {
  subsystem(mount.sb.linux, MountTable).counts.delete(mount);
}

/** What is mounted on a directory: the last mount there, if any. */
export function mountedAt(linux: Linux, dir: string): Mount | undefined {
  return linux.mounts.findLast((mount) => mount.dir === dir);
}

/**
 * Whether names and files of a mount may be changed: 0 or -EROFS. The writers of single calls are
 * not counted, for nothing comes in between them.
 * @source fs/namespace.c mnt_want_write() __mnt_is_readonly() v6.12
 */
export function mnt_want_write(mount: Mount): number {
  return mount.ro || mount.sb.ro ? -E.EROFS : 0;
}
