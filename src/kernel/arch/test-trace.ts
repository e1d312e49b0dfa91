// For tests of the ports: a page of a file that is mapped, and what a function of the port does
// about the data cache, as a list of words.

import { assert, present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import {
  type AddressSpace,
  type Folio,
  PG_arch_1,
  type Pte,
  type Vma,
} from '../include/linux/mm.ts';
import { new_task } from '../init/main.ts';
import { type Linux, type ReleaseId, subsystem, type Task } from '../linux.ts';
import { letters, TestFile } from '../mm/test-file.ts';
import type { Op, Place, Step } from '../steps.ts';
import { pfnToKaddr } from './map.ts';
import { shmColour } from './mmap.ts';
import { ArchState } from './state.ts';

/** One page of a file in the page cache, mapped by the first task. */
export class MappedPage {
  readonly file: TestFile;
  readonly linux: Linux;
  readonly task: Task;
  readonly vma: Vma;
  readonly address: number;
  readonly pte: Pte;
  readonly folio: Folio;
  readonly mapping: AddressSpace;

  /** `index`: page of the file; its colour is that of the user's address on ports that colour. */
  constructor(
    id: string,
    options: {
      readonly release?: ReleaseId;
      readonly index?: number;
      readonly private?: true;
    } = {},
  ) {
    const { release = '6.12', index = 0 } = options;
    const machine = present(machineById(id), `machine ${id}`);
    this.file = new TestFile({ machine, release, cpu_dcache_is_aliasing: true });
    this.linux = this.file.linux;
    this.task = this.file.task;
    const bytes = (index + 1) * this.linux.PAGE_SIZE;
    this.file.pwrite(0, letters('A', bytes));
    const type = options.private ? 'private' : 'shared';
    const start = this.file.mmap(bytes, { type });
    this.address = start + index * this.linux.PAGE_SIZE;
    this.file.load(this.address, 1);
    this.vma = present(this.task.mm.vmas.peek()[0], 'the mapping');
    const pte = this.task.mm.ptes.peek(this.address / this.linux.PAGE_SIZE);
    this.pte = present(pte, 'the entry');
    this.mapping = this.file.inode.i_mapping;
    const entry = this.mapping.i_pages.peek(index);
    assert(entry?.kind === 'folio', 'the page is in the page cache');
    this.folio = entry.folio;
  }

  /** Another task's address space is loaded. */
  switchAway(): void {
    const other = new_task(this.linux, 0);
    subsystem(this.linux, ArchState).active_mm.poke(0, other.mm);
  }

  /** The page table says that the page is one of a DAX device, or the process's own. */
  makePte(kind: 'devmap' | 'anon'): Pte {
    const pte: Pte = { ...this.pte, [kind]: true };
    this.task.mm.ptes.poke(this.address / this.linux.PAGE_SIZE, pte);
    return pte;
  }

  /** PG_arch_1 of the page, which means what the port says. */
  get flag(): boolean {
    return (this.linux.page_flags.peek(this.pte.pfn) & PG_arch_1) !== 0;
  }
  set flag(on: boolean) {
    this.linux.page_flags.poke(this.pte.pfn, on ? PG_arch_1 : 0);
  }

  /** Performs the steps in whatever address space is loaded; names those of memory and caches. */
  trace(op: Op<void>, see: (step: Step) => void = () => {}): readonly string[] {
    const words: string[] = [];
    const wordOf = (step: Step) => this.#word(step);
    this.linux.now(
      (function* watched() {
        for (let next = op.next(); next.done !== true; next = op.next()) {
          const word = wordOf(next.value);
          if (word !== undefined) words.push(word);
          see(next.value);
          yield next.value;
        }
      })(),
    );
    return words;
  }

  #word(step: Step): string | undefined {
    switch (step.kind) {
      case 'maintain':
        return step.what === 'flush-all' ? 'flush all' : `${step.what} ${this.#where(step.place)}`;
      case 'load':
      case 'store':
        return `${step.kind} ${this.#where(step.place)}`;
      default:
        return undefined;
    }
  }

  /** The kernel's own address, the user's, another of the user's colour, or of which. */
  #where(place: Place): string {
    const { PAGE_SIZE } = this.linux;
    const page = place.paddr / PAGE_SIZE - this.pte.pfn;
    const name = page === 0 ? '' : ` of +${page}`;
    const unit = shmColour(this.linux);
    if (place.vaddr === pfnToKaddr(this.linux, place.paddr / PAGE_SIZE)) return `kernel${name}`;
    if (place.vaddr === this.address) return `user${name}`;
    if (place.vaddr % unit === this.address % unit) return `as user${name}`;
    return `colour ${(place.vaddr % unit) / PAGE_SIZE}${name}`;
  }
}
