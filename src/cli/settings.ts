// Which settings a test is judged in: machines or cache kinds, kernels, remedies, bounds.

import { at, fail, ok, type Result } from '../base/index.ts';
import type { Bounds } from '../explore/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { remedyNames } from '../litmus/index.ts';
import type { RemedyName } from '../scenario/index.ts';
import { type Bed, type Setting, usualBeds, usualKernel } from '../verdict/index.ts';
import { selectKernels } from './selection.ts';
import type { SelectedTest } from './tests.ts';

/** The machine of an answer about one machine where none is named: VIPT, two colours. */
export const DEFAULT_MACHINE = 'arm1176-32k';

/** What the verdict room needs of a parsed test. */
export function judged({ test }: SelectedTest) {
  return { program: test.program, calls: test.calls, results: test.results };
}

/** Bounds as the test's own `Bound=` line has them. */
export function boundsOf({ test }: SelectedTest, bounds: Bounds): Bounds {
  const own = test.keys.bound;
  return own === undefined ? bounds : { ...bounds, states: own };
}

/**
 * Beds x kernels x remedies: the ones that were typed, else the test's own and those its `Result:`
 * lines speak of. A test that asks no kernel runs under none.
 */
export function settingsOf(
  { test }: SelectedTest,
  beds: readonly Bed[],
  typedKernels: string | undefined,
  typedRemedy: RemedyName | undefined,
  kernelsCalled: typeof selectKernels = selectKernels,
): Result<readonly Setting[]> {
  const asksKernel = test.calls.length > 0 || test.program.stack !== undefined;
  const spoken = [...new Set([usualKernel, ...test.results.flatMap((r) => r.under)])].sort();
  const kernels: Result<readonly (Kernel | undefined)[]> =
    asksKernel || spoken.length > 1
      ? kernelsCalled(typedKernels ?? spoken.join(','))
      : ok([undefined]);
  if (!kernels.ok) return kernels;
  const named = new Set([test.keys.remedy ?? 'none', ...test.results.flatMap((r) => r.with)]);
  const all = typedRemedy ? [typedRemedy] : remedyNames.filter((name) => named.has(name));
  // A kind of cache has no kernel: it is left out, unless nothing else was asked for.
  const machines = beds.filter((bed) => bed.machine);
  const able = asksKernel && machines.length > 0 ? usualBeds(test, machines) : beds;
  return ok(
    all.flatMap((remedy) =>
      kernels.value.flatMap((kernel) =>
        able.map((bed): Setting => ({ bed, remedy, ...(kernel ? { kernel } : {}) })),
      ),
    ),
  );
}

/**
 * The one setting of an answer about one: of what settingsOf() gives, the usual kernel and the
 * test's own remedy. Several machines, kernels or remedies that were typed are refused.
 */
export function oneSetting(
  { test }: SelectedTest,
  settings: readonly Setting[],
  typed: { readonly machine?: string; readonly kernel?: string; readonly remedy?: string },
): Result<Setting> {
  const kernels = new Set(settings.map(({ kernel }) => kernel?.id));
  const beds = new Set(settings.map(({ bed }) => bed.id));
  for (const [what, typedText, count] of [
    ['machine', typed.machine, beds.size],
    ['kernel', typed.kernel, kernels.size],
  ] as const) {
    if (typedText === undefined || count < 2) continue;
    return fail({
      what: `--${what} names ${count}; the answer is about one`,
      hint: `name one ${what}; dachs run tells about several`,
    });
  }
  const own = test.keys.remedy ?? 'none';
  const usual = settings.find(
    ({ kernel, remedy }) =>
      (typed.kernel !== undefined || kernel === undefined || kernel.id === usualKernel) &&
      (typed.remedy !== undefined || remedy === own),
  );
  return ok(usual ?? at(settings, 0));
}
