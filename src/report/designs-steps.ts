// Steps of kernel functions about S_DAX in plain words: what a thread asks and sees, what it
// changes, and in which function.

import { S_DAX } from '../kernel/index.ts';
import type { SDaxBreach } from '../scenario/index.ts';

type Walked = SDaxBreach['witness'][number];
type Move = Walked['moves'][number];
type Visible = Move['node']['visible'];

/** One line of a witness. */
export interface ToldStep {
  /** The place of the thread in the program. */
  readonly thread: number;
  /** Kernel function. */
  readonly where: string;
  readonly says: string;
}

/** What the threads of a schedule do that tells what happens; locks only where they are asked. */
export function toldSteps(
  witness: readonly Walked[],
  about: { readonly calls: readonly string[]; readonly locks: boolean },
): readonly ToldStep[] {
  const told: ToldStep[] = [];
  const said = new Set<string>();
  for (const { thread, moves } of witness) {
    if (thread === undefined) continue;
    for (const { node, answer } of moves) {
      const one = stepOf(node.visible, answer, about.calls[thread] ?? '');
      if (one === undefined || (one.isLock && !about.locks)) continue;
      // What one call asks or does again tells nothing new: other flags stand in the same word.
      const key = `${thread} ${one.once ?? ''}`;
      if (one.once !== undefined && said.has(key)) continue;
      said.add(key);
      const last = told.at(-1);
      if (last?.thread === thread && last.says === one.says) continue;
      told.push({ thread, where: one.where, says: one.says });
    }
  }
  return told;
}

interface Words {
  readonly where: string;
  readonly says: string;
  readonly isLock?: true;
  /** Told once of each thread. */
  readonly once?: string;
}

/** First address of the medium. */
const MEDIUM = 2 ** 32;

function stepOf(visible: Visible, answer: string, call: string): Words | undefined {
  switch (visible.kind) {
    case 'get':
      return asked(visible.cell, answer, call);
    case 'set':
      return changed(visible.cell, visible.value);
    case 'scan':
      return call.startsWith('chattr') ? scanned(visible.cells, answer) : undefined;
    case 'load': {
      const from = visible.place.paddr >= MEDIUM ? 'the medium' : 'the page in RAM';
      return { where: accessor(visible.place.vaddr, call), says: `reads ${answer} from ${from}` };
    }
    case 'store': {
      const to = visible.place.paddr >= MEDIUM ? 'the medium' : 'the page in RAM';
      return {
        where: accessor(visible.place.vaddr, call),
        says: `puts ${visible.value} into ${to}`,
      };
    }
    case 'lock':
    case 'unlock': {
      if (visible.lock.startsWith(QUEUE)) return queued(visible.lock, visible);
      const how = visible.mode === 'shared' ? ' for reading' : '';
      const verb = visible.kind === 'lock' ? 'takes' : 'releases';
      return { where: '', says: `${verb} ${visible.lock}${how}`, isLock: true };
    }
    default:
      return undefined;
  }
}

/** Begins the name of what who waits to write holds against new readers of a lock. */
export const QUEUE = 'writers of ';

// A reader that finds nobody there passes by, and that tells nothing.
function queued(
  lock: string,
  { kind, mode }: { readonly kind: 'lock' | 'unlock'; readonly mode: 'shared' | 'exclusive' },
): Words | undefined {
  if (kind !== 'lock' || mode === 'shared') return undefined;
  const says = `wants ${lock.slice(QUEUE.length)}: no new readers`;
  return { where: '', says, isLock: true };
}

/** Addresses of programs lie below. */
const USER_END = 2 ** 47;

function accessor(vaddr: number, call: string): string {
  if (vaddr < USER_END) return 'the program';
  return call.startsWith('chattr') ? 'pmem_submit_bio' : 'copy of the data';
}

function asked(cell: string, answer: string, call: string): Words | undefined {
  if (cell.startsWith('i_flags of ')) {
    if (call.startsWith('chattr')) return undefined;
    const says = `asks IS_DAX: ${(Number(answer) & S_DAX) === 0 ? 'no' : 'yes'}`;
    const isFault = /mmap|load|store/.test(call) && !call.startsWith('write');
    return { where: tester(call), says, ...(isFault ? {} : { once: 'mode' }) };
  }
  if (cell.startsWith('mappings of inode ')) {
    const isNone = answer === '[]';
    if (!call.startsWith('chattr')) return undefined;
    return { where: 's_dax_switch', says: isNone ? 'sees no mapping' : 'sees a mapping' };
  }
  if (cell.startsWith('a_ops of ')) {
    return { where: 'a_ops', says: 'takes the table of functions as it is' };
  }
  return undefined;
}

function tester(call: string): string {
  if (call.startsWith('write')) return 'xfs_file_write_iter';
  if (call.startsWith('read')) return 'xfs_file_read_iter';
  return call.startsWith('mmap') ? 'xfs_file_mmap, fault' : '__xfs_filemap_fault';
}

function changed(cell: string, value: string): Words | undefined {
  if (cell.startsWith('i_flags of ')) {
    const says = (Number(value) & S_DAX) === 0 ? 'clears S_DAX' : 'sets S_DAX';
    return { where: 's_dax_switch', says, once: 'flip' };
  }
  if (cell.startsWith('a_ops of ')) {
    return { where: 's_dax_switch', says: 'puts the other table of functions in place' };
  }
  if (cell.startsWith('mappings of inode ')) {
    return { where: 'mmap_region', says: 'enters the mapping' };
  }
  if (cell.startsWith('page table of ')) {
    if (value === 'undefined') return { where: 'unmap_page_range', says: 'unmaps the page' };
    const isMedium = value.includes('devmap: true');
    const what = isMedium ? 'the page of the medium' : 'the page of the page cache';
    return { where: isMedium ? 'vmf_insert_mixed' : 'finish_fault', says: `maps ${what}` };
  }
  return cell.startsWith('i_pages of ') ? cached(value) : undefined;
}

function cached(value: string): Words | undefined {
  if (value === 'undefined') {
    return { where: 'invalidate_inode_pages2', says: 'takes out what is cached' };
  }
  if (value.includes('kind: "folio"')) {
    return { where: '__filemap_add_folio', says: 'puts a page into the page cache' };
  }
  if (value.includes('empty: true')) return undefined;
  return { where: 'dax_insert_entry', says: 'puts a DAX entry in' };
}

function scanned(cells: readonly string[], answer: string): Words | undefined {
  const isThere = answer.includes('1');
  if (cells.some((cell) => cell.startsWith('i_pages of '))) {
    const says = isThere ? 'finds something cached' : 'finds nothing cached';
    return { where: 'invalidate_inode_pages2', says };
  }
  if (cells.some((cell) => cell.startsWith('blocks of '))) {
    return { where: 'block map', says: isThere ? 'finds a block' : 'finds no block' };
  }
  return undefined;
}
