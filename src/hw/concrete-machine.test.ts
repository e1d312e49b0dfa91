// Unit tests of the machine that runs one schedule: what each kind of cache does with two addresses
// of one page, and what memory has in the meantime.

import { expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { machineById } from './catalogue.ts';
import type { Access, ConcreteCpu, ConcreteMachine } from './concrete.ts';
import { concreteMachine } from './concrete-machine.ts';

const RAM = { name: 'ram', base: 0, bytes: 2 ** 24, kind: 'ram' } as const;
const PMEM = { name: 'pmem', base: 2 ** 24, bytes: 2 ** 20, kind: 'persistent' } as const;

function boot(id: string, options = { cpus: 1, eadr: false }): ConcreteMachine {
  const machine = concreteMachine(present(machineById(id), id), options);
  machine.memory.addRange(RAM);
  machine.memory.addRange(PMEM);
  return machine;
}

function cpuOf(machine: ConcreteMachine, id = 0): ConcreteCpu {
  return at(machine.cpus, id);
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const place = (vaddr: number, paddr: number): Access => ({ vaddr, paddr });

// Kernel and user address of physical byte 0x3000; the pages differ in every colour bit.
const K = place(0xc0003000, 0x3000);
const U = place(0x40000000, 0x3000);

function load(machine: ConcreteMachine, access: Access): number {
  return at(cpuOf(machine).load(access, 1), 0);
}

test.each(['arm926ej-s', '24kc-32k/4k', 'sh7750/4k', 'ultrasparc-2', 'arm1136-32k'])(
  '%s: a line filled under one address does not see a store under another',
  (id) => {
    const machine = boot(id);
    // Of another colour on every machine of the list: bit 12 or 13 differs.
    const user = place(K.vaddr + 0x1000 + (id === 'ultrasparc-2' ? 0x1000 : 0), K.paddr);
    expect(load(machine, user)).toBe(0);
    cpuOf(machine).store(K, bytes(7));
    expect(load(machine, user)).toBe(0);
    cpuOf(machine).maintain('flush', K, 1);
    cpuOf(machine).maintain('flush', user, 1);
    expect(load(machine, user)).toBe(7);
  },
);

test.each(['cortex-a15', 'skylake', 'cortex-a8', 'r4000sc'])(
  '%s: two addresses of one byte agree: physical index, a way of a page, hardware, or a trap',
  (id) => {
    const machine = boot(id);
    expect(load(machine, U)).toBe(0);
    cpuOf(machine).store(K, bytes(7));
    expect(load(machine, U)).toBe(7);
    cpuOf(machine).store(U, bytes(8));
    expect(load(machine, K)).toBe(8);
  },
);

test('virtual indexes: addresses equal modulo the way are one line, of whatever page', () => {
  const machine = boot('24kc-32k/4k');
  load(machine, place(0x40003000, 0x3000));
  cpuOf(machine).store(place(0x80005000, 0x3000), bytes(7));
  expect(load(machine, place(0x40003000, 0x3000))).toBe(7);
  expect(machine.lines(0x3000, 1).map(({ colour, dirty }) => ({ colour, dirty }))).toEqual([
    { colour: 1, dirty: true },
  ]);
});

test('virtual tags: congruent addresses are two lines, unless there is room for one only', () => {
  const associative = boot('arm926ej-s');
  load(associative, place(0x40003000, 0x3000));
  load(associative, place(0xc0003000, 0x3000));
  expect(associative.lines(0x3000, 1).map((line) => line.vaddr)).toEqual([0x40003000, 0xc0003000]);
  const direct = boot('m68030');
  load(direct, place(0x40003000, 0x3000));
  load(direct, place(0xc0003000, 0x3000));
  expect(direct.lines(0x3000, 1).map((line) => line.vaddr)).toEqual([0xc0003000]);
});

test('write back: memory learns of a store when the line leaves, and of nothing it dropped', () => {
  const machine = boot('cortex-a15');
  cpuOf(machine).store(K, bytes(7));
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(0));
  machine.evict(at(machine.lines(0x3000, 1), 0));
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(7));
  cpuOf(machine).store(K, bytes(8));
  cpuOf(machine).maintain('invalidate', K, 1);
  expect(load(machine, K)).toBe(7);
});

test('clean and persist write back and keep the line; flush-all keeps none', () => {
  const machine = boot('cortex-a15');
  for (const what of ['clean', 'persist'] as const) {
    cpuOf(machine).store(K, bytes(what.length));
    cpuOf(machine).maintain(what, K, 1);
    expect(machine.memory.read(0x3000, 1)).toEqual(bytes(what.length));
    expect(machine.lines(0x3000, 1)).toMatchObject([{ dirty: false }]);
  }
  cpuOf(machine).store(K, bytes(1));
  cpuOf(machine).maintain('flush-all', U, 1);
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(1));
  expect(machine.lines(0, RAM.bytes)).toEqual([]);
});

test('write through: memory has each store at once, and a miss leaves no line', () => {
  const machine = boot('ultrasparc-2');
  cpuOf(machine).store(K, bytes(7));
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(7));
  expect(machine.lines(0x3000, 1)).toEqual([]);
  load(machine, K);
  cpuOf(machine).store(K, bytes(8));
  expect(machine.lines(0x3000, 1)).toMatchObject([{ dirty: false }]);
  expect(load(machine, K)).toBe(8);
});

test('write through with write allocation: a store that misses brings the line in', () => {
  const machine = boot('m68030-wa');
  cpuOf(machine).store(K, bytes(7));
  expect(machine.lines(0x3000, 1)).toMatchObject([{ dirty: false }]);
});

test('no write allocation: a store that misses goes to memory, one that hits stays', () => {
  const machine = boot('arm926ej-s');
  cpuOf(machine).store(K, bytes(7));
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(7));
  load(machine, K);
  cpuOf(machine).store(K, bytes(8));
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(7));
});

test('the line used least recently makes room, written back', () => {
  const machine = boot('sh7750r');
  const cpu = cpuOf(machine);
  const way = 0x4000;
  cpu.store(place(0, 0), bytes(1));
  cpu.store(place(way, way), bytes(2));
  cpu.load(place(0, 0), 1);
  cpu.load(place(2 * way, 2 * way), 1);
  expect(machine.lines(0, 3 * way).map((line) => line.paddr)).toEqual([0, 2 * way]);
  expect(machine.memory.read(way, 1)).toEqual(bytes(2));
});

test('a store of part of a line keeps its other bytes; one of whole lines reads none', () => {
  const machine = boot('24kc-32k/4k');
  machine.memory.write(0x3000, bytes(1, 2, 3, 4));
  cpuOf(machine).store(place(0x80003001, 0x3001), bytes(9));
  expect(cpuOf(machine).load(K, 4)).toEqual(bytes(1, 9, 3, 4));
  const page = new Uint8Array(4096).fill(5);
  cpuOf(machine).store(K, page);
  expect(cpuOf(machine).load(K, 4096)).toEqual(page);
  expect(machine.memory.read(0x3000, 4)).toEqual(bytes(1, 2, 3, 4));
});

test('uncached accesses ask no cache; non-temporal stores leave no line behind', () => {
  const machine = boot('24kc-32k/4k');
  const cpu = cpuOf(machine);
  cpu.store(K, bytes(7, 7));
  expect(cpu.load({ ...K, attribute: 'uncached' }, 1)).toEqual(bytes(0));
  cpu.store({ ...K, attribute: 'uncached' }, bytes(1));
  expect(load(machine, K)).toBe(7);
  cpu.store({ ...K, attribute: 'nontemporal' }, bytes(2));
  expect(machine.lines(0x3000, 1)).toEqual([]);
  expect(machine.memory.read(0x3000, 2)).toEqual(bytes(2, 7));
});

test('two CPUs agree under one key, and not under two', () => {
  const machine = boot('24kc-32k/4k', { cpus: 2, eadr: false });
  const [first, second] = [cpuOf(machine, 0), cpuOf(machine, 1)];
  first.store(K, bytes(7));
  expect(second.load(K, 1)).toEqual(bytes(7));
  second.store(K, bytes(8));
  expect(first.load(K, 1)).toEqual(bytes(8));
  const other = place(K.vaddr + 0x1000, K.paddr);
  expect(first.load(other, 1)).toEqual(bytes(8));
  second.store(K, bytes(9));
  expect(first.load(other, 1)).toEqual(bytes(8));
});

test('whole pages on a cache that cannot alias go to memory and agree with its lines', () => {
  const machine = boot('cortex-a15', { cpus: 2, eadr: false });
  const [first, second] = [cpuOf(machine, 0), cpuOf(machine, 1)];
  const page = new Uint8Array(4096).fill(5);
  first.store(place(K.vaddr + 1, K.paddr + 1), bytes(7));
  expect(at(second.load(K, 4096), 1)).toBe(7);
  first.store(K, bytes(8));
  second.store(K, page);
  expect(first.load(K, 2)).toEqual(bytes(5, 5));
  expect(machine.memory.read(0x3000, 4096)).toBe(page);
});

test('a crash loses caches and RAM; with eADR what caches hold reaches the medium', () => {
  const pmem = place(0xc1000000, PMEM.base);
  const plain = boot('cortex-a15');
  cpuOf(plain).store(pmem, bytes(7));
  plain.memory.write(0x3000, bytes(1));
  plain.crash();
  expect(plain.memory.read(PMEM.base, 1)).toEqual(bytes(0));
  expect(plain.memory.read(0x3000, 1)).toEqual(bytes(0));
  const eadr = boot('cortex-a15', { cpus: 1, eadr: true });
  cpuOf(eadr).store(pmem, bytes(7));
  eadr.crash();
  expect(eadr.memory.read(PMEM.base, 1)).toEqual(bytes(7));
});

test('a machine without a data cache: every access goes to memory', () => {
  const machine = boot('pa-qemu');
  cpuOf(machine).store(K, bytes(7));
  cpuOf(machine).maintain('invalidate', K, 1);
  expect(machine.memory.read(0x3000, 1)).toEqual(bytes(7));
  expect(machine.lines(0x3000, 1)).toEqual([]);
});

test('memory keeps a whole page by reference and copies it when a part changes', () => {
  const { memory } = boot('skylake');
  const page = new Uint8Array(4096).fill(5);
  memory.write(0x3000, page);
  memory.write(0x4000, page);
  memory.write(0x3001, bytes(1));
  expect(memory.read(0x3000, 3)).toEqual(bytes(5, 1, 5));
  const before = memory.read(0x3000, 4096);
  memory.write(0x3000, bytes(2));
  expect(at(before, 0)).toBe(5);
  expect(memory.read(0x4000, 4096)).toBe(page);
  expect(page.every((byte) => byte === 5)).toBe(true);
});

test('memory across pages, and memory that is not there', () => {
  const { memory } = boot('skylake');
  memory.write(0x3ffe, bytes(1, 2, 3, 4));
  expect(memory.read(0x3ffd, 6)).toEqual(bytes(0, 1, 2, 3, 4, 0));
  expect(() => memory.read(2 ** 40, 1)).toThrow(/physical memory/u);
  expect(() => {
    memory.addRange({ ...RAM, name: 'twice' });
  }).toThrow(/overlap/u);
});

test.each(['arm926ej-s', '24kc-32k/4k', 'sh7750/4k', 'm68030-wa', 'ultrasparc-2', 'pa-8500'])(
  '%s: whole pages that come in one row do as line by line',
  (id) => {
    // The second machine has a second CPU, which is silent, but for which every line is asked.
    const [rows, lines] = [boot(id), boot(id, { cpus: 2, eadr: false })];
    const page = rows.machine.pageBytes;
    let random = 1;
    const below = (n: number): number => {
      random = (random * 48271) % 2147483647;
      return random % n;
    };
    for (let i = 0; i < 1000; i++) {
      const paddr = below(12) * page;
      const access = place(0x40000000 + paddr + below(3) * page, paddr);
      const what = below(5);
      if (what === 0) {
        const [a, b] = [cpuOf(rows).load(access, page), cpuOf(lines).load(access, page)];
        expect(a.every((byte, at) => byte === b[at])).toBe(true);
        continue;
      }
      const part = place(access.vaddr + 64, access.paddr + 64);
      for (const one of [rows, lines]) {
        if (what === 1) cpuOf(one).store(access, new Uint8Array(page).fill(i % 256));
        else if (what === 2) cpuOf(one).store(part, bytes(i % 256));
        else if (what === 3) cpuOf(one).load(part, 1);
        else cpuOf(one).maintain('clean', part, 64);
      }
    }
    expect(rows.lines(0, RAM.bytes)).toEqual(lines.lines(0, RAM.bytes));
  },
);

test('a part of a page that was read stays as it was when memory changes', () => {
  const machine = boot('skylake');
  machine.memory.write(0x3000, new Uint8Array(4096).fill(1));
  const part = machine.memory.read(0x3400, 2048);
  machine.memory.write(0x3400, bytes(9));
  expect([part[0], machine.memory.read(0x3400, 1)[0]]).toEqual([1, 9]);
  expect(machine.memory.read(0x3401, 1)[0]).toBe(1);
});

test('a large part of a page that is stored passes by the cache, which loses nothing', () => {
  const machine = boot('skylake');
  cpuOf(machine).store(place(K.vaddr + 100, K.paddr + 100), bytes(5));
  cpuOf(machine).store(place(K.vaddr + 1024, K.paddr + 1024), new Uint8Array(2048).fill(6));
  expect(machine.lines(K.paddr, 4096)).toEqual([]);
  const read = machine.memory.read(K.paddr, 4096);
  expect([read[99], read[100], read[1023], read[1024], read[3071], read[3072]]).toEqual([
    0, 5, 0, 6, 6, 0,
  ]);
});

test('a store around the cache drops the lines that it writes, and those only', () => {
  const machine = boot('skylake');
  cpuOf(machine).store(K, bytes(5));
  cpuOf(machine).store(place(K.vaddr + 64, K.paddr + 64), bytes(6));
  const around = { ...K, attribute: 'nontemporal' } as const;
  cpuOf(machine).store(around, bytes(7));
  expect(machine.lines(K.paddr, 4096).map(({ paddr }) => paddr)).toEqual([K.paddr + 64]);
  expect([load(machine, K), load(machine, place(K.vaddr + 64, K.paddr + 64))]).toEqual([7, 6]);
});
