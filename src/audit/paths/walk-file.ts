// The functions of one file that deal with the objects of a protocol: walked, with everything that
// is wrong on their paths.

import { expressionsOf, type Flow, type Unit, visit } from '../flow/index.ts';
import { appliesTo, functionsOf, type Protocol } from '../protocol/index.ts';
import {
  callExprsOf,
  callsOf,
  type End,
  endProblems,
  type EndProblem,
  endsOf,
  keepers,
  type NullField,
  type Problem,
  type Site,
  type Sources,
  type State,
  Walker,
} from '../walk/index.ts';
import { membersOf } from './callbacks.ts';
import { halfDone } from './half-done.ts';
import { stepsOf } from './notes.ts';

/** Nodes that a walk may pass before paths are merged that agree in what matters most. */
const FINE_STEPS = 3500;
/** Tests and loops above which that is not even tried. */
const FINE_BRANCHES = 50;
/** Nodes that the walk of one function may pass at all. */
export const MAX_STEPS = 20_000;

/** One function that was walked. */
export interface WalkedFunction {
  readonly unit: Unit;
  readonly flow: Flow;
  readonly walker: Walker;
  readonly ends: readonly End[];
  readonly problems: readonly (Problem | EndProblem)[];
}

/** What one file gave. */
export interface WalkedFile {
  readonly unit: Unit;
  readonly functions: readonly WalkedFunction[];
  readonly nullFields: readonly (NullField & { readonly site: Site; readonly state: State })[];
}

/** Walks every function of a file that names a function of the protocols. */
export function walkFile(unit: Unit, protocols: readonly Protocol[], sources: Sources): WalkedFile {
  const applying = protocols.filter((one) => appliesTo(one, unit.file));
  const names = new Set(applying.flatMap((one) => [...functionsOf(one)]));
  const acquires = new Set(applying.flatMap((one) => one.acquire.map((a) => a.function)));
  const own = unit.flows.filter((flow) => isUser(flow, applying));
  const owners = own.filter((flow) => callsOf(flow).some((callee) => acquires.has(callee)));
  const options = { protocols: applying, sources, maxSteps: MAX_STEPS };
  const first = owners.map((flow) => walkOne(unit, flow, options));
  // What a function hands to its callers, object or error, they must deal with.
  const inner = new Set(
    first.filter((one) => isInner(unit, one.flow) && handsOn(one)).map(({ flow }) => flow.name),
  );
  const callers = own.filter(
    (flow) => !owners.includes(flow) && callsOf(flow).some((callee) => inner.has(callee)),
  );
  const others = own.filter(
    (flow) =>
      !owners.includes(flow) && !callers.includes(flow) && callsOf(flow).some((c) => names.has(c)),
  );
  const rest = [
    // Of callers only is asked whether they make the same of an error.
    ...callers.map((flow) => walkOne(unit, flow, { ...options, coarse: true })),
    ...others.map((flow) => walkOne(unit, flow, options)),
  ];
  const walked = [...first, ...rest];
  const functions = walked.map((one) => confirmed(one, walked, inner));
  const halves = halfDone(unit, functions, sources);
  const nullFields = functions.flatMap((one) => nullFieldsOf(one));
  const users = own.filter((flow) => !owners.includes(flow) && uses(flow, nullFields));
  const again = users.map((flow) => walkOne(unit, flow, { ...options, nullFields }));
  const withNull = again.map((one) => ({
    ...one,
    problems: one.problems.filter(({ type }) => type === 'NULL_FIELD_USED'),
  }));
  return { unit, functions: [...functions, ...halves, ...withNull], nullFields };
}

/**
 * Whether a function uses objects, and is not what a protocol is about: the definition of one of
 * its functions is walked for the objects of another protocol alone.
 */
function isUser(flow: Flow, protocols: readonly Protocol[]): boolean {
  const calls = callsOf(flow);
  const [own, others] = [true, false].map((isOwn) =>
    protocols.filter((one) => functionsOf(one).has(flow.name) === isOwn),
  );
  if (own === undefined || own.length === 0) return true;
  return others?.some(({ acquire }) => acquire.some((a) => calls.includes(a.function))) ?? false;
}

const PASSED_ON = /^(?:SURVIVABLE_ERROR_FATAL|FATAL_ERROR_SURVIVED|ERROR_AS_OBJECT)$/;

/** Whether callers have a part in it: they get the object, or an error they may see otherwise. */
function handsOn({ problems, ends }: WalkedFunction): boolean {
  if (problems.some(({ type }) => PASSED_ON.test(type))) return true;
  return ends.some(({ kind, state, value }) => {
    const left = kind === 'failure' ? keepers(state, kind).map(([, kept]) => kept) : [];
    return [value, ...left].some(
      (one) =>
        one.kind === 'symbol' &&
        state.objects.get(one.id)?.released === undefined &&
        state.objects.has(one.id),
    );
  });
}

/** Whether nobody but functions of the file can call it. */
function isInner(unit: Unit, { name, isStatic }: Flow): boolean {
  if (!isStatic || unit.calls.some(({ args }) => args.some((arg) => arg.includes(name))))
    return false;
  return membersOf(unit, name).length === 0;
}

/** Errors that a function of the file passes on are judged by what its callers make of them. */
function confirmed(
  one: WalkedFunction,
  all: readonly WalkedFunction[],
  inner: ReadonlySet<string>,
): WalkedFunction {
  const { flow } = one;
  const callers = all.filter((other) => other !== one && callsOf(other.flow).includes(flow.name));
  if (!inner.has(flow.name) || callers.length === 0) return one;
  const told = callers.flatMap(({ problems }) => problems);
  const problems = one.problems.filter((problem) => {
    if (!PASSED_ON.test(problem.type)) return true;
    return told.some(({ type, where }) => type === problem.type && where.at === problem.where.at);
  });
  return { ...one, problems };
}

function walkOne(
  unit: Unit,
  flow: Flow,
  options: ConstructorParameters<typeof Walker>[0],
): WalkedFunction {
  const isLarge =
    options.coarse === true || branchesIn(flow, unit, options.sources) > FINE_BRANCHES;
  let walker = new Walker({
    ...options,
    ...(isLarge ? { coarse: true } : { maxSteps: FINE_STEPS }),
  });
  let outcomes = walker.run(flow, unit);
  if (!isLarge && walker.steps > FINE_STEPS) {
    walker = new Walker({ ...options, coarse: true });
    outcomes = walker.run(flow, unit);
  }
  const ends = endsOf(walker, flow, outcomes);
  return {
    unit,
    flow,
    walker,
    ends,
    problems: [...walker.problems, ...endProblems(walker, ends, flow)],
  };
}

/** Tests and loops of a function and of what a walk of it goes into, each function once. */
function branchesIn(
  flow: Flow,
  unit: Unit,
  sources: Sources,
  seen: Set<string> = new Set(),
): number {
  seen.add(flow.name);
  const own = flow.nodes.filter(({ kind }) => kind === 'branch' || kind === 'iterate').length;
  return callsOf(flow).reduce((sum, name) => {
    const callee = seen.has(name) ? undefined : sources.flow(name, unit);
    if (callee === undefined || !sources.isRelevant(name, callee.unit)) return sum;
    return sum + branchesIn(callee.flow, callee.unit, sources, seen);
  }, own);
}

/**
 * Fields that hold the object after one successful end, and nothing after another, on which the
 * object was refused and that was survived.
 */
function nullFieldsOf({ walker, ends }: WalkedFunction): WalkedFile['nullFields'] {
  const good = ends.filter(({ kind }) => kind === 'success');
  const found = new Map<string, WalkedFile['nullFields'][number]>();
  for (const { state } of good) {
    for (const step of stepsOf(state.trace)) {
      if (step.kind !== 'store' || step.object === null) continue;
      const held = state.objects.get(step.object);
      const site = held && walker.sites[held.site];
      const { struct, member } = step;
      if (site === undefined || struct === undefined || member === undefined) continue;
      const refused = good.find((end) => isRefused(end, walker, site, step.field));
      if (refused === undefined || found.has(`${struct}.${member}`)) continue;
      const field = { struct, field: member, protocol: site.protocol, site, state: refused.state };
      found.set(`${struct}.${member}`, field);
    }
  }
  return [...found.values()];
}

function isRefused(end: End, walker: Walker, site: Site, field: string): boolean {
  const refused = end.state.failed.some(
    (one) => walker.sites[one.site] === site && one.result.startsWith('-'),
  );
  if (!refused) return false;
  return !stepsOf(end.state.trace).some(
    (step) => step.kind === 'store' && step.field === field && step.object !== null,
  );
}

/** Whether a function names one of the fields: only then it is worth a walk. */
function uses(flow: Flow, fields: readonly NullField[]): boolean {
  let isUsed = false;
  for (const node of flow.nodes) {
    for (const expr of expressionsOf(node)) {
      visit(expr, (one) => {
        if (one.kind === 'field' && fields.some(({ field }) => field === one.field)) isUsed = true;
      });
    }
  }
  return isUsed;
}

/** Calls of functions that acquire, in a file: for those who want to know who was looked at. */
export function acquisitionsIn(
  unit: Unit,
  protocol: Protocol,
): readonly { readonly flow: Flow; readonly at: number }[] {
  const names = new Set(protocol.acquire.map((one) => one.function));
  return unit.flows.flatMap((flow) =>
    callExprsOf(flow).flatMap((call) =>
      names.has(call.callee ?? '') ? [{ flow, at: call.at }] : [],
    ),
  );
}
