// ext2: mounting, remounting and the end. Where DAX was asked for and cannot be had, the mount goes
// on without it.
// @source fs/ext2/super.c ext2_fill_super() ext2_remount() v6.12

import { submit_bio } from '../../block/bio.ts';
import { fs_dax_get_by_bdev, fs_put_dax } from '../../drivers/dax/super.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import type {
  DiskImage,
  FileSystemType,
  MountRequest,
  SuperBlock,
  SuperOperations,
} from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { get, type Op } from '../../steps.ts';
import { ext2_feature_set_ok } from '../ext4/features.ts';
import { commit_sb, read_super_magic } from '../image.ts';
import { get_tree_bdev, release_bdev, sync_inodes_sb } from '../super.ts';
import { ext2_evict_inode, ext2_iget } from './inode.ts';
import {
  copyOptions,
  defaultOptions,
  type Ext2Options,
  get_sb_block,
  parse_options,
  showOptions,
} from './options.ts';
import { EXT2_SB, Ext2SuperBlock } from './sb.ts';

/** Data, metadata, and the device's own cache. @source fs/ext2/super.c ext2_sync_fs() v6.12 */
function* ext2_sync_fs(superblock: SuperBlock): Op<number> {
  const { linux, s_bdev } = EXT2_SB(superblock);
  yield* sync_inodes_sb(superblock);
  commit_sb(superblock);
  return yield* submit_bio(linux, { op: 'flush', bdev: s_bdev, sector: 0, sectors: 0, vecs: [] });
}

/**
 * A remount keeps the options it is not told of. DAX stays as it is, without an error: the old
 * name of the option is remembered all the same.
 * @source fs/ext2/super.c ext2_remount() v6.12
 */
function* ext2_remount(superblock: SuperBlock, data: string, ro: boolean): Op<number> {
  const sb = EXT2_SB(superblock);
  if (!sb.ro) {
    yield* sync_inodes_sb(sb);
    commit_sb(sb);
  }
  const options = copyOptions(sb.options);
  if (!parse_options(sb.linux, data, options)) return -E.EINVAL;
  if (options.switches.has('dax') !== sb.test_opt('dax')) {
    if (sb.test_opt('dax')) options.switches.add('dax');
    else options.switches.delete('dax');
  }
  if (sb.ro && !ro && !ext2_feature_set_ok(sb.image.features, false)) return -E.EROFS;
  sb.options = options;
  return 0;
}

/** @source fs/ext2/super.c ext2_put_super() v6.12 */
function* ext2_put_super(superblock: SuperBlock): Op<void> {
  const sb = EXT2_SB(superblock);
  yield* fs_put_dax(sb.linux, sb.s_daxdev);
  release_bdev(sb);
}

/** @source fs/ext2/super.c ext2_sops v6.12 */
const ext2_sops: SuperOperations = {
  read_inode: ext2_iget,
  show_options: (sb) => showOptions(EXT2_SB(sb).options, 1),
  reconfigure: ext2_remount,
  sync_fs: ext2_sync_fs,
  put_super: ext2_put_super,
  evict_inode: ext2_evict_inode,
};

/** The real ext2 driver, there when CONFIG_EXT2_FS is set. */
export const ext2_fs_type: FileSystemType = {
  name: 'ext2',
  requires_dev: true,
  get_tree(linux: Linux, request: MountRequest): SuperBlock | number {
    return get_tree_bdev(linux, ext2_fs_type, request, (bdev) =>
      ext2_fill_super(linux, bdev, request),
    );
  },
};

/** A superblock or -EINVAL. @source fs/ext2/super.c ext2_fill_super() v6.12 */
function ext2_fill_super(
  linux: Linux,
  bdev: BlockDevice,
  request: MountRequest,
): SuperBlock | number {
  const dax = linux.now(fs_dax_get_by_bdev(linux, bdev));
  const found = readSuper(linux, bdev, request);
  if (found === undefined) {
    linux.now(fs_put_dax(linux, dax?.dax));
    return -E.EINVAL;
  }
  turnOffDax(linux, found, dax?.dax);
  return new Ext2SuperBlock({
    linux,
    s_type: ext2_fs_type,
    s_bdev: bdev,
    s_daxdev: dax?.dax,
    s_dax_part_off: dax?.start_off ?? 0,
    ro: request.ro,
    image: found.image,
    s_op: ext2_sops,
    options: found.options,
  });
}

interface FoundSuper {
  readonly image: DiskImage;
  readonly options: Ext2Options;
}

/** The filesystem, if it is one that this driver can mount with these options. */
function readSuper(linux: Linux, bdev: BlockDevice, request: MountRequest): FoundSuper | undefined {
  const { block, rest } = get_sb_block(request.options);
  // Copies of the superblock are not kept.
  const image = block === 1 ? read_super_magic(linux, bdev) : undefined;
  if (image?.format !== 'ext2' && image?.format !== 'ext4') return undefined;
  const options = defaultOptions();
  if (!parse_options(linux, rest, options)) return undefined;
  if (!ext2_feature_set_ok(image.features, request.ro)) return undefined;
  if (image.block_size > linux.PAGE_SIZE) return undefined;
  const bytes = linux.now(get(bdev.bd_nr_sectors)) * 512;
  const fits = image.block_count <= Math.floor(bytes / image.block_size);
  return fits ? { image, options } : undefined;
}

/** DAX that cannot be had is off, with a message. */
function turnOffDax(linux: Linux, found: FoundSuper, dax: DaxDevice | undefined): void {
  const { switches } = found.options;
  if (!switches.has('dax')) return;
  if (dax === undefined) {
    switches.delete('dax');
    linux.dmesg.push('EXT2-fs: the block device has no DAX; it is turned off');
  } else if (found.image.block_size !== linux.PAGE_SIZE) {
    switches.delete('dax');
    linux.dmesg.push('EXT2-fs: unsupported blocksize for DAX');
  }
}
