// Unit tests of a kernel that has just booted: its configuration, its tasks, and on whose behalf
// steps are performed.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { run } from '../run.ts';
import { Lock } from '../shared.ts';
import { fails, load, lock, type Op, store } from '../steps.ts';
import { defaultConfig, new_task, start_kernel } from './main.ts';

const of = (id: string) => present(machineById(id), `machine ${id}`);

test('nothing is there but RAM and the first task', () => {
  const { linux } = testKernel('6.12');
  expect(linux.tasks.map(({ pid, uid, cpu }) => ({ pid, uid, cpu }))).toEqual([
    { pid: 1, uid: 0, cpu: 0 },
  ]);
  expect([linux.block.disks.size, linux.mounts.length, linux.file_systems.size]).toEqual([0, 0, 0]);
  expect(linux.machine.memory.ranges.map((range) => range.kind)).toEqual(['ram']);
  expect(linux.block.linux).toBe(linux);
});

test('durability by port and release; huge entries where they are of 2 MiB', () => {
  const config = (id: string, release: '6.1' | '6.12') => {
    const made = defaultConfig(of(id), release, { fsDax: false });
    return [made.ARCH_HAS_PMEM_API, made.ARCH_HAS_UACCESS_FLUSHCACHE, made.TRANSPARENT_HUGEPAGE];
  };
  expect(config('skylake', '6.1')).toEqual([true, true, true]);
  expect(config('sifive-u74', '6.12')).toEqual([true, false, true]);
  expect(config('sifive-u74', '6.1')).toEqual([false, false, true]);
  expect(config('ibm-z13', '6.12')).toEqual([false, false, false]);
  expect(defaultConfig(of('arm926ej-s'), '6.12', { fsDax: true }).FS_DAX).toBe(true);
});

test('6.1 has no predicate, whatever is asked for', () => {
  const boot = (release: '6.1' | '6.12') =>
    start_kernel({
      machine: of('24kc-32k/4k'),
      release,
      config: defaultConfig(of('24kc-32k/4k'), release, { fsDax: true }),
      gate: 'stock',
      cpu_dcache_is_aliasing: true,
    }).cpu_dcache_is_aliasing;
  expect([boot('6.1'), boot('6.12')]).toEqual([false, true]);
});

test('chances fail as planned; set-up work that has to wait is a mistake of ours', () => {
  const { linux, failing } = testKernel('6.12');
  expect(linux.now(fails('kzalloc'))).toBe(false);
  failing.add('kzalloc');
  expect(linux.now(fails('kzalloc'))).toBe(true);
  const held = new Lock('held');
  linux.now(lock(held));
  expect(() => linux.now(lock(held))).toThrow(/waits for nobody/u);
});

test('tasks take CPUs in turn, and their caches agree', () => {
  const { linux } = testKernel('6.12', { cpus: 2 });
  const first = present(linux.tasks[0], 'the first task');
  const second = new_task(linux, 1000);
  expect([second.pid, second.uid, second.gid, second.cpu]).toEqual([2, 1000, 1000, 1]);
  const place = { vaddr: linux.PAGE_OFFSET + 0x5000, paddr: 0x5000 };
  run(store(place, Uint8Array.of(7)), linux.executor(first));
  expect(run(load(place, 1), linux.executor(second))).toEqual({
    kind: 'done',
    value: Uint8Array.of(7),
  });
});

test('a cache with virtual tags is emptied when another address space comes to the CPU', () => {
  for (const [id, kept] of [
    ['arm926ej-s', 0],
    ['24kc-32k/4k', 1],
  ] as const) {
    const { linux } = testKernel('6.12', { machine: of(id) });
    const first = present(linux.tasks[0], 'the first task');
    const second = new_task(linux, 0);
    const at = (op: Op<unknown>, task: typeof first) => run(op, linux.executor(task));
    const user = { vaddr: 0x400000, paddr: 0x5000 };
    at(load(user, 1), first);
    at(load({ vaddr: 0x402000, paddr: 0x8000 }, 1), second);
    expect(linux.machine.lines(0x5000, 1).length).toBe(kept);
    // Set-up work runs in whatever address space is there.
    linux.now(load(user, 1));
    at(load({ vaddr: 0x402000, paddr: 0x8000 }, 1), second);
    expect(linux.machine.lines(0x5000, 1).length).toBe(1);
  }
});
