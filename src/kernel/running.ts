// The kernel that runs, as its users see it: what users call.

export { shmColour } from './arch/mmap.ts';
export { blockdev, sfdisk } from './block/partitions.ts';
export { flushesOnSwitch } from './arch/cacheflush.ts';
export { readDevice, writeDevice, zeroDevice } from './block/bio.ts';
export { listSysfs, queueAttribute, readSysfs, writeSysfs } from './block/blk-sysfs.ts';
export { bdevBytes, lookup_bdev } from './block/genhd.ts';
export { losetup } from './drivers/block/loop.ts';
export { dmsetup } from './drivers/md/dmsetup.ts';
export { daxInstances, ndBuses } from './drivers/nvdimm/nd-list.ts';
export { daxAccounts, lostDisks } from './drivers/dax/accounts.ts';
export { alloc_dax, dax_write_cache } from './drivers/dax/super.ts';
export type { NdNamespace } from './drivers/nvdimm/nd.ts';
export { newNamespace } from './drivers/nvdimm/nd-new.ts';
export { nd_pmem_probe, nd_pmem_remove } from './drivers/nvdimm/pmem.ts';
export { attachRoles, type RoleChoice } from './drivers/roles.ts';
export { dax_iomap_direct_access } from './fs/dax-access.ts';
export {
  designById,
  type DesignId,
  designIds,
  mergedDesign,
  sDaxDesigns,
  type SDaxRules,
} from './fs/s_dax/designs.ts';
export { type DaxFile, daxFile, type DaxFileSetup, plainDax } from './fs/dax-file.ts';
export { dax_file_unshare, dax_truncate_page, dax_zero_range } from './fs/dax.ts';
export { type KernelRemedy, kernelRemedies } from './fs/remedies.ts';
export { OMITTABLE, type Omittable } from './omit.ts';
export { registerFileSystems } from './fs/filesystems.ts';
export { dcssblk_add_store } from './drivers/s390/block/dcssblk.ts';
export { virtio_fs_probe, virtioFsHost } from './fs/fuse/virtio_fs.ts';
export { drop_caches } from './fs/drop_caches.ts';
export * from './fs/erofs/layout.ts';
export { lostAndFoundBytes } from './fs/ext2/dir.ts';
export { EXT4_EXTENTS_FL } from './fs/ext4/flags.ts';
export { emptyDirectory, format_image, read_super_magic, superBytes } from './fs/image.ts';
export {
  ioctl_fsgetxattr,
  ioctl_fssetxattr,
  ioctl_getflags,
  ioctl_setflags,
} from './fs/ioctl.ts';
export {
  do_sys_open,
  fput,
  sys_chown,
  sys_ftruncate,
  sys_link,
  sys_linkat_fd,
  sys_mkdir,
  sys_mknod_fifo,
  sys_rename,
  sys_symlink,
  sys_truncate,
  sys_unlink,
} from './fs/namei.ts';
export {
  init_mount_tree,
  proc_mounts_entry,
  sys_mount,
  sys_remount,
  sys_umount,
} from './fs/namespace.ts';
export { open_child } from './fs/s_dax/reopen.ts';
export { vfs_fallocate } from './fs/open.ts';
export {
  sys_copy_file_range,
  sys_sendfile,
  vfs_llseek,
  vfs_pread,
  vfs_pwrite,
} from './fs/read_write.ts';
export { vfs_clone_file_range, vfs_dedupe_file_range } from './fs/remap_range.ts';
export { sys_splice } from './fs/splice.ts';
export { vfs_fstatx, vfs_statx } from './fs/stat.ts';
export { sys_sync, vfs_fsync } from './fs/sync.ts';
export { XFS_DIFLAG2_DAX, XFS_DIFLAG_RTINHERIT } from './fs/xfs/xfs_mount.ts';
export * from './include/linux/blkdev.ts';
export * from './include/linux/errno.ts';
export * from './include/linux/fs.ts';
export { type PageCacheEntry, type Pte, VM_SYNC } from './include/linux/mm.ts';
export * from './include/uapi/linux/fs.ts';
export { loadMm, switch_mm } from './arch/context.ts';
export { believesAliasing } from './policies/belief.ts';
export { defaultConfig, new_task, start_kernel } from './init/main.ts';
export { iovBytes, iovSink, iovUser } from './lib/iov_iter.ts';
export type { ForcedGate, KernelConfig, Linux, ReleaseId, Task } from './linux.ts';
export { filemap_cachestat } from './mm/filemap.ts';
export { sys_mincore } from './mm/mincore.ts';
export { sys_mlock } from './mm/mlock.ts';
export { do_mmap, do_munmap, find_vma, vmFlagsText } from './mm/mmap.ts';
export { user_load, user_store } from './mm/memory.ts';
export { sys_msync } from './mm/msync.ts';
export { defaultZeroing, user_alloc_needs_zeroing, type UserZeroing } from './mm/zeroing.ts';
export { invalidate_inode_pages2_range } from './mm/truncate.ts';
export { sys_swapoff, sys_swapon } from './mm/swapfile.ts';
export { deref, isOops, Oops, type OopsResult } from './oops.ts';
export {
  type RuleChange,
  type RuleInfo,
  type RuleName,
  ruleChanges,
  ruleInfos,
  type SeriesRules,
} from './series/rules.ts';
export { type StateSeries, stateSeries, type TreeState, treeState } from './series/states.ts';
export { type FailurePlan, type Ran, run } from './run.ts';
export { DAXDEV_NOCACHE, DAXDEV_SYNC, DAXDEV_WRITE_CACHE } from './include/linux/dax.ts';
export { Lock, Shared } from './shared.ts';
export {
  type Executor,
  fails,
  get,
  load,
  lock,
  maintain,
  noSteps,
  type Op,
  pause,
  type PlainStep,
  scan,
  set,
  type Step,
  store,
  unlock,
  update,
  withoutCalls,
} from './steps.ts';
