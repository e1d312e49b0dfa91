// The root file system that a user boots with: tmpfs, with the directories of the recordings.

import { assert } from '../base/index.ts';
import { init_mount_tree, type Task, sys_mkdir } from '../kernel/index.ts';

/** Directories that are there at the start. */
const DIRECTORIES = ['/dev', '/dev/role', '/dev/mapper', '/m', '/m2', '/m3', '/tmp'];

/** Mounts tmpfs on `/` and makes its directories. */
export function makeRoot(task: Task): void {
  init_mount_tree(task);
  for (const directory of DIRECTORIES) {
    assert(sys_mkdir(task, directory, 0o755) === 0, `${directory} can be made`);
  }
}
