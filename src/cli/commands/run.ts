// dachs run: litmus tests over machines, kernels and remedies, each held against its Result lines.

import { availableParallelism } from 'node:os';
import {
  type Answer,
  jobOf,
  type KernelsCalled,
  runAnswer,
  type RunChoice,
  toldTest,
} from '../../answer/index.ts';
import { at, ok, type Result } from '../../base/index.ts';
import { judgeAll, openProgress } from '../../host/index.ts';
import { type JudgeJob, judgeTest } from '../../verdict/index.ts';
import { selectBeds } from '../beds.ts';
import { typedBound } from '../bound.ts';
import { remedyNamed, selectKernels } from '../selection.ts';
import { searcher } from '../searcher.ts';
import { selectTests } from '../tests.ts';
import { unused } from '../unused.ts';

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
  const bounds = typedBound(options.bound);
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
  const choice: RunChoice = {
    beds: beds.value,
    kernels: remembered(),
    kernel: options.kernel,
    remedy: remedy.value,
    bounds: bounds.value,
  };
  const jobs: JudgeJob[] = [];
  for (const selected of tests.value) {
    const job = jobOf(selected, choice, format === 'json');
    if (!job.ok) return job;
    jobs.push(job.value);
  }
  try {
    const verdicts = await judgeAll(jobs, {
      threads: threadsBeside(options),
      judge: (job) => judgeTest(job.test, job.settings, { ...job, search: search.value }),
      onDone: (done, { test }) => progress.step(done, jobs.length, test.program.name),
    });
    const told = verdicts.map((verdict, i) => toldTest(at(tests.value, i), verdict));
    const { terse = false, verbose = false } = options;
    const memory = options.jobs === undefined || options.jobs === '1';
    return ok(runAnswer(told, { format, terse, verbose, memory }));
  } finally {
    progress.stop();
  }
}

// The same words select the same kernels: recorded ones are read once.
function remembered(): KernelsCalled {
  const known = new Map<string, ReturnType<KernelsCalled>>();
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
