// What one kernel believes about DAX on one machine: the build gate, the refusal by name, the
// run-time test and what becomes of the drivers, kept apart so that a verdict can show all of them.

import { never } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import { type AllocDax, allocDaxAnswer } from './policies/alloc-dax.ts';
import { cpu_dcache_is_aliasing } from './include/linux/cacheinfo.ts';
import type { PredicateAnswer } from './include/linux/cacheinfo.ts';
import type { Gate, Kernel, Port, SymbolFact } from './kernel.ts';

/** Where and how the run-time test answers for a filesystem on a pmem-like device. */
export type RunTimeAnswer =
  /** The kernel asks nobody at run time. */
  | { readonly kind: 'no-test' }
  | { readonly kind: 'passes' }
  | { readonly kind: 'refused'; readonly where: 'filesystem' | 'alloc_dax' }
  | { readonly kind: 'not-checked'; readonly why: string };

/** What the kernel does with fsdax on the machine, as if FS_DAX could be built. */
export type FsdaxOffer =
  | { readonly kind: 'offered' }
  | { readonly kind: 'refused'; readonly by: 'name' | 'filesystem' | 'alloc_dax' }
  /** The refusal takes the whole device with it, not only DAX. */
  | { readonly kind: 'breaks' }
  | { readonly kind: 'not-checked'; readonly why: string };

/** The belief of one kernel about one machine. Ids only: it can be printed and compared. */
export interface Belief {
  readonly kernel: string;
  readonly port: string;
  readonly machine: string;
  /** FS_DAX as the kernel's own dependencies give it. */
  readonly built: SymbolFact;
  /** FS_DAX with the refusal by name taken out: why it cannot be built apart from the policy. */
  readonly buildable: SymbolFact;
  /** The alias policy refuses this architecture by name in Kconfig. */
  readonly refusedByName: boolean;
  readonly predicate: PredicateAnswer;
  readonly runTime: RunTimeAnswer;
  /** alloc_dax() with an operations table: pmem, dm, dcssblk, virtio-fs. */
  readonly allocDax: AllocDax;
  /** alloc_dax() without one: device-dax. */
  readonly deviceDax: AllocDax;
  /** After a refusal by alloc_dax() the drivers go on, or fail to attach; else not asked. */
  readonly drivers: 'not-asked' | 'go-on' | 'attach-fails' | 'not-checked';
  readonly fsdax: FsdaxOffer;
}

/** The belief of `kernel`, built as `port`, about DAX on `machine`. */
export function fsdaxOffered(options: {
  readonly kernel: Kernel;
  readonly port: Port;
  readonly machine: Machine;
}): Belief {
  const { kernel, port, machine } = options;
  const predicate = cpu_dcache_is_aliasing({
    predicate: port.predicate,
    machine,
    port: port.id,
  });
  const refusedByName = refusingSymbol(kernel.gate, port) !== undefined;
  const allocDax = allocDaxAnswer({ ...options, ops: true });
  const runTime = runTimeAnswer(kernel, predicate, allocDax);
  const drivers = driversAfter(kernel, allocDax);
  return {
    kernel: kernel.id,
    port: port.id,
    machine: machine.id,
    built: port.symbols.FS_DAX,
    buildable: port.fsDaxWithoutList,
    refusedByName,
    predicate,
    runTime,
    allocDax,
    deviceDax: allocDaxAnswer({ ...options, ops: false }),
    drivers,
    fsdax: offer(refusedByName, runTime, drivers),
  };
}

/** The symbol by which the build gate refuses a port by name; undefined where it does not. */
export function refusingSymbol(
  gate: Gate,
  port: { readonly id: string; readonly arch: string },
): string | undefined {
  // A kernel for ARMv4 and ARMv5 has CPU_CACHE_VIVT, the others have not: the first posted
  // revision refuses by that symbol and not by ARM.
  const own = [archSymbol(port.arch), ...(port.id === 'arm-v5' ? ['CPU_CACHE_VIVT'] : [])];
  return own.find((symbol) => gate.refusedByName.value.includes(symbol));
}

/** Kconfig symbol of an architecture as lists by name use it: `sparc64` gives SPARC. */
export function archSymbol(arch: string): string {
  switch (arch) {
    case 'sparc':
    case 'sparc32':
    case 'sparc64':
      return 'SPARC';
    case 'powerpc':
      return 'PPC';
    case 'sh':
      return 'SUPERH';
    case 'um':
      return 'UML';
    default:
      return arch.toUpperCase();
  }
}

function runTimeAnswer(
  kernel: Kernel,
  predicate: PredicateAnswer,
  allocDax: AllocDax,
): RunTimeAnswer {
  const where = kernel.gate.runTime.value;
  switch (where) {
    case 'none':
      return { kind: 'no-test' };
    case 'filesystem':
      return mountAnswer(predicate);
    case 'not-checked':
      return { kind: 'not-checked', why: 'whether the kernel tests at run time is not known' };
    case 'alloc_dax':
      if (allocDax.kind === 'dax_device') return { kind: 'passes' };
      if (allocDax.kind === 'not-checked') return allocDax;
      return { kind: 'refused', where };
    default:
      return never(where, 'place of the run-time test');
  }
}

function mountAnswer(predicate: PredicateAnswer): RunTimeAnswer {
  switch (predicate.kind) {
    case 'known':
      return predicate.value ? { kind: 'refused', where: 'filesystem' } : { kind: 'passes' };
    case 'absent':
      return { kind: 'not-checked', why: 'filesystems test, yet the port has no predicate' };
    case 'not-checked':
      return predicate;
    default:
      return never(predicate, 'answer of the predicate');
  }
}

function driversAfter({ gate }: Kernel, allocDax: AllocDax): Belief['drivers'] {
  switch (allocDax.kind) {
    case 'dax_device':
      return 'not-asked';
    case 'ERR_PTR':
    case 'NULL':
      if (gate.callersSurvive === 'not-checked') return 'not-checked';
      return gate.callersSurvive ? 'go-on' : 'attach-fails';
    case 'not-checked':
      return gate.runTime.value === 'none' ? 'not-asked' : 'not-checked';
    default:
      return never(allocDax, 'answer of alloc_dax()');
  }
}

function offer(
  refusedByName: boolean,
  runTime: RunTimeAnswer,
  drivers: Belief['drivers'],
): FsdaxOffer {
  if (refusedByName) return { kind: 'refused', by: 'name' };
  switch (runTime.kind) {
    case 'no-test':
    case 'passes':
      return { kind: 'offered' };
    case 'refused':
      if (drivers === 'not-checked') {
        return { kind: 'not-checked', why: 'whether the drivers survive the refusal is not known' };
      }
      return drivers === 'attach-fails'
        ? { kind: 'breaks' }
        : { kind: 'refused', by: runTime.where };
    case 'not-checked':
      return runTime;
    default:
      return never(runTime, 'answer at run time');
  }
}
