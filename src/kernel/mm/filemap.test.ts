// The page cache: what is read, written, kept dirty and brought to the medium, in which folios.

import { describe, expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import { PG_dirty } from '../include/linux/mm.ts';
import type { ReleaseId } from '../linux.ts';
import { filemap_cachestat, filemap_write_and_wait_range, foliosIn } from './filemap.ts';
import { kiocb_invalidate_pages, mapping_seek_hole_data } from './filemap.ts';
import { letters, TestFile } from './test-file.ts';

const ALL = Number.POSITIVE_INFINITY;
const PAGE = 4096;

/** Index and order of the folios of a file. */
function folios(made: TestFile): readonly (readonly number[])[] {
  const all = made.run(foliosIn(made.inode.i_mapping, 0, ALL));
  return all.map(({ index, order }) => [index, order]);
}

describe('buffered writes', () => {
  test('are read back, stay in the cache, and reach the medium with writeback', () => {
    const made = new TestFile();
    expect(made.pwrite(100, letters('A', 5000))).toBe(5000);
    expect(made.inode.i_size.peek()).toBe(5100);
    expect(made.pread(0, 200)).toEqual(
      new Uint8Array([...letters('\0', 100), ...letters('A', 100)]),
    );
    const { i_mapping } = made.inode;
    expect(made.run(filemap_cachestat(i_mapping, 0, ALL))).toEqual({ nr_cache: 2, nr_dirty: 2 });
    expect(made.onDisk(0)).toEqual(new Uint8Array(PAGE));
    expect(made.run(filemap_write_and_wait_range(i_mapping, 0, ALL))).toBe(0);
    expect(made.run(filemap_cachestat(i_mapping, 0, ALL))).toEqual({ nr_cache: 2, nr_dirty: 0 });
    expect(made.onDisk(0).subarray(100)).toEqual(letters('A', PAGE - 100));
    expect(made.onDisk(1).subarray(0, 1004)).toEqual(letters('A', 1004));
  });

  test('keep the rest of a block that is on the medium', () => {
    const made = new TestFile();
    made.pwrite(0, letters('A', PAGE));
    made.run(filemap_write_and_wait_range(made.inode.i_mapping, 0, ALL));
    expect(made.run(kiocb_invalidate_pages(made.iocb(0), PAGE))).toBe(0);
    expect(folios(made)).toEqual([]);
    made.pwrite(10, letters('B', 10));
    expect(made.pread(0, 30)).toEqual(
      new Uint8Array([...letters('A', 10), ...letters('B', 10), ...letters('A', 10)]),
    );
  });

  test('end early where there is no space, and fail where there never was', () => {
    const made = new TestFile({ free: 1 });
    expect(made.pwrite(0, letters('A', 2 * PAGE))).toBe(PAGE);
    expect(made.pwrite(PAGE, letters('A', 1))).toBe(-E.ENOSPC);
    expect(made.inode.i_size.peek()).toBe(PAGE);
  });

  test('write blocks smaller than a page one by one', () => {
    const made = new TestFile({ blockSize: 1024 });
    made.pwrite(1024, letters('A', 1024));
    made.run(filemap_write_and_wait_range(made.inode.i_mapping, 0, ALL));
    expect(made.inode.blocks.keys()).toEqual([1]);
    expect(made.onDisk(1)).toEqual(letters('A', 1024));
    expect(made.pread(0, 2048)).toEqual(
      new Uint8Array([...letters('\0', 1024), ...letters('A', 1024)]),
    );
  });
});

describe('holes and data over unwritten blocks', () => {
  test('what was read is data; what was never read is not', () => {
    const made = new TestFile({ size: 8 * PAGE, unwritten: [0, 1, 2] });
    const { i_mapping } = made.inode;
    const seek = (start: number, whence: 'data' | 'hole') =>
      made.run(mapping_seek_hole_data(i_mapping, start, 8 * PAGE, whence));
    expect(seek(0, 'data')).toBe(-E.ENXIO);
    expect(seek(0, 'hole')).toBe(0);
    made.pwrite(PAGE, letters('A', PAGE));
    expect([seek(0, 'data'), seek(0, 'hole'), seek(PAGE, 'hole')]).toEqual([PAGE, 0, 2 * PAGE]);
  });

  test('blocks of a page that is read in part only count by themselves', () => {
    const made = new TestFile({ size: PAGE, blockSize: 1024, unwritten: [0, 1, 2, 3] });
    made.pwrite(1024, letters('A', 100));
    const seek = (start: number, whence: 'data' | 'hole') =>
      made.run(mapping_seek_hole_data(made.inode.i_mapping, start, PAGE, whence));
    expect([seek(0, 'data'), seek(1024, 'hole')]).toEqual([1024, 2048]);
  });
});

describe.each<ReleaseId>(['6.1', '6.12'])('readahead in %s', (release) => {
  test('makes folios of one page where larger ones are not allowed', () => {
    const made = new TestFile({ release, size: 16 * PAGE });
    made.pread(0, 1);
    // One page asked for is the first four of the file, or their like.
    expect(folios(made).every(([, order]) => order === 0)).toBe(true);
  });

  test('makes folios of four pages around a fault, to the end of the file', () => {
    const made = new TestFile({ release, size: 10 * PAGE, largeFolios: true });
    made.load(made.mmap(10 * PAGE), 1);
    // What is left of two pages is one folio in 6.12; 6.1 makes no folio of two.
    const rest =
      release === '6.1'
        ? [
            [8, 0],
            [9, 0],
          ]
        : [[8, 1]]; // prettier-ignore
    expect(folios(made)).toEqual([[0, 2], [4, 2], ...rest]); // prettier-ignore
  });

  test('the whole folio is dirty when one byte of it is stored to', () => {
    const made = new TestFile({ release, size: 16 * PAGE, largeFolios: true });
    const address = made.mmap(16 * PAGE);
    made.load(address, 1);
    made.store(address + 2 * PAGE, letters('H', 1));
    expect(made.inode.blocks.keys()).toEqual([0, 1, 2, 3]);
    const { i_mapping } = made.inode;
    expect(made.run(filemap_cachestat(i_mapping, 0, ALL))).toEqual({ nr_cache: 16, nr_dirty: 4 });
  });

  test('a read of the whole file brings it in once', () => {
    const made = new TestFile({ release, size: 64 * PAGE });
    made.pread(0, 64 * PAGE);
    expect(made.run(filemap_cachestat(made.inode.i_mapping, 0, ALL)).nr_cache).toBe(64);
  });
});

test('large folios have no dirty page left after writeback', () => {
  const made = new TestFile({ size: 16 * PAGE, largeFolios: true });
  const address = made.mmap(16 * PAGE);
  made.load(address, 1);
  made.store(address + PAGE, letters('H', PAGE));
  made.run(filemap_write_and_wait_range(made.inode.i_mapping, 0, ALL));
  expect(made.onDisk(1)).toEqual(letters('H', PAGE));
  expect([...made.linux.page_flags.entries()].filter(([, f]) => (f & PG_dirty) !== 0)).toEqual([]);
});
