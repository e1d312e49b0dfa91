// What an end of a program breaks: the properties that a design for switching S_DAX has to keep.

import {
  isOops,
  type Linux,
  type PageCacheEntry,
  type Pte,
  S_DAX,
  VM_SYNC,
} from '../../kernel/index.ts';
import type { SceneEnd } from '../automaton-search.ts';
import type { Expectation, SetUp } from './programs.ts';

/**
 * P1: page-cache page and DAX entry of one index; P2: mode after the last close; P3: a write that
 * was acknowledged is lost; P4: statx() tells another mode than the next operation uses;
 * P5: threads wait for ever; P6: a function of the other mode's table is called; P7: MAP_SYNC is
 * void.
 */
export type SDaxProperty = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7';

/** All properties, with what they ask for. */
export const sDaxProperties: readonly { readonly id: SDaxProperty; readonly title: string }[] = [
  { id: 'P1', title: 'no page of the page cache and no DAX entry for one place of the file' },
  { id: 'P2', title: 'after the last close and a new open the mode is that of the flag' },
  { id: 'P3', title: 'what was written is read' },
  { id: 'P4', title: 'statx() tells the mode that the next operation uses' },
  { id: 'P5', title: 'nobody waits for ever' },
  { id: 'P6', title: 'no operation calls functions of both modes' },
  { id: 'P7', title: 'MAP_SYNC holds as long as the mapping' },
];

/** By which of the two worlds something reaches the data of the file. */
type Way = 'cache' | 'device';

/** Properties that an end breaks by its results; undefined: the kernel has to be looked at. */
export function breachesAtOnce(setUp: SetUp, end: SceneEnd): readonly SDaxProperty[] | undefined {
  // A thread that dies of a bad pointer leaves locks behind: what others wait for is its fault.
  if (end.results.some(isOops)) return ['P6'];
  if (end.isDeadlocked) return ['P5'];
  return setUp.judge?.(end.results).broken;
}

/** Properties that other ends break, in order; to be asked while the kernel is as in that end. */
export function breaches(setUp: SetUp, end: SceneEnd): readonly SDaxProperty[] {
  const mode = modeOf(setUp);
  const entry = entryWay(setUp.bed.inode.i_mapping.i_pages.peek(0));
  const mapped = mappedWays(setUp);
  const all = new Set([mode, ...entry, ...mapped]);
  const found: SDaxProperty[] = [];
  if (all.size > 1) found.push('P1');
  if (setUp.expects.some((one) => isLost(one, end))) found.push('P3');
  if (mapped.some((way) => way !== mode)) found.push('P4');
  if (mode === 'cache' && hasSyncMapping(setUp)) found.push('P7');
  return found;
}

function modeOf({ bed }: SetUp): Way {
  return (bed.inode.i_flags.peek() & S_DAX) === 0 ? 'cache' : 'device';
}

function entryWay(entry: PageCacheEntry | undefined): readonly Way[] {
  if (entry === undefined) return [];
  if (entry.kind === 'folio') return ['cache'];
  return entry.empty === true ? [] : ['device'];
}

function mappedWays({ bed }: SetUp): readonly Way[] {
  const { i_mmap } = bed.inode.i_mapping;
  return i_mmap.peek().flatMap((vma): readonly Way[] => {
    const pte = vma.vm_mm.ptes.peek(vma.vm_start / bed.linux.PAGE_SIZE);
    return pte === undefined ? [] : pteWay(bed.linux, pte);
  });
}

function pteWay(linux: Linux, pte: Pte): readonly Way[] {
  if (pte.anon === true || pte.pfn === linux.zero_pfn) return [];
  return [pte.devmap === true ? 'device' : 'cache'];
}

function hasSyncMapping({ bed }: SetUp): boolean {
  const vmas = bed.inode.i_mapping.i_mmap.peek();
  return vmas.some((vma) => (vma.vm_flags.peek() & VM_SYNC) !== 0);
}

function isLost({ looks, value, writer, acknowledged }: Expectation, end: SceneEnd): boolean {
  return end.results[writer] === acknowledged && end.results[looks] !== value;
}
