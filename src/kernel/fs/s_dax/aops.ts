// Calls through the table of functions of a file's pages, which designs of switching S_DAX replace
// while the file is in memory, and the locks that such designs add.
// @source include/linux/fs.h struct address_space a_ops v6.12

import { present } from '../../../base/index.ts';
import type { AddressSpaceOperations, Inode, SuperBlock } from '../../include/linux/fs.ts';
import { type AddressSpace, type Folio, PG_dirty } from '../../include/linux/mm.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { changePageFlags, filemap_dirty_folio, linuxOf } from '../../mm/folio-state.ts';
import { Oops } from '../../oops.ts';
import { type Lock, LockTable } from '../../shared.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';

interface Tables {
  readonly aops: LockTable;
  readonly waiting: LockTable;
  readonly dax: LockTable;
}

/** Locks of inodes that no kernel has, by inode number. */
class DesignLocks {
  readonly #bySuper = new Map<SuperBlock, Tables>();
  of(sb: SuperBlock): Tables {
    const found = this.#bySuper.get(sb);
    if (found !== undefined) return found;
    const made = {
      aops: new LockTable('i_aops_sem of inode #'),
      waiting: new LockTable('writers of i_aops_sem of inode #'),
      dax: new LockTable('i_dax_sem of inode #'),
    };
    this.#bySuper.set(sb, made);
    return made;
  }
}

function locksOf(inode: Inode): ReturnType<DesignLocks['of']> {
  return subsystem(inode.i_sb.linux, DesignLocks).of(inode.i_sb);
}

/**
 * Takes the rw_semaphore of the inode that Weiny's V4 adds: who wants to read waits while somebody
 * waits to write. @source kernel/locking/rwsem.c rwsem_down_read_slowpath() v6.12
 */
export function* inode_aops_down_read(inode: Inode): Op<void> {
  const { aops, waiting } = locksOf(inode);
  yield* lock(waiting.at(inode.i_ino), 'shared');
  yield* lock(aops.at(inode.i_ino), 'shared');
  yield* unlock(waiting.at(inode.i_ino), 'shared');
}

/** Gives it back. */
export function* inode_aops_up_read(inode: Inode): Op<void> {
  yield* unlock(locksOf(inode).aops.at(inode.i_ino), 'shared');
}

/** Keeps new readers out, and waits for those that are in. */
export function* inode_aops_down_write(inode: Inode): Op<void> {
  const { aops, waiting } = locksOf(inode);
  yield* lock(waiting.at(inode.i_ino));
  yield* lock(aops.at(inode.i_ino));
}

/** Lets readers in again. */
export function* inode_aops_up_write(inode: Inode): Op<void> {
  const { aops, waiting } = locksOf(inode);
  yield* unlock(aops.at(inode.i_ino));
  yield* unlock(waiting.at(inode.i_ino));
}

/** The lock of its own that a callout of faults may take. */
export function i_dax_sem(inode: Inode): Lock {
  return locksOf(inode).dax.at(inode.i_ino);
}

/** The table as it is now, which stays until aops_up_read() where a design locks each call. */
export function* aops_down_read(mapping: AddressSpace): Op<AddressSpaceOperations | undefined> {
  const { host } = mapping;
  if (host.i_sb.linux.s_dax.i_aops_sem === 'calls') yield* inode_aops_down_read(host);
  return yield* get(mapping.a_ops);
}

/** The call is over. */
export function* aops_up_read(mapping: AddressSpace): Op<void> {
  const { host } = mapping;
  if (host.i_sb.linux.s_dax.i_aops_sem === 'calls') yield* inode_aops_up_read(host);
}

/** The table of a file with pages, without a lock: for callers that hold one or need none. */
export function* aopsOf(mapping: AddressSpace): Op<AddressSpaceOperations> {
  return present(yield* get(mapping.a_ops), 'address space operations of a file with pages');
}

/** The table that `where` reads a page by: of a file in DAX that function is NULL. */
export function readsPages(aops: AddressSpaceOperations, where: string): AddressSpaceOperations {
  if (aops.dax !== true) return aops;
  throw new Oops({ kind: 'oops', says: 'NULL pointer dereference', where });
}

/**
 * A store through a mapping has made a folio newer than the medium. By the table of a file in DAX
 * it gets its flag and no tag, so that nobody will write it.
 * @source mm/page-writeback.c folio_mark_dirty() noop_dirty_folio() v6.12
 */
export function* folio_mark_dirty(mapping: AddressSpace, folio: Folio): Op<void> {
  // Callers hold spinlocks: no design can lock this call.
  const aops = yield* get(mapping.a_ops);
  if (aops?.dax === true) yield* changePageFlags(linuxOf(mapping), folio.pfn, { set: PG_dirty });
  else yield* filemap_dirty_folio(mapping, folio);
}

/** A read or write begins, with all its tests of the mode. */
export function* s_dax_op_begin(linux: Linux, inode: Inode): Op<void> {
  if (linux.s_dax.i_aops_sem === 'operations') yield* inode_aops_down_read(inode);
}

/** The read or write is over. */
export function* s_dax_op_end(linux: Linux, inode: Inode): Op<void> {
  if (linux.s_dax.i_aops_sem === 'operations') yield* inode_aops_up_read(inode);
}

/** A change of flags begins: a lock around operations comes before i_rwsem, as they take both. */
export function* s_dax_change_begin(inode: Inode): Op<void> {
  const { i_aops_sem } = inode.i_sb.linux.s_dax;
  if (i_aops_sem === 'operations') yield* inode_aops_down_write(inode);
}

/** The change is over. */
export function* s_dax_change_end(inode: Inode): Op<void> {
  const { i_aops_sem } = inode.i_sb.linux.s_dax;
  if (i_aops_sem === 'operations') yield* inode_aops_up_write(inode);
}

/** ->mmap of a file begins: by some designs it waits for a switch. */
export function* s_dax_mmap_begin(inode: Inode | undefined): Op<void> {
  if (inode?.i_sb.linux.s_dax.mmap_locks === true) yield* inode_aops_down_read(inode);
}

/** The mapping is known, or refused. */
export function* s_dax_mmap_end(inode: Inode | undefined): Op<void> {
  if (inode?.i_sb.linux.s_dax.mmap_locks === true) yield* inode_aops_up_read(inode);
}
