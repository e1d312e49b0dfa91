// Partition tables: written by sfdisk, read back by the kernel. Tables are those of DOS, with the
// four entries of the first sector.
// @source block/partitions/core.c block/partitions/msdos.c v6.12

import type { ToolAnswer } from '../drivers/md/dmsetup.ts';
import { read_super_magic } from '../fs/image.ts';
import { SECTOR_SHIFT } from '../include/linux/blkdev.ts';
import type { BlockDevice, Gendisk } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import { strerror } from '../include/linux/strerror.ts';
import type { Linux } from '../linux.ts';
import { Shared } from '../shared.ts';
import { bdevOpeners } from './bdev.ts';
import { readDevice, writeDevice } from './bio.ts';
import { bdevBytes, lookup_bdev, newBlockDevice } from './genhd.ts';

const TABLE_OFFSET = 446;
const ENTRY_BYTES = 16;
const SYS_IND_LINUX = 0x83;

/** An entry of a table; both numbers in sectors of the table, which are logical blocks. */
interface TableEntry {
  readonly start: number;
  readonly size: number;
}

/** Disks whose drivers set GENHD_FL_NO_PART. @source drivers/md/dm.c drivers/block/loop.c v6.12 */
function hasNoPartitions(disk: Gendisk): boolean {
  return /^(?:dm-|loop)/.test(disk.disk_name);
}

/**
 * Reads the partition table again, as `blockdev --rereadpt` asks: 0, -EINVAL for disks that never
 * have partitions, -EBUSY where one is in use.
 * @source block/genhd.c disk_scan_partitions() block/partitions/core.c bdev_disk_changed() v6.12
 */
export function bdev_disk_changed(linux: Linux, disk: Gendisk): number {
  if (hasNoPartitions(disk)) return -E.EINVAL;
  const parts = [...disk.partitions.values()];
  if (parts.some((part) => bdevOpeners(linux, part) > 0)) return -E.EBUSY;
  disk.partitions.clear();
  const entries = readTable(linux, disk.part0);
  if (typeof entries === 'number') return entries;
  const blockSectors = disk.queue.logical_block_size >> SECTOR_SHIFT;
  for (const [i, entry] of entries.entries()) {
    if (entry !== undefined) {
      blk_add_partition(disk, {
        partno: i + 1,
        start: entry.start * blockSectors,
        size: entry.size * blockSectors,
      });
    }
  }
  return 0;
}

/**
 * A partition that begins beyond the end is left out, one that ends there is cut.
 * @source block/partitions/core.c blk_add_partition() v6.12
 */
function blk_add_partition(
  disk: Gendisk,
  part: { readonly partno: number; readonly start: number; readonly size: number },
): void {
  const capacity = disk.capacity.peek();
  if (part.size === 0 || part.start >= capacity) return;
  const name = partitionName(disk, part.partno);
  const sectors: Shared<number> = new Shared(`sectors of ${name}`, 0);
  sectors.poke(0, Math.min(part.size, capacity - part.start));
  disk.partitions.set(part.partno, newBlockDevice(disk, { name, start: part.start, sectors }));
}

/** `pmem0p1`, `sda1`. @source block/partitions/core.c add_partition() v6.12 */
function partitionName(disk: Gendisk, partno: number): string {
  return /\d$/.test(disk.disk_name) ? `${disk.disk_name}p${partno}` : `${disk.disk_name}${partno}`;
}

/** @source block/partitions/msdos.c msdos_partition() v6.12 */
function readTable(linux: Linux, bdev: BlockDevice): readonly (TableEntry | undefined)[] | number {
  const bytes = linux.now(readDevice(linux, bdev, { offset: 0, length: 512 }));
  if (typeof bytes === 'number') return bytes;
  if (bytes[510] !== 0x55 || bytes[511] !== 0xaa) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return [0, 1, 2, 3].map((i) => {
    const offset = TABLE_OFFSET + i * ENTRY_BYTES;
    const start = view.getUint32(offset + 8, true);
    const size = view.getUint32(offset + 12, true);
    return size === 0 ? undefined : { start, size };
  });
}

function writeTable(linux: Linux, bdev: BlockDevice, entries: readonly TableEntry[]): number {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  for (const [i, { start, size }] of entries.entries()) {
    const offset = TABLE_OFFSET + i * ENTRY_BYTES;
    view.setUint8(offset + 4, SYS_IND_LINUX);
    view.setUint32(offset + 8, start, true);
    view.setUint32(offset + 12, size, true);
  }
  view.setUint16(510, 0xaa55, true);
  return linux.now(writeDevice(linux, bdev, { offset: 0, bytes }));
}

function answer(rc: number, stderr: string, stdout = ''): ToolAnswer {
  return { rc, stdout, stderr };
}

/**
 * Runs `sfdisk argv` with a script of lines `START,SIZE` (in sectors, or with a unit) as its input:
 * a table of DOS takes the place of what was there. Filesystems found in a new partition are told.
 */
export function sfdisk(linux: Linux, argv: readonly string[], stdin: string): ToolAnswer {
  const path = argv.findLast((word) => word.startsWith('/')) ?? '';
  const bdev = lookup_bdev(linux, path);
  if (typeof bdev === 'number') {
    return answer(1, `sfdisk: cannot open ${path}: ${strerror(bdev)}`);
  }
  const parts = [bdev, ...bdev.bd_disk.partitions.values()];
  if (!argv.includes('--no-reread') && parts.some((one) => bdevOpeners(linux, one) > 0)) {
    return answer(1, IN_USE);
  }
  const entries = parseScript(bdev, stdin);
  if (typeof entries === 'string') return answer(1, entries);
  // Superblocks of filesystems on the whole disk are overwritten.
  if (argv.includes('always')) {
    linux.now(writeDevice(linux, bdev, { offset: 0, bytes: new Uint8Array(4096) }));
  }
  if (writeTable(linux, bdev, entries) < 0) return answer(1, 'sfdisk: write failed');
  bdev_disk_changed(linux, bdev.bd_disk);
  const found = [...bdev.bd_disk.partitions].flatMap(([number, part]) => {
    const image = read_super_magic(linux, part);
    return image ? [`Partition #${number} contains a ${image.format} signature.`] : [];
  });
  return answer(0, found.join('\n'));
}

const IN_USE = `
This disk is currently in use - repartitioning is probably a bad idea.
Umount all file systems, and swapoff all swap partitions on this disk.
Use the --no-reread flag to suppress this check.
sfdisk: Use the --force flag to overrule all checks.`;

/** Lines of a script, or what is wrong with one. Fields left out: the next free place, the rest. */
function parseScript(bdev: BlockDevice, script: string): readonly TableEntry[] | string {
  const block = bdev.bd_disk.queue.logical_block_size;
  const end = Math.floor(bdevBytes(bdev) / block);
  const entries: TableEntry[] = [];
  // The first partition begins at 1 MiB where nothing else is said.
  let next = 2 ** 20 / block;
  for (const line of script.split('\n')) {
    if (line.trim() === '' || line.startsWith('#') || line.startsWith('label:')) continue;
    const [startText = '', sizeText = ''] = line.split(',').map((word) => word.trim());
    const start = fieldOf(startText, block) ?? next;
    const size = fieldOf(sizeText, block) ?? end - start;
    if (start + size > end || size <= 0 || entries.length === 4) {
      return `${bdev.name}: Failed to add #${entries.length + 1} partition: Value out of range`;
    }
    entries.push({ start, size });
    next = start + size;
  }
  return entries;
}

/** Sectors of a field: a number of them, or bytes with a unit. */
function fieldOf(text: string, block: number): number | undefined {
  const match = /^(\d+)([KMG]?)(?:iB)?$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  if (unit === '') return Number(digits);
  return (Number(digits) * 1024 ** ' KMG'.indexOf(unit)) / block;
}

/** Runs `blockdev argv`: `--rereadpt`, `--getsize64`, `--getss`, `--setro`, `--flushbufs` ... */
export function blockdev(linux: Linux, argv: readonly string[]): ToolAnswer {
  const path = argv.at(-1) ?? '';
  const bdev = lookup_bdev(linux, path);
  if (typeof bdev === 'number') {
    return answer(1, `blockdev: cannot open ${path}: ${strerror(bdev)}`);
  }
  const printed: string[] = [];
  for (const option of argv.slice(0, -1)) {
    const text = blockdevOption(linux, bdev, option);
    if (typeof text === 'number') {
      return answer(1, `blockdev: ioctl error on BLKRRPART: ${strerror(text)}`);
    }
    if (text !== '') printed.push(text);
  }
  return answer(0, '', printed.join('\n'));
}

/** What one option prints, or an error number. */
function blockdevOption(linux: Linux, bdev: BlockDevice, option: string): string | number {
  const { bd_disk: disk } = bdev;
  switch (option) {
    case '--rereadpt': {
      // @source block/ioctl.c blkdev_common_ioctl() v6.12: only of whole disks.
      if (bdev !== disk.part0) return -E.EINVAL;
      const error = bdev_disk_changed(linux, disk);
      return error === 0 ? '' : error;
    }
    case '--getsize64':
      return String(bdevBytes(bdev));
    case '--getsz':
      return String(bdevBytes(bdev) / 512);
    case '--getss':
      return String(disk.queue.logical_block_size);
    case '--getpbsz':
      return String(disk.queue.physical_block_size);
    case '--getiomin':
      return String(disk.queue.io_min);
    case '--getioopt':
      return String(disk.queue.io_opt);
    case '--getro':
      return disk.ro ? '1' : '0';
    case '--setro':
    case '--setrw':
      disk.ro = option === '--setro';
      return '';
    default:
      return '';
  }
}
