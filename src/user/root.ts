// The root file system that a user boots with: tmpfs, with the directories of the recordings.

import { assert } from '../base/index.ts';
import { IS_ERR, type Linux, type Task, shmem_fs_type, sys_mkdir } from '../kernel/index.ts';

/** Directories that are there at the start. */
const DIRECTORIES = ['/dev', '/dev/role', '/dev/mapper', '/m', '/m2', '/m3', '/tmp'];

/** Mounts tmpfs on `/` and makes its directories. */
export function makeRoot(linux: Linux, task: Task): void {
  const sb = shmem_fs_type.get_tree(linux, { task, device: 'rootfs', options: '', ro: false });
  assert(!IS_ERR(sb), 'the root file system can be mounted');
  linux.mounts.push({ sb, dir: '/', source: 'rootfs', ro: false });
  for (const directory of DIRECTORIES) {
    assert(sys_mkdir(task, directory, 0o755) === 0, `${directory} can be made`);
  }
}
