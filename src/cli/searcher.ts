// Which engine and which reductions a command searches with.
//
// A large one goes to a thread of its own, so that Ctrl-C and the progress line live on.

import { type DeepSearcher, searchPolicy } from '../answer/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { searchInThread } from '../host/index.ts';
import { allReductions, type Reduction } from '../reduce/index.ts';
import type { Searcher } from '../verdict/index.ts';
import { nearest } from './nearest.ts';

/** Options that choose the search, as they were typed. */
export interface SearchChoice {
  /** Names of reductions, comma separated; `none`, `all`, or `auto`: all, for large searches. */
  readonly reduce?: string;
  readonly jobs?: string;
  readonly quiet?: boolean;
}

const MOST_JOBS = 64;

/** The search that the options ask for. */
export function searcher(choice: SearchChoice): Result<Searcher> {
  const which = reductionsOf(choice.reduce ?? 'auto');
  if (!which.ok) return which;
  const jobs = jobsOf(choice.jobs);
  if (!jobs.ok) return jobs;
  const { quiet = false } = choice;
  const deep: DeepSearcher = (scenario, reductions, bounds) =>
    searchInThread({ scenario, reductions, bounds, jobs: jobs.value }, quiet);
  return ok(searchPolicy({ deep, reductions: which.value }));
}

function reductionsOf(typed: string): Result<readonly Reduction[] | 'auto'> {
  if (typed === 'auto') return ok('auto');
  if (typed === 'none') return ok([]);
  if (typed === 'all') return ok(allReductions);
  const words = typed.split(',').map((word) => word.trim());
  const stranger = words.find((word) => !allReductions.some((r) => r === word));
  if (stranger === undefined) return ok(allReductions.filter((r) => words.includes(r)));
  const alone = ['none', 'all', 'auto'];
  if (alone.includes(stranger)) {
    return fail({ what: `--reduce ${stranger} stands alone`, hint: 'leave the others out' });
  }
  const known = [...allReductions, ...alone];
  const near = nearest(stranger, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return fail({
    what: `there is no reduction ${stranger === '' ? '(empty)' : stranger}`,
    hint: `${guess}reductions: ${known.join(', ')}`,
  });
}

/** The number of workers that `-j` asks for; `usual` where it is not typed. */
export function jobsOf(typed: string | undefined, usual = 1): Result<number> {
  if (typed === undefined) return ok(usual);
  const jobs = Number(typed);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS) return ok(jobs);
  return fail({
    what: `-j takes a number of workers from 1 to ${MOST_JOBS}, not ${typed}`,
    hint: 'as many as the machine has cores at most',
  });
}
