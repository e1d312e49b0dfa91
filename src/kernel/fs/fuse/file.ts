// Files of virtiofs: through the page cache, written through to the host; or by DAX in the window.
// @source fs/fuse/file.c fs/fuse/dax.c v6.12

import { kernelLoad } from '../../arch/map.ts';
import type {
  AddressSpaceOperations,
  File,
  FileOperations,
  Inode,
  IovIter,
  Kiocb,
} from '../../include/linux/fs.ts';
import { S_DAX } from '../../include/linux/fs.ts';
import { E } from '../../include/linux/errno.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import { VM_HUGEPAGE, VM_MIXEDMAP } from '../../include/linux/mm.ts';
import type { Folio, VmOperations, Vma } from '../../include/linux/mm.ts';
import type { Task } from '../../linux.ts';
import { filemap_write_and_wait_range, folioRange } from '../../mm/filemap.ts';
import { generic_file_mmap } from '../../mm/filemap-fault.ts';
import { filemap_read, filemap_splice_read } from '../../mm/filemap-read.ts';
import { generic_perform_write } from '../../mm/filemap-write.ts';
import { clearBlocksDirty, folioKaddr } from '../../mm/folio-state.ts';
import { write_cache_pages } from '../../mm/page-writeback.ts';
import { truncate_pagecache, truncate_pagecache_range } from '../../mm/truncate.ts';
import { get, lock, noSteps, type Op, set, unlock } from '../../steps.ts';
import { dax_iomap_fault, dax_iomap_rw, dax_writeback_mapping_range } from '../dax.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import type { Host, HostFile } from './host.ts';

/** How the files of one mount reach the host. */
export interface FuseServer {
  readonly host: Host;
  fileOf(inode: Inode): HostFile;
  /** Absent: the device has no window, or the mount does not use it. */
  readonly dax: { readonly dev: DaxDevice; readonly iomap: IomapOps } | undefined;
}

/** The host's contents as an extent: what a page is filled from. */
function hostIomap(server: FuseServer): IomapOps {
  return {
    *iomap_begin(inode, pos, length): Op<Iomap> {
      const { PAGE_SIZE } = inode.i_sb.linux;
      const offset = pos - (pos % PAGE_SIZE);
      const end = Math.ceil((pos + length) / PAGE_SIZE) * PAGE_SIZE;
      const size = yield* get(inode.i_size);
      const inline_data = new Uint8Array(end - offset);
      const known = Math.min(end, size) - offset;
      if (known > 0) {
        inline_data.set(server.host.read(server.fileOf(inode), { offset, length: known }));
      }
      const place = { addr: -1, flags: 0, bdev: undefined, dax_dev: undefined };
      return { type: 'inline', offset, length: end - offset, ...place, inline_data };
    },
  };
}

/** The page cache of files that are not DAX. @source fs/fuse/file.c fuse_file_aops v6.12 */
export function fuse_file_aops(server: FuseServer): AddressSpaceOperations {
  const iomap = hostIomap(server);
  return {
    iomap,
    writepages: (inode, start, end, sync) =>
      write_cache_pages(inode.i_mapping, { start, end, sync }, (folio) =>
        fuse_writepage(server, inode, folio),
      ),
    page_mkwrite: () => noSteps(0),
  };
}

function* fuse_writepage(server: FuseServer, inode: Inode, folio: Folio): Op<number> {
  const { linux } = inode.i_sb;
  const range = folioRange(inode.i_mapping, folio);
  const size = yield* get(inode.i_size);
  const length = Math.min(range.length, size - range.pos);
  if (length > 0) {
    const bytes = yield* kernelLoad(linux, folioKaddr(linux, folio, range.pos), length);
    server.host.write(server.fileOf(inode), { offset: range.pos, bytes });
  }
  yield* clearBlocksDirty(inode.i_mapping, folio, range);
  return 0;
}

/** @source fs/fuse/dax.c fuse_dax_file_aops v6.12 */
export function fuse_dax_file_aops(server: FuseServer, dev: DaxDevice): AddressSpaceOperations {
  return {
    iomap: hostIomap(server),
    writepages: (inode, start, end) =>
      dax_writeback_mapping_range(inode.i_mapping, dev, start, end),
    page_mkwrite: () => noSteps(-E.EIO),
  };
}

/** @source fs/fuse/file.c fuse_file_operations v6.12 */
export function fuse_file_operations(server: FuseServer): FileOperations {
  const aops = fuse_file_aops(server);
  return {
    read_iter: (task, iocb, to) => fuse_file_read_iter(server, task, { iocb, iter: to }),
    write_iter: (task, iocb, from) =>
      fuse_file_write_iter(server, task, { iocb, iter: from, aops }),
    mmap: (task, file, vma) => fuse_file_mmap(server, task, { file, vma }),
    fsync: (_task, file, start, end) =>
      filemap_write_and_wait_range(file.f_inode.i_mapping, start, end),
    llseek: (_task, file, offset, whence) => fuse_lseek(file, offset, whence),
    fallocate: (_task, file, mode, offset, length) =>
      fuse_file_fallocate(server, file, { mode, offset, length }),
    splice_read: filemap_splice_read,
  };
}

function* isDax(inode: Inode): Op<boolean> {
  return ((yield* get(inode.i_flags)) & S_DAX) !== 0;
}

/** @source fs/fuse/file.c fuse_file_read_iter() v6.12 */
function* fuse_file_read_iter(
  server: FuseServer,
  task: Task,
  read: { readonly iocb: Kiocb; readonly iter: IovIter },
): Op<number> {
  const { iocb, iter } = read;
  const inode = iocb.ki_filp.f_inode;
  if (server.dax !== undefined && (yield* isDax(inode))) {
    yield* lock(inode.i_rwsem, 'shared');
    const done = yield* dax_iomap_rw(task, iocb, iter, server.dax.iomap);
    yield* unlock(inode.i_rwsem, 'shared');
    return done;
  }
  return yield* filemap_read(task, iocb, iter);
}

/**
 * A DAX write that makes the file longer goes to the host by message, every other one to the
 * window. Without DAX each write is sent on before it returns.
 * @source fs/fuse/file.c fuse_file_write_iter() fs/fuse/dax.c fuse_dax_write_iter() v6.12
 */
function* fuse_file_write_iter(
  server: FuseServer,
  task: Task,
  write: { readonly iocb: Kiocb; readonly iter: IovIter; readonly aops: AddressSpaceOperations },
): Op<number> {
  const { iocb, iter, aops } = write;
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  const size = yield* get(inode.i_size);
  if (iocb.append) iocb.ki_pos = size;
  let written: number;
  if (server.dax !== undefined && (yield* isDax(inode))) {
    const extends_ = iocb.ki_pos + iter.count > size;
    written = extends_
      ? yield* fuse_dax_direct_write(server, iocb, iter)
      : yield* dax_iomap_rw(task, iocb, iter, server.dax.iomap);
  } else {
    const start = iocb.ki_pos;
    written = yield* generic_perform_write(task, iocb, iter, aops);
    if (written > 0) {
      const end = start + written - 1;
      const error = yield* filemap_write_and_wait_range(inode.i_mapping, start, end);
      if (error < 0) written = error;
    }
  }
  yield* unlock(inode.i_rwsem);
  return written;
}

function* fuse_dax_direct_write(server: FuseServer, iocb: Kiocb, iter: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  const bytes = yield* iter.copy_from(iter.count);
  if (typeof bytes === 'number') return bytes;
  const offset = iocb.ki_pos;
  server.host.write(server.fileOf(inode), { offset, bytes });
  iocb.ki_pos += bytes.length;
  if (iocb.ki_pos > (yield* get(inode.i_size))) yield* set(inode.i_size, 0, iocb.ki_pos);
  return bytes.length;
}

/** @source fs/fuse/file.c fuse_file_mmap() fs/fuse/dax.c fuse_dax_mmap() v6.12 */
function fuse_file_mmap(
  server: FuseServer,
  task: Task,
  map: { readonly file: File; readonly vma: Vma },
): Op<Vma | number> {
  const { file, vma } = map;
  const { dax } = server;
  const isPlain = (file.f_inode.i_flags.peek() & S_DAX) === 0;
  if (dax === undefined || isPlain) return generic_file_mmap(task, file, vma);
  vma.vm_flags.poke(0, vma.vm_flags.peek() | VM_MIXEDMAP | VM_HUGEPAGE);
  const vm_ops: VmOperations = {
    fault: (request) => dax_iomap_fault(request, 'pte', dax.iomap),
    huge_fault: (request) => dax_iomap_fault(request, 'pmd', dax.iomap),
    page_mkwrite: (request) => dax_iomap_fault(request, 'pte', dax.iomap),
    pfn_mkwrite: (request) => dax_iomap_fault(request, 'pte', dax.iomap),
  };
  return noSteps({ ...vma, vm_ops });
}

/** The server passes SEEK_DATA and SEEK_HOLE on; a file of the host has no holes here. */
function* fuse_lseek(file: File, offset: number, whence: 'data' | 'hole'): Op<number> {
  const size = yield* get(file.f_inode.i_size);
  if (offset < 0 || offset >= size) return -E.ENXIO;
  return whence === 'data' ? offset : size;
}

/** Allocation, punching and zeroing are the host's. @source fs/fuse/file.c v6.12 */
function* fuse_file_fallocate(
  server: FuseServer,
  file: File,
  range: { readonly mode: string; readonly offset: number; readonly length: number },
): Op<number> {
  const inode = file.f_inode;
  const { mode, offset, length } = range;
  if (!['alloc', 'keep-size', 'punch', 'zero'].includes(mode)) return -E.EOPNOTSUPP;
  yield* lock(inode.i_rwsem);
  const size = yield* get(inode.i_size);
  const end = offset + length;
  if (mode === 'punch' || mode === 'zero') {
    yield* filemap_write_and_wait_range(inode.i_mapping, offset, end - 1);
    const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - offset));
    server.host.write(server.fileOf(inode), { offset, bytes });
    yield* truncate_pagecache_range(inode, offset, end - 1);
  }
  if ((mode === 'alloc' || mode === 'zero') && end > size) {
    server.fileOf(inode).size = end;
    yield* set(inode.i_size, 0, end);
  }
  yield* unlock(inode.i_rwsem);
  return 0;
}

/** @source fs/fuse/dir.c fuse_do_setattr() v6.12 */
export function* fuse_set_size(server: FuseServer, inode: Inode, size: number): Op<number> {
  const old = yield* get(inode.i_size);
  server.host.truncate(server.fileOf(inode), size);
  yield* set(inode.i_size, 0, size);
  if (size < old) yield* truncate_pagecache(inode, size);
  return 0;
}
