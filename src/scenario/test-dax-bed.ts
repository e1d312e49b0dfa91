// A DAX file and a program that has mapped it, for tests of what the kernel does about aliases.

import { at, present } from '../base/index.ts';
import { colours, type Machine } from '../hw/index.ts';
import {
  type DaxDevice,
  type DaxFile,
  daxFile,
  type DaxFileSetup,
  do_mmap,
  type KernelRemedy,
  type Linux,
  plainDax,
  type Task,
  user_load,
  user_store,
} from '../kernel/index.ts';
import { testKernel } from './test-kernel.ts';

/** Physical address of the device. */
const BASE = 2 ** 32;
const ZERO = new Uint8Array([0]);

/** A kernel with a DAX file of one page that its one task has mapped. */
export interface Bed extends MappedFile {
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

/** A kernel whose one DAX file, of one page, is mapped by its one task. */
export interface MappedFile {
  readonly linux: Linux;
  readonly task: Task;
  readonly dax: DaxDevice;
  readonly file: DaxFile;
  readonly address: number;
}

/** A mapped file that nobody has touched. Undefined where alloc_dax() refuses. */
export function mappedFile(
  on: string | Machine,
  layout: Omit<DaxFileSetup, 'dax' | 'size'>,
  kernel: Parameters<typeof testKernel>[1] = {},
): MappedFile | undefined {
  const linux = testKernel(on, kernel);
  const { PAGE_SIZE } = linux;
  const dax = plainDax(linux, { base: BASE, pages: 16 });
  if (typeof dax === 'number') return undefined;
  const file = daxFile(linux, { ...layout, dax, size: PAGE_SIZE });
  const task = at(linux.tasks, 0);
  const map = { file: file.file, offset: 0, length: PAGE_SIZE, read: true, write: true } as const;
  const address = linux.now(do_mmap(task, { ...map, type: 'shared' }));
  return { linux, task, dax, file, address };
}

function bedAt(machine: Machine, choice: BedChoice, block: number): Bed | undefined {
  const { remedy, isShared = false } = choice;
  const blocks = new Map([[0, { block, unwritten: false }]]);
  const shared = isShared ? { shared: [0], free: [5] } : {};
  const made = mappedFile(machine, { blocks, ...shared }, { remedy });
  if (made === undefined) return undefined;
  const { linux, task, address } = made;
  // A store to a shared block would make the copy before the test begins.
  if (isShared) linux.now(user_load(task, address, 1));
  else linux.now(user_store(task, address, ZERO));
  at(linux.machine.cpus, 0).flushAll();
  return { ...made, base: BASE, paddr: BASE + block * linux.PAGE_SIZE };
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
