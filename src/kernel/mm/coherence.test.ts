// The page cache on CPUs whose data cache aliases: what user space stores, read() and write() of
// the kernel and the device agree, because the kernel flushes where it does. Where a port flushes
// the kernel's own colour only, they agree as far as the colours do.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import { iovSink, iovUser } from '../lib/iov_iter.ts';
import { filemap_write_and_wait_range } from './filemap.ts';
import { filemap_read } from './filemap-read.ts';
import { generic_perform_write } from './filemap-write.ts';
import { do_munmap } from './mmap.ts';
import { letters, TestFile } from './test-file.ts';

const ALL = Number.POSITIVE_INFINITY;
const done = <T>(value: T) => ({ kind: 'done', value });
/** Ports whose flush_dcache_page() reaches the addresses of users, or need not. */
const MACHINES = ['arm926ej-s', 'arm1136-32k', 'ultrasparc-2'];
/** Ports where it flushes lines of the kernel's colour only. */
const KERNEL_COLOUR_ONLY = ['sh7750/4k', '24kc-32k/4k'];

function setUp(id: string) {
  const machine = present(machineById(id), `machine ${id}`);
  const made = () => new TestFile({ machine, cpu_dcache_is_aliasing: true });
  return { PAGE: machine.pageBytes, made };
}

describe.each(MACHINES)('on %s', (id) => {
  const { PAGE, made } = setUp(id);

  test('read() sees a store, and a load sees write()', () => {
    const file = made();
    file.pwrite(0, letters('A', PAGE));
    const address = file.mmap(PAGE);
    expect(file.load(address, 2)).toEqual(done(letters('A', 2)));
    file.store(address, letters('S', 1));
    expect(file.pread(0, 2)).toEqual(new Uint8Array([83, 65]));
    file.pwrite(0, letters('W', 1));
    expect(file.load(address, 2)).toEqual(done(new Uint8Array([87, 65])));
    file.store(address + 1, letters('T', 1));
    file.run(filemap_write_and_wait_range(file.inode.i_mapping, 0, ALL));
    expect(file.onDisk(0).subarray(0, 3)).toEqual(new Uint8Array([87, 84, 65]));
  });
});

describe.each([...MACHINES, ...KERNEL_COLOUR_ONLY])('on %s', (id) => {
  const { PAGE, made } = setUp(id);

  test('a second mapping of another colour sees what the first stored, once it is gone', () => {
    const file = made();
    file.pwrite(0, letters('A', PAGE));
    const first = file.mmap(PAGE);
    file.store(first, letters('S', 1));
    file.run(do_munmap(file.task, first, PAGE));
    const second = file.mmap(PAGE);
    expect(file.load(second, 2)).toEqual(done(new Uint8Array([83, 65])));
  });

  test('a private mapping copies what the kernel has written', () => {
    const file = made();
    file.pwrite(0, letters('A', PAGE));
    const address = file.mmap(PAGE, { type: 'private' });
    file.store(address, letters('P', 1));
    expect(file.load(address, 2)).toEqual(done(new Uint8Array([80, 65])));
    expect(file.pread(0, 2)).toEqual(letters('A', 2));
  });
});

test('a write whose buffer is a mapping of the file itself copies through its addresses', () => {
  const file = new TestFile();
  file.pwrite(0, letters('A', 4096));
  const address = file.mmap(4096);
  file.store(address, letters('S', 10));
  const ops = present(file.inode.i_mapping.a_ops.peek(), 'operations');
  const from = iovUser(file.task, address, 10, 'source');
  expect(file.run(generic_perform_write(file.task, file.iocb(100), from, ops))).toBe(10);
  expect(file.pread(98, 13)).toEqual(letters('A', 13).fill(83, 2, 12));
});

test('a read into a mapping stops where the mapping ends', () => {
  const file = new TestFile();
  file.pwrite(0, letters('A', 8192));
  const address = file.mmap(8192);
  file.inode.i_size.poke(0, 4096);
  const to = iovUser(file.task, address + 4096, 10, 'dest');
  expect(file.run(filemap_read(file.task, file.iocb(0), to))).toBe(-14);
  expect(file.run(filemap_read(file.task, file.iocb(0), iovSink(file.linux, 10)))).toBe(10);
});
