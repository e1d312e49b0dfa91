// ext4: mounting, remounting and the end. The driver serves type ext3 as well, and type ext2 where
// the kernel has no driver of its own for it.
// @source fs/ext4/super.c ext4_fill_super() v6.12

import { fs_dax_get_by_bdev, fs_put_dax } from '../../drivers/dax/super.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
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
import { commit_sb, read_super_magic } from '../image.ts';
import { get_tree_bdev, release_bdev, sync_inodes_sb } from '../super.ts';
import {
  ext4_apply_options,
  ext4_check_opt_consistency,
  ext4_set_def_opts,
} from './consistency.ts';
import { ext2_feature_set_ok, ext3_feature_set_ok, ext4_feature_set_ok } from './features.ts';
import { ext4_evict_inode, ext4_iget } from './inode.ts';
import {
  EXT4_MOUNT_DATA_ERR_ABORT,
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DAX_ALWAYS,
  EXT4_MOUNT_DELALLOC,
  EXT4_MOUNT_DIOREAD_NOLOCK,
  EXT4_MOUNT_JOURNAL_ASYNC_COMMIT,
  EXT4_MOUNT_JOURNAL_CHECKSUM,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_NOLOAD,
  EXT4_MOUNT_ORDERED_DATA,
  EXT4_MOUNT2_EXPLICIT_DELALLOC,
  EXT4_MOUNT2_EXPLICIT_JOURNAL_CHECKSUM,
  EXT4_MOUNT2_MB_OPTIMIZE_SCAN,
} from './mount-flags.ts';
import { type Ext4Context, ext4_init_fs_context, parse_monolithic } from './options.ts';
import { ext4_remount } from './remount.ts';
import { EXT4_SB, Ext4SuperBlock, type Ext4Type } from './sb.ts';
import { ext4_show_options, MB_DEFAULT_LINEAR_SCAN_THRESHOLD } from './show.ts';
import { flushDevice } from './sync.ts';

/** Data, metadata, and the device's own cache. @source fs/ext4/super.c ext4_sync_fs() v6.12 */
function* ext4_sync_fs(superblock: SuperBlock): Op<number> {
  const sb = EXT4_SB(superblock);
  yield* sync_inodes_sb(sb);
  commit_sb(sb);
  return yield* flushDevice(sb);
}

/** @source fs/ext4/super.c ext4_put_super() ext4_kill_sb() v6.12 */
function* ext4_put_super(superblock: SuperBlock): Op<void> {
  const sb = EXT4_SB(superblock);
  yield* fs_put_dax(sb.linux, sb.s_daxdev);
  release_bdev(sb);
}

function parse_options(sb: SuperBlock, options: string): number {
  return parse_monolithic(ext4_init_fs_context(true), options, sb.linux.config);
}

/** @source fs/ext4/super.c ext4_sops v6.12 */
const ext4_sops: SuperOperations = {
  read_inode: ext4_iget,
  show_options: ext4_show_options,
  parse_options,
  reconfigure: ext4_remount,
  sync_fs: ext4_sync_fs,
  put_super: ext4_put_super,
  evict_inode: ext4_evict_inode,
};

/** A type that this driver serves. */
function fileSystemType(type: Ext4Type): FileSystemType {
  const self: FileSystemType = {
    name: type,
    requires_dev: true,
    get_tree(linux: Linux, request: MountRequest): SuperBlock | number {
      const context = ext4_init_fs_context(false);
      const error = parse_monolithic(context, request.options, linux.config);
      if (error < 0) return error;
      return get_tree_bdev(linux, self, request, (bdev) =>
        ext4_fill_super(linux, { s_type: self, type, s_bdev: bdev, ro: request.ro }, context),
      );
    },
  };
  return self;
}

/** The ext4 driver under its own name. */
export const ext4_fs_type = fileSystemType('ext4');

/** The same for type ext3, which has no driver of its own. */
export const ext3_fs_type = fileSystemType('ext3');

/** The same as it registers itself for type ext2 when CONFIG_EXT2_FS is not set. */
export const ext2_fs_type_of_ext4 = fileSystemType('ext2');

/** What is mounted, and how. */
interface Filling {
  readonly s_type: FileSystemType;
  readonly type: Ext4Type;
  readonly s_bdev: BlockDevice;
  readonly ro: boolean;
}

/** A superblock or an error number. @source fs/ext4/super.c ext4_fill_super() v6.12 */
function ext4_fill_super(
  linux: Linux,
  filling: Filling,
  context: Ext4Context,
): SuperBlock | number {
  const dax = linux.now(fs_dax_get_by_bdev(linux, filling.s_bdev));
  const image = ext4_load_super(linux, filling.s_bdev, context);
  let error = -E.EINVAL;
  if (image !== undefined) {
    const sb = new Ext4SuperBlock({
      linux,
      ...filling,
      s_daxdev: dax?.dax,
      s_dax_part_off: dax?.start_off ?? 0,
      image,
      s_op: ext4_sops,
    });
    error = fillSuper(sb, context);
    if (error === 0) return sb;
  }
  linux.now(fs_put_dax(linux, dax?.dax));
  return error;
}

/**
 * The filesystem on the device. A superblock is looked for where its first copy stands only.
 * @source fs/ext4/super.c ext4_load_super() v6.12
 */
function ext4_load_super(
  linux: Linux,
  bdev: BlockDevice,
  context: Ext4Context,
): DiskImage | undefined {
  if ((context.numbers.get('s_sb_block') ?? 1) !== 1) return undefined;
  const image = read_super_magic(linux, bdev);
  return image?.format === 'ext2' || image?.format === 'ext4' ? image : undefined;
}

/** The checks in the kernel's order. @source fs/ext4/super.c __ext4_fill_super() v6.12 */
function fillSuper(sb: Ext4SuperBlock, context: Ext4Context): number {
  ext4_set_def_opts(sb);
  let error = ext4_check_opt_consistency(context, sb);
  if (error < 0) return error;
  ext4_apply_options(context, sb);
  error = ext4_check_journal_data_mode(sb);
  if (error < 0) return error;
  error = ext4_check_feature_compatibility(sb);
  if (error < 0) return error;
  error = ext4_check_geometry(sb);
  if (error < 0) return error;
  setStripe(sb);
  error = loadJournal(sb);
  if (error < 0) return error;
  setReserve(sb);
  if (!context.optimizeScan && sb.s_groups_count >= MB_DEFAULT_LINEAR_SCAN_THRESHOLD) {
    sb.s_mount_opt2 |= EXT4_MOUNT2_MB_OPTIMIZE_SCAN;
  }
  // The recorded kernels have no module for the format of quota files.
  // @source fs/quota/dquot.c dquot_load_quota_sb() v6.12
  return sb.has('quota') && !sb.ro ? -E.ESRCH : 0;
}

/** @source fs/ext4/super.c ext4_check_journal_data_mode() v6.12 */
function ext4_check_journal_data_mode(sb: Ext4SuperBlock): number {
  if ((sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS) !== EXT4_MOUNT_JOURNAL_DATA) return 0;
  sb.s_mount_opt &= ~EXT4_MOUNT_DIOREAD_NOLOCK;
  if (sb.test_opt2(EXT4_MOUNT2_EXPLICIT_DELALLOC)) return -E.EINVAL;
  if (sb.test_opt(EXT4_MOUNT_DAX_ALWAYS)) return -E.EINVAL;
  sb.s_mount_opt &= ~EXT4_MOUNT_DELALLOC;
  return 0;
}

/** @source fs/ext4/super.c ext4_check_feature_compatibility() v6.12 */
function ext4_check_feature_compatibility(sb: Ext4SuperBlock): number {
  const { features } = sb.image;
  if (sb.type === 'ext2' && !ext2_feature_set_ok(features, sb.ro)) return -E.EINVAL;
  if (sb.type === 'ext3' && !ext3_feature_set_ok(features, sb.ro)) return -E.EINVAL;
  if (!ext4_feature_set_ok(features, sb.ro)) return -E.EINVAL;
  if (sb.s_blocksize > sb.linux.PAGE_SIZE) return -E.EINVAL;
  if (features.has('read-only')) sb.ro = true;
  if (sb.s_daxdev !== undefined) {
    if (sb.s_blocksize === sb.linux.PAGE_SIZE) sb.bdevIsDax = true;
    else sb.linux.dmesg.push(`EXT4-fs (${sb.s_bdev.name}): unsupported blocksize for DAX`);
  }
  if (!sb.test_opt(EXT4_MOUNT_DAX_ALWAYS)) return 0;
  if (sb.has('inline_data')) {
    sb.linux.dmesg.push(
      `EXT4-fs (${sb.s_bdev.name}): DAX cannot be used where data may stand in inodes`,
    );
    return -E.EINVAL;
  }
  if (!sb.bdevIsDax) {
    sb.linux.dmesg.push(`EXT4-fs (${sb.s_bdev.name}): the block device has no DAX`);
    return -E.EINVAL;
  }
  return 0;
}

/**
 * The device is as large as the filesystem says.
 * @source fs/ext4/super.c ext4_check_geometry() v6.12
 */
function ext4_check_geometry(sb: Ext4SuperBlock): number {
  const bytes = sb.linux.now(get(sb.s_bdev.bd_nr_sectors)) * 512;
  return sb.image.block_count > Math.floor(bytes / sb.s_blocksize) ? -E.EINVAL : 0;
}

/**
 * 6.1 does not look whether stripes are whole clusters.
 * @source fs/ext4/super.c ext4_get_stripe_size() ext4_is_stripe_incompatible() v6.12
 */
function setStripe(sb: Ext4SuperBlock): void {
  const perGroup = sb.s_blocksize * 8 * sb.s_cluster_ratio;
  const candidates = [sb.number('s_stripe'), sb.image.stripe_width ?? 0];
  const found = candidates.find((stripe) => stripe > 0 && stripe <= perGroup) ?? 0;
  const aligned = !sb.linux.is_6_12 || found % sb.s_cluster_ratio === 0;
  sb.numbers.set('s_stripe', found <= 1 || !aligned ? 0 : found);
}

/** @source fs/ext4/super.c ext4_load_and_init_journal() __ext4_fill_super() v6.12 */
function loadJournal(sb: Ext4SuperBlock): number {
  if (sb.has('has_journal') && !sb.test_opt(EXT4_MOUNT_NOLOAD)) {
    // A journal device beside the journal that is inside.
    if ((sb.numbers.get('journal_devnum') ?? 0) !== 0) return -E.EINVAL;
    sb.hasJournal = true;
    if ((sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS) === 0) {
      sb.s_mount_opt |= EXT4_MOUNT_ORDERED_DATA;
      sb.s_def_mount_opt |= EXT4_MOUNT_ORDERED_DATA;
    }
    const ordered = (sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS) === EXT4_MOUNT_ORDERED_DATA;
    return ordered && sb.test_opt(EXT4_MOUNT_JOURNAL_ASYNC_COMMIT) ? -E.EINVAL : 0;
  }
  if (sb.test_opt(EXT4_MOUNT_JOURNAL_ASYNC_COMMIT)) return -E.EINVAL;
  if (sb.test_opt2(EXT4_MOUNT2_EXPLICIT_JOURNAL_CHECKSUM)) return -E.EINVAL;
  if (sb.number('s_commit_interval') !== 5) return -E.EINVAL;
  const changed = sb.s_mount_opt ^ sb.s_def_mount_opt;
  if ((changed & EXT4_MOUNT_DATA_FLAGS) !== 0) return -E.EINVAL;
  if (sb.test_opt(EXT4_MOUNT_DATA_ERR_ABORT)) return -E.EINVAL;
  sb.s_def_mount_opt &= ~EXT4_MOUNT_JOURNAL_CHECKSUM;
  sb.s_mount_opt &= ~(EXT4_MOUNT_JOURNAL_CHECKSUM | EXT4_MOUNT_DATA_FLAGS);
  return 0;
}

/** @source fs/ext4/super.c ext4_set_resv_clusters() v6.12 */
function setReserve(sb: Ext4SuperBlock): void {
  if (!sb.has('extent')) return;
  const clusters = Math.floor(sb.image.block_count / sb.s_cluster_ratio);
  sb.s_resv_clusters = Math.min(Math.floor(clusters / 50), 4096);
}
