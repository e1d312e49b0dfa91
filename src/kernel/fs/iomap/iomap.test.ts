// Paths over extents on a filesystem of a test: direct I/O with its rules and rests of blocks,
// holes and data, and what buffered writes make of folios in both releases.

import { describe, expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { E } from '../../include/linux/errno.ts';
import { IOMAP_F_NEW } from '../../include/linux/iomap.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import { iovBytes, iovSink } from '../../lib/iov_iter.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { letters, TestFile } from '../../mm/test-file.ts';
import { iomap_file_buffered_write, iomap_truncate_page, iomap_zero_range } from './buffered-io.ts';
import { iomap_dio_rw } from './direct-io.ts';
import { iomap_seek_data, iomap_seek_hole } from './seek.ts';

const PAGE = 4096;

function opsOf(file: TestFile): IomapOps {
  return present(file.inode.i_mapping.a_ops.peek(), 'operations').iomap;
}

/** Direct write of `length` letters. */
function dioWrite(file: TestFile, pos: number, length: number, misaligned = 0): number {
  const from = iovBytes(file.linux, letters('D', length), misaligned);
  return file.run(iomap_dio_rw(file.task, file.iocb(pos), from, opsOf(file)));
}

function dioRead(file: TestFile, pos: number, length: number): number | Uint8Array {
  const sink = iovSink(file.linux, length);
  const rc = file.run(iomap_dio_rw(file.task, file.iocb(pos), sink, opsOf(file)));
  return rc < 0 ? rc : sink.bytes().subarray(0, rc);
}

describe('direct I/O', () => {
  test('wants buffers of 512 bytes, and positions and lengths of logical blocks', () => {
    const file = new TestFile({ size: PAGE });
    expect(dioWrite(file, 0, PAGE, 1)).toBe(-E.EINVAL);
    expect(dioWrite(file, 100, 512)).toBe(-E.EINVAL);
    expect(dioWrite(file, 0, 100)).toBe(-E.EINVAL);
    expect(dioWrite(file, 0, PAGE)).toBe(PAGE);
    expect(file.onDisk(0)).toEqual(letters('D', PAGE));
  });

  test('zeroes the rest of a new block around what is written', () => {
    const file = new TestFile({ size: PAGE });
    expect(dioWrite(file, 512, 512)).toBe(512);
    expect([...file.onDisk(0).subarray(511, 513)]).toEqual([0, 68]);
    expect([...file.onDisk(0).subarray(1023, 1025)]).toEqual([68, 0]);
  });

  test('reads up to the end of the file, and holes as zeroes', () => {
    const file = new TestFile({ size: PAGE + 100 });
    dioWrite(file, 0, PAGE);
    const read = dioRead(file, 0, 2 * PAGE);
    expect(read).toEqual(new Uint8Array(PAGE + 100).fill(68, 0, PAGE));
    expect(dioRead(file, 2 * PAGE, PAGE)).toEqual(new Uint8Array());
  });

  test('writes what the page cache has before it reads, and drops it before it writes', () => {
    const file = new TestFile({ size: PAGE });
    file.pwrite(0, letters('A', PAGE));
    expect(dioRead(file, 0, 512)).toEqual(letters('A', 512));
    expect(dioWrite(file, 0, 512)).toBe(512);
    expect(file.pread(511, 2)).toEqual(new Uint8Array([68, 65]));
  });

  test('the filesystem has the last word', () => {
    const file = new TestFile({ size: PAGE });
    const from = iovBytes(file.linux, letters('D', PAGE));
    const seen: number[] = [];
    const end = iomap_dio_rw(file.task, file.iocb(0), from, opsOf(file), {
      *end_io(iocb, size) {
        seen.push(size);
        yield* opsOf(file).iomap_begin(iocb.ki_filp.f_inode, 0, 1, 0);
        return -E.EIO;
      },
    });
    expect([file.run(end), seen]).toEqual([-E.EIO, [PAGE]]);
  });

  test('a pure overwrite is asked for and is not one', () => {
    const file = new TestFile({ size: PAGE });
    const from = iovBytes(file.linux, letters('D', 2 * PAGE));
    const options = { overwrite_only: true } as const;
    const op = iomap_dio_rw(file.task, file.iocb(0), from, opsOf(file), options);
    expect(file.run(op)).toBe(-E.EAGAIN);
  });
});

describe('holes and data', () => {
  test('a hole begins at the end of the file at the latest', () => {
    const file = new TestFile({ size: 3 * PAGE });
    file.pwrite(PAGE, letters('A', PAGE));
    const seek = (pos: number) => [
      file.run(iomap_seek_data(file.inode, pos, opsOf(file))),
      file.run(iomap_seek_hole(file.inode, pos, opsOf(file))),
    ];
    expect(seek(0)).toEqual([PAGE, 0]);
    expect(seek(PAGE + 5)).toEqual([PAGE + 5, 2 * PAGE]);
    expect(seek(2 * PAGE)).toEqual([-E.ENXIO, 2 * PAGE]);
    expect(seek(3 * PAGE)).toEqual([-E.ENXIO, -E.ENXIO]);
  });

  test('pages cached over unwritten blocks are data', () => {
    const file = new TestFile({ size: 2 * PAGE, unwritten: [0, 1] });
    expect(file.run(iomap_seek_data(file.inode, 0, opsOf(file)))).toBe(-E.ENXIO);
    expect(file.pread(PAGE, 1)).toEqual(new Uint8Array([0]));
    expect(file.run(iomap_seek_data(file.inode, PAGE, opsOf(file)))).toBe(PAGE);
  });
});

describe('buffered writes', () => {
  /** A filesystem that gives all that is asked for in one extent. */
  const extents = (file: TestFile): IomapOps => ({
    *iomap_begin(inode, pos, length, flags) {
      const first = yield* opsOf(file).iomap_begin(inode, pos, length, flags);
      if (typeof first === 'number' || first.type === 'hole') return first;
      return { ...first, length: pos + length - first.offset, flags: first.flags | IOMAP_F_NEW };
    },
  });
  const write = (file: TestFile, length: number) => {
    const from = iovBytes(file.linux, { byte: 65, length });
    return file.run(iomap_file_buffered_write(file.task, file.iocb(0), from, extents(file)));
  };

  test('6.12 makes folios as large as the write, 6.1 pages', () => {
    const orders = (release: '6.1' | '6.12') => {
      const file = new TestFile({ release, largeFolios: true });
      expect(write(file, 8 * PAGE)).toBe(8 * PAGE);
      expect(file.pread(8 * PAGE - 1, 5)).toEqual(letters('A', 1));
      const entry = file.inode.i_mapping.i_pages.peek(0);
      return entry?.kind === 'folio' ? entry.folio.order : -1;
    };
    expect([orders('6.1'), orders('6.12')]).toEqual([0, 3]);
  });

  test('the file grows over what was written', () => {
    const file = new TestFile();
    expect(write(file, 10)).toBe(10);
    expect(file.inode.i_size.peek()).toBe(10);
  });

  test('zeroing leaves holes alone and reaches written blocks', () => {
    const file = new TestFile({ size: 3 * PAGE });
    file.pwrite(PAGE, letters('A', PAGE));
    const zero = (pos: number, len: number) =>
      file.run(iomap_zero_range(file.inode, pos, len, opsOf(file)));
    expect(zero(0, PAGE + 10)).toBe(0);
    expect(file.pread(PAGE + 9, 2)).toEqual(new Uint8Array([0, 65]));
    expect(file.inode.blocks.peek(0)).toBe(undefined);
    expect(file.run(iomap_truncate_page(file.inode, PAGE + 100, opsOf(file)))).toBe(0);
    expect(file.pread(PAGE + 99, 2)).toEqual(new Uint8Array([65, 0]));
    expect(file.run(iomap_truncate_page(file.inode, PAGE, opsOf(file)))).toBe(0);
    file.run(filemap_write_and_wait_range(file.inode.i_mapping, 0, 3 * PAGE));
    expect([...file.onDisk(1).subarray(99, 101)]).toEqual([65, 0]);
  });
});
