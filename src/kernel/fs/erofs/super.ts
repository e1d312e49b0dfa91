// EROFS: mount, superblock. Read-only; DAX for files that are neither inline nor compressed. Images
// in files and extra devices are not modelled: such a mount is refused.
// @source fs/erofs/super.c v6.12

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
import { Lock, Shared } from '../../shared.ts';
import { noSteps } from '../../steps.ts';
import { read_super_magic } from '../image.ts';
import { get_tree_bdev, release_bdev } from '../super.ts';
import { erofs_read_inode } from './inode.ts';
import { erofs_default_options, erofs_parse_options, erofs_show_options } from './options.ts';
import type { ErofsOptions } from './options.ts';

/** What EROFS keeps of one mount. */
export interface ErofsMount {
  readonly bdev: BlockDevice;
  readonly dax_dev: DaxDevice | undefined;
  /** Where the device starts on the dax device, in bytes. */
  readonly dax_part_off: number;
  options: ErofsOptions;
}

/** The EROFS driver. */
export const erofs_fs_type: FileSystemType = {
  name: 'erofs',
  requires_dev: true,
  get_tree: erofs_fc_get_tree,
};

/** Options are read before the device is looked at. @source fs/erofs/super.c v6.12 */
function erofs_fc_get_tree(linux: Linux, request: MountRequest): SuperBlock | number {
  const options = erofs_default_options();
  const error = erofs_parse_options(linux, options, request.options);
  if (error !== 0) return error;
  return get_tree_bdev(linux, erofs_fs_type, request, (bdev) =>
    erofs_fc_fill_super(linux, bdev, options),
  );
}

/**
 * Where the device has no DAX, or blocks are not pages, DAX is turned off and the mount goes on.
 * @source fs/erofs/super.c erofs_fc_fill_super() v6.1 v6.12
 */
function erofs_fc_fill_super(
  linux: Linux,
  bdev: BlockDevice,
  options: ErofsOptions,
): SuperBlock | number {
  const dax = linux.now(fs_dax_get_by_bdev(linux, bdev));
  const image = erofs_read_superblock(linux, bdev);
  if (image === undefined) {
    linux.now(fs_put_dax(linux, dax?.dax));
    return -E.EINVAL;
  }
  if (options.dax === 'always' && dax === undefined) {
    linux.dmesg.push('erofs: DAX unsupported by block device. Turning off DAX.');
    options.dax = undefined;
  } else if (options.dax === 'always' && image.block_size !== linux.PAGE_SIZE) {
    linux.dmesg.push('erofs: unsupported blocksize for DAX');
    options.dax = undefined;
  }
  const mount: ErofsMount = {
    bdev,
    dax_dev: dax?.dax,
    dax_part_off: dax?.start_off ?? 0,
    options,
  };
  const sb: SuperBlock = {
    linux,
    s_type: erofs_fs_type,
    s_bdev: bdev,
    s_daxdev: dax?.dax,
    ro: true,
    s_blocksize: image.block_size,
    image,
    inodes: new Map(),
    free_blocks: new Shared(`free blocks of ${bdev.name}`, 0),
    s_op: superOperations(mount),
    root: image.root,
    s_writers: new Lock(`s_writers of ${bdev.name}`),
  };
  return sb;
}

/** An image whose blocks are not larger than pages. @source fs/erofs/super.c v6.12 */
function erofs_read_superblock(linux: Linux, bdev: BlockDevice): DiskImage | undefined {
  const image = read_super_magic(linux, bdev);
  return image?.format === 'erofs' && image.block_size <= linux.PAGE_SIZE ? image : undefined;
}

function superOperations(mount: ErofsMount): SuperOperations {
  return {
    read_inode: (sb, disk) => erofs_read_inode(sb, mount, disk),
    show_options: () => erofs_show_options(mount.options),
    parse_options: ({ linux }, text) => erofs_parse_options(linux, erofs_default_options(), text),
    reconfigure: (sb, text) => noSteps(erofs_fc_reconfigure(sb, mount, text)),
    sync_fs: () => noSteps(0),
    *put_super(sb) {
      yield* fs_put_dax(sb.linux, mount.dax_dev);
      release_bdev(sb);
    },
    evict_inode: () => noSteps(undefined),
  };
}

/**
 * Options that are not given are back at their defaults; whether the device can do DAX is not asked
 * again. It stays read-only without a word. @source fs/erofs/super.c erofs_fc_reconfigure() v6.12
 */
function erofs_fc_reconfigure(sb: SuperBlock, mount: ErofsMount, text: string): number {
  const options = erofs_default_options();
  const error = erofs_parse_options(sb.linux, options, text);
  if (error === 0) mount.options = options;
  return error;
}
