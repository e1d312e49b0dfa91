// One run of a test or scenario in one setting, as a film.

import {
  boundsOf,
  forShell,
  judged,
  kernelsCalled,
  oneSetting,
  searchPolicy,
  type SelectedTest,
  settingsOf,
} from '../../../answer/index.ts';
import { fail, ok, type Result } from '../../../base/index.ts';
import { defaultBounds, type Exploration, search as plainSearch } from '../../../explore/index.ts';
import type { Kernel } from '../../../kernel/index.ts';
import type { Program } from '../../../litmus/index.ts';
import { questionText, type RemedyName } from '../../../scenario/index.ts';
import {
  type Bed,
  compileTest,
  type Film,
  filmOf,
  optionsOf,
  outcomeOf,
  replayFilm,
  type Searcher,
  searchReduced,
  type TestOptions,
} from '../../../verdict/index.ts';
import { namedKernels } from '../../data/kernels.ts';
import type { RunTold } from './asks.ts';

/** The search that `dachs explain` does. */
export const search: Searcher = searchPolicy({
  reductions: [],
  deep: (scenario, reductions, bounds) =>
    searchReduced(scenario, reductions, { engine: plainSearch, bounds }),
});

/** Kernels by their ids. */
export function kernelsHere(words: string): Result<readonly Kernel[]> {
  return kernelsCalled(words, namedKernels());
}

/** A scenario on a bed. */
export async function runScenario(
  program: Program,
  bed: Bed,
  asked: { readonly remedy: RemedyName | undefined; readonly replay: string | undefined },
): Promise<Result<RunTold>> {
  const { remedy = 'none', replay } = asked;
  const options: TestOptions = { model: bed.model, remedy, persistence: bed.durability };
  const shown = await filmed(program, options, { bed, replay, bounds: defaultBounds });
  if (!shown.ok) return shown;
  const setting = { machine: bed.id, remedy };
  return ok({
    ...toldOf(program, bed, shown.value),
    title: program.title,
    setting,
    asksKernel: false,
    command: [
      `dachs explain ${program.name} --machine ${bed.id}`,
      ...(asked.remedy === undefined ? [] : [`--remedy ${remedy}`]),
      ...replayWords(replay),
    ].join(' '),
  });
}

/** A test on a bed, under the kernel and remedy that are asked for, or its own. */
export async function runTest(
  selected: SelectedTest,
  bed: Bed,
  asked: {
    readonly word: string;
    readonly kernel: string | undefined;
    readonly remedy: RemedyName | undefined;
    readonly replay: string | undefined;
  },
): Promise<Result<RunTold>> {
  const { kernel, remedy, replay, word } = asked;
  const all = settingsOf(selected, { beds: [bed], kernels: kernelsHere, kernel, remedy });
  if (!all.ok) return all;
  if (all.value.length === 0) {
    return fail({ what: `the test cannot be run on ${bed.id}`, hint: 'choose another machine' });
  }
  const setting = oneSetting(selected, all.value, { machine: bed.id, kernel, remedy });
  if (!setting.ok) return setting;
  const options = optionsOf(judged(selected), setting.value);
  if ('why' in options) return fail({ what: options.why, hint: 'choose another machine' });
  const { program, name } = selected.test;
  const bounds = boundsOf(selected, undefined);
  const shown = await filmed(program, options, { bed, replay, bounds });
  if (!shown.ok) return shown;
  const taken = setting.value;
  const kernelWord = taken.kernel === undefined ? [] : [`--kernel ${forShell(taken.kernel.id)}`];
  return ok({
    ...toldOf(program, bed, shown.value),
    name,
    title: '',
    setting: {
      machine: bed.id,
      remedy: taken.remedy,
      ...(taken.kernel ? { kernel: taken.kernel.id } : {}),
    },
    asksKernel: taken.kernel !== undefined,
    command: [
      `dachs explain ${forShell(word)} --machine ${bed.id}`,
      ...kernelWord,
      ...(remedy === undefined ? [] : [`--remedy ${remedy}`]),
      ...replayWords(replay),
    ].join(' '),
  });
}

function replayWords(replay: string | undefined): readonly string[] {
  return replay === undefined ? [] : [`--replay ${forShell(replay)}`];
}

interface Shown {
  readonly answer: string;
  readonly outcome: RunTold['outcome'];
  readonly film: Film | undefined;
  readonly still?: Film;
}

async function filmed(
  program: Program,
  options: TestOptions,
  of: {
    readonly bed: Bed;
    readonly replay: string | undefined;
    readonly bounds: typeof defaultBounds;
  },
): Promise<Result<Shown>> {
  const scenario = compileTest(program, options);
  if (!scenario.ok) return scenario;
  let found: Exploration | undefined;
  const outcome = await outcomeOf(scenario.value, {
    search: async (asked, bounds) => (found = await search(asked, bounds)),
    bounds: of.bounds,
    witness: false,
  });
  const answer = outcome.observation === 'bound' ? '?' : outcome.observation;
  if (of.replay !== undefined) {
    const taken = replayFilm(program, options, of.replay, of.bed);
    return taken.ok ? ok({ answer, ...taken.value }) : taken;
  }
  const film = found?.witness && filmOf(scenario.value, found.witness, of.bed);
  if (film) return ok({ answer, outcome: 'bad', film });
  const initial = scenario.value.system.fields.map(({ init }) => init);
  const still = filmOf(scenario.value, { initial, steps: [] }, of.bed);
  return ok({ answer, outcome: 'bad', film, still });
}

function toldOf(program: Program, bed: Bed, { answer, outcome, film, still }: Shown) {
  return {
    name: program.name,
    machineName: bed.machine?.name ?? bed.id,
    question: questionText(program.question),
    answer,
    outcome,
    ...(film === undefined ? {} : { film }),
    ...(still === undefined ? {} : { still }),
  };
}
