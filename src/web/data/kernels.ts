// The kernels of the catalogue, inside the page.

import { type Kernel, policies } from '../../kernel/index.ts';

/** Every named kernel, oldest first, as the command line knows them. */
export function namedKernels(): readonly Kernel[] {
  return policies;
}
