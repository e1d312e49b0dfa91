// Whole files, devices and sysfs attributes, for the commands.

import {
  type File,
  IS_ERR,
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  fput,
  iovBytes,
  iovSink,
  lookup_bdev,
  readSysfs,
  vfs_pread,
  vfs_pwrite,
  writeDevice,
  writeSysfs,
  E,
} from '../../kernel/index.ts';
import { open } from '../ops-file.ts';
import type { User } from '../user.ts';

/** Bytes, or one byte again and again. */
export type Contents = Uint8Array | { readonly byte: number; readonly length: number };

/** Bytes of one write at most. */
const WRITE_BYTES = 2 ** 20;

/** `length` times the byte. */
export function makeUniform(byte: number, length: number): Contents {
  return { byte, length };
}

/** A text whose characters are bytes. */
export function textOf(contents: Contents): string {
  if (!(contents instanceof Uint8Array)) {
    return String.fromCharCode(contents.byte).repeat(contents.length);
  }
  let text = '';
  for (let start = 0; start < contents.length; start += 4096) {
    text += String.fromCharCode(...contents.subarray(start, start + 4096));
  }
  return text;
}

/** Bytes of such a text. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

/** All of a file or attribute, or an error number. */
export function readPath(user: User, path: string): Uint8Array | number {
  if (path.startsWith('/sys/')) {
    const text = readSysfs(user.linux, path);
    return IS_ERR(text) ? text : bytesOf(`${text}\n`);
  }
  const file = open(user, path, O_RDONLY);
  if (IS_ERR(file)) return file;
  const size = file.f_inode.i_size.peek();
  const sink = iovSink(user.linux, size);
  const read = size === 0 ? 0 : user.run(vfs_pread(user.task, file, { offset: 0 }, sink));
  const bytes = sink.bytes().slice(0, Math.max(0, read ?? 0));
  user.run(fput(file));
  return read !== undefined && read < 0 ? read : bytes;
}

/** Writes a file, device or attribute from its start: 0, or an error number. */
export function writePath(user: User, path: string, contents: Contents, truncates = true): number {
  if (path === '/dev/null') return 0;
  if (path.startsWith('/sys/')) {
    const text = textOf(contents).replace(/\n$/, '');
    return Math.min(0, writeSysfs(user.linux, path, text));
  }
  const bdev = lookup_bdev(user.linux, path);
  if (!IS_ERR(bdev))
    return eachPiece(contents, (offset, bytes) =>
      user.run(writeDevice(user.linux, bdev, { offset, bytes })),
    );
  const file = open(user, path, O_WRONLY | O_CREAT | (truncates ? O_TRUNC : 0));
  if (IS_ERR(file)) return file;
  const answer = eachPiece(contents, (offset, bytes) => writeAll(user, file, offset, bytes));
  user.run(fput(file));
  return answer;
}

function writeAll(user: User, file: File, offset: number, bytes: Uint8Array): number | undefined {
  const iter = iovBytes(user.linux, bytes);
  return user.run(vfs_pwrite(user.task, file, { offset }, iter));
}

function eachPiece(
  contents: Contents,
  write: (offset: number, bytes: Uint8Array) => number | undefined,
): number {
  for (let offset = 0; offset < contents.length; offset += WRITE_BYTES) {
    const length = Math.min(WRITE_BYTES, contents.length - offset);
    const bytes =
      contents instanceof Uint8Array
        ? contents.slice(offset, offset + length)
        : new Uint8Array(length).fill(contents.byte);
    const answer = write(offset, bytes) ?? -E.EIO;
    if (answer < 0) return answer;
  }
  return 0;
}
