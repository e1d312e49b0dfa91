// What a reader may want to see of the machine after a step: mounts, open files, mappings, and one
// line in the caches. Looking changes nothing: what follows is the same as without a look.

import { S_DAX, proc_mounts_entry, vmFlagsText } from '../kernel/index.ts';
import { type User, physicalOf, runLength } from '../user/index.ts';
import type { RecordedStep } from './scenario.ts';

/** What the process and its kernel have, each list in the order in which it was made. */
export interface StateSight {
  /** As /proc/mounts has them, without the root file system. */
  readonly mounts: readonly {
    readonly dir: string;
    readonly source: string;
    readonly fstype: string;
    readonly opts: string;
  }[];
  readonly files: readonly {
    readonly name: string;
    readonly path: string;
    readonly bytes: number;
    /** S_DAX of its inode: reads and writes go past the page cache. */
    readonly dax: boolean;
  }[];
  readonly mappings: readonly {
    readonly name: string;
    readonly address: number;
    readonly lengthBytes: number;
    /** As VmFlags in smaps. */
    readonly flags: string;
  }[];
}

/** Whose address a copy came through. */
export type LineOwner =
  | { readonly kind: 'mapping'; readonly name: string }
  /** The kernel's linear map, or another address of the kernel. */
  | { readonly kind: 'kernel'; readonly linear: boolean }
  /** An address of the process that is no longer mapped. */
  | { readonly kind: 'gone' };

/** One copy of the line. */
export interface CopySight {
  readonly cpu: number;
  readonly set: number;
  readonly way: number;
  /** The virtual address through which it was filled. */
  readonly vaddr: number;
  readonly owner: LineOwner;
  readonly colour: number;
  readonly dirty: boolean;
  /** Its bytes, run by run. */
  readonly bytes: string;
}

/** One line of memory and all its copies. */
export interface LineSight {
  readonly paddr: number;
  /** What memory has, run by run. */
  readonly memory: string;
  readonly copies: readonly CopySight[];
  /** What else stands in the sets of the copies. */
  readonly others: readonly {
    readonly cpu: number;
    readonly set: number;
    readonly way: number;
    readonly paddr: number;
  }[];
}

/** More than any physical address. */
const EVERYWHERE = 2 ** 52;

/** What there is now. */
export function stateSight({ linux, task, files, mappings }: User): StateSight {
  return {
    mounts: linux.mounts
      .filter(({ dir }) => dir !== '/')
      .map(({ dir, source }) => {
        const { fstype, opts } = proc_mounts_entry(linux, dir) ?? { fstype: '', opts: '' };
        return { dir, source, fstype, opts };
      }),
    files: [...files].map(([name, file]) => ({
      name,
      path: pathText(file),
      bytes: file.f_inode.i_size.peek(),
      dax: (file.f_inode.i_flags.peek() & S_DAX) !== 0,
    })),
    mappings: [...mappings].map(([name, { address, length }]) => {
      const vma = task.mm.vmas
        .peek()
        .find((one) => one.vm_start <= address && address < one.vm_end);
      const flags = vma === undefined ? '' : vmFlagsText(vma);
      return { name, address, lengthBytes: length, flags };
    }),
  };
}

/** The line at a physical address, in all caches; undefined on a machine without data cache. */
export function lineSight(user: User, paddr: number): LineSight | undefined {
  const { machine } = user.linux;
  const lineBytes = machine.machine.dcache?.lineBytes;
  if (lineBytes === undefined) return undefined;
  const all = machine.lines(0, EVERYWHERE);
  const copies = all.filter((one) => one.paddr === paddr);
  const near = all.filter(
    (one) => one.paddr !== paddr && copies.some((c) => c.set === one.set && c.cpu === one.cpu),
  );
  return {
    paddr,
    memory: runLength(machine.memory.read(paddr, lineBytes)),
    copies: copies.map(({ cpu, set, way, vaddr, colour, dirty, bytes }) => {
      const owner = ownerOf(user, { paddr, vaddr });
      return { cpu, set, way, vaddr, owner, colour, dirty, bytes: runLength(bytes) };
    }),
    others: near.map((one) => ({ cpu: one.cpu, set: one.set, way: one.way, paddr: one.paddr })),
  };
}

/** Address of the first line that a load or store of the step went to; undefined for others. */
export function touchedLine(user: User, { op, args }: RecordedStep): number | undefined {
  const { machine } = user.linux.machine;
  const mapping = user.mappings.get(String(args['map']));
  if (machine.dcache === undefined || mapping === undefined) return undefined;
  if (op !== 'load' && op !== 'store') return undefined;
  const offset = typeof args['offset'] === 'number' ? args['offset'] : 0;
  const paddr = physicalOf(user, mapping.address + offset);
  return paddr === undefined ? undefined : paddr - (paddr % machine.dcache.lineBytes);
}

function ownerOf(
  { linux, mappings }: User,
  { paddr, vaddr }: { readonly paddr: number; readonly vaddr: number },
): LineOwner {
  for (const [name, { address, length }] of mappings) {
    if (vaddr >= address && vaddr < address + length) return { kind: 'mapping', name };
  }
  if (vaddr < linux.PAGE_OFFSET) return { kind: 'gone' };
  return { kind: 'kernel', linear: vaddr === linux.PAGE_OFFSET + paddr };
}

function pathText({ f_path }: UserFile): string {
  const names: string[] = [];
  for (let at = f_path.dentry; at?.d_parent !== undefined; at = at.d_parent)
    names.unshift(at.d_name);
  if (f_path.dentry === undefined) return f_path.name;
  const dir = f_path.mount.dir === '/' ? '' : f_path.mount.dir;
  return `${dir}/${names.join('/')}`;
}

type UserFile = User['files'] extends ReadonlyMap<string, infer F> ? F : never;
