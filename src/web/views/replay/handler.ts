// Answers the replay view's questions: runs in the engine's worker.

import { present, type Result, fail, ok } from '../../../base/index.ts';
import { machineById, machines } from '../../../hw/index.ts';
import {
  agrees,
  chosenScenarios,
  onlyId,
  type ReplayOptions,
  replayScenario,
  type ScenarioResult,
  wantedScenarios,
  walkScenario,
} from '../../../replay/index.ts';
import { replayText, replayTotals } from '../../../report/index.ts';
import { storedRecordings } from '../../data/recordings.ts';
import type { Tools } from '../../worker/asks.ts';
import type {
  BedChoice,
  ReplayFindAnswer,
  ReplayFindAsk,
  ReplayListAnswer,
  ReplayOwnAnswer,
  ReplayOwnAsk,
  ReplayRunAnswer,
  ReplayRunAsk,
  ReplayWalkAnswer,
  ReplayWalkAsk,
} from './asks.ts';
import { commandOf } from './command.ts';
import { filtered } from './filter.ts';
import { sceneOf } from './scene.ts';
import { listOf, recordingOf } from './sources.ts';

const plainStyle = { terse: false, verbose: false } as const;

/** The recordings of the page by group, and the machines. */
export async function answerReplayList(): Promise<ReplayListAnswer> {
  const recordings = await Promise.all(
    storedRecordings.map(async ({ name }) => {
      const read = await recordingOf({ kind: 'stored', name });
      return listOf(present(read.ok ? read.value : undefined, `recording ${name}`));
    }),
  );
  const named = machines.map(({ id, name, arch }) => ({ id, label: `${id}: ${name}`, arch }));
  return { recordings, machines: named };
}

/** The scenarios whose ids a search finds. */
export async function answerReplayFind(given: ReplayFindAsk): Promise<ReplayFindAnswer> {
  const { recordings, only } = given;
  return Promise.resolve({ lists: recordings.map((one) => filtered(one, only)) });
}

/** What is in a file of the reader's own. */
export async function answerReplayOwn(given: ReplayOwnAsk): Promise<ReplayOwnAnswer> {
  const read = await recordingOf({ kind: 'own', ...given });
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  return { kind: 'recording', recording: listOf(read.value) };
}

/** One scenario, step by step. */
export async function answerReplayWalk(given: ReplayWalkAsk): Promise<ReplayWalkAnswer> {
  const { id, source, bed } = given;
  const read = await recordingOf(source);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const options = optionsOf(bed);
  if (!options.ok) return { kind: 'problem', problem: options.problem };
  // A file of one's own may have an id twice: the command line takes both, the view shows one.
  const [scenario, ...twins] = read.value.scenarios.filter((one) => one.id === id);
  if (scenario === undefined) {
    const what = `there is no scenario '${id}' in ${read.value.file}`;
    return { kind: 'problem', problem: { what, hint: 'choose one from the list' } };
  }
  const walk = walkScenario(scenario, options.value);
  const results = [walk.result, ...twins.map((one) => replayScenario(one, options.value))];
  const command = commandOf(read.value.file, { only: onlyId(id), group: '', bed });
  const text = replayText(results, plainStyle);
  return { kind: 'scene', scene: { ...sceneOf(walk), command, text } };
}

/** All scenarios that are asked for. */
export async function answerReplayRun(
  given: ReplayRunAsk,
  { tell }: Tools,
): Promise<ReplayRunAnswer> {
  const { source, only, group, bed } = given;
  const read = await recordingOf(source);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const wanted = wantedScenarios({ only: only || undefined, group: group || undefined });
  if (!wanted.ok) return { kind: 'problem', problem: wanted.problem };
  const chosen = chosenScenarios(read.value.scenarios, wanted.value);
  if (!chosen.ok) return { kind: 'problem', problem: chosen.problem };
  const options = optionsOf(bed);
  if (!options.ok) return { kind: 'problem', problem: options.problem };
  const results: ScenarioResult[] = [];
  for (const scenario of chosen.value) {
    const share = results.length / chosen.value.length;
    tell({ what: `${results.length} of ${chosen.value.length}: ${scenario.id}`, share });
    results.push(replayScenario(scenario, options.value));
  }
  const differing = results
    .filter((result) => !agrees(result))
    .map(({ scenario: { id }, steps }) => {
      const odd = steps.filter(({ kind }) => kind === 'differs' || kind === 'not-checked');
      return { id, odd: odd.map(({ index }) => index), steps: steps.length };
    });
  return {
    kind: 'run',
    totals: replayTotals(results),
    differing,
    command: commandOf(read.value.file, { only, group, bed }),
    text: replayText(results, plainStyle),
  };
}

function optionsOf({ machine, kernel, gate, fresh }: BedChoice): Result<ReplayOptions> {
  const found = machine === '' ? undefined : machineById(machine);
  if (machine !== '' && found === undefined) {
    return fail({ what: `there is no machine '${machine}'`, hint: 'choose one from the list' });
  }
  if (kernel !== '' && kernel !== '6.1' && kernel !== '6.12') {
    return fail({
      what: `there is no model of kernel '${kernel}'`,
      hint: 'modelled: 6.1 and 6.12',
    });
  }
  if (gate !== '' && !isGate(gate)) {
    return fail({ what: `'${gate}' is no gate`, hint: `one of ${gates.join(', ')}` });
  }
  return ok({
    ...(found === undefined ? {} : { machine: found }),
    ...(kernel === '' ? {} : { release: kernel }),
    ...(gate === '' ? {} : { gate }),
    ...(fresh ? { fresh } : {}),
  });
}

const gates = ['open', 'stock', 'EOPNOTSUPP', 'ENOMEM'] as const;

function isGate(text: string): text is (typeof gates)[number] {
  return gates.some((gate) => gate === text);
}
