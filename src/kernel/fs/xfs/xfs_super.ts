// XFS as the kernel mounts it.
// @source fs/xfs/xfs_super.c v6.12, v6.1

import { bdevBytes } from '../../block/genhd.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type {
  DiskImage,
  FileSystemType,
  MountRequest,
  SuperBlock,
} from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { read_super_magic } from '../image.ts';
import { get_tree_bdev } from '../super.ts';
import { superBlocks } from '../super-state.ts';
import { surveyImage } from './libxfs/xfs_alloc.ts';
import { type OpenDevices, xfs_open_devices } from './xfs_buf.ts';
import { type FreeRun, type XfsInode, type XfsMount } from './xfs_mount.ts';
import { xfsOperations } from './xfs_operations.ts';
import {
  parse_monolithic,
  xlog_get_iclog_buffer_size,
  xfs_fs_validate_params,
  xfs_init_fs_context,
  type XfsOptions,
} from './xfs_super-options.ts';
import { xfs_close_devices } from './xfs_super-shutdown.ts';

/** The filesystem type `xfs`. @source fs/xfs/xfs_super.c xfs_fs_type v6.12 */
export const xfs_fs_type: FileSystemType = {
  name: 'xfs',
  requires_dev: true,
  get_tree(linux, request) {
    const options = xfs_init_fs_context();
    const error = parse_monolithic(options, request.options, linux.config);
    if (error < 0) return error;
    return get_tree_bdev(linux, xfs_fs_type, request, (bdev) =>
      xfs_fs_fill_super(linux, request, { bdev, options }),
    );
  },
};

/**
 * A superblock on a device that nobody has mounted, or an error number. The order of the checks
 * decides which error it is.
 * @source fs/xfs/xfs_super.c xfs_fs_fill_super() v6.12
 */
function xfs_fs_fill_super(
  linux: Linux,
  request: MountRequest,
  { bdev, options }: { readonly bdev: BlockDevice; readonly options: XfsOptions },
): SuperBlock | number {
  const { PAGE_SHIFT } = linux;
  const invalid = xfs_fs_validate_params(options, { ro: request.ro, PAGE_SHIFT });
  if (invalid < 0) return invalid;
  const holder = {};
  const devices = xfs_open_devices(linux, { bdev, options, holder });
  if (IS_ERR(devices)) return devices;
  const image = xfs_readsb(linux, devices);
  let error = IS_ERR(image) ? image : 0;
  if (!IS_ERR(image)) {
    error = checkFeatures(linux, image, options);
    if (error === 0 && options.dax === 'always') {
      error = xfs_setup_dax_always(linux, { image, devices, options });
    }
    if (error === 0) error = xfs_mountfs(linux, { image, devices, options });
    if (error === 0) return mounted(linux, { request, image, devices, options, holder });
  }
  linux.now(xfs_close_devices({ linux, holder, ...devices }));
  return error;
}

// @source fs/xfs/xfs_mount.c xfs_readsb() v6.12, libxfs/xfs_sb.c xfs_validate_sb_common() v6.12
function xfs_readsb(linux: Linux, devices: OpenDevices): DiskImage | number {
  const { bt_bdev } = devices.m_ddev_targp;
  const image = read_super_magic(linux, bt_bdev);
  if (image === undefined || image.format !== 'xfs') return -E.EINVAL;
  const sectorBytes = bt_bdev.bd_disk.queue.logical_block_size;
  if (sectorBytes > image.block_size) return -E.ENOSYS;
  // A log outside needs to be named, and one inside must not be.
  const isOutside = devices.m_logdev_targp !== devices.m_ddev_targp;
  if (isOutside !== (image.external.log === true)) return -E.EINVAL;
  return image;
}

// @source fs/xfs/xfs_super.c xfs_finish_flags() xfs_fs_fill_super() v6.12, v6.1
function checkFeatures(linux: Linux, image: DiskImage, options: XfsOptions): number {
  const isV5 = image.features.has('crc');
  if (isV5 && options.switches.has('noattr2')) return -E.EINVAL;
  const { group, project } = options.quota;
  if (!isV5 && group !== 'off' && project !== 'off') return -E.EINVAL;
  if (!options.switches.has('noattr2')) options.switches.add('attr2');
  if (image.block_size > linux.PAGE_SIZE && !(isV5 && linux.is_6_12)) return -E.ENOSYS;
  return 0;
}

/** What is looked at when DAX is asked for, and what a mount is made of. */
interface Found {
  readonly image: DiskImage;
  readonly devices: OpenDevices;
  readonly options: XfsOptions;
}

/**
 * dax=always where it cannot be: with a note, and with the mode `never` from then on. Reflink on a
 * partition is refused: pages of one DAX device would belong to several filesystems.
 * @source fs/xfs/xfs_super.c xfs_setup_dax_always() v6.12, v6.1
 */
export function xfs_setup_dax_always(linux: Linux, { image, devices, options }: Found): number {
  const { m_ddev_targp, m_rtdev_targp } = devices;
  const bdev = m_ddev_targp.bt_bdev;
  const note = (text: string): void => {
    linux.dmesg.push(`XFS (${bdev.name}): ${text}`);
  };
  if (m_ddev_targp.bt_daxdev === undefined && m_rtdev_targp?.bt_daxdev === undefined) {
    note('DAX unsupported by block device. Turning off DAX.');
    options.dax = 'never';
    return 0;
  }
  if (image.block_size !== linux.PAGE_SIZE) {
    note('DAX not supported for blocksize. Turning off DAX.');
    options.dax = 'never';
    return 0;
  }
  if (image.features.has('reflink') && bdev !== bdev.bd_disk.part0) {
    note('DAX and reflink cannot work with multi-partitions!');
    return -E.EINVAL;
  }
  if (!linux.is_6_12) note('DAX enabled. Warning: EXPERIMENTAL, use at your own risk');
  return 0;
}

// What is left to refuse.
// @source fs/xfs/xfs_mount.c xfs_mountfs() xfs_validate_new_dalign() xfs_uuid_mount() v6.12
function xfs_mountfs(linux: Linux, { image, devices, options }: Found): number {
  const rt = image.external.rt === true;
  if (rt && (image.features.has('reflink') || image.features.has('rmapbt'))) return -E.EINVAL;
  if (!canDiscard(linux, devices.m_ddev_targp.bt_bdev)) options.switches.delete('discard');
  const { sunitSectors, swidthSectors } = options;
  if (sunitSectors > 0) {
    const sectors = image.block_size / 512;
    const agblocks = Math.ceil(image.block_count / AG_COUNT);
    if (sunitSectors % sectors !== 0 || swidthSectors % sectors !== 0) return -E.EINVAL;
    if (agblocks % (sunitSectors / sectors) !== 0) return -E.EINVAL;
  }
  const isDuplicate = superBlocks(linux).some((sb) => sb.image === image);
  if (isDuplicate && !options.switches.has('nouuid')) return -E.EINVAL;
  if (rt && devices.m_rtdev_targp === undefined) return -E.ENODEV;
  xlog_get_iclog_buffer_size(options);
  return 0;
}

/** Allocation groups that mkfs makes on devices of these sizes. */
const AG_COUNT = 4;

// Loop devices punch holes, and so do RAM disks from 6.12 on.
// @source drivers/block/brd.c brd_alloc() v6.12, drivers/block/loop.c loop_config_discard() v6.12
function canDiscard(linux: Linux, bdev: BlockDevice): boolean {
  const name = bdev.bd_disk.disk_name;
  return name.startsWith('loop') || (linux.is_6_12 && name.startsWith('ram'));
}

/**
 * Blocks that stay free for allocation groups' own lists.
 * @source libxfs/xfs_alloc.c xfs_alloc_set_aside() v6.12
 */
const SET_ASIDE_BLOCKS = AG_COUNT * 8;

function mounted(
  linux: Linux,
  found: Found & { readonly request: MountRequest; readonly holder: object },
): SuperBlock {
  const { image, devices, options, holder, request } = found;
  const bdev = devices.m_ddev_targp.bt_bdev;
  const rtBlocks = rtBlocksOf(image, devices);
  const space = surveyImage(image, rtBlocks);
  // @source fs/xfs/xfs_mount.c xfs_default_resblks() v6.12
  const m_resblks = Math.min(Math.floor(image.block_count / 20), 8192);
  const mp: XfsMount = {
    linux,
    image,
    options,
    ...devices,
    holder,
    inodes: new Map<number, XfsInode>(),
    refcounts: new Shared(`references to blocks of ${bdev.name}`, 0),
    free_runs: new Shared<readonly FreeRun[]>(`free runs of ${bdev.name}`, []),
    m_fdblocks: new Shared(`m_fdblocks of ${bdev.name}`, 0),
    m_frextents: new Shared(`m_frextents of ${bdev.name}`, 0),
    m_resblks,
  };
  for (const [block, others] of space.shared) mp.refcounts.poke(block, others);
  mp.free_runs.poke(0, space.data);
  mp.free_runs.poke(1, space.rt);
  mp.m_fdblocks.poke(0, Math.max(total(space.data) - m_resblks - SET_ASIDE_BLOCKS, 0));
  mp.m_frextents.poke(0, total(space.rt));
  return superBlockOf(mp, { bdev, ro: request.ro });
}

function superBlockOf(
  mp: XfsMount,
  { bdev, ro }: { readonly bdev: BlockDevice; readonly ro: boolean },
): SuperBlock {
  const { s_op } = xfsOperations(mp);
  return {
    linux: mp.linux,
    s_type: xfs_fs_type,
    s_bdev: bdev,
    s_daxdev: mp.m_ddev_targp.bt_daxdev,
    ro,
    s_blocksize: mp.image.block_size,
    image: mp.image,
    inodes: new Map(),
    free_blocks: mp.m_fdblocks,
    s_op,
    s_fs_info: mp,
    root: mp.image.root,
    s_writers: new Lock(`s_writers of ${bdev.name}`),
  };
}

function total(runs: readonly FreeRun[]): number {
  return runs.reduce((sum, run) => sum + run.length, 0);
}

function rtBlocksOf(image: DiskImage, { m_rtdev_targp }: OpenDevices): number {
  if (image.external.rt !== true || m_rtdev_targp === undefined) return 0;
  return Math.floor(bdevBytes(m_rtdev_targp.bt_bdev) / image.block_size);
}
