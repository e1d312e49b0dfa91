// Files that share blocks: FICLONE, FIDEDUPERANGE, and the checks that filesystems make for them.
// @source fs/remap_range.c v6.12

import { flush_dcache_folio } from '../arch/cacheflush.ts';
import { kernelLoad } from '../arch/map.ts';
import { E } from '../include/linux/errno.ts';
import {
  type File,
  type FileOperations,
  type Inode,
  S_DAX,
  S_IMMUTABLE,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { filemap_get_folio, filemap_write_and_wait_range } from '../mm/filemap.ts';
import { read_mapping_folio } from '../mm/filemap-read.ts';
import { folio_lock, folio_unlock, folioKaddr } from '../mm/folio-state.ts';
import { type Op, get } from '../steps.ts';
import { canRead, canWrite, isPathFile } from './file_table.ts';
import { mark_inode_dirty, MAX_LFS_FILESIZE } from './inode.ts';
import { mnt_want_write } from './mount-state.ts';
import { MAY_WRITE, capable, hasFlag, inode_permission } from './permission.ts';
import { file_end_write, file_start_write, generic_file_rw_checks } from './read_write.ts';

/** A range of one file and where in another it belongs. `length` 0: to the end of the source. */
export interface RemapRange {
  readonly source: File;
  readonly sourceOffset: number;
  readonly dest: File;
  readonly destOffset: number;
  readonly length: number;
}

/** What FileOperations.remap_file_range() is asked. */
export type RemapRequest = Parameters<NonNullable<FileOperations['remap_file_range']>>[1];

/** Most bytes of one FIDEDUPERANGE. @source fs/remap_range.c vfs_dedupe_file_range() v6.12 */
const MAX_DEDUPE = 2 ** 30;

/**
 * FICLONE and FICLONERANGE: 0 or an error number.
 * @source fs/ioctl.c ioctl_file_clone() fs/remap_range.c vfs_clone_file_range() v6.12
 */
export function* vfs_clone_file_range(task: Task, range: RemapRange): Op<number> {
  const { source, dest } = range;
  if (isPathFile(source) || isPathFile(dest)) return -E.EBADF;
  if (source.f_inode.i_sb !== dest.f_inode.i_sb) return -E.EXDEV;
  const error = generic_file_rw_checks(source, dest);
  if (error !== 0) return error;
  const { f_op } = source;
  if (f_op.remap_file_range === undefined) return -E.EOPNOTSUPP;
  const area = remap_verify_area(range);
  if (area !== 0) return area;
  yield* file_start_write(dest);
  const cloned = yield* f_op.remap_file_range(task, { ...range, dedupe: false });
  yield* file_end_write(dest);
  if (cloned < 0) return cloned;
  return range.length > 0 && cloned !== range.length ? -E.EINVAL : 0;
}

/** @source fs/remap_range.c remap_verify_area() v6.12 */
function remap_verify_area({ sourceOffset, destOffset, length }: RemapRange): number {
  return sourceOffset < 0 || destOffset < 0 || length < 0 ? -E.EINVAL : 0;
}

/** What FIDEDUPERANGE says about one destination. */
export interface DedupeStatus {
  readonly status: 'SAME' | 'DIFFERS';
  /** As the kernel reports them: those asked for, whether or not all were shared. */
  readonly bytes: number;
}

/**
 * FIDEDUPERANGE with one destination: how it went, or an error number, be it the call's or the
 * destination's.
 * @source fs/remap_range.c vfs_dedupe_file_range() vfs_dedupe_file_range_one() v6.12
 */
export function* vfs_dedupe_file_range(task: Task, range: RemapRange): Op<DedupeStatus | number> {
  const { source, sourceOffset } = range;
  if (isPathFile(source)) return -E.EBADF;
  if (!canRead(source)) return -E.EINVAL;
  const { kind } = source.f_inode;
  if (kind === 'dir') return -E.EISDIR;
  if (kind !== 'reg') return -E.EINVAL;
  if (source.f_op.remap_file_range === undefined) return -E.EOPNOTSUPP;
  if (remap_verify_area(range) !== 0) return -E.EINVAL;
  if (sourceOffset + range.length > (yield* get(source.f_inode.i_size))) return -E.EINVAL;
  const length = Math.min(range.length, MAX_DEDUPE);
  const deduped = yield* vfs_dedupe_file_range_one(task, { ...range, length });
  if (deduped === -E.EBADE) return { status: 'DIFFERS', bytes: 0 };
  return deduped < 0 ? deduped : { status: 'SAME', bytes: length };
}

function* vfs_dedupe_file_range_one(task: Task, range: RemapRange): Op<number> {
  const { source, dest, length } = range;
  if (isPathFile(dest)) return -E.EBADF;
  const error = mnt_want_write(dest.f_path.mount);
  if (error !== 0) return error;
  if (!may_dedupe_file(task, dest)) return -E.EPERM;
  if (source.f_inode.i_sb !== dest.f_inode.i_sb) return -E.EXDEV;
  if (dest.f_inode.kind === 'dir') return -E.EISDIR;
  const { f_op } = dest;
  if (f_op.remap_file_range === undefined) return -E.EINVAL;
  if (length === 0) return 0;
  yield* file_start_write(dest);
  const request = { ...range, dedupe: true, can_shorten: true };
  const answer = yield* f_op.remap_file_range(task, request);
  yield* file_end_write(dest);
  return answer;
}

/** @source fs/remap_range.c may_dedupe_file() v6.12 */
function may_dedupe_file(task: Task, file: File): boolean {
  if (capable(task) || canWrite(file)) return true;
  const inode = file.f_inode;
  return task.uid === inode.i_uid || inode_permission(task, inode, MAY_WRITE) === 0;
}

/** Whether ranges of two files hold the same bytes, or an error number. */
export type CompareRanges = (ranges: {
  readonly src: Inode;
  readonly srcoff: number;
  readonly dest: Inode;
  readonly dstoff: number;
  readonly len: number;
}) => Op<boolean | number>;

/**
 * Checks before blocks are shared, with both inodes locked: bytes to share (0: nothing to do), or
 * an error number. `daxCompare` compares files that are both used by DAX.
 * @source fs/remap_range.c __generic_remap_file_range_prep() v6.12
 */
export function* generic_remap_file_range_prep(
  _task: Task,
  request: RemapRequest,
  daxCompare?: CompareRanges,
): Op<number> {
  const { source, sourceOffset, dest, destOffset } = request;
  const [inodeIn, inodeOut] = [source.f_inode, dest.f_inode];
  const refused = mayRemap(inodeIn, inodeOut);
  if (refused !== 0) return refused;
  const size = yield* get(inodeIn.i_size);
  const wanted = request.length === 0 ? wholeLength(request, size) : request.length;
  if (wanted <= 0) return wanted;
  const len = yield* generic_remap_checks(request, { size, wanted });
  if (len <= 0) return len;
  const written =
    (yield* filemap_write_and_wait_range(
      inodeIn.i_mapping,
      sourceOffset,
      sourceOffset + len - 1,
    )) ||
    (yield* filemap_write_and_wait_range(inodeOut.i_mapping, destOffset, destOffset + len - 1));
  if (written < 0) return written;
  if (request.dedupe) {
    const same = yield* compare({ request, len }, daxCompare);
    if (typeof same === 'number') return same;
    if (!same) return -E.EBADE;
  }
  const answer = yield* generic_remap_check_len(request, len);
  // A file whose contents change has a new time.
  if (answer > 0 && !request.dedupe) yield* mark_inode_dirty(inodeOut);
  return answer;
}

function mayRemap(inodeIn: Inode, inodeOut: Inode): number {
  if (hasFlag(inodeOut, S_IMMUTABLE)) return -E.EPERM;
  if (hasFlag(inodeIn, S_SWAPFILE) || hasFlag(inodeOut, S_SWAPFILE)) return -E.ETXTBSY;
  const kinds = [inodeIn.kind, inodeOut.kind];
  if (kinds.includes('dir')) return -E.EISDIR;
  return kinds.every((kind) => kind === 'reg') ? 0 : -E.EINVAL;
}

/** No length means the rest of the source; a deduplication of nothing is done at once. */
function wholeLength({ sourceOffset, dedupe }: RemapRequest, size: number): number {
  if (dedupe || sourceOffset === size) return 0;
  return sourceOffset > size ? -E.EINVAL : size - sourceOffset;
}

/** @source fs/remap_range.c generic_remap_checks() v6.12 */
function* generic_remap_checks(
  request: RemapRequest,
  { size, wanted }: { readonly size: number; readonly wanted: number },
): Op<number> {
  const { sourceOffset, destOffset, dedupe } = request;
  const [inodeIn, inodeOut] = [request.source.f_inode, request.dest.f_inode];
  const blocksize = inodeIn.i_sb.s_blocksize;
  if (sourceOffset % blocksize !== 0 || destOffset % blocksize !== 0) return -E.EINVAL;
  const sizeOut = yield* get(inodeOut.i_size);
  const beyond = sourceOffset + wanted > size || destOffset + wanted > sizeOut;
  if (dedupe && (sourceOffset >= size || destOffset >= sizeOut || beyond)) return -E.EINVAL;
  if (sourceOffset >= size) return -E.EINVAL;
  if (destOffset >= MAX_LFS_FILESIZE) return -E.EFBIG;
  let count = Math.min(wanted, size - sourceOffset);
  const toEnd = sourceOffset + count === size && (!dedupe || destOffset + count === sizeOut);
  if (!toEnd) count -= count % blocksize;
  const span = Math.ceil(count / blocksize) * blocksize;
  const overlaps = destOffset + span > sourceOffset && destOffset < sourceOffset + span;
  if (inodeIn === inodeOut && overlaps) return -E.EINVAL;
  return count !== wanted && request.can_shorten !== true ? -E.EINVAL : count;
}

/**
 * The last, partial block of a source can be shared only with the end of the other file.
 * @source fs/remap_range.c generic_remap_check_len() v6.12
 */
function* generic_remap_check_len(request: RemapRequest, len: number): Op<number> {
  const { dest, destOffset } = request;
  const blocksize = dest.f_inode.i_sb.s_blocksize;
  const partial = len % blocksize;
  if (partial === 0) return len;
  if (destOffset + len >= (yield* get(dest.f_inode.i_size))) return len;
  if (request.can_shorten === true) return len - partial;
  return request.dedupe ? -E.EBADE : -E.EINVAL;
}

function* compare(
  { request, len }: { readonly request: RemapRequest; readonly len: number },
  daxCompare: CompareRanges | undefined,
): Op<boolean | number> {
  const { source, sourceOffset, dest, destOffset } = request;
  const dax = ((yield* get(source.f_inode.i_flags)) & S_DAX) !== 0;
  if (!dax) return yield* vfs_dedupe_file_range_compare(request, len);
  if (daxCompare === undefined) return -E.EINVAL;
  return yield* daxCompare({
    src: source.f_inode,
    srcoff: sourceOffset,
    dest: dest.f_inode,
    dstoff: destOffset,
    len,
  });
}

/**
 * Page by page, in the page cache. The caller has locked both files.
 * @source fs/remap_range.c vfs_dedupe_file_range_compare() v6.12, v6.1
 */
function* vfs_dedupe_file_range_compare(request: RemapRequest, len: number): Op<boolean | number> {
  const { source, dest } = request;
  const { PAGE_SIZE } = source.f_inode.i_sb.linux;
  for (let done = 0; done < len; ) {
    const at = { src: request.sourceOffset + done, dst: request.destOffset + done };
    const untilPage = PAGE_SIZE - Math.max(at.src % PAGE_SIZE, at.dst % PAGE_SIZE);
    const length = Math.min(untilPage, len - done);
    const one = yield* pageOf(source, at.src);
    if (typeof one === 'number') return one;
    const other = yield* pageOf(dest, at.dst);
    if (typeof other === 'number') return other;
    if (!(yield* haveSameBytes(one, other, length))) return false;
    done += length;
  }
  return true;
}

/** A byte of a file in its page cache. */
interface CachedByte {
  readonly mapping: AddressSpace;
  readonly folio: Folio;
  readonly pos: number;
}

/** @source fs/remap_range.c vfs_dedupe_get_folio() v6.12 */
function* pageOf({ f_inode }: File, pos: number): Op<CachedByte | number> {
  const mapping = f_inode.i_mapping;
  const folio = yield* read_mapping_folio(mapping, Math.floor(pos / f_inode.i_sb.linux.PAGE_SIZE));
  return typeof folio === 'number' ? folio : { mapping, folio, pos };
}

/** Whether bytes of two folios are the same, and the folios still what their files have. */
function* haveSameBytes(one: CachedByte, other: CachedByte, length: number): Op<boolean> {
  const { linux } = one.mapping.host.i_sb;
  const pair = one.folio === other.folio ? [one] : [one, other];
  for (const { mapping, folio } of pair) yield* folio_lock(mapping, folio);
  let same = true;
  for (const { mapping, folio, pos } of pair) {
    const index = Math.floor(pos / linux.PAGE_SIZE);
    if ((yield* filemap_get_folio(mapping, index)) !== folio) same = false;
    else yield* flush_dcache_folio(linux, mapping, folio);
  }
  if (same) {
    const bytes = yield* kernelLoad(linux, folioKaddr(linux, one.folio, one.pos), length);
    const others = yield* kernelLoad(linux, folioKaddr(linux, other.folio, other.pos), length);
    same = bytes.every((byte, index) => byte === others[index]);
  }
  for (const { mapping, folio } of pair.toReversed()) yield* folio_unlock(mapping, folio);
  return same;
}
