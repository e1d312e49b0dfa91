// The verdict on a litmus test over many machines: equal systems are explored once, equal outcomes
// are told once, and each is held against what the test's `Result:` lines expect.

import { at } from '../base/index.ts';
import type { Bounds, End, Exploration } from '../explore/index.ts';
import { answerTo, type KernelCall } from '../kernel/index.ts';
import { claimFor, type Location, type Program, type ResultLine } from '../litmus/index.ts';
import { observedLocations, type Scenario, systemKeyer } from '../scenario/index.ts';
import { compileTest, stackSetting, type TestOptions } from './compile.ts';
import { isSpokenOf, type Setting, usualKernel } from './settings.ts';
import { signedValue } from './values.ts';
import { type Witness, witnessOf } from './witness.ts';

/** What is judged: a program with what its `call` steps ask, and what it claims. */
export interface JudgedTest {
  readonly program: Program;
  /** The question behind each `call` step that machine and kernel decide, by the step's name. */
  readonly calls: readonly { readonly name: string; readonly call: KernelCall }[];
  readonly results: readonly ResultLine[];
}

/** herd's words; `bound`: cut off before an answer. */
export type TestObservation = 'Never' | 'Sometimes' | 'Always' | 'bound';

/** An end state as it is shown: the values of the observed locations, in their order. */
export interface EndState {
  readonly values: readonly number[];
  /** The condition holds in it. */
  readonly positive: boolean;
  /** Threads wait for each other for ever: counted as neither. */
  readonly deadlock: boolean;
}

/** What exploring one system of the test found. */
export interface TestOutcome {
  readonly observation: TestObservation;
  /** What the values of each end state are values of. */
  readonly locations: readonly Location[];
  readonly ends: readonly EndState[];
  readonly positive: number;
  readonly negative: number;
  /** The quantified condition holds: herd's Ok; `undefined` where a bound was reached before. */
  readonly ok: boolean | undefined;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytes: number;
  readonly bound?: string;
  readonly witness?: Witness;
}

/** Settings with one outcome. */
export interface TestGroup {
  readonly settings: readonly Setting[];
  readonly outcome: TestOutcome;
  /** Settings whose `Result:` line says something else, with its word. */
  readonly unexpected: readonly { readonly setting: Setting; readonly expected: string }[];
  /** Settings for which the test has no `Result:` line. */
  readonly unstated: readonly Setting[];
}

/** The verdict on one test. */
export interface TestVerdict {
  readonly name: string;
  readonly groups: readonly TestGroup[];
  /** Settings that could not be run, and why. */
  readonly notChecked: readonly { readonly setting: Setting; readonly why: string }[];
  /** Distinct systems explored. */
  readonly systems: number;
}

/** A search as `explore()` does it; which engine and which reductions is the caller's choice. */
export type Searcher = (scenario: Scenario, bounds: Bounds) => Exploration | Promise<Exploration>;

/** How a test is judged. */
export interface Judging {
  readonly search: Searcher;
  readonly bounds: Bounds;
  /** False: no witness is told, which for a kernel that runs takes as long as to find it. */
  readonly witness?: boolean;
}

/** A test with what it is judged on: plain data, for this thread or another. */
export interface JudgeJob {
  readonly test: JudgedTest;
  readonly settings: readonly Setting[];
  readonly bounds: Bounds;
  /** Whether witnesses are told. */
  readonly witness: boolean;
}

/** Judges a test on all settings; groups stand in the order of their first setting. */
export async function judgeTest(
  test: JudgedTest,
  settings: readonly Setting[],
  how: Judging,
): Promise<TestVerdict> {
  const explored = new Map<string, Told>();
  const systemIn = systemNamer(test);
  const known = new Map<string, Told>();
  const groups = new Map<string, { settings: Setting[]; outcome: TestOutcome }>();
  const notChecked: { setting: Setting; why: string }[] = [];
  for (const setting of settings) {
    const system = systemIn(setting);
    if ('why' in system) {
      notChecked.push({ setting, why: system.why });
      continue;
    }
    const { options, quick, key } = system;
    const told = known.get(quick) ?? (await toldOf(test, options, key, { explored, how }));
    known.set(quick, told);
    if ('why' in told) {
      notChecked.push({ setting, why: told.why });
      continue;
    }
    const group = groups.get(told.key) ?? { settings: [], outcome: told.outcome };
    group.settings.push(setting);
    groups.set(told.key, group);
  }
  return {
    name: test.program.name,
    groups: [...groups.values()].map((g) => withExpectations(test, g)),
    notChecked,
    systems: explored.size,
  };
}

/** The system that a test is in one setting. */
export interface NamedSystem {
  readonly options: TestOptions;
  /** Equal for settings that are seen to be equal at once. */
  readonly quick: string;
  /** Equal for equal systems, which judgeTest() searches once, in the order of their settings. */
  readonly key: string;
}

/** Names the system of each setting; `why` where a question to the kernel has no answer. */
export function systemNamer(
  test: JudgedTest,
): (setting: Setting) => NamedSystem | { readonly why: string } {
  const keyOf = systemKeyer(test.program);
  return (setting) => {
    const options = optionsOf(test, setting);
    if ('why' in options) return options;
    const answers = options.answers ? JSON.stringify(options.answers) : '';
    const { bed, kernel, remedy } = setting;
    const quick = options.stack
      ? `${remedy} ${bed.id} ${kernel?.id ?? ''}`
      : `${remedy} ${bed.class} ${answers}`;
    return { options, quick, key: options.stack ? quick : keyOf(options) };
  };
}

/**
 * An outcome, with a key that is equal for outcomes that are told in the same words; or why a
 * kernel could not be brought to run the test.
 */
type Told = { readonly outcome: TestOutcome; readonly key: string } | { readonly why: string };

async function toldOf(
  test: JudgedTest,
  options: TestOptions,
  system: string,
  {
    explored,
    how,
  }: {
    readonly explored: Map<string, Told>;
    readonly how: Parameters<typeof judgeTest>[2];
  },
): Promise<Told> {
  const seen = explored.get(system);
  if (seen) return seen;
  const scenario = compileTest(test.program, options);
  if (!scenario.ok) {
    const { what, hint } = scenario.problem;
    return { why: hint === undefined ? what : `${what}; ${hint}` };
  }
  const outcome = await outcomeOf(scenario.value, how);
  const told = { outcome, key: tellingKey(outcome) };
  explored.set(system, told);
  return told;
}

/** The scenario of a test in one setting; `why` where a question to the kernel has no answer. */
export function optionsOf(
  test: JudgedTest,
  setting: Setting,
): TestOptions | { readonly why: string } {
  const { bed, kernel, remedy } = setting;
  const options: TestOptions = { model: bed.model, remedy, persistence: bed.durability };
  if (test.program.stack) {
    const stack = stackSetting(setting);
    return 'why' in stack ? stack : { ...options, stack };
  }
  if (test.calls.length === 0) return options;
  const { machine } = bed;
  if (!kernel || !machine) return { why: 'the test asks a kernel, and a kind of cache has none' };
  const port = kernel.ports.find((p) => machine.ports.includes(p.id));
  if (!port) return { why: `${kernel.id} has no port for ${machine.id}` };
  const answers: Record<string, number> = {};
  for (const { name, call } of test.calls) {
    const answer = answerTo(call, { kernel, port, machine });
    if (answer.kind === 'not-checked') return { why: answer.why };
    answers[name] = answer.value;
  }
  return { ...options, answers };
}

/** What one exploration says of a test. */
export async function outcomeOf(scenario: Scenario, how: Judging): Promise<TestOutcome> {
  const found = await how.search(scenario, how.bounds);
  const { question } = scenario.program;
  const locations: readonly Location[] = locationsOf(scenario);
  const deadlock = deadlockAt(scenario, locations);
  const asks = observedLocations(question).some((l) => l.op === 'deadlock');
  const forall = question.quantifier === 'forall';
  const all = found.ends.map(
    (end): EndState => ({
      values: scenario.told?.(end.values) ?? shown(scenario, locations, end),
      positive: end.satisfies !== forall,
      deadlock: !asks && deadlock >= 0 && at(end.values, deadlock) === 1,
    }),
  );
  // What a kernel is in beside what is asked of it tells no end states apart.
  const ends = scenario.told ? distinct(all) : all;
  const counted = ends.filter((end) => !end.deadlock);
  const positive = counted.filter((end) => end.positive).length;
  const negative = counted.length - positive;
  const complete = found.outcome === 'complete';
  return {
    observation: observe(complete, positive, negative),
    locations,
    ends,
    positive,
    negative,
    ok: verdictOf(question.quantifier, complete, positive, negative),
    states: found.states,
    transitions: found.transitions,
    depth: found.depth,
    bytes: found.bytes,
    ...(found.outcome === 'complete' ? {} : { bound: boundText(found.outcome) }),
    ...(found.witness && how.witness !== false
      ? { witness: witnessOf(scenario, found.witness) }
      : {}),
  };
}

function deadlockAt({ system, names, told }: Scenario, locations: readonly Location[]): number {
  if (told && names.deadlock !== undefined) return system.observed.indexOf(names.deadlock);
  return locations.findIndex((l) => l.op === 'deadlock');
}

function distinct(ends: readonly EndState[]): readonly EndState[] {
  const byText = new Map(ends.map((end) => [JSON.stringify(end), end] as const));
  return [...byText.values()].toSorted((a, b) => compare(a.values, b.values));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place < 0 ? 0 : at(a, place) - at(b, place);
}

function boundText(outcome: Exclude<Exploration['outcome'], 'complete'>): string {
  const unit = outcome.bound === 'memory' ? 'bytes of memory' : outcome.bound;
  return `${outcome.limit} ${unit}`;
}

function locationsOf({ program, names, system, told }: Scenario): readonly Location[] {
  if (told) return observedLocations(program.question);
  // Where DAX is refused no step is taken, and nothing is observed.
  if (system.observed.length === 0) return [];
  const locations = observedLocations(program.question);
  const extra = system.observed.length > locations.length && names.deadlock !== undefined;
  return extra ? [...locations, { op: 'deadlock' }] : locations;
}

function shown(scenario: Scenario, locations: readonly Location[], end: End): readonly number[] {
  return end.values.map((value, i) => {
    const { op } = at(locations, i);
    return op === 'register' || op === 'memory' ? signedValue(scenario.names, value) : value;
  });
}

// An end state that was found stands, even where the search was cut off; its absence says nothing.
function observe(complete: boolean, positive: number, negative: number): TestObservation {
  if (!complete) return positive > 0 && negative > 0 ? 'Sometimes' : 'bound';
  if (positive === 0) return 'Never';
  return negative === 0 ? 'Always' : 'Sometimes';
}

function verdictOf(
  quantifier: Program['question']['quantifier'],
  complete: boolean,
  positive: number,
  negative: number,
): boolean | undefined {
  if (quantifier === 'exists') return positive > 0 ? true : complete ? false : undefined;
  const refuted = quantifier === 'forall' ? negative > 0 : positive > 0;
  return refuted ? false : complete ? true : undefined;
}

function tellingKey({ observation, ends, ok, bound }: TestOutcome): string {
  return JSON.stringify([observation, ends, ok, bound]);
}

// A line without `under` is about the usual kernel and those that other lines name: what a kernel
// answers that nobody thought of cannot be claimed.
function speaksOf(
  { calls, results, program }: Pick<JudgedTest, 'calls' | 'results' | 'program'>,
  kernel: string | undefined,
): boolean {
  if ((calls.length === 0 && !program.stack) || kernel === undefined || kernel === usualKernel)
    return true;
  return results.some((line) => line.under.includes(kernel));
}

/** What the test's Result lines claim of a setting; undefined where they do not speak of it. */
export function claimOf(
  test: Pick<JudgedTest, 'calls' | 'results' | 'program'>,
  { bed, kernel, remedy }: Setting,
): string | undefined {
  if (!speaksOf(test, kernel?.id) || !isSpokenOf(test.program, bed)) return undefined;
  const run = { traits: bed.traits, remedy, ...(kernel ? { kernel: kernel.id } : {}) };
  return claimFor(test.results, run);
}

function withExpectations(
  test: JudgedTest,
  group: { readonly settings: readonly Setting[]; readonly outcome: TestOutcome },
): TestGroup {
  const unexpected: { setting: Setting; expected: string }[] = [];
  const unstated: Setting[] = [];
  for (const setting of group.settings) {
    const expected = claimOf(test, setting);
    if (expected === undefined) unstated.push(setting);
    else if (expected !== group.outcome.observation) unexpected.push({ setting, expected });
  }
  return { ...group, unexpected, unstated };
}
