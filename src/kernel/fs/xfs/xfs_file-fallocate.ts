// fallocate() of XFS files.
// @source fs/xfs/xfs_file.c xfs_file_fallocate() v6.12, v6.1

import { E } from '../../include/linux/errno.ts';
import type { File, FallocateMode } from '../../include/linux/fs.ts';
import { S_SYNC } from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';
import { never } from '../../../base/index.ts';
import { dax_file_unshare } from '../dax.ts';
import { commit_sb } from '../image.ts';
import { inode_newsize_ok } from '../inode.ts';
import { iomap_file_unshare } from '../iomap/buffered-io.ts';
import {
  type ByteRange,
  isDax,
  xfs_alloc_file_space,
  xfs_collapse_file_space,
  xfs_flush_unmap_range,
  xfs_free_file_space,
  xfs_insert_file_space,
} from './xfs_bmap_util.ts';
import { xfs_buffered_write_iomap_ops } from './xfs_iomap-buffered.ts';
import { MAX_LFS_FILESIZE, xfs_dax_write_iomap_ops } from './xfs_iomap.ts';
import { xfs_break_layouts, xfs_vn_setattr_size } from './xfs_iops.ts';
import { XFS_I, type XfsInode, type XfsMount } from './xfs_mount.ts';
import { xfs_is_reflink_inode, xfs_reflink_try_clear_inode_flag } from './xfs_reflink.ts';

/**
 * fallocate(): 0 or an error number. Nobody reads, writes or faults meanwhile.
 * @source fs/xfs/xfs_file.c xfs_file_fallocate() v6.12
 */
export function* xfs_file_fallocate(
  mp: XfsMount,
  task: Task,
  file: File,
  request: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  const inode = file.f_inode;
  if (inode.kind !== 'reg') return -E.EINVAL;
  const ip = XFS_I(mp, inode);
  const { mode } = request;
  yield* lock(inode.i_rwsem);
  yield* lock(inode.i_mapping.invalidate_lock);
  let error = yield* xfs_break_layouts(inode);
  const flushes = !mp.linux.is_6_12 && (mode === 'punch' || mode === 'zero' || mode === 'collapse');
  if (error === 0 && flushes) error = yield* xfs_flush_unmap_range(ip, request);
  if (error === 0) error = yield* byMode(ip, task, request);
  const isSync = ((yield* get(inode.i_flags)) & S_SYNC) !== 0 || mp.options.switches.has('wsync');
  if (error === 0 && isSync) commit_sb(inode.i_sb);
  yield* unlock(inode.i_mapping.invalidate_lock);
  yield* unlock(inode.i_rwsem);
  return error;
}

function* byMode(
  ip: XfsInode,
  task: Task,
  request: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  switch (request.mode) {
    case 'punch':
      return yield* xfs_free_file_space(ip, request);
    case 'collapse':
      return yield* xfs_falloc_collapse_range(ip, task, request);
    case 'insert':
      return yield* xfs_falloc_insert_range(ip, task, request);
    case 'zero':
      return yield* xfs_falloc_zero_range(ip, task, request);
    case 'unshare':
      return yield* xfs_falloc_unshare_range(ip, task, request);
    case 'alloc':
    case 'keep-size':
      return yield* xfs_falloc_allocate_range(ip, task, request);
    default:
      return never(request.mode);
  }
}

// The new size where the range goes behind the end, 0 where the size stays, or an error number.
// @source fs/xfs/xfs_file.c xfs_falloc_newsize() v6.12
function* xfs_falloc_newsize(
  ip: XfsInode,
  { mode, offset, len }: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  const isize = yield* get(ip.vfs.i_size);
  if (mode === 'keep-size' || offset + len <= isize) return 0;
  const error = yield* inode_newsize_ok(ip.vfs, offset + len);
  return error < 0 ? error : offset + len;
}

// @source fs/xfs/xfs_file.c xfs_falloc_setsize() v6.12
function* xfs_falloc_setsize(ip: XfsInode, task: Task, newSize: number): Op<number> {
  return newSize === 0 ? 0 : yield* xfs_vn_setattr_size(ip, task, newSize);
}

function isAligned(ip: XfsInode, { offset, len }: ByteRange): boolean {
  const { block_size } = ip.i_mount.image;
  return offset % block_size === 0 && len % block_size === 0;
}

function* xfs_falloc_collapse_range(ip: XfsInode, task: Task, range: ByteRange): Op<number> {
  const isize = yield* get(ip.vfs.i_size);
  if (!isAligned(ip, range) || range.offset + range.len >= isize) return -E.EINVAL;
  const error = yield* xfs_collapse_file_space(ip, range);
  return error < 0 ? error : yield* xfs_falloc_setsize(ip, task, isize - range.len);
}

function* xfs_falloc_insert_range(ip: XfsInode, task: Task, range: ByteRange): Op<number> {
  const isize = yield* get(ip.vfs.i_size);
  if (!isAligned(ip, range)) return -E.EINVAL;
  if (MAX_LFS_FILESIZE - isize < range.len) return -E.EFBIG;
  if (range.offset >= isize) return -E.EINVAL;
  const error = yield* xfs_falloc_setsize(ip, task, isize + range.len);
  return error < 0 ? error : yield* xfs_insert_file_space(ip, range);
}

// A hole, and then unwritten blocks: where there is no space for them, it reads as zeroes anyway.
function* xfs_falloc_zero_range(
  ip: XfsInode,
  task: Task,
  request: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  const newSize = yield* xfs_falloc_newsize(ip, request);
  if (newSize < 0) return newSize;
  let error = yield* xfs_free_file_space(ip, request);
  if (error < 0) return error;
  const { block_size } = ip.i_mount.image;
  const offset = request.offset - (request.offset % block_size);
  const end = Math.ceil((request.offset + request.len) / block_size) * block_size;
  error = yield* xfs_alloc_file_space(ip, { offset, len: end - offset });
  return error < 0 ? error : yield* xfs_falloc_setsize(ip, task, newSize);
}

function* xfs_falloc_unshare_range(
  ip: XfsInode,
  task: Task,
  request: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  const newSize = yield* xfs_falloc_newsize(ip, request);
  if (newSize < 0) return newSize;
  let error = yield* xfs_reflink_unshare(ip, request);
  if (error < 0) return error;
  error = yield* xfs_alloc_file_space(ip, request);
  return error < 0 ? error : yield* xfs_falloc_setsize(ip, task, newSize);
}

function* xfs_falloc_allocate_range(
  ip: XfsInode,
  task: Task,
  request: { readonly mode: FallocateMode } & ByteRange,
): Op<number> {
  const newSize = yield* xfs_falloc_newsize(ip, request);
  if (newSize < 0) return newSize;
  const error = yield* xfs_alloc_file_space(ip, request);
  return error < 0 ? error : yield* xfs_falloc_setsize(ip, task, newSize);
}

/**
 * Shared blocks of a range get copies; then the mark goes if nothing else is shared.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_unshare() v6.12
 */
export function* xfs_reflink_unshare(ip: XfsInode, { offset, len }: ByteRange): Op<number> {
  const mp = ip.i_mount;
  if (!(yield* xfs_is_reflink_inode(ip))) return 0;
  let error = (yield* isDax(ip))
    ? yield* dax_file_unshare(ip.vfs, offset, len, xfs_dax_write_iomap_ops(mp))
    : yield* iomap_file_unshare(ip.vfs, offset, len, xfs_buffered_write_iomap_ops(mp));
  if (error < 0) return error;
  error = yield* filemap_write_and_wait_range(ip.vfs.i_mapping, offset, offset + len - 1);
  if (error < 0) return error;
  return yield* xfs_reflink_try_clear_inode_flag(ip);
}
