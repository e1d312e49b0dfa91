// The other side of virtiofs: files of the host, as a server passes them through. Its accesses to
// the window are kept coherent by hardware: lines leave the guest's caches first. It answers at
// once.

import { E } from '../../include/linux/errno.ts';
import type { FileKind } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';

/** A file of the host. */
export interface HostFile {
  readonly ino: number;
  readonly kind: FileKind;
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  size: number;
  readonly target: string;
  /** Names of a directory. */
  entries: ReadonlyMap<string, number>;
  /** Contents by page; a missing one is zeroes. */
  readonly pages: Map<number, Uint8Array>;
  /** Pages of the file that are memory of the window, by page: physical addresses. */
  readonly mapped: Map<number, number>;
  /** The server says FUSE_ATTR_DAX of it. */
  dax: boolean;
}

/** The number of the exported directory; FUSE_ROOT_ID. */
export const HOST_ROOT = 1;

/** The exported directory of the host. */
export class Host {
  readonly #linux: Linux;
  readonly files = new Map<number, HostFile>();
  /** Of the next new file. */
  nextIno = HOST_ROOT;
  constructor(linux: Linux) {
    this.#linux = linux;
    this.make({ kind: 'dir', mode: 0o755, uid: 0, gid: 0, target: '' });
  }

  /** A new file, in no directory yet. */
  make(made: Pick<HostFile, 'kind' | 'mode' | 'uid' | 'gid' | 'target'>): HostFile {
    const file: HostFile = {
      ...made,
      ino: this.nextIno++,
      nlink: made.kind === 'dir' ? 2 : 1,
      size: made.kind === 'lnk' ? made.target.length : 0,
      entries: new Map(),
      pages: new Map(),
      mapped: new Map(),
      dax: false,
    };
    this.files.set(file.ino, file);
    return file;
  }

  /** FUSE_READ: the bytes that are there; fewer at the end of the file. */
  read(file: HostFile, range: { readonly offset: number; readonly length: number }): Uint8Array {
    const length = Math.max(0, Math.min(range.length, file.size - range.offset));
    const bytes = new Uint8Array(length);
    for (const piece of this.#pieces(range.offset, length)) {
      const page = this.#page(file, piece.index);
      bytes.set(page.subarray(piece.from, piece.from + piece.length), piece.done);
    }
    return bytes;
  }

  /** FUSE_WRITE: bytes written. */
  write(file: HostFile, what: { readonly offset: number; readonly bytes: Uint8Array }): number {
    const { offset, bytes } = what;
    for (const piece of this.#pieces(offset, bytes.length)) {
      const page = this.#page(file, piece.index).slice();
      page.set(bytes.subarray(piece.done, piece.done + piece.length), piece.from);
      this.#put(file, piece.index, page);
    }
    file.size = Math.max(file.size, offset + bytes.length);
    return bytes.length;
  }

  /** FUSE_SETATTR of the size. */
  truncate(file: HostFile, size: number): void {
    const { PAGE_SIZE } = this.#linux;
    for (const index of [...file.pages.keys(), ...file.mapped.keys()]) {
      if (index * PAGE_SIZE >= size) this.#put(file, index, new Uint8Array(PAGE_SIZE));
      else if ((index + 1) * PAGE_SIZE > size) {
        const page = this.#page(file, index).slice();
        page.fill(0, size - index * PAGE_SIZE);
        this.#put(file, index, page);
      }
    }
    file.size = size;
  }

  /** FUSE_SETUPMAPPING: pages of the file from `index` on become the memory at `paddr`. */
  setupMapping(
    file: HostFile,
    map: { readonly index: number; readonly paddr: number; readonly pages: number },
  ): number {
    const { PAGE_SIZE, machine } = this.#linux;
    if (map.pages <= 0) return -E.EINVAL;
    for (let i = 0; i < map.pages; i++) {
      const contents = this.#page(file, map.index + i);
      const paddr = map.paddr + i * PAGE_SIZE;
      this.#snoop(paddr);
      machine.memory.write(paddr, contents);
      file.mapped.set(map.index + i, paddr);
      file.pages.delete(map.index + i);
    }
    return 0;
  }

  /** FUSE_REMOVEMAPPING: the pages are the host's own again, with what memory has. */
  removeMapping(file: HostFile, map: { readonly index: number; readonly pages: number }): void {
    for (let i = 0; i < map.pages; i++) {
      const contents = this.#page(file, map.index + i);
      file.mapped.delete(map.index + i);
      this.#put(file, map.index + i, contents);
    }
  }

  #page(file: HostFile, index: number): Uint8Array {
    const { PAGE_SIZE, machine } = this.#linux;
    const paddr = file.mapped.get(index);
    if (paddr !== undefined) {
      this.#snoop(paddr);
      return machine.memory.read(paddr, PAGE_SIZE);
    }
    return file.pages.get(index) ?? new Uint8Array(PAGE_SIZE);
  }

  #put(file: HostFile, index: number, contents: Uint8Array): void {
    const paddr = file.mapped.get(index);
    if (paddr === undefined) {
      file.pages.set(index, contents);
      return;
    }
    this.#snoop(paddr);
    this.#linux.machine.memory.write(paddr, contents);
  }

  #snoop(paddr: number): void {
    const { PAGE_SIZE, machine } = this.#linux;
    for (const line of machine.lines(paddr, PAGE_SIZE)) machine.evict(line);
  }

  *#pieces(offset: number, length: number) {
    const { PAGE_SIZE } = this.#linux;
    for (let done = 0; done < length; ) {
      const from = (offset + done) % PAGE_SIZE;
      const here = Math.min(length - done, PAGE_SIZE - from);
      yield { index: Math.floor((offset + done) / PAGE_SIZE), from, length: here, done };
      done += here;
    }
  }
}
