// A litmus program on a kernel that runs -> a scenario: a transition system with a question, and
// the names that its witness is told in. The threads run the text of the modelled kernel; every
// schedule, eviction, failure and crash that the test allows is in the system.

import { at, fail, ok, present, type Result } from '../base/index.ts';
import { and } from '../ir/index.ts';
import type { Location, Program } from '../litmus/index.ts';
import {
  cacheModelOf,
  type ClosedScene,
  closeScene,
  endQuestion,
  type Scenario,
  sceneAsScenario,
  type Scene,
  type SceneEnd,
  sceneEnds,
  type SceneSearch,
  type SceneThread,
} from '../scenario/index.ts';
import { type Bench, setUp, type StackSetting } from './bench.ts';
import { judgeEnd, type JudgedEnd, locationsIn } from './question.ts';
import { type Registers, threadOp } from './thread.ts';
import { type FollowedCell, followedCells } from './track.ts';

/** Followed bytes, at most: each has copies in caches. */
const MOST_CELLS = 8;

/**
 * Compiles a program that has a `stack`. `search` finds what its threads can be answered. A problem
 * tells why the program cannot run on this machine and kernel, or which bound was reached first.
 */
export function compileStack(
  program: Program,
  setting: StackSetting,
  search: SceneSearch,
): Result<Scenario> {
  const made = setUp(program, setting);
  if (!made.ok) return made;
  const bench = made.value;
  const cells = followedCells(bench, () => setUp(program, setting));
  if (!cells.ok) return cells;
  const asked = askedCells(program, cells.value);
  if (!asked.ok) return asked;
  const registers = program.threads.map((): { last: Registers } => ({ last: new Map() }));
  const scene = sceneOf(bench, setting, { cells: asked.value, registers });
  const found = closeScene(scene, search);
  if (found.kind === 'bound') {
    return fail({ what: `the bound on ${found.bound} of kernel functions was reached` });
  }
  const closed = withFewerEnds(found, program);
  const registersOf = registerReader(closed, registers);
  const judged = sceneEnds(closed, search).map((end) =>
    judgeEnd({ bench, closed, cells: asked.value, registersOf }, end),
  );
  return ok(scenarioOf(program, { closed, judged }));
}

function sceneOf(
  bench: Bench,
  { machine }: StackSetting,
  with_: {
    readonly cells: readonly FollowedCell[];
    readonly registers: readonly { last: Registers }[];
  },
): Scene {
  const { program, stack, linux } = bench;
  const names = program.threads.map(({ name }) => name);
  const threads = program.threads.map((thread, index): SceneThread => {
    const after = stack.after.get(thread.name)?.map((name) => names.indexOf(name));
    return {
      name: thread.name,
      cpu: thread.cpu ?? 0,
      ...(after === undefined ? {} : { after }),
      run: () => {
        const registers: Registers = new Map();
        at(with_.registers, index).last = registers;
        return threadOp(bench, thread, registers);
      },
    };
  });
  const asks = locationsIn(program.question);
  return {
    linux,
    threads,
    roots: [bench.open, bench.addresses, bench.variables, bench.locks],
    memory: {
      model: cacheModelOf(machine),
      lineBytes: bench.lineBytes,
      bytes: [...new Set(with_.cells.map(({ paddr }) => paddr))],
    },
    noPrefetch: stack.without.includes('prefetch'),
    noFailures: !stack.failAnywhere,
    settles: asks.some(({ op }) => op === 'memory'),
    crashes: program.crashAnywhere === true,
  };
}

/** Cells that threads or question name; a test that names none of a file's follows none of it. */
function askedCells(
  program: Program,
  cells: readonly FollowedCell[],
): Result<readonly FollowedCell[]> {
  const text = JSON.stringify([program.threads, program.question]);
  const named = cells.filter(({ line }) => text.includes(`"line":${JSON.stringify(line)}`));
  const ofRam = named.find(
    ({ line, where }) =>
      where === 'ram' &&
      locationsIn(program.question).some((l) => l.op === 'memory' && l.line === line),
  );
  if (ofRam) {
    return fail({
      what: `${ofRam.line} is in the page cache here: what its medium holds is not followed`,
      hint: 'ask what read() gives',
    });
  }
  if (named.length <= MOST_CELLS) return ok(named);
  return fail({ what: `${named.length} cells are used; at most ${MOST_CELLS} are followed` });
}

// Cells of the kernel's tables tell ends apart that no question can.
function withFewerEnds(closed: ClosedScene, program: Program): ClosedScene {
  const asksKernel = locationsIn(program.question).some(
    ({ op }) => op === 'kernel' || op === 'memory',
  );
  const variables = (program.stack && asksKernel) ?? false;
  if (variables && locationsIn(program.question).some(({ op }) => op === 'kernel')) return closed;
  const cells = new Set([...closed.cells.values()].map(({ field }) => field));
  const kept = asksKernel ? variableFields(closed, program) : new Set<number>();
  const observed = closed.system.observed.filter((f) => !cells.has(f) || kept.has(f));
  return { ...closed, system: { ...closed.system, observed } };
}

function variableFields(closed: ClosedScene, program: Program): ReadonlySet<number> {
  const names = program.lines.map(({ name }) => `${name} [0]`);
  return new Set(names.flatMap((name) => closed.cells.get(name)?.field ?? []));
}

// Where a thread has not ended its function is run once more up to where it stands.
function registerReader(
  closed: ClosedScene,
  registers: readonly { last: Registers }[],
): (end: SceneEnd, thread: number) => ReadonlyMap<string, number> {
  const known = new Map<string, ReadonlyMap<string, number>>();
  const { automata, counters, system } = closed;
  return (end, thread) => {
    const id = at(end.values, system.observed.indexOf(at(counters, thread)));
    const key = `${thread} ${id}`;
    const seen = known.get(key);
    if (seen) return seen;
    const automaton = at(automata.threads, thread);
    automata.sharing.world.restore();
    automaton.runTo(at(automaton.nodes, id));
    const found = new Map(at(registers, thread).last);
    automata.sharing.world.restore();
    known.set(key, found);
    return found;
  };
}

function scenarioOf(
  program: Program,
  found: { readonly closed: ClosedScene; readonly judged: readonly JudgedEnd[] },
): Scenario {
  const { closed, judged } = found;
  const ends = judged.map(({ end }) => end);
  const by = new Map(judged.map((one) => [one.end.values.join(), one] as const));
  const of = (end: SceneEnd) => present(by.get(end.values.join()), 'an end that was judged');
  const question = endQuestion(closed, ends, (end) => of(end).satisfies);
  const scenario = sceneAsScenario(closed, question);
  const isFiltered = judged.some(({ passesFilter }) => !passesFilter);
  const { isEnd } = scenario.system;
  const filter = isFiltered ? endQuestion(closed, ends, (end) => of(end).passesFilter) : undefined;
  const system = filter ? { ...scenario.system, isEnd: and(isEnd, filter) } : scenario.system;
  return {
    ...scenario,
    program,
    system,
    names: { ...scenario.names, values: closed.byteValues },
    hasEnded: (thread, counter) => {
      const node = at(closed.automata.threads, thread).nodes[counter];
      return node?.visible.kind === 'end';
    },
    told: (values) => present(by.get(values.join()), 'an end that was judged').values,
  };
}

/** What the values that `told` gives are values of. */
export function toldLocations(program: Program): readonly Location[] {
  return locationsIn(program.question);
}
