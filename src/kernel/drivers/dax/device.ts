// Character devices of device-dax: nothing but mmap, shared and in whole pages of the instance's
// alignment, through the user's own addresses.
// @source drivers/dax/device.c v6.12

import { devName } from '../../block/genhd.ts';
import { new_inode } from '../../fs/inode.ts';
import { E } from '../../include/linux/errno.ts';
import {
  type File,
  type FileOperations,
  type Inode,
  O_DIRECT,
  O_DIRECTORY,
  S_DAX,
  type SuperBlock,
} from '../../include/linux/fs.ts';
import {
  VM_HUGEPAGE,
  VM_MAYSHARE,
  type VmFault,
  type VmOperations,
} from '../../include/linux/mm.ts';
import type { Vma, VmFaultRequest } from '../../include/linux/mm.ts';
import { type Linux, subsystem, type Task } from '../../linux.ts';
import { vmf_insert_mixed, vmf_insert_pfn_pmd } from '../../mm/memory.ts';
import { Lock, Shared } from '../../shared.ts';
import { noSteps, type Op } from '../../steps.ts';
import { type DevDax, dev_dax_by_name } from './bus.ts';
import { dax_alive, dax_read_lock, dax_read_unlock } from './super.ts';

const PMD_SIZE = 2 ** 21;

/** Inodes of character devices that were opened. */
class DaxFiles {
  readonly inodes = new Map<DevDax, Inode>();
}

/**
 * Opens the character device of an instance by its path (`/dev/dax4.0`, or a link to it): a file,
 * an error number, or undefined where the path names none.
 * @source drivers/dax/device.c dax_open() v6.12
 */
export function dax_open(task: Task, path: string, flags: number): File | number | undefined {
  const { linux } = task.mm;
  const name = devName(linux, path);
  const dev_dax = name === undefined ? undefined : dev_dax_by_name(linux, name);
  if (dev_dax === undefined) return undefined;
  if ((flags & O_DIRECTORY) === O_DIRECTORY) return -E.ENOTDIR;
  // No direct_IO and no FMODE_CAN_ODIRECT. @source fs/open.c do_dentry_open() v6.12
  if ((flags & O_DIRECT) !== 0) return -E.EINVAL;
  const f_inode = daxInode(linux, dev_dax);
  const mount = { sb: f_inode.i_sb, dir: '/dev', source: 'devtmpfs', ro: false };
  return {
    f_inode,
    f_path: { mount, inode: f_inode, parent: undefined, name: dev_dax.name },
    f_flags: flags,
    f_pos: 0,
    f_count: 1,
    f_op: f_inode.i_fop,
  };
}

/** The inode with S_DAX, which makes vma_is_dax() true. */
function daxInode(linux: Linux, dev_dax: DevDax): Inode {
  const { inodes } = subsystem(linux, DaxFiles);
  const known = inodes.get(dev_dax);
  if (known !== undefined) return known;
  const sb: SuperBlock = {
    linux,
    s_type: { name: 'dax', requires_dev: false, get_tree: () => -E.EINVAL },
    s_bdev: undefined,
    s_daxdev: dev_dax.dax_dev,
    ro: false,
    s_blocksize: linux.PAGE_SIZE,
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared(`free blocks of ${dev_dax.name}`, 0),
    s_op: {
      read_inode: (_sb, _disk) => inode,
      show_options: () => '',
      reconfigure: () => noSteps(-E.EINVAL),
      sync_fs: () => noSteps(0),
      put_super: () => noSteps(undefined),
      evict_inode: () => noSteps(undefined),
    },
    root: 0,
    s_writers: new Lock(`s_writers of ${dev_dax.name}`),
  };
  const inode = new_inode(sb, {
    ino: 0,
    kind: 'chr',
    mode: 0o600,
    i_flags: S_DAX,
    i_op: { getattr: () => ({ size: 0, blksize: linux.PAGE_SIZE }) },
    i_fop: dax_fops(linux, dev_dax),
  });
  inodes.set(dev_dax, inode);
  return inode;
}

function dax_fops(linux: Linux, dev_dax: DevDax): FileOperations {
  const vm_ops: VmOperations = {
    fault: (request) => dev_dax_huge_fault(linux, dev_dax, request, 'pte'),
    huge_fault: (request) => dev_dax_huge_fault(linux, dev_dax, request, 'pmd'),
    may_split: (_vma, address) => (address % dev_dax.align === 0 ? 0 : -E.EINVAL),
  };
  return {
    mmap_sync: true,
    // noop_llseek(): the position stays, whatever is asked for.
    llseek: (_task, file) => noSteps(file.f_pos),
    // @source drivers/dax/device.c dax_mmap() v6.12
    *mmap(_task, _file, vma): Op<Vma | number> {
      const rc = yield* checkAlive(linux, dev_dax, vma);
      if (rc !== 0) return rc;
      vma.vm_flags.poke(0, vma.vm_flags.peek() | VM_HUGEPAGE);
      return { ...vma, vm_ops };
    },
  };
}

function* checkAlive(linux: Linux, dev_dax: DevDax, vma: Vma): Op<number> {
  yield* dax_read_lock(linux);
  const rc = yield* check_vma(dev_dax, vma);
  yield* dax_read_unlock(linux);
  return rc;
}

/** @source drivers/dax/device.c check_vma() v6.12 */
function* check_vma(dev_dax: DevDax, vma: Vma): Op<number> {
  if (!(yield* dax_alive(dev_dax.dax_dev))) return -E.ENXIO;
  if ((vma.vm_flags.peek() & VM_MAYSHARE) === 0) return -E.EINVAL;
  const isAligned = vma.vm_start % dev_dax.align === 0 && vma.vm_end % dev_dax.align === 0;
  return isAligned ? 0 : -E.EINVAL;
}

/** @source drivers/dax/device.c dev_dax_huge_fault() v6.12 */
function* dev_dax_huge_fault(
  linux: Linux,
  dev_dax: DevDax,
  request: VmFaultRequest,
  order: 'pte' | 'pmd',
): Op<VmFault> {
  yield* dax_read_lock(linux);
  const fault = yield* order === 'pte'
    ? __dev_dax_pte_fault(linux, dev_dax, request)
    : __dev_dax_pmd_fault(linux, dev_dax, request);
  yield* dax_read_unlock(linux);
  return fault;
}

/** An instance of larger pages has no small ones to give. */
function* __dev_dax_pte_fault(
  linux: Linux,
  dev_dax: DevDax,
  { vma, pgoff, address, write }: VmFaultRequest,
): Op<VmFault> {
  if ((yield* check_vma(dev_dax, vma)) !== 0) return { kind: 'SIGBUS' };
  if (dev_dax.align !== linux.PAGE_SIZE) return { kind: 'SIGBUS' };
  const pfn = dax_pgoff_to_pfn(linux, dev_dax, { pgoff, bytes: linux.PAGE_SIZE });
  if (pfn === undefined) return { kind: 'SIGBUS' };
  return yield* vmf_insert_mixed(vma, address, pfn, write);
}

function* __dev_dax_pmd_fault(
  linux: Linux,
  dev_dax: DevDax,
  { vma, pgoff, address, write }: VmFaultRequest,
): Op<VmFault> {
  if ((yield* check_vma(dev_dax, vma)) !== 0) return { kind: 'SIGBUS' };
  if (dev_dax.align > PMD_SIZE) return { kind: 'SIGBUS' };
  if (dev_dax.align < PMD_SIZE) return { kind: 'FALLBACK' };
  const start = address - (address % PMD_SIZE);
  if (start < vma.vm_start || start + PMD_SIZE > vma.vm_end) return { kind: 'SIGBUS' };
  const first = pgoff - (address - start) / linux.PAGE_SIZE;
  const pfn = dax_pgoff_to_pfn(linux, dev_dax, { pgoff: first, bytes: PMD_SIZE });
  if (pfn === undefined) return { kind: 'SIGBUS' };
  return yield* vmf_insert_pfn_pmd(vma, start, pfn, write);
}

/** @source drivers/dax/device.c dax_pgoff_to_phys() v6.12 */
function dax_pgoff_to_pfn(
  linux: Linux,
  { start, size }: DevDax,
  range: { readonly pgoff: number; readonly bytes: number },
): number | undefined {
  const offset = range.pgoff * linux.PAGE_SIZE;
  if (offset + range.bytes > size) return undefined;
  return (start + offset) / linux.PAGE_SIZE;
}
