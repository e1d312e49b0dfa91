// dcssblk: a saved segment of z/VM as a disk with DAX. The only driver for which every failure of
// alloc_dax() is the end of the attach, -EOPNOTSUPP too.
// @source drivers/s390/block/dcssblk.c dcssblk_add_store() v6.1 v6.12

import { assert } from '../../../../base/index.ts';
import { __va, kernelCopy, kernelZero } from '../../../arch/map.ts';
import {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  set_capacity,
  unpublishDisk,
} from '../../../block/genhd.ts';
import { type Bio, BLK_FEAT_DAX, type Gendisk } from '../../../include/linux/blkdev.ts';
import type { DaxDevice, DaxOperations, DirectAccess } from '../../../include/linux/dax.ts';
import { E } from '../../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../../linux.ts';
import { Shared } from '../../../shared.ts';
import { fails, get, noSteps, type Op, set } from '../../../steps.ts';
import {
  alloc_dax,
  dax_add_host,
  dax_flush,
  dax_mem2blk_err,
  dax_remove_host,
  kill_dax,
  put_dax,
  set_dax_synchronous,
} from '../../dax/super.ts';

/** Segments that the machine has. Addresses and sizes in bytes. */
export interface DcssSegment {
  /** At most 8 letters; stored in capitals. */
  readonly name: string;
  readonly start: number;
  readonly size: number;
  /** Types SR, ER and SC cannot be written to. */
  readonly readOnly: boolean;
}

/** struct dcssblk_dev_info. */
interface DcssblkDevice {
  readonly segment: DcssSegment;
  readonly disk: Gendisk;
  readonly dax_dev: DaxDevice;
}

/** Globals of the driver. */
export class DcssblkGlobals {
  /** Attached devices by minor. */
  readonly devices: Shared<DcssblkDevice | undefined> = new Shared('dcssblk devices', undefined);
  /** Names of segments in use, by minor: taken before anything else can fail. */
  readonly names: Shared<string | undefined> = new Shared('dcssblk segments', undefined);
  /** Names registered with the driver core; those that only were put stay for ever. */
  readonly registered: Shared<readonly string[]> = new Shared('dcssblk device files', []);
}

const DCSSBLK_MAJOR = 252;

/** Loads a segment and makes a disk of it: 0 or an error number. */
export function* dcssblk_add_store(linux: Linux, segment: DcssSegment): Op<number> {
  const globals = subsystem(linux, DcssblkGlobals);
  const name = segment.name.toUpperCase();
  if (name.length === 0 || name.length > 8) return -E.ENAMETOOLONG;
  if (yield* fails('segment_load dcssblk')) return -E.ENOENT;
  if (yield* fails('kzalloc dcssblk_dev_info')) return -E.ENOMEM;
  const first_minor = yield* dcssblk_assign_free_minor(globals);
  const disk = yield* blk_alloc_disk(linux, {
    disk_name: `dcssblk${first_minor}`,
    major: DCSSBLK_MAJOR,
    first_minor,
    limits: { logical_block_size: 4096, features: BLK_FEAT_DAX },
    fops: { submit_bio: (bio) => dcssblk_submit_bio(linux, segment, bio) },
  });
  if (typeof disk === 'number') return disk;
  yield* set_capacity(disk, segment.size / 512);
  if (yield* dcssblk_get_segment_by_name(globals, name)) {
    yield* put_disk(linux, disk);
    return -E.EEXIST;
  }
  yield* set(globals.names, first_minor, name);
  const registered = yield* get(globals.registered);
  if (registered.includes(name)) return yield* put_dev(linux, disk, -E.EEXIST);
  if (yield* fails('device_register dcssblk')) return yield* put_dev(linux, disk, -E.ENOMEM);
  yield* set(globals.registered, 0, [...registered, name]);
  return yield* attachDax(linux, segment, disk);
}

/** From alloc_dax() on, with the labels out_dax_host, out_dax and put_dev. */
function* attachDax(linux: Linux, segment: DcssSegment, disk: Gendisk): Op<number> {
  const ops = dcssblk_dax_ops(linux, segment, () => dax_dev);
  const dax = yield* alloc_dax(linux, ops);
  assert(dax !== null, 'DCSSBLK selects DAX');
  if (typeof dax === 'number') return yield* put_dev(linux, disk, dax);
  const dax_dev = dax;
  yield* set_dax_synchronous(dax_dev);
  let rc = yield* dax_add_host(linux, dax_dev, disk);
  if (rc === 0) {
    rc = yield* device_add_disk(linux, disk);
    if (rc !== 0) yield* dax_remove_host(linux, disk);
  }
  if (rc !== 0) {
    yield* kill_dax(linux, dax_dev);
    yield* put_dax(linux, dax_dev);
    return yield* put_dev(linux, disk, rc);
  }
  disk.ro = segment.readOnly;
  const { devices } = subsystem(linux, DcssblkGlobals);
  yield* set(devices, disk.first_minor, { segment, disk, dax_dev });
  return 0;
}

/** The label put_dev: the device was registered and is only put, so its files stay. */
function* put_dev(linux: Linux, disk: Gendisk, rc: number): Op<number> {
  yield* set(subsystem(linux, DcssblkGlobals).names, disk.first_minor, undefined);
  yield* put_disk(linux, disk);
  return rc;
}

/** @source drivers/s390/block/dcssblk.c dcssblk_remove_store() v6.12 */
export function* dcssblk_remove_store(linux: Linux, name: string): Op<number> {
  const { devices, names, registered } = subsystem(linux, DcssblkGlobals);
  for (let minor = 0; ; minor++) {
    const info = yield* get(devices, minor);
    if (info === undefined) {
      if (minor >= 256) return -E.ENODEV;
      continue;
    }
    if (info.segment.name.toUpperCase() !== name.toUpperCase()) continue;
    yield* set(names, minor, undefined);
    yield* dax_remove_host(linux, info.disk);
    yield* kill_dax(linux, info.dax_dev);
    yield* put_dax(linux, info.dax_dev);
    yield* unpublishDisk(linux, info.disk);
    yield* put_disk(linux, info.disk);
    const others = (yield* get(registered)).filter(
      (one) => one !== info.segment.name.toUpperCase(),
    );
    yield* set(registered, 0, others);
    yield* set(devices, minor, undefined);
    return 0;
  }
}

function* dcssblk_assign_free_minor({ names }: DcssblkGlobals): Op<number> {
  let minor = 0;
  while ((yield* get(names, minor)) !== undefined) minor++;
  return minor;
}

function* dcssblk_get_segment_by_name({ names }: DcssblkGlobals, name: string): Op<boolean> {
  for (let minor = 0; minor < 256; minor++) if ((yield* get(names, minor)) === name) return true;
  return false;
}

/** Only whole pages move. @source drivers/s390/block/dcssblk.c dcssblk_submit_bio() v6.12 */
function* dcssblk_submit_bio(linux: Linux, segment: DcssSegment, bio: Bio): Op<number> {
  if (bio.op === 'discard') return -E.EOPNOTSUPP;
  const isWrite = bio.op === 'write';
  const isAligned = bio.sector % 8 === 0 && bio.sectors % 8 === 0;
  if (!isAligned || (isWrite && segment.readOnly)) return -E.EIO;
  let at = __va(linux, segment.start + bio.sector * 512);
  for (const { paddr, lengthBytes } of bio.vecs) {
    const page = __va(linux, paddr);
    if (paddr % linux.PAGE_SIZE !== 0 || lengthBytes % linux.PAGE_SIZE !== 0) return -E.EIO;
    const [to, from] = isWrite ? [at, page] : [page, at];
    yield* kernelCopy(linux, { to, from, length: lengthBytes });
    at += lengthBytes;
  }
  return 0;
}

/** @source drivers/s390/block/dcssblk.c dcssblk_dax_ops v6.12 */
function dcssblk_dax_ops(
  linux: Linux,
  segment: DcssSegment,
  dax_dev: () => DaxDevice,
): DaxOperations {
  const access = (pgoff: number): DirectAccess => {
    const offset = pgoff * linux.PAGE_SIZE;
    return {
      kaddr: __va(linux, segment.start + offset),
      pfn: (segment.start + offset) / linux.PAGE_SIZE,
      nr_pages: Math.floor((segment.size - offset) / linux.PAGE_SIZE),
    };
  };
  return {
    direct_access: (pgoff) => noSteps(access(pgoff)),
    *zero_page_range(pgoff, nr_pages): Op<number> {
      const { kaddr, nr_pages: left } = access(pgoff);
      if (left <= 0) return dax_mem2blk_err(left === 0 ? -E.ERANGE : left);
      yield* kernelZero(linux, kaddr, nr_pages * linux.PAGE_SIZE);
      yield* dax_flush(linux, dax_dev(), kaddr, nr_pages * linux.PAGE_SIZE);
      return 0;
    },
  };
}
