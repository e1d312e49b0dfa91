// Unit tests of pages that the kernel makes for a user: copied and cleared through which addresses,
// and what is flushed with it. `+7` is the new page, seven frames after the source.

import { describe, expect, test } from 'vitest';
import {
  clear_user_highpage,
  copy_user_highpage,
  copy_user_page,
  kunmap_local,
} from './cacheflush.ts';
import { pfnToKaddr } from './map.ts';
import { MappedPage } from './test-trace.ts';

const plain = ['load kernel', 'store kernel of +7'];
const flushed = [...plain, 'flush kernel of +7'];
const coloured = ['load as user', 'store as user of +7'];
const cleared = ['store kernel of +7'];
const clearedFlushed = [...cleared, 'flush kernel of +7'];

interface Row {
  readonly id: string;
  /** copy_user_highpage() of a page that is mapped, and copy_user_page() of kernel addresses. */
  readonly high: readonly string[];
  readonly low: readonly string[];
  readonly clear: readonly string[];
}

/** Frames of the source are of colour 1, of the new page of colour 0, as the user's address. */
const rows: readonly Row[] = [
  {
    id: 'arm926ej-s',
    low: flushed,
    high: ['flush user', 'invalidate kernel of +7', ...plain],
    clear: ['invalidate kernel of +7', ...cleared],
  },
  {
    id: 'arm1136-32k',
    low: flushed,
    high: ['invalidate kernel of +7', ...coloured],
    clear: ['invalidate kernel of +7', 'store as user of +7'],
  },
  { id: 'cortex-a15', high: plain, low: plain, clear: cleared },
  {
    id: '24kc-32k/4k',
    low: plain,
    clear: cleared,
    high: ['load as user', 'store kernel of +7', 'flush kernel of +7'],
  },
  {
    id: 'sh7750/4k',
    low: plain,
    clear: cleared,
    high: ['load as user', 'store kernel of +7', 'flush as user'],
  },
  { id: 'ultrasparc-2', high: coloured, low: coloured, clear: ['store as user of +7'] },
  { id: 'sparc-t4', high: plain, low: plain, clear: cleared },
  { id: 'hypersparc-128k', high: flushed, low: flushed, clear: clearedFlushed },
  { id: 'turbosparc', high: plain, low: plain, clear: cleared },
  {
    id: 'pa-8500',
    low: flushed,
    clear: clearedFlushed,
    high: ['flush as user', ...flushed, 'flush kernel'],
  },
  {
    id: 'nios2-32k',
    high: ['flush user of +7', ...flushed],
    low: ['flush user of +7', ...flushed],
    clear: ['flush user of +7', ...clearedFlushed],
  },
  { id: 'xtensa-test-mmuhifi-c3', high: coloured, low: plain, clear: ['store as user of +7'] },
  { id: 'm68040', high: flushed, low: flushed, clear: clearedFlushed },
  { id: 'm68030', high: plain, low: plain, clear: cleared },
  { id: 'csky-ck610', high: plain, low: plain, clear: cleared },
  { id: 'arc700-32k/4k', high: plain, low: plain, clear: cleared },
];

describe.each(rows)('$id', (row) => {
  const made = () => {
    const one = new MappedPage(row.id);
    one.flag = !row.id.startsWith('24kc');
    return one;
  };

  test('copies and clears a page of the colour of the user', () => {
    const { linux, pte, address: vaddr, vma } = made();
    const [to, from] = [pte.pfn + 7, pte.pfn];
    const words = (op: Parameters<MappedPage['trace']>[0]) => made().trace(op);
    expect(words(copy_user_highpage(linux, { to, from, vaddr, vma }))).toEqual(row.high);
    const addresses = { to: pfnToKaddr(linux, to), from: pfnToKaddr(linux, from), vaddr };
    expect(words(copy_user_page(linux, addresses))).toEqual(row.low);
    expect(words(clear_user_highpage(linux, to, vaddr))).toEqual(row.clear);
  });
});

test('a new page of another colour than the user is flushed: mips, sh, csky', () => {
  for (const id of ['24kc-32k/4k', 'sh7750/4k', 'csky-ck610']) {
    const one = new MappedPage(id);
    const { linux, pte, vma, address: vaddr } = one;
    const [to, from] = [pte.pfn + 8, pte.pfn];
    const flush = id.startsWith('csky') ? 'flush all' : 'flush kernel of +8';
    const addresses = { to: pfnToKaddr(linux, to), from: pfnToKaddr(linux, from), vaddr };
    // That of sh is a plain copy: update_mmu_cache() pays for the new page.
    const last = id.startsWith('sh') ? 'store kernel of +8' : flush;
    expect(one.trace(copy_user_page(linux, addresses)).at(-1)).toBe(last);
    expect(one.trace(copy_user_highpage(linux, { to, from, vaddr, vma })).at(-1)).toBe(flush);
    expect(one.trace(clear_user_highpage(linux, to, vaddr)).at(-1)).toBe(flush);
  }
});

test('the kernel lines of a new page of another colour are dropped before: xtensa', () => {
  const one = new MappedPage('xtensa-test-mmuhifi-c3');
  const { linux, pte, vma, address: vaddr } = one;
  const copy = { to: pte.pfn + 8, from: pte.pfn, vaddr, vma };
  expect(one.trace(copy_user_highpage(linux, copy))[0]).toBe('invalidate kernel of +8');
  expect(one.trace(clear_user_highpage(linux, copy.to, vaddr))[0]).toBe('invalidate kernel of +8');
});

test('a source that is owed a flush, or is a DAX page, is read through K: mips, sh', () => {
  for (const id of ['24kc-32k/4k', 'sh7750/4k']) {
    const one = new MappedPage(id);
    const { linux, pte, vma, address: vaddr } = one;
    const copy = () => copy_user_highpage(linux, { to: pte.pfn + 7, from: pte.pfn, vaddr, vma });
    one.flag = id.startsWith('24kc');
    expect(one.trace(copy())[0]).toBe('load kernel');
    one.flag = !one.flag;
    expect(one.trace(copy())[0]).toBe('load as user');
    one.makePte('devmap');
    expect(one.trace(copy())[0]).toBe('load kernel');
  }
});

test('a source of arm1136 that is owed a flush is flushed first', () => {
  const one = new MappedPage('arm1136-32k');
  const { linux, pte, vma, address: vaddr } = one;
  one.flag = false;
  const words = one.trace(
    copy_user_highpage(linux, { to: pte.pfn + 7, from: pte.pfn, vaddr, vma }),
  );
  expect(words.slice(0, 2)).toEqual(['flush kernel', 'flush as user']);
  expect(one.flag).toBe(true);
});

test('copy_user_highpage() of parisc: 6.1 looks whether the source is mapped there', () => {
  for (const [release, first] of [
    ['6.1', 'load kernel'],
    ['6.12', 'flush as user'],
  ] as const) {
    const one = new MappedPage('pa-8500', { release });
    const { linux, pte, vma, address: vaddr } = one;
    one.task.mm.ptes.poke(vaddr / linux.PAGE_SIZE, undefined);
    const copy = { to: pte.pfn + 7, from: pte.pfn, vaddr, vma };
    expect(one.trace(copy_user_highpage(linux, copy))[0]).toBe(first);
  }
});

test('an aliasing ARC700 of 6.1 flushes the source from the user before and K after', () => {
  const one = new MappedPage('arc700-32k/4k', { release: '6.1' });
  const { linux, pte, vma, address: vaddr } = one;
  one.flag = false;
  const copy = { to: pte.pfn + 7, from: pte.pfn, vaddr, vma };
  expect(one.trace(copy_user_highpage(linux, copy))).toEqual([
    'flush as user',
    ...plain,
    'flush kernel',
  ]);
  expect(one.flag).toBe(true);
});

test('the end of a temporary mapping is a flush on parisc alone', () => {
  const parisc = new MappedPage('pa-8500');
  const kaddr = pfnToKaddr(parisc.linux, parisc.pte.pfn);
  expect(parisc.trace(kunmap_local(parisc.linux, kaddr + 5))).toEqual(['flush kernel']);
  const mips = new MappedPage('24kc-32k/4k');
  expect(mips.trace(kunmap_local(mips.linux, pfnToKaddr(mips.linux, mips.pte.pfn)))).toEqual([]);
});
