// Disks and who may hold them.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { sys_mkdir } from '../fs/namei.ts';
import { BLK_FEAT_WRITE_CACHE } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import { Shared } from '../shared.ts';
import { noSteps } from '../steps.ts';
import { readDevice, submit_bio } from './bio.ts';
import { readSysfs } from './blk-sysfs.ts';
import {
  add_disk,
  bd_claim,
  bd_release,
  del_gendisk,
  lookup_bdev,
  newBlockDevice,
} from './genhd.ts';
import { init_mount_tree } from '../fs/namespace.ts';

function diskWithPartition() {
  const { linux } = testKernel('6.12');
  const seen: number[] = [];
  const disk = add_disk(linux, {
    disk_name: 'x',
    limits: { features: 0 },
    fops: {
      submit_bio: (bio) => {
        seen.push(bio.sector);
        return noSteps(0);
      },
    },
    sectors: 100,
  });
  const sectors = new Shared('size of xp1', 0);
  sectors.poke(0, 10);
  const part = newBlockDevice(disk, { name: 'xp1', start: 20, sectors });
  disk.partitions.set(1, part);
  return { linux, disk, part, seen };
}

test('one holder has a device, again and again, and no other', () => {
  const { disk } = diskWithPartition();
  const [mine, other] = [{}, {}];
  expect(bd_claim(disk.part0, mine)).toBe(0);
  expect(bd_claim(disk.part0, mine)).toBe(0);
  expect(bd_claim(disk.part0, other)).toBe(-E.EBUSY);
  bd_release(disk.part0, mine);
  expect(bd_claim(disk.part0, other)).toBe(-E.EBUSY);
  bd_release(disk.part0, mine);
  expect(bd_claim(disk.part0, other)).toBe(0);
});

test('a disk and its partitions exclude each other, partitions do not', () => {
  const { disk, part } = diskWithPartition();
  const second = newBlockDevice(disk, { name: 'xp2', start: 50, sectors: part.bd_nr_sectors });
  const [mine, other] = [{}, {}];
  expect(bd_claim(part, mine)).toBe(0);
  expect(bd_claim(disk.part0, mine)).toBe(-E.EBUSY);
  expect(bd_claim(second, other)).toBe(0);
  bd_release(part, mine);
  expect(bd_claim(disk.part0, mine)).toBe(-E.EBUSY);
  bd_release(second, other);
  expect(bd_claim(disk.part0, mine)).toBe(0);
  expect(bd_claim(part, mine)).toBe(-E.EBUSY);
});

test('a partition is found by name, remapped, and ends before its disk', () => {
  const { linux, part, seen } = diskWithPartition();
  expect(lookup_bdev(linux, '/dev/xp1')).toBe(part);
  linux.now(readDevice(linux, part, { offset: 512, length: 512 }));
  expect(seen).toEqual([21]);
  expect(linux.now(readDevice(linux, part, { offset: 9 * 512, length: 1024 }))).toBe(-E.EIO);
  expect(seen).toEqual([21]);
  expect(readSysfs(linux, '/sys/class/block/xp1/start')).toBe('20');
  expect(readSysfs(linux, '/sys/class/block/xp1/queue/dax')).toBe(-E.ENOENT);
});

test('a flush does not reach a disk without a cache', () => {
  const { linux, disk, seen } = diskWithPartition();
  const flush = { op: 'flush', bdev: disk.part0, sector: 0, sectors: 0, vecs: [] } as const;
  expect(linux.now(submit_bio(linux, flush))).toBe(0);
  expect(seen).toEqual([]);
  disk.queue.features.poke(0, BLK_FEAT_WRITE_CACHE);
  expect(linux.now(submit_bio(linux, flush))).toBe(0);
  expect(seen).toEqual([0]);
});

test('numbers of the extended range are used again', () => {
  const { linux, disk } = diskWithPartition();
  del_gendisk(linux, disk);
  const fops = { submit_bio: () => noSteps(0) };
  const next = add_disk(linux, { disk_name: 'y', limits: { features: 0 }, fops, sectors: 8 });
  expect(next.first_minor).toBe(disk.first_minor);
});

test('a file under the name of a missing device is no block device', () => {
  const { linux } = diskWithPartition();
  const task = present(linux.tasks[0], 'a task');
  init_mount_tree(task);
  expect(sys_mkdir(task, '/dev', 0o755)).toBe(0);
  expect(lookup_bdev(linux, '/dev/z')).toBe(-E.ENOENT);
  expect(sys_mkdir(task, '/dev/z', 0o755)).toBe(0);
  expect(lookup_bdev(linux, '/dev/z')).toBe(-E.ENOTBLK);
});

test('names go with the disk', () => {
  const { linux, disk } = diskWithPartition();
  linux.block.links.set('role/x', 'x');
  expect(lookup_bdev(linux, '/dev/role/x')).toBe(disk.part0);
  del_gendisk(linux, disk);
  expect(lookup_bdev(linux, '/dev/role/x')).toBe(-E.ENOENT);
  expect(lookup_bdev(linux, '/x')).toBe(-E.ENOENT);
});
