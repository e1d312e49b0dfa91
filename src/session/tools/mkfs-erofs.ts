// mkfs.erofs as far as its choices reach the kernel: which files are inline, which compressed.

import type { Linux, Task } from '../../kernel/linux.ts';

/** Builds the image file `image` (a path) from the tree below `directory`: an exit status. */
export function mkfsErofs(
  _linux: Linux,
  _task: Task,
  _request: {
    readonly image: string;
    readonly directory: string;
    readonly argv: readonly string[];
  },
): number {
  return 1;
}
