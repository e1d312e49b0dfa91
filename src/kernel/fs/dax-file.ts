// A DAX file without a filesystem around it: the smallest thing that the DAX paths run on, for
// tests, and for explorers that want few steps. Its blocks are pages of a dax device; it takes the
// locks that ext4 takes, and journals nothing.

import { present } from '../../base/index.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import { E } from '../include/linux/errno.ts';
import {
  type File,
  type FileOperations,
  type FsBlock,
  type Inode,
  type Kiocb,
  O_RDWR,
  S_DAX,
  type SuperBlock,
} from '../include/linux/fs.ts';
import {
  IOMAP_F_DIRTY,
  IOMAP_F_NEW,
  IOMAP_F_SHARED,
  IOMAP_WRITE,
  type Iomap,
  type IomapOps,
} from '../include/linux/iomap.ts';
import type { VmFault, VmFaultRequest, VmOperations } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { Lock, Shared } from '../shared.ts';
import { get, lock, noSteps, type Op, set, unlock } from '../steps.ts';
import { alloc_dax, dax_zero_page_range } from '../drivers/dax/super.ts';
import {
  type DaxOrder,
  dax_finish_sync_fault,
  dax_iomap_fault,
  dax_iomap_rw,
  dax_writeback_mapping_range,
} from './dax.ts';
import { new_inode } from './inode.ts';
import { zeroUnderRemedy } from './remedies-access.ts';

/** What a file is made of. */
export interface DaxFileSetup {
  readonly dax: DaxDevice;
  /** Bytes. */
  readonly size: number;
  /** By page of the file: which page of the device, as at the start. Others are holes. */
  readonly blocks: ReadonlyMap<number, FsBlock>;
  /** Pages of the device that holes get, first one first. */
  readonly free?: readonly number[];
  /** Pages of the file whose blocks another file has as well: a store needs a copy. */
  readonly shared?: readonly number[];
}

/** A file with a description that programs can use. */
export interface DaxFile {
  readonly file: File;
  readonly inode: Inode;
  readonly ops: IomapOps;
  /** 1 while metadata waits for fsync(): MAP_SYNC faults have to wait for it too. */
  readonly metadata: Shared<number>;
  iocb(ki_pos: number): Kiocb;
}

/**
 * A range of persistent memory with a dax device on it and no driver; or what alloc_dax() answers
 * in its place.
 */
export function plainDax(
  linux: Linux,
  { base, pages }: { readonly base: number; readonly pages: number },
): DaxDevice | number {
  const { PAGE_SIZE, PAGE_OFFSET } = linux;
  const bytes = pages * PAGE_SIZE;
  linux.machine.memory.addRange({ name: 'pmem', base, bytes, kind: 'persistent' });
  const dax = linux.now(
    alloc_dax(linux, {
      direct_access: (pgoff, nr_pages) =>
        noSteps({
          kaddr: PAGE_OFFSET + base + pgoff * PAGE_SIZE,
          pfn: base / PAGE_SIZE + pgoff,
          nr_pages,
        }),
      zero_page_range: () => noSteps(0),
    }),
  );
  return present(dax, 'a dax device');
}

/** Makes a file; nothing of it is on the device yet but what `setup` names. */
export function daxFile(linux: Linux, setup: DaxFileSetup): DaxFile {
  const metadata = new Shared('metadata of the file', 0);
  const free = new Shared<readonly number[]>('free pages', setup.free ?? []);
  const isShared = new Shared('shared page', false);
  for (const page of setup.shared ?? []) isShared.poke(page, true);
  const ops = iomapOps(linux, { ...setup, free, isShared, metadata });
  const sb = superBlock(linux, setup.dax);
  const inode = new_inode(sb, {
    ino: 2,
    kind: 'reg',
    mode: 0o600,
    i_op: { getattr: (one) => ({ size: one.i_size.peek(), blksize: linux.PAGE_SIZE }) },
    i_fop: fileOperations(ops, setup.dax, metadata),
    i_flags: S_DAX,
    a_ops: {
      iomap: ops,
      writepages: (one, start, end) =>
        dax_writeback_mapping_range(one.i_mapping, setup.dax, start, end),
      *page_mkwrite() {
        yield* get(metadata);
        return -E.EIO;
      },
    },
    size: setup.size,
    blocks: setup.blocks,
  });
  const mount = { sb, dir: '/m', source: 'none', ro: false };
  const file: File = {
    f_inode: inode,
    f_path: { mount, inode, parent: undefined, name: '' },
    f_flags: O_RDWR,
    f_pos: 0,
    f_count: 1,
    f_op: inode.i_fop,
  };
  const iocb = (ki_pos: number): Kiocb => ({
    ki_filp: file,
    ki_pos,
    direct: false,
    append: false,
    dsync: false,
  });
  return { file, inode, ops, metadata, iocb };
}

interface Space extends Omit<DaxFileSetup, 'free' | 'shared'> {
  readonly free: Shared<readonly number[]>;
  readonly isShared: Shared<boolean>;
  readonly metadata: Shared<number>;
}

function iomapOps(linux: Linux, space: Space): IomapOps {
  return {
    *iomap_begin(inode, pos, length, flags): Op<Iomap | number> {
      const page = Math.floor(pos / linux.PAGE_SIZE);
      const place = { offset: page * linux.PAGE_SIZE, length: linux.PAGE_SIZE };
      const at = { ...place, bdev: undefined, dax_dev: space.dax };
      const found = yield* get(inode.blocks, page);
      const write = (flags & IOMAP_WRITE) !== 0;
      if (!write && found === undefined) return { ...at, type: 'hole', addr: -1, flags: 0 };
      const old = found && { ...at, addr: found.block * linux.PAGE_SIZE, flags: 0 };
      if (!write && found?.unwritten && old) return { ...old, type: 'unwritten' };
      if (old && found && !found.unwritten) {
        const isShared = yield* get(space.isShared, page);
        if (!write || !isShared) {
          const dirty = (yield* get(space.metadata)) === 1 ? IOMAP_F_DIRTY : 0;
          const mapped = flagsOf(dirty, isShared);
          const pages = isShared ? 1 : yield* runLength(linux, space, inode, { page, pos, length });
          return { ...old, length: pages * linux.PAGE_SIZE, type: 'mapped', flags: mapped };
        }
        const block = yield* allocate(space, inode, page);
        if (block < 0) return block;
        yield* set(space.isShared, page, false);
        const addr = block * linux.PAGE_SIZE;
        const srcmap: Iomap = { ...old, type: 'mapped' };
        return { ...at, addr, type: 'mapped', flags: IOMAP_F_SHARED | IOMAP_F_DIRTY, srcmap };
      }
      const block = found?.block ?? (yield* allocate(space, inode, page));
      if (block < 0) return block;
      yield* zeroBlock(linux, inode, { page, block, dax: space.dax });
      yield* set(inode.blocks, page, { block, unwritten: false });
      yield* set(space.metadata, 0, 1);
      const addr = block * linux.PAGE_SIZE;
      return { ...at, addr, type: 'mapped', flags: IOMAP_F_NEW | IOMAP_F_DIRTY };
    },
  };
}

function zeroBlock(
  linux: Linux,
  inode: Inode,
  what: { readonly page: number; readonly block: number; readonly dax: DaxDevice },
): Op<number> {
  const { page: pgoff, block: devicePage, dax } = what;
  if (linux.remedy === 'none') return dax_zero_page_range(linux, dax, devicePage, 1);
  return zeroUnderRemedy(linux, { mapping: inode.i_mapping, pgoff, dax, devicePage });
}

function flagsOf(dirty: number, isShared: boolean): number {
  return dirty | (isShared ? IOMAP_F_SHARED : 0);
}

// Pages from the first one on that are mapped alike and lie one after another, as many as asked.
function* runLength(
  linux: Linux,
  space: Space,
  inode: Inode,
  asked: { readonly page: number; readonly pos: number; readonly length: number },
): Op<number> {
  const first = yield* get(inode.blocks, asked.page);
  const wanted = Math.ceil((asked.pos + asked.length) / linux.PAGE_SIZE) - asked.page;
  for (let run = 1; run < wanted; run++) {
    const next = yield* get(inode.blocks, asked.page + run);
    if (next === undefined || next.unwritten) return run;
    if (first === undefined || next.block !== first.block + run) return run;
    if (yield* get(space.isShared, asked.page + run)) return run;
  }
  return wanted;
}

function* allocate(space: Space, inode: Inode, page: number): Op<number> {
  const [block, ...rest] = yield* get(space.free);
  if (block === undefined) return -E.ENOSPC;
  yield* set(space.free, 0, rest);
  yield* set(inode.blocks, page, { block, unwritten: false });
  yield* set(space.metadata, 0, 1);
  return block;
}

function fileOperations(ops: IomapOps, dax: DaxDevice, metadata: Shared<number>): FileOperations {
  const vm_ops = vmOperations(ops);
  return {
    *read_iter(task, iocb, to) {
      const { i_rwsem } = iocb.ki_filp.f_inode;
      yield* lock(i_rwsem, 'shared');
      const done = yield* dax_iomap_rw(task, iocb, to, ops);
      yield* unlock(i_rwsem, 'shared');
      return done;
    },
    *write_iter(task, iocb, from) {
      const { i_rwsem, i_size } = iocb.ki_filp.f_inode;
      yield* lock(i_rwsem);
      const done = yield* dax_iomap_rw(task, iocb, from, ops);
      if (done > 0 && iocb.ki_pos > (yield* get(i_size))) yield* set(i_size, 0, iocb.ki_pos);
      yield* unlock(i_rwsem);
      return done;
    },
    mmap: (_task, _file, vma) => noSteps({ ...vma, vm_ops }),
    mmap_sync: true,
    *fsync(_task, file, start, end) {
      const mapping = file.f_inode.i_mapping;
      const error = yield* dax_writeback_mapping_range(mapping, dax, start, end);
      yield* set(metadata, 0, 0);
      return error;
    },
  };
}

function vmOperations(ops: IomapOps): VmOperations {
  const fault = (order: DaxOrder) =>
    function* handle(request: VmFaultRequest): Op<VmFault> {
      const file = present(request.vma.vm_file, 'a mapping of a file');
      const { invalidate_lock } = file.f_inode.i_mapping;
      yield* lock(invalidate_lock, 'shared');
      const first = yield* dax_iomap_fault(request, order, ops);
      const result =
        first.kind === 'NEEDDSYNC'
          ? yield* dax_finish_sync_fault(request, order, first.pfn)
          : first;
      yield* unlock(invalidate_lock, 'shared');
      return result;
    };
  return { fault: fault('pte'), huge_fault: fault('pmd'), pfn_mkwrite: fault('pte') };
}

function superBlock(linux: Linux, s_daxdev: DaxDevice): SuperBlock {
  const noError = new Shared('error of the superblock', 0);
  return {
    linux,
    s_type: { name: 'none', requires_dev: false, get_tree: () => -E.EINVAL },
    s_bdev: undefined,
    s_daxdev,
    ro: false,
    s_blocksize: linux.PAGE_SIZE,
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared('free blocks', 0),
    s_op: {
      read_inode: () => present<Inode>(undefined, 'an inode of the medium'),
      show_options: () => '',
      reconfigure: () => get(noError),
      sync_fs: () => get(noError),
      put_super: () => noSteps(undefined),
      *evict_inode() {},
    },
    root: 1,
    s_writers: new Lock('writers of the superblock'),
  };
}
