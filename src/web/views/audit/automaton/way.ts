// The way through an automaton that the path of a finding went. A path tells only what matters to
// its fault, so the way is the cheapest that fits: no call fails of which the path does not tell,
// and as few of its steps as possible are met nowhere.

import type { ShownStep } from '../../../../forms/index.ts';
import type { LearntAttach, LearntNode } from '../../../../scenario/index.ts';
import { tells, toldBy } from './notes.ts';
import { exitsOf, isFailure } from './ways.ts';

/** One step of a way: a node, how it is left, and the step of the finding that tells of it. */
export interface WayStep {
  readonly node: number;
  /** Absent in the last step. */
  readonly outcome?: string;
  /** Index of the node that follows; none has it where the walk was cut off. */
  readonly next?: number;
  /** Index of the step of the finding. */
  readonly told?: number;
}

/** A way, and the steps of the finding that no node on it stands for. */
export interface Way {
  readonly steps: readonly WayStep[];
  readonly missed: readonly number[];
}

/** What it costs to leave out a step of the finding: a call weighs more than a condition. */
const MISSED = { call: 40, question: 15, store: 10, flag: 10, return: 2, other: 5 } as const;
/** What it costs that a call fails of which the finding does not tell. */
const UNTOLD_FAILURE = 60;
/** What it costs to go on into the detach. */
const DETACH = 6;

interface Place {
  readonly node: number;
  /** How many steps of the finding are behind. */
  readonly behind: number;
  readonly cost: number;
  readonly before?: Place;
  /** What led here from `before`; none where a step of the finding was left out. */
  readonly by?: WayStep;
}

/** The way of a path; undefined where no step of it that can fail is met in the automaton. */
export function wayOf(learnt: LearntAttach, path: readonly ShownStep[]): Way | undefined {
  const end = cheapest(learnt, path);
  if (end === undefined) return undefined;
  const steps: WayStep[] = [];
  let last: Place = end;
  for (let one: Place | undefined = end; one !== undefined; one = one.before) {
    if (one.by !== undefined) steps.unshift(one.by);
    last = one;
  }
  const told = new Set(steps.map((step) => step.told));
  if (told.size === 1 && told.has(undefined)) return undefined;
  const final = steps.at(-1)?.next ?? last.node;
  const isCut = learnt.nodes[final] === undefined;
  const all = isCut ? steps : [...steps, { node: final, ...endTold(path) }];
  const met = new Set(all.map((step) => step.told));
  const missed = [...path.keys()].filter((i) => !met.has(i));
  return { steps: all, missed };
}

/** The return is told by the end of the way. */
function endTold(path: readonly ShownStep[]): { readonly told?: number } {
  const last = path.length - 1;
  const isReturn = toldBy(path[last]?.message ?? '')?.kind === 'return';
  return isReturn ? { told: last } : {};
}

/** The cheapest place where the automaton ends, by Dial's buckets: costs are small integers. */
function cheapest(learnt: LearntAttach, path: readonly ShownStep[]): Place | undefined {
  const buckets: Place[][] = [[{ node: 0, behind: 0, cost: 0 }]];
  const done = new Set<string>();
  let best: Place | undefined;
  for (let cost = 0; cost < buckets.length; cost++) {
    if (best !== undefined && best.cost <= cost) break;
    for (const place of buckets[cost] ?? []) {
      const key = `${place.node} ${place.behind}`;
      if (done.has(key)) continue;
      done.add(key);
      const ended = endOf(learnt, path, place);
      if (ended !== undefined && (best === undefined || ended.cost < best.cost)) best = ended;
      for (const next of onwards(learnt, path, place)) (buckets[next.cost] ??= []).push(next);
    }
  }
  return best;
}

function onwards(
  { nodes }: LearntAttach,
  path: readonly ShownStep[],
  place: Place,
): readonly Place[] {
  const { node, behind, cost } = place;
  const told = path[behind];
  const onto: Place[] = [];
  if (told !== undefined) {
    onto.push({ node, behind: behind + 1, cost: cost + missedCost(told), before: place });
  }
  const here = nodes[node];
  if (here === undefined) return onto;
  for (const { outcome, next } of exitsOf(here)) {
    const isTold = told !== undefined && tells(told, here, outcome);
    const extra =
      (isFailure(outcome) ? UNTOLD_FAILURE : 0) + (here.kind === 'attached' ? DETACH : 0);
    const by: WayStep = { node, outcome, next, ...(isTold ? { told: behind } : {}) };
    onto.push({
      node: next,
      behind: isTold ? behind + 1 : behind,
      cost: cost + 1 + (isTold ? 0 : extra),
      before: place,
      by,
    });
  }
  return onto;
}

function missedCost({ message }: ShownStep): number {
  return MISSED[toldBy(message)?.kind ?? 'other'];
}

/** The place with what is missing at its end; undefined where the automaton goes on. */
function endOf(
  { nodes }: LearntAttach,
  path: readonly ShownStep[],
  place: Place,
): Place | undefined {
  const node = nodes[place.node];
  const isEnd = node === undefined || ['failed', 'attached', 'detached'].includes(node.kind);
  if (!isEnd) return undefined;
  const missing = path
    .slice(place.behind)
    .reduce((sum, step) => sum + (isReturn(step) ? returnCost(step, node) : missedCost(step)), 0);
  return { ...place, cost: place.cost + missing };
}

function isReturn({ message }: ShownStep): boolean {
  return toldBy(message)?.kind === 'return';
}

/** Whether what is returned is what the end says. */
function returnCost({ message }: ShownStep, node: LearntNode | undefined): number {
  const errno = /-E[A-Z0-9]+/.exec(message)?.[0];
  if (node?.kind === 'failed') {
    if (/^return 0$/.test(message)) return 8;
    return errno === undefined || node.errno === errno ? 0 : 3;
  }
  return errno === undefined ? 1 : 8;
}
