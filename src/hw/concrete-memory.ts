// Bytes behind the caches: sparse pages of physical memory. A whole page that is written is kept
// as the array it came in, and copied only when a part of it changes, so that filling a gigabyte
// with one byte costs little.

import { assert } from '../base/index.ts';
import { copyBytes } from './concrete-bytes.ts';
import type { PhysicalMemory, PhysicalRange } from './concrete.ts';

/** One page. `own`: nobody else has the array, so it may be changed in place. */
interface Page {
  bytes: Uint8Array;
  own: boolean;
}

/** Physical memory of a machine, page by page. */
export class SparseMemory implements PhysicalMemory {
  readonly #pageBytes: number;
  readonly #pages = new Map<number, Page>();
  readonly #zeroes: Uint8Array;
  #ranges: readonly PhysicalRange[] = [];
  #lastRange: PhysicalRange | undefined;
  /** The page looked up last: lines of one page come one after the other. */
  #lastNumber = -1;
  #lastPage: Page | undefined;

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
    this.#zeroes = new Uint8Array(pageBytes);
  }

  get ranges(): readonly PhysicalRange[] {
    return this.#ranges;
  }

  addRange(range: PhysicalRange): void {
    assert(range.base % this.#pageBytes === 0, `${range.name} starts at a page`);
    assert(range.bytes % this.#pageBytes === 0, `${range.name} ends at a page`);
    const end = range.base + range.bytes;
    // A kernel that boots again finds what was there before.
    if (this.#ranges.some((other) => isSame(other, range))) return;
    for (const other of this.#ranges) {
      // A kernel that boots again finds the memory that is there.
      const isSame = other.base === range.base && other.bytes === range.bytes;
      if (isSame && other.name === range.name && other.kind === range.kind) return;
      const apart = end <= other.base || other.base + other.bytes <= range.base;
      assert(apart, `${range.name} does not overlap ${other.name}`);
    }
    this.#ranges = [...this.#ranges, range].toSorted((a, b) => a.base - b.base);
  }

  read(paddr: number, lengthBytes: number): Uint8Array {
    this.#check(paddr, lengthBytes);
    const offset = paddr % this.#pageBytes;
    if (offset + lengthBytes > this.#pageBytes) return this.#readAcross(paddr, lengthBytes);
    const page = this.#find(Math.floor(paddr / this.#pageBytes));
    if (lengthBytes === this.#pageBytes) {
      if (page === undefined) return this.#zeroes;
      // From here on somebody else has the array: the next change makes a copy.
      page.own = false;
      return page.bytes;
    }
    return page === undefined
      ? new Uint8Array(lengthBytes)
      : page.bytes.slice(offset, offset + lengthBytes);
  }

  write(paddr: number, bytes: Uint8Array): void {
    this.#check(paddr, bytes.length);
    const offset = paddr % this.#pageBytes;
    const number = Math.floor(paddr / this.#pageBytes);
    if (bytes.length === this.#pageBytes && offset === 0) {
      this.#keep(number, { bytes, own: false });
      return;
    }
    const here = Math.min(bytes.length, this.#pageBytes - offset);
    this.#ownPage(number).set(here === bytes.length ? bytes : bytes.subarray(0, here), offset);
    if (here < bytes.length) this.write(paddr + here, bytes.slice(here));
  }

  /** Copies a line out of its page into `target`: no array is made. */
  readInto(paddr: number, target: Uint8Array, at: number, lengthBytes: number): void {
    this.#check(paddr, lengthBytes);
    const number = Math.floor(paddr / this.#pageBytes);
    const page = this.#find(number);
    if (page === undefined) target.fill(0, at, at + lengthBytes);
    else copyBytes(page.bytes, paddr - number * this.#pageBytes, target, at, lengthBytes);
  }

  /** Copies bytes that lie within one page out of `source`. */
  writeFrom(paddr: number, source: Uint8Array, at: number, lengthBytes: number): void {
    this.#check(paddr, lengthBytes);
    const number = Math.floor(paddr / this.#pageBytes);
    const offset = paddr - number * this.#pageBytes;
    copyBytes(source, at, this.#ownPage(number), offset, lengthBytes);
  }

  /** What a power failure leaves: RAM reads as zeroes again. */
  losePower(): void {
    this.#lastNumber = -1;
    for (const range of this.#ranges) {
      if (range.kind !== 'ram') continue;
      const first = range.base / this.#pageBytes;
      const last = first + range.bytes / this.#pageBytes;
      for (const number of this.#pages.keys()) {
        if (number >= first && number < last) this.#pages.delete(number);
      }
    }
  }

  #ownPage(number: number): Uint8Array {
    const page = this.#find(number);
    if (page === undefined) {
      const bytes = new Uint8Array(this.#pageBytes);
      this.#keep(number, { bytes, own: true });
      return bytes;
    }
    if (!page.own) {
      page.bytes = page.bytes.slice();
      page.own = true;
    }
    return page.bytes;
  }

  #find(number: number): Page | undefined {
    if (number === this.#lastNumber) return this.#lastPage;
    this.#lastNumber = number;
    this.#lastPage = this.#pages.get(number);
    return this.#lastPage;
  }

  #keep(number: number, page: Page): void {
    this.#pages.set(number, page);
    this.#lastNumber = number;
    this.#lastPage = page;
  }

  #readAcross(paddr: number, lengthBytes: number): Uint8Array {
    const bytes = new Uint8Array(lengthBytes);
    let done = 0;
    while (done < lengthBytes) {
      const from = paddr + done;
      const here = Math.min(lengthBytes - done, this.#pageBytes - (from % this.#pageBytes));
      this.readInto(from, bytes, done, here);
      done += here;
    }
    return bytes;
  }

  /** Nothing answers where no range is: a kernel that asks there is our own mistake. */
  #check(paddr: number, lengthBytes: number): void {
    const last = this.#lastRange;
    if (last !== undefined && inside(last, paddr, lengthBytes)) return;
    const range = this.#ranges.find((one) => inside(one, paddr, lengthBytes));
    assert(range !== undefined, `physical memory at ${paddr.toString(16)}, ${lengthBytes} bytes`);
    this.#lastRange = range;
  }
}

function inside(range: PhysicalRange, paddr: number, lengthBytes: number): boolean {
  return paddr >= range.base && paddr + lengthBytes <= range.base + range.bytes;
}

function isSame(a: PhysicalRange, b: PhysicalRange): boolean {
  return a.name === b.name && a.base === b.base && a.bytes === b.bytes && a.kind === b.kind;
}
