// Partition tables: written by sfdisk, read back by the kernel.
// @source block/partitions/core.c block/partitions/msdos.c v6.12

import type { Gendisk } from '../include/linux/blkdev.ts';
import type { Linux } from '../linux.ts';
import type { ToolAnswer } from '../drivers/md/dmsetup.ts';

/** Reads the partition table again, as `blockdev --rereadpt` asks: 0, or -EBUSY where in use. */
export function bdev_disk_changed(_linux: Linux, _disk: Gendisk): number {
  return 0;
}

/** Runs `sfdisk argv` with a script of lines `START,SIZE` (sectors) as its input. */
export function sfdisk(_linux: Linux, argv: readonly string[], _stdin: string): ToolAnswer {
  return { rc: 1, stdout: '', stderr: `sfdisk: ${argv.join(' ')}` };
}

/** Runs `blockdev argv`: `--rereadpt`, `--getsize64`, `--getss`, `--setro`, `--flushbufs` ... */
export function blockdev(_linux: Linux, argv: readonly string[]): ToolAnswer {
  return { rc: 1, stdout: '', stderr: `blockdev: ${argv.join(' ')}` };
}
