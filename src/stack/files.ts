// File systems and files of a test, as they are before its threads start.

import { at, fail, ok, present, type Result } from '../base/index.ts';
import { colourOf, colours, vaddr } from '../hw/index.ts';
import {
  do_mmap,
  do_munmap,
  do_sys_open,
  drop_caches,
  type File,
  fput,
  iovBytes,
  O_CREAT,
  O_DIRECT,
  O_RDWR,
  sys_ftruncate,
  sys_mount,
  sys_rename,
  sys_umount,
  user_load,
  vfs_fallocate,
  vfs_fsync,
  vfs_pwrite,
} from '../kernel/index.ts';
import type { StackFile, StackMount } from '../litmus/index.ts';
import { physicalOfFile, setx } from '../user/index.ts';
import { type Bench, offsetInPage, openName } from './bench.ts';

const DIRECTORIES = ['/m', '/m2', '/m3'];
const FILE_MODE = 0o644;

/** The directory that a mount of the test is on. */
export function directoryOf({ stack }: Pick<Bench, 'stack'>, mount: string): string {
  return at(
    DIRECTORIES,
    stack.mounts.findIndex(({ name }) => name === mount),
  );
}

/** Makes file systems and files, and opens these; a problem tells which call failed. */
export function makeFiles(bench: Bench): Result<undefined> {
  const { stack, user } = bench;
  if (stack.mounts.length > DIRECTORIES.length) {
    return fail({ what: `a test has at most ${DIRECTORIES.length} mounts` });
  }
  for (const mount of stack.mounts) {
    const device = stack.devices.find(({ name }) => name === mount.device);
    // What a thread attaches holds no file system yet.
    if (device?.detached) continue;
    const path = present(bench.paths.get(mount.device), 'path of a device');
    if (mount.fs === 'erofs') return fail({ what: 'erofs does not run in litmus tests yet' });
    if (mount.fs !== 'virtiofs') {
      const argv = mkfsArgs(bench, mount.fs, path);
      const made = user.perform('mkfs', { fs: mount.fs, device: path, argv });
      if (!made.ok) return made;
      if (made.value.rc !== 0) return fail({ what: `mkfs.${mount.fs} on ${mount.device} fails` });
    }
    const files = stack.files.filter((one) => one.mount === mount.name);
    if (mount.unmounted && files.length === 0) continue;
    const answer = mountFs(bench, mount);
    if (answer < 0) return fail({ what: `the mount ${mount.name} gives ${answer}` });
    for (const file of files) {
      const problem = makeFile(bench, file);
      if (problem !== undefined) return fail({ what: problem });
    }
    if (mount.unmounted) sys_umount(user.task, directoryOf(bench, mount.name));
  }
  return ok(undefined);
}

// Blocks of one page, as DAX needs them.
function mkfsArgs({ linux }: Bench, fs: string, path: string): readonly string[] {
  const bytes = String(linux.PAGE_SIZE);
  return fs === 'xfs'
    ? ['mkfs.xfs', '-f', '-b', `size=${bytes}`, path]
    : [`mkfs.${fs}`, '-F', '-b', bytes, path];
}

/** Mounts as the test says: 0, or an error number. */
export function mountFs(bench: Bench, { name, fs, device, option, isBare }: StackMount): number {
  const path = present(bench.paths.get(device), 'path of a device');
  const dax = option === 'plain' ? 'dax' : `dax=${option}`;
  return sys_mount(bench.user.task, {
    fstype: fs,
    device: path,
    dir: directoryOf(bench, name),
    options: isBare ? 'none' : dax,
  });
}

/** Colours of any machine here are fewer. */
const MOST_TRIES = 600;

function makeFile(bench: Bench, file: StackFile): string | undefined {
  const { linux, filePaths, user } = bench;
  const { options } = file;
  const path = `${directoryOf(bench, file.mount)}/${file.name}`;
  filePaths.set(file.name, path);
  for (let tries = 0; ; tries++) {
    const made = do_sys_open(user.task, path, O_CREAT | O_RDWR, FILE_MODE);
    if (typeof made === 'number') return `${path} cannot be made: ${made}`;
    const problem = options.has('flagged') ? flag(bench, made, path) : undefined;
    linux.now(fput(made));
    if (options.has('flagged')) drop_caches(linux);
    const filled = problem ?? fillAnew(bench, file);
    if (filled !== undefined) return filled;
    if (isBare(file)) giveBlocks(bench, file);
    // Ranges of the window of virtiofs begin at multiples of 2 MiB: all places are congruent.
    const settled = fsOf(bench, file) === 'virtiofs' || tries === MOST_TRIES;
    if (settled || !isCongruent(bench, path)) {
      if (isBare(file)) takeBlocks(bench, file);
      break;
    }
    // Nothing would alias: this file keeps its place, and the next one gets another.
    linux.now(sys_rename(user.task, path, `${path}.pad${tries}`, { exchange: false }));
  }
  if (options.has('cold')) drop_caches(linux);
  if (options.has('closed')) return undefined;
  for (let process = 0; process < bench.tasks.length; process++) {
    const opened = openFile(bench, file, process);
    if (typeof opened === 'number') return `${path} cannot be opened: ${opened}`;
    bench.open.set(openName(file.name, process), opened);
  }
  return undefined;
}

function flag({ user }: Bench, file: File, path: string): string | undefined {
  const { rc } = setx(user, file, '+x');
  return rc === 0 ? undefined : `chattr +x ${path} fails`;
}

function isBare({ options }: StackFile): boolean {
  return options.has('hole') || options.has('empty');
}

/** Allocates what a file without blocks is to get in the end: where that is, is found so. */
export function giveBlocks(bench: Bench, file: StackFile): void {
  const { linux, user } = bench;
  const opened = openFile(bench, file, 0);
  if (typeof opened === 'number') return;
  const length = file.pages.length * linux.PAGE_SIZE;
  const asked = { mode: 'alloc', offset: 0, length } as const;
  if (user.run(vfs_fallocate(user.task, opened, asked)) !== 0) {
    // ext2 has no such call.
    const zeroes = iovBytes(linux, new Uint8Array(length));
    user.run(vfs_pwrite(user.task, opened, { offset: 0 }, zeroes));
    user.run(vfs_fsync(user.task, opened, false));
  }
  linux.now(fput(opened));
}

// Blocks that have just become free are the first to be given out again.
function takeBlocks(bench: Bench, file: StackFile): void {
  const { linux, user } = bench;
  const opened = openFile(bench, file, 0);
  if (typeof opened === 'number') return;
  user.run(sys_ftruncate(user.task, opened, 0));
  if (file.options.has('hole')) {
    user.run(sys_ftruncate(user.task, opened, file.pages.length * linux.PAGE_SIZE));
  }
  user.run(vfs_fsync(user.task, opened, false));
  linux.now(fput(opened));
}

function fillAnew(bench: Bench, file: StackFile): string | undefined {
  const opened = openFile(bench, file, 0);
  if (typeof opened === 'number') return `${file.name} cannot be opened: ${opened}`;
  const problem = fill(bench, file, opened);
  bench.linux.now(fput(opened));
  return problem;
}

/** Whether a process that maps the file would get an address of the kernel's colour. */
function isCongruent(bench: Bench, path: string): boolean {
  const { user, linux } = bench;
  const { dcache, pageBytes } = linux.machine.machine;
  if (dcache === undefined || colours(dcache, pageBytes) === 1) return false;
  const file = do_sys_open(user.task, path, O_RDWR, FILE_MODE);
  if (typeof file === 'number') return false;
  const place = physicalOfFile(user, file, 0);
  const address = mapFirst(bench, file);
  linux.now(fput(file));
  if (place === undefined || address < 0) return false;
  const colour = (byte: number) => colourOf(dcache, pageBytes, vaddr(byte));
  return colour(linux.PAGE_OFFSET + place) === colour(address);
}

// Where mmap() puts the first mapping of a file; it is taken away again.
function mapFirst({ user, linux }: Bench, file: File): number {
  const address = user.run(do_mmap(user.task, sharedMapping(file, linux.PAGE_SIZE))) ?? -1;
  if (address >= 0) user.run(do_munmap(user.task, address, linux.PAGE_SIZE));
  return address;
}

function sharedMapping(file: File, length: number) {
  return { file, offset: 0, length, read: true, write: true, type: 'shared', sync: false } as const;
}

/** Opens a file of the test in a process. */
export function openFile(bench: Bench, file: StackFile, process: number): File | number {
  const path = present(bench.filePaths.get(file.name), 'path of a file');
  const flags = O_RDWR | (file.options.has('direct') ? O_DIRECT : 0);
  return do_sys_open(at(bench.tasks, process), path, flags, FILE_MODE);
}

function fill(bench: Bench, declared: StackFile, file: File): string | undefined {
  const { linux, user } = bench;
  const { PAGE_SIZE } = linux;
  const size = declared.pages.length * PAGE_SIZE;
  if (declared.options.has('empty')) return undefined;
  if (declared.options.has('hole')) {
    const cut = user.run(sys_ftruncate(user.task, file, size));
    return cut === 0 ? undefined : `${declared.name} cannot be made ${size} bytes long`;
  }
  for (const [index, page] of declared.pages.entries()) {
    const bytes = new Uint8Array(PAGE_SIZE);
    for (const line of bench.program.lines.filter((one) => one.page === page)) {
      for (const [cell, value] of line.cells.entries()) {
        bytes[offsetInPage(bench, line.name, cell)] = value;
      }
    }
    const offset = index * PAGE_SIZE;
    const done = user.run(vfs_pwrite(user.task, file, { offset }, iovBytes(linux, bytes)));
    if (done !== PAGE_SIZE) return `a write to ${declared.name} gives ${done}`;
  }
  const synced = user.run(vfs_fsync(user.task, file, false));
  if (synced !== 0) return `fsync() of ${declared.name} gives ${synced}`;
  return fsOf(bench, declared) === 'virtiofs' ? findInWindow(bench, file, size) : undefined;
}

// virtiofs does not tell where in the window a file is; the entries of a mapping that has been do.
function findInWindow({ linux, user }: Bench, file: File, length: number): string | undefined {
  const { task } = user;
  const address = user.run(do_mmap(task, sharedMapping(file, length))) ?? -1;
  if (address < 0) return `mmap() of a file on virtiofs gives ${address}`;
  for (let offset = 0; offset < length; offset += linux.PAGE_SIZE) {
    user.run(user_load(task, address + offset, 1));
  }
  user.run(do_munmap(task, address, length));
  return undefined;
}

function fsOf({ stack }: Bench, file: StackFile): string | undefined {
  return stack.mounts.find(({ name }) => name === file.mount)?.fs;
}
