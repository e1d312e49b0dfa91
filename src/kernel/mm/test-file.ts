// Files for tests of memory management: a filesystem of one file on a pmem disk, whose blocks lie
// where the test says.

import { assert, present } from '../../base/index.ts';
import { readDevice } from '../block/bio.ts';
import { lookup_bdev } from '../block/genhd.ts';
import { nd_pmem_probe } from '../drivers/nvdimm/pmem.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { newNamespace } from '../drivers/nvdimm/nd-new.ts';
import { new_inode } from '../fs/inode.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import {
  type AddressSpaceOperations,
  type File,
  type FileOperations,
  type Inode,
  type Kiocb,
  O_RDWR,
  type SuperBlock,
} from '../include/linux/fs.ts';
import { IOMAP_F_NEW, IOMAP_WRITE, type Iomap, type IomapOps } from '../include/linux/iomap.ts';
import type { VmOperations } from '../include/linux/mm.ts';
import { Lock, Shared } from '../shared.ts';
import type { KernelSetup } from '../init/main.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import type { Linux, ReleaseId, Task } from '../linux.ts';
import { get, noSteps, type Op, set } from '../steps.ts';
import { block_page_mkwrite, filemap_fault, filemap_map_pages } from './filemap-fault.ts';
import { filemap_read } from './filemap-read.ts';
import { generic_perform_write } from './filemap-write.ts';
import { user_load, user_store } from './memory.ts';
import { do_mmap, type MmapRequest } from './mmap.ts';
import { iomap_writepages } from './page-writeback.ts';

/** What differs from an empty file of a filesystem with blocks of one page. */
export interface TestFileSetup extends Partial<KernelSetup> {
  readonly release?: ReleaseId;
  readonly blockSize?: number;
  readonly largeFolios?: boolean;
  readonly size?: number;
  /** Unwritten blocks of the file, besides holes. */
  readonly unwritten?: readonly number[];
  /** Blocks that can be had; then there is -ENOSPC. */
  readonly free?: number;
  readonly vm_ops?: VmOperations;
}

/** A kernel with one task and one open file. */
export class TestFile {
  readonly linux: Linux;
  readonly task: Task;
  readonly inode: Inode;
  readonly file: File;
  readonly bdev: BlockDevice;
  constructor(setup: TestFileSetup = {}) {
    const { linux } = testKernel(setup.release ?? '6.12', setup);
    this.linux = linux;
    this.task = present(linux.tasks[0], 'the first task');
    const rc = linux.now(nd_pmem_probe(linux, newNamespace(linux, { kind: 'pfn', map: 'mem' })));
    assert(rc === 0, 'the disk is there');
    const bdev = lookup_bdev(linux, '/dev/pmem0');
    assert(typeof bdev !== 'number', 'the disk is found');
    this.bdev = bdev;
    const sb = superBlock(linux, bdev, setup);
    this.inode = new_inode(sb, {
      ino: 2,
      kind: 'reg',
      mode: 0o600,
      i_op: { getattr: () => ({ size: 0, blksize: sb.s_blocksize }) },
      i_fop: fileOperations(setup.vm_ops),
      a_ops: addressSpaceOperations(bdev),
      large_folios: setup.largeFolios ?? false,
      size: setup.size ?? 0,
      blocks: new Map((setup.unwritten ?? []).map((n) => [n, { block: n, unwritten: true }])),
    });
    this.file = openFile(this.inode, O_RDWR);
  }
  run<T>(op: Op<T>): T {
    return this.linux.now(op);
  }
  pwrite(pos: number, bytes: Uint8Array): number {
    const { a_ops } = this.inode.i_mapping;
    const ops = present(a_ops.peek(), 'operations');
    const from = iovBytes(this.linux, bytes);
    return this.run(generic_perform_write(this.task, this.iocb(pos), from, ops));
  }
  pread(pos: number, length: number): Uint8Array | number {
    const sink = iovSink(this.linux, length);
    const rc = this.run(filemap_read(this.task, this.iocb(pos), sink));
    return rc < 0 ? rc : sink.bytes();
  }
  iocb(ki_pos: number): Kiocb {
    return { ki_filp: this.file, ki_pos, direct: false, append: false, dsync: false };
  }
  /** Maps the file from its start, shared and writable unless told otherwise. */
  mmap(length: number, request: Partial<MmapRequest> = {}): number {
    const asked: MmapRequest = {
      file: this.file,
      offset: 0,
      length,
      read: true,
      write: true,
      type: 'shared',
      ...request,
    };
    return this.run(do_mmap(this.task, asked));
  }
  load(address: number, length: number) {
    return this.run(user_load(this.task, address, length));
  }
  store(address: number, bytes: Uint8Array) {
    return this.run(user_store(this.task, address, bytes));
  }
  /** What the medium has of a block of the file. */
  onDisk(block: number): Uint8Array {
    const { s_blocksize } = this.inode.i_sb;
    const disk = this.inode.blocks.peek(block);
    assert(disk !== undefined, 'the block has a place');
    const range = { offset: disk.block * s_blocksize, length: s_blocksize };
    const bytes = this.run(readDevice(this.linux, this.bdev, range));
    assert(typeof bytes !== 'number', 'the device reads');
    return bytes;
  }
}

/** `length` times the code of a letter. */
export function letters(letter: string, length: number): Uint8Array {
  return new Uint8Array(length).fill(present(letter.codePointAt(0), 'a letter'));
}

/** An open file without a name. */
export function openFile(f_inode: Inode, f_flags: number): File {
  const mount = { sb: f_inode.i_sb, dir: '/m', source: 'none', ro: false };
  const f_path = { mount, inode: f_inode, parent: undefined, name: '' };
  return { f_inode, f_path, f_flags, f_pos: 0, f_count: 1, f_op: f_inode.i_fop };
}

function superBlock(linux: Linux, s_bdev: BlockDevice, setup: TestFileSetup): SuperBlock {
  return {
    linux,
    s_type: { name: 'test', requires_dev: true, get_tree: () => -E.EINVAL },
    s_bdev,
    s_daxdev: undefined,
    ro: false,
    s_blocksize: setup.blockSize ?? linux.PAGE_SIZE,
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared('free blocks of the test', setup.free ?? 1000),
    s_op: {
      read_inode: () => present<Inode>(undefined, 'an inode of the medium'),
      show_options: () => '',
      reconfigure: (sb) => get(sb.free_blocks),
      sync_fs: (sb) => get(sb.free_blocks),
      put_super: () => noSteps(undefined),
      *evict_inode() {},
    },
    root: 1,
    s_writers: new Lock('writers of the test'),
  };
}

function fileOperations(vm_ops: VmOperations | undefined): FileOperations {
  const ops = vm_ops ?? {
    fault: filemap_fault,
    map_pages: filemap_map_pages,
    page_mkwrite: block_page_mkwrite,
  };
  return {
    mmap: (_task, _file, vma) => noSteps({ ...vma, vm_ops: ops }),
    *fsync(_task, file, start, end) {
      const { a_ops } = file.f_inode.i_mapping;
      const ops = a_ops.peek();
      return ops === undefined ? 0 : yield* ops.writepages(file.f_inode, start, end, true);
    },
  };
}

/** Blocks of the file lie on the blocks of the disk with the same number. */
function addressSpaceOperations(bdev: BlockDevice): AddressSpaceOperations {
  const iomap: IomapOps = {
    *iomap_begin(inode, pos, _length, flags): Op<Iomap | number> {
      const size = inode.i_sb.s_blocksize;
      const block = Math.floor(pos / size);
      const place = { offset: block * size, length: size, addr: block * size };
      const at = { ...place, bdev, dax_dev: undefined };
      const found = yield* get(inode.blocks, block);
      if (found !== undefined) {
        return { ...at, type: found.unwritten ? 'unwritten' : 'mapped', flags: 0 };
      }
      if ((flags & IOMAP_WRITE) === 0) return { ...at, type: 'hole', addr: -1, flags: 0 };
      const free = yield* get(inode.i_sb.free_blocks);
      if (free === 0) return -E.ENOSPC;
      yield* set(inode.i_sb.free_blocks, 0, free - 1);
      yield* set(inode.blocks, block, { block, unwritten: false });
      return { ...at, type: 'mapped', flags: IOMAP_F_NEW };
    },
  };
  return {
    iomap,
    writepages(inode, start, end, sync) {
      const mapping = inode.i_mapping;
      return iomap_writepages(mapping, { start, end, sync }, { ops: iomap, flags: 0 });
    },
    *page_mkwrite(inode, folio) {
      const { PAGE_SIZE } = inode.i_sb.linux;
      const size = inode.i_sb.s_blocksize;
      const start = folio.index * PAGE_SIZE;
      const end = Math.min(start + PAGE_SIZE * 2 ** folio.order, yield* get(inode.i_size));
      for (let pos = start; pos < end; pos += size) {
        const extent = yield* iomap.iomap_begin(inode, pos, size, IOMAP_WRITE);
        if (typeof extent === 'number') return extent;
      }
      return 0;
    },
  };
}
