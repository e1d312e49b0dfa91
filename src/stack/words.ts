// What a step of a kernel function is called in a witness: the call that the thread is in, and what
// it does to what, in the names of the test.

import { at, never } from '../base/index.ts';
import type { ClosedScene, Node, Visible } from '../scenario/index.ts';
import type { Bench } from './bench.ts';

/** Names of kernel tables and addresses -> names of the test. */
export class Words {
  readonly #bench: Bench;
  readonly #closed: ClosedScene;
  readonly #current: (thread: number, node: Node) => string;
  readonly #inodes: readonly { readonly pattern: string; readonly name: string }[];
  constructor(bench: Bench, closed: ClosedScene, current: (thread: number, node: Node) => string) {
    this.#bench = bench;
    this.#closed = closed;
    this.#current = current;
    this.#inodes = inodesOf(bench);
  }

  /** An action of a thread as a sentence: `P0 calls write(f): takes i_rwsem of f`. */
  say(id: string): string | undefined {
    const step = this.#closed.steps.get(id);
    if (step === undefined) return undefined;
    const { thread, place, visibles, isFailure } = step;
    const call = this.#current(thread, at(at(this.#closed.places, thread), place).node);
    const what = this.#told(visibles);
    const outcome = isFailure ? `${what} fails` : what;
    // Only a call returns; elsewhere nothing has been done yet.
    const isNothing = outcome === RETURNS && !call.includes(' calls ');
    return isNothing || call.endsWith(outcome) ? call : `${call}: ${outcome}`;
  }

  // What comes with a step, each thing once; what is only read is told where nothing else is.
  #told(visibles: readonly Visible[]): string {
    const all = [...new Set(visibles.map((visible) => this.#what(visible)))];
    const done = all.filter((what) => !what.startsWith('reads ') && !what.startsWith('looks '));
    const told = done.length > 0 ? done : all;
    const more = told.length > MOST_TOLD ? ', and more' : '';
    return `${told.slice(0, MOST_TOLD).join(', ')}${more}`;
  }

  /** The name of an address under which lines are cached. */
  address(mapping: string): string {
    const [, page] = /^page (\d+) of/.exec(mapping) ?? [];
    return page === undefined ? mapping : this.#pageName(Number(page));
  }

  #pageName(page: number): string {
    const { linux, addresses } = this.#bench;
    const { PAGE_SIZE, PAGE_OFFSET } = linux;
    for (const { address, declared } of addresses.values()) {
      if (address !== undefined && Math.floor(address / PAGE_SIZE) === page) return declared.name;
    }
    if (page * PAGE_SIZE >= PAGE_OFFSET) return 'the kernel';
    return 'a mapping';
  }

  #place({ vaddr }: { readonly vaddr: number }): string {
    const name = this.#pageName(Math.floor(vaddr / this.#bench.linux.PAGE_SIZE));
    return name === 'the kernel' ? "the kernel's address" : name;
  }

  #what(visible: Visible): string {
    switch (visible.kind) {
      case 'get':
        return `reads ${this.#cell(visible.cell)}`;
      case 'set':
        return `sets ${this.#cell(visible.cell)}${shortValue(visible.value)}`;
      case 'scan':
        return `looks which are in use: ${this.#cells(visible.cells)}`;
      case 'lock':
        return `takes ${this.#rename(visible.lock)}${visible.mode === 'shared' ? READING : ''}`;
      case 'unlock':
        return `releases ${this.#rename(visible.lock)}`;
      case 'chance':
        return visible.what;
      case 'pause':
        return RETURNS;
      case 'load':
        return `loads through ${this.#place(visible.place)}`;
      case 'store':
        return `stores ${visible.value} through ${this.#place(visible.place)}`;
      case 'maintain':
        return `${MAINTENANCE[visible.what]} ${this.#place(visible.place)}`;
      case 'end':
        return 'ends';
      case 'blocked':
        return `waits for ever for ${this.#rename(visible.lock)}`;
      default:
        return never(visible);
    }
  }

  #cells(ids: readonly string[]): string {
    return ids.map((id) => this.#cell(id)).join(', ');
  }

  #cell(id: string): string {
    const [, table, key] = /^(.*) \[(-?\d+)\]$/.exec(id) ?? [];
    if (table === undefined || key === undefined) return this.#rename(id);
    if (table.startsWith('page table of')) {
      const name = this.#pageName(Number(key));
      return `the page table entry of ${name === 'the kernel' ? 'a window' : name}`;
    }
    const name = this.#rename(table);
    return key === '0' ? name : `${name} [${key}]`;
  }

  #rename(text: string): string {
    const found = this.#inodes.find(({ pattern }) => text.includes(pattern));
    return found ? text.replace(found.pattern, found.name) : text;
  }
}

/** Things that one step is said to do. */
const MOST_TOLD = 3;

const RETURNS = 'returns';

const READING = ' for reading';

const MAINTENANCE = {
  flush: 'writes back and drops the line under',
  clean: 'writes back the line under',
  invalidate: 'drops the line under',
  persist: 'makes durable the line under',
  'flush-all': 'empties the cache, and with it the line under',
} as const;

// ` to 1`; of a record, which would fill lines, only its kind.
function shortValue(name: string): string {
  if (/^-?\d+$/.test(name) || name === 'true' || name === 'false') return ` to ${name}`;
  if (name === 'undefined' || name === 'null') return ' to nothing';
  const kind = /kind: "([\w-]+)"/.exec(name)?.[1];
  if (kind !== undefined) return ` to a ${kind}`;
  return name.length > 24 ? '' : ` to ${name}`;
}

function inodesOf({ open, stack }: Bench) {
  return stack.files.flatMap(({ name }) => {
    const file = open.get(`${name} 0`);
    if (file === undefined) return [];
    const { i_ino, i_sb } = file.f_inode;
    return [{ pattern: `inode ${i_ino} of ${i_sb.s_bdev?.name ?? i_sb.s_type.name}`, name }];
  });
}
