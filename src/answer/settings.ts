// Which settings a test is judged in: machines or cache kinds, kernels, remedies, bounds.

import { at, fail, ok, type Result } from '../base/index.ts';
import { type Bounds, defaultBounds } from '../explore/index.ts';
import { machines } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { type LitmusTest, remedyNames } from '../litmus/index.ts';
import type { RemedyName } from '../scenario/index.ts';
import {
  type Bed,
  bedOf,
  cacheKinds,
  type JudgedTest,
  type JudgeJob,
  type Setting,
  usualBeds,
  usualKernel,
} from '../verdict/index.ts';
import type { KernelsCalled } from './kernels.ts';

/** The machine of an answer about one machine where none is named: VIPT, two colours. */
export const DEFAULT_MACHINE = 'arm1176-32k';

/** A parsed test with its text. */
export interface SelectedTest {
  readonly file: string;
  readonly text: string;
  readonly test: LitmusTest;
}

/** Every machine of the catalogue, then every kind of cache. */
export function everyBed(): readonly Bed[] {
  return [...machines.map(bedOf), ...cacheKinds];
}

/** What the verdict room needs of a parsed test. */
export function judged({ test }: SelectedTest): JudgedTest {
  return { program: test.program, calls: test.calls, results: test.results };
}

/** Bounds as they were typed, else as the test's own `Bound=` line has them. */
export function boundsOf({ test }: SelectedTest, typed: Bounds | undefined): Bounds {
  if (typed !== undefined) return typed;
  const own = test.keys.bound;
  return own === undefined ? defaultBounds : { ...defaultBounds, states: own };
}

/** What a run of tests is about; what is absent is the test's own. */
export interface RunChoice {
  readonly beds: readonly Bed[];
  readonly kernels: KernelsCalled;
  /** Words for `kernels`. */
  readonly kernel?: string | undefined;
  readonly remedy?: RemedyName | undefined;
  readonly bounds?: Bounds | undefined;
}

/** A test in all its settings and within its bounds, to be judged here or in another thread. */
export function jobOf(
  selected: SelectedTest,
  choice: RunChoice,
  witness: boolean,
): Result<JudgeJob> {
  const settings = settingsOf(selected, choice);
  if (!settings.ok) return settings;
  const bounds = boundsOf(selected, choice.bounds);
  return ok({ test: judged(selected), settings: settings.value, bounds, witness });
}

/**
 * Beds x kernels x remedies: the ones that were typed, else the test's own and those its `Result:`
 * lines speak of. A test that asks no kernel runs under none.
 */
export function settingsOf(
  { test }: SelectedTest,
  { beds, kernels: called, kernel: typedKernels, remedy: typedRemedy }: RunChoice,
): Result<readonly Setting[]> {
  const asksKernel = test.calls.length > 0 || test.program.stack !== undefined;
  const spoken = [...new Set([usualKernel, ...test.results.flatMap((r) => r.under)])].sort();
  const kernels: Result<readonly (Kernel | undefined)[]> =
    asksKernel || spoken.length > 1 ? called(typedKernels ?? spoken.join(',')) : ok([undefined]);
  if (!kernels.ok) return kernels;
  const named = new Set([test.keys.remedy ?? 'none', ...test.results.flatMap((r) => r.with)]);
  const all = typedRemedy ? [typedRemedy] : remedyNames.filter((name) => named.has(name));
  // A kind of cache has no kernel: it is left out, unless nothing else was asked for.
  const able =
    asksKernel && beds.some((bed) => bed.machine) ? usualBeds(test, withMachine(beds)) : beds;
  return ok(
    all.flatMap((remedy) =>
      kernels.value.flatMap((kernel) =>
        able.map((bed): Setting => ({ bed, remedy, ...(kernel ? { kernel } : {}) })),
      ),
    ),
  );
}

function withMachine(beds: readonly Bed[]): readonly Bed[] {
  return beds.filter((bed) => bed.machine);
}

/**
 * The one setting of an answer about one: of what settingsOf() gives, the usual kernel and the
 * test's own remedy. Several machines, kernels or remedies that were typed are refused.
 */
export function oneSetting(
  { test }: SelectedTest,
  settings: readonly Setting[],
  typed: { readonly machine?: unknown; readonly kernel?: unknown; readonly remedy?: unknown },
): Result<Setting> {
  const kernels = new Set(settings.map(({ kernel }) => kernel?.id));
  const beds = new Set(settings.map(({ bed }) => bed.id));
  for (const [what, word, count] of [
    ['machine', typed.machine, beds.size],
    ['kernel', typed.kernel, kernels.size],
  ] as const) {
    if (word === undefined || count < 2) continue;
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
