// Architecture x CPU x kernel: the three answers of each cell and the verdict that joins them.

import type { Machine } from '../hw/index.ts';
import {
  type Belief,
  fsdaxOffered,
  type Kernel,
  type Port,
  type SymbolValue,
} from '../kernel/index.ts';
import { type CellVerdict, judge, type ThreeAnswers, withoutPort } from '../verdict/index.ts';
import type { Truth } from './truth.ts';

/** One machine under one kernel. */
export interface Cell {
  readonly kernel: string;
  /** The port that was judged; `undefined`: the kernel has none for this machine. */
  readonly port?: string;
  readonly belief?: Belief;
  readonly verdict: CellVerdict;
}

/** One machine under every kernel: what is true of it once, then one cell a kernel. */
export interface Row {
  readonly machine: Machine;
  readonly truth: Truth;
  /** In the order of the matrix's kernels. */
  readonly cells: readonly Cell[];
}

/** Machines by kernels; `kernels` are the columns. */
export interface Matrix {
  readonly kernels: readonly { readonly id: string; readonly title: string }[];
  readonly rows: readonly Row[];
}

/** Judges every machine under every kernel; rows and columns keep the order they are given in. */
export function matrixOf(
  machines: readonly Machine[],
  kernels: readonly Kernel[],
  truthOf: (machine: Machine) => Truth,
): Matrix {
  return {
    kernels: kernels.map(({ id, title }) => ({ id, title })),
    rows: machines.map((machine) => {
      const truth = truthOf(machine);
      return { machine, truth, cells: kernels.map((kernel) => cellOf(machine, kernel, truth)) };
    }),
  };
}

/** Judges one machine under one kernel. */
export function cellOf(machine: Machine, kernel: Kernel, truth: Truth): Cell {
  const port = bestPort(machine, kernel);
  if (!port) {
    const unread = machine.ports.some((id) => kernel.unreadPorts?.includes(id) ?? false);
    return { kernel: kernel.id, verdict: withoutPort(unread) };
  }
  const belief = fsdaxOffered({ kernel, port, machine });
  const pmem = port.symbols.BLK_DEV_PMEM.value;
  const verdict = judge(threeAnswers(belief, truth, pmem));
  return { kernel: kernel.id, port: port.id, belief, verdict: underLinux(machine, verdict) };
}

/** The three answers that a verdict joins; a value nobody evaluated stays open. */
export function threeAnswers(belief: Belief, truth: Truth, pmem: SymbolValue): ThreeAnswers {
  const { buildable, fsdax } = belief;
  return {
    built: buildable.value === 'unknown' ? undefined : buildable.value === 'y',
    offered: fsdax.kind === 'not-checked' ? undefined : fsdax.kind === 'offered',
    breaks: fsdax.kind === 'breaks',
    attachable: pmem === 'unknown' ? undefined : pmem === 'y' || pmem === 'm',
    coherent: truth.coherent,
  };
}

// Nobody meets a fault of a machine that Linux never runs this way.
function underLinux(machine: Machine, verdict: CellVerdict): CellVerdict {
  const faulty = verdict.word === 'LOST' || verdict.word === 'STALE' || verdict.word === 'FAIL';
  if (machine.notUnderLinux === undefined || !faulty) return verdict;
  return { ...verdict, latent: true };
}

/** Of the ports the machine runs: one that can build FS_DAX, else one with pmem, else the first. */
export function bestPort(machine: Machine, kernel: Kernel): Port | undefined {
  const ports = machine.ports.flatMap((id) => kernel.ports.filter((port) => port.id === id));
  return (
    ports.find((port) => port.fsDaxWithoutList.value === 'y') ??
    ports.find((port) => port.symbols.BLK_DEV_PMEM.value === 'y') ??
    ports[0]
  );
}

/** How many cells of each text a kernel has; machines that Linux never runs are not counted. */
export function tally(
  matrix: Matrix,
  kernel: string,
  text: (cell: Cell) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { machine, cells } of matrix.rows) {
    if (machine.notUnderLinux !== undefined) continue;
    for (const cell of cells) {
      if (cell.kernel === kernel) counts.set(text(cell), (counts.get(text(cell)) ?? 0) + 1);
    }
  }
  return counts;
}
