// A DAX file and a program that has mapped it, for tests of what the kernel does about aliases.

import { assert, at, present } from '../base/index.ts';
import { colours, type Machine } from '../hw/index.ts';
import {
  alloc_dax,
  type DaxFile,
  daxFile,
  defaultConfig,
  do_mmap,
  type KernelRemedy,
  type Linux,
  noSteps,
  start_kernel,
  type Task,
  user_load,
  user_store,
} from '../kernel/index.ts';

const BASE = 2 ** 32;
const ZERO = new Uint8Array([0]);

/** A kernel with a DAX file of one page that its one task has mapped. */
export interface Bed {
  readonly linux: Linux;
  readonly task: Task;
  readonly file: DaxFile;
  readonly address: number;
  /** Physical address of page 0 of the device, and of the first byte of the file. */
  readonly base: number;
  readonly paddr: number;
}

/** How a bed differs from a mapped file whose page is its own and has been stored to. */
export interface BedChoice {
  readonly remedy: KernelRemedy;
  /** Another file has the block too, so that a store needs page 5 of the device. */
  readonly isShared?: boolean;
}

function bedAt(machine: Machine, choice: BedChoice, block: number): Bed | undefined {
  const { remedy, isShared = false } = choice;
  const linux = start_kernel({
    machine,
    release: '6.12',
    config: defaultConfig(machine, '6.12', { fsDax: true }),
    gate: 'stock',
    cpu_dcache_is_aliasing: false,
    remedy,
  });
  const { PAGE_SIZE } = linux;
  const range = { name: 'pmem', base: BASE, bytes: 16 * PAGE_SIZE, kind: 'persistent' } as const;
  linux.machine.memory.addRange(range);
  const pfn = BASE / PAGE_SIZE;
  const dax = linux.now(
    alloc_dax(linux, {
      direct_access(pgoff, nr_pages) {
        const kaddr = linux.PAGE_OFFSET + BASE + pgoff * PAGE_SIZE;
        return noSteps({ kaddr, pfn: pfn + pgoff, nr_pages });
      },
      zero_page_range: () => noSteps(0),
    }),
  );
  if (typeof dax === 'number') return undefined;
  assert(dax !== null, 'a dax device');
  const blocks = new Map([[0, { block, unwritten: false }]]);
  const shared = isShared ? { shared: [0], free: [5] } : {};
  const file = daxFile(linux, { dax, size: PAGE_SIZE, blocks, ...shared });
  const task = at(linux.tasks, 0);
  const map = { file: file.file, offset: 0, length: PAGE_SIZE, read: true, write: true } as const;
  const address = linux.now(do_mmap(task, { ...map, type: 'shared' }));
  // A store to a shared block would make the copy before the test begins.
  if (isShared) linux.now(user_load(task, address, 1));
  else linux.now(user_store(task, address, ZERO));
  at(linux.machine.cpus, 0).flushAll();
  return { linux, task, file, address, base: BASE, paddr: BASE + block * PAGE_SIZE };
}

/**
 * A bed with addresses of different colours in the linear map and in the program, where there are
 * colours; no line is cached. Undefined where alloc_dax() refuses.
 */
export function differentColours(machine: Machine, choice: BedChoice): Bed | undefined {
  const { dcache, pageBytes } = machine;
  const count = dcache ? colours(dcache, pageBytes) : 1;
  for (let block = 0; block < count; block++) {
    const made = bedAt(machine, choice, block);
    if (made === undefined) return undefined;
    const colour = (address: number) => Math.floor(address / pageBytes) % count;
    const differs = colour(made.linux.PAGE_OFFSET + made.paddr) !== colour(made.address);
    if (differs || count === 1) return made;
  }
  return present<Bed>(undefined, 'a page of another colour');
}
