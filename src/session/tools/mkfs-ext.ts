// mkfs.ext2 and mkfs.ext4 as far as their choices reach the kernel: features, block size, journal.

import { assert } from '../../base/index.ts';
import type { Linux } from '../../kernel/linux.ts';

/** Makes a filesystem on `device` as `mkfs.<fs> argv device` does; 0, or the exit status. */
export function mkfsExt(
  linux: Linux,
  request: {
    readonly fs: 'ext2' | 'ext4';
    readonly device: string;
    readonly argv: readonly string[];
  },
): number {
  assert(linux.block !== undefined, request.device);
  return 1;
}
