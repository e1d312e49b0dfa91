// The bytes of memory that an exhaustive run follows through the caches: a few, by physical
// address. All other memory is each thread's own, as it was at the start and as the thread has
// written it.

import { assert, at, present } from '../base/index.ts';
import type { Linux } from '../kernel/index.ts';
import type { Line } from '../litmus/index.ts';
import type { CacheModel } from './cache-model.ts';

/** Bytes whose copies in caches are explored. */
export interface TrackedMemory {
  readonly model: CacheModel;
  readonly lineBytes: number;
  /** Physical addresses, each once. */
  readonly bytes: readonly number[];
}

/** One followed byte: its line, and its place among the followed bytes of the line. */
export interface TrackedByte {
  readonly paddr: number;
  readonly line: string;
  readonly cell: number;
}

/** The followed bytes by address, and their lines. */
export class Tracking {
  readonly lines: readonly Line[];
  readonly bytes: readonly TrackedByte[];
  readonly lineBytes: number;
  readonly #linux: Linux;
  constructor(linux: Linux, memory: TrackedMemory | undefined) {
    this.#linux = linux;
    this.lineBytes = memory?.lineBytes ?? linux.PAGE_SIZE;
    const addresses = (memory?.bytes ?? []).toSorted((a, b) => a - b);
    assert(new Set(addresses).size === addresses.length, 'each byte is named once');
    const starts = [...new Set(addresses.map((paddr) => this.#lineStart(paddr)))];
    this.bytes = starts.flatMap((start, line) =>
      addresses
        .filter((paddr) => this.#lineStart(paddr) === start)
        .map((paddr, cell) => ({ paddr, line: `x${line}`, cell })),
    );
    this.lines = starts.map((start, line) => ({
      name: `x${line}`,
      page: this.pageOf(start),
      cells: this.bytes.filter((one) => one.line === `x${line}`).map(() => 0),
    }));
  }

  /** Name of the page that holds a physical address. */
  pageOf(paddr: number): string {
    return `page ${Math.floor(paddr / this.#linux.PAGE_SIZE)}`;
  }

  /** Whether a followed byte is within a range of physical addresses. */
  isWithin(paddr: number, lengthBytes: number): boolean {
    for (const one of this.bytes) {
      if (one.paddr >= paddr && one.paddr < paddr + lengthBytes) return true;
    }
    return false;
  }

  /** Places in `bytes` of those within a range of physical addresses, ascending. */
  within(paddr: number, lengthBytes: number): readonly number[] {
    return [...this.bytes.keys()].filter((index) => {
      const one = at(this.bytes, index).paddr;
      return one >= paddr && one < paddr + lengthBytes;
    });
  }

  /** One byte of each followed line that a range touches. */
  linesWithin(paddr: number, lengthBytes: number): readonly number[] {
    const first = this.#lineStart(paddr);
    const end = this.#lineStart(paddr + lengthBytes - 1) + this.lineBytes;
    return [...this.bytes.keys()].filter((index) => {
      const one = at(this.bytes, index);
      return one.cell === 0 && one.paddr >= first && one.paddr < end;
    });
  }

  /** One byte of each followed line. */
  allLines(): readonly number[] {
    return [...this.bytes.keys()].filter((index) => at(this.bytes, index).cell === 0);
  }

  /** What a byte is in memory at the start. */
  initial(index: number): number {
    const { paddr } = at(this.bytes, index);
    return present(this.#linux.machine.memory.read(paddr, 1)[0], 'a byte of memory');
  }

  #lineStart(paddr: number): number {
    return paddr - (paddr % this.lineBytes);
  }
}

/** Memory of one run beside what is followed. */
export class OwnMemory {
  readonly #linux: Linux;
  readonly #pages = new Map<number, Uint8Array>();
  constructor(linux: Linux) {
    this.#linux = linux;
  }
  /** Pages that the run has stored to, whole. */
  written(): readonly { readonly paddr: number; readonly bytes: Uint8Array }[] {
    const { PAGE_SIZE } = this.#linux;
    return [...this.#pages].map(([frame, bytes]) => ({ paddr: frame * PAGE_SIZE, bytes }));
  }
  /** What the run has stored, as text: frames, and a number for what is in them. */
  text(): string {
    return [...this.#pages].map(([frame, page]) => `page ${frame} ${hashOf(page)}`).join(', ');
  }
  /** The bytes from `paddr` on, within one page, for the caller to change. */
  read(paddr: number, lengthBytes: number): Uint8Array {
    const page = this.#pages.get(this.#frame(paddr));
    const offset = paddr % this.#linux.PAGE_SIZE;
    if (page) return page.slice(offset, offset + lengthBytes);
    return this.#linux.machine.memory.read(paddr, lengthBytes).slice();
  }
  write(paddr: number, bytes: Uint8Array): void {
    const frame = this.#frame(paddr);
    const { PAGE_SIZE } = this.#linux;
    const page = this.#pages.get(frame) ?? this.read(frame * PAGE_SIZE, PAGE_SIZE);
    page.set(bytes, paddr % PAGE_SIZE);
    this.#pages.set(frame, page);
  }
  #frame(paddr: number): number {
    return Math.floor(paddr / this.#linux.PAGE_SIZE);
  }
}

// FNV-1a: two contents with one number would make two ends look as one that differ in bytes which
// nobody follows.
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
