// dachs run: litmus tests over machines, kernels and remedies, each held against its Result lines.

import { availableParallelism } from 'node:os';
import { at, hashOf, ok, type Result } from '../../base/index.ts';
import { judgeAll, type JudgeJob, openProgress } from '../../host/index.ts';
import {
  herdText,
  isEndless,
  ktapText,
  runRecord,
  type ToldTest,
  unexpectedLines,
} from '../../report/index.ts';
import { judgeTest, type Setting, type TestVerdict } from '../../verdict/index.ts';
import { parseBound } from '../bound.ts';
import { selectBeds } from '../beds.ts';
import { EXIT, jsonText } from '../output.ts';
import { remedyNamed, selectKernels } from '../selection.ts';
import { searcher } from '../searcher.ts';
import { boundsOf, judged, settingsOf } from '../settings.ts';
import { selectTests } from '../tests.ts';
import { unused } from '../unused.ts';
import type { Answer } from './answer.ts';

/** Options of `dachs run` as they were typed; lists are comma separated. */
export interface RunOptions {
  readonly machine?: string;
  readonly arch?: string;
  readonly kernel?: string;
  readonly remedy?: string;
  readonly bound?: string;
  readonly format?: 'herd' | 'ktap' | 'json';
  readonly json?: boolean;
  readonly terse?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly reduce?: string;
  readonly jobs?: string;
}

/** Runs the tests that the words stand for; the whole catalogue where there are none. */
export async function runCommand(
  words: readonly string[],
  options: RunOptions,
): Promise<Result<Answer>> {
  const format = options.json ? 'json' : (options.format ?? 'herd');
  if (format !== 'herd') {
    const idle = unused(options, ['terse', 'verbose'], `--format ${format}`);
    if (idle) return idle;
  }
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  const beds = selectBeds(options.machine, options.arch);
  if (!beds.ok) return beds;
  const remedy = options.remedy === undefined ? ok(undefined) : remedyNamed(options.remedy);
  if (!remedy.ok) return remedy;
  const search = searcher(options);
  if (!search.ok) return search;
  const tests = selectTests(words);
  if (!tests.ok) return tests;
  const progress = openProgress(options.quiet === true);
  const kernelsCalled = remembered();
  const jobs: JudgeJob[] = [];
  for (const selected of tests.value) {
    const { kernel } = options;
    const settings = settingsOf(selected, beds.value, kernel, remedy.value, kernelsCalled);
    if (!settings.ok) return settings;
    const own = options.bound === undefined ? boundsOf(selected, bounds.value) : bounds.value;
    jobs.push({
      test: judged(selected),
      settings: settings.value,
      bounds: own,
      witness: format === 'json',
    });
  }
  let told: readonly ToldTest[];
  try {
    const verdicts = await judgeAll(jobs, {
      threads: threadsBeside(options),
      judge: (job) => judgeTest(job.test, job.settings, { ...job, search: search.value }),
      onDone: (done, { test }) => progress.step(done, jobs.length, test.program.name),
    });
    told = verdicts.map((verdict, i) => {
      const { test, text } = at(tests.value, i);
      const { program, notes } = test;
      return { verdict, question: program.question, hash: hashOf(text), notes };
    });
  } finally {
    progress.stop();
  }
  return ok({ text: textOf(told, format, options), exit: exitOf(told.map((t) => t.verdict)) });
}

// The same words select the same kernels: recorded ones are read once.
function remembered(): typeof selectKernels {
  const known = new Map<string | undefined, ReturnType<typeof selectKernels>>();
  return (typed) => {
    const kernels = known.get(typed) ?? selectKernels(typed);
    known.set(typed, kernels);
    return kernels;
  };
}

// A search that was chosen by hand, and one for which -j asks for workers, is the main thread's.
function threadsBeside({ jobs, reduce }: RunOptions): number {
  return jobs === undefined && reduce === undefined ? Math.min(3, availableParallelism() - 1) : 0;
}

function textOf(
  told: readonly ToldTest[],
  format: NonNullable<RunOptions['format']>,
  options: RunOptions,
): string {
  const verdicts = told.map((t) => t.verdict);
  if (format === 'json') return jsonText(runRecord(told));
  if (format === 'ktap') return ktapText(verdicts);
  const style = {
    terse: options.terse === true,
    verbose: options.verbose === true,
    memory: options.jobs === undefined || options.jobs === '1',
  };
  return [...told.map((t) => herdText(t, style)), summaryText(verdicts)].join('');
}

function summaryText(verdicts: readonly TestVerdict[]): string {
  const wrong = verdicts.flatMap(unexpectedLines);
  const unchecked = new Map<string, { readonly count: number; readonly first: string }>();
  for (const { name, notChecked } of verdicts) {
    for (const { setting, why } of notChecked) {
      const { count, first } = unchecked.get(why) ?? {
        count: 0,
        first: `${name}@${setting.bed.id}`,
      };
      unchecked.set(why, { count: count + 1, first });
    }
  }
  const beds = new Set(verdicts.flatMap(settingsIn).map((s) => s.bed.id));
  const systems = verdicts.reduce((sum, v) => sum + v.systems, 0);
  const asked = verdicts.filter((v) => v.groups.length > 0);
  const silent = asked.filter((v) =>
    v.groups.every((g) => g.unstated.length === g.settings.length),
  );
  const asSaid = asked.filter((v) => v.groups.every((g) => g.unexpected.length === 0)).length;
  const others = [
    { count: verdicts.length - asked.length, what: 'not checked' },
    { count: silent.length, what: 'without a Result for them' },
  ].filter(({ count }) => count > 0);
  return [
    ...wrong,
    ...[...unchecked].map(([why, { count, first }]) => `not checked (${count}): ${why} (${first})`),
    `Tests ${verdicts.length}, machines and cache kinds ${beds.size}, systems ${systems}: ` +
      [
        `${asSaid - silent.length} as their Result says`,
        ...others.map(({ count, what }) => `${count} ${what}`),
      ].join(', '),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function settingsIn({ groups, notChecked }: TestVerdict): readonly Setting[] {
  return [...groups.flatMap((g) => g.settings), ...notChecked.map((n) => n.setting)];
}

function exitOf(verdicts: readonly TestVerdict[]): number {
  const groups = verdicts.flatMap((v) => v.groups);
  const open = verdicts.some((v) => v.notChecked.length > 0);
  if (groups.length === 0) return open ? EXIT.bound : EXIT.nothingToCheck;
  if (groups.some((g) => g.unexpected.some(() => g.outcome.observation !== 'bound'))) {
    return EXIT.findings;
  }
  const cutOff = groups.some((g) => g.outcome.bound !== undefined || isEndless(g.outcome));
  return open || cutOff ? EXIT.bound : EXIT.asExpected;
}
