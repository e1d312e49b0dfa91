// Loop devices: a file or a block device seen as a disk. Never DAX: a loop device copies.
// @source drivers/block/loop.c v6.12

import type { Linux, Task } from '../../linux.ts';
import type { ToolAnswer } from '../md/dmsetup.ts';

/** Runs `losetup argv`: `DEVICE FILE`, `-f FILE`, `-r`, `-o OFFSET`, `-d DEVICE`, `-D`, `-a`. */
export function losetup(_linux: Linux, _task: Task, argv: readonly string[]): ToolAnswer {
  return { rc: 1, stdout: '', stderr: `losetup: ${argv.join(' ')}` };
}
