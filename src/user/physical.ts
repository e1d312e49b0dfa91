// Where in physical memory an address of the process or a byte of a file lies.

import type { File } from '../kernel/index.ts';
import type { Mapping, User } from './user.ts';

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

/** Physical address of a byte of a file as the page cache or DAX has it; undefined: neither. */
export function physicalOfFile({ linux }: User, file: File, offset: number): number | undefined {
  const index = Math.floor(offset / linux.PAGE_SIZE);
  const entry = file.f_inode.i_mapping.i_pages.peek(index);
  if (entry === undefined) return undefined;
  const first = entry.kind === 'folio' ? entry.folio.pfn + (index - entry.folio.index) : entry.pfn;
  const pfn = entry.kind === 'dax' && entry.pmd ? first + (index % 512) : first;
  return pfn * linux.PAGE_SIZE + (offset % linux.PAGE_SIZE);
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
