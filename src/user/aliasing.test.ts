// L1 to L10 of the DAX stack on real geometry: what goes wrong on a data cache whose copies of one
// page do not know of each other, through open(), mmap(), read(), write(), fsync() and a crash.
// Release 6.1, which asks no CPU whether its cache aliases, with FS_DAX whatever the port builds.
//
// U is the user's address of a byte, K the kernel's. The file is full of `A`; `B` and `C` are what
// a scenario writes.

import { describe, expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { aliasClass, colourOf, machineById, vaddr } from '../hw/index.ts';
import { new_task, run, type Task, vfs_fsync } from '../kernel/index.ts';
import { type Outcome, type RawArgs, User, defaultSetup, physicalOf } from './index.ts';

const ARM = 'arm926ej-s';
const SH = 'sh7750/4k';
const MIPS = '24kc-32k/4k';
const SPARC = 'ultrasparc-2';
const PIPT = 'cortex-a15';
/** A file of this size gets a block whose K is of another colour than U. */
const PAGES = 4;
/** Where in it the byte is that the scenarios are about: in a line that little else maps to. */
const X = 1000;
const DEVICE = '/dev/role/fsdax0';

/** A mounted DAX filesystem with a file that is mapped, and nothing in any cache. */
class Bed {
  readonly user: User;
  readonly pageBytes: number;
  /** Physical address of the byte that the scenarios are about. */
  readonly paddr: number;

  constructor(id: string, release: '6.1' | '6.12' = '6.1') {
    const machine = present(machineById(id), `machine ${id}`);
    this.pageBytes = machine.pageBytes;
    const setup = defaultSetup({ machine, release, gate: 'open', fsDax: true });
    assert(setup.ok, 'the setup is complete');
    this.user = new User(setup.value);
    const argv = ['mkfs.ext4', '-q', '-F', '-b', `${this.pageBytes}`, DEVICE];
    this.do('mkfs', { fs: 'ext4', device: DEVICE, argv });
    this.mount();
    this.do('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    this.do('pwrite', { fd: 'f', offset: 0, length: PAGES * this.pageBytes, byte: 'A' });
    this.do('fsync', { fd: 'f' });
    this.settle();
    this.map();
    this.load();
    const { address } = present(this.user.mappings.get('m'), 'the mapping');
    this.paddr = present(physicalOf(this.user, address + X), 'the page');
    this.settle();
    const { dcache } = machine;
    assert(dcache !== undefined, 'there is a data cache');
    if (aliasClass(dcache, this.pageBytes) !== 'vipt-aliasing') return;
    const colours = [address + X, this.paddr].map((a) =>
      colourOf(dcache, this.pageBytes, vaddr(a)),
    );
    assert(colours[0] !== colours[1], 'U and K are of different colours');
  }

  mount(): void {
    this.do('mount', { fs: 'ext4', device: DEVICE, dir: '/m', options: 'dax=always' });
  }
  map(as = 'm', fd = 'f'): void {
    const length = PAGES * this.pageBytes;
    this.do('mmap', { as, fd, offset: 0, length, prot: 'rw', flags: 'shared' });
  }

  /** An operation that succeeds. */
  do(op: string, args: RawArgs): Outcome {
    const done = this.user.perform(op, args);
    assert(done.ok, `${op} is understood`);
    assert(done.value['rc'] !== -1, `${op} succeeds: ${JSON.stringify(done.value)}`);
    return done.value;
  }
  load(map = 'm'): unknown {
    return byteOf(this.do('load', { map, offset: X, length: 1 }));
  }
  store(byte: string, offset = 0, map = 'm'): void {
    this.do('store', { map, offset: X + offset, length: 1, byte });
  }
  read(): unknown {
    return byteOf(this.do('pread', { fd: 'f', offset: X, length: 1 }));
  }
  write(byte: string): void {
    this.do('pwrite', { fd: 'f', offset: X, length: 1, byte });
  }
  fsync(): void {
    this.do('fsync', { fd: 'f' });
  }

  /** Time passes: every line is written back and thrown out. */
  settle(): void {
    for (const cpu of this.user.linux.machine.cpus) cpu.flushAll();
  }
  /** The lines of the byte are thrown out: the user's first, the kernel's last. */
  evictUserThenKernel(): void {
    this.#evict(0, [false, true]);
  }
  /** The lines of another byte: the kernel's first, the user's last. */
  evictKernelThenUser(offset: number): void {
    this.#evict(offset, [true, false]);
  }
  #evict(offset: number, order: readonly boolean[]): void {
    const { machine, PAGE_OFFSET } = this.user.linux;
    for (const kernel of order) {
      for (const line of machine.lines(this.paddr + offset, 1)) {
        if (line.vaddr >= PAGE_OFFSET === kernel) machine.evict(line);
      }
    }
  }
  /** Bytes from there on as the medium has them, whatever is in caches. */
  medium(length = 1): string {
    return String.fromCodePoint(...this.user.linux.machine.memory.read(this.paddr, length));
  }
  /** Power fails; what the file then has. */
  crash(): unknown {
    this.user.crash();
    this.mount();
    this.do('open', { as: 'f', path: '/m/f', flags: 'rdwr' });
    return this.read();
  }
  /** Another process calls fsync() for the file. */
  fsyncByAnother(): void {
    const { linux } = this.user;
    const file = present(this.user.files.get('f'), 'the file');
    const other: Task = new_task(linux, 0);
    expect(run(vfs_fsync(other, file, false), linux.executor(other))).toMatchObject({ value: 0 });
  }
}

/** The one byte that an operation gave: `A`, or `x00`. */
function byteOf({ data }: Outcome): string {
  assert(typeof data === 'string', 'there is data');
  return data.replace('*1', '');
}

/** Runs a scenario on each machine of a table and compares what it gives. */
function scenario(
  name: string,
  table: Readonly<Record<string, unknown>>,
  play: (bed: Bed) => unknown,
): void {
  test.each(Object.entries(table))(`${name} on %s: %j`, (id, expected) => {
    expect(play(new Bed(id))).toEqual(expected);
  });
}

describe('L1: the user has the byte in U, write() changes it, the user looks again', () => {
  const table = { [ARM]: 'A', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'A', [PIPT]: 'B' };
  scenario('load', table, (bed) => {
    bed.load();
    bed.write('B');
    return bed.load();
  });
});

describe('L2: a user store is dirty in U when read() looks through K', () => {
  const table = { [ARM]: 'A', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'B', [PIPT]: 'B' };
  scenario('read()', table, (bed) => {
    bed.load();
    bed.store('B');
    return bed.read();
  });
});

describe('L3: read() has the old byte in K; msync() flushes U and not K', () => {
  const table = { [ARM]: 'A', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'A', [PIPT]: 'B' };
  scenario('read()', table, (bed) => {
    bed.read();
    bed.load();
    bed.store('B');
    bed.read();
    bed.do('msync', { map: 'm', offset: 0, length: bed.pageBytes, mode: 'sync' });
    return bed.read();
  });
});

describe('L4: write() and then a store leave K and U dirty; U is evicted first', () => {
  const table = { [ARM]: 'B', [SH]: 'B', [MIPS]: 'B', [SPARC]: 'C', [PIPT]: 'C' };
  scenario('medium', table, (bed) => {
    bed.read();
    bed.load();
    bed.write('B');
    bed.store('C');
    bed.evictUserThenKernel();
    return bed.medium();
  });
});

describe('L5: as L4 with two bytes of one line', () => {
  const table = { [ARM]: 'BA', [SH]: 'BA', [MIPS]: 'BA', [SPARC]: 'BC', [PIPT]: 'BC' };
  scenario('medium', table, (bed) => {
    bed.read();
    bed.load();
    bed.write('B');
    bed.store('C', 1);
    bed.evictUserThenKernel();
    return bed.medium(2);
  });
});

describe('L6: a store through one mapping, a load through another', () => {
  // Ports colour mappings of one file alike, or take them out of the cache: arm with virtual tags.
  // Nios II does neither.
  const table = { [ARM]: 'B', [SH]: 'B', [MIPS]: 'B', [SPARC]: 'B', [PIPT]: 'B', 'nios2-32k': 'A' };
  scenario('load', table, (bed) => {
    bed.map('n');
    bed.load('n');
    bed.load();
    bed.store('B');
    return bed.load('n');
  });
});

describe('L7: write(), fsync(), and power fails', () => {
  // There is no tag for fsync() to find, and where there were dax_flush() is empty. That holds for
  // any cache that writes back, unless write() goes around it (x86): riscv is such a control.
  const table = {
    [ARM]: 'A',
    [SH]: 'A',
    [MIPS]: 'A',
    [SPARC]: 'B',
    [PIPT]: 'A',
    skylake: 'B',
    'sifive-u74': 'A',
  };
  scenario('file', table, (bed) => {
    bed.read();
    bed.write('B');
    bed.fsync();
    return bed.crash();
  });
});

describe('L8: a store, fsync(), and power fails', () => {
  // flush_cache_page() works where the address space is loaded; a cache that does not alias has
  // none, and without a PMEM API nothing else.
  const own = {
    [ARM]: 'B',
    [SH]: 'B',
    [MIPS]: 'B',
    [SPARC]: 'B',
    [PIPT]: 'A',
    skylake: 'B',
    'cortex-a53': 'B',
  };
  scenario('file, by the same process', own, (bed) => {
    bed.load();
    bed.store('B');
    bed.fsync();
    return bed.crash();
  });
  // For a page without a folio that counts mappings, mips and sh flush the kernel's colour.
  const other = { [ARM]: 'B', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'B', [PIPT]: 'A', skylake: 'B' };
  scenario('file, by another process', other, (bed) => {
    bed.load();
    bed.store('B');
    bed.fsyncByAnother();
    return bed.crash();
  });
});

describe("L9: a block is freed with the old owner's line under U, and given to a new file", () => {
  // Ports flush what is unmapped. Where the device tree understates the cache of a Nios II, half a
  // page is forgotten.
  const dirty = {
    [ARM]: 'A',
    [SH]: 'A',
    [MIPS]: 'A',
    [SPARC]: 'A',
    [PIPT]: 'A',
    'nios2-32k-misconfig': 'S',
  };
  scenario('medium after the eviction', dirty, (bed) => {
    // In the second half of the page.
    const far = 3000 - X;
    bed.do('load', { map: 'm', offset: X + far, length: 1 });
    bed.store('S', far);
    replaceFile(bed);
    bed.do('pwrite', { fd: 'g', offset: 0, length: PAGES * bed.pageBytes, byte: 'A' });
    bed.evictKernelThenUser(far);
    return bed.medium(far + 1).at(-1);
  });

  // The zeroes of the new block are in K; the user of the new file sees what was there before. On
  // UltraSPARC the zeroes are in memory, and U's stale line has made room for the page of zeroes.
  const fresh = { [ARM]: 'A', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'x00', [PIPT]: 'x00' };
  scenario('what the new owner loads', fresh, (bed) => {
    bed.load();
    replaceFile(bed);
    bed.do('fallocate', { fd: 'g', mode: 'alloc', offset: 0, length: PAGES * bed.pageBytes });
    bed.map('n', 'g');
    bed.store('B', 1, 'n');
    return bed.load('n');
  });
});

/** The file goes, and a new one, `g`, will get its block. */
function replaceFile(bed: Bed): void {
  bed.do('munmap', { map: 'm' });
  bed.read();
  bed.do('close', { fd: 'f' });
  bed.do('unlink', { path: '/m/f' });
  bed.do('open', { as: 'g', path: '/m/g', flags: 'creat,rdwr' });
}

describe("L10: the kernel's lines are flushed when a page is mapped first, and not again", () => {
  const again = { [ARM]: 'A', [SH]: 'A', [MIPS]: 'A', [SPARC]: 'A', [PIPT]: 'B' };
  scenario('load of a mapping made after write()', again, (bed) => {
    bed.load();
    bed.do('munmap', { map: 'm' });
    bed.read();
    bed.write('B');
    bed.map();
    return bed.load();
  });
  // A page that nobody has mapped yet. On mips the flush is owed from flush_dcache_page(), which
  // DAX never calls: what is in memory is of before the block was the file's.
  const first = { [ARM]: 'B', [SH]: 'B', [MIPS]: 'x00', [SPARC]: 'B', [PIPT]: 'B' };
  scenario('load of the first mapping', first, (bed) => {
    bed.do('open', { as: 'g', path: '/m/g', flags: 'creat,rdwr' });
    bed.do('pwrite', { fd: 'g', offset: 0, length: PAGES * bed.pageBytes, byte: 'B' });
    bed.map('n', 'g');
    return bed.load('n');
  });
});

test('6.12 asks: the filesystem of an aliasing CPU is mounted without DAX, or not at all', () => {
  for (const [id, errno] of [
    [MIPS, 'EINVAL'],
    [PIPT, undefined],
  ] as const) {
    const machine = present(machineById(id), id);
    const setup = defaultSetup({ machine, release: '6.12', fsDax: true, gate: 'stock' });
    assert(setup.ok, 'the setup is complete');
    const user = new User(setup.value);
    const argv = ['mkfs.ext4', '-q', '-F', '-b', '4096', DEVICE];
    user.perform('mkfs', { fs: 'ext4', device: DEVICE, argv });
    const args = { fs: 'ext4', device: DEVICE, dir: '/m', options: 'dax=always' };
    expect(user.perform('mount', args)).toMatchObject({
      value: errno === undefined ? { rc: 0 } : { rc: -1, errno },
    });
  }
});
