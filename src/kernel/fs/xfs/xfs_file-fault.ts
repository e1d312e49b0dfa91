// Mappings of XFS files and the faults on them.
// @source fs/xfs/xfs_file.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { File } from '../../include/linux/fs.ts';
import {
  type Folio,
  VM_HUGEPAGE,
  VM_SHARED,
  VM_SYNC,
  type Vma,
  type VmFault,
  type VmFaultRequest,
  type VmOperations,
} from '../../include/linux/mm.ts';
import { dax_synchronous } from '../../drivers/dax/super.ts';
import { filemap_fault, filemap_map_pages } from '../../mm/filemap-fault.ts';
import { Oops } from '../../oops.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';
import { present } from '../../../base/index.ts';
import { dax_finish_sync_fault, dax_iomap_fault } from '../dax.ts';
import { iomap_page_mkwrite } from '../iomap/buffered-io.ts';
import { isDax } from './xfs_bmap_util.ts';
import { xfs_page_mkwrite_iomap_ops } from './xfs_iomap-buffered.ts';
import { xfs_dax_write_iomap_ops, xfs_inode_buftarg, xfs_read_iomap_ops } from './xfs_iomap.ts';
import { XFS_I, XFS_IREMAPPING, type XfsInode, type XfsMount } from './xfs_mount.ts';

/**
 * mmap(): MAP_SYNC needs DAX and a synchronous device; DAX mappings may be huge.
 * @source fs/xfs/xfs_file.c xfs_file_mmap() v6.12
 */
export function* xfs_file_mmap(mp: XfsMount, file: File, vma: Vma): Op<Vma | number> {
  const inode = file.f_inode;
  const isSync = (vma.vm_flags.peek() & VM_SYNC) !== 0;
  const inDax = yield* isDax(XFS_I(mp, inode));
  if (isSync) {
    const { bt_daxdev } = yield* xfs_inode_buftarg(XFS_I(mp, inode));
    if (!inDax || bt_daxdev === undefined) return -E.EOPNOTSUPP;
    if (!(yield* dax_synchronous(bt_daxdev))) return -E.EOPNOTSUPP;
  }
  if (inDax) vma.vm_flags.poke(0, vma.vm_flags.peek() | VM_HUGEPAGE);
  return { ...vma, vm_ops: xfs_file_vm_ops(mp) };
}

/** What XFS does about faults. @source fs/xfs/xfs_file.c xfs_file_vm_ops v6.12 */
export function xfs_file_vm_ops(mp: XfsMount): VmOperations {
  return {
    *fault(request) {
      const ip = inodeOf(mp, request);
      if (!(yield* isDax(ip))) return yield* filemap_fault(request);
      const isWrite = yield* xfs_is_write_fault(request);
      if (isWrite) return yield* xfs_write_fault(ip, request, { order: 'pte' });
      return yield* xfs_dax_read_fault(ip, request, 'pte');
    },
    *huge_fault(request) {
      const ip = inodeOf(mp, request);
      if (!(yield* isDax(ip))) return { kind: 'FALLBACK' };
      const isWrite = yield* xfs_is_write_fault(request);
      if (isWrite) return yield* xfs_write_fault(ip, request, { order: 'pmd' });
      return yield* xfs_dax_read_fault(ip, request, 'pmd');
    },
    map_pages: filemap_map_pages,
    *page_mkwrite(request, folio) {
      return yield* xfs_write_fault(inodeOf(mp, request), request, { order: 'pte', folio });
    },
    *pfn_mkwrite(request) {
      return yield* xfs_write_fault(inodeOf(mp, request), request, { order: 'pte' });
    },
  };
}

function inodeOf(mp: XfsMount, { vma }: VmFaultRequest): XfsInode {
  return XFS_I(mp, present(vma.vm_file, 'the file of a mapping').f_inode);
}

// A private mapping gets a page of its own, and nothing in the file changes.
// @source fs/xfs/xfs_file.c xfs_is_write_fault() v6.12
function* xfs_is_write_fault({ write, vma }: VmFaultRequest): Op<boolean> {
  return write && ((yield* get(vma.vm_flags)) & VM_SHARED) !== 0;
}

// @source fs/xfs/xfs_file.c xfs_dax_read_fault() v6.12
function* xfs_dax_read_fault(
  ip: XfsInode,
  request: VmFaultRequest,
  order: 'pte' | 'pmd',
): Op<VmFault> {
  const { invalidate_lock } = ip.vfs.i_mapping;
  yield* lock(invalidate_lock, 'shared');
  const ret = yield* dax_iomap_fault(request, order, xfs_read_iomap_ops(ip.i_mount));
  yield* unlock(invalidate_lock, 'shared');
  return ret;
}

/**
 * A write to a shared mapping, by DAX or to a cached page that is mapped read-only.
 * @source fs/xfs/xfs_file.c xfs_write_fault() v6.12
 */
function* xfs_write_fault(
  ip: XfsInode,
  request: VmFaultRequest,
  what: { readonly order: 'pte' | 'pmd'; readonly folio?: Folio },
): Op<VmFault> {
  const { i_mapping, i_sb } = ip.vfs;
  yield* lock(i_sb.s_writers, 'shared');
  // A remap under way is waited for.
  const isRemapping = ((yield* get(ip.i_flags)) & XFS_IREMAPPING) !== 0;
  const mode = isRemapping ? 'exclusive' : 'shared';
  yield* lock(i_mapping.invalidate_lock, mode);
  let ret: VmFault;
  if (yield* isDax(ip)) ret = yield* writeFaultLocked(ip, request, what.order);
  else {
    // Without a page this is a DAX fault whose inode has left DAX in the meantime.
    const { folio } = what;
    if (folio === undefined) {
      const says = 'NULL pointer dereference';
      throw new Oops({ kind: 'oops', says, where: 'iomap_page_mkwrite' });
    }
    ret = yield* iomap_page_mkwrite(request, folio, xfs_page_mkwrite_iomap_ops(ip.i_mount));
  }
  yield* unlock(i_mapping.invalidate_lock, mode);
  yield* unlock(i_sb.s_writers, 'shared');
  return ret;
}

// @source fs/xfs/xfs_file.c xfs_dax_fault_locked() v6.12
function* writeFaultLocked(
  ip: XfsInode,
  request: VmFaultRequest,
  order: 'pte' | 'pmd',
): Op<VmFault> {
  const ret = yield* dax_iomap_fault(request, order, xfs_dax_write_iomap_ops(ip.i_mount));
  if (ret.kind !== 'NEEDDSYNC') return ret;
  return yield* dax_finish_sync_fault(request, order, ret.pfn);
}
