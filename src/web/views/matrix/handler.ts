// Answers the matrix view's questions: runs in the engine's worker.

import { machines } from '../../../hw/index.ts';
import { stackMatrix } from '../../../matrix/index.ts';
import { stackText } from '../../../report/index.ts';
import { namedKernels } from '../../data/kernels.ts';
import type { StackAnswer, StackAsk } from './asks.ts';

/** Judges every stack of a kernel. */
export async function answerStack({ kernel }: StackAsk): Promise<StackAnswer> {
  const kernels = namedKernels().filter(({ id }) => id === kernel);
  return Promise.resolve({ text: stackText(stackMatrix(machines, kernels)) });
}
