// Who has a block device open: exclusive holders and plain openers together.
// @source block/bdev.c v6.12

import type { BlockDevice } from '../include/linux/blkdev.ts';
import { type Linux, subsystem } from '../linux.ts';

/** Plain opens, by device: files of user space and loop devices. */
class BlockOpens {
  readonly counts = new Map<BlockDevice, number>();
}

/** One more, or one less, that has `bdev` open without holding it: the number afterwards. */
export function countOpener(linux: Linux, bdev: BlockDevice, change: 1 | -1): number {
  const { counts } = subsystem(linux, BlockOpens);
  const now = (counts.get(bdev) ?? 0) + change;
  if (now === 0) counts.delete(bdev);
  else counts.set(bdev, now);
  if (change < 0 && bdevOpeners(linux, bdev) === 0) bdev.bd_disk.fops.release?.();
  return now;
}

/** How often `bdev` is open. */
export function bdevOpeners(linux: Linux, bdev: BlockDevice): number {
  return (subsystem(linux, BlockOpens).counts.get(bdev) ?? 0) + bdev.bd_holders;
}
