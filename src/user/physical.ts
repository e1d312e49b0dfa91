// Where in physical memory an address of the process or a byte of a file lies.

import type { File } from '../kernel/index.ts';
import type { User } from './user.ts';

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
