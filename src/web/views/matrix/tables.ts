// The tables of stacks for the page: runs in the engine's worker, and is all of the engine that the
// first view waits for.

import { present } from '../../../base/index.ts';
import { machines } from '../../../hw/index.ts';
import type { Kernel } from '../../../kernel/index.ts';
import {
  pathTeller,
  type StackClass,
  stackDrivers,
  stackFileSystems,
  stackMatrix,
  stackOptions,
  stackPlaces,
} from '../../../matrix/index.ts';
import {
  bytesText,
  cacheText,
  severity,
  stackCellText,
  stackMeanings,
} from '../../../report/index.ts';
import { namedKernels } from '../../data/kernels.ts';
import type { KernelWords, MatrixAsks, Plan } from './asks.ts';
import { letterOf } from './words.ts';

type Asked<K extends keyof MatrixAsks> = MatrixAsks[K]['ask'];
type Answered<K extends keyof MatrixAsks> = Promise<MatrixAsks[K]['answer']>;

/** The kernels of the slider. */
export const kernels = namedKernels();

/** What the tables are made of. */
export const plan = planned();

// Kernels differ in what they let through, not in caches: what one asked is there for the next.
const paths = pathTeller();

function planned(): Plan {
  return {
    kernels: kernels.map(({ id, title }) => ({ id, title })),
    machines: machines.map(({ id, name, arch, pageBytes, dcache, notUnderLinux }) => ({
      id,
      name,
      arch,
      about: `${bytesText(pageBytes)} pages, ${cacheText(dcache)}`,
      idle: notUnderLinux !== undefined,
    })),
    drivers: stackDrivers.map(({ id, title }) => ({ id, title })),
    places: stackPlaces.map(({ driver, fs, option }) => ({ driver: driver.id, fs, option })),
    fileSystems: stackFileSystems,
    options: stackOptions,
    severity,
    meanings: stackMeanings,
  };
}

/** The plan, for who asks. */
export async function answerPlan(): Answered<'matrix-plan'> {
  return Promise.resolve(plan);
}

/** Judges every stack of a kernel. */
export async function answerKernel(asked: Asked<'matrix-kernel'>): Answered<'matrix-kernel'> {
  return Promise.resolve(kernelWords(kernelNamed(asked.kernel)));
}

function kernelWords(kernel: Kernel): KernelWords {
  const { systems, classes } = stackMatrix(machines, [kernel], { paths });
  return {
    kernel: kernel.id,
    classOf: systems.map(({ cls }) => cls.id),
    classes: classes.map(lettersOf),
  };
}

function lettersOf({ cells }: StackClass): string {
  return cells
    .map((cell) => present(letterOf(severity, stackCellText(cell)), 'word of a cell'))
    .join('');
}

/** The kernel of that name, which is one of the slider's. */
export function kernelNamed(id: string): Kernel {
  return present(
    kernels.find((kernel) => kernel.id === id),
    `kernel ${id}`,
  );
}
