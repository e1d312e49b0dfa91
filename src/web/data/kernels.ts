// The kernels of the catalogue and those recorded from real trees, inside the page.

import { present } from '../../base/index.ts';
import { kernelFromJson } from '../../forms/index.ts';
import { type Kernel, kernelsByAge } from '../../kernel/index.ts';

const files = import.meta.glob<string>('../../../data/kernels/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Every named kernel, oldest first, as the command line knows them. */
export function namedKernels(): readonly Kernel[] {
  const recorded = Object.entries(files).map(([file, text]) => {
    const read = kernelFromJson(text, file);
    return present(read.ok ? read.value : undefined, `kernel of ${file}`);
  });
  return kernelsByAge(recorded);
}
