// Attributes of queues, and the files below /sys that users of DAX read and write.
// @source block/blk-sysfs.c block/genhd.c v6.12

import { E } from '../include/linux/errno.ts';
import {
  BLK_FEAT_DAX,
  BLK_FEAT_FUA,
  BLK_FEAT_ROTATIONAL,
  BLK_FEAT_WRITE_CACHE,
  type BlockDevice,
  type Gendisk,
  type SysfsAttribute,
} from '../include/linux/blkdev.ts';
import { type Linux, subsystem } from '../linux.ts';
import { Oops } from '../oops.ts';

/** Files that drivers add, by path below /sys: `bus/nd/devices/region0/size`. */
export class SysfsFiles {
  readonly files = new Map<string, SysfsAttribute>();
}

/** Adds a file below /sys; `path` has no leading slash. */
export function sysfsAdd(linux: Linux, path: string, attribute: SysfsAttribute): void {
  subsystem(linux, SysfsFiles).files.set(path, attribute);
}

/**
 * What /sys/block/NAME/queue/`name` shows, without a newline; undefined where there is no such
 * file. A partition shows its disk's. @source block/blk-sysfs.c v6.12
 */
export function queueAttribute(_linux: Linux, bdev: BlockDevice, name: string): string | undefined {
  return queueFiles(bdev.bd_disk).get(name);
}

function queueFiles({ queue }: Gendisk): ReadonlyMap<string, string> {
  const features = queue.features.peek();
  const has = (bit: number): string => ((features & bit) === 0 ? '0' : '1');
  const isCached = (features & BLK_FEAT_WRITE_CACHE) !== 0;
  return new Map([
    ['dax', has(BLK_FEAT_DAX)],
    ['write_cache', isCached ? 'write back' : 'write through'],
    ['fua', has(BLK_FEAT_FUA)],
    ['logical_block_size', String(queue.logical_block_size)],
    ['hw_sector_size', String(queue.logical_block_size)],
    ['physical_block_size', String(queue.physical_block_size)],
    ['minimum_io_size', String(queue.io_min)],
    ['optimal_io_size', String(queue.io_opt)],
    ['rotational', has(BLK_FEAT_ROTATIONAL)],
    ['zoned', 'none'],
  ]);
}

/** A file below /sys as `cat` shows it, without the last newline; or an error number. */
export function readSysfs(linux: Linux, path: string): string | number {
  const found = find(linux, path);
  if (typeof found === 'number') return found;
  return found === 'folder' ? -E.EISDIR : orOops(linux, () => found.show());
}

/** Writes a file below /sys: bytes taken, or an error number. */
export function writeSysfs(linux: Linux, path: string, text: string): number {
  const found = find(linux, path);
  if (typeof found === 'number') return found;
  if (found === 'folder') return -E.EISDIR;
  // A file without a store operation has no write permission, which binds the superuser too.
  // @source fs/kernfs/file.c kernfs_fop_open() v6.12
  if (found.store === undefined) return -E.EACCES;
  const rc = orOops(linux, () => found.store?.(text) ?? -E.EACCES);
  return rc < 0 ? rc : text.length;
}

/** A task that dies of a bad pointer gets no answer; the log says why. */
function orOops<T>(linux: Linux, operation: () => T): T | number {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof Oops)) throw error;
    linux.dmesg.push(`BUG: ${error.message}`);
    return -E.EFAULT;
  }
}

/** Names in a folder below /sys, sorted; or an error number. */
export function listSysfs(linux: Linux, path: string): readonly string[] | number {
  const below = canonical(linux, path);
  if (below === undefined) return -E.ENOENT;
  const tree = sysfsTree(linux);
  if (tree.has(below)) return -E.ENOTDIR;
  const prefix = below === '' ? '' : `${below}/`;
  const names = new Set<string>();
  for (const one of tree.keys()) {
    if (one.startsWith(prefix)) names.add(one.slice(prefix.length).split('/', 1).join(''));
  }
  return names.size === 0 ? -E.ENOENT : [...names].toSorted();
}

function find(linux: Linux, path: string): SysfsAttribute | 'folder' | number {
  const below = canonical(linux, path);
  if (below === undefined) return -E.ENOENT;
  const tree = sysfsTree(linux);
  const file = tree.get(below);
  if (file !== undefined) return file;
  for (const one of tree.keys()) if (one.startsWith(`${below}/`)) return 'folder';
  return -E.ENOENT;
}

/** The path below /sys with links followed: class/block and dev/block lead to block. */
function canonical(linux: Linux, path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.shift() !== 'sys') return undefined;
  const [first, second, name, ...rest] = parts;
  if (first === 'class' && second === 'block')
    return ['block', name, ...rest].filter(Boolean).join('/');
  if (first === 'dev' && second === 'block' && name !== undefined) {
    const disks = [...linux.block.disks.values()];
    const disk = disks.find((one) => `${one.major}:${one.first_minor}` === name);
    return disk && ['block', disk.disk_name, ...rest].join('/');
  }
  return parts.join('/');
}

function sysfsTree(linux: Linux): ReadonlyMap<string, SysfsAttribute> {
  const tree = new Map(subsystem(linux, SysfsFiles).files);
  for (const disk of linux.block.disks.values()) {
    const folder = `block/${disk.disk_name}`;
    for (const [name, value] of diskFiles(disk)) tree.set(`${folder}/${name}`, value);
    for (const [name, value] of queueFiles(disk)) {
      tree.set(`${folder}/queue/${name}`, { show: () => value });
    }
    for (const [name, attribute] of disk.attributes) tree.set(`${folder}/${name}`, attribute);
    for (const [number, part] of disk.partitions) {
      for (const [name, value] of partitionFiles(number, part)) {
        tree.set(`block/${part.name}/${name}`, value);
        tree.set(`${folder}/${part.name}/${name}`, value);
      }
    }
  }
  return tree;
}

function diskFiles(disk: Gendisk): readonly (readonly [string, SysfsAttribute])[] {
  return [
    ['dev', { show: () => `${disk.major}:${disk.first_minor}` }],
    ['ro', { show: () => (disk.ro ? '1' : '0') }],
    ['size', { show: () => String(disk.capacity.peek()) }],
    ['removable', { show: () => '0' }],
  ];
}

function partitionFiles(
  number: number,
  part: BlockDevice,
): readonly (readonly [string, SysfsAttribute])[] {
  return [
    ['partition', { show: () => String(number) }],
    ['ro', { show: () => (part.bd_disk.ro ? '1' : '0') }],
    ['start', { show: () => String(part.bd_start_sect) }],
    ['size', { show: () => String(part.bd_nr_sectors.peek()) }],
  ];
}
