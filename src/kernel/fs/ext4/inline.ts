// Files whose contents stand in the inode. The model keeps them as bytes of the inode; what the
// kernel copies through a page of the page cache is read and written there directly.
// @source fs/ext4/inline.c v6.12

import { kernelStore } from '../../arch/map.ts';
import { folio_test_uptodate, folioKaddr } from '../../mm/folio-state.ts';
import type { Inode, IovIter, Kiocb } from '../../include/linux/fs.ts';
import type { Iomap } from '../../include/linux/iomap.ts';
import { filemap_get_folio } from '../../mm/filemap.ts';
import { writeDevice } from '../../block/bio.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { mark_inode_dirty } from '../inode.ts';
import { EXT4_DAX_FL, EXT4_ENCRYPT_FL, EXT4_INLINE_DATA_FL } from './flags.ts';
import { ext4_map_blocks } from './map.ts';
import { EXT4_I, EXT4_SB } from './sb.ts';

/**
 * Bytes that an inode of 256 bytes has for contents: 60 where block numbers would stand, and 68
 * behind its fixed part. @source fs/ext4/inline.c get_max_inline_xattr_value_size() v6.12
 */
export const maxInlineBytes = 128;

/** Bytes that directories have in the inode at first. */
export const EXT4_MIN_INLINE_DATA_SIZE = 60;

/**
 * Whether the contents stand in the inode now.
 * @source fs/ext4/ext4.h ext4_has_inline_data() v6.12
 */
export function* ext4_has_inline_data(inode: Inode): Op<boolean> {
  return ((yield* get(inode.fsflags)) & EXT4_INLINE_DATA_FL) !== 0;
}

/**
 * Whether a new inode may get its contents inside.
 * @source fs/ext4/ialloc.c __ext4_new_inode() v6.12
 */
export function mayBeInline(inode: Inode): boolean {
  const flags = inode.fsflags.peek();
  if (!EXT4_SB(inode.i_sb).has('inline_data') || (flags & EXT4_ENCRYPT_FL) !== 0) return false;
  return (flags & EXT4_DAX_FL) === 0 || inode.kind === 'dir';
}

/** Where the contents are: nowhere on the device. */
export function* ext4_inline_data_iomap(inode: Inode): Op<Iomap> {
  const length = yield* get(inode.i_size);
  return {
    type: 'inline',
    offset: 0,
    length,
    addr: -1,
    flags: 0,
    bdev: EXT4_SB(inode.i_sb).s_bdev,
    dax_dev: undefined,
    inline_data: inode.inline ?? new Uint8Array(),
  };
}

/**
 * A buffered write that stays in the inode: bytes or an error number; undefined where it does not
 * fit, and the contents have moved to a block.
 * @source fs/ext4/inline.c ext4_try_to_write_inline_data() v6.12
 */
export function* ext4_try_to_write_inline_data(
  inode: Inode,
  iocb: Kiocb,
  from: IovIter,
): Op<number | undefined> {
  if (!(yield* get(EXT4_I(inode).may_inline_data))) return undefined;
  const pos = iocb.ki_pos;
  const end = pos + from.count;
  if (end > maxInlineBytes) {
    const error = yield* ext4_convert_inline_data(inode);
    return error < 0 ? error : undefined;
  }
  const bytes = yield* from.copy_from(from.count);
  if (typeof bytes === 'number') return bytes;
  const size = Math.max(yield* get(inode.i_size), end);
  const contents = new Uint8Array(size);
  contents.set(inode.inline ?? new Uint8Array());
  contents.set(bytes, pos);
  inode.inline = contents;
  yield* set(inode.fsflags, 0, (yield* get(inode.fsflags)) | EXT4_INLINE_DATA_FL);
  yield* set(inode.i_size, 0, size);
  yield* mark_inode_dirty(inode);
  yield* copyToCachedPage(inode, contents);
  iocb.ki_pos = end;
  return bytes.length;
}

/** A page that somebody has read shows the new contents. */
function* copyToCachedPage(inode: Inode, contents: Uint8Array): Op<void> {
  const mapping = inode.i_mapping;
  const folio = yield* filemap_get_folio(mapping, 0);
  if (folio === undefined || !(yield* folio_test_uptodate(mapping, folio))) return;
  const { linux } = inode.i_sb;
  yield* kernelStore(linux, folioKaddr(linux, folio, 0), contents);
}

/** The size of a file with inline contents changes within what fits. */
export function* resizeInline(inode: Inode, size: number): Op<void> {
  const contents = new Uint8Array(size);
  contents.set((inode.inline ?? new Uint8Array()).subarray(0, size));
  inode.inline = contents;
  yield* mark_inode_dirty(inode);
}

/**
 * Contents move from the inode to a block of the device; the inode will not have any again.
 * @source fs/ext4/inline.c ext4_convert_inline_data() v6.12
 */
export function* ext4_convert_inline_data(inode: Inode): Op<number> {
  const sb = EXT4_SB(inode.i_sb);
  const state = EXT4_I(inode).may_inline_data;
  yield* set(state, 0, false);
  if (!(yield* ext4_has_inline_data(inode))) return 0;
  const bytes = new Uint8Array(sb.s_blocksize);
  bytes.set(inode.inline ?? new Uint8Array());
  yield* lock(inode.i_mapping.entry_lock(0));
  const map = yield* ext4_map_blocks(inode, { lblk: 0, len: 1 }, { as: 'written' });
  let error = typeof map === 'number' ? map : 0;
  if (typeof map === 'object') {
    const offset = map.m_pblk * sb.s_blocksize;
    error = yield* writeDevice(sb.linux, sb.s_bdev, { offset, bytes });
    yield* set(inode.fsflags, 0, (yield* get(inode.fsflags)) & ~EXT4_INLINE_DATA_FL);
    inode.inline = undefined;
    yield* mark_inode_dirty(inode);
  }
  yield* unlock(inode.i_mapping.entry_lock(0));
  return error;
}
