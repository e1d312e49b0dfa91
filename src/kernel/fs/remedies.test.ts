// The rules on a machine with bytes: what is read and written is the same under each, across pages
// too; and a user who has the page in the cache sees a write() under those that flush or share it.

import { describe, expect, test } from 'vitest';
import { assert, at, present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import type { Linux } from '../linux.ts';
import { user_load, user_store } from '../mm/memory.ts';
import { do_mmap } from '../mm/mmap.ts';
import { type DaxFile, daxFile, plainDax } from './dax-file.ts';
import { dax_zero_range } from './dax.ts';
import { type KernelRemedy, kernelRemedies } from './remedies.ts';

const BASE = 2 ** 32;
const PAGES = 3;

function fileOf(id: string, remedy: KernelRemedy): { linux: Linux; file: DaxFile } | number {
  const machine = present(machineById(id), id);
  const { linux } = testKernel('6.12', { machine, remedy });
  const dax = plainDax(linux, { base: BASE, pages: 16 });
  if (typeof dax === 'number') return dax;
  // Pages of the device one further than those of the file: colours differ.
  const blocks = new Map(
    Array.from({ length: PAGES }, (_, page) => [page, { block: page + 1, unwritten: false }]),
  );
  return { linux, file: daxFile(linux, { dax, size: PAGES * linux.PAGE_SIZE, blocks }) };
}

function opened(id: string, remedy: KernelRemedy) {
  const made = fileOf(id, remedy);
  assert(typeof made === 'object', 'a file');
  const { linux, file } = made;
  const task = at(linux.tasks, 0);
  const { f_op } = file.file;
  return {
    linux,
    file,
    task,
    write: (pos: number, bytes: Uint8Array) =>
      linux.now(present(f_op.write_iter?.(task, file.iocb(pos), iovBytes(linux, bytes)), 'write')),
    read: (pos: number, length: number): readonly number[] => {
      const sink = iovSink(linux, length);
      linux.now(present(f_op.read_iter?.(task, file.iocb(pos), sink), 'read'));
      return [...sink.bytes()];
    },
  };
}

const working = kernelRemedies.filter((remedy) => remedy !== 'deny');

describe.each(working)('%s', (remedy) => {
  test.each(['sh7750/4k', 'arm926ej-s', 'ultrasparc-2', 'skylake'])(
    '%s: bytes across two page borders, and zeroes in the middle',
    (id) => {
      const { linux, file, write, read } = opened(id, remedy);
      const { PAGE_SIZE } = linux;
      const bytes = Uint8Array.from({ length: PAGE_SIZE + 200 }, (_, n) => (n % 250) + 1);
      const pos = PAGE_SIZE - 100;
      expect(write(pos, bytes)).toBe(bytes.length);
      expect(read(pos, bytes.length)).toEqual([...bytes]);
      linux.now(dax_zero_range(file.inode, pos + 50, PAGE_SIZE + 100, file.ops));
      const zeroed = bytes.map((byte, n) => (n >= 50 && n < PAGE_SIZE + 150 ? 0 : byte));
      // A whole page is zeroed by the driver where there is no rule, and this one does nothing.
      if (remedy !== 'none') expect(read(pos, bytes.length)).toEqual([...zeroed]);
    },
  );
});

test.each([
  ['none', 1],
  ['wilcox-write', 1],
  ['congruent', 2],
  ['flush-reachable', 2],
  ['flush-complete', 2],
  ['uncached', 2],
] as const)('%s: a user that has the line loads %i after write()', (remedy, seen) => {
  const { linux, file, task, write } = opened('24kc-32k/4k', remedy);
  const map = {
    file: file.file,
    offset: 0,
    length: linux.PAGE_SIZE,
    read: true,
    write: true,
  } as const;
  const address = linux.now(do_mmap(task, { ...map, type: 'shared' }));
  linux.now(user_store(task, address, new Uint8Array([1])));
  write(0, new Uint8Array([2]));
  const access = linux.now(user_load(task, address, 1));
  expect(access.kind === 'done' ? access.value[0] : access.signal).toBe(seen);
});

test('deny: alloc_dax() refuses, as for caches that alias', () => {
  expect(fileOf('skylake', 'deny')).toBe(-95);
});
