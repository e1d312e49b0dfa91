// A kernel that has just booted: no devices, no mounts, one task.

import { assert, at } from '../../base/index.ts';
import { concreteMachine, type Machine } from '../../hw/index.ts';
import { TaskExecutor } from '../arch/context.ts';
import { addressLayout } from '../arch/layout.ts';
import { ArchState } from '../arch/state.ts';
import { durabilityOf } from '../durability.ts';
import type { KernelRemedy } from '../fs/remedies.ts';
import { type DesignId, designById, mergedDesign } from '../fs/s_dax/designs.ts';
import type { BlockLayer } from '../include/linux/blkdev.ts';
import type { DiskImage } from '../include/linux/fs.ts';
import type { MmStruct } from '../include/linux/mm.ts';
import type { ForcedGate, KernelConfig, Linux, ReleaseId, Task } from '../linux.ts';
import { subsystem } from '../linux.ts';
import type { Omittable } from '../omit.ts';
import { Oops } from '../oops.ts';
import { defaultZeroing, type UserZeroing } from '../mm/zeroing.ts';
import { ConcreteExecutor, type FailurePlan, run } from '../run.ts';
import type { SeriesRules } from '../series/rules.ts';
import { releaseRules } from '../series/states.ts';
import { Lock, LockTable, Shared } from '../shared.ts';
import type { Op } from '../steps.ts';

/** What is decided before a kernel boots. */
export interface KernelSetup {
  readonly machine: Machine;
  readonly release: ReleaseId;
  /** A state of the tree between releases. Absent: that of the release. */
  readonly rules?: SeriesRules;
  readonly config: KernelConfig;
  readonly gate: ForcedGate;
  /** Absent: 1. */
  readonly cpus?: number;
  /** Power failure leaves the caches. Absent: false. */
  readonly eadr?: boolean;
  readonly cpu_dcache_is_aliasing: boolean;
  /** What is done about aliases of DAX pages. Absent: nothing, as in every release. */
  readonly remedy?: KernelRemedy;
  /** How pages become zero that users are given. Absent: as in 6.12; the allocator does nothing. */
  readonly zeroing?: UserZeroing;
  /** Which of the things that may fail shall fail. Absent: none. */
  readonly plan?: FailurePlan;
  /** Functions that do nothing. Absent: none. */
  readonly omitted?: readonly Omittable[];
  /** How files change between DAX and the page cache. Absent: as merged, D6. */
  readonly s_dax?: DesignId;
  /** The kernel that ran on the machine before a crash or reboot: media are as it left them. */
  readonly former?: Linux;
}

/** @source fs/Kconfig FS_DAX v6.1: depends on !(ARM || MIPS || SPARC) */
const REFUSED_BY_NAME: ReadonlySet<string> = new Set(['arm', 'mips', 'sparc32', 'sparc64']);

const RAM_BYTES = 2 ** 30;
/** The kernel's image and what it never gives back. */
const KERNEL_BYTES = 16 * 2 ** 20;

/** A kernel with empty tables, its RAM, and the task with pid 1. */
export function start_kernel(setup: KernelSetup): Linux {
  const { release, config, gate, cpu_dcache_is_aliasing, remedy = 'none' } = setup;
  const rules = setup.rules ?? releaseRules(release);
  const PAGE_SIZE = setup.machine.pageBytes;
  const machine =
    setup.former?.machine ??
    concreteMachine(setup.machine, { cpus: setup.cpus ?? 1, eadr: setup.eadr ?? false });
  machine.memory.addRange({ name: 'ram', base: 0, bytes: RAM_BYTES, kind: 'ram' });
  const zero_pfn = KERNEL_BYTES / PAGE_SIZE;
  const block: BlockLayer = {
    get linux() {
      return linux;
    },
    disks: new Map(),
    links: new Map(),
  };
  const plan: FailurePlan = setup.plan ?? (() => false);
  const linux: Linux = {
    release,
    is_6_12: release === '6.12',
    rules,
    refused_by_name: REFUSED_BY_NAME.has(setup.machine.arch),
    config,
    gate: remedy === 'deny' ? 'EOPNOTSUPP' : gate,
    s_dax: designById(setup.s_dax ?? mergedDesign.id) ?? mergedDesign,
    remedy,
    zeroing: setup.zeroing ?? defaultZeroing,
    kernel_ptes: new Shared("the kernel's page table", undefined),
    cpu_dcache_is_aliasing: rules.predicate === 'defined' && cpu_dcache_is_aliasing,
    machine,
    PAGE_SHIFT: Math.log2(PAGE_SIZE),
    PAGE_SIZE,
    PAGE_OFFSET: addressLayout(setup.machine).PAGE_OFFSET,
    page_flags: new Shared('page_flags', 0),
    page_pins: new Shared('page_pins', 0),
    page_pin_locks: new LockTable('pins of page #'),
    block,
    dax: {
      dax_minor_ida: new Shared('dax_minor_ida', false),
      dax_hosts: new Shared('dax_hosts', undefined),
      dax_cache: [],
      page_mapping: new Shared('page_mapping', undefined),
      page_share: new Shared('page_share', 0),
    },
    file_systems: new Map(),
    omitted: new Set(setup.omitted),
    mounts: [],
    tasks: [],
    dmesg: [],
    ram: { next: zero_pfn + 1, free: [], end: RAM_BYTES / PAGE_SIZE },
    executor: (task) => new TaskExecutor(linux, task, plan),
    now: (op) => now(linux, op, plan),
    zero_pfn,
    images: setup.former?.images ?? new Map<number, DiskImage>(),
    loops: new Map(),
    holders: new Map(),
    subsystems: new Map(),
  };
  const init = new_task(linux, 0);
  subsystem(linux, ArchState).active_mm.poke(init.cpu, init.mm);
  return linux;
}

/** A task with an empty address space, on the CPUs in turn; user and group are `uid`. */
export function new_task(linux: Linux, uid: number): Task {
  const pid = linux.tasks.length + 1;
  const mm: MmStruct = {
    id: pid,
    linux,
    mmap_lock: new Lock(`mmap_lock of task ${pid}`),
    ptes: new Shared(`page table of task ${pid}`, undefined),
    vmas: new Shared(`mappings of task ${pid}`, []),
  };
  const cpu = linux.tasks.length % linux.machine.cpus.length;
  const task: Task = { pid, mm, uid, gid: uid, cpu };
  linux.tasks.push(task);
  return task;
}

/**
 * The configuration of `release` on a machine, with FS_DAX as wished whatever Kconfig says.
 * @source arch/riscv/Kconfig ARCH_HAS_PMEM_API v6.12: not there in 6.1
 */
export function defaultConfig(
  machine: Machine,
  release: ReleaseId,
  choice: { readonly fsDax: boolean },
): KernelConfig {
  const { pmemApi, flushcache } = durabilityOf(machine);
  return {
    DAX: true,
    FS_DAX: choice.fsDax,
    EXT2_FS: true,
    ARCH_HAS_PMEM_API: pmemApi && !(machine.arch === 'riscv' && release === '6.1'),
    ARCH_HAS_UACCESS_FLUSHCACHE: flushcache,
    TRANSPARENT_HUGEPAGE: HUGE_PAGES.has(machine.arch),
  };
}

/**
 * 64-bit ports without an alias policy whose PMD entries are of 2 MiB; those of s390 are of 1 MiB,
 * which is not modelled. @source arch/*\/Kconfig HAVE_ARCH_TRANSPARENT_HUGEPAGE v6.12
 */
const HUGE_PAGES: ReadonlySet<string> = new Set(['x86', 'arm64', 'riscv', 'powerpc']);

/**
 * Performs all of `op` on the first CPU, as a kernel thread that has no address space of its own
 * and borrows the one that is loaded. It must not have to wait for anyone.
 */
function now<T>(linux: Linux, op: Op<T>, plan: FailurePlan): T {
  const ran = run(op, new ConcreteExecutor(at(linux.machine.cpus, 0), plan));
  // The function that called dies with it.
  if (ran.kind === 'oops') throw new Oops(ran);
  assert(ran.kind === 'done', 'set-up work waits for nobody');
  return ran.value;
}
