// Bytes behind the caches: sparse pages of physical memory. A whole page that is written is kept
// as the array it came in, and copied only when a part of it changes, so that filling a gigabyte
// with one byte costs little.

import { assert } from '../base/index.ts';
import { copyBytes } from './concrete-bytes.ts';
import type { PhysicalMemory, PhysicalRange } from './concrete.ts';

/** Pages in a row. */
interface Chunk {
  readonly number: number;
  /** Absent: never written. */
  readonly pages: (Uint8Array | undefined)[];
  /** Nobody else has the array, so it may be changed in place. */
  readonly own: boolean[];
}

const CHUNK_PAGES = 64;

/** Parts of a page from this share of it on are read without a copy. */
const LARGE_SHARE = 1 / 4;

/** Physical memory of a machine, page by page. */
export class SparseMemory implements PhysicalMemory {
  readonly #pageBytes: number;
  readonly #chunks = new Map<number, Chunk>();
  readonly #zeroes: Uint8Array;
  #ranges: readonly PhysicalRange[] = [];
  /** The ranges asked for last: copies go from one to the other. */
  #lastRange: PhysicalRange | undefined;
  #formerRange: PhysicalRange | undefined;
  /** The chunk looked up last: neighbours come one after the other. */
  #lastChunk: Chunk | undefined;

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
    const number = Math.floor(paddr / this.#pageBytes);
    const offset = paddr - number * this.#pageBytes;
    if (offset + lengthBytes > this.#pageBytes) return this.#readAcross(paddr, lengthBytes);
    const chunk = this.#find(number);
    const index = indexOf(number);
    const page = chunk?.pages[index];
    const isLarge = lengthBytes >= this.#pageBytes * LARGE_SHARE;
    if (chunk === undefined || page === undefined) {
      return isLarge ? this.#zeroes.subarray(0, lengthBytes) : new Uint8Array(lengthBytes);
    }
    if (!isLarge) return page.slice(offset, offset + lengthBytes);
    // From here on somebody else has the array: the next change makes a copy.
    chunk.own[index] = false;
    return lengthBytes === this.#pageBytes ? page : page.subarray(offset, offset + lengthBytes);
  }

  write(paddr: number, bytes: Uint8Array): void {
    this.#check(paddr, bytes.length);
    const number = Math.floor(paddr / this.#pageBytes);
    const offset = paddr - number * this.#pageBytes;
    if (bytes.length === this.#pageBytes && offset === 0) {
      this.#keep(number, bytes, false);
      return;
    }
    const here = Math.min(bytes.length, this.#pageBytes - offset);
    this.#ownPage(number).set(here === bytes.length ? bytes : bytes.subarray(0, here), offset);
    if (here < bytes.length) this.write(paddr + here, bytes.subarray(here));
  }

  /** Copies a line out of its page into `target`: no array is made. */
  readInto(paddr: number, target: Uint8Array, at: number, lengthBytes: number): void {
    this.#check(paddr, lengthBytes);
    const number = Math.floor(paddr / this.#pageBytes);
    const page = this.#find(number)?.pages[indexOf(number)];
    if (page === undefined) target.fill(0, at, at + lengthBytes);
    else copyBytes(page, paddr - number * this.#pageBytes, target, at, lengthBytes);
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
    for (const range of this.#ranges) {
      if (range.kind !== 'ram') continue;
      const first = range.base / this.#pageBytes;
      const last = first + range.bytes / this.#pageBytes;
      for (const { number, pages } of this.#chunks.values()) {
        const base = number * CHUNK_PAGES;
        for (let i = Math.max(0, first - base); i < pages.length && base + i < last; i++) {
          pages[i] = undefined;
        }
      }
    }
  }

  #ownPage(number: number): Uint8Array {
    const chunk = this.#find(number);
    const index = indexOf(number);
    const page = chunk?.pages[index];
    if (chunk === undefined || page === undefined) {
      const made = new Uint8Array(this.#pageBytes);
      this.#keep(number, made, true);
      return made;
    }
    if (chunk.own[index] === true) return page;
    const copy = page.slice();
    this.#keep(number, copy, true);
    return copy;
  }

  #find(number: number): Chunk | undefined {
    const chunkNumber = Math.floor(number / CHUNK_PAGES);
    if (this.#lastChunk?.number === chunkNumber) return this.#lastChunk;
    const found = this.#chunks.get(chunkNumber);
    if (found !== undefined) this.#lastChunk = found;
    return found;
  }

  #keep(number: number, bytes: Uint8Array, own: boolean): void {
    const { pages, own: owned } = this.#find(number) ?? this.#add(number);
    const index = indexOf(number);
    for (let i = pages.length; i < index; i++) {
      pages.push(undefined);
      owned.push(false);
    }
    pages[index] = bytes;
    owned[index] = own;
  }

  #add(number: number): Chunk {
    const made: Chunk = { number: Math.floor(number / CHUNK_PAGES), pages: [], own: [] };
    this.#chunks.set(made.number, made);
    this.#lastChunk = made;
    return made;
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
    const former = this.#formerRange;
    const range =
      former !== undefined && inside(former, paddr, lengthBytes)
        ? former
        : this.#ranges.find((one) => inside(one, paddr, lengthBytes));
    if (range === undefined) {
      assert(false, `physical memory at ${paddr.toString(16)}, ${lengthBytes} bytes`);
    }
    this.#formerRange = last;
    this.#lastRange = range;
  }
}

function indexOf(page: number): number {
  return page - Math.floor(page / CHUNK_PAGES) * CHUNK_PAGES;
}

function inside(range: PhysicalRange, paddr: number, lengthBytes: number): boolean {
  return paddr >= range.base && paddr + lengthBytes <= range.base + range.bytes;
}

function isSame(a: PhysicalRange, b: PhysicalRange): boolean {
  return a.name === b.name && a.base === b.base && a.bytes === b.bytes && a.kind === b.kind;
}
