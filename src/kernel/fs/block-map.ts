// Runs of blocks in the map of a file, which the lock of the map protects while it is looked at.

import type { FsBlock } from '../include/linux/fs.ts';
import type { Shared } from '../shared.ts';
import { getRun, type Op } from '../steps.ts';

/** Blocks of a file and where they lie. */
type BlockMap = Shared<FsBlock | undefined>;

/** Whether a block that is `distance` away from the first one goes on with the run. */
type Belongs = (block: FsBlock | undefined, distance: number) => boolean;

/**
 * Length of the run that starts with block `lblk`, at most `max`; `known` blocks are known to be
 * of it. What is looked at doubles, so that both short and long runs take few steps.
 */
export function* runLength(
  blocks: BlockMap,
  run: { readonly lblk: number; readonly known: number; readonly max: number },
  belongs: Belongs,
): Op<number> {
  let length = run.known;
  for (let window = 1; length < run.max; window *= 2) {
    const count = Math.min(window, run.max - length);
    const next = yield* getRun(blocks, { first: run.lblk + length, count });
    const end = next.findIndex((block, i) => !belongs(block, length + i));
    if (end >= 0) return length + end;
    length += count;
  }
  return length;
}

/** How many blocks before block `lblk` belong to its run, at most `max`. */
export function* runBefore(
  blocks: BlockMap,
  run: { readonly lblk: number; readonly max: number },
  belongs: Belongs,
): Op<number> {
  const max = Math.min(run.max, run.lblk);
  let length = 0;
  for (let window = 1; length < max; window *= 2) {
    const count = Math.min(window, max - length);
    const before = yield* getRun(blocks, { first: run.lblk - length - count, count });
    const end = before.findLastIndex((block, i) => !belongs(block, length + count - i));
    if (end >= 0) return length + count - 1 - end;
    length += count;
  }
  return length;
}
