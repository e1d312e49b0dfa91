// dcssblk: a saved segment of z/VM as a disk with DAX. The only driver for which every failure of
// alloc_dax() is the end of the attach, -EOPNOTSUPP too.
// @source drivers/s390/block/dcssblk.c dcssblk_add_store() v6.1 v6.12

import { present } from '../../../../base/index.ts';
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
import { deref } from '../../../oops.ts';
import { takeDaxAnswer } from '../../../series/alloc-dax-result.ts';
import { Shared } from '../../../shared.ts';
import { fails, get, noSteps, type Op, scan, set } from '../../../steps.ts';
import { module_put, try_module_get } from '../../base/module.ts';
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
  /** Absent where the tree goes on without. */
  readonly dax_dev: DaxDevice | undefined;
}

/** Globals of the driver. */
export class DcssblkGlobals {
  /** Attached devices by minor. */
  readonly devices: Shared<DcssblkDevice | undefined> = new Shared('dcssblk devices', undefined);
  /** Names of segments in use, by minor: taken before anything else can fail. */
  readonly names: Shared<string | undefined> = new Shared('dcssblk segments', undefined);
  /** Segments that are loaded, once for each time that somebody asked. */
  readonly loaded: Shared<readonly string[]> = new Shared('loaded segments', []);
  /** Names registered with the driver core; those that only were put stay for ever. */
  readonly registered: Shared<readonly string[]> = new Shared('dcssblk device files', []);
}

const DCSSBLK_MAJOR = 252;

/** Minors that the driver gives away. @source drivers/s390/block/dcssblk.c v6.12 */
const MINORS = { start: 0, end: 255 };

const SUBSECTION_SIZE = 2 ** 21;

/** Loads a segment and makes a disk of it: 0 or an error number. */
export function* dcssblk_add_store(linux: Linux, segment: DcssSegment): Op<number> {
  const globals = subsystem(linux, DcssblkGlobals);
  const name = segment.name.toUpperCase();
  if (name.length === 0 || name.length > 8) return -E.ENAMETOOLONG;
  const rc = yield* dcssblk_load_segment(globals, name);
  if (rc !== 0) return rc;
  if (yield* fails('kzalloc dcssblk_dev_info')) {
    // The kernel frees its buffer only: the segment stays loaded.
    return -E.ENOMEM;
  }
  const first_minor = yield* dcssblk_assign_free_minor(globals);
  const disk = yield* blk_alloc_disk(linux, {
    disk_name: `dcssblk${first_minor}`,
    major: DCSSBLK_MAJOR,
    first_minor,
    limits: { logical_block_size: 4096, features: BLK_FEAT_DAX },
    fops: { submit_bio: (bio) => dcssblk_submit_bio(linux, segment, bio) },
  });
  if (typeof disk === 'number') {
    yield* segment_unload(globals, name);
    return disk;
  }
  yield* set_capacity(disk, segment.size / 512);
  const isThere = yield* dcssblk_get_segment_by_name(globals, name);
  if (isThere || !(yield* try_module_get(linux, 'dcssblk'))) {
    yield* put_disk(linux, disk);
    yield* segment_unload(globals, name);
    return isThere ? -E.EEXIST : -E.ENODEV;
  }
  yield* set(globals.names, first_minor, name);
  const error = yield* device_register(globals, name);
  if (error !== 0) {
    // A device that was never registered goes with its last reference, and the module's with it.
    yield* put_dev(linux, { disk, segment }, error);
    yield* module_put(linux, 'dcssblk');
    return error;
  }
  return yield* attachDax(linux, segment, disk);
}

/** @source drivers/s390/block/dcssblk.c dcssblk_load_segment() v6.12 */
function* dcssblk_load_segment(globals: DcssblkGlobals, name: string): Op<number> {
  if (yield* dcssblk_get_segment_by_name(globals, name)) return -E.EEXIST;
  if (yield* fails('kmalloc segment_info')) return -E.ENOMEM;
  if (yield* fails('segment_load dcssblk')) return -E.ENOENT;
  yield* set(globals.loaded, 0, [...(yield* get(globals.loaded)), name]);
  return 0;
}

function* segment_unload(globals: DcssblkGlobals, name: string): Op<void> {
  const loaded = yield* get(globals.loaded);
  const index = loaded.indexOf(name);
  yield* set(globals.loaded, 0, loaded.toSpliced(index, 1));
}

/** Enters a name with the driver core: -EEXIST where it is there already. */
function* device_register(globals: DcssblkGlobals, name: string): Op<number> {
  const registered = yield* get(globals.registered);
  if (registered.includes(name)) return -E.EEXIST;
  if (yield* fails('device_register dcssblk')) return -E.ENOMEM;
  yield* set(globals.registered, 0, [...registered, name]);
  return 0;
}

/** From alloc_dax() on, with the labels out_dax_host, out_dax and put_dev. */
function* attachDax(linux: Linux, segment: DcssSegment, disk: Gendisk): Op<number> {
  const found = yield* allocDcssDax(linux, segment);
  if (typeof found === 'number') return yield* put_dev(linux, { disk, segment }, found);
  const { dax_dev } = found;
  let rc = 0;
  if (dax_dev !== undefined) {
    yield* set_dax_synchronous(dax_dev);
    rc = yield* dax_add_host(linux, dax_dev, disk);
  }
  if (rc === 0) {
    rc = yield* device_add_disk(linux, disk);
    if (rc !== 0) yield* dax_remove_host(linux, disk);
  }
  if (rc !== 0) {
    yield* kill_dax(linux, dax_dev);
    yield* put_dax(linux, dax_dev);
    return yield* put_dev(linux, { disk, segment }, rc);
  }
  disk.ro = segment.readOnly;
  const { devices } = subsystem(linux, DcssblkGlobals);
  yield* set(devices, disk.first_minor, { segment, disk, dax_dev });
  return 0;
}

/**
 * The dax device by the rules of the tree, or the error that ends the attach. Where struct pages
 * are mapped, a segment that they cannot be mapped for goes on without DAX.
 */
function* allocDcssDax(
  linux: Linux,
  segment: DcssSegment,
): Op<{ readonly dax_dev: DaxDevice | undefined } | number> {
  if (linux.rules.dcssblk_maps === 'pages') {
    if (!isSubsection(segment)) return { dax_dev: undefined };
    if (yield* fails('devm_memremap_pages dcssblk')) return -E.ENOMEM;
  }
  const ops = dcssblk_dax_ops(linux, segment, () => present(made, 'device of the segment'));
  const answer = yield* alloc_dax(linux, ops);
  const result = yield* takeDaxAnswer(linux, 'dcssblk', answer);
  if (result.kind === 'fails') return result.rc;
  const made = result.kind === 'device' ? deref(result.dax, 'set_dax_synchronous') : undefined;
  return { dax_dev: made };
}

/** Struct pages come for whole subsections. @source include/linux/mmzone.h SUBSECTION_SIZE */
function isSubsection({ start, size }: DcssSegment): boolean {
  return start % SUBSECTION_SIZE === 0 && size % SUBSECTION_SIZE === 0;
}

/**
 * The label put_dev. A device that was registered is only put: it stays where it is registered,
 * with the driver's data and its reference of the module.
 */
function* put_dev(
  linux: Linux,
  what: { readonly disk: Gendisk; readonly segment: DcssSegment },
  rc: number,
): Op<number> {
  const globals = subsystem(linux, DcssblkGlobals);
  yield* set(globals.names, what.disk.first_minor, undefined);
  yield* put_disk(linux, what.disk);
  yield* segment_unload(globals, what.segment.name.toUpperCase());
  return rc;
}

/** @source drivers/s390/block/dcssblk.c dcssblk_remove_store() v6.12 */
export function* dcssblk_remove_store(linux: Linux, name: string): Op<number> {
  const globals = subsystem(linux, DcssblkGlobals);
  const { devices, names, registered } = globals;
  for (const minor of yield* scan(devices, MINORS)) {
    const info = yield* get(devices, minor);
    if (info === undefined) continue;
    const own = info.segment.name.toUpperCase();
    if (own !== name.toUpperCase()) continue;
    yield* set(names, minor, undefined);
    yield* segment_unload(globals, own);
    yield* dax_remove_host(linux, info.disk);
    yield* kill_dax(linux, info.dax_dev);
    yield* put_dax(linux, info.dax_dev);
    yield* unpublishDisk(linux, info.disk);
    yield* put_disk(linux, info.disk);
    const others = (yield* get(registered)).filter((one) => one !== own);
    yield* set(registered, 0, others);
    yield* set(devices, minor, undefined);
    yield* module_put(linux, 'dcssblk');
    return 0;
  }
  return -E.ENODEV;
}

function* dcssblk_assign_free_minor({ names }: DcssblkGlobals): Op<number> {
  let minor = 0;
  while ((yield* get(names, minor)) !== undefined) minor++;
  return minor;
}

function* dcssblk_get_segment_by_name({ names }: DcssblkGlobals, name: string): Op<boolean> {
  for (const minor of yield* scan(names, MINORS)) {
    if ((yield* get(names, minor)) === name) return true;
  }
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
