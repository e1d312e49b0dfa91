// swapon(): the checks. Nothing is ever swapped out.
// @source mm/swapfile.c v6.12, v6.1

import { kernelLoad } from '../arch/map.ts';
import { E } from '../include/linux/errno.ts';
import { type File, S_DAX, S_ENCRYPTED, S_SWAPFILE } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, set, unlock } from '../steps.ts';
import { filemap_get_pages } from './filemap-read.ts';
import { folioKaddr } from './folio-state.ts';

/** 0 or an error number. The file is held until swapoff(). */
export function* sys_swapon(task: Task, file: File): Op<number> {
  const inode = file.f_inode;
  if (task.uid !== 0) return -E.EPERM;
  yield* lock(inode.i_rwsem);
  const error = yield* swaponLocked(task, file);
  if (error === 0) {
    yield* set(inode.i_flags, 0, (yield* get(inode.i_flags)) | S_SWAPFILE);
    file.f_count++;
  }
  yield* unlock(inode.i_rwsem);
  return error;
}

function* swaponLocked(task: Task, file: File): Op<number> {
  const inode = file.f_inode;
  if (inode.kind !== 'reg' && inode.kind !== 'blk') return -E.EINVAL;
  if (inode.i_nlink === 0) return -E.ENOENT;
  const flags = yield* get(inode.i_flags);
  if ((flags & S_SWAPFILE) !== 0) return -E.EBUSY;
  if ((flags & S_ENCRYPTED) !== 0 && inode.i_sb.linux.is_6_12) return -E.EINVAL;
  // The operations of DAX files have no read_folio.
  if ((flags & S_DAX) !== 0 || (yield* get(inode.i_mapping.a_ops)) === undefined) return -E.EINVAL;
  if (!(yield* read_swap_header(file))) return -E.EINVAL;
  if (inode.kind === 'blk' || file.f_op.swap_activate === undefined) return 0;
  const extents = yield* file.f_op.swap_activate(task, file);
  return extents < 0 ? extents : 0;
}

/** Where the signature ends the first page, and where version and last page stand. */
const SIGNATURE = 'SWAPSPACE2';
const INFO_OFFSET = 1024;

/** Whether the first page is a swap header that fits the file. @source mm/swapfile.c v6.12 */
function* read_swap_header(file: File): Op<boolean> {
  const inode = file.f_inode;
  const { linux } = inode.i_sb;
  const size = yield* get(inode.i_size);
  const folio = yield* filemap_get_pages(file, { pos: 0, count: 1 });
  if (typeof folio === 'number') return false;
  const page = yield* kernelLoad(linux, folioKaddr(linux, folio, 0), linux.PAGE_SIZE);
  const magic = page.subarray(linux.PAGE_SIZE - SIGNATURE.length);
  if (!magic.every((byte, i) => byte === SIGNATURE.codePointAt(i))) return false;
  const info = new DataView(page.buffer, page.byteOffset + INFO_OFFSET, 12);
  // mkswap writes the machine's own order; the kernel turns the other one round.
  const littleEndian = info.getUint32(0, true) === 1;
  if (!littleEndian && info.getUint32(0, false) !== 1) return false;
  const last_page = info.getUint32(4, littleEndian);
  if (last_page === 0) return false;
  const swapfilepages = Math.floor(size / linux.PAGE_SIZE);
  return swapfilepages === 0 || last_page + 1 <= swapfilepages;
}

/** 0, or -EINVAL for a file that is not in use. */
export function* sys_swapoff(task: Task, file: File): Op<number> {
  const inode = file.f_inode;
  if (task.uid !== 0) return -E.EPERM;
  const flags = yield* get(inode.i_flags);
  if ((flags & S_SWAPFILE) === 0) return -E.EINVAL;
  yield* set(inode.i_flags, 0, flags & ~S_SWAPFILE);
  file.f_count--;
  return 0;
}
