// A small machine for races about S_DAX: one XFS on persistent memory, mounted dax=inode, with one
// file. The CPU is coherent: nothing is cached that could be old, so that whatever is lost is lost
// by the kernel.

import { assert, at, present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import {
  defaultConfig,
  type DesignId,
  do_mmap,
  do_sys_open,
  emptyDirectory,
  type File,
  format_image,
  fput,
  FS_XFLAG_DAX,
  iovBytes,
  type Inode,
  ioctl_fssetxattr,
  init_mount_tree,
  IS_ERR,
  type Linux,
  lookup_bdev,
  nd_pmem_probe,
  new_task,
  newNamespace,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  registerFileSystems,
  start_kernel,
  sys_mkdir,
  sys_mount,
  type Task,
  vfs_pwrite,
} from '../../kernel/index.ts';
import type { TrackedMemory } from '../automaton-memory.ts';
import { FRAMES_APART } from '../automaton-world.ts';
import { cacheModelOf } from '../cache-model.ts';

/** Name and path of the file of every bed. */
export const FILE_NAME = 'f';
export const FILE = `/m/${FILE_NAME}`;

const BASE = 2 ** 32;
const BYTES = 2 ** 26;
const ROOT_INO = 128;
/** Blocks that are the file system's own. */
const RESERVED = 1024;

/** How a bed starts. */
export interface BedChoice {
  readonly design: DesignId;
  /** The flag of the file, and its mode. */
  readonly dax: boolean;
  /** Whether the file has a page of data, all zeroes; else it is empty. */
  readonly hasData: boolean;
}

/** A kernel with one file. */
export interface Bed {
  readonly choice: BedChoice;
  readonly linux: Linux;
  readonly inode: Inode;
  /** The directory of the file, open. */
  readonly directory: File;
  /** What threads start from: processes with the file open. */
  readonly roots: object[];
  /** First bytes of the file's block and of the page frames that the page cache may get. */
  readonly memory: TrackedMemory;
}

/** A kernel with the file as it is asked for. Nobody has it open. */
export function bedOf(choice: BedChoice): Bed {
  const linux = bootedKernel(choice.design);
  const task = at(linux.tasks, 0);
  makeRoot(linux, task);
  attachDisk(linux, task);
  setFlag(linux, task, '/m', choice.dax);
  const made = openFile(task, FILE, O_RDWR | O_CREAT);
  if (choice.hasData) {
    const page = iovBytes(linux, { byte: 0, length: linux.PAGE_SIZE });
    const written = linux.now(vfs_pwrite(task, made, { offset: 0 }, page));
    assert(written === linux.PAGE_SIZE, 'the file gets a page');
    const a_ops = present(made.f_inode.i_mapping.a_ops.peek(), 'a_ops');
    linux.now(a_ops.writepages(made.f_inode, 0, linux.PAGE_SIZE, true));
  }
  setFlag(linux, task, '/m', false);
  linux.now(fput(made));
  const inode = made.f_inode;
  const directory = openFile(task, '/m', O_RDONLY);
  return { choice, linux, inode, directory, roots: [directory], memory: followed(linux, inode) };
}

/** A process of its own. */
export function newTask({ linux }: Bed): Task {
  return new_task(linux, 0);
}

/** Opens what must be there, before anything races. */
export function openFile(task: Task, path: string, flags: number = O_RDWR): File {
  const file = do_sys_open(task, path, flags, 0o644);
  assert(!IS_ERR(file), `${path} can be opened`);
  return file;
}

/** Maps the first page of the file, before anything races; the address. */
export function mapFile(
  { linux }: Bed,
  task: Task,
  file: File,
  how: { readonly sync?: boolean } = {},
): number {
  const type = how.sync === true ? 'shared_validate' : 'shared';
  const map = { file, offset: 0, length: linux.PAGE_SIZE, read: true, write: true, type } as const;
  const address = linux.now(do_mmap(task, { ...map, ...how }));
  assert(address > 0, 'the file can be mapped');
  return address;
}

function bootedKernel(design: DesignId): Linux {
  const machine = present(machineById('skylake'), 'machine');
  const config = defaultConfig(machine, '6.12', { fsDax: true });
  return start_kernel({
    machine,
    release: '6.12',
    // Huge pages add faults that fall back, and no race.
    config: { ...config, TRANSPARENT_HUGEPAGE: false },
    gate: 'stock',
    cpu_dcache_is_aliasing: false,
    s_dax: design,
  });
}

function makeRoot(linux: Linux, task: Task): void {
  registerFileSystems(linux);
  init_mount_tree(task);
  for (const dir of ['/dev', '/m']) assert(sys_mkdir(task, dir, 0o755) === 0, 'a directory');
}

function attachDisk(linux: Linux, task: Task): void {
  const region = { provider: 'e820', start: BASE, size: BYTES, ndr_mappings: 0 } as const;
  const namespace = newNamespace(linux, { kind: 'raw' }, { ...region, pagemap: true });
  assert(linux.now(nd_pmem_probe(linux, namespace)) === 0, 'the disk is attached');
  const bdev = lookup_bdev(linux, '/dev/pmem0');
  assert(!IS_ERR(bdev), 'the disk is there');
  const root = emptyDirectory(ROOT_INO);
  const image = format_image(linux, bdev, {
    format: 'xfs',
    block_size: linux.PAGE_SIZE,
    block_count: BYTES / linux.PAGE_SIZE,
    features: new Set(['crc', 'ftype']),
    external: {},
    root: root.ino,
    inodes: new Map([[root.ino, root]]),
    next_ino: root.ino + 3,
    reserved: RESERVED,
  });
  assert(typeof image === 'object', 'the disk is formatted');
  const call = { fstype: 'xfs', device: '/dev/pmem0', dir: '/m', options: 'dax=inode' };
  assert(sys_mount(task, call) === 0, 'the file system is mounted');
}

function setFlag(linux: Linux, task: Task, path: string, dax: boolean): void {
  const file = openFile(task, path, O_RDONLY);
  const flags = { fsx_xflags: dax ? FS_XFLAG_DAX : 0 };
  assert(linux.now(ioctl_fssetxattr(task, file, flags)) === 0, 'the flag is set');
  linux.now(fput(file));
}

/** Page frames that a thread of a scene gets first: as many as it needs for one page of a file. */
const FRAMES = 2;
/** Most threads of a program. */
const THREADS = 3;

function followed(linux: Linux, inode: Inode): TrackedMemory {
  const { PAGE_SIZE, ram } = linux;
  // An empty file will get the first block that is free.
  const block = inode.blocks.peek(0)?.block ?? RESERVED;
  const frames = Array.from({ length: THREADS }, (_, thread) =>
    Array.from({ length: FRAMES }, (_, n) => ram.next + thread * FRAMES_APART + n),
  ).flat();
  const cached = inode.i_mapping.i_pages.peek(0);
  const own = cached?.kind === 'folio' ? [cached.folio.pfn] : ram.free.slice(-FRAMES);
  const bytes = [...own, ...frames].map((pfn) => pfn * PAGE_SIZE);
  const none = { ...cacheModelOf(linux.machine.machine), aliasClass: 'none' as const };
  return {
    model: none,
    lineBytes: 64,
    bytes: [BASE + block * PAGE_SIZE, ...bytes],
  };
}
