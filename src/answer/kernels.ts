// The kernels that words name, of those at hand.

import { fail, ok, type Result } from '../base/index.ts';
import type { Kernel } from '../kernel/index.ts';

/** Kernels for words, comma separated; the caller knows which there are and where they are read. */
export type KernelsCalled = (words: string) => Result<readonly Kernel[]>;

/** The kernels of the default matrix: the two recorded from real trees. */
export const DEFAULT_KERNELS = '6.1,6.12';

/**
 * Kernels by id, comma separated, `all` for all of `named`; words that are no id go to `otherwise`.
 * The same kernel named twice is one; two different kernels of one name are refused.
 */
export function kernelsCalled(
  typed: string,
  named: readonly Kernel[],
  otherwise: (word: string) => Result<Kernel> = unknownKernel(named),
): Result<readonly Kernel[]> {
  const chosen: { word: string; kernel: Kernel }[] = [];
  const words = typed.split(',').flatMap((word) => word.trim() || []);
  // An empty shell variable must not silently mean everything, nor nothing.
  if (words.length === 0) return fail({ what: 'no kernel is named', hint: 'dachs list kernels' });
  for (const word of words) {
    if (word === 'all') {
      chosen.push(...named.map((kernel) => ({ word, kernel })));
      continue;
    }
    const known = named.find(({ id }) => id === word);
    const kernel = known ? ok(known) : otherwise(word);
    if (!kernel.ok) return kernel;
    chosen.push({ word, kernel: kernel.value });
  }
  return distinct(chosen);
}

function unknownKernel(named: readonly Kernel[]): (word: string) => Result<Kernel> {
  return (word) => {
    const known = named.map(({ id }) => id).join(', ');
    return fail({ what: `there is no kernel ${word}`, hint: `known: ${known}` });
  };
}

// The same kernel named twice is one column; two kernels of one name cannot be told apart.
function distinct(
  chosen: readonly { readonly word: string; readonly kernel: Kernel }[],
): Result<readonly Kernel[]> {
  const byId = new Map<string, { readonly word: string; readonly kernel: Kernel }>();
  for (const one of chosen) {
    const other = byId.get(one.kernel.id);
    if (other && JSON.stringify(other.kernel) !== JSON.stringify(one.kernel)) {
      return fail({
        what: `two kernels are called ${one.kernel.id}: ${other.word} and ${one.word}`,
        hint: 'give one another name: dachs audit TREE --facts --id NAME -o FILE.json',
      });
    }
    if (!other) byId.set(one.kernel.id, one);
  }
  return ok([...byId.values()].map(({ kernel }) => kernel));
}
