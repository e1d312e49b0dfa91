// The DAX paths on a file without a filesystem: what moves, what is mapped and tagged, and what is
// taken away, in both releases.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { kernelLoad, pfnToKaddr } from '../arch/map.ts';
import { nd_pmem_probe } from '../drivers/nvdimm/pmem.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { newNamespace } from '../drivers/nvdimm/nd-new.ts';
import { E } from '../include/linux/errno.ts';
import type { FsBlock } from '../include/linux/fs.ts';
import { PAGECACHE_TAG_DIRTY } from '../include/linux/mm.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import type { ReleaseId } from '../linux.ts';
import { user_load, user_store } from '../mm/memory.ts';
import { do_mmap, type MmapRequest } from '../mm/mmap.ts';
import { invalidate_inode_pages2_range } from '../mm/truncate.ts';
import type { Op } from '../steps.ts';
import {
  dax_dedupe_file_range_compare,
  dax_delete_mapping_entry,
  dax_file_unshare,
  dax_invalidate_mapping_entry_sync,
  dax_layout_busy_page,
  dax_truncate_page,
  dax_zero_range,
} from './dax.ts';
import { daxFile, type DaxFileSetup } from './dax-file.ts';

const PAGE = 4096;
const A = 65;
const B = 66;
const releases: readonly ReleaseId[] = ['6.1', '6.12'];

function mapped(block: number): FsBlock {
  return { block, unwritten: false };
}

/** A file of two written pages of `A`, on pages 8 and 9 of the device; `setup` has what differs. */
function setUp(release: ReleaseId, setup: Partial<DaxFileSetup> = {}) {
  const { linux } = testKernel(release);
  expect(linux.now(nd_pmem_probe(linux, newNamespace(linux, { kind: 'raw' })))).toBe(0);
  const [key] = linux.dax.dax_hosts.keys();
  const dax = present(linux.dax.dax_hosts.peek(present(key, 'a host')), 'dax device');
  const blocks = new Map([8, 9].map((block, page) => [page, mapped(block)]));
  const made = daxFile(linux, { dax, size: 2 * PAGE, blocks, free: [20, 21, 22], ...setup });
  const { file, inode } = made;
  const task = present(linux.tasks[0], 'task');
  const first = 2 ** 32 / PAGE;
  const fill = (block: number, byte: number) =>
    linux.machine.memory.write((first + block) * PAGE, new Uint8Array(PAGE).fill(byte));
  for (const { block } of (setup.blocks ?? blocks).values()) fill(block, A);
  const now = <T>(op: Op<T>): T => linux.now(op);
  const write_iter = present(file.f_op.write_iter?.bind(file.f_op), 'write');
  const read_iter = present(file.f_op.read_iter?.bind(file.f_op), 'read');
  return {
    ...made,
    linux,
    task,
    now,
    fill,
    /** A byte of a page of the device, as the kernel sees it. */
    device: (block: number, offset = 0) =>
      now(kernelLoad(linux, pfnToKaddr(linux, first + block) + offset, 1))[0],
    write: (pos: number, byte: number, length = 1) =>
      now(write_iter(task, made.iocb(pos), iovBytes(linux, { byte, length }))),
    read: (pos: number, length = 1) => {
      const sink = iovSink(linux, length);
      const rc = now(read_iter(task, made.iocb(pos), sink));
      return rc < 0 ? rc : [...sink.bytes()];
    },
    map: (request: Partial<MmapRequest> = {}) => {
      const asked = { file, offset: 0, length: 2 * PAGE, read: true, write: true } as const;
      return now(do_mmap(task, { ...asked, type: 'shared', ...request }));
    },
    load: (address: number) => {
      const access = now(user_load(task, address, 1));
      return access.kind === 'done' ? access.value[0] : access.signal;
    },
    store: (address: number, byte: number) => {
      const access = now(user_store(task, address, new Uint8Array([byte])));
      return access.kind === 'done' ? access.value : access.signal;
    },
    fsync: () => now(present(file.f_op.fsync?.(task, file, 0, 2 ** 40, false), 'fsync')),
    entry: (index: number) => inode.i_mapping.i_pages.peek(index),
    isDirty: (index: number) => (inode.i_mapping.tags.peek(index) & PAGECACHE_TAG_DIRTY) !== 0,
    pte: (address: number) => task.mm.ptes.peek(address / PAGE),
    pfn: (block: number) => first + block,
  };
}

describe.each(releases)('%s: read and write', (release) => {
  test('move bytes between user memory and the device, up to the end of the file', () => {
    const { write, read, device } = setUp(release);
    expect(write(PAGE - 1, B, 2)).toBe(2);
    expect([device(8), device(8, PAGE - 1), device(9), device(9, 1)]).toEqual([A, B, B, A]);
    expect(read(PAGE - 2, 4)).toEqual([A, B, B, A]);
    expect(read(2 * PAGE - 1, 10)).toEqual([A]);
    expect(read(2 * PAGE, 10)).toEqual([]);
  });

  test('a hole reads as zeroes; a write to it gets a zeroed block', () => {
    const { write, read, device, fill } = setUp(release, { blocks: new Map() });
    fill(20, B);
    expect(read(5, 3)).toEqual([0, 0, 0]);
    expect(write(5, A)).toBe(1);
    expect(read(4, 3)).toEqual([0, A, 0]);
    expect([device(20), device(20, 5)]).toEqual([0, A]);
  });

  test('an error of the filesystem is that of the write, unless something was written', () => {
    const { write } = setUp(release, { blocks: new Map(), free: [20] });
    expect(write(PAGE - 1, A, 2)).toBe(1);
    expect(write(PAGE, A)).toBe(-E.ENOSPC);
  });

  test('no tag is set, and none of the entries', () => {
    const { write, entry, isDirty } = setUp(release);
    write(0, B);
    expect([entry(0), isDirty(0)]).toEqual([undefined, false]);
  });
});

describe.each(releases)('%s: faults', (release) => {
  test('a load maps the page of the device read-only; a store makes it writable', () => {
    const { map, load, store, entry, pte, pfn, isDirty, device } = setUp(release);
    const address = map();
    expect(load(address)).toBe(A);
    expect(entry(0)).toMatchObject({ pfn: pfn(8), zero: false, pmd: false });
    expect(pte(address)).toMatchObject({ pfn: pfn(8), write: false });
    // In 6.1 a read fault makes the entry dirty as well.
    expect(isDirty(0)).toBe(release === '6.1');
    expect(store(address, B)).toBe(1);
    expect(pte(address)).toMatchObject({ pfn: pfn(8), write: true });
    expect([isDirty(0), device(8)]).toEqual([true, B]);
  });

  test('a load from a hole maps the zero page, which a store replaces', () => {
    const { linux, map, load, store, entry, pte, pfn } = setUp(release, { blocks: new Map() });
    const address = map();
    expect(load(address + 7)).toBe(0);
    expect(entry(0)).toMatchObject({ pfn: linux.zero_pfn, zero: true });
    expect(store(address + 7, B)).toBe(1);
    expect(entry(0)).toMatchObject({ pfn: pfn(20), zero: false });
    expect(pte(address)).toMatchObject({ pfn: pfn(20), write: true });
  });

  test('a write to a hole takes the mapped zero page away', () => {
    const { map, load, write } = setUp(release, { blocks: new Map() });
    const address = map();
    expect(load(address)).toBe(0);
    expect(write(0, B)).toBe(1);
    expect(load(address)).toBe(B);
  });

  test('beyond the end of the file, and without space, there is a signal', () => {
    const { map, load, store } = setUp(release, { blocks: new Map(), free: [], size: PAGE });
    const address = map();
    expect(load(address + PAGE)).toBe('SIGBUS');
    expect(store(address, B)).toBe('SIGBUS');
    expect(load(address)).toBe(0);
  });

  test('a store to a private mapping copies the page, or zeroes for a hole', () => {
    const blocks = new Map([[0, mapped(8)]]);
    const { map, load, store, device, entry } = setUp(release, { blocks });
    const address = map({ type: 'private' });
    expect([store(address, B), load(address), load(address + 1)]).toEqual([1, B, A]);
    expect([store(address + PAGE, B), load(address + PAGE + 1)]).toEqual([1, 0]);
    // The place was held while the page was copied, and nothing was put there.
    expect([device(8), entry(0)]).toMatchObject([A, { empty: true }]);
  });
});

describe.each(releases)('%s: fsync', (release) => {
  test('cleans tagged entries: PTEs are write-protected, the next store faults', () => {
    const { map, store, fsync, isDirty, pte } = setUp(release);
    const address = map();
    store(address, B);
    expect(fsync()).toBe(0);
    expect(isDirty(0)).toBe(false);
    expect(pte(address)).toMatchObject({ write: false, dirty: false });
    expect([store(address, A), isDirty(0)]).toEqual([1, true]);
  });

  test('MAP_SYNC faults write metadata first, and tag the entry', () => {
    const { map, store, metadata, isDirty, pte } = setUp(release, { blocks: new Map() });
    const address = map({ type: 'shared_validate', sync: true });
    expect(address).toBeGreaterThan(0);
    expect(store(address, B)).toBe(1);
    expect([metadata.peek(), isDirty(0)]).toEqual([0, true]);
    expect(pte(address)).toMatchObject({ write: true });
  });

  test('without MAP_SYNC metadata waits', () => {
    const { map, store, metadata } = setUp(release, { blocks: new Map() });
    store(map(), B);
    expect(metadata.peek()).toBe(1);
  });
});

describe.each(releases)('%s: entries', (release) => {
  test('invalidation spares dirty entries, truncation does not', () => {
    const { map, store, inode, now, entry } = setUp(release);
    store(map(), B);
    const { i_mapping } = inode;
    expect(now(dax_invalidate_mapping_entry_sync(i_mapping, 0))).toBe(false);
    expect(now(invalidate_inode_pages2_range(i_mapping, 0, 1))).toBe(-E.EBUSY);
    expect(entry(0)).toBeDefined();
    expect(now(dax_delete_mapping_entry(i_mapping, 0))).toBe(true);
    expect([entry(0), i_mapping.tags.peek(0)]).toEqual([undefined, 0]);
    expect(now(dax_delete_mapping_entry(i_mapping, 0))).toBe(false);
  });

  test('a page that somebody has pinned is busy; all of the file is unmapped', () => {
    const { linux, map, load, inode, now, pfn, pte } = setUp(release);
    const address = map();
    load(address);
    load(address + PAGE);
    expect(now(dax_layout_busy_page(inode.i_mapping))).toBe(undefined);
    expect(pte(address)).toBe(undefined);
    linux.page_pins.poke(pfn(9), 1);
    expect(now(dax_layout_busy_page(inode.i_mapping))).toBe(pfn(9));
  });

  test('a page knows the file whose entry has it', () => {
    const { linux, map, load, inode, now, pfn } = setUp(release);
    load(map());
    expect(linux.dax.page_mapping.peek(pfn(8))).toBe(inode.i_mapping);
    now(dax_delete_mapping_entry(inode.i_mapping, 0));
    expect(linux.dax.page_mapping.peek(pfn(8))).toBe(undefined);
    expect(linux.dmesg.filter((line) => line.startsWith('WARNING'))).toEqual([]);
  });
});

describe.each(releases)('%s: blocks that are shared', (release) => {
  test('a write copies what it does not cover to a new block', () => {
    const { write, read, device } = setUp(release, { shared: [0] });
    expect(write(10, B, 2)).toBe(2);
    expect(read(9, 4)).toEqual([A, B, B, A]);
    expect([device(8, 10), device(20), device(20, 10), device(20, 4095)]).toEqual([A, A, B, A]);
  });

  test('an entry that is there goes with a write; in 6.1 it stays, with the old block', () => {
    const { map, load, write, entry, pfn } = setUp(release, { shared: [0] });
    const address = map();
    expect(load(address)).toBe(A);
    expect(write(0, B)).toBe(1);
    expect(entry(0)).toEqual(
      release === '6.1' ? expect.objectContaining({ pfn: pfn(8) }) : undefined,
    );
    expect(load(address)).toBe(release === '6.1' ? A : B);
  });

  test('a store copies the page and replaces entry and mapping', () => {
    const { map, load, store, entry, pfn, device } = setUp(release, { shared: [0] });
    const address = map();
    expect(load(address)).toBe(A);
    expect([store(address, B), load(address), load(address + 1)]).toEqual([1, B, A]);
    expect(entry(0)).toMatchObject({ pfn: pfn(20) });
    expect(device(8)).toBe(A);
  });

  test('pages count the entries that share them', () => {
    const { linux, map, load, pfn } = setUp(release, { shared: [0] });
    load(map());
    const isShared = linux.dax.page_mapping.peek(pfn(8)) === 'shared';
    expect([isShared, linux.dax.page_share.peek(pfn(8))]).toEqual(
      release === '6.1' ? [false, 0] : [true, 1],
    );
  });

  test('unsharing gives a block of its own with the same bytes', () => {
    const { inode, now, ops, device, read } = setUp(release, { shared: [0] });
    expect(now(dax_file_unshare(inode, 100, 10, ops))).toBe(0);
    expect(inode.blocks.peek(0)).toEqual(mapped(20));
    expect([device(20), read(5000)]).toEqual([A, [A]]);
    expect(now(dax_file_unshare(inode, 2 * PAGE, 10, ops))).toBe(0);
  });
});

describe.each(releases)('%s: zeroing', (release) => {
  test('zeroes parts of pages and whole ones, and leaves holes alone', () => {
    const { inode, now, ops, device } = setUp(release, { size: 3 * PAGE });
    expect(now(dax_zero_range(inode, PAGE - 1, 2 * PAGE, ops))).toBe(0);
    expect([device(8, PAGE - 2), device(8, PAGE - 1), device(9), device(9, 4095)]).toEqual([
      A,
      0,
      0,
      0,
    ]);
    expect(inode.blocks.peek(2)).toBe(undefined);
  });

  test('truncation zeroes to the end of the block', () => {
    const { inode, now, ops, device } = setUp(release);
    expect(now(dax_truncate_page(inode, PAGE, ops))).toBe(0);
    expect(device(9)).toBe(A);
    expect(now(dax_truncate_page(inode, 100, ops))).toBe(0);
    expect([device(8, 99), device(8, 100), device(8, 4095), device(9)]).toEqual([A, 0, 0, A]);
  });
});

describe.each(releases)('%s: comparing ranges', (release) => {
  const ranges = (src: number, dst: number, len: number) => {
    const { inode, now, ops, fill } = setUp(release, {
      size: 4 * PAGE,
      blocks: new Map([
        [0, mapped(8)],
        [1, mapped(9)],
        [2, mapped(10)],
      ]),
    });
    fill(10, B);
    const request = { src: inode, srcoff: src, dest: inode, dstoff: dst, len };
    return now(dax_dedupe_file_range_compare(request, ops));
  };

  test('equal bytes are the same, others and holes are not', () => {
    expect(ranges(0, PAGE, PAGE)).toBe(true);
    expect(ranges(0, 2 * PAGE, PAGE)).toBe(false);
    expect(ranges(0, 3 * PAGE, PAGE)).toBe(false);
  });
});

describe('huge pages', () => {
  const HUGE = 512;
  const MIB2 = HUGE * PAGE;
  const blocks = new Map(Array.from({ length: HUGE }, (_, n) => [n, mapped(HUGE + n)]));
  const setup = { size: MIB2, blocks };

  test('a store to 2 MiB in one piece is one entry and one fault', () => {
    const { map, store, load, entry, pte, pfn, isDirty, fsync } = setUp('6.12', setup);
    const address = map({ length: MIB2 });
    expect(address % MIB2).toBe(0);
    expect(store(address + 5 * PAGE, B)).toBe(1);
    expect(entry(0)).toEqual({ kind: 'dax', pfn: pfn(HUGE), pmd: true, zero: false });
    expect(entry(HUGE - 1)).toBe(entry(0));
    expect([isDirty(0), isDirty(5)]).toEqual([true, false]);
    expect([pte(address + 5 * PAGE)?.pmd, load(address + PAGE)]).toEqual([true, A]);
    expect([fsync(), isDirty(0)]).toEqual([0, false]);
  });

  test('a hole is mapped page by page: the place held for a huge page gives way', () => {
    const { map, load, entry } = setUp('6.12', { size: MIB2, blocks: new Map() });
    const address = map({ length: MIB2 });
    expect(load(address + 5 * PAGE)).toBe(0);
    expect([entry(5), entry(6)]).toMatchObject([{ zero: true, pmd: false }, undefined]);
  });

  test('an entry of a page stands in the way of a huge one', () => {
    const { map, load, entry, inode } = setUp('6.12', setup);
    inode.i_mapping.i_pages.poke(7, { kind: 'dax', pfn: 1, pmd: false, zero: false });
    expect(load(map({ length: MIB2 }))).toBe(A);
    expect(entry(0)).toMatchObject({ pmd: false });
  });
});

test('a dead device gives -ENXIO to a write, and a signal to a load', () => {
  const { linux, write, map, load } = setUp('6.12');
  const [key] = linux.dax.dax_hosts.keys();
  linux.dax.dax_hosts.peek(present(key, 'a host'))?.flags.poke(0, 0);
  expect(write(0, B)).toBe(-E.ENXIO);
  expect(load(map())).toBe('SIGBUS');
});
