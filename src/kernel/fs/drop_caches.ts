// sync, and `3` written to /proc/sys/vm/drop_caches: whatever is clean and unused leaves memory.
// @source fs/drop_caches.c v6.12

import type { Inode, SuperBlock } from '../include/linux/fs.ts';
import type { Linux } from '../linux.ts';
import { invalidate_mapping_pages } from '../mm/truncate.ts';
import type { Op } from '../steps.ts';
import { shrink_dcache_sb } from './dcache.ts';
import { evict } from './inode.ts';
import { superBlocks } from './super-state.ts';
import { sys_sync } from './sync.ts';

/** Writes everything to the media and drops what is not in use. */
export function drop_caches(linux: Linux): void {
  linux.now(dropAll(linux));
}

function* dropAll(linux: Linux): Op<void> {
  yield* sys_sync(linux);
  for (const sb of superBlocks(linux)) {
    yield* drop_pagecache_sb(sb);
    yield* drop_slab(sb);
  }
}

/** @source fs/drop_caches.c drop_pagecache_sb() v6.12 */
function* drop_pagecache_sb(sb: SuperBlock): Op<void> {
  for (const inode of sb.inodes.values()) {
    // Without a medium the page cache is all there is.
    const hasMedium = sb.s_bdev !== undefined || inode.kind === 'blk';
    if (!hasMedium || isEmpty(inode)) continue;
    yield* invalidate_mapping_pages(inode.i_mapping, 0, Number.MAX_SAFE_INTEGER);
  }
}

/**
 * Unused names go, then unused inodes. An inode with DAX entries stays: they are no page cache that
 * could be dropped, and an inode whose mapping is not empty is passed over.
 * @source mm/vmscan.c drop_slab() fs/inode.c inode_lru_isolate() v6.12
 */
function* drop_slab(sb: SuperBlock): Op<void> {
  if (sb.image === undefined) return;
  yield* shrink_dcache_sb(sb);
  for (const inode of sb.inodes.values()) {
    if (inode.i_count === 0 && isEmpty(inode)) yield* evict(inode);
  }
}

function isEmpty(inode: Inode): boolean {
  return inode.i_mapping.i_pages.count === 0;
}
