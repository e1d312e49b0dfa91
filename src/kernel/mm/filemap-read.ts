// The page cache: buffered reads.
// @source mm/filemap.c v6.12, v6.1

import { flush_dcache_folio } from '../arch/cacheflush.ts';
import { kernelLoad } from '../arch/map.ts';
import { E } from '../include/linux/errno.ts';
import type { File, IovIter, Kiocb } from '../include/linux/fs.ts';
import {
  type AddressSpace,
  type Folio,
  PG_readahead,
  VM_MAYWRITE,
  VM_SHARED,
} from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, set, unlock } from '../steps.ts';
import { filemap_add_folio, filemap_get_folio } from './filemap.ts';
import { filemap_read_folio } from './filemap-io.ts';
import {
  blocksUptodate,
  folio_lock,
  folio_pos,
  folio_size,
  folio_test_uptodate,
  folio_unlock,
  folioKaddr,
  linuxOf,
  testPageFlags,
} from './folio-state.ts';
import { f_ra, page_cache_async_ra, page_cache_sync_ra } from './readahead.ts';

export { filemap_read_folio } from './filemap-io.ts';

/** read() of filesystems without more to do. Direct reads are the filesystem's. */
export function* generic_file_read_iter(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  return yield* filemap_read(task, iocb, iter);
}

/**
 * Reads through the page cache from `iocb.ki_pos`, which moves on: bytes, or an error number.
 * @source mm/filemap.c filemap_read() v6.12
 */
export function* filemap_read(_task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  const file = iocb.ki_filp;
  const mapping = file.f_inode.i_mapping;
  const linux = linuxOf(mapping);
  let done = 0;
  let error = 0;
  while (iter.count > 0 && error === 0) {
    if (iocb.ki_pos >= (yield* get(mapping.host.i_size))) break;
    const folio = yield* filemap_get_pages(file, { pos: iocb.ki_pos, count: iter.count });
    if (typeof folio === 'number') {
      error = folio;
      break;
    }
    // The size is asked again once the page is up to date.
    const isize = yield* get(mapping.host.i_size);
    if (iocb.ki_pos >= isize) break;
    const end = Math.min(isize, iocb.ki_pos + iter.count);
    const bytes = Math.min(end, folio_pos(linux, folio) + folio_size(linux, folio)) - iocb.ki_pos;
    if (yield* mapping_writably_mapped(mapping)) yield* flush_dcache_folio(linux, mapping, folio);
    const copied = yield* copyFolioToIter(mapping, folio, { pos: iocb.ki_pos, bytes, iter });
    done += copied;
    iocb.ki_pos += copied;
    if (copied < bytes) error = -E.EFAULT;
  }
  const ra = f_ra(file);
  if (done > 0) yield* set(ra, 0, { ...(yield* get(ra)), prev_pos: iocb.ki_pos });
  return done > 0 ? done : error;
}

/** @source mm/filemap.c filemap_splice_read() v6.12, fs/splice.c generic_file_splice_read() v6.1 */
export function* filemap_splice_read(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  return yield* filemap_read(task, iocb, iter);
}

/** Whether a program may store to pages of the file. @source include/linux/fs.h v6.12 */
export function* mapping_writably_mapped(mapping: AddressSpace): Op<boolean> {
  const vmas = yield* get(mapping.i_mmap);
  if (vmas.length === 0) return false;
  for (const vma of vmas) {
    const flags = yield* get(vma.vm_flags);
    if ((flags & VM_SHARED) !== 0 && (flags & VM_MAYWRITE) !== 0) return true;
  }
  return false;
}

/** Copies bytes of a folio, a page at a time: how many. */
function* copyFolioToIter(
  mapping: AddressSpace,
  folio: Folio,
  copy: { readonly pos: number; readonly bytes: number; readonly iter: IovIter },
): Op<number> {
  const linux = linuxOf(mapping);
  let done = 0;
  while (done < copy.bytes) {
    const pos = copy.pos + done;
    const here = Math.min(copy.bytes - done, linux.PAGE_SIZE - (pos % linux.PAGE_SIZE));
    const bytes = yield* kernelLoad(linux, folioKaddr(linux, folio, pos), here);
    if ((yield* copy.iter.copy_to(bytes)) < 0) break;
    done += here;
  }
  return done;
}

/**
 * The folio with byte `pos`, up to date as far as the read of `count` bytes needs it.
 * @source mm/filemap.c filemap_get_pages() v6.12
 */
export function* filemap_get_pages(
  file: File,
  read: { readonly pos: number; readonly count: number },
): Op<Folio | number> {
  const mapping = file.f_inode.i_mapping;
  const linux = linuxOf(mapping);
  const ra = f_ra(file);
  const index = Math.floor(read.pos / linux.PAGE_SIZE);
  const last = Math.ceil((read.pos + read.count) / linux.PAGE_SIZE);
  for (;;) {
    let folio = yield* filemap_get_folio(mapping, index);
    if (folio === undefined) {
      yield* page_cache_sync_ra({ mapping, ra, index }, last - index);
      folio = yield* filemap_get_folio(mapping, index);
    }
    if (folio === undefined) {
      const made = yield* filemap_create_folio(mapping, index);
      if (made === -E.EEXIST) continue;
      return made;
    }
    if (yield* testPageFlags(linux, folio.pfn, PG_readahead)) {
      yield* page_cache_async_ra({ mapping, ra, index: folio.index }, folio, last - folio.index);
    }
    if (yield* folio_test_uptodate(mapping, folio)) return folio;
    const error = yield* filemap_update_page(mapping, folio, read);
    if (error < 0) return error;
    if (error === 0) return folio;
  }
}

/** A page that readahead did not bring. @source mm/filemap.c filemap_create_folio() v6.12 */
function* filemap_create_folio(mapping: AddressSpace, index: number): Op<Folio | number> {
  yield* lock(mapping.invalidate_lock, 'shared');
  const folio = yield* filemap_add_folio(mapping, { index, order: 0 });
  let error = 0;
  if (typeof folio === 'number') error = folio;
  else {
    yield* folio_lock(mapping, folio);
    error = yield* filemap_read_folio(mapping, folio);
  }
  yield* unlock(mapping.invalidate_lock, 'shared');
  return error < 0 ? error : folio;
}

/** Reads a cached folio that is not up to date: 0, an error number, or 1: look again. */
function* filemap_update_page(
  mapping: AddressSpace,
  folio: Folio,
  read: { readonly pos: number; readonly count: number },
): Op<number> {
  const linux = linuxOf(mapping);
  yield* lock(mapping.invalidate_lock, 'shared');
  yield* folio_lock(mapping, folio);
  let error = 1;
  if ((yield* filemap_get_folio(mapping, folio.index)) !== folio) {
    yield* folio_unlock(mapping, folio);
  } else {
    const end = folio_pos(linux, folio) + folio_size(linux, folio);
    const length = Math.min(read.count, end - read.pos);
    error = 0;
    if (yield* blocksUptodate(mapping, folio, { pos: read.pos, length })) {
      yield* folio_unlock(mapping, folio);
    } else {
      error = yield* filemap_read_folio(mapping, folio);
    }
  }
  yield* unlock(mapping.invalidate_lock, 'shared');
  return error;
}

/**
 * The folio with a page, read where it is not cached: without readahead, and for callers who keep
 * others from taking pages away themselves.
 * @source mm/filemap.c do_read_cache_folio() v6.12, v6.1
 */
export function* read_mapping_folio(mapping: AddressSpace, index: number): Op<Folio | number> {
  for (;;) {
    const cached = yield* filemap_get_folio(mapping, index);
    const folio = cached ?? (yield* filemap_add_folio(mapping, { index, order: 0 }));
    if (folio === -E.EEXIST) continue;
    if (typeof folio === 'number') return folio;
    if (yield* folio_test_uptodate(mapping, folio)) return folio;
    yield* folio_lock(mapping, folio);
    if ((yield* filemap_get_folio(mapping, index)) === folio) {
      const error = yield* filemap_read_folio(mapping, folio);
      return error < 0 ? error : folio;
    }
    yield* folio_unlock(mapping, folio);
  }
}
