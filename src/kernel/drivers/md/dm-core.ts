// What the parts of device mapper share: mapped devices, tables, targets.
// @source drivers/md/dm-core.h include/linux/device-mapper.h v6.12

import { SECTOR_SHIFT } from '../../include/linux/blkdev.ts';
import type { Bio, BlockDevice, Gendisk, RequestQueue } from '../../include/linux/blkdev.ts';
import type { DaxAccessMode, DaxDevice, DirectAccess } from '../../include/linux/dax.ts';
import type { SuperBlock } from '../../include/linux/fs.ts';
import type { QueueLimits } from '../../block/blk-settings.ts';
import { blk_set_stacking_limits } from '../../block/blk-settings.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';

/** How a mapped device takes its requests; a device keeps the type of its first table. */
export type DmQueueMode = 'NONE' | 'BIO_BASED' | 'DAX_BIO_BASED';

/** A device that a table uses. */
export interface DmDev {
  readonly bdev: BlockDevice;
  /** Absent where the device offers no DAX at the time it is opened. */
  readonly dax_dev: DaxDevice | undefined;
  /** `259:0`, as tables show it. */
  readonly name: string;
}

/** Asked of each device that a target uses; the first answer that is not 0 ends the walk. */
export type IterateDevices = (dev: DmDev, span: { start: number; len: number }) => number;

/** What one target of a table does. Sectors of BIOs count from the start of the mapped device. */
export interface DmTargetOps {
  /** Carries out a BIO that lies within the target and its splitting boundary. */
  map(bio: Bio): Op<number>;
  /** Parameters as `dmsetup table` shows them; secrets as zeroes unless they are to be shown. */
  table(showKeys: boolean): string;
  /** As `dmsetup status` shows it. */
  status?(): string;
  iterate_devices?(fn: IterateDevices): number;
  io_hints?(limits: QueueLimits): void;
  direct_access?(pgoff: number, nr_pages: number, mode: DaxAccessMode): Op<DirectAccess | number>;
  dax_zero_page_range?(pgoff: number, nr_pages: number): Op<number>;
  dax_recovery_write?(pgoff: number, kaddr: number, bytes: Uint8Array): Op<number>;
  /** `dmsetup message`: 0 or an error number. */
  message?(argv: readonly string[]): number;
}

/** One line of a table. */
export interface DmTarget {
  readonly table: DmTable;
  readonly type: TargetType;
  /** In sectors. */
  readonly begin: number;
  readonly len: number;
  /** Boundary in sectors that no BIO may cross; 0: none. */
  max_io_len: number;
  num_flush_bios: number;
  /** Takes flushes although no device below may need them. */
  flush_supported: boolean;
  ops: DmTargetOps | undefined;
}

/** A kind of target. */
export interface TargetType {
  readonly name: string;
  /** Must be the only line of its table. */
  readonly singleton?: true;
  /** May replace any other target of a live table. */
  readonly wildcard?: true;
  /** Reads the parameters; what it gives becomes `ops` of the target. */
  ctr(ti: DmTarget, argv: readonly string[]): DmTargetOps | number;
}

/** A table: where the sectors of a mapped device are. */
export interface DmTable {
  readonly md: MappedDevice;
  type: DmQueueMode;
  readonly targets: DmTarget[];
  /** Devices that targets of this table use, with counts. */
  readonly devices: Map<BlockDevice, { readonly dm_dev: DmDev; count: number }>;
}

/** A device that some table of a mapped device has open. */
export interface TableDevice {
  readonly dm_dev: DmDev;
  /** Tables that use it. */
  count: number;
}

/** The queue of a mapped device; a table sets its limits. */
export class MappedQueue implements RequestQueue {
  readonly features: Shared<number>;
  limits: QueueLimits = blk_set_stacking_limits();
  constructor(name: string) {
    this.features = new Shared(`queue features of ${name}`, 0);
  }
  get logical_block_size(): number {
    return this.limits.logical_block_size;
  }
  get physical_block_size(): number {
    return this.limits.physical_block_size;
  }
  get io_min(): number {
    return this.limits.io_min;
  }
  get io_opt(): number {
    return this.limits.io_opt;
  }
}

/** A mapped device. */
export interface MappedDevice {
  readonly linux: Linux;
  readonly minor: number;
  readonly disk: Gendisk;
  readonly queue: MappedQueue;
  type: DmQueueMode;
  /** Absent where alloc_dax() refused. */
  dax_dev: DaxDevice | undefined;
  /** The live table. */
  readonly map: Shared<DmTable | undefined>;
  readonly table_devices: TableDevice[];
  /** DMF_SUSPENDED. */
  suspended: boolean;
  /** Held while suspended: BIOs wait for it. */
  readonly deferred: Lock;
  /** What lock_fs() froze. */
  frozen: { readonly bdev: BlockDevice; readonly sb: SuperBlock | undefined } | undefined;
}

/** A name of a mapped device. */
export interface HashCell {
  name: string;
  readonly md: MappedDevice;
  /** The inactive table: it becomes live on resume. */
  new_map: DmTable | undefined;
}

/** Globals of device mapper. The object itself is the holder by which dm claims devices. */
export class DeviceMapper {
  /** In the order they were made. */
  readonly cells: HashCell[] = [];
  /** Minor numbers in use. */
  readonly minor_idr: Shared<boolean> = new Shared('_minor_idr', false);
  readonly minor_lock = new Lock('_minor_lock');
}

/** Sectors of a page: 8 where pages have 4096 bytes. */
export function pageSectors(linux: Linux): number {
  return linux.PAGE_SIZE >> SECTOR_SHIFT;
}

/** A sector number as tables have it: digits alone; undefined for anything else. */
export function parseSector(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** Sectors `from` to `from + sectors` of a BIO, counted from its own start. */
export function cutBio(bio: Bio, part: { from: number; sectors: number }): Bio {
  if (part.from === 0 && part.sectors === bio.sectors) return bio;
  const start = part.from << SECTOR_SHIFT;
  const end = start + (part.sectors << SECTOR_SHIFT);
  const vecs = [];
  let at = 0;
  for (const vec of bio.vecs) {
    const first = Math.max(start, at);
    const last = Math.min(end, at + vec.lengthBytes);
    if (first < last) vecs.push({ paddr: vec.paddr + first - at, lengthBytes: last - first });
    at += vec.lengthBytes;
  }
  return { ...bio, sector: bio.sector + part.from, sectors: part.sectors, vecs };
}
