// The tables of functions that a mount's inodes, files and superblock have: made once for each
// mount, so that an inode finds what belongs to its mount.

import type {
  AddressSpaceOperations,
  FileOperations,
  InodeOperations,
  SuperOperations,
} from '../../include/linux/fs.ts';
import { IOMAP_REPORT } from '../../include/linux/iomap.ts';
import type { Op } from '../../steps.ts';
import { commit_sb } from '../image.ts';
import { iomap_swapfile_activate } from '../iomap/swapfile.ts';
import { xfs_address_space_operations, xfs_dax_aops } from './xfs_aops.ts';
import {
  blkdev_issue_flush,
  xfs_file_fsync,
  xfs_file_llseek,
  xfs_file_read_iter,
  xfs_file_release,
  xfs_file_splice_read,
  xfs_file_write_iter,
} from './xfs_file.ts';
import { xfs_file_fallocate } from './xfs_file-fallocate.ts';
import { xfs_file_mmap } from './xfs_file-fault.ts';
import { xfs_file_remap_range } from './xfs_file-remap.ts';
import { xfs_generic_create, xfs_inactive, xfs_setup_inode } from './xfs_inode.ts';
import { xfs_fileattr_get, xfs_fileattr_set } from './xfs_ioctl.ts';
import { xfs_vn_getattr, xfs_vn_setattr } from './xfs_iops.ts';
import { xfs_read_iomap_ops } from './xfs_iomap.ts';
import type { XfsMount } from './xfs_mount.ts';
import { parse_monolithic, xfs_fs_show_options, xfs_init_fs_context } from './xfs_super-options.ts';
import { put_super, xfs_fs_reconfigure } from './xfs_super-shutdown.ts';

/** The tables of one mount. */
export interface XfsOperations {
  readonly i_op: InodeOperations;
  readonly file: FileOperations;
  readonly directory: FileOperations;
  readonly s_op: SuperOperations;
  /** For the pages of files that use the page cache, and of files in DAX. */
  readonly aops: AddressSpaceOperations;
  readonly dax_aops: AddressSpaceOperations;
}

/** Makes them. */
export function xfsOperations(mp: XfsMount): XfsOperations {
  const ops: XfsOperations = {
    i_op: {
      create: (task, dir, kind, mode, target) =>
        xfs_generic_create(mp, ops, { task, dir, kind, mode, target, tmpfile: false }),
      tmpfile: (task, dir, mode) =>
        xfs_generic_create(mp, ops, { task, dir, kind: 'reg', mode, target: '', tmpfile: true }),
      setattr_size: (task, inode, size) => xfs_vn_setattr(mp, task, inode, size),
      getattr: (inode) => xfs_vn_getattr(mp, inode),
      fiemap: (inode, pos, length) =>
        xfs_read_iomap_ops(mp).iomap_begin(inode, pos, length, IOMAP_REPORT),
      fileattr_get: xfs_fileattr_get,
      fileattr_set: (_task, inode, change) => xfs_fileattr_set(mp, ops, inode, change),
    },
    file: xfs_file_operations(mp),
    aops: xfs_address_space_operations(mp),
    dax_aops: xfs_dax_aops(mp),
    directory: { fsync: (_task, file, start, end) => xfs_file_fsync(mp, file, { start, end }) },
    s_op: {
      read_inode: (sb, disk) => xfs_setup_inode(mp, ops, sb, disk),
      show_options: () => xfs_fs_show_options(mp.options),
      parse_options: (_sb, options) =>
        parse_monolithic(xfs_init_fs_context(), options, mp.linux.config),
      reconfigure: (sb, options, ro) => xfs_fs_reconfigure(mp, sb, { options, ro }),
      *sync_fs(sb): Op<number> {
        if (sb.ro) return 0;
        commit_sb(sb);
        return yield* blkdev_issue_flush(mp.linux, mp.m_logdev_targp.bt_bdev);
      },
      put_super: (sb) => put_super(mp, sb),
      evict_inode: (inode) => xfs_inactive(mp, inode),
    },
  };
  return ops;
}

// @source fs/xfs/xfs_file.c xfs_file_operations v6.12
function xfs_file_operations(mp: XfsMount): FileOperations {
  return {
    release: (_inode, file) => xfs_file_release(mp, file),
    read_iter: (task, iocb, to) => xfs_file_read_iter(mp, task, iocb, to),
    write_iter: (task, iocb, from) => xfs_file_write_iter(mp, task, iocb, from),
    mmap: (_task, file, vma) => xfs_file_mmap(mp, file, vma),
    mmap_sync: true,
    fsync: (_task, file, start, end) => xfs_file_fsync(mp, file, { start, end }),
    fallocate: (task, file, mode, offset, len) =>
      xfs_file_fallocate(mp, task, file, { mode, offset, len }),
    llseek: (_task, file, offset, whence) => xfs_file_llseek(mp, file, offset, whence),
    splice_read: (task, iocb, to) => xfs_file_splice_read(mp, task, iocb, to),
    remap_file_range: (task, request) => xfs_file_remap_range(mp, task, request),
    swap_activate: (task, file) => iomap_swapfile_activate(task, file, xfs_read_iomap_ops(mp)),
  };
}
