// Mappings of files in the page cache: what loads and stores see, and when they end in a signal.

import { describe, expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import { O_RDONLY, O_WRONLY, S_APPEND } from '../include/linux/fs.ts';
import { filemap_write_and_wait_range } from './filemap.ts';
import { sys_mincore } from './mincore.ts';
import { sys_mlock } from './mlock.ts';
import { do_mmap, do_munmap, vmFlagsText } from './mmap.ts';
import { sys_msync } from './msync.ts';
import { letters, openFile, TestFile } from './test-file.ts';
import { truncate_pagecache, truncate_pagecache_range, truncate_setsize } from './truncate.ts';

const PAGE = 4096;
const ALL = Number.POSITIVE_INFINITY;
const done = <T>(value: T) => ({ kind: 'done', value });
const BUS_ADRERR = { kind: 'signal', signal: 'SIGBUS', si_code: 2 };

describe('shared mappings', () => {
  test('show what is written and are read by read()', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', 2 * PAGE));
    const address = made.mmap(2 * PAGE);
    expect(made.load(address, 4)).toEqual(done(letters('A', 4)));
    made.store(address + PAGE - 2, letters('S', 4));
    expect(made.pread(PAGE - 3, 6)).toEqual(letters('A', 6).fill(83, 1, 5));
    made.pwrite(0, letters('B', 4));
    expect(made.load(address, 4)).toEqual(done(letters('B', 4)));
  });

  test('store again after writeback: the page is heard of a second time', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', PAGE));
    const address = made.mmap(PAGE);
    made.store(address, letters('B', PAGE));
    expect(made.run(sys_msync(made.task, { start: address, length: PAGE, mode: 'sync' }))).toBe(0);
    expect(made.onDisk(0)).toEqual(letters('B', PAGE));
    made.store(address, letters('C', PAGE));
    expect(made.onDisk(0)).toEqual(letters('B', PAGE));
    made.run(filemap_write_and_wait_range(made.inode.i_mapping, 0, ALL));
    expect(made.onDisk(0)).toEqual(letters('C', PAGE));
  });

  test('a store that only the PTE knows of reaches the medium after munmap()', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', PAGE));
    const address = made.mmap(PAGE);
    made.store(address, letters('B', 1));
    expect(made.run(do_munmap(made.task, address, PAGE))).toBe(0);
    made.run(filemap_write_and_wait_range(made.inode.i_mapping, 0, ALL));
    expect(made.onDisk(0)[0]).toBe(66);
    expect(made.load(address, 1)).toMatchObject({ signal: 'SIGSEGV', si_code: 1 });
  });

  test('end in SIGBUS beyond the file, and where the store finds no space', () => {
    const made = new TestFile({ size: PAGE, free: 0 });
    const address = made.mmap(2 * PAGE);
    expect(made.load(address + PAGE, 1)).toEqual(BUS_ADRERR);
    expect(made.load(address, 1)).toEqual(done(new Uint8Array(1)));
    expect(made.store(address, letters('A', 1))).toEqual(BUS_ADRERR);
  });

  test('end in SIGSEGV where the mapping may not be written', () => {
    const made = new TestFile({ size: PAGE });
    const address = made.mmap(PAGE, { write: false });
    expect(made.store(address, letters('A', 1))).toMatchObject({ signal: 'SIGSEGV', si_code: 2 });
  });

  test('lose their pages when the file shrinks, and zeroes follow the new end', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', 3 * PAGE));
    const address = made.mmap(3 * PAGE);
    made.load(address, 3 * PAGE);
    made.run(truncate_setsize(made.inode, PAGE + 100));
    expect(made.load(address + 2 * PAGE, 1)).toEqual(BUS_ADRERR);
    expect(made.load(address + PAGE + 99, 2)).toEqual(done(new Uint8Array([65, 0])));
  });

  test('see a punched hole as zeroes, large folios too', () => {
    const made = new TestFile({ size: 8 * PAGE, largeFolios: true });
    const address = made.mmap(8 * PAGE);
    made.load(address, 1);
    made.store(address, letters('A', 8 * PAGE));
    made.run(truncate_pagecache_range(made.inode, PAGE, 2 * PAGE - 1));
    made.inode.blocks.poke(1, undefined);
    expect(made.load(address + PAGE, PAGE)).toEqual(done(new Uint8Array(PAGE)));
    expect(made.load(address + 2 * PAGE, PAGE)).toEqual(done(letters('A', PAGE)));
    expect(made.load(address, PAGE)).toEqual(done(letters('A', PAGE)));
  });
});

describe('private mappings', () => {
  test('copy what they store to; the file stays, and later writes are not seen', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', 2 * PAGE));
    const address = made.mmap(2 * PAGE, { type: 'private' });
    expect(made.load(address, 1)).toEqual(done(letters('A', 1)));
    made.store(address, letters('P', 1));
    made.store(address + PAGE, letters('P', 1));
    expect(made.pread(0, 2)).toEqual(letters('A', 2));
    made.pwrite(0, letters('W', 2 * PAGE));
    expect(made.load(address, 2)).toEqual(done(new Uint8Array([80, 65])));
    expect(made.load(address + PAGE, 2)).toEqual(done(new Uint8Array([80, 65])));
  });

  test('keep copies over a punched hole, and lose them when the file shrinks', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', PAGE));
    const address = made.mmap(PAGE, { type: 'private' });
    made.store(address, letters('P', 1));
    made.run(truncate_pagecache_range(made.inode, 0, PAGE - 1));
    expect(made.load(address, 1)).toEqual(done(letters('P', 1)));
    made.inode.i_size.poke(0, 0);
    made.run(truncate_pagecache(made.inode, 0));
    expect(made.load(address, 1)).toEqual(BUS_ADRERR);
  });
});

test('anonymous memory is zeroes, and keeps what is stored', () => {
  const file = new TestFile();
  const rights = { read: true, write: true, type: 'private' } as const;
  const address = file.run(do_mmap(file.task, { offset: 0, length: 2 * PAGE, ...rights }));
  expect(file.load(address, 2)).toEqual(done(new Uint8Array(2)));
  file.store(address, letters('A', 1));
  expect(file.load(address, 2)).toEqual(done(new Uint8Array([65, 0])));
});

describe('mmap() refuses', () => {
  const made = new TestFile({ size: PAGE });
  const readOnly = openFile(made.inode, O_RDONLY);
  test('MAP_SYNC with MAP_SHARED_VALIDATE where the file does not know it, before all else', () => {
    const request = { type: 'shared_validate', sync: true, file: readOnly } as const;
    expect(made.mmap(PAGE, request)).toBe(-E.EOPNOTSUPP);
  });
  test('no MAP_SYNC with plain MAP_SHARED: the flag is handed on', () => {
    const address = made.mmap(PAGE, { sync: true });
    const vma = made.task.mm.vmas.peek().find(({ vm_start }) => vm_start === address);
    expect(vma === undefined ? '' : vmFlagsText(vma)).toBe('rd wr sh mr mw me ms sf sd');
  });
  test('to write what was opened to read; privately it may', () => {
    expect(made.mmap(PAGE, { file: readOnly })).toBe(-E.EACCES);
    expect(made.mmap(PAGE, { file: readOnly, type: 'private' })).toBeGreaterThan(0);
  });
  test('to read what was opened to write', () => {
    expect(made.mmap(PAGE, { file: openFile(made.inode, O_WRONLY) })).toBe(-E.EACCES);
  });
  test('to share for writing what may only grow', () => {
    const append = new TestFile({ size: PAGE });
    append.inode.i_flags.poke(0, S_APPEND);
    expect(append.mmap(PAGE, { write: false })).toBe(-E.EACCES);
  });
  test('no length, and offsets within a page', () => {
    expect([made.mmap(0), made.mmap(PAGE, { offset: 1 })]).toEqual([-E.EINVAL, -E.EINVAL]);
  });
});

test('mlock() brings pages in and mincore() sees them; beyond the file it is -ENOMEM', () => {
  const made = new TestFile({ size: PAGE });
  const address = made.mmap(2 * PAGE);
  expect(made.run(sys_mincore(made.task, address, 2 * PAGE))).toEqual([false, false]);
  expect(made.run(sys_mlock(made.task, address, PAGE))).toBe(0);
  expect(made.run(sys_mincore(made.task, address, 2 * PAGE))).toEqual([true, false]);
  expect(made.run(sys_mlock(made.task, address + PAGE, PAGE))).toBe(-E.ENOMEM);
});

test('msync() tells holes between mappings, after the rest is done', () => {
  const made = new TestFile({ size: PAGE });
  const address = made.mmap(PAGE);
  const request = { start: address, length: 64 * PAGE, mode: 'sync' } as const;
  expect(made.run(sys_msync(made.task, request))).toBe(-E.ENOMEM);
});

test('munmap() of the middle leaves both ends with their pages of the file', () => {
  const made = new TestFile();
  made.pwrite(0, letters('A', PAGE));
  made.pwrite(2 * PAGE, letters('C', PAGE));
  const address = made.mmap(3 * PAGE);
  expect(made.run(do_munmap(made.task, address + PAGE, PAGE))).toBe(0);
  expect(made.load(address, 1)).toEqual(done(letters('A', 1)));
  expect(made.load(address + PAGE, 1)).toMatchObject({ signal: 'SIGSEGV' });
  expect(made.load(address + 2 * PAGE, 1)).toEqual(done(letters('C', 1)));
  expect(made.file.f_count).toBe(3);
});
