// The answer of `dachs explain TEST`: one litmus test on one machine, with its shortest witness.

import { at, fail, ok, type Result } from '../base/index.ts';
import type { Bounds } from '../explore/index.ts';
import {
  testExplanationRecord,
  type TestExplanation,
  testExplanationText,
} from '../report/index.ts';
import type { RemedyName, Scenario } from '../scenario/index.ts';
import {
  type Bed,
  claimOf,
  compileTest,
  type Judging,
  judgeTest,
  optionsOf,
  outcomeOf,
  remediesThatHelp,
  replayScenario,
  type Searcher,
  type Setting,
  type TestVerdict,
} from '../verdict/index.ts';
import { type Answer, EXIT, type Form, written } from './answer.ts';
import type { KernelsCalled } from './kernels.ts';
import {
  boundsOf,
  DEFAULT_MACHINE,
  everyBed,
  judged,
  oneSetting,
  type SelectedTest,
  settingsOf,
} from './settings.ts';
import { forShell } from './shell.ts';

/** What is asked of a test; what is absent is its own, or the first setting with a witness. */
export interface TestQuestion {
  /** What the command line calls the test by: a name of the catalogue, a path, `-`. */
  readonly word: string;
  readonly kernels: KernelsCalled;
  readonly search: Searcher;
  /** Words for `kernels`. */
  readonly kernel?: string | undefined;
  /** The machine or cache kind; several are refused. */
  readonly beds?: readonly Bed[] | undefined;
  readonly remedy?: RemedyName | undefined;
  /** Steps of a run to show in place of the shortest witness. */
  readonly replay?: string | undefined;
  readonly bounds?: Bounds | undefined;
  readonly form?: Form | undefined;
  /** The test's text as it is shown, where that has colours. */
  readonly shown?: string | undefined;
}

/** An explained test as it is told, what from, and the system that was searched. */
export interface TestAnswer extends Answer {
  readonly explanation: TestExplanation;
  readonly scenario: Scenario;
}

/** Judges a test everywhere, then explains it in the one setting that is asked for. */
export async function explainTestAnswer(
  selected: SelectedTest,
  asked: TestQuestion,
): Promise<Result<TestAnswer>> {
  const all = settingsOf(selected, { ...asked, beds: everyBed() });
  if (!all.ok) return all;
  const how = { search: asked.search, bounds: boundsOf(selected, asked.bounds) };
  const everywhere = await judgeTest(judged(selected), all.value, how);
  const setting = settingOf(selected, asked, { everywhere, all: all.value });
  if (!setting.ok) return setting;
  return explained(selected, asked, { setting: setting.value, how, everywhere });
}

function settingOf(
  selected: SelectedTest,
  asked: TestQuestion,
  { everywhere, all }: { readonly everywhere: TestVerdict; readonly all: readonly Setting[] },
): Result<Setting> {
  const { beds } = asked;
  if (beds === undefined) return ok(settingWithWitness(everywhere.groups, all));
  const settings = settingsOf(selected, { ...asked, beds });
  if (!settings.ok) return settings;
  return oneSetting(selected, settings.value, { ...asked, machine: beds });
}

function settingWithWitness(groups: TestVerdict['groups'], all: readonly Setting[]): Setting {
  const witnessed = groups.filter((g) => g.outcome.witness).flatMap((g) => g.settings);
  const usual = (s: Setting) => s.bed.id === DEFAULT_MACHINE;
  return witnessed.find(usual) ?? witnessed[0] ?? all.find(usual) ?? at(all, 0);
}

async function explained(
  selected: SelectedTest,
  asked: TestQuestion,
  found: { readonly setting: Setting; readonly how: Judging; readonly everywhere: TestVerdict },
): Promise<Result<TestAnswer>> {
  const { setting, how, everywhere } = found;
  const { program, name } = selected.test;
  const compiled = optionsOf(judged(selected), setting);
  if ('why' in compiled) {
    const hint = 'another --machine or --kernel may do: dachs list kernels';
    return fail({ what: `${name} cannot be run there: ${compiled.why}`, hint });
  }
  const scenario = compileTest(program, compiled);
  if (!scenario.ok) return scenario;
  const outcome = await outcomeOf(scenario.value, how);
  const replayed =
    asked.replay === undefined ? ok(undefined) : replayScenario(program, compiled, asked.replay);
  if (!replayed.ok) return replayed;
  const { remedy: _, ...withoutRemedy } = compiled;
  const explanation: TestExplanation = {
    name,
    command: commandOf(setting, asked),
    text: asked.shown ?? selected.text,
    question: program.question,
    setting,
    outcome,
    claimed: claimOf(selected.test, setting),
    everywhere,
    prevents: outcome.witness ? remediesThatHelp(program, withoutRemedy) : [],
    replay: replayed.value,
  };
  return ok({
    text: written(asked.form ?? 'text', {
      record: () => testExplanationRecord(explanation),
      text: () => testExplanationText(explanation),
    }),
    exit: outcome.bound === undefined ? EXIT.asExpected : EXIT.bound,
    explanation,
    scenario: scenario.value,
  });
}

/** The command that leads to the same setting again, whatever else was typed. */
function commandOf({ bed, kernel, remedy }: Setting, asked: TestQuestion): string {
  const { word } = asked;
  const typedKernels = asked.kernel?.split(',') ?? [];
  // A fact file is found by its path alone.
  const kernelWord = typedKernels.length === 1 ? asked.kernel : kernel?.id;
  const isImplied = remedy === 'none' && asked.remedy === undefined;
  return [
    'dachs explain',
    forShell(word.startsWith('-') && word !== '-' ? `./${word}` : word),
    `--machine ${bed.id}`,
    ...(kernel && kernelWord !== undefined ? [`--kernel ${forShell(kernelWord)}`] : []),
    ...(isImplied ? [] : [`--remedy ${remedy}`]),
  ].join(' ');
}
