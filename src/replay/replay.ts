// Replays recorded scenarios on the model, step by step.

import type { Machine } from '../hw/index.ts';
import type { ForcedGate, ReleaseId } from '../kernel/index.ts';
import { type Outcome, User, defaultSetup } from '../user/index.ts';
import { type Difference, differencesOf } from './compare.ts';
import { Leftovers } from './leftovers.ts';
import type { RecordedScenario, RecordedStep } from './scenario.ts';
import { type CopyNote, copiesBehind } from './where.ts';

/** What became of one step. */
export type StepResult =
  | { readonly kind: 'agrees'; readonly index: number }
  | {
      readonly kind: 'differs';
      readonly index: number;
      readonly outcome: Outcome;
      readonly differences: readonly Difference[];
      /** Copies of the lines that the step read, where a cache holds more than memory. */
      readonly copies: readonly CopyNote[];
    }
  /** The recorder did not run it, or no model is held to it. */
  | { readonly kind: 'not-held'; readonly index: number; readonly why: string }
  /** The model does not know the operation or its arguments. */
  | { readonly kind: 'not-checked'; readonly index: number; readonly why: string };

/** What became of one scenario. */
export interface ScenarioResult {
  readonly scenario: RecordedScenario;
  /** What it ran on; absent where there is no model of it, and no step is checked. */
  readonly bed?: {
    /** Id of the machine. */
    readonly machine: string;
    /** Page size of the machine in bytes. */
    readonly pageBytes: number;
    readonly release: ReleaseId;
  };
  readonly steps: readonly StepResult[];
  /** What the recording left in the machine before the scenario, as its steps show it. */
  readonly leftovers: readonly string[];
  /** An invariant of ours that did not hold in a step; those after it are not checked. */
  readonly broken?: string;
}

/** What a scenario runs on instead of the machine and kernel it was recorded on. */
export interface ReplayOptions {
  readonly machine?: Machine;
  readonly release?: ReleaseId;
  readonly gate?: ForcedGate | 'open';
  /** Nothing is taken as given that a scenario did not make itself. */
  readonly fresh?: boolean;
}

/** A step that was just compared, on the machine as it then is. Who looks must change nothing. */
export interface Moment {
  readonly user: User;
  readonly step: RecordedStep;
  readonly result: StepResult;
  /** What the model answered; absent where it performed nothing. */
  readonly outcome?: Outcome;
  /** What the step showed to have been there before the scenario. */
  readonly given: readonly string[];
}

/**
 * Runs the scenario on a fresh machine and compares every step, after which `look` is called. A
 * fault of ours ends this scenario only: it is told with the result, so that one does not hide what
 * the others come to.
 */
export function replayScenario(
  scenario: RecordedScenario,
  options: ReplayOptions,
  look?: (moment: Moment) => void,
): ScenarioResult {
  const setup = defaultSetup({ ...bedOf(scenario), ...options });
  if (!setup.ok) return unmodelled(scenario, setup.problem.what);
  const user = new User(setup.value);
  const leftovers = new Leftovers(user);
  const found: string[] = [];
  let broken: string | undefined;
  let seen: { readonly given: readonly string[]; readonly outcome?: Outcome } = { given: [] };
  const check = (step: RecordedStep, index: number): StepResult => {
    const why = reasonNotHeld(scenario, step, index);
    if (step.expect === undefined) return { kind: 'not-held', index, why: why ?? 'not recorded' };
    const given = options.fresh === true ? [] : leftovers.adopt(step);
    found.push(...given);
    seen = { given };
    const outcome = user.perform(step.op, step.args);
    if (!outcome.ok) return { kind: 'not-checked', index, why: outcome.problem.what };
    seen = { given, outcome: outcome.value };
    // A step that shows what was there before cannot at the same time test the model.
    const because = why ?? (given.length > 0 ? `taken as given: ${given.join('; ')}` : undefined);
    if (because !== undefined) return { kind: 'not-held', index, why: because };
    const { held } = differencesOf(step, outcome.value);
    if (held.length === 0) return { kind: 'agrees', index };
    const copies = copiesBehind(user, step);
    return { kind: 'differs', index, outcome: outcome.value, differences: held, copies };
  };
  const checked = (step: RecordedStep, index: number): StepResult => {
    if (broken !== undefined) {
      return { kind: 'not-checked', index, why: 'a fault of ours in a step before it' };
    }
    try {
      return check(step, index);
    } catch (error) {
      broken = error instanceof Error ? error.message : String(error);
      return { kind: 'not-checked', index, why: `a fault of ours: ${broken}` };
    }
  };
  const steps = scenario.steps.map((step, index) => {
    seen = { given: [] };
    const result = checked(step, index);
    look?.({ user, step, result, ...seen });
    return result;
  });
  if (broken === undefined) user.end();
  const { machine, release } = setup.value;
  return {
    scenario,
    bed: { machine: machine.id, pageBytes: machine.pageBytes, release },
    steps,
    leftovers: found,
    ...(broken === undefined ? {} : { broken }),
  };
}

// A kernel, machine or gate that nothing is known of.
function unmodelled(scenario: RecordedScenario, why: string): ScenarioResult {
  const steps = scenario.steps.map((step, index): StepResult => {
    if (step.expect !== undefined) return { kind: 'not-checked', index, why };
    return { kind: 'not-held', index, why: step.skipped ?? 'not recorded' };
  });
  return { scenario, steps, leftovers: [] };
}

/** Whether every step that counts agrees. */
export function agrees(result: ScenarioResult): boolean {
  if (result.bed === undefined) return false;
  return result.steps.every(({ kind }) => kind === 'agrees' || kind === 'not-held');
}

function reasonNotHeld(
  scenario: RecordedScenario,
  step: RecordedStep,
  index: number,
): string | undefined {
  if (step.skipped !== undefined) return step.skipped;
  if (step.unstable === true) return 'unstable: depends on reused kernel memory';
  const isLast = index === scenario.steps.length - 1;
  if (step.kernel_oops === true || (scenario.kernel_oops && isLast)) return 'the kernel oopsed';
  return undefined;
}

function bedOf({ kernel, arch, gate, group }: RecordedScenario): {
  readonly kernelText: string;
  readonly archText: string;
  readonly gateText: string;
  readonly ext2: boolean;
} {
  // Recordings of this group ran on a kernel without CONFIG_EXT2_FS.
  return { kernelText: kernel, archText: arch, gateText: gate, ext2: group !== 'ext4only' };
}
