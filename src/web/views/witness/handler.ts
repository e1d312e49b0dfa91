// Answers the witness view's questions: runs in the engine's worker.

import {
  DEFAULT_MACHINE,
  everyBed,
  explainScenarioAnswer,
  explainTestAnswer,
  type SelectedTest,
} from '../../../answer/index.ts';
import { fail, ok, type Problem, type Result } from '../../../base/index.ts';
import { type Machine, machineById, machines } from '../../../hw/index.ts';
import { parseLitmus } from '../../../litmus/index.ts';
import { remedies, type RemedyName, scenarioByName, scenarios } from '../../../scenario/index.ts';
import { type Bed, cacheKinds, isSpokenOf } from '../../../verdict/index.ts';
import { namedKernels } from '../../data/kernels.ts';
import { catalogue } from '../litmus/catalogue/texts.ts';
import type { ChoicesAnswer, RunAnswer, RunAsk, RunTold, Subject, TextAnswer } from './asks.ts';
import { kernelsHere, runScenario, runTest, search } from './run-film.ts';

/** Machines that are tried in this order where none is named, beside those a test speaks of. */
const FIRST = [DEFAULT_MACHINE, 'arm926ej-s', 'sh7750/4k', 'skylake'];

/** Names of everything that can be shown, and run on. */
export function answerChoices(): ChoicesAnswer {
  return {
    shelves: catalogue.shelves.map(({ name, tests }) => ({
      name,
      tests: tests.map((test) => test.name),
    })),
    scenarios: scenarios.map(({ name, title }) => ({ name, title })),
    machines: machines.map(({ id, name, arch }) => ({ id, name, arch })),
    kinds: cacheKinds.map(({ id }) => id),
    kernels: namedKernels().map(({ id }) => id),
    remedies: remedies.map(({ name, title }) => ({ name, title })),
  };
}

/** The run that is asked for; without a machine the first that has a witness. */
export async function answerRun(asked: RunAsk): Promise<RunAnswer> {
  const told = await toldOf(asked);
  return told.ok ? { kind: 'told', ...told.value } : wrong(told.problem);
}

/** What `dachs explain` prints of a run. */
export async function answerText(asked: RunAsk): Promise<TextAnswer> {
  const text = await textOf(asked);
  return text.ok ? { kind: 'text', text: text.value } : wrong(text.problem);
}

function wrong(problem: Problem): { readonly kind: 'wrong'; readonly problem: Problem } {
  return { kind: 'wrong', problem };
}

async function toldOf(asked: RunAsk): Promise<Result<RunTold>> {
  const remedy = remedyOf(asked.remedy);
  if (!remedy.ok) return remedy;
  const { subject, machine } = asked;
  if (subject.kind === 'scenario') {
    const program = scenarioByName(subject.name);
    if (!program) return nothingCalled(subject.name);
    return firstOf(bedsOf(machine, everyBed()), (bed) =>
      runScenario(program, bed, { remedy: remedy.value, replay: asked.replay }),
    );
  }
  const selected = selectedOf(subject);
  if (!selected.ok) return selected;
  const able = everyBed().filter((bed) => isSpokenOf(selected.value.test.program, bed));
  const { kernel, replay } = asked;
  const choice = { kernel, remedy: remedy.value, replay, word: wordOf(subject) };
  return firstOf(bedsOf(machine, able), (bed) => runTest(selected.value, bed, choice));
}

async function textOf(asked: RunAsk): Promise<Result<string>> {
  const remedy = remedyOf(asked.remedy);
  if (!remedy.ok) return remedy;
  const { subject, kernel, replay } = asked;
  if (subject.kind === 'scenario') {
    const program = scenarioByName(subject.name);
    const machine = machineOf(asked.machine ?? DEFAULT_MACHINE);
    if (!program) return nothingCalled(subject.name);
    if (!machine.ok) return machine;
    const choice = { remedy: remedy.value, replay };
    const answer = explainScenarioAnswer(program, machine.value, choice);
    return answer.ok ? ok(answer.value.text) : answer;
  }
  const selected = selectedOf(subject);
  if (!selected.ok) return selected;
  const beds = asked.machine === undefined ? undefined : bedsOf(asked.machine, everyBed());
  if (beds && !beds.ok) return beds;
  const answer = await explainTestAnswer(selected.value, {
    word: wordOf(subject),
    kernels: kernelsHere,
    search,
    kernel,
    replay,
    remedy: remedy.value,
    beds: beds?.value,
  });
  return answer.ok ? ok(answer.value.text) : answer;
}

/** The first bed with a witness; where there is none, what is told of the first that runs it. */
async function firstOf(
  beds: Result<readonly Bed[]>,
  run: (bed: Bed) => Result<RunTold> | Promise<Result<RunTold>>,
): Promise<Result<RunTold>> {
  if (!beds.ok) return beds;
  let first: Result<RunTold> | undefined;
  for (const bed of beds.value) {
    const told = await run(bed);
    if (told.ok && told.value.film) return told;
    if (first === undefined || (!first.ok && told.ok)) first = told;
  }
  return first ?? fail({ what: 'nothing that this test could run on' });
}

function bedsOf(typed: string | undefined, able: readonly Bed[]): Result<readonly Bed[]> {
  if (typed === undefined) {
    const first = FIRST.flatMap((id) => able.find((bed) => bed.id === id) ?? []);
    return ok(first.length > 0 ? first : able.slice(0, 1));
  }
  const bed = everyBed().find(({ id }) => id === typed);
  return bed ? ok([bed]) : noMachine(typed);
}

function machineOf(id: string): Result<Machine> {
  const machine = machineById(id);
  if (machine) return ok(machine);
  if (!cacheKinds.some((kind) => kind.id === id)) return noMachine(id);
  const hint = 'choose a machine to copy what the command line tells';
  return fail({ what: `dachs explain shows a scenario on a machine, and ${id} is none`, hint });
}

function noMachine(id: string): Result<never> {
  return fail({ what: `no machine or kind of cache is called ${id}`, hint: 'choose one above' });
}

function nothingCalled(name: string): Result<never> {
  return fail({ what: `nothing is called ${name}`, hint: 'choose a test above' });
}

function remedyOf(typed: string | undefined): Result<RemedyName | undefined> {
  if (typed === undefined) return ok(undefined);
  const found = remedies.find(({ name }) => name === typed);
  return found ? ok(found.name) : fail({ what: `there is no remedy ${typed}` });
}

// Where a scenario has the name of a test, the command line takes it for the scenario.
function wordOf(subject: Exclude<Subject, { kind: 'scenario' }>): string {
  if (subject.kind !== 'test') return '-';
  const { name } = subject;
  const entry = scenarioByName(name) === undefined ? undefined : catalogue.byName.get(name);
  return entry === undefined ? name : `${entry.shelf}/${entry.name}`;
}

function selectedOf(subject: Exclude<Subject, { kind: 'scenario' }>): Result<SelectedTest> {
  const found = subject.kind === 'test' ? catalogue.byName.get(subject.name) : undefined;
  const text = subject.kind === 'test' ? found?.text : subject.text;
  if (text === undefined) return nothingCalled(subject.kind === 'test' ? subject.name : '');
  const file = found === undefined ? '-' : `${found.shelf}/${found.name}.litmus`;
  const parsed = parseLitmus(text, file);
  if (parsed.ok) return ok({ file, text, test: parsed.test });
  const [first, ...others] = parsed.problems;
  return fail({ ...(first ?? { what: 'not a litmus test' }), others });
}
