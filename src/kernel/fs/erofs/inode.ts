// EROFS inodes: what a file can do, by the layout of its data.
// @source fs/erofs/inode.c fs/erofs/data.c v6.12

import { E } from '../../include/linux/errno.ts';
import type {
  AddressSpaceOperations,
  DiskInode,
  File,
  FileOperations,
  Inode,
  InodeOperations,
  IovIter,
  Kiocb,
  SuperBlock,
} from '../../include/linux/fs.ts';
import { S_DAX } from '../../include/linux/fs.ts';
import { IOMAP_DAX } from '../../include/linux/iomap.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import { VM_HUGEPAGE, VM_MAYWRITE, VM_SHARED } from '../../include/linux/mm.ts';
import type { VmOperations, Vma } from '../../include/linux/mm.ts';
import type { Task } from '../../linux.ts';
import { generic_file_mmap } from '../../mm/filemap-fault.ts';
import { filemap_read, filemap_splice_read } from '../../mm/filemap-read.ts';
import { get, noSteps, type Op } from '../../steps.ts';
import { dax_iomap_fault, dax_iomap_rw } from '../dax.ts';
import { new_inode } from '../inode.ts';
import { iomap_dio_rw } from '../iomap/direct-io.ts';
import { EROFS_INODE_COMPRESSED_FULL, EROFS_INODE_FLAT_PLAIN } from './layout.ts';
import type { ErofsMount } from './super.ts';

/**
 * An inode as the image has it. Whether it is DAX is settled when it is read, by the mount's option
 * and its layout. @source fs/erofs/inode.c erofs_read_inode() erofs_fill_inode() v6.12
 */
export function erofs_read_inode(sb: SuperBlock, mount: ErofsMount, disk: DiskInode): Inode {
  const isPlain = disk.kind === 'reg' && disk.flags === EROFS_INODE_FLAT_PLAIN;
  const iomap = erofs_iomap_ops(mount);
  return new_inode(sb, {
    ...disk,
    fsflags: disk.flags,
    i_flags: mount.options.dax === 'always' && isPlain ? S_DAX : 0,
    i_op: inodeOperations(sb, mount, iomap),
    i_fop: disk.kind === 'reg' ? fileOperations(disk, iomap) : {},
    ...(disk.kind === 'reg' && { a_ops: readOnlyAops(iomap) }),
    large_folios: sb.linux.is_6_12,
  });
}

function inodeOperations(sb: SuperBlock, mount: ErofsMount, iomap: IomapOps): InodeOperations {
  const align = mount.bdev.bd_disk.queue.logical_block_size;
  return {
    // @source fs/erofs/inode.c erofs_getattr() v6.12; 6.1 says nothing about direct I/O.
    getattr(inode) {
      const stat = { size: inode.i_size.peek(), blksize: sb.s_blocksize };
      if (!sb.linux.is_6_12 || inode.kind !== 'reg') return stat;
      const size = inode.fsflags.peek() === EROFS_INODE_COMPRESSED_FULL ? 0 : align;
      return { ...stat, dio: { mem_align: size, offset_align: size } };
    },
    fiemap: (inode, pos, length) => iomap.iomap_begin(inode, pos, length, 0),
  };
}

/**
 * The extent at `pos`: blocks, contents beside the inode, or nothing beyond the end.
 * @source fs/erofs/data.c erofs_iomap_begin() erofs_map_blocks() v6.12
 */
function erofs_iomap_ops(mount: ErofsMount): IomapOps {
  return {
    *iomap_begin(inode, pos, length, flags): Op<Iomap> {
      const isDax = (flags & IOMAP_DAX) !== 0;
      const base = {
        flags: 0,
        bdev: isDax ? undefined : mount.bdev,
        dax_dev: isDax ? mount.dax_dev : undefined,
      };
      const bytes = inode.i_sb.s_blocksize;
      const index = Math.floor(pos / bytes);
      const first = yield* get(inode.blocks, index);
      const { inline } = inode;
      if (first !== undefined) {
        let count = 1;
        while ((yield* get(inode.blocks, index + count))?.block === first.block + count) count++;
        const addr = first.block * bytes + (isDax ? mount.dax_part_off : 0);
        return { ...base, type: 'mapped', offset: index * bytes, length: count * bytes, addr };
      }
      const size = yield* get(inode.i_size);
      if (inline !== undefined && pos < size) {
        const offset = size - inline.length;
        const extent = { offset, length: inline.length, addr: -1 };
        return { ...base, type: 'inline', ...extent, inline_data: inline };
      }
      return { ...base, type: 'hole', offset: pos, length, addr: -1 };
    },
  };
}

function readOnlyAops(iomap: IomapOps): AddressSpaceOperations {
  return {
    iomap,
    writepages: () => noSteps(0),
    page_mkwrite: () => noSteps(-E.EROFS),
  };
}

function fileOperations(disk: DiskInode, iomap: IomapOps): FileOperations {
  const isCompressed = disk.flags === EROFS_INODE_COMPRESSED_FULL;
  return {
    can_odirect: () => !isCompressed,
    read_iter: (task, iocb, to) => erofs_file_read_iter(task, { iocb, to, iomap }),
    mmap: (task, file, vma) => erofs_file_mmap(task, { file, vma, iomap }),
    llseek: (_task, file, offset, whence) => generic_file_llseek(file, offset, whence),
    splice_read: filemap_splice_read,
  };
}

/** @source fs/erofs/data.c erofs_file_read_iter() v6.12 */
function* erofs_file_read_iter(
  task: Task,
  read: { readonly iocb: Kiocb; readonly to: IovIter; readonly iomap: IomapOps },
): Op<number> {
  const { iocb, to, iomap } = read;
  const inode = iocb.ki_filp.f_inode;
  if (to.count === 0) return 0;
  if (((yield* get(inode.i_flags)) & S_DAX) !== 0) {
    return yield* dax_iomap_rw(task, iocb, to, iomap);
  }
  if (!iocb.direct) return yield* filemap_read(task, iocb, to);
  const block = inode.i_sb.s_bdev?.bd_disk.queue.logical_block_size ?? inode.i_sb.s_blocksize;
  if ([iocb.ki_pos, to.count, to.misaligned].some((n) => n % block !== 0)) return -E.EINVAL;
  return yield* iomap_dio_rw(task, iocb, to, iomap);
}

/** @source fs/erofs/data.c erofs_file_mmap() v6.12 */
function erofs_file_mmap(
  task: Task,
  map: { readonly file: File; readonly vma: Vma; readonly iomap: IomapOps },
): Op<Vma | number> {
  const { file, vma, iomap } = map;
  const flags = vma.vm_flags.peek();
  // @source mm/filemap.c generic_file_readonly_mmap() v6.12
  if ((flags & VM_SHARED) !== 0 && (flags & VM_MAYWRITE) !== 0) return noSteps(-E.EINVAL);
  if ((file.f_inode.i_flags.peek() & S_DAX) === 0) return generic_file_mmap(task, file, vma);
  vma.vm_flags.poke(0, flags | VM_HUGEPAGE);
  const vm_ops: VmOperations = {
    fault: (request) => dax_iomap_fault(request, 'pte', iomap),
    huge_fault: (request) => dax_iomap_fault(request, 'pmd', iomap),
  };
  return noSteps({ ...vma, vm_ops });
}

/** The whole file is data. @source fs/read_write.c generic_file_llseek_size() v6.12 */
function* generic_file_llseek(file: File, offset: number, whence: 'data' | 'hole'): Op<number> {
  const size = yield* get(file.f_inode.i_size);
  if (offset < 0 || offset >= size) return -E.ENXIO;
  return whence === 'data' ? offset : size;
}
