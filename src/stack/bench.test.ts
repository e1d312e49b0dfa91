// Unit tests of how the system of a test is set up: places of files, colours, CPUs.

import { expect, test } from 'vitest';
import { assert, at, present } from '../base/index.ts';
import { colourOf, machineById, vaddr } from '../hw/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { type Bench, setUp } from './bench.ts';
import { followedCells } from './track.ts';

interface Parts {
  readonly machine: string;
  readonly items: readonly string[];
  readonly threads?: string;
}

const ONE = 'P0(int *u)\n{\n\tWRITE_ONCE(*u, 1);\n}';
const TWO = `${ONE}\n\nP1(int *v)\n{\n\tWRITE_ONCE(*v, 1);\n}`;

function make({ machine, items, threads = ONE }: Parts) {
  const init = ['page x = 0;', ...items, 'int *u = user(x);', 'gate open;'].join('\n\t');
  const text = `DAX sample\n\n{\n\t${init}\n}\n\n${threads}\n\nexists (x=1)\n`;
  const parsed = parseLitmus(text, 'sample');
  assert(parsed.ok, 'the sample is a test');
  const { program } = parsed.test;
  const setting = {
    machine: present(machineById(machine), machine),
    release: '6.12',
    remedy: 'none',
  } as const;
  return () => setUp(program, setting);
}

function made(parts: Parts): { readonly bench: Bench; readonly again: ReturnType<typeof make> } {
  const again = make(parts);
  const first = again();
  assert(first.ok, 'the system is set up');
  return { bench: first.value, again };
}

/** Place of the cell in memory, and the colours of the kernel and of the user there. */
function coloursOf(parts: Parts) {
  const { bench, again } = made(parts);
  const cells = followedCells(bench, again);
  assert(cells.ok, 'the cell is followed');
  const { paddr, where } = at(cells.value, 0);
  const { linux, addresses } = bench;
  const { dcache, pageBytes } = linux.machine.machine;
  const colour = (address: number) =>
    colourOf(present(dcache, 'a data cache'), pageBytes, vaddr(address));
  const user = present(addresses.get('u')?.address, 'a mapping');
  return { where, kernel: colour(linux.PAGE_OFFSET + paddr), user: colour(user) };
}

const onXfs = (file: string) => [
  'device pmem0 = pmem;',
  'mount m = xfs(pmem0, dax=always);',
  `file f = ${file};`,
];

test.each(['x on m', 'x on m, hole', 'x on m, empty'])('%s: kernel and user differ', (file) => {
  for (const machine of ['24kc-32k/4k', 'arc700-32k/4k']) {
    const { where, kernel, user } = coloursOf({ machine, items: onXfs(file) });
    expect(where).toBe('medium');
    expect(kernel).not.toBe(user);
  }
});

test('a file of virtiofs is in the window, at the colour of its offset', () => {
  const items = ['device v = virtiofs;', 'mount m = virtiofs(v, dax=always);', 'file f = x on m;'];
  const found = coloursOf({ machine: 'sh7750/4k', items });
  expect(found).toEqual({ where: 'medium', kernel: 0, user: 0 });
});

test('a mapping that a thread makes is asked for at its colour', () => {
  const items = [...onXfs('x on m'), 'int *v = user(x, colour 1, unmapped);'];
  const { addresses } = made({ machine: 'nios2-32k', items }).bench;
  const asked = present(addresses.get('v')?.asked, 'an address');
  expect((asked / 4096) % 8).toBe(1);
});

test('processes that share a CPU with virtual tags are not asked about prefetches', () => {
  const shared = [...onXfs('x on m'), 'int *v = user(x);', 'process P1 = 1;'];
  const setUpWith = (items: readonly string[]) =>
    make({ machine: 'arm926ej-s', items, threads: TWO })().ok;
  expect(setUpWith(shared)).toBe(false);
  expect(setUpWith([...shared, 'without prefetch;'])).toBe(true);
  expect(setUpWith([...shared, 'cpu P1 = 1;'])).toBe(true);
});
