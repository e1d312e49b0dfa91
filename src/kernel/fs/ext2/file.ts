// Reads, writes and mappings of ext2 files: through DAX, past the page cache, or through it. There
// is no fallocate, MAP_SYNC is not known, and DAX maps no huge pages.
// @source fs/ext2/file.c v6.12, v6.1

import { present } from '../../../base/index.ts';
import { submit_bio } from '../../block/bio.ts';
import { E } from '../../include/linux/errno.ts';
import {
  type AddressSpaceOperations,
  type File,
  type FileOperations,
  type Inode,
  type IovIter,
  type Kiocb,
  S_DAX,
} from '../../include/linux/fs.ts';
import { IOMAP_WRITE } from '../../include/linux/iomap.ts';
import {
  VM_SHARED,
  type VmFault,
  type VmFaultRequest,
  type VmOperations,
  type Vma,
} from '../../include/linux/mm.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { generic_file_mmap } from '../../mm/filemap-fault.ts';
import { filemap_splice_read, generic_file_read_iter } from '../../mm/filemap-read.ts';
import { generic_perform_write } from '../../mm/filemap-write.ts';
import { iomap_writepages } from '../../mm/page-writeback.ts';
import { invalidate_mapping_pages } from '../../mm/truncate.ts';
import type { Task } from '../../linux.ts';
import { get, lock, noSteps, type Op, set, unlock } from '../../steps.ts';
import { dax_iomap_fault, dax_iomap_rw, dax_writeback_mapping_range } from '../dax.ts';
import { commit_inode } from '../image.ts';
import { mark_inode_dirty } from '../inode.ts';
import { generic_write_sync, iomap_dio_rw } from '../iomap/direct-io.ts';
import { ext2_get_block, ext2_iomap_ops, ext2_write_failed } from './map.ts';
import { EXT2_SB, ext2_max_size } from './sb.ts';
import { swapActivate } from './swap.ts';
import { buffered, generic_write_checks } from './write-checks.ts';

function* isDax(inode: Inode): Op<boolean> {
  return ((yield* get(inode.i_flags)) & S_DAX) !== 0;
}

function ext2_writepages(inode: Inode, start: number, end: number, sync: boolean): Op<number> {
  const mapping = inode.i_mapping;
  // Blocks for pages that a mapping made dirty over holes are found here, if there are any left.
  const map = { ops: ext2_get_block, flags: IOMAP_WRITE };
  return iomap_writepages(mapping, { start, end, sync }, map);
}

function* ext2_dax_writepages(inode: Inode, start: number, end: number): Op<number> {
  const daxdev = present(EXT2_SB(inode.i_sb).s_daxdev, 'DAX device of a file in DAX');
  return yield* dax_writeback_mapping_range(inode.i_mapping, daxdev, start, end);
}

/** A first write to a mapped page finds no space: mappings of ext2 only mark the page. */
const noMkwrite = (): Op<number> => noSteps(0);

/** The page cache of a file that is not in DAX. @source fs/ext2/inode.c ext2_aops v6.12 */
export const ext2_aops: AddressSpaceOperations = {
  iomap: ext2_get_block,
  writepages: ext2_writepages,
  page_mkwrite: noMkwrite,
};

/** @source fs/ext2/inode.c ext2_dax_aops v6.12 */
export const ext2_dax_aops: AddressSpaceOperations = {
  dax: true,
  iomap: ext2_get_block,
  writepages: ext2_dax_writepages,
  page_mkwrite: noMkwrite,
};

/** @source fs/ext2/file.c ext2_dax_read_iter() v6.12 */
function* ext2_dax_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  if (to.count === 0) return 0;
  const { i_rwsem } = iocb.ki_filp.f_inode;
  yield* lock(i_rwsem, 'shared');
  const answer = yield* dax_iomap_rw(task, iocb, to, ext2_iomap_ops);
  yield* unlock(i_rwsem, 'shared');
  return answer;
}

function* growTo(inode: Inode, end: number): Op<void> {
  if (end <= (yield* get(inode.i_size))) return;
  yield* set(inode.i_size, 0, end);
  yield* mark_inode_dirty(inode);
}

function checks(iocb: Kiocb, from: IovIter): Op<number> {
  return generic_write_checks(iocb, from, ext2_max_size(EXT2_SB(iocb.ki_filp.f_inode.i_sb)));
}

/** @source fs/ext2/file.c ext2_dax_write_iter() v6.12 */
function* ext2_dax_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  let answer = yield* checks(iocb, from);
  if (answer > 0) {
    answer = yield* dax_iomap_rw(task, iocb, from, ext2_iomap_ops);
    if (answer > 0) yield* growTo(inode, iocb.ki_pos);
  }
  yield* unlock(inode.i_rwsem);
  return answer > 0 ? yield* generic_write_sync(task, iocb, answer) : answer;
}

/** Whether a direct transfer is a multiple of the device's blocks. @source fs/direct-io.c v6.1 */
function isAligned(iocb: Kiocb, iter: IovIter): boolean {
  const bytes = EXT2_SB(iocb.ki_filp.f_inode.i_sb).s_bdev.bd_disk.queue.logical_block_size;
  return (iocb.ki_pos | iter.count | iter.misaligned) % bytes === 0;
}

/** 6.1 looks at the alignment before it looks whether there is anything to read. */
function* ext2_dio_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (!inode.i_sb.linux.is_6_12 && to.count > 0 && !isAligned(iocb, to)) return -E.EINVAL;
  yield* lock(inode.i_rwsem, 'shared');
  const answer = yield* iomap_dio_rw(task, iocb, to, ext2_iomap_ops);
  yield* unlock(inode.i_rwsem, 'shared');
  return answer;
}

/** @source fs/ext2/file.c ext2_dio_write_end_io() v6.12 */
function* ext2_dio_write_end_io(iocb: Kiocb, size: number, error: number): Op<number> {
  if (error < 0) return error;
  yield* growTo(iocb.ki_filp.f_inode, iocb.ki_pos + size);
  return 0;
}

/** @source fs/ext2/file.c ext2_dio_write_iter() v6.12; 6.1 does the same by blockdev_direct_IO() */
function* ext2_dio_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  const count = yield* checks(iocb, from);
  let answer = count;
  if (count > 0) {
    const end = iocb.ki_pos + count;
    answer = yield* iomap_dio_rw(task, iocb, from, ext2_iomap_ops, {
      end_io: ext2_dio_write_end_io,
    });
    if (answer === -E.ENOTBLK) answer = 0;
    if (answer < 0) yield* ext2_write_failed(inode, end);
    else if (from.count > 0) answer = yield* finishBuffered(task, iocb, { from, done: answer });
  }
  yield* unlock(inode.i_rwsem);
  return answer;
}

/** The rest of a direct write, through the page cache and out of it again. */
function* finishBuffered(
  task: Task,
  iocb: Kiocb,
  rest: { readonly from: IovIter; readonly done: number },
): Op<number> {
  const { i_mapping, i_sb } = iocb.ki_filp.f_inode;
  const pos = iocb.ki_pos;
  const more = yield* buffered(iocb, (plain) =>
    generic_perform_write(task, plain, rest.from, ext2_aops),
  );
  if (more < 0) return more;
  const end = pos + more - 1;
  const error = yield* filemap_write_and_wait_range(i_mapping, pos, end);
  if (error < 0) return error;
  const { PAGE_SIZE } = i_sb.linux;
  const first = Math.floor(pos / PAGE_SIZE);
  yield* invalidate_mapping_pages(i_mapping, first, Math.floor(end / PAGE_SIZE));
  return yield* generic_write_sync(task, iocb, rest.done + more);
}

/** @source mm/filemap.c generic_file_write_iter() v6.12 */
function* bufferedWrite(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  let answer = yield* checks(iocb, from);
  if (answer > 0) {
    const end = iocb.ki_pos + answer;
    answer = yield* generic_perform_write(task, iocb, from, ext2_aops);
    if (answer < 0) yield* ext2_write_failed(inode, end);
  }
  yield* unlock(inode.i_rwsem);
  return answer > 0 ? yield* generic_write_sync(task, iocb, answer) : answer;
}

/** @source fs/ext2/file.c ext2_file_read_iter() v6.12 */
function* ext2_file_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  if (yield* isDax(iocb.ki_filp.f_inode)) return yield* ext2_dax_read_iter(task, iocb, to);
  if (iocb.direct) return yield* ext2_dio_read_iter(task, iocb, to);
  return yield* generic_file_read_iter(task, iocb, to);
}

/** @source fs/ext2/file.c ext2_file_write_iter() v6.12 */
function* ext2_file_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  if (yield* isDax(iocb.ki_filp.f_inode)) return yield* ext2_dax_write_iter(task, iocb, from);
  if (iocb.direct) return yield* ext2_dio_write_iter(task, iocb, from);
  return yield* bufferedWrite(task, iocb, from);
}

/** A DAX fault. @source fs/ext2/file.c ext2_dax_fault() v6.12 */
function* ext2_dax_fault(request: VmFaultRequest): Op<VmFault> {
  const inode = request.vma.vm_file?.f_inode;
  if (inode === undefined) return { kind: 'SIGBUS' };
  const { invalidate_lock } = inode.i_mapping;
  const { s_writers } = inode.i_sb;
  const isShared = ((yield* get(request.vma.vm_flags)) & VM_SHARED) !== 0;
  const writes = request.write && isShared;
  if (writes) yield* lock(s_writers, 'shared');
  yield* lock(invalidate_lock, 'shared');
  const answer = yield* dax_iomap_fault(request, 'pte', ext2_iomap_ops);
  yield* unlock(invalidate_lock, 'shared');
  if (writes) yield* unlock(s_writers, 'shared');
  return answer;
}

const ext2_dax_vm_ops: VmOperations = {
  fault: ext2_dax_fault,
  page_mkwrite: ext2_dax_fault,
  pfn_mkwrite: ext2_dax_fault,
};

/** @source fs/ext2/file.c ext2_file_mmap() v6.12 */
function* ext2_file_mmap(task: Task, file: File, vma: Vma): Op<Vma | number> {
  const isDax = ((yield* get(file.f_inode.i_flags)) & S_DAX) !== 0;
  if (!isDax) return yield* generic_file_mmap(task, file, vma);
  return { ...vma, vm_ops: ext2_dax_vm_ops };
}

/** Files and directories. @source fs/ext2/file.c ext2_fsync() v6.12 */
export function* ext2_fsync(_task: Task, file: File, start: number, end: number): Op<number> {
  const inode = file.f_inode;
  const { linux, s_bdev } = EXT2_SB(inode.i_sb);
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, start, end);
  commit_inode(inode);
  if (error < 0) return error;
  return yield* submit_bio(linux, { op: 'flush', bdev: s_bdev, sector: 0, sectors: 0, vecs: [] });
}

/** Data up to the end of the file, and the one hole there. @source fs/read_write.c v6.12 */
function* generic_file_llseek(
  _task: Task,
  file: File,
  offset: number,
  whence: 'data' | 'hole',
): Op<number> {
  const size = yield* get(file.f_inode.i_size);
  if (offset < 0 || offset >= size) return -E.ENXIO;
  return whence === 'data' ? offset : size;
}

/** @source fs/ext2/file.c ext2_file_operations v6.12 */
export const ext2_file_operations: FileOperations = {
  read_iter: ext2_file_read_iter,
  write_iter: ext2_file_write_iter,
  mmap: ext2_file_mmap,
  fsync: ext2_fsync,
  llseek: generic_file_llseek,
  splice_read: filemap_splice_read,
  swap_activate: (_task, file) => swapActivate(file.f_inode, ext2_get_block),
};
