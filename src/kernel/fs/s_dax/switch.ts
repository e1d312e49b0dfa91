// The change of the mode of a file that is in memory, by the designs that allow it, and the locks
// that they take for it. What was merged changes no inode in memory.
// @source include/linux/fs.h S_DAX v6.12; designs.ts has the rules

import { E } from '../../include/linux/errno.ts';
import { type AddressSpaceOperations, type Inode, S_DAX } from '../../include/linux/fs.ts';
import type { AddressSpace, Vma } from '../../include/linux/mm.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { invalidate_inode_pages2_range } from '../../mm/truncate.ts';
import { unmap_mapping_pages } from '../../mm/unmap.ts';
import type { Lock } from '../../shared.ts';
import { get, lock, type Op, scan, set, unlock } from '../../steps.ts';
import { i_dax_sem, inode_aops_down_write, inode_aops_up_write } from './aops.ts';
import type { SDaxRules } from './designs.ts';

const END = Number.MAX_SAFE_INTEGER;

/** What an inode is to become. */
export interface SDaxMode {
  /** Whether it shall use DAX. */
  readonly dax: boolean;
  /** The table of functions for its pages that goes with that. */
  readonly a_ops: AddressSpaceOperations;
}

function rulesOf(inode: Inode): SDaxRules {
  return inode.i_sb.linux.s_dax;
}

/**
 * Changes the mode at once; the caller holds i_rwsem, as every change of a flag does. 0, or -EBUSY
 * where the design does not allow it now.
 */
export function* s_dax_switch(inode: Inode, mode: SDaxMode): Op<number> {
  const { mmap_locks, i_aops_sem } = rulesOf(inode);
  // Where operations hold the lock the caller has taken it, before i_rwsem.
  const excludesMmap = mmap_locks && i_aops_sem !== 'operations';
  if (excludesMmap) yield* inode_aops_down_write(inode);
  const held = switchLocks(inode);
  for (const one of held) yield* lock(one);
  let error = (yield* isRefused(inode)) ? -E.EBUSY : 0;
  if (error === 0) error = yield* emptyAndFlip(inode, mode);
  for (const one of held.toReversed()) yield* unlock(one);
  if (excludesMmap) yield* inode_aops_up_write(inode);
  return error;
}

/** Locks of faults that are held from the check to the change, in the order of taking. */
function switchLocks(inode: Inode): readonly Lock[] {
  const rules = rulesOf(inode);
  return [
    ...(rules.fault_lock === 'own' ? [i_dax_sem(inode)] : []),
    ...(rules.faults_locked ? [inode.i_mapping.invalidate_lock] : []),
  ];
}

function* isRefused(inode: Inode): Op<boolean> {
  switch (rulesOf(inode).refused_while) {
    case 'mapped':
      return (yield* get(inode.i_mapping.i_mmap)).length > 0;
    case 'blocks':
      return (yield* scan(inode.blocks, { start: 0, end: END })).length > 0;
    default:
      return false;
  }
}

function* emptyAndFlip(inode: Inode, { dax, a_ops }: SDaxMode): Op<number> {
  const { drops, i_aops_sem: scope } = rulesOf(inode);
  const mapping = inode.i_mapping;
  let error = 0;
  if (drops !== 'never') error = yield* filemap_write_and_wait_range(mapping, 0, END);
  // Writeback goes through a_ops itself.
  if (scope === 'calls') yield* inode_aops_down_write(inode);
  if (error === 0 && drops === 'before') error = yield* dropCached(mapping);
  if (error === 0) {
    const flags = yield* get(inode.i_flags);
    yield* set(inode.i_flags, 0, dax ? flags | S_DAX : flags & ~S_DAX);
    yield* set(mapping.a_ops, 0, a_ops);
    // It is too late for an error.
    if (drops === 'after') yield* dropCached(mapping);
  }
  if (scope === 'calls') yield* inode_aops_up_write(inode);
  return error;
}

/** Pages and entries go, and what maps them; -EBUSY where a page is dirty. */
function* dropCached(mapping: AddressSpace): Op<number> {
  // DAX entries of a file that has left DAX are not unmapped by the function that drops them.
  const isDax = ((yield* get(mapping.host.i_flags)) & S_DAX) !== 0;
  if (!isDax) yield* unmap_mapping_pages(mapping, 0, 0, false);
  return yield* invalidate_inode_pages2_range(mapping, 0, END);
}

/** What a fault on a mapping holds for reading by the design. */
export function fault_callout_lock(vma: Vma): Lock | undefined {
  const inode = vma.vm_file?.f_inode;
  if (inode === undefined) return undefined;
  switch (rulesOf(inode).fault_lock) {
    case 'i_rwsem':
      return inode.i_rwsem;
    case 'own':
      return i_dax_sem(inode);
    default:
      return undefined;
  }
}
