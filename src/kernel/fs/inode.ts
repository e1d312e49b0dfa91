// Inodes in memory: made, found, referenced, kept while unused, and evicted.
// @source fs/inode.c v6.12

import { assert } from '../../base/index.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import {
  type AddressSpaceOperations,
  type DiskInode,
  type FileKind,
  type FileOperations,
  type FsBlock,
  I_DIRTY,
  I_DONTCACHE,
  type Inode,
  type InodeOperations,
  type SuperBlock,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import type { AddressSpace, PageCacheEntry, Vma } from '../include/linux/mm.ts';
import { filemap_write_and_wait_range } from '../mm/filemap.ts';
import { truncate_inode_pages_final } from '../mm/truncate.ts';
import { Lock, LockTable, Shared } from '../shared.ts';
import { type Op, get, scan, set } from '../steps.ts';
import { aliasesOf } from './dcache-state.ts';
import { diskInode, findDiskInode } from './image.ts';
import { superState } from './super-state.ts';

/** What a filesystem says about an inode when it makes one in memory. */
export interface NewInode {
  readonly ino: number;
  readonly kind: FileKind;
  /** Permission bits. */
  readonly mode: number;
  readonly i_op: InodeOperations;
  readonly i_fop: FileOperations;
  /** Absent: 0. */
  readonly uid?: number;
  readonly gid?: number;
  /** Absent: 1, and 2 for directories. */
  readonly nlink?: number;
  readonly size?: number;
  /** S_*. */
  readonly i_flags?: number;
  /** Attribute flags in the filesystem's own bits. */
  readonly fsflags?: number;
  readonly a_ops?: AddressSpaceOperations | undefined;
  readonly large_folios?: boolean;
  readonly blocks?: ReadonlyMap<number, FsBlock>;
  readonly entries?: ReadonlyMap<string, number>;
  readonly target?: string;
  readonly inline?: Uint8Array | undefined;
}

/**
 * An inode in memory, with one reference, in the table of its superblock.
 * @source fs/inode.c new_inode() inode_init_always() v6.12
 */
export function new_inode(sb: SuperBlock, made: NewInode): Inode {
  const id = `inode ${made.ino} of ${sb.s_bdev?.name ?? sb.s_type.name}`;
  const inode: Inode = {
    i_ino: made.ino,
    i_sb: sb,
    kind: made.kind,
    i_mode: made.mode,
    i_uid: made.uid ?? 0,
    i_gid: made.gid ?? 0,
    i_nlink: made.nlink ?? (made.kind === 'dir' ? 2 : 1),
    i_count: 1,
    i_size: new Shared(`i_size of ${id}`, 0),
    i_flags: new Shared(`i_flags of ${id}`, 0),
    i_state: new Shared(`i_state of ${id}`, 0),
    i_blkbits: Math.log2(sb.s_blocksize),
    i_rwsem: new Lock(`i_rwsem of ${id}`),
    get i_mapping() {
      return mapping;
    },
    i_op: made.i_op,
    i_fop: made.i_fop,
    fsflags: new Shared(`attribute flags of ${id}`, 0),
    blocks: new Shared<FsBlock | undefined>(`blocks of ${id}`, undefined),
    cow_blocks: new Shared<FsBlock | undefined>(`CoW blocks of ${id}`, undefined),
    entries: new Map(made.entries),
    target: made.target ?? '',
    inline: made.inline,
  };
  const mapping = newMapping(inode, id, made);
  inode.i_size.poke(0, made.size ?? 0);
  inode.i_flags.poke(0, made.i_flags ?? 0);
  inode.fsflags.poke(0, made.fsflags ?? 0);
  for (const [index, block] of made.blocks ?? []) inode.blocks.poke(index, block);
  assert(!sb.inodes.has(made.ino), `${id} is in memory once`);
  sb.inodes.set(made.ino, inode);
  // From now on sync() and drop_caches() know the superblock.
  superState(sb);
  return inode;
}

function newMapping(host: Inode, id: string, made: NewInode): AddressSpace {
  const locks = new LockTable(`entry # of ${id}`);
  const a_ops = new Shared<AddressSpaceOperations | undefined>(`a_ops of ${id}`, made.a_ops);
  return {
    host,
    a_ops,
    i_pages: new Shared<PageCacheEntry | undefined>(`i_pages of ${id}`, undefined),
    tags: new Shared(`tags of ${id}`, 0),
    block_state: new Shared(`block state of ${id}`, 0),
    entry_lock: (index) => locks.at(index),
    invalidate_lock: new Lock(`invalidate_lock of ${id}`),
    i_mmap: new Shared<readonly Vma[]>(`mappings of ${id}`, []),
    large_folios: made.large_folios ?? false,
  };
}

/**
 * The inode with a number, with a reference for the caller: from memory, else as the medium has
 * it. -EIO where a name leads to none.
 * @source fs/inode.c iget_locked() v6.12
 */
export function iget(sb: SuperBlock, ino: number): Inode | number {
  const cached = sb.inodes.get(ino);
  if (cached !== undefined) {
    ihold(cached);
    return cached;
  }
  const record = findDiskInode(sb, ino);
  return record === undefined ? -E.EIO : sb.s_op.read_inode(sb, record);
}

/** iget() under the kernel's name. @source fs/inode.c iget_locked() v6.12 */
export function iget_locked(sb: SuperBlock, ino: number): Inode | number {
  return iget(sb, ino);
}

/** One reference more. @source fs/inode.c ihold() v6.12 */
export function ihold(inode: Inode): void {
  inode.i_count++;
}

/**
 * One reference fewer. With the last one an inode goes that has no links or is marked I_DONTCACHE;
 * another stays in memory, unused, until memory is wanted.
 * @source fs/inode.c iput() iput_final() v6.12
 */
export function* iput(inode: Inode): Op<void> {
  assert(inode.i_count > 0, `inode ${inode.i_ino} is held when it is put`);
  inode.i_count--;
  if (inode.i_count > 0) return;
  const sb = inode.i_sb;
  if (inode.i_nlink === 0) {
    yield* evict(inode);
    return;
  }
  const { active } = superState(sb);
  const dontcache = ((yield* get(inode.i_state)) & I_DONTCACHE) !== 0;
  // Without a medium there is nowhere to read an inode from again.
  if ((!dontcache || sb.image === undefined) && active) return;
  if (inode.i_count > 0) return;
  // What forgot this for inodes that are not to be cached lost data: 88149082bb8e.
  const writes = !dontcache || sb.linux.s_dax.writes_back;
  if (writes) yield* write_inode_now(inode);
  yield* evict(inode);
}

/**
 * Dirty data of an inode goes to the device.
 * @source fs/fs-writeback.c write_inode_now() v6.12
 */
export function* write_inode_now(inode: Inode): Op<number> {
  if (inode.i_mapping.a_ops.peek() === undefined) return 0;
  if (inode.kind !== 'reg' && inode.kind !== 'blk') return 0;
  return yield* filemap_write_and_wait_range(inode.i_mapping, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * Drops an inode from memory with its pages. Metadata that no commit has taken yet stays where a
 * lookup finds it, as it would in the buffers of the device.
 * @source fs/inode.c evict() v6.12
 */
export function* evict(inode: Inode): Op<void> {
  const sb = inode.i_sb;
  assert(inode.i_count === 0, `inode ${inode.i_ino} is unused when it is evicted`);
  yield* truncate_inode_pages_final(inode.i_mapping);
  yield* sb.s_op.evict_inode(inode);
  if (sb.image !== undefined) {
    const { pending } = superState(sb);
    if (inode.i_nlink === 0) pending.set(inode.i_ino, 'gone');
    else if (((yield* get(inode.i_state)) & I_DIRTY) !== 0) {
      pending.set(inode.i_ino, yield* recordNow(inode));
    }
  }
  sb.inodes.delete(inode.i_ino);
}

/** The record of an inode by what its tables hold now. */
function* recordNow(inode: Inode): Op<DiskInode> {
  const blocks = new Map<number, FsBlock>();
  const all = { start: 0, end: Number.MAX_SAFE_INTEGER };
  for (const index of yield* scan(inode.blocks, all)) {
    const block = yield* get(inode.blocks, index);
    if (block !== undefined && block.delalloc !== true) blocks.set(index, block);
  }
  const [size, flags] = [yield* get(inode.i_size), yield* get(inode.fsflags)];
  return { ...diskInode(inode), size, flags, blocks };
}

/**
 * Marks an inode and its names so that they leave memory with their last user; the next lookup
 * reads the inode afresh, and with it the flags that are for ever while it is in memory.
 * @source fs/dcache.c d_mark_dontcache() v6.12
 */
export function* d_mark_dontcache(inode: Inode): Op<void> {
  for (const dentry of aliasesOf(inode)) dentry.dontcache = true;
  yield* set(inode.i_state, 0, (yield* get(inode.i_state)) | I_DONTCACHE);
}

/** Metadata differs from the medium's. @source fs/fs-writeback.c __mark_inode_dirty() v6.12 */
export function* mark_inode_dirty(inode: Inode): Op<void> {
  const state = yield* get(inode.i_state);
  if ((state & I_DIRTY) === 0) yield* set(inode.i_state, 0, state | I_DIRTY);
}

/**
 * All unused inodes go: the superblock is about to go itself.
 * @source fs/inode.c evict_inodes() v6.12
 */
export function* evict_inodes(sb: SuperBlock): Op<void> {
  for (const inode of sb.inodes.values()) {
    if (inode.i_count === 0) yield* evict(inode);
  }
}

/** Largest file: no offset of a page is beyond what a number holds exactly. */
export const MAX_LFS_FILESIZE = 2 ** 63 - 1;

/**
 * Whether a file may get a size: 0, -ETXTBSY for swap files that would shrink, -EFBIG.
 * @source fs/attr.c inode_newsize_ok() v6.12
 */
export function* inode_newsize_ok(inode: Inode, offset: number): Op<number> {
  if (offset < 0) return -E.EINVAL;
  const size = yield* get(inode.i_size);
  if (size < offset) return offset > MAX_LFS_FILESIZE ? -E.EFBIG : 0;
  return ((yield* get(inode.i_flags)) & S_SWAPFILE) === 0 ? 0 : -E.ETXTBSY;
}

/** The inode, where an answer of iget() is known to be one. */
export function presentInode(answer: Inode | number): Inode {
  assert(!IS_ERR(answer), 'the inode exists');
  return answer;
}
