// Zeroes within one block of a file, through the page cache: the end of a file whose size changes,
// and the edges of holes. ext2 and ext4 share it.
// @source fs/buffer.c block_truncate_page() v6.12
// @source fs/ext4/inode.c ext4_block_zero_page_range() v6.12

import type { Inode } from '../../include/linux/fs.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import { type AddressSpace, type Folio, PG_dirty } from '../../include/linux/mm.ts';
import { __filemap_get_folio } from '../../mm/filemap.ts';
import { fillRange, zeroFolioRange } from '../../mm/filemap-io.ts';
import {
  blocksUptodate,
  type ByteRange,
  dirtyRuns,
  folio_lock,
  folio_unlock,
  linuxOf,
  markBlocksDirty,
  testPageFlags,
} from '../../mm/folio-state.ts';
import type { Op } from '../../steps.ts';

/**
 * Zeroes a range within one block, if the block has a place: 0 or an error number. The page is
 * cached in any case, read where it has to be, and dirty afterwards. Unwritten blocks are zeroes
 * already, unless the page has something for them that is still to be written.
 */
export function* zeroCachedRange(inode: Inode, range: ByteRange, ops: IomapOps): Op<number> {
  const iomap = yield* ops.iomap_begin(inode, range.pos, range.length, 0);
  if (typeof iomap === 'number') return iomap;
  if (iomap.type === 'inline') return 0;
  const mapping = inode.i_mapping;
  const { PAGE_SIZE } = inode.i_sb.linux;
  const index = Math.floor(range.pos / PAGE_SIZE);
  const folio = yield* __filemap_get_folio(mapping, { index, order: 0 });
  if (typeof folio === 'number') return folio;
  yield* folio_lock(mapping, folio);
  const bytes = 2 ** inode.i_blkbits;
  const block = { pos: range.pos - (range.pos % bytes), length: bytes };
  const has = iomap.type !== 'hole' && iomap.type !== 'unwritten';
  const error =
    has || (yield* isBlockDirty(mapping, folio, block.pos))
      ? yield* zeroInBlock(mapping, folio, { iomap, block, range })
      : 0;
  yield* folio_unlock(mapping, folio);
  return error;
}

function* zeroInBlock(
  mapping: AddressSpace,
  folio: Folio,
  what: { readonly iomap: Iomap; readonly block: ByteRange; readonly range: ByteRange },
): Op<number> {
  const { iomap, block, range } = what;
  if (!(yield* blocksUptodate(mapping, folio, block))) {
    const error = yield* fillRange(mapping, folio, { iomap, range: block });
    if (error !== 0) return error;
  }
  yield* zeroFolioRange(mapping, folio, range);
  yield* markBlocksDirty(mapping, folio, range);
  return 0;
}

function* isBlockDirty(mapping: AddressSpace, folio: Folio, pos: number): Op<boolean> {
  if (!(yield* testPageFlags(linuxOf(mapping), folio.pfn, PG_dirty))) return false;
  const runs = yield* dirtyRuns(mapping, folio);
  return runs.some((run) => pos >= run.pos && pos < run.pos + run.length);
}
