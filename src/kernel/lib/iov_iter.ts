// User memory of reads and writes, piece by piece: given bytes, a buffer to fill, or memory inside
// a mapping of the process. The first two stand for buffers that nobody else maps: their bytes are
// in no cache until they are pinned.
// @source lib/iov_iter.c v6.12

import { assert } from '../../base/index.ts';
import { kernelLoad, kernelStore, pfnToKaddr } from '../arch/map.ts';
import type { BioVec } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import type { IovIter } from '../include/linux/fs.ts';
import type { Linux, Task } from '../linux.ts';
import { type PinnedPiece, pin_user_pages, unpin_user_pages } from '../mm/gup.ts';
import { user_load, user_store } from '../mm/memory.ts';
import { alloc_pages, free_pages } from '../mm/page_alloc.ts';
import { fails, get, noSteps, type Op, set } from '../steps.ts';

/** A buffer that a write takes its bytes from: given, or one byte again and again. */
export function iovBytes(
  linux: Linux,
  contents: Uint8Array | { readonly byte: number; readonly length: number },
  misaligned = 0,
): IovIter {
  return new BufferIter(linux, { source: sourceOf(linux, contents), misaligned });
}

/** A buffer that a read fills; `bytes()` gives what has arrived. */
export function iovSink(
  linux: Linux,
  length: number,
  misaligned = 0,
): IovIter & { bytes(): Uint8Array } {
  return new BufferIter(linux, { sink: length, misaligned });
}

/** A buffer inside a mapping: copies go through its addresses, with faults; pins are GUP's. */
export function iovUser(
  task: Task,
  address: number,
  length: number,
  direction: 'source' | 'dest',
): IovIter {
  return new UserIter(task, { address, length, data_source: direction === 'source' });
}

/** Gives `length` bytes from `offset` on. */
interface Source {
  readonly length: number;
  at(offset: number, length: number): Uint8Array;
}

function sourceOf(
  linux: Linux,
  contents: Uint8Array | { readonly byte: number; readonly length: number },
): Source {
  if (contents instanceof Uint8Array) {
    const at = (offset: number, length: number) => contents.subarray(offset, offset + length);
    return { length: contents.length, at };
  }
  // One page serves for all: memory keeps whole pages by reference.
  const page = new Uint8Array(linux.PAGE_SIZE).fill(contents.byte);
  const at = (_offset: number, length: number) => {
    if (length === page.length) return page;
    if (length < page.length) return page.subarray(0, length);
    return new Uint8Array(length).fill(contents.byte);
  };
  return { length: contents.length, at };
}

type BufferSetup =
  | { readonly source: Source; readonly misaligned: number }
  | { readonly sink: number; readonly misaligned: number };

/** A buffer of a program that is nowhere in modelled memory until a device works on it. */
class BufferIter implements IovIter {
  readonly data_source: boolean;
  readonly misaligned: number;
  readonly #linux: Linux;
  readonly #source: Source | undefined;
  readonly #length: number;
  readonly #arrived: Uint8Array[] = [];
  #done = 0;
  constructor(linux: Linux, setup: BufferSetup) {
    this.#linux = linux;
    this.misaligned = setup.misaligned;
    this.#source = 'source' in setup ? setup.source : undefined;
    this.#length = 'source' in setup ? setup.source.length : setup.sink;
    this.data_source = this.#source !== undefined;
  }
  get count(): number {
    return this.#length - this.#done;
  }
  /** Nobody shares the buffer. */
  copy_from(n: number): Op<Uint8Array | number> {
    assert(this.#source !== undefined, 'a source is copied from');
    const length = Math.min(n, this.count);
    const bytes = this.#source.at(this.#done, length);
    this.#done += length;
    return noSteps<Uint8Array | number>(bytes);
  }
  copy_to(bytes: Uint8Array): Op<number> {
    assert(this.#source === undefined, 'a destination is copied to');
    assert(bytes.length <= this.count, 'no more arrives than the buffer takes');
    this.#arrived.push(bytes);
    this.#done += bytes.length;
    return noSteps(0);
  }
  /** The buffer gets page frames, which a program of its own would have had all the time. */
  *pin(n: number): Op<readonly BioVec[] | number> {
    const linux = this.#linux;
    const length = Math.min(n, this.count);
    const vecs: BioVec[] = [];
    for (let done = 0; done < length; ) {
      const offset = (this.misaligned + this.#done) % linux.PAGE_SIZE;
      const lengthBytes = Math.min(linux.PAGE_SIZE - offset, length - done);
      const pfn = (yield* fails('pin_user_pages')) ? -1 : alloc_pages(linux, 0);
      if (pfn < 0) {
        yield* this.unpin(vecs, false);
        return -E.EFAULT;
      }
      yield* set(linux.page_flags, pfn, 0);
      if (this.#source !== undefined) {
        const bytes = this.#source.at(this.#done, lengthBytes);
        yield* kernelStore(linux, pfnToKaddr(linux, pfn) + offset, bytes);
      }
      yield* set(linux.page_pins, pfn, (yield* get(linux.page_pins, pfn)) + 1);
      vecs.push({ paddr: pfn * linux.PAGE_SIZE + offset, lengthBytes });
      this.#done += lengthBytes;
      done += lengthBytes;
    }
    return vecs;
  }
  *unpin(vecs: readonly BioVec[], filled: boolean): Op<void> {
    const linux = this.#linux;
    for (const { paddr, lengthBytes } of vecs) {
      const pfn = Math.floor(paddr / linux.PAGE_SIZE);
      if (filled && this.#source === undefined) {
        const kaddr = pfnToKaddr(linux, pfn) + (paddr % linux.PAGE_SIZE);
        this.#arrived.push(yield* kernelLoad(linux, kaddr, lengthBytes));
      }
      yield* set(linux.page_pins, pfn, (yield* get(linux.page_pins, pfn)) - 1);
      free_pages(linux, pfn, 0);
    }
  }
  /** What has arrived so far, in order. */
  bytes(): Uint8Array {
    const all = new Uint8Array(this.#arrived.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of this.#arrived) {
      all.set(one, at);
      at += one.length;
    }
    return all;
  }
}

/** A buffer in a mapping of the process. */
class UserIter implements IovIter {
  readonly data_source: boolean;
  readonly misaligned: number;
  readonly #task: Task;
  readonly #pins = new Map<BioVec, PinnedPiece>();
  #address: number;
  #count: number;
  constructor(
    task: Task,
    buffer: { readonly address: number; readonly length: number; readonly data_source: boolean },
  ) {
    this.#task = task;
    this.#address = buffer.address;
    this.#count = buffer.length;
    this.data_source = buffer.data_source;
    this.misaligned = buffer.address % task.mm.linux.PAGE_SIZE;
  }
  get count(): number {
    return this.#count;
  }
  /** Fewer bytes than asked for where memory ends in the middle; -EFAULT where none is there. */
  *copy_from(n: number): Op<Uint8Array | number> {
    const { PAGE_SIZE } = this.#task.mm.linux;
    const wanted = Math.min(n, this.#count);
    const parts: Uint8Array[] = [];
    let done = 0;
    while (done < wanted) {
      const here = Math.min(wanted - done, PAGE_SIZE - (this.#address % PAGE_SIZE));
      const access = yield* user_load(this.#task, this.#address, here);
      if (access.kind === 'signal') break;
      parts.push(access.value);
      this.#advance(here);
      done += here;
    }
    if (done === 0 && wanted > 0) return -E.EFAULT;
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    const bytes = new Uint8Array(done);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
  *copy_to(bytes: Uint8Array): Op<number> {
    const access = yield* user_store(this.#task, this.#address, bytes);
    if (access.kind === 'signal') return -E.EFAULT;
    this.#advance(bytes.length);
    return 0;
  }
  *pin(n: number): Op<readonly BioVec[] | number> {
    const length = Math.min(n, this.#count);
    const write = !this.data_source;
    const request = { address: this.#address, length, write };
    const pieces = yield* pin_user_pages(this.#task, request);
    if (typeof pieces === 'number') return pieces;
    for (const piece of pieces) this.#pins.set(piece, piece);
    this.#advance(length);
    return pieces;
  }
  *unpin(vecs: readonly BioVec[], filled: boolean): Op<void> {
    const pieces: PinnedPiece[] = [];
    for (const vec of vecs) {
      const piece = this.#pins.get(vec);
      assert(piece !== undefined, 'what is released has been pinned');
      this.#pins.delete(vec);
      pieces.push(piece);
    }
    yield* unpin_user_pages(this.#task.mm.linux, pieces, filled);
  }
  #advance(bytes: number): void {
    this.#address += bytes;
    this.#count -= bytes;
  }
}
