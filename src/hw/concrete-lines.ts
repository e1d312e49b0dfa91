// The lines of one CPU's first-level data cache: sets and ways, tags, dirty bits, bytes. An empty
// way is filled first, then the one used least recently goes.

import type { Access, LineMaintenance, LineView } from './concrete.ts';
import type { SparseMemory } from './concrete-memory.ts';
import { byteAt, copyBytes, numberAt } from './concrete-bytes.ts';
import { colourOf, setCount, vaddr as toVaddr } from './address.ts';
import { type AliasClass, aliasClass, colours, type Dcache } from './dcache.ts';

const EMPTY = -1;

/**
 * One data cache. A slot is way x sets + set, so that the lines of a page may stand in a row. Its
 * tag is the number of the virtual line where tags
 * are virtual, else that of the physical line; the physical line is known in either case, as the
 * hardware that writes a line back knows it.
 */
export class CacheLines {
  readonly #id: number;
  readonly #dcache: Dcache;
  readonly #pageBytes: number;
  /** The index is taken modulo this, in lines. */
  readonly #unitLines: number;
  readonly #memory: SparseMemory;
  readonly #sets: number;
  readonly #ways: number;
  readonly #lineBytes: number;
  readonly #virtualTags: boolean;
  readonly #virtualIndex: boolean;
  readonly #tags: Float64Array;
  readonly #plines: Float64Array;
  /** Virtual lines through which slots were filled: for displays only. */
  readonly #vlines: Float64Array;
  readonly #used: Float64Array;
  readonly #dirty: Uint8Array;
  readonly #bytes: Uint8Array;
  /** Lines held of a physical page, by page number: where somebody asks for them by page. */
  readonly #counts: boolean;
  readonly #ofPage = new Map<number, number>();
  #clock = 0;

  constructor(parts: {
    readonly id: number;
    readonly dcache: Dcache;
    readonly pageBytes: number;
    readonly memory: SparseMemory;
    /** Addresses equal modulo this are equivalent, whatever the way size; absent: the way is it. */
    readonly equivalentBytes?: number;
  }) {
    const { dcache } = parts;
    this.#id = parts.id;
    this.#dcache = dcache;
    this.#pageBytes = parts.pageBytes;
    this.#memory = parts.memory;
    this.#sets = setCount(dcache);
    this.#unitLines = (parts.equivalentBytes ?? 2 ** 53) / dcache.lineBytes;
    this.#ways = dcache.ways;
    this.#lineBytes = dcache.lineBytes;
    this.#virtualTags = dcache.kind === 'vivt';
    // Hardware that keeps synonyms out by itself behaves as if it were physically indexed.
    this.#virtualIndex = dcache.kind !== 'pipt' && dcache.synonyms !== 'hardware';
    this.#counts = dcache.synonyms === 'trap' || !isAliasing(aliasClass(dcache, parts.pageBytes));
    const slots = this.#sets * this.#ways;
    this.#tags = new Float64Array(slots).fill(EMPTY);
    this.#plines = new Float64Array(slots);
    this.#vlines = new Float64Array(slots);
    this.#used = new Float64Array(slots);
    this.#dirty = new Uint8Array(slots);
    this.#bytes = new Uint8Array(slots * dcache.lineBytes);
  }

  /** The slot that an access hits; negative where it misses. */
  find(vaddr: number, paddr: number): number {
    const slot = this.#lookUp(vaddr, paddr);
    if (slot >= 0) this.#used[slot] = ++this.#clock;
    return slot;
  }

  /** Brings a line in from memory; what stood in its place is written back. */
  fill(vaddr: number, paddr: number): number {
    const slot = this.allocate(vaddr, paddr);
    const line = this.#lineBytes;
    this.#memory.readInto(numberAt(this.#plines, slot) * line, this.#bytes, slot * line, line);
    return slot;
  }

  /** A place for a line all of whose bytes the caller is about to write. */
  allocate(vaddr: number, paddr: number): number {
    const slot = this.#victimOf(this.#setOf(vaddr, paddr));
    this.#flushSlot(slot);
    const pline = Math.floor(paddr / this.#lineBytes);
    this.#take(slot, pline, Math.floor(vaddr / this.#lineBytes));
    this.#count(pline, 1);
    return slot;
  }

  /** No line of a page is here under this address. */
  lacksPage(vaddr: number, paddr: number): boolean {
    const lines = this.#pageBytes / this.#lineBytes;
    const first = this.#setOf(vaddr, paddr);
    const tag = Math.floor((this.#virtualTags ? vaddr : paddr) / this.#lineBytes);
    if (first + lines > this.#sets) return false;
    for (let way = 0; way < this.#ways; way++) {
      const slot = way * this.#sets + first;
      for (let i = 0; i < lines; i++) if (numberAt(this.#tags, slot + i) === tag + i) return false;
    }
    return true;
  }

  /**
   * A place in one row for all lines of a page that is not here: what makes room for each is the
   * same way. The first slot; negative where the lines would go to different ways.
   */
  allocatePage(vaddr: number, paddr: number): number {
    const lines = this.#pageBytes / this.#lineBytes;
    const set = this.#setOf(vaddr, paddr);
    const first = this.#victimOf(set);
    for (let i = 1; i < lines; i++) if (this.#victimOf(set + i) !== first + i) return EMPTY;
    this.#flushRow(first, lines);
    const pline = Math.floor(paddr / this.#lineBytes);
    const vline = Math.floor(vaddr / this.#lineBytes);
    for (let i = 0; i < lines; i++) this.#take(first + i, pline + i, vline + i);
    return first;
  }

  /** Brings a page into slots that follow each other. */
  fillPage(first: number, paddr: number): void {
    this.#memory.readInto(paddr, this.#bytes, first * this.#lineBytes, this.#pageBytes);
  }

  /** Stores a page into slots that follow each other. */
  storePage(first: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, first * this.#lineBytes);
    this.#dirty.fill(1, first, first + this.#pageBytes / this.#lineBytes);
  }

  readLine(
    slot: number,
    offset: number,
    piece: { readonly into: Uint8Array; readonly at: number; readonly length: number },
  ): void {
    const start = slot * this.#lineBytes + offset;
    copyBytes(this.#bytes, start, piece.into, piece.at, piece.length);
  }

  writeLine(
    slot: number,
    offset: number,
    piece: { readonly from: Uint8Array; readonly at: number; readonly length: number },
  ): void {
    const start = slot * this.#lineBytes + offset;
    copyBytes(piece.from, piece.at, this.#bytes, start, piece.length);
  }

  setDirty(slot: number): void {
    this.#dirty[slot] = 1;
  }

  /** Writes one line back; it stays. */
  clean(vaddr: number, paddr: number): void {
    const slot = this.#lookUp(vaddr, paddr);
    if (slot >= 0) this.#writeBack(slot);
  }

  /** Writes one line back and drops it. */
  flush(vaddr: number, paddr: number): void {
    const slot = this.#lookUp(vaddr, paddr);
    if (slot >= 0) this.#flushSlot(slot);
  }

  /** Writes back and drops the copies of a line under other keys than this address has. */
  flushOthers(vaddr: number, paddr: number): void {
    if (!this.#hasPage(paddr)) return;
    const own = this.#lookUp(vaddr, paddr);
    const pline = Math.floor(paddr / this.#lineBytes);
    for (let slot = 0; slot < this.#tags.length; slot++) {
      if (slot !== own && this.#holds(slot, pline)) this.#flushSlot(slot);
    }
  }

  maintain(what: Exclude<LineMaintenance, 'flush-all'>, access: Access, lengthBytes: number): void {
    if (lengthBytes === 0) return;
    // A virtual tag may hit a line of another page.
    if (this.#counts && !this.#virtualTags && !this.#hasPage(access.paddr)) return;
    const skew = access.paddr % this.#lineBytes;
    for (let done = -skew; done < lengthBytes; done += this.#lineBytes) {
      const slot = this.#lookUp(access.vaddr + done, access.paddr + done);
      if (slot < 0) continue;
      if (what === 'flush') this.#flushSlot(slot);
      else if (what === 'invalidate') this.#drop(slot);
      else this.#writeBack(slot);
    }
  }

  /** Writes back the lines of a physical page, which stay. */
  cleanPage(paddr: number): void {
    this.#eachOfPage(paddr, (slot) => {
      this.#writeBack(slot);
    });
  }

  /** Drops the lines of a physical page, which is about to be written whole. */
  dropPage(paddr: number): void {
    this.#eachOfPage(paddr, (slot) => {
      this.#drop(slot);
    });
  }

  /** Writes back and drops the lines of a physical page. */
  flushPage(paddr: number): void {
    this.#eachOfPage(paddr, (slot) => {
      this.#flushSlot(slot);
    });
  }

  flushAll(): void {
    for (let slot = 0; slot < this.#tags.length; slot++) this.#flushSlot(slot);
  }

  dropAll(): void {
    for (let slot = 0; slot < this.#tags.length; slot++) this.#drop(slot);
  }

  /** What the slots hold of a physical range, in the order of sets and ways. */
  views(range: { readonly paddr: number; readonly lengthBytes: number }): readonly LineView[] {
    const views: LineView[] = [];
    for (let one = 0; one < this.#tags.length; one++) {
      const slot = (one % this.#ways) * this.#sets + Math.floor(one / this.#ways);
      if (numberAt(this.#tags, slot) === EMPTY) continue;
      const paddr = numberAt(this.#plines, slot) * this.#lineBytes;
      if (paddr + this.#lineBytes <= range.paddr) continue;
      if (paddr >= range.paddr + range.lengthBytes) continue;
      views.push(this.#view(slot));
    }
    return views;
  }

  /** Throws the line of a view out, if it is still there. */
  evictView(view: LineView): void {
    const slot = view.way * this.#sets + view.set;
    if (this.#holds(slot, Math.floor(view.paddr / this.#lineBytes))) this.#flushSlot(slot);
  }

  #view(slot: number): LineView {
    const vaddr = numberAt(this.#vlines, slot) * this.#lineBytes;
    const start = slot * this.#lineBytes;
    const coloured = this.#virtualIndex && colours(this.#dcache, this.#pageBytes) > 1;
    return {
      cpu: this.#id,
      set: slot % this.#sets,
      way: Math.floor(slot / this.#sets),
      paddr: numberAt(this.#plines, slot) * this.#lineBytes,
      vaddr,
      colour: coloured ? colourOf(this.#dcache, this.#pageBytes, toVaddr(vaddr)) : 0,
      dirty: byteAt(this.#dirty, slot) === 1,
      bytes: this.#bytes.slice(start, start + this.#lineBytes),
    };
  }

  #setOf(vaddr: number, paddr: number): number {
    const number = Math.floor((this.#virtualIndex ? vaddr : paddr) / this.#lineBytes);
    const line = number < this.#unitLines ? number : number % this.#unitLines;
    // Addresses beyond 32 bits make `%` slow.
    return line - Math.floor(line / this.#sets) * this.#sets;
  }

  #lookUp(vaddr: number, paddr: number): number {
    const tag = Math.floor((this.#virtualTags ? vaddr : paddr) / this.#lineBytes);
    let slot = this.#setOf(vaddr, paddr);
    for (let way = 0; way < this.#ways; way++) {
      if (numberAt(this.#tags, slot) === tag) return slot;
      slot += this.#sets;
    }
    return EMPTY;
  }

  /** The slot of a set that makes room: an empty one, else the one used least recently. */
  #victimOf(set: number): number {
    let victim = set;
    let slot = set;
    for (let way = 0; way < this.#ways; way++) {
      if (numberAt(this.#tags, slot) === EMPTY) return slot;
      if (numberAt(this.#used, slot) < numberAt(this.#used, victim)) victim = slot;
      slot += this.#sets;
    }
    return victim;
  }

  #take(slot: number, pline: number, vline: number): void {
    this.#tags[slot] = this.#virtualTags ? vline : pline;
    this.#plines[slot] = pline;
    this.#vlines[slot] = vline;
    this.#used[slot] = ++this.#clock;
  }

  /** Empties slots that follow each other; a whole dirty page goes to memory as one. */
  #flushRow(first: number, lines: number): void {
    const pline = numberAt(this.#plines, first);
    let whole = pline % lines === 0;
    for (let slot = first; whole && slot < first + lines; slot++) {
      const follows = numberAt(this.#plines, slot) === pline + slot - first;
      whole = follows && byteAt(this.#dirty, slot) === 1;
    }
    if (whole) {
      const start = first * this.#lineBytes;
      const page = this.#bytes.slice(start, start + this.#pageBytes);
      this.#memory.write(pline * this.#lineBytes, page);
      this.#dirty.fill(0, first, first + lines);
    }
    for (let slot = first; slot < first + lines; slot++) this.#flushSlot(slot);
  }

  #hasPage(paddr: number): boolean {
    return this.#ofPage.has(Math.floor(paddr / this.#pageBytes));
  }

  #holds(slot: number, pline: number): boolean {
    return numberAt(this.#tags, slot) !== EMPTY && numberAt(this.#plines, slot) === pline;
  }

  #writeBack(slot: number): void {
    if (byteAt(this.#dirty, slot) === 0) return;
    const line = this.#lineBytes;
    this.#memory.writeFrom(numberAt(this.#plines, slot) * line, this.#bytes, slot * line, line);
    this.#dirty[slot] = 0;
  }

  #flushSlot(slot: number): void {
    this.#writeBack(slot);
    this.#drop(slot);
  }

  #drop(slot: number): void {
    if (numberAt(this.#tags, slot) === EMPTY) return;
    this.#tags[slot] = EMPTY;
    this.#dirty[slot] = 0;
    this.#count(numberAt(this.#plines, slot), -1);
  }

  #count(pline: number, change: number): void {
    if (!this.#counts) return;
    const page = Math.floor((pline * this.#lineBytes) / this.#pageBytes);
    const lines = (this.#ofPage.get(page) ?? 0) + change;
    if (lines === 0) this.#ofPage.delete(page);
    else this.#ofPage.set(page, lines);
  }

  /** Only where copies cannot differ: every line of the page has one place to be. */
  #eachOfPage(paddr: number, act: (slot: number) => void): void {
    if (!this.#hasPage(paddr)) return;
    const page = Math.floor(paddr / this.#pageBytes) * this.#pageBytes;
    for (let offset = 0; offset < this.#pageBytes; offset += this.#lineBytes) {
      const slot = this.#lookUp(page + offset, page + offset);
      if (slot >= 0) act(slot);
    }
  }
}

/** Whether copies of one line may stand in the cache under two keys. */
export function isAliasing(kind: AliasClass): boolean {
  return kind === 'vivt' || kind === 'vipt-aliasing';
}
