// tmpfs: files in the page cache alone. It has no DAX and says so to every `dax` option. Its limits
// of size and inodes are shown and not enforced: the model never runs out of them.
// @source mm/shmem.c v6.12

import { newIno } from '../fs/image.ts';
import { new_inode } from '../fs/inode.ts';
import { E } from '../include/linux/errno.ts';
import type {
  AddressSpaceOperations,
  FileAttr,
  FileAttrChange,
  FileKind,
  FileOperations,
  FileSystemType,
  Inode,
  InodeOperations,
  IovIter,
  Kiocb,
  MountRequest,
  SuperBlock,
  SuperOperations,
} from '../include/linux/fs.ts';
import { S_APPEND, S_IMMUTABLE } from '../include/linux/fs.ts';
import type { Iomap } from '../include/linux/iomap.ts';
import type { VmFault, VmFaultRequest, VmOperations } from '../include/linux/mm.ts';
import {
  FS_APPEND_FL,
  FS_IMMUTABLE_FL,
  FS_NOATIME_FL,
  FS_NODUMP_FL,
  FS_XFLAG_APPEND,
  FS_XFLAG_IMMUTABLE,
  FS_XFLAG_NOATIME,
  FS_XFLAG_NODUMP,
} from '../include/uapi/linux/fs.ts';
import { iov_iter_truncate } from '../lib/iov_truncate.ts';
import type { Linux, Task } from '../linux.ts';
import { Lock, Shared } from '../shared.ts';
import { get, lock, noSteps, type Op, set, unlock } from '../steps.ts';
import { __filemap_get_folio, filemap_get_folio, mapping_seek_hole_data } from './filemap.ts';
import { filemap_fault, filemap_map_pages, filemap_page_mkwrite } from './filemap-fault.ts';
import { filemap_read, filemap_read_folio } from './filemap-read.ts';
import { folio_lock, folio_test_uptodate, folio_unlock } from './folio-state.ts';
import { generic_perform_write } from './filemap-write.ts';
import { shmem_parse_options, shmem_show_options, shmemDefaults } from './shmem-options.ts';
import type { ShmemOptions } from './shmem-options.ts';
import { truncate_pagecache, truncate_pagecache_range } from './truncate.ts';

const ROOT_INO = 1;

/** The tmpfs driver. */
export const shmem_fs_type: FileSystemType = {
  name: 'tmpfs',
  requires_dev: false,
  get_tree: shmem_get_tree,
};

/** A new tmpfs for each mount. @source mm/shmem.c shmem_fill_super() v6.12 */
function shmem_get_tree(linux: Linux, request: MountRequest): SuperBlock | number {
  const options = shmemDefaults();
  const error = shmem_parse_options(options, request.options, systemOf(linux));
  if (error !== 0) return error;
  const sb: SuperBlock = {
    linux,
    s_type: shmem_fs_type,
    s_bdev: undefined,
    s_daxdev: undefined,
    ro: request.ro,
    s_blocksize: linux.PAGE_SIZE,
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared('free blocks of tmpfs', 0),
    s_op: superOperations(options),
    root: ROOT_INO,
    s_writers: new Lock('s_writers of tmpfs'),
  };
  const root = shmem_get_inode(sb, { ino: ROOT_INO, kind: 'dir', mode: options.mode, target: '' });
  root.i_uid = options.uid;
  root.i_gid = options.gid;
  return sb;
}

function systemOf(linux: Linux) {
  const { is_6_12, PAGE_SIZE } = linux;
  return { is_6_12, PAGE_SIZE, totalram: linux.ram.end * PAGE_SIZE };
}

function superOperations(options: ShmemOptions): SuperOperations {
  return {
    read_inode: (sb, disk) => shmem_get_inode(sb, disk),
    show_options: (sb) => shmem_show_options(options, sb.linux.PAGE_SIZE),
    parse_options: (sb, text) => shmem_parse_options({ ...options }, text, systemOf(sb.linux)),
    reconfigure: (sb, text) => noSteps(shmem_reconfigure(sb, options, text)),
    sync_fs: () => noSteps(0),
    put_super: () => noSteps(undefined),
    // The pages were all there was.
    evict_inode: () => noSteps(undefined),
  };
}

/**
 * A size limit may not come later, and swap not go.
 * @source mm/shmem.c shmem_reconfigure() v6.12
 */
function shmem_reconfigure(sb: SuperBlock, options: ShmemOptions, text: string): number {
  const wanted: ShmemOptions = { ...options, noswap: false };
  const error = shmem_parse_options(wanted, text, systemOf(sb.linux));
  if (error !== 0) return error;
  const isLimited = (now: number | undefined, next: number | undefined) =>
    now === 0 && next !== undefined && next > 0;
  if (isLimited(options.blocks, wanted.blocks)) return -E.EINVAL;
  if (isLimited(options.inodes, wanted.inodes)) return -E.EINVAL;
  if (wanted.noswap && !options.noswap) return -E.EINVAL;
  const { blocks, inodes, huge, full_inums, mpol } = wanted;
  Object.assign(options, { blocks, inodes, huge, full_inums, mpol });
  return 0;
}

/** @source mm/shmem.c shmem_get_inode() v6.12 */
function shmem_get_inode(
  sb: SuperBlock,
  made: {
    readonly ino: number;
    readonly kind: FileKind;
    readonly mode: number;
    readonly target: string;
    readonly uid?: number;
    readonly gid?: number;
  },
): Inode {
  return new_inode(sb, {
    ...made,
    size: made.kind === 'lnk' ? made.target.length : 0,
    i_op: shmem_inode_operations,
    i_fop: operationsFor(made.kind),
    ...(made.kind === 'reg' && { a_ops: shmem_aops }),
  });
}

function operationsFor(kind: FileKind): FileOperations {
  if (kind === 'reg') return shmem_file_operations;
  // @source fs/libfs.c simple_dir_operations v6.12
  return kind === 'dir' ? { fsync: () => noSteps(0) } : {};
}

const shmem_inode_operations: InodeOperations = {
  create: (task, dir, kind, mode, target) =>
    shmem_get_inode(dir.i_sb, {
      ino: newIno(dir.i_sb),
      kind,
      mode,
      target,
      uid: task.uid,
      gid: task.gid,
    }),
  setattr_size: (_task, inode, size) => shmem_setattr_size(inode, size),
  getattr: (inode) => ({ size: inode.i_size.peek(), blksize: inode.i_sb.linux.PAGE_SIZE }),
  fileattr_get: (inode) => shmem_fileattr_get(inode),
  fileattr_set: (_task, inode, change) => shmem_fileattr_set(inode, change),
};

function* shmem_setattr_size(inode: Inode, size: number): Op<number> {
  const old = yield* get(inode.i_size);
  yield* set(inode.i_size, 0, size);
  if (size < old) yield* truncate_pagecache(inode, size);
  return 0;
}

/** Flags that have a meaning here, in both forms. */
const FLAGS: readonly (readonly [number, number])[] = [
  [FS_IMMUTABLE_FL, FS_XFLAG_IMMUTABLE],
  [FS_APPEND_FL, FS_XFLAG_APPEND],
  [FS_NODUMP_FL, FS_XFLAG_NODUMP],
  [FS_NOATIME_FL, FS_XFLAG_NOATIME],
];

/** SHMEM_FL_USER_MODIFIABLE. */
const MODIFIABLE = FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL;

/** @source mm/shmem.c shmem_fileattr_get() v6.12 */
function shmem_fileattr_get(inode: Inode): FileAttr {
  const flags = inode.fsflags.peek();
  let fsx_xflags = 0;
  for (const [flag, xflag] of FLAGS) if ((flags & flag) !== 0) fsx_xflags |= xflag;
  return { flags, fsx_xflags };
}

/** FS_IOC_FSSETXATTR is not supported at all. @source mm/shmem.c shmem_fileattr_set() v6.12 */
function* shmem_fileattr_set(inode: Inode, change: FileAttrChange): Op<number> {
  if (change.by === 'xflags' || (change.flags & ~MODIFIABLE) !== 0) return -E.EOPNOTSUPP;
  yield* set(inode.fsflags, 0, change.flags);
  let i_flags = (yield* get(inode.i_flags)) & ~(S_IMMUTABLE | S_APPEND);
  if ((change.flags & FS_IMMUTABLE_FL) !== 0) i_flags |= S_IMMUTABLE;
  if ((change.flags & FS_APPEND_FL) !== 0) i_flags |= S_APPEND;
  yield* set(inode.i_flags, 0, i_flags);
  return 0;
}

const shmem_file_operations: FileOperations = {
  // @source mm/shmem.c shmem_file_open() v6.12; 6.1 has no direct I/O here.
  can_odirect: (inode) => inode.i_sb.linux.is_6_12,
  read_iter: shmem_file_read_iter,
  *write_iter(task, iocb, from) {
    const inode = iocb.ki_filp.f_inode;
    yield* lock(inode.i_rwsem);
    if (iocb.append) iocb.ki_pos = yield* get(inode.i_size);
    const written = yield* generic_perform_write(task, iocb, from, shmem_aops);
    yield* unlock(inode.i_rwsem);
    return written;
  },
  mmap: (_task, _file, vma) => noSteps({ ...vma, vm_ops: shmem_vm_ops }),
  fsync: () => noSteps(0),
  splice_read: shmem_file_read_iter,
  *llseek(_task, file, offset, whence) {
    const inode = file.f_inode;
    yield* lock(inode.i_rwsem);
    const size = yield* get(inode.i_size);
    let found = -E.ENXIO;
    if (offset >= 0 && offset < size) {
      found = yield* mapping_seek_hole_data(inode.i_mapping, offset, size, whence);
      if (whence === 'data' && found >= size) found = -E.ENXIO;
    }
    yield* unlock(inode.i_rwsem);
    return found;
  },
  *fallocate(_task, file, mode, offset, length) {
    if (mode !== 'alloc' && mode !== 'keep-size' && mode !== 'punch') return -E.EOPNOTSUPP;
    const inode = file.f_inode;
    yield* lock(inode.i_rwsem);
    if (mode === 'punch') yield* truncate_pagecache_range(inode, offset, offset + length - 1);
    const grows = mode === 'alloc' && offset + length > (yield* get(inode.i_size));
    if (grows) yield* set(inode.i_size, 0, offset + length);
    yield* unlock(inode.i_rwsem);
    return 0;
  },
};

/**
 * Pages that were never written are read as zeroes, and do not come into being by that.
 * @source mm/shmem.c shmem_file_read_iter() v6.12
 */
function* shmem_file_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  const { PAGE_SIZE } = inode.i_sb.linux;
  let done = 0;
  while (to.count > 0) {
    const left = (yield* get(inode.i_size)) - iocb.ki_pos;
    if (left <= 0) break;
    const here = Math.min(left, to.count, PAGE_SIZE - (iocb.ki_pos % PAGE_SIZE));
    const index = Math.floor(iocb.ki_pos / PAGE_SIZE);
    let read = here;
    if ((yield* filemap_get_folio(inode.i_mapping, index)) !== undefined) {
      read = yield* filemap_read(task, iocb, iov_iter_truncate(to, here));
    } else if ((yield* to.copy_to(new Uint8Array(here))) < 0) {
      read = -E.EFAULT;
    } else {
      iocb.ki_pos += here;
    }
    if (read <= 0) return done > 0 ? done : read;
    done += read;
  }
  return done;
}

/** A fault makes the one page that it needs. @source mm/shmem.c shmem_fault() v6.12 */
function* shmem_fault(request: VmFaultRequest): Op<VmFault> {
  const mapping = request.vma.vm_file?.f_inode.i_mapping;
  if (mapping === undefined) return { kind: 'SIGBUS' };
  const { PAGE_SIZE } = mapping.host.i_sb.linux;
  if (request.pgoff * PAGE_SIZE >= (yield* get(mapping.host.i_size))) return { kind: 'SIGBUS' };
  const folio = yield* __filemap_get_folio(mapping, { index: request.pgoff, order: 0 });
  if (typeof folio === 'number') return { kind: 'OOM' };
  yield* folio_lock(mapping, folio);
  if (yield* folio_test_uptodate(mapping, folio)) yield* folio_unlock(mapping, folio);
  else yield* filemap_read_folio(mapping, folio);
  return yield* filemap_fault(request);
}

/** @source mm/shmem.c shmem_vm_ops v6.12 */
const shmem_vm_ops: VmOperations = {
  fault: shmem_fault,
  map_pages: filemap_map_pages,
  page_mkwrite: filemap_page_mkwrite,
};

/** Every page is a hole until it is written, and stays in the cache from then on. */
const shmem_aops: AddressSpaceOperations = {
  iomap: {
    iomap_begin(_inode, pos, length) {
      const extent = { offset: pos, length, addr: -1, flags: 0 };
      return noSteps<Iomap>({ type: 'hole', ...extent, bdev: undefined, dax_dev: undefined });
    },
  },
  writepages: () => noSteps(0),
  page_mkwrite: () => noSteps(0),
};
