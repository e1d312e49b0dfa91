// dachs explain TEST: one litmus test on one machine, with its shortest witness.

import { at, fail, ok, type Result } from '../../base/index.ts';
import { testExplanationRecord, testExplanationText } from '../../report/index.ts';
import {
  claimOf,
  compileTest,
  judgeTest,
  optionsOf,
  outcomeOf,
  remediesThatHelp,
  replayScenario,
  type Setting,
  type TestVerdict,
} from '../../verdict/index.ts';
import { selectBeds } from '../beds.ts';
import { coloured, wantsColour } from '../colour.ts';
import { forShell } from '../shell.ts';
import { parseBound } from '../bound.ts';
import { EXIT, jsonText } from '../output.ts';
import { searcher } from '../searcher.ts';
import { remedyNamed } from '../selection.ts';
import { boundsOf, DEFAULT_MACHINE, judged, oneSetting, settingsOf } from '../settings.ts';
import { type SelectedTest, selectTests } from '../tests.ts';
import type { Answer } from './answer.ts';
import type { ExplainOptions } from './explain.ts';

/** Explains a test of the catalogue, a file, or `-`. */
export async function explainTest(word: string, options: ExplainOptions): Promise<Result<Answer>> {
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  const tests = selectTests([word]);
  if (!tests.ok) return tests;
  if (tests.value.length !== 1) {
    return fail({
      what: `${word} is ${tests.value.length} tests; one is explained at a time`,
      hint: `dachs run ${word}; dachs list tests`,
    });
  }
  const selected = at(tests.value, 0);
  const remedy = options.remedy === undefined ? ok(undefined) : remedyNamed(options.remedy);
  if (!remedy.ok) return remedy;
  const typed = selectBeds(options.machine, undefined);
  if (!typed.ok) return typed;
  const everywhere = selectBeds(undefined, undefined);
  if (!everywhere.ok) return everywhere;
  const settings = settingsOf(selected, typed.value, options.kernel, remedy.value);
  if (!settings.ok) return settings;
  const all = settingsOf(selected, everywhere.value, options.kernel, remedy.value);
  if (!all.ok) return all;
  const search = searcher({ reduce: 'none' });
  if (!search.ok) return search;
  const how = {
    search: search.value,
    bounds: options.bound === undefined ? boundsOf(selected, bounds.value) : bounds.value,
  };
  const verdict = await judgeTest(judged(selected), all.value, how);
  const setting =
    options.machine === undefined
      ? ok(settingWithWitness(verdict.groups, all.value))
      : oneSetting(selected, settings.value, options);
  if (!setting.ok) return setting;
  return explained(selected, { setting: setting.value, how, word, options, everywhere: verdict });
}

function settingWithWitness(groups: TestVerdict['groups'], all: readonly Setting[]): Setting {
  const witnessed = groups.filter((g) => g.outcome.witness).flatMap((g) => g.settings);
  const usual = (s: Setting) => s.bed.id === DEFAULT_MACHINE;
  return witnessed.find(usual) ?? witnessed[0] ?? all.find(usual) ?? at(all, 0);
}

async function explained(
  selected: SelectedTest,
  told: {
    readonly setting: Setting;
    readonly how: Parameters<typeof judgeTest>[2];
    readonly word: string;
    readonly options: ExplainOptions;
    readonly everywhere: TestVerdict;
  },
): Promise<Result<Answer>> {
  const { setting, how, word, options, everywhere } = told;
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
    options.replay === undefined
      ? ok(undefined)
      : replayScenario(program, compiled, options.replay);
  if (!replayed.ok) return replayed;
  const claimed = claimOf(selected.test, setting);
  const { remedy: _, ...withoutRemedy } = compiled;
  const explanation = {
    name,
    command: commandOf(word, setting, options),
    text: wantsColour(options.output) ? await coloured(selected.text) : selected.text,
    question: program.question,
    setting,
    outcome,
    claimed,
    everywhere,
    prevents: outcome.witness ? remediesThatHelp(program, withoutRemedy) : [],
    replay: replayed.value,
  };
  const text = options.json
    ? jsonText(testExplanationRecord(explanation))
    : testExplanationText(explanation);
  return ok({ text, exit: outcome.bound === undefined ? EXIT.asExpected : EXIT.bound });
}

/** The command that leads to the same setting again, whatever else was typed. */
function commandOf(word: string, { bed, kernel, remedy }: Setting, typed: ExplainOptions): string {
  const typedKernels = typed.kernel?.split(',') ?? [];
  // A fact file is found by its path alone.
  const kernelWord = typedKernels.length === 1 ? typed.kernel : kernel?.id;
  const isImplied = remedy === 'none' && typed.remedy === undefined;
  return [
    'dachs explain',
    forShell(word.startsWith('-') && word !== '-' ? `./${word}` : word),
    `--machine ${bed.id}`,
    ...(kernel && kernelWord !== undefined ? [`--kernel ${forShell(kernelWord)}`] : []),
    ...(isImplied ? [] : [`--remedy ${remedy}`]),
  ].join(' ');
}
