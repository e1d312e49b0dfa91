// A litmus program on a kernel that runs -> a scenario: a transition system with a question, and
// the names that its witness is told in. The threads run the text of the modelled kernel; every
// schedule, eviction, failure and crash that the test allows is in the system.

import { at, fail, ok, present, type Result } from '../base/index.ts';
import { and } from '../ir/index.ts';
import { isOops } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import {
  cacheModelOf,
  type ClosedScene,
  closeScene,
  endQuestion,
  type Node,
  NotSearched,
  type Op,
  type Scenario,
  sceneAsScenario,
  type Scene,
  type SceneEnd,
  sceneEnds,
  type SceneSearch,
  type SceneThread,
} from '../scenario/index.ts';
import { type Bench, setUp, type StackSetting } from './bench.ts';
import { judgeEnd, type JudgedEnd, locationsIn, tellsOf } from './question.ts';
import { type Progress, type Registers, threadOp } from './thread.ts';
import { type FollowedCell, followedCells } from './track.ts';
import { Words } from './words.ts';

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
  const last = program.threads.map((): Last => ({ progress: atStart('') }));
  const scene = sceneOf(bench, setting, { cells: asked.value, last });
  const found = closedOrWhyNot(scene, search);
  if (typeof found === 'string') return fail({ what: found });
  if (found.kind === 'bound') {
    const { bound, place } = found;
    return fail({ what: `the bound on ${bound} of kernel functions was reached: ${place}` });
  }
  // Globals of drivers that are made when first asked for are the same whoever asks.
  const conflict = found.conflicts.find((place) => !place.startsWith('linux.subsystems'));
  if (conflict !== undefined) {
    return fail({ what: `several threads change ${conflict}, and races on it are not searched` });
  }
  const closed = withFewerEnds(found, program);
  const reader = progressReader(closed, last);
  const registersOf = (end: SceneEnd, thread: number) =>
    registersIn(end.results[thread]) ?? reader(thread, nodeIn(closed, end, thread)).registers;
  const judged = sceneEnds(closed, search).map((end) =>
    judgeEnd({ bench, closed, cells: asked.value, registersOf }, end),
  );
  const words = new Words(bench, closed, (thread, node) => reader(thread, node).says);
  return ok(scenarioOf(bench, { closed, judged, words, cells: asked.value }));
}

function closedOrWhyNot(scene: Scene, search: SceneSearch) {
  try {
    return closeScene(scene, search);
  } catch (error) {
    if (error instanceof NotSearched) return error.message;
    throw error;
  }
}

function sceneOf(
  bench: Bench,
  { machine }: StackSetting,
  with_: {
    readonly cells: readonly FollowedCell[];
    readonly last: readonly Last[];
  },
): Scene {
  const { program, stack, linux } = bench;
  const names = program.threads.map(({ name }) => name);
  const asks = locationsIn(program.question);
  const threads = program.threads.map((thread, index): SceneThread => {
    const after = stack.after.get(thread.name)?.map((name) => names.indexOf(name));
    const last = at(with_.last, index);
    const tells = tellsOf(bench, thread.name);
    return {
      name: thread.name,
      cpu: thread.cpu ?? 0,
      ...(after === undefined ? {} : { after }),
      run: () => {
        const progress = atStart(thread.name);
        last.progress = progress;
        return threadOp(bench, thread, progress);
      },
      tells: (isShared) => tells(last.progress.registers, isShared),
    };
  });
  return {
    linux,
    threads,
    roots: [bench.open, bench.addresses, bench.variables, bench.locks, bench.user.namespaces],
    memory: {
      model: cacheModelOf(machine),
      lineBytes: bench.lineBytes,
      bytes: [...new Set(with_.cells.map(({ paddr }) => paddr))],
    },
    noPrefetch: stack.without.includes('prefetch'),
    noFailures: !stack.failAnywhere,
    settles: asks.some(({ op }) => op === 'memory'),
    crashes: program.crashAnywhere === true,
    drains: stack.devices.some(({ medium }) => medium === 'eadr'),
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
    ({ line, where, isOther }) =>
      where === 'ram' &&
      isOther === undefined &&
      locationsIn(program.question).some((l) => l.op === 'memory' && l.line === line),
  );
  if (ofRam) {
    return fail({
      what: `${ofRam.line} is in the page cache here: what its medium holds is not followed`,
      hint: 'ask what read() gives',
    });
  }
  const first = named.filter(({ isOther }) => isOther === undefined);
  if (first.length <= MOST_CELLS) return ok(named);
  return fail({ what: `${first.length} cells are used; at most ${MOST_CELLS} are followed` });
}

// Cells of the kernel's tables tell ends apart that no question can.
function withFewerEnds(closed: ClosedScene, program: Program): ClosedScene {
  const asks = new Set(locationsIn(program.question).map(({ op }) => op));
  if (asks.has('kernel')) return closed;
  const variables = asks.has('memory') ? program.lines.map(({ name }) => `${name} [0]`) : [];
  const kept = new Set(variables);
  const dropped = [...closed.cells].flatMap(([id, { field }]) => (kept.has(id) ? [] : field));
  const observed = closed.system.observed.filter((field) => !dropped.includes(field));
  return { ...closed, system: { ...closed.system, observed } };
}

/** The run of a thread that was started last. */
interface Last {
  progress: Progress;
}

function atStart(thread: string): Progress {
  const registers: Registers = new Map();
  return { registers, says: `${thread} starts` };
}

function nodeIn({ places, counters, system }: ClosedScene, end: SceneEnd, thread: number): Node {
  const id = at(end.values, system.observed.indexOf(at(counters, thread)));
  return at(at(places, thread), id).node;
}

/** What a thread that has ended has left; undefined where it has not, or died of a bad pointer. */
function registersIn(result: unknown): ReadonlyMap<string, number> | undefined {
  if (typeof result !== 'object' || result === null || isOops(result)) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(result);
  return new Map(entries.flatMap(([name, v]) => (typeof v === 'number' ? [[name, v]] : [])));
}

// A thread's function is run once more, up to where the thread stands.
function progressReader(
  closed: ClosedScene,
  last: readonly Last[],
): (thread: number, node: Node) => Progress {
  const known = new Map<string, Progress>();
  const { automata } = closed;
  return (thread, node) => {
    const key = `${thread} ${node.id}`;
    const seen = known.get(key);
    if (seen) return seen;
    automata.sharing.world.restore();
    at(automata.threads, thread).runTo(node);
    const { registers, says } = at(last, thread).progress;
    automata.sharing.world.restore();
    const found = { registers: new Map(registers), says };
    known.set(key, found);
    return found;
  };
}

function scenarioOf(
  { program }: Bench,
  found: {
    readonly closed: ClosedScene;
    readonly judged: readonly JudgedEnd[];
    readonly words: Words;
    readonly cells: readonly FollowedCell[];
  },
): Scenario {
  const { closed, judged, words } = found;
  const ends = judged.map(({ end }) => end);
  const by = new Map(judged.map((one) => [one.end.values.join(), one] as const));
  const of = (end: SceneEnd) => present(by.get(end.values.join()), 'an end that was judged');
  const question = endQuestion(closed, ends, (end) => of(end).satisfies);
  const scenario = sceneAsScenario(closed, question);
  const isFiltered = judged.some(({ passesFilter }) => !passesFilter);
  const { isEnd } = scenario.system;
  const filter = isFiltered ? endQuestion(closed, ends, (end) => of(end).passesFilter) : undefined;
  const system = filter ? { ...scenario.system, isEnd: and(isEnd, filter) } : scenario.system;
  const lineOf = lineNames(closed, found.cells);
  const copies = scenario.names.copies.map((copy) => ({
    ...copy,
    line: lineOf(copy.line),
    addresses: copy.addresses.map((address) => words.address(address)),
  }));
  const memory = new Map(
    [...scenario.names.memory].map(([line, cells]) => [lineOf(line), cells] as const),
  );
  const ops = scenario.ops.map((own) =>
    own.map((op): Op => {
      const { step } = op;
      return 'line' in step ? { ...op, step: { ...step, line: lineOf(step.line) } } : op;
    }),
  );
  return {
    ...scenario,
    program,
    system,
    ops,
    says: (id) => words.say(id),
    names: { ...scenario.names, copies, memory, values: closed.byteValues },
    hasEnded: (thread, counter) => {
      const place = at(closed.places, thread)[counter];
      return place?.visible.kind === 'end';
    },
    told: (values) => present(by.get(values.join()), 'an end that was judged').values,
  };
}

// The cells of a followed line are those of a line of the test, at least where both begin.
function lineNames(closed: ClosedScene, cells: readonly FollowedCell[]): (name: string) => string {
  const { bytes } = closed.automata.sharing.tracking;
  const names = new Map<string, string>();
  for (const byte of bytes) {
    const cell = cells.find(({ paddr }) => paddr === byte.paddr);
    if (cell && !names.has(byte.line)) names.set(byte.line, cell.line);
  }
  return (name) => names.get(name) ?? name;
}
