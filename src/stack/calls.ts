// Calls of a test's threads -> functions of the kernel that runs.

import { at, never, present } from '../base/index.ts';
import {
  dmsetup,
  do_munmap,
  drop_caches,
  E,
  fput,
  FS_XFLAG_DAX,
  ioctl_fsgetxattr,
  ioctl_fssetxattr,
  iovBytes,
  iovSink,
  iovUser,
  nd_pmem_probe,
  nd_pmem_remove,
  type Op,
  S_DAX,
  sys_ftruncate,
  sys_msync,
  sys_sync,
  sys_umount,
  sys_unlink,
  get,
  vfs_fallocate,
  vfs_fsync,
  vfs_pread,
  vfs_pwrite,
} from '../kernel/index.ts';
import type { FileCall, FileCell, StackCall } from '../litmus/index.ts';
import { fileNamed, offsetOf, openName, pageOf } from './bench.ts';
import { makeMapped, roleOf } from './devices.ts';
import { directoryOf, mountFs, openFile } from './files.ts';
import { mmapOp } from './mappings.ts';
import { type Running, valueOf } from './thread.ts';

/** The call, with what C gives: 0, a count, or a negative error number; read() gives the value. */
export function* callOp(running: Running, call: StackCall): Op<number> {
  const { bench, registers } = running;
  switch (call.op) {
    case 'read':
      return yield* readOp(running, call.at);
    case 'write':
      return yield* writeOp(running, call.at, valueOf(registers, call.value));
    case 'read_into':
    case 'write_from':
      return yield* betweenOp(running, call);
    case 'open':
    case 'close':
    case 'fsync':
    case 'fallocate':
    case 'punch_hole':
    case 'unlink':
    case 'IS_DAX':
      return yield* fileOp(running, call.op, call.file);
    case 'ftruncate': {
      const size = valueOf(registers, call.pages) * bench.linux.PAGE_SIZE;
      const file = fileOf(running, call.file);
      return file === undefined ? -E.EBADF : yield* sys_ftruncate(running.task, file, size);
    }
    case 'chattr':
      return yield* chattrOp(running, call.file, valueOf(registers, call.flag) !== 0);
    case 'mmap':
    case 'munmap':
    case 'msync':
      return yield* mappingOp(running, call.op, call.mapping);
    case 'mount': {
      const mount = bench.stack.mounts.find(({ name }) => name === call.mount);
      return mountFs(bench, present(mount, `mount ${call.mount}`));
    }
    case 'umount':
      return sys_umount(running.task, directoryOf(bench, call.mount));
    case 'attach':
    case 'detach':
      return yield* deviceOp(running, call.op, call.device);
    case 'sync':
      yield* sys_sync(bench.linux);
      return 0;
    case 'drop_caches':
      drop_caches(bench.linux);
      return 0;
    default:
      return never(call);
  }
}

function fileOf({ bench, process }: Running, name: string) {
  return bench.open.get(openName(name, process));
}

function* readOp(running: Running, { file: name, line, cell }: FileCell): Op<number> {
  const file = fileOf(running, name);
  if (file === undefined) return -E.EBADF;
  const { bench, task } = running;
  const sink = iovSink(bench.linux, 1);
  const offset = offsetOf(bench, name, line, cell);
  const answer = yield* vfs_pread(task, file, { offset }, sink);
  // At the end of the file there is nothing to tell.
  return answer === 1 ? at([...sink.bytes()], 0) : answer < 0 ? answer : -E.ENODATA;
}

function* writeOp(
  running: Running,
  { file: name, line, cell }: FileCell,
  value: number,
): Op<number> {
  const file = fileOf(running, name);
  if (file === undefined) return -E.EBADF;
  const { bench, task } = running;
  const from = iovBytes(bench.linux, new Uint8Array([value]));
  return yield* vfs_pwrite(task, file, { offset: offsetOf(bench, name, line, cell) }, from);
}

function* betweenOp(
  running: Running,
  call: Extract<StackCall, { readonly op: 'read_into' | 'write_from' }>,
): Op<number> {
  const { bench, task } = running;
  const file = fileOf(running, call.at.file);
  const { address } = present(bench.addresses.get(call.mapping), 'mapping');
  if (file === undefined || address === undefined) return -E.EBADF;
  // Direct I/O is done in blocks of the device.
  const isDirect = fileNamed(bench, call.at.file).options.has('direct');
  const length = isDirect ? bench.linux.PAGE_SIZE : 1;
  const { line, cell } = call.at;
  const within = isDirect ? 0 : offsetOf(bench, call.at.file, line, cell);
  const page = fileNamed(bench, call.at.file).pages.indexOf(pageOf(bench, line));
  const offset = isDirect ? page * bench.linux.PAGE_SIZE : within;
  const user = address + (isDirect ? 0 : within % bench.linux.PAGE_SIZE);
  const isRead = call.op === 'read_into';
  const iter = iovUser(task, user, length, isRead ? 'dest' : 'source');
  return yield* (isRead ? vfs_pread : vfs_pwrite)(task, file, { offset }, iter);
}

function* fileOp(running: Running, op: FileCall, name: string): Op<number> {
  const { bench, task, process } = running;
  const declared = fileNamed(bench, name);
  if (op === 'open') {
    const opened = openFile(bench, declared, process);
    if (typeof opened === 'number') return opened;
    bench.open.set(openName(name, process), opened);
    return 0;
  }
  if (op === 'unlink') {
    return yield* sys_unlink(task, present(bench.filePaths.get(name), 'path of a file'));
  }
  const file = fileOf(running, name);
  if (file === undefined) return -E.EBADF;
  const { PAGE_SIZE } = bench.linux;
  switch (op) {
    case 'close':
      bench.open.delete(openName(name, process));
      yield* fput(file);
      return 0;
    case 'fsync':
      return yield* vfs_fsync(task, file, false);
    case 'fallocate': {
      const length = declared.pages.length * PAGE_SIZE;
      return yield* vfs_fallocate(task, file, { mode: 'alloc', offset: 0, length });
    }
    case 'punch_hole':
      return yield* vfs_fallocate(task, file, { mode: 'punch', offset: 0, length: PAGE_SIZE });
    case 'IS_DAX':
      return ((yield* get(file.f_inode.i_flags)) & S_DAX) === 0 ? 0 : 1;
    default:
      return never(op);
  }
}

function* chattrOp(running: Running, name: string, flag: boolean): Op<number> {
  const file = fileOf(running, name);
  if (file === undefined) return -E.EBADF;
  const old = ioctl_fsgetxattr(running.task, file);
  if (typeof old === 'number') return old;
  const bits = old.fsx_xflags;
  const fsx_xflags = flag ? bits | FS_XFLAG_DAX : bits & ~FS_XFLAG_DAX;
  return yield* ioctl_fssetxattr(running.task, file, { ...old, fsx_xflags });
}

function* mappingOp(
  { bench, task }: Running,
  op: 'mmap' | 'munmap' | 'msync',
  name: string,
): Op<number> {
  const mapped = present(bench.addresses.get(name), `address ${name}`);
  const { PAGE_SIZE } = bench.linux;
  if (op === 'mmap') {
    const answer = yield* mmapOp(bench, mapped);
    if (answer < 0) return answer;
    mapped.address = answer;
    return 0;
  }
  const { address } = mapped;
  if (address === undefined) return -E.EINVAL;
  if (op === 'msync') {
    return yield* sys_msync(task, { start: address, length: PAGE_SIZE, mode: 'sync' });
  }
  mapped.address = undefined;
  return yield* do_munmap(task, address, PAGE_SIZE);
}

function* deviceOp({ bench }: Running, op: 'attach' | 'detach', name: string): Op<number> {
  const { linux, stack, user } = bench;
  const role = roleOf(stack, name);
  const device = present(
    stack.devices.find((one) => one.name === name),
    `device ${name}`,
  );
  if (device.kind === 'dm-linear' || device.kind === 'dm-stripe') {
    if (op === 'attach') return makeMapped(bench, device) === undefined ? 0 : -E.EINVAL;
    return dmsetup(linux, ['remove', name], '').rc === 0 ? 0 : -E.EBUSY;
  }
  const namespace = role === undefined ? undefined : user.namespaces.get(role);
  if (namespace === undefined) return -E.ENODEV;
  if (op === 'attach') return yield* nd_pmem_probe(linux, namespace);
  yield* nd_pmem_remove(namespace);
  return 0;
}
