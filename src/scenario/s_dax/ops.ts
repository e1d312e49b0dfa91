// What the threads of the programs about S_DAX do: system calls, with answers that can be compared.

import {
  do_mmap,
  type File,
  FS_XFLAG_DAX,
  get,
  iovBytes,
  iovSink,
  iovUser,
  ioctl_fssetxattr,
  type Op,
  S_DAX,
  type Task,
  user_load,
  user_store,
  vfs_pread,
  vfs_pwrite,
} from '../../kernel/index.ts';
import { type Bed, FILE, newTask, openFile } from './bed.ts';

/** A process with the file open. */
export interface Person {
  readonly bed: Bed;
  readonly task: Task;
  readonly file: File;
}

/** A new process that has the file open. */
export function personOf(bed: Bed): Person {
  const task = newTask(bed);
  const file = openFile(task, FILE);
  bed.roots.push(file);
  return { bed, task, file };
}

/** write() of a page of one byte: bytes, or an error number. */
export function writePage({ bed, task, file }: Person, byte: number): Op<number> {
  const { linux } = bed;
  const page = iovBytes(linux, { byte, length: linux.PAGE_SIZE });
  return vfs_pwrite(task, file, { offset: 0 }, page);
}

/** write() of one byte at `offset` from user memory: 1, or an error number. */
export function writeFrom(
  { task, file }: Person,
  from: { readonly offset: number; readonly address: number },
): Op<number> {
  const iter = iovUser(task, from.address, 1, 'source');
  return vfs_pwrite(task, file, { offset: from.offset }, iter);
}

/** read() of the first byte: the byte, or an error number; -1 for none. */
export function* readByte({ bed, task, file }: Person): Op<number> {
  const sink = iovSink(bed.linux, 1);
  const count = yield* vfs_pread(task, file, { offset: 0 }, sink);
  return count < 0 ? count : (sink.bytes()[0] ?? -1);
}

/** read() of the first byte into user memory: 1, or an error number. */
export function readInto({ task, file }: Person, address: number): Op<number> {
  return vfs_pread(task, file, { offset: 0 }, iovUser(task, address, 1, 'dest'));
}

/** mmap() of the first page, shared and writable: the address, or an error number. */
export function map(
  { bed, task, file }: Person,
  how: { readonly sync?: true; readonly address?: number; readonly populate?: true } = {},
): Op<number> {
  const length = bed.linux.PAGE_SIZE;
  const type = how.sync === true ? 'shared_validate' : 'shared';
  const asked = { file, offset: 0, length, read: true, write: true, type } as const;
  return do_mmap(task, { ...asked, ...how });
}

/** A store of one byte: 1, or -1 for a signal. */
export function* storeByte({ task }: Person, address: number, byte: number): Op<number> {
  const access = yield* user_store(task, address, new Uint8Array([byte]));
  return access.kind === 'done' ? access.value : -1;
}

/** A load of one byte, or -1 for a signal. */
export function* loadByte({ task }: Person, address: number): Op<number> {
  const access = yield* user_load(task, address, 1);
  return access.kind === 'done' ? (access.value[0] ?? -1) : -1;
}

/** FS_IOC_FSSETXATTR with the flag or without: 0, or an error number. */
export function chattr({ task, file }: Person, dax: boolean): Op<number> {
  return ioctl_fssetxattr(task, file, { fsx_xflags: dax ? FS_XFLAG_DAX : 0 });
}

/** What statx() says of the mode. */
export function* statxDax({ file }: Person): Op<boolean> {
  return ((yield* get(file.f_inode.i_flags)) & S_DAX) !== 0;
}
