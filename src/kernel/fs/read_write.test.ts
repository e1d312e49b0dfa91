// Shows the checks of reads, writes, seeks, copies and clones, on files of tmpfs.

import { expect, test } from 'vitest';
import { E } from '../include/linux/errno.ts';
import {
  type File,
  O_APPEND,
  O_CREAT,
  O_PATH,
  O_RDWR,
  O_WRONLY,
  S_IMMUTABLE,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import { sys_mknod_fifo } from './namei.ts';
import { vfs_fallocate } from './open.ts';
import {
  generic_write_checks,
  init_sync_kiocb,
  sys_copy_file_range,
  sys_sendfile,
  vfs_llseek,
  vfs_pread,
  vfs_pwrite,
} from './read_write.ts';
import {
  generic_remap_file_range_prep,
  type RemapRequest,
  vfs_clone_file_range,
  vfs_dedupe_file_range,
} from './remap_range.ts';
import { sys_splice } from './splice.ts';
import { vfs_statx } from './stat.ts';
import { vfs_fsync } from './sync.ts';
import { TestDisk } from './test-disk.ts';

const CREATE = O_CREAT | O_RDWR;

function write(disk: TestDisk, file: File, offset: number, bytes: Uint8Array): number {
  return disk.run(vfs_pwrite(disk.task, file, { offset }, iovBytes(disk.linux, bytes)));
}

function read(disk: TestDisk, file: File, offset: number, length = 4): number | string {
  const sink = iovSink(disk.linux, length);
  const answer = disk.run(vfs_pread(disk.task, file, { offset }, sink));
  return answer < 0 ? answer : text(sink.bytes().slice(0, answer));
}

function text(bytes: Uint8Array): string {
  return String.fromCodePoint(...bytes);
}

function bytesOf(letters: string): Uint8Array {
  return Uint8Array.from(letters, (letter) => letter.codePointAt(0) ?? 0);
}

/** A file of tmpfs with these contents. */
function fileOf(disk: TestDisk, name: string, letters: string): File {
  const file = disk.open(`/m2/${name}`, CREATE);
  expect(write(disk, file, 0, bytesOf(letters))).toBe(letters.length);
  return file;
}

test('a file is read and written as it was opened, and not at negative offsets', () => {
  const disk = new TestDisk();
  const file = fileOf(disk, 'f', 'abcdef');
  expect(read(disk, file, 2)).toBe('cdef');
  expect(read(disk, file, -1)).toBe(-E.EINVAL);
  expect(write(disk, file, -1, bytesOf('x'))).toBe(-E.EINVAL);
  expect(read(disk, disk.open('/m2/f', O_WRONLY), 0)).toBe(-E.EBADF);
  expect(write(disk, disk.open('/m2/f'), 0, bytesOf('x'))).toBe(-E.EBADF);
  expect(read(disk, disk.open('/m2/f', O_PATH), 0)).toBe(-E.EBADF);
  expect(read(disk, disk.open('/m2'), 0)).toBe(-E.EISDIR);
  expect(sys_mknod_fifo(disk.task, '/m2/p', 0o644)).toBe(0);
  expect(read(disk, disk.open('/m2/p'), 0)).toBe(-E.ESPIPE);
});

test('a write with O_APPEND goes to the end, and a swap file is not written', () => {
  const disk = new TestDisk();
  const file = fileOf(disk, 'f', 'abc');
  const appending = init_sync_kiocb(disk.open('/m2/f', O_RDWR | O_APPEND), 0);
  const check = (letters: string) =>
    disk.run(generic_write_checks(appending, iovBytes(disk.linux, bytesOf(letters))));
  expect(check('')).toBe(0);
  expect(check('de')).toBe(2);
  expect(appending.ki_pos).toBe(3);
  file.f_inode.i_flags.poke(0, S_SWAPFILE);
  expect(check('de')).toBe(-E.ETXTBSY);
});

test('without help from the filesystem a file is data up to its end', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', CREATE);
  file.f_inode.i_size.poke(0, 100);
  const seek = (offset: number, whence: 'data' | 'hole') =>
    disk.run(vfs_llseek(disk.task, file, { offset, whence }));
  expect(seek(10, 'data')).toBe(10);
  expect(seek(10, 'hole')).toBe(100);
  expect(seek(100, 'hole')).toBe(-E.ENXIO);
  expect(seek(-1, 'data')).toBe(-E.ENXIO);
  const place = disk.open('/m/f', O_PATH);
  expect(disk.run(vfs_llseek(disk.task, place, { offset: 0, whence: 'data' }))).toBe(-E.EBADF);
});

test('copy_file_range copies within one filesystem, up to the end of the source', () => {
  const disk = new TestDisk();
  const [source, dest] = [fileOf(disk, 'f', 'abcdef'), fileOf(disk, 'g', '')];
  const copy = (out: File, change: object = {}) =>
    disk.run(
      sys_copy_file_range(disk.task, {
        in: source,
        inOffset: 2,
        out,
        outOffset: 0,
        length: 100,
        ...change,
      }),
    );
  expect(copy(dest)).toBe(4);
  expect(read(disk, dest, 0)).toBe('cdef');
  expect(copy(dest, { inOffset: 6 })).toBe(0);
  expect(copy(source)).toBe(-E.EINVAL);
  expect(copy(disk.open('/m2/g'))).toBe(-E.EBADF);
  expect(copy(disk.open('/m2/g', O_RDWR | O_APPEND))).toBe(-E.EBADF);
  expect(copy(disk.open('/m/f', CREATE))).toBe(-E.EXDEV);
  expect(copy(disk.open('/m2'))).toBe(-E.EISDIR);
  dest.f_inode.i_flags.poke(0, S_IMMUTABLE);
  expect(copy(dest)).toBe(-E.EPERM);
  dest.f_inode.i_flags.poke(0, S_SWAPFILE);
  expect(copy(dest)).toBe(-E.ETXTBSY);
});

test('a pipe takes sixteen pages, of which an unaligned start fills one in part', () => {
  const disk = new TestDisk();
  const file = fileOf(disk, 'f', 'x'.repeat(17 * 4096));
  const send = (offset: number) => {
    const sink = iovSink(disk.linux, 17 * 4096);
    return disk.run(sys_sendfile(disk.task, file, { offset }, sink));
  };
  expect(send(0)).toBe(65536);
  expect(send(100)).toBe(65436);
  const sink = iovSink(disk.linux, 8);
  expect(disk.run(sys_splice(disk.task, file, { offset: 0 }, sink))).toBe(8);
  expect(text(sink.bytes())).toBe('xxxxxxxx');
  const writer = disk.open('/m2/f', O_WRONLY);
  expect(disk.run(sys_sendfile(disk.task, writer, { offset: 0 }, sink))).toBe(-E.EBADF);
});

test('clone and dedupe: filesystems that cannot say so after the files were looked at', () => {
  const disk = new TestDisk();
  const [source, dest] = [fileOf(disk, 'f', 'abc'), fileOf(disk, 'g', '')];
  const range = { source, sourceOffset: 0, dest, destOffset: 0, length: 0 };
  const clone = (change: object) =>
    disk.run(vfs_clone_file_range(disk.task, { ...range, ...change }));
  expect(clone({})).toBe(-E.EOPNOTSUPP);
  expect(clone({ dest: disk.open('/m2/g') })).toBe(-E.EBADF);
  expect(clone({ dest: disk.open('/m2') })).toBe(-E.EISDIR);
  expect(clone({ dest: disk.open('/m/f', CREATE) })).toBe(-E.EXDEV);
  expect(disk.run(vfs_dedupe_file_range(disk.task, range))).toBe(-E.EOPNOTSUPP);
  const writer = disk.open('/m2/f', O_WRONLY);
  const unread = { ...range, source: writer };
  expect(disk.run(vfs_dedupe_file_range(disk.task, unread))).toBe(-E.EINVAL);
});

test('what may be shared: aligned, within the source, and whole blocks but at both ends', () => {
  const disk = new TestDisk();
  const source = fileOf(disk, 'f', 'x'.repeat(5000));
  const dest = fileOf(disk, 'g', 'x'.repeat(9000));
  const prep = (change: Partial<RemapRequest>) => {
    const request = { source, sourceOffset: 0, dest, destOffset: 0, length: 0, dedupe: false };
    return disk.run(generic_remap_file_range_prep(disk.task, { ...request, ...change }));
  };
  expect(prep({ length: 4096 })).toBe(4096);
  expect(prep({ destOffset: 8192 })).toBe(5000);
  expect(prep({})).toBe(-E.EINVAL);
  expect(prep({ can_shorten: true })).toBe(4096);
  expect(prep({ sourceOffset: 100 })).toBe(-E.EINVAL);
  expect(prep({ sourceOffset: 8192, length: 4096 })).toBe(-E.EINVAL);
  expect(prep({ sourceOffset: 8192 })).toBe(-E.EINVAL);
  expect(prep({ length: 100 })).toBe(-E.EINVAL);
  expect(prep({ dest: source, length: 4096 })).toBe(-E.EINVAL);
  expect(prep({ dedupe: true })).toBe(0);
  expect(prep({ dedupe: true, length: 4096 })).toBe(4096);
  expect(prep({ dedupe: true, length: 8192 })).toBe(-E.EINVAL);
  expect(write(disk, dest, 10, bytesOf('y'))).toBe(1);
  expect(prep({ dedupe: true, length: 4096 })).toBe(-E.EBADE);
});

test('fallocate and fsync want a file that can do it', () => {
  const disk = new TestDisk();
  const file = disk.open('/m/f', CREATE);
  const alloc = (one: File, change: object = {}) =>
    disk.run(vfs_fallocate(disk.task, one, { mode: 'alloc', offset: 0, length: 10, ...change }));
  expect(alloc(file)).toBe(-E.EOPNOTSUPP);
  expect(alloc(file, { length: 0 })).toBe(-E.EINVAL);
  expect(alloc(disk.open('/m/f'))).toBe(-E.EBADF);
  file.f_inode.i_flags.poke(0, S_SWAPFILE);
  expect(alloc(file)).toBe(-E.ETXTBSY);
  expect(disk.run(vfs_fsync(disk.task, file, false))).toBe(-E.EINVAL);
  expect(vfs_statx(disk.task, '/m/f')).toMatchObject({ size: 0, attr_dax_mask: true });
});
