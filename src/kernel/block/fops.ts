// Block devices as files: the page cache of a device, O_DIRECT, mmap. Never DAX: since release 4.5
// a block device has no DAX of its own.
// @source block/fops.c block/bdev.c v6.12

import { present } from '../../base/index.ts';
import { dax_open } from '../drivers/dax/device.ts';
import { generic_write_sync, iomap_dio_rw } from '../fs/iomap/direct-io.ts';
import { new_inode } from '../fs/inode.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import type {
  AddressSpaceOperations,
  File,
  FileOperations,
  Inode,
  IovIter,
  Kiocb,
  SuperBlock,
} from '../include/linux/fs.ts';
import { O_ACCMODE, O_DIRECTORY, O_EXCL, O_RDONLY } from '../include/linux/fs.ts';
import type { Iomap, IomapOps } from '../include/linux/iomap.ts';
import { iov_iter_truncate } from '../lib/iov_truncate.ts';
import { type Linux, subsystem, type Task } from '../linux.ts';
import { filemap_write_and_wait_range } from '../mm/filemap.ts';
import { generic_file_mmap } from '../mm/filemap-fault.ts';
import { filemap_read, filemap_splice_read } from '../mm/filemap-read.ts';
import { generic_perform_write } from '../mm/filemap-write.ts';
import { write_cache_pages, writeFolioBlocks } from '../mm/page-writeback.ts';
import { truncate_inode_pages_range } from '../mm/truncate.ts';
import { Lock, Shared } from '../shared.ts';
import { get, lock, noSteps, type Op, unlock } from '../steps.ts';
import { bdevOpeners, countOpener } from './bdev.ts';
import { submit_bio, zeroDevice } from './bio.ts';
import { bd_claim, bd_release, bdevBytes, lookup_bdev } from './genhd.ts';

/** Inodes of block devices that are open, and files that hold their device. */
class BlockFiles {
  readonly inodes = new Map<BlockDevice, Inode>();
  readonly devices = new Map<Inode, BlockDevice>();
  readonly holders = new Set<File>();
}

const LAST_BYTE = Number.MAX_SAFE_INTEGER;

/**
 * Opens `/dev/...`: a File of the device's inode, or an error number (-ENOENT where no such device
 * exists, -EBUSY for O_EXCL on a device that is held).
 * @source block/fops.c blkdev_open() v6.12
 */
export function blkdev_open(task: Task, path: string, flags: number): File | number {
  const { linux } = task.mm;
  const bdev = lookup_bdev(linux, path);
  // A character device of device-dax, or a file that has the name of a missing device.
  if (typeof bdev === 'number') return dax_open(task, path, flags) ?? -E.ENOENT;
  if ((flags & O_DIRECTORY) === O_DIRECTORY) return -E.ENOTDIR;
  if (bdev.bd_disk.ro && (flags & O_ACCMODE) !== O_RDONLY) return -E.EACCES;
  const f_inode = bdevInode(linux, bdev);
  const mount = { sb: f_inode.i_sb, dir: '/dev', source: 'devtmpfs', ro: false };
  const file: File = {
    f_inode,
    f_path: { mount, inode: f_inode, parent: undefined, name: bdev.name },
    f_flags: flags,
    f_pos: 0,
    f_count: 1,
    f_op: def_blk_fops,
  };
  if ((flags & O_EXCL) !== 0) {
    const error = bd_claim(bdev, file);
    if (error < 0) return error;
    subsystem(linux, BlockFiles).holders.add(file);
  } else {
    countOpener(linux, bdev, 1);
  }
  return file;
}

/** The block device of an inode of kind `blk`. */
export function I_BDEV(inode: Inode): BlockDevice | undefined {
  return subsystem(inode.i_sb.linux, BlockFiles).devices.get(inode);
}

/** The inode of a device, made with the first open. @source block/bdev.c bdev_alloc() v6.12 */
function bdevInode(linux: Linux, bdev: BlockDevice): Inode {
  const { inodes, devices } = subsystem(linux, BlockFiles);
  const known = inodes.get(bdev);
  if (known !== undefined) return known;
  const { disk_name, queue } = bdev.bd_disk;
  const sb: SuperBlock = {
    linux,
    s_type: { name: 'bdev', requires_dev: false, get_tree: () => -E.EINVAL },
    s_bdev: undefined,
    s_daxdev: undefined,
    ro: false,
    s_blocksize: initialBlocksize(linux, bdev),
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared(`free blocks of ${disk_name}`, 0),
    s_op: {
      read_inode: (_sb, _disk) => inode,
      show_options: () => '',
      reconfigure: () => noSteps(-E.EINVAL),
      sync_fs: () => noSteps(0),
      put_super: () => noSteps(undefined),
      evict_inode: () => noSteps(undefined),
    },
    root: 0,
    s_writers: new Lock(`s_writers of ${bdev.name}`),
  };
  const inode = new_inode(sb, {
    ino: 0,
    kind: 'blk',
    mode: 0o660,
    size: bdevBytes(bdev),
    i_op: {
      // @source block/bdev.c bdev_statx() v6.12; fs/stat.c vfs_getattr_nosec() v6.1
      getattr: () => ({
        size: 0,
        blksize: linux.PAGE_SIZE,
        dio: { mem_align: 512, offset_align: queue.logical_block_size },
      }),
    },
    i_fop: def_blk_fops,
    a_ops: def_blk_aops,
  });
  inodes.set(bdev, inode);
  devices.set(inode, bdev);
  return inode;
}

/**
 * The largest block, up to a page, that the size of the device is a multiple of.
 * @source block/bdev.c set_init_blocksize() v6.12
 */
function initialBlocksize(linux: Linux, bdev: BlockDevice): number {
  const size = bdevBytes(bdev);
  let bytes = bdev.bd_disk.queue.logical_block_size;
  while (bytes < linux.PAGE_SIZE && size % (bytes * 2) === 0) bytes *= 2;
  return bytes;
}

function deviceOf(inode: Inode): BlockDevice {
  return present(I_BDEV(inode), 'device of an inode of kind blk');
}

/** The whole device is one extent. @source block/fops.c blkdev_iomap_begin() v6.12 */
const blkdev_iomap_ops: IomapOps = {
  *iomap_begin(inode, pos, length): Op<Iomap | number> {
    const bdev = deviceOf(inode);
    const size = yield* get(inode.i_size);
    if (pos >= size) return -E.EIO;
    return {
      type: 'mapped',
      offset: pos,
      length: Math.min(length, size - pos),
      addr: pos,
      flags: 0,
      bdev,
      dax_dev: undefined,
    };
  },
};

/** @source block/fops.c def_blk_aops v6.12 */
const def_blk_aops: AddressSpaceOperations = {
  iomap: blkdev_iomap_ops,
  writepages: (inode, start, end, sync) =>
    write_cache_pages(inode.i_mapping, { start, end, sync }, (folio) =>
      writeFolioBlocks(inode.i_mapping, folio, { ops: blkdev_iomap_ops, flags: 0 }),
    ),
  page_mkwrite: () => noSteps(0),
};

/** What open files of block devices can do. @source block/fops.c def_blk_fops v6.12 */
export const def_blk_fops: FileOperations = {
  can_odirect: () => true,
  release: blkdev_release,
  read_iter: blkdev_read_iter,
  write_iter: blkdev_write_iter,
  mmap: (task, file, vma) => generic_file_mmap(task, file, vma),
  fsync: blkdev_fsync,
  fallocate: (_task, file, mode, offset, length) =>
    blkdev_fallocate(file, { mode, offset, length }),
  llseek: () => noSteps(-E.EINVAL),
  splice_read: filemap_splice_read,
};

/**
 * The last one who has the device open writes the page cache back and drops it.
 * @source block/bdev.c bdev_release() blkdev_flush_mapping() v6.12
 */
function* blkdev_release(inode: Inode, file: File): Op<void> {
  const { linux } = inode.i_sb;
  const bdev = deviceOf(inode);
  const files = subsystem(linux, BlockFiles);
  if (bdevOpeners(linux, bdev) === 1) {
    yield* filemap_write_and_wait_range(inode.i_mapping, 0, LAST_BYTE);
    yield* truncate_inode_pages_range(inode.i_mapping, 0, LAST_BYTE);
    files.inodes.delete(bdev);
    files.devices.delete(inode);
  }
  if (files.holders.delete(file)) bd_release(bdev, file);
  else countOpener(linux, bdev, -1);
}

/** @source block/fops.c blkdev_read_iter() v6.12 */
function* blkdev_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  const size = yield* get(inode.i_size);
  if (iocb.ki_pos >= size) return 0;
  const iter = iov_iter_truncate(to, size - iocb.ki_pos);
  if (!iocb.direct) return yield* filemap_read(task, iocb, iter);
  if (!isAligned(inode, iocb, iter)) return -E.EINVAL;
  return yield* iomap_dio_rw(task, iocb, iter, blkdev_iomap_ops);
}

/** @source block/fops.c blkdev_write_iter() v6.12 */
function* blkdev_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  const size = yield* get(inode.i_size);
  if (deviceOf(inode).bd_disk.ro) return -E.EPERM;
  if (from.count === 0) return 0;
  if (iocb.append) iocb.ki_pos = size;
  if (iocb.ki_pos >= size) return -E.ENOSPC;
  const iter = iov_iter_truncate(from, size - iocb.ki_pos);
  let written: number;
  if (iocb.direct) {
    if (!isAligned(inode, iocb, iter)) return -E.EINVAL;
    written = yield* iomap_dio_rw(task, iocb, iter, blkdev_iomap_ops);
    if (written === -E.ENOTBLK) {
      written = yield* generic_perform_write(task, iocb, iter, def_blk_aops);
    }
  } else {
    written = yield* generic_perform_write(task, iocb, iter, def_blk_aops);
  }
  return written > 0 ? yield* generic_write_sync(task, iocb, written) : written;
}

/** @source block/fops.c blkdev_dio_invalid() v6.12 */
function isAligned(inode: Inode, iocb: Kiocb, iter: IovIter): boolean {
  const { logical_block_size } = deviceOf(inode).bd_disk.queue;
  return [iocb.ki_pos, iter.count, iter.misaligned].every((n) => n % logical_block_size === 0);
}

/** Pages, then the cache of the device. @source block/fops.c blkdev_fsync() v6.12 */
function* blkdev_fsync(_task: Task, file: File, start: number, end: number): Op<number> {
  const inode = file.f_inode;
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, start, end);
  if (error !== 0) return error;
  return yield* submit_bio(inode.i_sb.linux, {
    op: 'flush',
    bdev: deviceOf(inode),
    sector: 0,
    sectors: 0,
    vecs: [],
  });
}

/**
 * Only zeroing: no driver of ours can punch, and space cannot be allocated.
 * @source block/fops.c blkdev_fallocate() v6.12
 */
function* blkdev_fallocate(
  file: File,
  range: { readonly mode: string; readonly offset: number; readonly length: number },
): Op<number> {
  const inode = file.f_inode;
  const { linux } = inode.i_sb;
  const bdev = deviceOf(inode);
  const { offset, length } = range;
  if (range.mode !== 'zero' && range.mode !== 'punch') return -E.EOPNOTSUPP;
  if (offset >= bdevBytes(bdev)) return -E.EINVAL;
  const { logical_block_size } = bdev.bd_disk.queue;
  if (offset % logical_block_size !== 0 || length % logical_block_size !== 0) return -E.EINVAL;
  yield* lock(inode.i_mapping.invalidate_lock);
  yield* filemap_write_and_wait_range(inode.i_mapping, offset, offset + length - 1);
  yield* truncate_inode_pages_range(inode.i_mapping, offset, offset + length - 1);
  let error: number = -E.EOPNOTSUPP;
  if (range.mode === 'zero') error = yield* zeroDevice(linux, bdev, { offset, length });
  yield* unlock(inode.i_mapping.invalidate_lock);
  return error;
}
