// Runs litmus tests: in the engine's worker.

import {
  everyBed,
  forShell,
  jobOf,
  kernelsCalled,
  runAnswer,
  searchPolicy,
  type SelectedTest,
  toldTest,
} from '../../../answer/index.ts';
import { at, type Problem } from '../../../base/index.ts';
import { type Exploration, type Progress, search } from '../../../explore/index.ts';
import { machines } from '../../../hw/index.ts';
import { parseLitmus } from '../../../litmus/index.ts';
import { cacheText } from '../../../report/index.ts';
import { remedies, type Scenario } from '../../../scenario/index.ts';
import {
  cacheKinds,
  type Engine,
  judgeTest,
  type Searcher,
  searchReduced,
  systemNamer,
  type Witness,
  witnessOf,
} from '../../../verdict/index.ts';
import { namedKernels } from '../../data/kernels.ts';
import type { Tools } from '../../worker/asks.ts';
import type { Choices, RunAsk, RunReply } from './asks.ts';
import { bedsOf, boundsOf, remedyOf } from './choice.ts';
import { nameIn } from './name.ts';
import { type Searched, toldRun } from './told.ts';

/** What can be picked beside a text. */
export async function answerChoices(): Promise<Choices> {
  return Promise.resolve({
    machines: machines.map(({ id, name, arch, dcache }) => {
      return { id, name, arch, cache: cacheText(dcache) };
    }),
    kinds: cacheKinds.map(({ id }) => id),
    kernels: namedKernels().map(({ id, title }) => ({ id, title })),
    remedies: remedies.map(({ name, title }) => ({ name, title })),
  });
}

/** Runs a test in all its settings: the same bytes as `dachs run`. */
export async function answerRun(ask: RunAsk, tools: Tools): Promise<RunReply> {
  const file = ask.test === undefined ? '-' : `${ask.test}.litmus`;
  const parsed = parseLitmus(ask.text, file);
  if (!parsed.ok) return wrong(joined(parsed.problems));
  const selected: SelectedTest = { file, text: ask.text, test: parsed.test };
  const beds = bedsOf(ask, everyBed());
  if (!beds.ok) return wrong(beds.problem);
  const bounds = boundsOf(ask);
  if (!bounds.ok) return wrong(bounds.problem);
  const remedy = remedyOf(ask);
  if (!remedy.ok) return wrong(remedy.problem);
  const job = jobOf(
    selected,
    {
      beds: beds.value,
      kernels: (words) => kernelsCalled(words, namedKernels()),
      ...(ask.kernel === '' ? {} : { kernel: ask.kernel }),
      remedy: remedy.value,
      bounds: bounds.value,
    },
    false,
  );
  if (!job.ok) return wrong(job.problem);
  const { test, settings } = job.value;
  const nameOf = systemNamer(test);
  const keys = settings.map((setting) => {
    const system = nameOf(setting);
    return 'why' in system ? undefined : system.key;
  });
  const watch = watched(tools, namesOfSystems(keys, settings));
  const verdict = await judgeTest(test, settings, { ...job.value, search: watch.search });
  const told = toldTest(selected, verdict);
  const answer = runAnswer([told]);
  const run = toldRun({ told, test, settings, keys, searched: watch.searched });
  return { kind: 'told', told: { ...run, text: answer.text, command: commandOf(ask) } };
}

/** The command that prints the same bytes; a text of one's own is read from stdin. */
export function commandOf(ask: RunAsk): string {
  const { machine, arch, kernel, remedy, bound } = ask;
  const options = Object.entries({ machine, arch, kernel, remedy, bound })
    .filter(([, word]) => word !== '')
    .map(([name, word]) => ` --${name} ${forShell(word)}`)
    .join('');
  const own = ask.test === undefined ? ` < ${forShell(`${nameIn(ask.text)}.litmus`)}` : '';
  return `dachs run ${forShell(ask.test ?? '-')}${options}${own}`;
}

function wrong(problem: Problem): RunReply {
  return { kind: 'wrong', problem };
}

function joined(problems: readonly Problem[]): Problem {
  const [first, ...others] = problems;
  return { ...(first ?? at(problems, 0)), others };
}

/** For each system that will be searched, in that order, the setting that it is named by. */
function namesOfSystems(
  keys: readonly (string | undefined)[],
  settings: readonly { readonly bed: { readonly id: string } }[],
): readonly string[] {
  const names = new Map<string, string>();
  keys.forEach((key, i) => {
    if (key !== undefined && !names.has(key)) names.set(key, at(settings, i).bed.id);
  });
  return [...names.values()];
}

/** Milliseconds between two words on how far a search is. */
const PAUSE = 200;

/** The search of the command line, which tells how far it is and keeps what it found. */
function watched({ tell }: Tools, names: readonly string[]) {
  const searched: Searched[] = [];
  // States of searches that are done; a reduced search may be two.
  let done = 0;
  let last = -Infinity;
  const progress = ({ states, depth, bytes }: Progress): void => {
    const time = performance.now();
    if (time - last < PAUSE) return;
    last = time;
    const number = searched.length + 1;
    const count = Math.max(names.length, number);
    tell({
      what: `system ${number} of ${count}, ${names[searched.length] ?? ''}`,
      share: searched.length / count,
      search: { states: done + states, depth, bytes },
    });
  };
  const engine: Engine = (system, question, options) => {
    const onProgress = (far: Progress): undefined => {
      progress(far);
    };
    const found = search(system, question, { ...options, backEnd: 'wasm', onProgress });
    done += found.states;
    return found;
  };
  const policy = searchPolicy({
    deep: (scenario, reductions, bounds) => searchReduced(scenario, reductions, { bounds, engine }),
  });
  const watchedSearch: Searcher = async (scenario, bounds) => {
    progress({ states: 0, depth: 0, bytes: 0 });
    const before = done;
    const found = await policy(scenario, bounds);
    if (done === before) done += found.states;
    searched.push({ states: found.states, witness: witnessIn(scenario, found) });
    return found;
  };
  return { search: watchedSearch, searched };
}

// Where a kernel runs its witness takes as long to tell as to find: the Witness view tells it.
function witnessIn(scenario: Scenario, found: Exploration): Witness | undefined {
  if (scenario.told !== undefined || found.witness === undefined) return undefined;
  return witnessOf(scenario, found.witness);
}
