// First-level data caches of real geometry, one for each CPU, kept coherent with each other as the
// hardware does it: by what tells copies apart. Two copies of one line under one key are one to the
// protocol; under two keys nobody knows of the other, and that is where aliases go wrong.
// @source Documentation/core-api/cachetlb.rst v6.12

import { at, present } from '../base/index.ts';
import { CacheLines, isAliasing } from './concrete-lines.ts';
import type { Access, ConcreteCpu, LineMaintenance, LineView } from './concrete.ts';
import type { SparseMemory } from './concrete-memory.ts';
import { congruence } from './congruence.ts';
import { aliasClass, type Dcache } from './dcache.ts';
import type { Machine } from './machine.ts';

/** Accesses from this share of a page on leave no lines behind where nobody could tell. */
const LARGE_SHARE = 1 / 4;

/** The caches of all CPUs. */
export class ConcreteCache {
  readonly cpus: readonly ConcreteCpu[];
  readonly #l1s: readonly CacheLines[];
  constructor(machine: Machine, memory: SparseMemory, cpus: number) {
    const { dcache, pageBytes } = machine;
    this.#l1s =
      dcache === undefined
        ? []
        : Array.from(
            { length: cpus },
            (_, id) => new CacheLines({ ...equivalence(machine), id, dcache, pageBytes, memory }),
          );
    this.cpus = Array.from({ length: cpus }, (_, id) =>
      dcache === undefined
        ? new UncachedCpu(id, memory)
        : new CachedCpu({ id, memory, dcache, pageBytes, l1s: this.#l1s }),
    );
  }
  lines(paddr: number, lengthBytes: number): readonly LineView[] {
    return this.#l1s.flatMap((l1) => l1.views({ paddr, lengthBytes }));
  }
  evict(line: LineView): void {
    const l1 = present(this.#l1s[line.cpu], `the cache of CPU ${line.cpu}`);
    l1.evictView(line);
  }
  flushAll(): void {
    for (const l1 of this.#l1s) l1.flushAll();
  }
  dropAll(): void {
    for (const l1 of this.#l1s) l1.dropAll();
  }
}

/** A CPU of which no data cache is modelled: every access goes to memory. */
class UncachedCpu implements ConcreteCpu {
  readonly id: number;
  readonly #memory: SparseMemory;
  constructor(id: number, memory: SparseMemory) {
    this.id = id;
    this.#memory = memory;
  }
  load(access: Access, lengthBytes: number): Uint8Array {
    return this.#memory.read(access.paddr, lengthBytes);
  }
  store(access: Access, bytes: Uint8Array): void {
    this.#memory.write(access.paddr, bytes);
  }
  maintain(): void {}
  flushAll(): void {}
}

/** A CPU with its cache and those of its peers. */
class CachedCpu implements ConcreteCpu {
  readonly id: number;
  readonly #memory: SparseMemory;
  readonly #dcache: Dcache;
  readonly #pageBytes: number;
  readonly #own: CacheLines;
  readonly #peers: readonly CacheLines[];
  readonly #all: readonly CacheLines[];
  /** Copies cannot differ: large parts of a page need not go line by line. */
  readonly #straight: boolean;
  /** Nobody else has to hear of a line: whole pages may come and go in one row. */
  readonly #alone: boolean;
  constructor(parts: {
    readonly id: number;
    readonly memory: SparseMemory;
    readonly dcache: Dcache;
    readonly pageBytes: number;
    readonly l1s: readonly CacheLines[];
  }) {
    this.id = parts.id;
    this.#memory = parts.memory;
    this.#dcache = parts.dcache;
    this.#pageBytes = parts.pageBytes;
    this.#all = parts.l1s;
    this.#own = at(parts.l1s, parts.id);
    this.#peers = parts.l1s.filter((_, id) => id !== parts.id);
    this.#alone = this.#peers.length === 0 && parts.dcache.synonyms !== 'trap';
    this.#straight = !isAliasing(aliasClass(parts.dcache, parts.pageBytes));
  }

  load(access: Access, lengthBytes: number): Uint8Array {
    if (access.attribute === 'uncached') return this.#memory.read(access.paddr, lengthBytes);
    if (this.#passesBy(lengthBytes)) {
      // The lines are thrown out as soon as they are filled, as hardware may do.
      for (const l1 of this.#all) l1.cleanPage(access.paddr);
      return this.#memory.read(access.paddr, lengthBytes);
    }
    if (this.#takesPage(access, lengthBytes)) {
      const first = this.#own.allocatePage(access.vaddr, access.paddr);
      if (first >= 0) {
        this.#own.fillPage(first, access.paddr);
        return this.#memory.read(access.paddr, lengthBytes);
      }
    }
    return this.#loadLines(access, lengthBytes);
  }

  #loadLines(access: Access, lengthBytes: number): Uint8Array {
    const bytes = new Uint8Array(lengthBytes);
    const { lineBytes } = this.#dcache;
    const skew = access.paddr % lineBytes;
    for (let done = 0; done < lengthBytes; ) {
      const inLine = done === 0 ? skew : 0;
      const here = Math.min(lineBytes - inLine, lengthBytes - done);
      const vaddr = access.vaddr + done;
      const paddr = access.paddr + done;
      let slot = this.#own.find(vaddr, paddr);
      if (slot < 0) {
        for (const peer of this.#peers) peer.clean(vaddr, paddr);
        this.#resolve(vaddr, paddr);
        slot = this.#own.fill(vaddr, paddr);
      }
      this.#own.readLine(slot, inLine, { into: bytes, at: done, length: here });
      done += here;
    }
    return bytes;
  }

  store(access: Access, bytes: Uint8Array): void {
    if (access.attribute === 'uncached') this.#memory.write(access.paddr, bytes);
    else if (access.attribute === 'nontemporal') this.#storeAround(access, bytes);
    else if (this.#passesBy(bytes.length)) {
      const isWhole = bytes.length === this.#pageBytes;
      for (const l1 of this.#all) {
        if (isWhole) l1.dropPage(access.paddr);
        else l1.flushPage(access.paddr);
      }
      this.#memory.write(access.paddr, bytes);
    } else if (!this.#takesPage(access, bytes.length)) this.#storeCached(access, bytes);
    else if (!this.#dcache.allocateOnWrite) this.#memory.write(access.paddr, bytes);
    else this.#storePage(access, bytes);
  }

  /** A whole page of which the cache has nothing under this address. */
  #takesPage({ vaddr, paddr }: Access, lengthBytes: number): boolean {
    return this.#alone && lengthBytes === this.#pageBytes && this.#own.lacksPage(vaddr, paddr);
  }

  #storePage(access: Access, bytes: Uint8Array): void {
    const first =
      this.#dcache.write === 'back' ? this.#own.allocatePage(access.vaddr, access.paddr) : -1;
    if (first >= 0) this.#own.storePage(first, bytes);
    else this.#storeCached(access, bytes);
  }

  maintain(what: LineMaintenance, access: Access, lengthBytes: number): void {
    // One CPU's instruction reaches all: hardware broadcasts it, or the kernel asks each CPU.
    if (what === 'flush-all') for (const l1 of this.#all) l1.flushAll();
    else for (const l1 of this.#all) l1.maintain(what, access, lengthBytes);
  }

  flushAll(): void {
    this.#own.flushAll();
  }

  #passesBy(lengthBytes: number): boolean {
    return this.#straight && lengthBytes >= this.#pageBytes * LARGE_SHARE;
  }

  #storeCached(access: Access, bytes: Uint8Array): void {
    const { lineBytes, write, allocateOnWrite } = this.#dcache;
    const skew = access.paddr % lineBytes;
    for (let done = 0; done < bytes.length; ) {
      const inLine = done === 0 ? skew : 0;
      const here = Math.min(lineBytes - inLine, bytes.length - done);
      const vaddr = access.vaddr + done;
      const paddr = access.paddr + done;
      let slot = this.#own.find(vaddr, paddr);
      for (const peer of this.#peers) peer.flush(vaddr, paddr);
      if (slot < 0) this.#resolve(vaddr, paddr);
      if (slot < 0 && allocateOnWrite) {
        slot = here === lineBytes ? this.#own.allocate(vaddr, paddr) : this.#own.fill(vaddr, paddr);
      }
      if (slot >= 0) {
        this.#own.writeLine(slot, inLine, { from: bytes, at: done, length: here });
        if (write === 'back') this.#own.setDirty(slot);
      } else if (write === 'back') {
        this.#memory.write(paddr, bytes.subarray(done, done + here));
      }
      done += here;
    }
    if (write === 'through') this.#memory.write(access.paddr, bytes);
  }

  /** A store that leaves no line behind under its own key. */
  #storeAround(access: Access, bytes: Uint8Array): void {
    for (const l1 of this.#all) l1.maintain('flush', access, bytes.length);
    this.#memory.write(access.paddr, bytes);
  }

  /** Where copies under other keys are noticed, they are written back and dropped. */
  #resolve(vaddr: number, paddr: number): void {
    if (this.#dcache.synonyms !== 'trap') return;
    for (const l1 of this.#all) l1.flushOthers(vaddr, paddr);
  }
}

/** PA-RISC hashes the index: what the architecture promises is a unit of equivalent addresses. */
function equivalence(machine: Machine): { readonly equivalentBytes?: number } {
  const { modulus } = congruence(machine);
  return machine.arch === 'parisc' && modulus.kind === 'bytes'
    ? { equivalentBytes: modulus.bytes }
    : {};
}
