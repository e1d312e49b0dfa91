// Mappings of ext4 files: by DAX or by the page cache, and the faults of both.
// @source fs/ext4/file.c ext4_file_mmap() ext4_dax_huge_fault() v6.12

import { dax_synchronous } from '../../drivers/dax/super.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { type File, type Inode, S_DAX, S_IMMUTABLE } from '../../include/linux/fs.ts';
import {
  type Folio,
  VM_HUGEPAGE,
  VM_SHARED,
  VM_SYNC,
  type VmFault,
  type VmFaultRequest,
  type VmOperations,
  type Vma,
} from '../../include/linux/mm.ts';
import { block_page_mkwrite, filemap_fault, filemap_map_pages } from '../../mm/filemap-fault.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';
import { dax_finish_sync_fault, dax_iomap_fault } from '../dax.ts';
import { ext4_convert_inline_data } from './inline.ts';
import { ext4_iomap_ops } from './iomap.ts';
import { EXT4_SB } from './sb.ts';

/** The file that a fault is about. */
function inodeOf(request: VmFaultRequest): Inode | undefined {
  return request.vma.vm_file?.f_inode;
}

/**
 * A DAX fault. Writes to private mappings do not change the file.
 * @source fs/ext4/file.c ext4_dax_huge_fault() v6.12
 */
function* daxFault(request: VmFaultRequest, order: 'pte' | 'pmd'): Op<VmFault> {
  const inode = inodeOf(request);
  if (inode === undefined) return { kind: 'SIGBUS' };
  const { invalidate_lock } = inode.i_mapping;
  const { s_writers } = inode.i_sb;
  const isShared = ((yield* get(request.vma.vm_flags)) & VM_SHARED) !== 0;
  const writes = request.write && isShared;
  if (writes) yield* lock(s_writers, 'shared');
  yield* lock(invalidate_lock, 'shared');
  let answer = yield* dax_iomap_fault(request, order, ext4_iomap_ops);
  if (writes && answer.kind === 'NEEDDSYNC') {
    answer = yield* dax_finish_sync_fault(request, order, answer.pfn);
  }
  yield* unlock(invalidate_lock, 'shared');
  if (writes) yield* unlock(s_writers, 'shared');
  return answer;
}

function ext4_dax_fault(request: VmFaultRequest): Op<VmFault> {
  return daxFault(request, 'pte');
}

const ext4_dax_vm_ops: VmOperations = {
  fault: ext4_dax_fault,
  huge_fault: (request) => daxFault(request, 'pmd'),
  page_mkwrite: ext4_dax_fault,
  pfn_mkwrite: ext4_dax_fault,
};

/** First write to a cached page. @source fs/ext4/inode.c ext4_page_mkwrite() v6.12 */
function* ext4_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  const inode = inodeOf(request);
  if (inode === undefined) return { kind: 'SIGBUS' };
  if (((yield* get(inode.i_flags)) & S_IMMUTABLE) !== 0) return { kind: 'SIGBUS' };
  const { invalidate_lock } = inode.i_mapping;
  const { s_writers } = inode.i_sb;
  yield* lock(s_writers, 'shared');
  yield* lock(invalidate_lock, 'shared');
  const error = yield* ext4_convert_inline_data(inode);
  const answer: VmFault =
    error < 0 ? { kind: 'SIGBUS' } : yield* block_page_mkwrite(request, folio);
  yield* unlock(invalidate_lock, 'shared');
  yield* unlock(s_writers, 'shared');
  return answer;
}

const ext4_file_vm_ops: VmOperations = {
  fault: filemap_fault,
  map_pages: filemap_map_pages,
  page_mkwrite: ext4_page_mkwrite,
};

/**
 * Whether a mapping can have what it asks for: MAP_SYNC needs DAX on a device whose stores need
 * no further call to last. @source include/linux/dax.h daxdev_mapping_supported() v6.12
 */
export function* daxdev_mapping_supported(
  vma: Vma,
  inode: Inode,
  dax: DaxDevice | undefined,
): Op<boolean> {
  if (((yield* get(vma.vm_flags)) & VM_SYNC) === 0) return true;
  if (((yield* get(inode.i_flags)) & S_DAX) === 0) return false;
  return dax !== undefined && (yield* dax_synchronous(dax));
}

/** @source fs/ext4/file.c ext4_file_mmap() v6.12 */
export function* ext4_file_mmap(_task: Task, file: File, vma: Vma): Op<Vma | number> {
  const inode = file.f_inode;
  const { s_daxdev } = EXT4_SB(inode.i_sb);
  if (!(yield* daxdev_mapping_supported(vma, inode, s_daxdev))) return -E.EOPNOTSUPP;
  if (((yield* get(inode.i_flags)) & S_DAX) === 0) return { ...vma, vm_ops: ext4_file_vm_ops };
  vma.vm_flags.poke(0, vma.vm_flags.peek() | VM_HUGEPAGE);
  return { ...vma, vm_ops: ext4_dax_vm_ops };
}
