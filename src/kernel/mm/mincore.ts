// mincore(): which pages of a range would be touched without a fault that reads.
// @source mm/mincore.c v6.12

import { E } from '../include/linux/errno.ts';
import type { Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, unlock } from '../steps.ts';
import { filemap_get_folio } from './filemap.ts';
import { folio_test_uptodate } from './folio-state.ts';
import { find_vma } from './mmap.ts';

/** For each page of the range whether it is in memory; -ENOMEM where nothing is mapped. */
export function* sys_mincore(
  task: Task,
  start: number,
  length: number,
): Op<readonly boolean[] | number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  if (start % PAGE_SIZE !== 0) return -E.EINVAL;
  const resident: boolean[] = [];
  yield* lock(mm.mmap_lock, 'shared');
  for (let address = start; address < start + length; address += PAGE_SIZE) {
    const vma = yield* find_vma(mm, address);
    if (vma === undefined || address < vma.vm_start) break;
    resident.push(yield* mincorePage(vma, address));
  }
  yield* unlock(mm.mmap_lock, 'shared');
  return resident.length < Math.ceil(length / PAGE_SIZE) ? -E.ENOMEM : resident;
}

/** A page that is mapped, or up to date in the page cache. A DAX entry by itself does not count. */
function* mincorePage(vma: Vma, address: number): Op<boolean> {
  const { linux, ptes } = vma.vm_mm;
  if ((yield* get(ptes, address / linux.PAGE_SIZE)) !== undefined) return true;
  const mapping = vma.vm_file?.f_inode.i_mapping;
  if (mapping === undefined) return false;
  const pgoff = vma.vm_pgoff + (address - vma.vm_start) / linux.PAGE_SIZE;
  const folio = yield* filemap_get_folio(mapping, pgoff);
  return folio !== undefined && (yield* folio_test_uptodate(mapping, folio));
}
