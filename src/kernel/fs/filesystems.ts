// The filesystems that a kernel registers at boot.
// @source fs/filesystems.c register_filesystem() v6.12

import type { FileSystemType } from '../include/linux/fs.ts';
import type { Linux } from '../linux.ts';
import { shmem_fs_type } from '../mm/shmem.ts';
import { erofs_fs_type } from './erofs/super.ts';
import { ext2_fs_type } from './ext2/super.ts';
import { ext2_fs_type_of_ext4, ext3_fs_type, ext4_fs_type } from './ext4/super.ts';
import { virtio_fs_type } from './fuse/virtio_fs.ts';
import { xfs_fs_type } from './xfs/xfs_super.ts';

/** Registers all; type ext2 is served by ext4's driver where CONFIG_EXT2_FS is not set. */
export function registerFileSystems(linux: Linux): void {
  const ext2: FileSystemType = linux.config.EXT2_FS ? ext2_fs_type : ext2_fs_type_of_ext4;
  const types: readonly (readonly [string, FileSystemType])[] = [
    ['tmpfs', shmem_fs_type],
    ['ext2', ext2],
    ['ext3', ext3_fs_type],
    ['ext4', ext4_fs_type],
    ['xfs', xfs_fs_type],
    ['erofs', erofs_fs_type],
    ['virtiofs', virtio_fs_type],
  ];
  for (const [name, type] of types) linux.file_systems.set(name, type);
}
