// A machine and its cache in a phrase. Apart from the tables, whose library it does not need.

import type { Dcache, Machine } from '../hw/index.ts';
import { bytesText } from './layout.ts';

/** The machine in one line, for headings. */
export function machineText(machine: Machine): string {
  return `${machine.name} (${machine.arch}, ${bytesText(machine.pageBytes)} pages)`;
}

/** E.g. `vipt 32K/4`, `vivt 256/1 wt`; `none` where no cache is modelled. */
export function cacheText(dcache: Dcache | undefined): string {
  if (!dcache) return 'none';
  const through = dcache.write === 'through' ? ' wt' : '';
  return `${dcache.kind} ${bytesText(dcache.sizeBytes)}/${dcache.ways}${through}`;
}
