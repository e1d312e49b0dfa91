// The life of dax devices, what is done with their memory, and who may hold them.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import {
  blk_alloc_disk,
  device_add_disk,
  newBlockDevice,
  set_capacity,
} from '../../block/genhd.ts';
import { BLK_FEAT_DAX } from '../../include/linux/blkdev.ts';
import {
  DAXDEV_ALIVE,
  DAXDEV_NOCACHE,
  DAXDEV_SYNC,
  type DaxDevice,
  type DaxOperations,
} from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { iovBytes } from '../../lib/iov_iter.ts';
import type { Linux } from '../../linux.ts';
import { ConcreteExecutor } from '../../run.ts';
import { Shared } from '../../shared.ts';
import { noSteps, type Op, type Step } from '../../steps.ts';
import { testKernel } from '../test-kernel.ts';
import { daxAccounts, deadAndQuiet } from './accounts.ts';
import {
  alloc_dax,
  dax_add_host,
  dax_alive,
  dax_copy_from_iter,
  dax_copy_to_iter,
  dax_direct_access,
  dax_flush,
  dax_read_lock,
  dax_read_unlock,
  dax_recovery_write,
  dax_remove_host,
  dax_synchronous,
  dax_write_cache,
  dax_zero_page_range,
  fs_dax_get_by_bdev,
  fs_put_dax,
  kill_dax,
  put_dax,
  run_dax,
  set_dax_nocache,
  set_dax_synchronous,
} from './super.ts';

const PAGES = 4;
const MEMORY = 2 ** 29;

/** Operations on a few pages of RAM. */
function opsAt(linux: Linux, answers: Partial<DaxOperations> = {}): DaxOperations {
  return {
    direct_access: (pgoff) =>
      noSteps({
        kaddr: linux.PAGE_OFFSET + MEMORY + pgoff * linux.PAGE_SIZE,
        pfn: MEMORY / linux.PAGE_SIZE + pgoff,
        nr_pages: PAGES - pgoff,
      }),
    zero_page_range: () => noSteps(0),
    ...answers,
  };
}

function newDax(linux: Linux, ops: DaxOperations | 'none' = opsAt(linux)): DaxDevice {
  const dax = linux.now(alloc_dax(linux, ops === 'none' ? undefined : ops));
  if (dax === null || typeof dax === 'number') throw new Error(`alloc_dax: ${dax}`);
  return dax;
}

function newDisk(linux: Linux, features = BLK_FEAT_DAX) {
  const fops = { submit_bio: () => noSteps(0) };
  const disk = linux.now(blk_alloc_disk(linux, { disk_name: 'x', limits: { features }, fops }));
  if (typeof disk === 'number') throw new Error('no disk');
  linux.now(set_capacity(disk, 64));
  linux.now(device_add_disk(linux, disk));
  return disk;
}

test('alloc_dax() asks for the cache before minors and memory, and not without operations', () => {
  const { linux, failing, asked } = testKernel('6.12', { cpu_dcache_is_aliasing: true });
  expect(linux.now(alloc_dax(linux, opsAt(linux)))).toBe(-E.EOPNOTSUPP);
  expect(asked).toEqual([]);
  newDax(linux, 'none');
  expect(asked).toEqual(['ida_alloc_max dax_minor_ida', 'alloc_inode dax']);
  failing.add('alloc_inode dax');
  expect(linux.now(alloc_dax(linux, undefined))).toBe(-E.ENOMEM);
  expect(linux.dax.dax_minor_ida.keys()).toEqual([0]);
});

test('6.1 does not ask for the cache', () => {
  const { linux } = testKernel('6.1', { cpu_dcache_is_aliasing: true });
  expect(typeof newDax(linux)).toBe('object');
});

test('a forced gate is for callers with operations', () => {
  const { linux } = testKernel('6.1', { gate: 'ENOMEM' });
  expect(linux.now(alloc_dax(linux, opsAt(linux)))).toBe(-E.ENOMEM);
  expect(typeof newDax(linux, 'none')).toBe('object');
});

test('without CONFIG_DAX 6.1 gives null and 6.12 an error number', () => {
  for (const release of ['6.1', '6.12'] as const) {
    const { config } = testKernel(release).linux;
    const { linux } = testKernel(release, { config: { ...config, DAX: false } });
    const answer = linux.now(alloc_dax(linux, opsAt(linux)));
    expect(answer).toBe(release === '6.1' ? null : -E.EOPNOTSUPP);
  }
});

test('a device in a recycled object has flags that nobody set', () => {
  const { linux } = testKernel('6.12');
  const first = newDax(linux);
  linux.now(set_dax_synchronous(first));
  linux.now(kill_dax(linux, first));
  linux.now(put_dax(linux, first));
  const second = newDax(linux);
  expect(linux.now(dax_synchronous(second))).toBe(true);
  expect(second.flags.peek()).toBe(DAXDEV_SYNC | DAXDEV_ALIVE);
  // The object freed is taken; a further one is new.
  expect(newDax(linux).flags.peek()).toBe(DAXDEV_ALIVE);
});

test('the last put of a device that is alive is warned of: I2', () => {
  const { linux } = testKernel('6.12');
  linux.now(put_dax(linux, newDax(linux)));
  expect(daxAccounts(linux).map(({ invariant }) => invariant)).toEqual(['I2']);
  expect(linux.dmesg).toEqual(['kill_dax() must be called before final iput()']);
});

test('a dead device answers nothing, and runs again after run_dax()', () => {
  const { linux } = testKernel('6.12');
  const dax = newDax(linux);
  linux.now(kill_dax(linux, dax));
  const kaddr = linux.PAGE_OFFSET + MEMORY;
  expect(linux.now(dax_direct_access(linux, dax, 0, 1))).toBe(-E.ENXIO);
  expect(linux.now(dax_zero_page_range(linux, dax, 0, 1))).toBe(-E.ENXIO);
  expect(linux.now(copyTo(linux, dax, kaddr))).toBe(0);
  expect(linux.now(dax_copy_to_iter(linux, dax, kaddr, 4))).toHaveLength(0);
  linux.now(run_dax(dax));
  expect(linux.now(dax_alive(dax))).toBe(true);
});

test('dax_direct_access() gives what there is, and at most what was asked for', () => {
  const { linux } = testKernel('6.12');
  const dax = newDax(linux);
  const pages = (pgoff: number, nr: number) => {
    const access = linux.now(dax_direct_access(linux, dax, pgoff, nr));
    return typeof access === 'number' ? access : access.nr_pages;
  };
  expect([pages(0, 2), pages(1, 100), pages(PAGES, 1), pages(0, -1)]).toEqual([
    2,
    PAGES - 1,
    -E.ERANGE,
    -E.EINVAL,
  ]);
  expect(linux.now(dax_direct_access(linux, undefined, 0, 1))).toBe(-E.EOPNOTSUPP);
});

test('one page is zeroed at a time; poison is an I/O error in 6.12', () => {
  for (const release of ['6.1', '6.12'] as const) {
    const { linux } = testKernel(release);
    const zero_page_range = () => noSteps(-E.EHWPOISON);
    const dax = newDax(linux, opsAt(linux, { zero_page_range }));
    expect(linux.now(dax_zero_page_range(linux, dax, 0, 2))).toBe(-E.EIO);
    const rc = linux.now(dax_zero_page_range(linux, dax, 0, 1));
    expect(rc).toBe(release === '6.12' ? -E.EIO : -E.EHWPOISON);
    expect(linux.now(dax_recovery_write(linux, dax, 0, 0, new Uint8Array(1)))).toBe(0);
  }
});

test('only a device without cache is written past the cache', () => {
  const { linux } = testKernel('6.12');
  const kaddr = linux.PAGE_OFFSET + MEMORY;
  for (const flag of [0, DAXDEV_NOCACHE]) {
    const dax = newDax(linux);
    if (flag !== 0) linux.now(set_dax_nocache(dax));
    const op = copyTo(linux, dax, kaddr);
    const stores = stepsOf(linux, op).filter((step) => step.kind === 'store');
    const attributes = stores.map(({ place }) => place.attribute);
    expect(attributes).toEqual([flag === 0 ? undefined : 'nontemporal']);
  }
});

test('dax_add_host() refuses a disk that has a host; without FS_DAX it enters nothing', () => {
  const { linux } = testKernel('6.12');
  const disk = newDisk(linux);
  const dax = newDax(linux);
  expect(linux.now(dax_add_host(linux, dax, disk))).toBe(0);
  expect(linux.now(dax_add_host(linux, newDax(linux), disk))).toBe(-E.EBUSY);
  const other = testKernel('6.12', { fsDax: false }).linux;
  expect(other.now(dax_add_host(other, newDax(other), newDisk(other)))).toBe(0);
  expect(other.dax.dax_hosts.count).toBe(0);
});

test('fs_dax_get_by_bdev() wants the feature, alignment, a live host and the only holder', () => {
  const { linux } = testKernel('6.12');
  const disk = newDisk(linux);
  const dax = newDax(linux);
  const find = (bdev = disk.part0, holder?: object) =>
    linux.now(fs_dax_get_by_bdev(linux, bdev, holder));
  expect(find()).toBeUndefined();
  linux.now(dax_add_host(linux, dax, disk));
  expect(find()).toEqual({ dax, start_off: 0 });
  expect(find(newDisk(linux, 0).part0)).toBeUndefined();
  const part = (start: number, count: number) => {
    const sectors = new Shared('size of a partition', 0);
    sectors.poke(0, count);
    return newBlockDevice(disk, { name: 'xp1', start, sectors });
  };
  expect(find(part(8, 16))?.start_off).toBe(4096);
  expect(find(part(1, 16))).toBeUndefined();
  expect(find(part(8, 15))).toBeUndefined();
  expect(linux.dmesg).toHaveLength(2);
  // A conflict of holders keeps the reference: the kernel's leak.
  const [mine, other] = [{}, {}];
  const before = dax.i_count.peek();
  expect(find(disk.part0, mine)?.dax).toBe(dax);
  expect(find(disk.part0, other)).toBeUndefined();
  expect(dax.i_count.peek()).toBe(before + 2);
  linux.now(fs_put_dax(linux, dax, mine));
  expect(find(disk.part0, other)?.dax).toBe(dax);
  linux.now(kill_dax(linux, dax));
  expect(find()).toBeUndefined();
});

test('the holder hears that the device goes, and has it no more afterwards', () => {
  for (const release of ['6.1', '6.12'] as const) {
    const { linux } = testKernel(release);
    const disk = newDisk(linux);
    const dax = newDax(linux);
    const heard: boolean[] = [];
    const notify = {
      notify_failure: (_dax: DaxDevice, { premove }: { readonly premove: boolean }) => {
        heard.push(premove);
        return noSteps(0);
      },
    };
    linux.now(dax_add_host(linux, dax, disk));
    linux.now(fs_dax_get_by_bdev(linux, disk.part0, {}, notify));
    linux.now(kill_dax(linux, dax));
    expect(heard).toEqual([release === '6.12']);
    linux.now(run_dax(dax));
    expect(linux.now(fs_dax_get_by_bdev(linux, disk.part0, {}))?.dax).toBe(dax);
    linux.now(kill_dax(linux, dax));
    expect(heard).toHaveLength(1);
  }
});

test('a kernel without FS_DAX finds no dax device of a disk that has one', () => {
  const { config } = testKernel('6.12').linux;
  const { linux } = testKernel('6.12');
  const disk = newDisk(linux);
  const dax = newDax(linux);
  linux.now(dax_add_host(linux, dax, disk));
  const without: Linux = { ...linux, config: { ...config, FS_DAX: false } };
  expect(linux.now(fs_dax_get_by_bdev(without, disk.part0))).toBeUndefined();
  expect(linux.now(fs_dax_get_by_bdev(linux, disk.part0))?.dax).toBe(dax);
});

test('dax_flush() needs the port and the write cache of the device', () => {
  const { linux } = testKernel('6.12');
  const dax = newDax(linux);
  const other: Linux = { ...linux, config: { ...linux.config, ARCH_HAS_PMEM_API: false } };
  const flushes = (kernel: Linux) =>
    stepsOf(linux, dax_flush(kernel, dax, linux.PAGE_OFFSET + MEMORY, 4096)).map(
      ({ kind }) => kind,
    );
  expect(flushes(linux)).not.toContain('maintain');
  linux.now(dax_write_cache(dax, true));
  expect(flushes(linux)).toContain('maintain');
  expect(flushes(other)).toEqual([]);
});

test('a host entry that outlives device or disk is found: I4, I5', () => {
  const { linux } = testKernel('6.12');
  const disk = newDisk(linux);
  const dax = newDax(linux);
  linux.now(dax_add_host(linux, dax, disk));
  expect(daxAccounts(linux)).toEqual([]);
  linux.now(kill_dax(linux, dax));
  expect(daxAccounts(linux).map(({ invariant }) => invariant)).toEqual(['I5']);
  linux.now(put_dax(linux, dax));
  expect(daxAccounts(linux).map(({ invariant }) => invariant)).toEqual(['I4', 'I5']);
  linux.now(dax_remove_host(linux, disk));
  expect(daxAccounts(linux).map(({ invariant }) => invariant)).toEqual(['I5']);
});

test('in every schedule kill_dax() waits for an operation, and none starts after it: I1', () => {
  let schedules = 0;
  const todo: string[] = [''];
  for (let choices = todo.pop(); choices !== undefined; choices = todo.pop()) {
    const { linux } = testKernel('6.12');
    const log: string[] = [];
    const dax = newDax(linux);
    const threads = [operation(linux, dax, log), killer(linux, dax, log)];
    const others = walk(linux, threads, choices);
    if (others === undefined) continue;
    todo.push(...others);
    schedules++;
    expect(log.slice(log.indexOf('killed')), choices).not.toContain('works');
    expect(log, choices).toContain('killed');
    expect(deadAndQuiet(linux), choices).toEqual([]);
  }
  expect(schedules).toBeGreaterThan(20);
});

/** A write of one byte. */
function copyTo(linux: Linux, dax: DaxDevice, kaddr: number): Op<number> {
  const iter = iovBytes(linux, new Uint8Array([1]));
  return dax_copy_from_iter(linux, dax, { pgoff: 0, kaddr, bytes: 1 }, iter);
}

function* operation(linux: Linux, dax: DaxDevice, log: string[]): Op<void> {
  yield* dax_read_lock(linux);
  const access = yield* dax_direct_access(linux, dax, 0, 1);
  if (typeof access !== 'number') {
    yield* copyTo(linux, dax, access.kaddr);
    log.push('works');
  }
  yield* dax_read_unlock(linux);
}

function* killer(linux: Linux, dax: DaxDevice, log: string[]): Op<void> {
  yield* kill_dax(linux, dax);
  log.push('killed');
  yield* put_dax(linux, dax);
}

/**
 * Runs threads by a string of choices, then the first that can, to the end. Threads change only
 * before steps on the flags and on dax_srcu. The other choices that there were after the string;
 * undefined where its last one has to wait.
 */
function walk(
  linux: Linux,
  threads: readonly Op<void>[],
  choices: string,
): readonly string[] | undefined {
  const executor = new ConcreteExecutor(present(linux.machine.cpus[0], 'a CPU'), () => false);
  const advance = (thread: Op<void>): Step | undefined => {
    let step = nextOf(thread);
    while (step !== undefined && !isVisible(step)) {
      expect(step.perform(executor)).toBe(true);
      step = nextOf(thread);
    }
    return step;
  };
  const others: string[] = [];
  const waiting = threads.map(advance);
  for (let done = ''; waiting.some((step) => step !== undefined); ) {
    const chosen = choices[done.length];
    const order = chosen === undefined ? threads.keys() : [Number(chosen)];
    const went = [...order].find((index) => waiting[index]?.perform(executor));
    if (went === undefined) return undefined;
    if (chosen === undefined) {
      for (let other = went + 1; other < threads.length; other++) {
        if (waiting[other] !== undefined) others.push(`${done}${other}`);
      }
    }
    waiting[went] = advance(present(threads[went], 'a thread'));
    done += String(went);
  }
  return others;
}

function isVisible(step: Step): boolean {
  if (step.kind === 'lock' || step.kind === 'unlock') return step.lock.name === 'dax_srcu';
  return (step.kind === 'get' || step.kind === 'set') && step.name.startsWith('flags of');
}

function nextOf(thread: Op<void>): Step | undefined {
  const next = thread.next();
  return next.done === true ? undefined : next.value;
}

function stepsOf<T>(linux: Linux, op: Op<T>): readonly Step[] {
  const executor = new ConcreteExecutor(present(linux.machine.cpus[0], 'a CPU'), () => false);
  const steps: Step[] = [];
  for (let next = op.next(); next.done !== true; next = op.next()) {
    steps.push(next.value);
    next.value.perform(executor);
  }
  return steps;
}
