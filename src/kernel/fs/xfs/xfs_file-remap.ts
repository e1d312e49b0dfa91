// Files that come to share blocks: reflink, deduplication, and copies by copy_file_range().
// @source fs/xfs/xfs_file.c xfs_file_remap_range() v6.12, fs/xfs/xfs_reflink.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { File } from '../../include/linux/fs.ts';
import { S_SYNC } from '../../include/linux/fs.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_dedupe_file_range_compare } from '../dax.ts';
import { commit_sb } from '../image.ts';
import { generic_remap_file_range_prep, type RemapRequest } from '../remap_range.ts';
import { isRealtime, xfs_bmapi_read } from './libxfs/xfs_bmap.ts';
import { isDax, xfs_flush_unmap_range, xfs_zero_range } from './xfs_bmap_util.ts';
import { xfs_read_iomap_ops, xfs_setfilesize } from './xfs_iomap.ts';
import {
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  XFS_FSB_TO_B,
  xfs_has,
  XFS_I,
  XFS_IREMAPPING,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';
import { xfs_reflink_remap_extent, xfs_reflink_set_inode_flag } from './xfs_reflink.ts';

/** Two files, locked against reads, writes and faults. */
interface Pair {
  readonly src: XfsInode;
  readonly dest: XfsInode;
}

/**
 * Maps blocks of one file into another: bytes that are shared now, or an error number.
 * @source fs/xfs/xfs_file.c xfs_file_remap_range() v6.12
 */
export function* xfs_file_remap_range(mp: XfsMount, task: Task, request: RemapRequest): Op<number> {
  if (!xfs_has(mp, 'reflink')) return -E.EOPNOTSUPP;
  const pair = {
    src: XFS_I(mp, request.source.f_inode),
    dest: XFS_I(mp, request.dest.f_inode),
  };
  yield* xfs_ilock2_io_mmap(pair);
  const len = yield* xfs_reflink_remap_prep(mp, task, { pair, request });
  if (len <= 0) {
    yield* xfs_iunlock2_io_mmap(pair);
    return len;
  }
  yield* changeFlag(pair.src, { set: true });
  const { remapped, error } = yield* xfs_reflink_remap_blocks(mp, { pair, request, len });
  if (error === 0) yield* xfs_reflink_update_dest(pair.dest, request.destOffset + len);
  const isSync = (yield* wantsSync(request.source)) || (yield* wantsSync(request.dest));
  if (isSync) commit_sb(pair.dest.vfs.i_sb);
  yield* changeFlag(pair.src, { set: false });
  yield* xfs_iunlock2_io_mmap(pair);
  if (error < 0 && remapped < len && request.can_shorten !== true) return error;
  return remapped > 0 ? remapped : error;
}

function* wantsSync({ f_inode }: File): Op<boolean> {
  return ((yield* get(f_inode.i_flags)) & S_SYNC) !== 0;
}

// Write faults on the source wait while it is set.
function* changeFlag(ip: XfsInode, { set: on }: { readonly set: boolean }): Op<void> {
  const flags = yield* get(ip.i_flags);
  yield* set(ip.i_flags, 0, on ? flags | XFS_IREMAPPING : flags & ~XFS_IREMAPPING);
}

// In the order of their numbers, each once.
function locked({ src, dest }: Pair): readonly XfsInode[] {
  if (src === dest) return [src];
  return src.vfs.i_ino < dest.vfs.i_ino ? [src, dest] : [dest, src];
}

// @source fs/xfs/xfs_inode.c xfs_ilock2_io_mmap() v6.12
function* xfs_ilock2_io_mmap(pair: Pair): Op<void> {
  for (const { vfs } of locked(pair)) yield* lock(vfs.i_rwsem);
  for (const { vfs } of locked(pair)) yield* lock(vfs.i_mapping.invalidate_lock);
}

function* xfs_iunlock2_io_mmap(pair: Pair): Op<void> {
  for (const { vfs } of locked(pair)) yield* unlock(vfs.i_mapping.invalidate_lock);
  for (const { vfs } of locked(pair)) yield* unlock(vfs.i_rwsem);
}

/**
 * Checks, and everything that has to be out of the way: bytes to map, 0, or an error number. Files
 * of which one uses DAX and the other does not share nothing.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_remap_prep() v6.12
 */
function* xfs_reflink_remap_prep(
  mp: XfsMount,
  task: Task,
  { pair, request }: { readonly pair: Pair; readonly request: RemapRequest },
): Op<number> {
  const { src, dest } = pair;
  if ((yield* isRealtime(src)) || (yield* isRealtime(dest))) return -E.EINVAL;
  if ((yield* isDax(src)) !== (yield* isDax(dest))) return -E.EINVAL;
  const len = yield* generic_remap_file_range_prep(task, request, (ranges) =>
    dax_dedupe_file_range_compare(ranges, xfs_read_iomap_ops(mp)),
  );
  if (len <= 0) return len;
  const { destOffset } = request;
  const isize = yield* get(dest.vfs.i_size);
  if (destOffset > isize) {
    const error = yield* xfs_zero_range(dest, { offset: isize, len: destOffset - isize });
    if (error < 0) return error;
  }
  yield* xfs_reflink_set_inode_flag(src, dest);
  const offset = Math.min(destOffset, isize);
  const error = yield* xfs_flush_unmap_range(dest, { offset, len: destOffset - offset + len });
  return error < 0 ? error : len;
}

/**
 * Extent after extent of the source into the destination.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_remap_blocks() v6.12
 */
function* xfs_reflink_remap_blocks(
  mp: XfsMount,
  what: { readonly pair: Pair; readonly request: RemapRequest; readonly len: number },
): Op<{ readonly remapped: number; readonly error: number }> {
  const { pair, request, len } = what;
  const { src, dest } = pair;
  const from = XFS_B_TO_FSBT(mp, request.sourceOffset);
  const to = XFS_B_TO_FSBT(mp, request.destOffset);
  const blocks = XFS_B_TO_FSB(mp, len);
  let done = 0;
  let error = 0;
  while (done < blocks) {
    yield* lock(src.i_lock, 'shared');
    const imap = yield* xfs_bmapi_read(src, { bno: from + done, len: blocks - done });
    yield* unlock(src.i_lock, 'shared');
    const moved = yield* xfs_reflink_remap_extent(dest, { ...imap, br_startoff: to + done });
    if (moved < 0) {
      error = moved;
      break;
    }
    done += moved;
    const end = Math.min(XFS_FSB_TO_B(mp, to + done), request.destOffset + len);
    yield* growTo(dest, end);
  }
  return { remapped: Math.min(len, XFS_FSB_TO_B(mp, done)), error };
}

// @source fs/xfs/xfs_reflink.c xfs_reflink_update_dest() v6.12
function* xfs_reflink_update_dest(dest: XfsInode, newlen: number): Op<void> {
  yield* growTo(dest, newlen);
}

function* growTo(dest: XfsInode, size: number): Op<void> {
  if (size <= (yield* get(dest.vfs.i_size))) return;
  yield* set(dest.vfs.i_size, 0, size);
  yield* xfs_setfilesize(dest, size);
}
