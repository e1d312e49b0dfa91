// dachs replay: recorded scenarios of real kernels, run on the model step by step.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { openProgress, processorCount, readTextFile, replayAll } from '../../host/index.ts';
import { type Machine, machineById, machines } from '../../hw/index.ts';
import {
  agrees,
  chosenScenarios,
  NO_SCENARIO,
  parseRecording,
  type RecordedScenario,
  type ReplayOptions,
  type ScenarioResult,
  wantedScenarios,
} from '../../replay/index.ts';
import { replayRecord, replayText } from '../../report/index.ts';
import { jobsOf } from '../searcher.ts';
import { unknown } from '../selection.ts';
import { unused } from '../unused.ts';

/** Options of `dachs replay` as they were typed. */
export interface ReplayCommandOptions {
  readonly machine?: string;
  readonly kernel?: '6.1' | '6.12';
  readonly gate?: 'open' | 'stock' | 'EOPNOTSUPP' | 'ENOMEM';
  readonly only?: string;
  readonly group?: string;
  readonly jobs?: string;
  readonly fresh?: boolean;
  readonly json?: boolean;
  readonly terse?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** Replays the scenarios of the files. */
export async function replayCommand(
  files: readonly string[],
  options: ReplayCommandOptions,
): Promise<Result<Answer>> {
  if (options.json) {
    const idle = unused(options, ['terse', 'verbose'], '--json');
    if (idle) return idle;
  }
  const wanted = wantedScenarios(options);
  if (!wanted.ok) return wanted;
  const bed = replayOptions(options);
  if (!bed.ok) return bed;
  const read = readScenarios(files);
  if (!read.ok) return read;
  const asked = chosenScenarios(read.value, wanted.value);
  if (!asked.ok) return asked;
  const chosen = asked.value;
  const jobs = jobsOf(options.jobs, processorCount());
  if (!jobs.ok) return jobs;
  const results: ScenarioResult[] = [];
  const progress = openProgress(options.quiet === true);
  try {
    const onDone = (done: number, next: string) => progress.step(done, chosen.length, next);
    const run = { jobs: jobs.value, onDone };
    results.push(...(await replayAll(chosen, bed.value, run)));
  } finally {
    progress.stop();
  }
  const style = { terse: options.terse === true, verbose: options.verbose === true };
  const text = options.json ? jsonText(replayRecord(results)) : replayText(results, style);
  const differ = results.every(agrees) ? EXIT.asExpected : EXIT.findings;
  const exit = results.some(({ broken }) => broken !== undefined) ? EXIT.ours : differ;
  return ok({ text, exit });
}

function readScenarios(files: readonly string[]): Result<readonly RecordedScenario[]> {
  const scenarios: RecordedScenario[] = [];
  for (const file of files) {
    const text = readTextFile(file, 'recording', 'a recording has one JSON object a line');
    if (!text.ok) return text;
    const read = parseRecording(text.value, file);
    if (!read.ok) return read;
    scenarios.push(...read.value);
  }
  return scenarios.length > 0 ? ok(scenarios) : fail(NO_SCENARIO);
}

function replayOptions(options: ReplayCommandOptions): Result<ReplayOptions> {
  const { machine, kernel, gate, fresh } = options;
  const found = machine === undefined ? ok(undefined) : machineNamed(machine);
  if (!found.ok) return found;
  return ok({
    ...(found.value === undefined ? {} : { machine: found.value }),
    ...(kernel === undefined ? {} : { release: kernel }),
    ...(gate === undefined ? {} : { gate }),
    ...(fresh === undefined ? {} : { fresh }),
  });
}

/** The machine of an id, or which id is near. */
export function machineNamed(id: string): Result<Machine> {
  const machine = machineById(id);
  if (machine !== undefined) return ok(machine);
  return unknown(
    'machine',
    id,
    machines.map((one) => one.id),
  );
}
