// Unit tests of the ports' cache functions: what each flushes, through which address, and what it
// defers. The words are those of MappedPage: `kernel`, `user`, `as user` (the user's colour through
// another address), `colour n`, `all`.

import { describe, expect, test } from 'vitest';
import { PG_arch_1, VM_EXEC, VM_SHARED } from '../include/linux/mm.ts';
import {
  flush_anon_page,
  flush_cache_page,
  flush_cache_range,
  flush_dcache_folio,
  flushesOnSwitch,
  update_mmu_cache,
} from './cacheflush.ts';
import { MappedPage } from './test-trace.ts';

const nothing: readonly string[] = [];
const kernel = ['flush kernel'];
const user = ['flush user'];
const asUser = ['flush as user'];
const all = ['flush all'];
const both = ['flush kernel', 'flush as user'];
/** sparc64 and SH7705 search all colours; the user's is 0. */
const every = ['flush as user', 'flush colour 1'];

/** What a port does, in one row; `owed`: how PG_arch_1 stands while a flush is owed. */
interface Row {
  readonly id: string;
  /** flush_dcache_folio() of a page that is mapped, and of one that is no page of a file. */
  readonly mapped: readonly string[];
  readonly loose: readonly string[];
  /** Absent: nothing is ever deferred. */
  readonly owed?: boolean;
  /** update_mmu_cache() that pays what is owed. */
  readonly paid: readonly string[];
  readonly page: readonly string[];
  readonly range: readonly string[];
  /** flush_cache_page() while another address space is loaded, and of a DAX page there. */
  readonly away: readonly string[];
  readonly awayDax: readonly string[];
  readonly anon: readonly string[];
}

const quiet = {
  mapped: nothing,
  loose: nothing,
  paid: nothing,
  page: nothing,
  range: nothing,
  away: nothing,
  awayDax: nothing,
  anon: nothing,
};
const clears = { ...quiet, page: all, range: all, away: all, awayDax: all };

const rows: readonly Row[] = [
  {
    id: 'arm926ej-s',
    mapped: ['flush kernel', 'flush user'],
    loose: kernel,
    owed: false,
    paid: kernel,
    page: user,
    range: user,
    away: nothing,
    awayDax: nothing,
    anon: ['flush user', 'flush kernel'],
  },
  {
    id: 'arm1136-32k',
    mapped: both,
    loose: kernel,
    owed: false,
    paid: both,
    page: asUser,
    range: all,
    away: asUser,
    awayDax: asUser,
    anon: ['flush as user', 'flush kernel'],
  },
  { ...quiet, id: 'cortex-a15', owed: false },
  {
    id: '24kc-32k/4k',
    mapped: kernel,
    loose: kernel,
    owed: true,
    paid: kernel,
    page: user,
    range: all,
    away: asUser,
    awayDax: kernel,
    anon: asUser,
  },
  // A core without aliases owes something to executable mappings only.
  { ...quiet, id: '24kc-32k-ar/4k', owed: true },
  {
    id: 'sh7750/4k',
    mapped: kernel,
    loose: kernel,
    owed: false,
    paid: kernel,
    page: asUser,
    range: all,
    away: asUser,
    awayDax: kernel,
    anon: kernel,
  },
  {
    id: 'sh7705-32k',
    mapped: every,
    loose: every,
    owed: false,
    paid: kernel,
    page: every,
    range: all,
    away: every,
    awayDax: every,
    anon: kernel,
  },
  { ...quiet, id: 'sh7708' },
  { ...quiet, id: 'ultrasparc-2', mapped: every, loose: every, owed: true, paid: every },
  { ...quiet, id: 'sparc-t4' },
  {
    ...quiet,
    id: 'hypersparc-128k',
    mapped: kernel,
    loose: kernel,
    page: user,
    range: user,
    away: user,
    awayDax: user,
  },
  { ...clears, id: 'turbosparc' },
  { ...clears, id: 'microsparc-tsunami' },
  { ...clears, id: 'microsparc2-swift', mapped: all, loose: all },
  { ...clears, id: 'leon3-gr712rc', mapped: all, loose: all },
  { ...quiet, id: 'supersparc-viking' },
  {
    id: 'pa-8500',
    mapped: both,
    loose: kernel,
    owed: true,
    paid: kernel,
    page: asUser,
    range: all,
    away: asUser,
    awayDax: asUser,
    anon: asUser,
  },
  {
    ...quiet,
    id: 'nios2-32k',
    mapped: ['flush kernel', 'flush user'],
    loose: kernel,
    owed: false,
    paid: ['flush kernel', 'flush user'],
    page: user,
    range: user,
    away: user,
    awayDax: user,
  },
  // A range of a page is more than the whole cache.
  {
    ...clears,
    id: 'nios2-2k',
    mapped: ['flush all', 'flush all'],
    loose: all,
    owed: false,
    paid: ['flush all', 'flush all'],
  },
  // xtensa-fsf: ways of a page; xtensa-test-mmuhifi-c3: of two.
  { ...quiet, id: 'xtensa-fsf' },
  {
    ...quiet,
    id: 'xtensa-test-mmuhifi-c3',
    mapped: ['flush colour 1', 'flush as user'],
    loose: ['flush colour 1', 'flush as user'],
    owed: true,
    paid: ['flush colour 1', 'flush as user'],
    page: asUser,
    range: all,
    away: asUser,
    awayDax: asUser,
  },
  { ...quiet, id: 'm68030', page: all, range: all },
  { ...quiet, id: 'm68040', mapped: kernel, loose: kernel },
  { ...quiet, id: 'coldfire-547x', mapped: kernel, loose: kernel },
  { ...clears, id: 'csky-ck610', mapped: all, loose: all, owed: false, paid: all, anon: all },
  { ...quiet, id: 'csky-ck810', owed: false, paid: ['clean kernel'] },
  { ...quiet, id: 'arc700-32k/4k', owed: false },
  { ...quiet, id: 'skylake' },
];

describe.each(rows)('$id', (row) => {
  const made = () => new MappedPage(row.id);

  test('flush_dcache_folio() of a page that users map, and of one that is in no file', () => {
    const one = made();
    const { linux, mapping, folio } = one;
    expect(one.trace(flush_dcache_folio(linux, mapping, folio))).toEqual(row.mapped);
    expect(one.trace(flush_dcache_folio(linux, undefined, folio))).toEqual(row.loose);
  });

  test('flush_dcache_folio() of a page that nobody maps owes the flush to a mapping', () => {
    const one = made();
    const { linux, mapping, folio, vma, address, pte } = one;
    mapping.i_mmap.poke(0, []);
    one.flag = row.owed !== true;
    const deferred = one.trace(flush_dcache_folio(linux, mapping, folio));
    if (row.owed === undefined) expect(deferred).toEqual(row.loose);
    else {
      expect(deferred).toEqual(nothing);
      expect(one.flag).toBe(row.owed);
    }
    mapping.i_mmap.poke(0, [vma]);
    expect(one.trace(update_mmu_cache(linux, vma, address, pte))).toEqual(row.paid);
    // Once is enough; nios2 flushes the user's address each time.
    const again = one.trace(update_mmu_cache(linux, vma, address, pte));
    expect(again).toEqual(row.id.startsWith('nios2') ? row.paid.slice(1) : nothing);
  });

  test('flush_cache_page() and flush_cache_range(), the address space loaded or not', () => {
    const one = made();
    const { linux, vma, address, pte } = one;
    expect(one.trace(flush_cache_page(linux, vma, address, pte.pfn))).toEqual(row.page);
    const end = address + linux.PAGE_SIZE;
    expect(one.trace(flush_cache_range(linux, vma, address, end))).toEqual(row.range);
    const away = made();
    if (row.owed === false) away.flag = true;
    away.switchAway();
    const flush = flush_cache_page(away.linux, away.vma, away.address, away.pte.pfn);
    expect(away.trace(flush)).toEqual(row.away);
    const dax = made();
    if (row.owed === false) dax.flag = true;
    dax.switchAway();
    dax.makePte('devmap');
    const daxFlush = flush_cache_page(dax.linux, dax.vma, dax.address, dax.pte.pfn);
    expect(dax.trace(daxFlush)).toEqual(row.awayDax);
  });

  test("flush_anon_page() knows the process's own pages only", () => {
    const one = made();
    const { linux, vma, address, pte } = one;
    expect(one.trace(flush_anon_page(linux, vma, pte.pfn, address))).toEqual(nothing);
    one.makePte('anon');
    one.flag = false;
    expect(one.trace(flush_anon_page(linux, vma, pte.pfn, address))).toEqual(row.anon);
  });
});

test('ranges as large as the limit of the CPU empty the whole cache: arm926, hyperSPARC', () => {
  const arm = new MappedPage('arm926ej-s');
  const { address } = arm;
  const trace = (one: MappedPage, bytes: number) =>
    one.trace(flush_cache_range(one.linux, one.vma, one.address, one.address + bytes));
  expect(trace(arm, 0x3000)).toEqual(user);
  expect(trace(arm, 0x4000)).toEqual(all);
  arm.switchAway();
  expect(trace(arm, 0x4000)).toEqual(nothing);
  expect(address).toBe(arm.address);
  const hyper = new MappedPage('hypersparc-128k');
  expect(trace(hyper, 0x7f000)).toEqual(user);
  expect(trace(hyper, 0x80000)).toEqual(all);
});

test('what is not mapped is not flushed: mips, sh, hyperSPARC', () => {
  for (const id of ['24kc-32k/4k', 'sh7750/4k', 'hypersparc-128k']) {
    const one = new MappedPage(id);
    one.task.mm.ptes.poke(one.address / one.linux.PAGE_SIZE, undefined);
    expect(one.trace(flush_cache_page(one.linux, one.vma, one.address, one.pte.pfn))).toEqual([]);
  }
});

test('ranges of arm926 are flushed by virtual tags, which outlive the entry', () => {
  const arm = new MappedPage('arm926ej-s');
  const range = () => flush_cache_range(arm.linux, arm.vma, arm.address, arm.address + 4096);
  arm.task.mm.ptes.poke(arm.address / arm.linux.PAGE_SIZE, undefined);
  expect(arm.trace(range())).toEqual(user);
  arm.mapping.i_pages.poke(0, undefined);
  expect(arm.trace(range())).toEqual(nothing);
  const { pfn } = arm.pte;
  arm.mapping.i_pages.poke(0, { kind: 'dax', pfn, pmd: false, zero: false });
  expect(arm.trace(range())).toEqual(user);
  arm.mapping.i_pages.poke(0, { kind: 'dax', pfn, pmd: false, zero: true });
  expect(arm.trace(range())).toEqual(nothing);
});

test('where a device tree understates a Nios II cache the rest of a page is left alone', () => {
  const one = new MappedPage('nios2-32k-misconfig');
  const steps: number[] = [];
  one.trace(flush_dcache_folio(one.linux, undefined, one.folio), (step) => {
    if (step.kind === 'maintain') steps.push(step.lengthBytes);
  });
  expect(steps).toEqual([2048]);
});

test('the zero page is never flushed: arm, sparc64, nios2, csky', () => {
  for (const id of ['arm926ej-s', 'ultrasparc-2', 'nios2-32k', 'csky-ck610']) {
    const one = new MappedPage(id);
    const { linux, vma, address } = one;
    const zero = { pfn: linux.zero_pfn, index: 0, order: 0 };
    expect(one.trace(flush_dcache_folio(linux, undefined, zero))).toEqual(nothing);
    const pte = { pfn: linux.zero_pfn, write: false, dirty: false };
    expect(one.trace(update_mmu_cache(linux, vma, address, pte))).toEqual(nothing);
  }
});

test('colours that agree need no flush: mips when it pays, xtensa for a page of no file', () => {
  const mips = new MappedPage('24kc-32k/4k');
  // The frame after the page's own is of the user's colour: two colours, and theirs differ.
  const next = { pfn: mips.pte.pfn + 1, write: false, dirty: false, anon: true } as const;
  mips.linux.page_flags.poke(next.pfn, PG_arch_1);
  expect(mips.trace(update_mmu_cache(mips.linux, mips.vma, mips.address, next))).toEqual(nothing);
  expect(mips.linux.page_flags.peek(next.pfn)).toBe(0);
  const xtensa = new MappedPage('xtensa-test-mmuhifi-c3');
  const even = { pfn: xtensa.pte.pfn + 1, index: 0, order: 0 };
  expect(xtensa.trace(flush_dcache_folio(xtensa.linux, undefined, even))).toEqual(nothing);
});

test('executable mappings are flushed where only instruction fetches need it', () => {
  for (const id of ['cortex-a15', '24kc-32k-ar/4k', 'arc700-32k/4k']) {
    const one = new MappedPage(id);
    one.flag = id.startsWith('24kc');
    one.vma.vm_flags.poke(0, VM_EXEC | VM_SHARED);
    const words = one.trace(update_mmu_cache(one.linux, one.vma, one.address, one.pte));
    expect(words).toEqual(kernel);
  }
});

test('6.1 flushes a larger folio page by page, with flags of each page', () => {
  const pages = { pfn: 5000, index: 0, order: 1 };
  const old = new MappedPage('24kc-32k/4k', { release: '6.1' });
  old.mapping.i_mmap.poke(0, []);
  expect(old.trace(flush_dcache_folio(old.linux, old.mapping, pages))).toEqual([]);
  expect([5000, 5001].map((pfn) => old.linux.page_flags.peek(pfn))).toEqual([PG_arch_1, PG_arch_1]);
  const now = new MappedPage('24kc-32k/4k');
  now.mapping.i_mmap.poke(0, []);
  now.trace(flush_dcache_folio(now.linux, now.mapping, pages));
  expect([5000, 5001].map((pfn) => now.linux.page_flags.peek(pfn))).toEqual([PG_arch_1, 0]);
});

test('an aliasing ARC700 has flushes in 6.1 and none since', () => {
  const old = new MappedPage('arc700-32k/4k', { release: '6.1' });
  const { linux, mapping, folio, vma, address, pte } = old;
  expect(old.trace(flush_dcache_folio(linux, mapping, folio))).toEqual(['flush as user']);
  expect(old.trace(flush_dcache_folio(linux, undefined, folio))).toEqual(nothing);
  expect(old.trace(flush_cache_page(linux, vma, address, pte.pfn))).toEqual(asUser);
  expect(old.trace(flush_cache_range(linux, vma, address, address + 1))).toEqual(all);
  expect(old.trace(flush_anon_page(linux, vma, pte.pfn, address))).toEqual([...asUser, ...kernel]);
  old.flag = false;
  expect(old.trace(update_mmu_cache(linux, vma, address, pte))).toEqual(kernel);
  mapping.i_mmap.poke(0, []);
  expect(old.trace(flush_dcache_folio(linux, mapping, folio))).toEqual(nothing);
  expect(old.flag).toBe(false);
});

test('two shared mappings in one address space stop using a cache with virtual tags', () => {
  const one = new MappedPage('arm926ej-s');
  const second = one.file.mmap(4096);
  one.file.load(second, 1);
  const { ptes } = one.task.mm;
  expect(ptes.peek(one.address / 4096)?.attribute).toBe('uncached');
  expect(ptes.peek(second / 4096)?.attribute).toBe('uncached');
  const alone = new MappedPage('arm926ej-s', { private: true });
  alone.file.load(alone.file.mmap(4096, { type: 'private' }), 1);
  expect(alone.task.mm.ptes.peek(alone.address / 4096)?.attribute).toBe(undefined);
});

test('private mappings of other colours on parisc are flushed each, shared ones once', () => {
  const one = new MappedPage('pa-8500');
  one.file.load(one.file.mmap(4096), 1);
  expect(one.trace(flush_dcache_folio(one.linux, one.mapping, one.folio))).toEqual(both);
  const own = new MappedPage('pa-8500', { private: true });
  own.file.load(own.file.mmap(4096, { type: 'private' }), 1);
  expect(own.trace(flush_dcache_folio(own.linux, own.mapping, own.folio))).toEqual([
    ...both,
    ...asUser,
  ]);
});

test('caches that tell no address spaces apart are emptied when another one is loaded', () => {
  const ids = ['arm926ej-s', 'arm1136-32k', 'leon3-gr712rc', 'hypersparc-128k', 'm68030', 'm68040'];
  const flushing = ids.filter((id) => flushesOnSwitch(new MappedPage(id).linux));
  expect(flushing).toEqual(['arm926ej-s', 'leon3-gr712rc', 'm68030']);
});
