// device-dax: what its character device allows, and where faults lead.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { blkdev_open } from '../../block/fops.ts';
import { E } from '../../include/linux/errno.ts';
import { type File, O_DIRECT, O_RDWR } from '../../include/linux/fs.ts';
import type { MapType } from '../../include/linux/mm.ts';
import { vfs_llseek } from '../../fs/read_write.ts';
import { user_load, user_store } from '../../mm/memory.ts';
import { do_mmap, do_munmap } from '../../mm/mmap.ts';
import { testKernel } from '../test-kernel.ts';
import { newNamespace } from '../nvdimm/nd-new.ts';
import { dev_dax_by_name } from './bus.ts';
import { dax_pmem_probe } from './pmem.ts';
import { kill_dax } from './super.ts';

const MiB = 2 ** 20;

function opened() {
  const { linux } = testKernel('6.12');
  expect(linux.now(dax_pmem_probe(linux, newNamespace(linux, { kind: 'dax' })))).toBe(0);
  const task = present(linux.tasks[0], 'a task');
  const file = blkdev_open(task, '/dev/dax0.0', O_RDWR);
  if (typeof file === 'number') throw new Error(`open: ${file}`);
  const map = (length: number, type: MapType, options: { offset?: number; sync?: boolean } = {}) =>
    linux.now(
      do_mmap(task, { file, offset: 0, length, read: true, write: true, type, ...options }),
    );
  return { linux, task, file, map };
}

test('only shared mappings of whole pages of its alignment', () => {
  const { map } = opened();
  expect(map(2 * MiB, 'private')).toBe(-E.EINVAL);
  expect(map(4096, 'shared')).toBe(-E.EINVAL);
  expect(map(2 * MiB, 'shared')).toBeGreaterThan(0);
  expect(map(2 * MiB, 'shared_validate', { sync: true })).toBeGreaterThan(0);
});

test('a seek leaves the position where it is', () => {
  const { linux, task, file } = opened();
  const seek = (whence: 'data' | 'hole') =>
    linux.now(vfs_llseek(task, file, { offset: 4096, whence }));
  expect([seek('data'), seek('hole')]).toEqual([0, 0]);
});

test('two mappings show the same memory of the device', () => {
  const { linux, task, map } = opened();
  const [first, second] = [map(2 * MiB, 'shared'), map(4 * MiB, 'shared')];
  const bytes = Uint8Array.from([1, 2, 3]);
  expect(linux.now(user_store(task, first + 4096, bytes)).kind).toBe('done');
  expect(linux.now(user_load(task, second + 4096, 3))).toEqual({ kind: 'done', value: bytes });
  const dev_dax = present(dev_dax_by_name(linux, 'dax0.0'), 'the instance');
  present(linux.machine.cpus[0], 'a CPU').flushAll();
  expect([...linux.machine.memory.read(dev_dax.start + 4096, 3)]).toEqual([1, 2, 3]);
});

test('beyond its end, and when it is dead, a fault is SIGBUS', () => {
  const { linux, task, map } = opened();
  const bus = { kind: 'signal', signal: 'SIGBUS', si_code: 2 };
  // 16 MiB with 2 MiB in front of the data.
  const last = map(4 * MiB, 'shared', { offset: 12 * MiB });
  expect(linux.now(user_load(task, last, 1)).kind).toBe('done');
  expect(linux.now(user_load(task, last + 2 * MiB, 1))).toEqual(bus);
  const first = map(2 * MiB, 'shared');
  linux.now(kill_dax(linux, present(dev_dax_by_name(linux, 'dax0.0'), 'the instance').dax_dev));
  expect(linux.now(user_load(task, first, 1))).toEqual(bus);
  expect(map(2 * MiB, 'shared')).toBe(-E.ENXIO);
});

test('a mapping is not cut within a page', () => {
  const { linux, task, map } = opened();
  const start = map(4 * MiB, 'shared');
  expect(linux.now(do_munmap(task, start, 4096))).toBe(-E.EINVAL);
  expect(linux.now(do_munmap(task, start, 2 * MiB))).toBe(0);
  expect(linux.now(do_munmap(task, start + 2 * MiB, 2 * MiB))).toBe(0);
});

test('no O_DIRECT, no read(), no other name', () => {
  const { task, file } = opened();
  expect(blkdev_open(task, '/dev/dax0.0', O_RDWR | O_DIRECT)).toBe(-E.EINVAL);
  expect(blkdev_open(task, '/dev/dax1.0', O_RDWR)).toBe(-E.ENOENT);
  const { f_op }: File = file;
  expect(f_op).not.toHaveProperty('read_iter');
});
