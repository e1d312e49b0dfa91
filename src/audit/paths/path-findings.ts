// What is wrong on the paths of a file, as findings: one for each acquisition and failing call, on
// its shortest path.

import type { Finding, FindingNote } from '../finding.ts';
import type { Unit } from '../flow/index.ts';
import { functionsOf, type Protocol } from '../protocol/index.ts';
import type { At, EndProblem, Problem, Sources, State } from '../walk/index.ts';
import type { FolderAnswers } from './asks.ts';
import { neededToCall } from './callbacks.ts';
import { lastFailure, notesOf, stepsOf } from './notes.ts';
import type { WalkedFile, WalkedFunction } from './walk-file.ts';
import { type Way, waysTo } from './ways.ts';

/** A finding whose reach is not known yet, with what would have to be configured to meet it. */
export interface PathFinding {
  readonly finding: Finding;
  readonly protocol: Protocol;
  /** What must be configured: alternatives, of which each is enough. */
  readonly ways: readonly Way[];
  /** The error that the path rests on, where it is one that callers must survive. */
  readonly survivable: string | undefined;
  /** Why it is so by intent; absent where it is not. */
  readonly intent: string | undefined;
}

interface Told {
  readonly walked: WalkedFunction;
  readonly problem: Problem | EndProblem;
}

/** The findings of a file, in the order of their places. */
export function pathFindings(
  file: WalkedFile,
  sources: Sources,
  answers: FolderAnswers,
): readonly PathFinding[] {
  const groups = new Map<string, Told[]>();
  for (const walked of file.functions) {
    for (const problem of walked.problems) {
      const key = groupOf(problem);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ walked, problem }]);
      else group.push({ walked, problem });
    }
  }
  return [...groups.values()].map((group) => findingOf(file, group, sources, answers));
}

/** Problems of one group are one fault: the same call, lost by the same failure. */
function groupOf({ type, where, message, state }: Problem | EndProblem): string {
  const failure = type === 'LEAK' || type === 'NOT_UNREGISTERED' ? lastFailure(state) : undefined;
  const by = failure === undefined ? '' : `${failure.where.unit.file}:${failure.where.at}`;
  return `${type} ${where.unit.file}:${where.at} ${message} ${by}`;
}

function findingOf(
  file: WalkedFile,
  group: readonly Told[],
  sources: Sources,
  answers: FolderAnswers,
): PathFinding {
  const lengths = group.map(({ problem }) => stepsOf(problem.state.trace).length);
  const best = group[lengths.indexOf(Math.min(...lengths))] ?? group[0];
  if (best === undefined) throw new RangeError('a group has a member');
  const { walked, problem } = best;
  const { protocol, state } = problem;
  const field = problem.type === 'NULL_FIELD_USED' ? file.nullFields[0] : undefined;
  const needed = neededSymbols(best, field !== undefined, sources).map(
    (one) => [one, true] as const,
  );
  const ways = allWays(group, file.unit, answers).map((way) => new Map([...way, ...needed]));
  const about = {
    object: objectOf(problem, state),
    from: problem.site?.where,
    functions: functionsOf(protocol),
  };
  const late = setLater(problem, walked);
  const { function: inFunction } = 'function' in problem ? problem : { function: walked.flow.name };
  const place = problem.where.unit.place(problem.where.at);
  return {
    protocol,
    ways,
    survivable:
      field === undefined ? survivableOf(state, walked) : survivableOf(field.state, walked, true),
    intent: intentOf(problem, protocol, place.file),
    finding: {
      type: late === undefined ? problem.type : 'STORED_TOO_LATE',
      level: LEVELS[problem.type] ?? 'warning',
      place: failingPlace(problem) ?? place,
      message:
        messageOf(problem, state) + (late === undefined ? '' : `: ${late} is set only later`),
      path: true,
      function: inFunction,
      reach: 'not-checked',
      notes: [
        ...(field === undefined ? [] : nullNotes(field.state, protocol)),
        ...notesOf(state, about),
      ],
    },
  };
}

/** What any of the paths of a fault needs; each function has merges of its own. */
function allWays(group: readonly Told[], unit: Unit, answers: FolderAnswers): readonly Way[] {
  // The function itself was walked whatever its callers pass: their walks add nothing.
  const own = group.filter(({ walked, problem }) => walked.flow.name === problem.site?.function);
  const judged = own.length > 0 ? own : group;
  const walkers = new Set(judged.map(({ walked }) => walked.walker));
  return [...walkers].flatMap((walker) =>
    waysTo(
      judged.flatMap(({ walked, problem }) =>
        walked.walker === walker ? [problem.state.trace] : [],
      ),
      walker.merges,
      (name) => answers.neededBy(name, unit),
    ),
  );
}

const LEVELS: Readonly<Record<string, Finding['level']>> = {
  ERROR_AS_OBJECT: 'error',
  WRONG_CHECK: 'error',
  RELEASE_OF_ERROR: 'error',
  DOUBLE_RELEASE: 'error',
  NULL_FIELD_USED: 'error',
};

/**
 * The field that a clean-up works on, where the object is lost because it is not set yet: a release
 * that found nothing, in a field which another path sets to an object of the same call.
 */
function setLater(
  problem: Problem | EndProblem,
  { ends, walker }: WalkedFunction,
): string | undefined {
  if (problem.type !== 'LEAK') return undefined;
  const { site, state } = problem;
  const own = objectOf(problem, state);
  const given = stepsOf(state.trace).flatMap((step) =>
    step.kind === 'call' && step.object !== own && step.given !== undefined ? [step.given] : [],
  );
  const sets = ends.flatMap((end) =>
    stepsOf(end.state.trace).flatMap((step) => {
      if (step.kind !== 'store' || step.object === null) return [];
      const held = end.state.objects.get(step.object);
      return held !== undefined && walker.sites[held.site] === site ? [step.field] : [];
    }),
  );
  const fields = given.filter((one) => /->|\./.test(one));
  return fields.find((one) => sets.some((field) => memberOf(field) === memberOf(one)));
}

function memberOf(text: string): string {
  return text.replace(/^.*(?:->|\.)/, '');
}

/** A leak is told where it happens: at the call whose failure loses the object. */
function failingPlace(problem: Problem | EndProblem) {
  if (problem.type !== 'LEAK') return undefined;
  const failure = lastFailure(problem.state);
  const before = failure !== undefined && isAfter(failure.where, problem.where, problem.state);
  return before ? failure.where.unit.place(failure.where.at) : undefined;
}

function isAfter(later: At, earlier: At, state: State): boolean {
  const steps = stepsOf(state.trace);
  const index = (at: At): number =>
    steps.findIndex(({ where }) => where.unit === at.unit && where.at === at.at);
  return index(later) > index(earlier);
}

function messageOf(problem: Problem | EndProblem, state: State): string {
  if (problem.type !== 'LEAK') return problem.message;
  const failure = lastFailure(state);
  if (failure === undefined || !isAfter(failure.where, problem.where, state))
    return problem.message;
  const { site, protocol } = problem;
  if (site === undefined) return problem.message;
  return (
    `${site.function}() leaks the ${protocol.title} from ${site.acquire.function}() ` +
    `when ${failure.function}() fails`
  );
}

function objectOf(problem: Problem | EndProblem, state: State): number | undefined {
  for (const [id, held] of state.objects) {
    if (problem.site !== undefined && held.site >= 0 && isSite(problem, state, id)) return id;
  }
  return undefined;
}

function isSite(problem: Problem | EndProblem, state: State, id: number): boolean {
  const step = stepsOf(state.trace).find((one) => one.kind === 'call' && one.object === id);
  return step !== undefined && step.where.at === problem.site?.where.at;
}

function neededSymbols(
  { walked, problem }: Told,
  isField: boolean,
  sources: Sources,
): readonly string[] {
  const { protocol, state } = problem;
  const called = isField ? neededToCall(walked.unit, walked.flow.name, protocol, sources) : [];
  const failed = stepsOf(state.trace).flatMap((step) => {
    if (step.kind !== 'call' || step.result !== 'error') return [];
    return protocol.register.find((one) => one.function === step.function)?.needs ?? [];
  });
  return [...called, ...failed];
}

/** The survivable error that a path goes through, e.g. `-EOPNOTSUPP`. */
function survivableOf(state: State, walked: WalkedFunction, any = false): string | undefined {
  const failed = state.failed.find(({ result }) => result.startsWith('-'));
  if (failed === undefined) return undefined;
  return any || walked.walker.sites[failed.site] !== undefined ? failed.result : undefined;
}

function intentOf(
  problem: Problem | EndProblem,
  protocol: Protocol,
  file: string,
): string | undefined {
  if (problem.type !== 'SURVIVABLE_ERROR_FATAL') return undefined;
  return protocol.fatalByIntent.find(({ path }) =>
    path.endsWith('/') ? file.startsWith(path) : file === path,
  )?.why;
}

/** How the field came to be NULL: the attach that survives a refusal. */
function nullNotes(state: State, protocol: Protocol): readonly FindingNote[] {
  const functions = functionsOf(protocol);
  return stepsOf(state.trace).flatMap((step) => {
    if (step.kind !== 'call' || !functions.has(step.function)) return [];
    if (!step.result.startsWith('-')) return [];
    const place = step.where.unit.place(step.where.at);
    return [{ place, message: `${step.function}() gives ${step.result}, and the attach goes on` }];
  });
}
