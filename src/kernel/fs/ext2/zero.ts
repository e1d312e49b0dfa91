// Zeroes within one block of a file, through the page cache: the end of a file whose size changes,
// and the edges of holes. ext2 and ext4 share it.
// @source fs/buffer.c block_truncate_page() v6.12
// @source fs/ext4/inode.c ext4_block_zero_page_range() v6.12

import type { Inode } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import { __filemap_get_folio } from '../../mm/filemap.ts';
import { fillRange, zeroFolioRange } from '../../mm/filemap-io.ts';
import {
  blocksUptodate,
  type ByteRange,
  folio_lock,
  folio_unlock,
  markBlocksDirty,
} from '../../mm/folio-state.ts';
import type { Op } from '../../steps.ts';

/**
 * Zeroes a range within one block, if the block has a place: 0 or an error number. The page is
 * read where it has to be, and dirty afterwards.
 */
export function* zeroCachedRange(inode: Inode, range: ByteRange, ops: IomapOps): Op<number> {
  const iomap = yield* ops.iomap_begin(inode, range.pos, range.length, 0);
  if (typeof iomap === 'number') return iomap;
  if (iomap.type === 'hole' || iomap.type === 'inline') return 0;
  const mapping = inode.i_mapping;
  const { PAGE_SIZE } = inode.i_sb.linux;
  const index = Math.floor(range.pos / PAGE_SIZE);
  const folio = yield* __filemap_get_folio(mapping, { index, order: 0 });
  if (typeof folio === 'number') return folio;
  yield* folio_lock(mapping, folio);
  const bytes = 2 ** inode.i_blkbits;
  const block = { pos: range.pos - (range.pos % bytes), length: bytes };
  let error = 0;
  if (!(yield* blocksUptodate(mapping, folio, block))) {
    error = yield* fillRange(mapping, folio, { iomap, range: block });
  }
  if (error === 0) {
    yield* zeroFolioRange(mapping, folio, range);
    yield* markBlocksDirty(mapping, folio, range);
  }
  yield* folio_unlock(mapping, folio);
  return error;
}
