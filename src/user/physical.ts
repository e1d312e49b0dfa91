// Where in physical memory an address of the process or a byte of a file lies.

import { dax_iomap_direct_access, type File, IS_ERR, S_DAX } from '../kernel/index.ts';
import type { Mapping, User } from './user.ts';

/** An extent of a file. */
type Iomap = Parameters<typeof dax_iomap_direct_access>[1];

/** Of a sector of block devices. */
const SECTOR_BYTES = 512;

/** Bytes within one page. */
export interface Piece {
  readonly paddr: number;
  readonly lengthBytes: number;
}

/** A range of bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Physical address behind a user address; undefined where no page is mapped. */
export function physicalOf({ linux, task }: User, address: number): number | undefined {
  const pte = task.mm.ptes.peek(Math.floor(address / linux.PAGE_SIZE));
  if (pte === undefined) return undefined;
  return pte.pfn * linux.PAGE_SIZE + (address % linux.PAGE_SIZE);
}

/**
 * Physical address of a byte of a file as the page cache has it, or DAX, whether it is mapped or
 * not; undefined: neither.
 */
export function physicalOfFile(user: User, file: File, offset: number): number | undefined {
  const { linux } = user;
  const index = Math.floor(offset / linux.PAGE_SIZE);
  const entry = file.f_inode.i_mapping.i_pages.peek(index);
  if (entry === undefined) return physicalOfExtent(user, file, offset);
  const first = entry.kind === 'folio' ? entry.folio.pfn + (index - entry.folio.index) : entry.pfn;
  const pfn = entry.kind === 'dax' && entry.pmd ? first + (index % 512) : first;
  return pfn * linux.PAGE_SIZE + (offset % linux.PAGE_SIZE);
}

function physicalOfExtent(user: User, file: File, offset: number): number | undefined {
  const isDax = (file.f_inode.i_flags.peek() & S_DAX) !== 0;
  return isDax ? mediumOfFile(user, file, offset) : undefined;
}

/**
 * Physical address of a byte of a file on its medium, whether it is accessed by DAX or not;
 * undefined where it has no block, or the medium is no memory.
 */
export function mediumOfFile(user: User, { f_inode }: File, offset: number): number | undefined {
  const { linux } = user;
  const inPage = offset % linux.PAGE_SIZE;
  const page = { pos: offset - inPage, size: linux.PAGE_SIZE };
  const asked = f_inode.i_op.fiemap?.(f_inode, page.pos, page.size);
  const extent = asked && user.run(asked);
  if (extent === undefined || IS_ERR(extent) || extent.addr < 0) return undefined;
  const access = user.run(dax_iomap_direct_access(linux, ofDaxDevice(f_inode, extent), page));
  if (access === undefined || IS_ERR(access)) return undefined;
  return access.pfn * linux.PAGE_SIZE + inPage;
}

// Extents that are told to users are places on the block device, which may be a partition.
function ofDaxDevice({ i_sb }: File['f_inode'], extent: Iomap): Iomap {
  if (extent.dax_dev !== undefined) return extent;
  const start = (i_sb.s_bdev?.bd_start_sect ?? 0) * SECTOR_BYTES;
  return { ...extent, dax_dev: i_sb.s_daxdev, addr: extent.addr + start };
}

/** What of a range of a mapping is mapped, page by page; nothing beyond its end. */
export function piecesOfMapping(user: User, mapping: Mapping, range: ByteRange): readonly Piece[] {
  return piecesOf(user, range, { end: mapping.length }, (offset) =>
    physicalOf(user, mapping.address + offset),
  );
}

/** What of a range of a file is in memory, page by page; nothing beyond its end. */
export function piecesOfFile(user: User, file: File, range: ByteRange): readonly Piece[] {
  const end = file.f_inode.i_size.peek();
  return piecesOf(user, range, { end }, (offset) => physicalOfFile(user, file, offset));
}

function piecesOf(
  { linux }: User,
  { offset, length }: ByteRange,
  { end }: { readonly end: number },
  paddrOf: (offset: number) => number | undefined,
): readonly Piece[] {
  const last = Math.min(offset + length, end);
  const pieces: Piece[] = [];
  for (let at = offset; at < last; ) {
    const lengthBytes = Math.min(last - at, linux.PAGE_SIZE - (at % linux.PAGE_SIZE));
    const paddr = paddrOf(at);
    if (paddr !== undefined) pieces.push({ paddr, lengthBytes });
    at += lengthBytes;
  }
  return pieces;
}
