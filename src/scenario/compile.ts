// Machine x program x remedy -> transition system.
//
// Layout of a state, in this order:
//   memory    valueBits (2) bits for each cell of each line
//   copies    for each line, CPU and copy: 2 bits (0 absent, 1 clean, 2 dirty), or 1 bit in an
//             I-cache, then valueBits for each cell
//   reach     1 bit for each mapping, where one is ever out of reach
//   locks     1 bit for each lock
//   crashed, deadlock   1 bit each, where somebody asks
//   threads   program counter of each thread
//   registers valueBits for each register
// An absent copy has all its cells 0, so that equal situations are equal words.

import { assert, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, or, type TransitionSystem } from '../ir/index.ts';
import type { Program, Step } from '../litmus/index.ts';
import {
  crashAnywhere,
  deadlockAction,
  hardwareActions,
  type Position,
  type Setting,
  threadActions,
} from './actions.ts';
import { type CacheModel, copyKey } from './cache-model.ts';
import { isSettled } from './cache-steps.ts';
import {
  everyLocation,
  filterExpr,
  observedFields,
  observesMemory,
  questionExpr,
} from './condition.ts';
import { flatten, type Op, replaceSteps } from './flow.ts';
import { type MappingKey, type Names, nameFields } from './names.ts';
import { noPersistence, type Persistence, persistenceSteps } from './persistence.ts';
import {
  bypassesCache,
  coloursUnder,
  mappedAtStart,
  type RemedyName,
  stepsUnder,
} from './remedy.ts';

/** What a program runs on: the cache, the remedy, and what the kernel does beside it. */
export interface ScenarioOptions {
  readonly model: CacheModel;
  readonly remedy: RemedyName;
  /** What the kernel does for durability; nothing, where absent. */
  readonly persistence?: Persistence;
  /** For the congruent remedies: false where the kernel's modulus is no multiple of the way. */
  readonly modulusSuffices?: boolean;
  /** Results of `call` steps by name, where machine and kernel decide them; else 0. */
  readonly answers?: Readonly<Record<string, number>>;
}

/** A program on a machine, ready to explore, with the names a witness is told in. */
export interface Scenario {
  readonly program: Program;
  readonly options: ScenarioOptions;
  readonly system: TransitionSystem;
  /** Asked of end states: the `exists` condition, or that the `forall` condition fails. */
  readonly question: Expr;
  readonly names: Names;
  /** The operations of each thread as they run: remedy and kernel filled in. */
  readonly ops: readonly (readonly Op[])[];
  /** The operation behind the id of each action that a thread takes. */
  readonly positions: ReadonlyMap<string, Position>;
  /**
   * Values of the observed locations in an end state, from those of the observed fields; absent:
   * these are the same.
   */
  readonly told?: (values: readonly number[]) => readonly number[];
  /** What an action of a thread does, in place of what its operation says. */
  readonly says?: (id: string) => string | undefined;
  /** Whether a thread has ended where its counter has a value; absent: no operation is left. */
  readonly hasEnded?: (thread: number, counter: number) => boolean;
}

/** Compiles a program; asserts that its steps name mappings and lines that exist. */
export function compileScenario(program: Program, options: ScenarioOptions): Scenario {
  // A refused alloc_dax() leaves no DAX mapping: nothing happens, so nothing can go wrong.
  if (options.remedy === 'deny') return deniedScenario(program, options);
  const ops = program.threads.map((t) => flatten(stepsOf(program, t.steps, options)));
  const atStart = mappedAtStart(options.remedy, program);
  const names = nameFields(program, {
    model: options.model,
    ops,
    keys: mappingKeys(program, options),
    mappedAtStart: atStart,
    asks: whatIsAsked(program, ops, atStart),
  });
  checkSteps(
    names,
    ops.flat().map((op) => op.step),
  );
  const setting: Setting = { model: options.model, ops, answers: options.answers ?? {} };
  const positions = new Map<string, Position>();
  const threads = ops.flatMap((list, thread) =>
    list.flatMap((_, step) => {
      const actions = threadActions(names, setting, { thread, step });
      for (const { id } of actions) positions.set(id, { thread, step });
      return actions;
    }),
  );
  const ended = allEnded(names, ops);
  const over = names.deadlock === undefined ? ended : or(ended, isDeadlocked(names));
  const actions = [
    ...threads,
    ...hardwareActions(names, options.model),
    ...(program.crashAnywhere ? [crashAnywhere(names, setting)] : []),
    ...(names.deadlock === undefined ? [] : [deadlockAction(names, threads, ended)]),
  ];
  const system: TransitionSystem = {
    fields: names.fields,
    actions,
    isEnd: endOf(program, names, over),
    observed: observed(program, names),
  };
  return {
    program,
    options,
    system,
    names,
    ops,
    positions,
    question: questionOf(program, names),
  };
}

function deniedScenario(program: Program, options: ScenarioOptions): Scenario {
  const names = nameFields(program, {
    model: options.model,
    ops: [],
    keys: mappingKeys(program, options),
    mappedAtStart: mappedAtStart(options.remedy, program),
    asks: { crashed: false, deadlock: false },
  });
  return {
    program,
    options,
    names,
    ops: [],
    positions: new Map(),
    system: { fields: names.fields, actions: [], isEnd: constant(1), observed: [] },
    question: constant(0),
  };
}

/** The steps of one thread with remedy and kernel filled in, still nested. */
function stepsOf(program: Program, steps: readonly Step[], options: ScenarioOptions) {
  const persistence = options.persistence ?? noPersistence;
  const persistent = replaceSteps(steps, (step) => persistenceSteps(persistence, step));
  return stepsUnder(options.remedy, program, persistent);
}

/** Colour and copy key of each mapping of the program under the options, in its order. */
export function mappingKeys(program: Program, options: ScenarioOptions): readonly MappingKey[] {
  const { model, remedy, modulusSuffices = true } = options;
  const { instruction } = model;
  const colours = coloursUnder(remedy, program, { colourCount: model.colours, modulusSuffices });
  const ofFetches = coloursUnder(remedy, program, {
    colourCount: instruction.colours,
    modulusSuffices,
  });
  return program.mappings.map((mapping) => {
    const { name } = mapping;
    const bypasses = mapping.uncached === true || bypassesCache(remedy, mapping.side);
    const colour = present(colours.get(name), 'colour of a mapping');
    const key = bypasses ? undefined : copyKey(model, { name, colour });
    const fetchColour = present(ofFetches.get(name), 'colour of a mapping');
    const fetchKey = bypasses ? undefined : copyKey(instruction, { name, colour: fetchColour });
    return { mapping, colour, key, fetch: { colour: fetchColour, key: fetchKey } };
  });
}

function whatIsAsked(
  program: Program,
  ops: readonly (readonly Op[])[],
  atStart: ReadonlySet<string>,
): { crashed: boolean; deadlock: boolean } {
  const asked = new Set(everyLocation(program.question).map((l) => l.op));
  const moves = ops.flat().some(({ step }) => step.kind === 'map' || step.kind === 'unmap');
  return {
    crashed: program.crashAnywhere === true || asked.has('crashed'),
    // Whatever can wait may wait for ever, and that must not pass in silence.
    deadlock:
      asked.has('deadlock') ||
      (program.locks ?? []).length > 0 ||
      moves ||
      atStart.size < program.mappings.length,
  };
}

function allEnded(names: Names, ops: readonly (readonly Op[])[]): Expr {
  return and(
    ...ops.map((list, thread) =>
      eq(fieldAt(present(names.counters[thread], 'counter')), constant(list.length)),
    ),
  );
}

function endOf(program: Program, names: Names, over: Expr): Expr {
  const settled = observesMemory(program.question) ? isSettled(names) : constant(1);
  return and(over, settled, filterExpr(program.question, names));
}

function isDeadlocked(names: Names): Expr {
  return eq(fieldAt(present(names.deadlock, 'field for a deadlock')), constant(1));
}

function asksDeadlock(program: Program): boolean {
  return everyLocation(program.question).some((l) => l.op === 'deadlock');
}

// Registers mean nothing where the threads never end: such states answer only who asks for them.
function questionOf(program: Program, names: Names): Expr {
  const question = questionExpr(program.question, names);
  if (names.deadlock === undefined || asksDeadlock(program)) return question;
  return and(question, eq(fieldAt(names.deadlock), constant(0)));
}

function observed(program: Program, names: Names): readonly number[] {
  const fields = observedFields(program.question, names);
  const { deadlock } = names;
  return deadlock === undefined || fields.includes(deadlock) ? fields : [...fields, deadlock];
}

function checkSteps(names: Names, steps: readonly Step[]): void {
  for (const step of steps) {
    if ('mapping' in step) {
      assert(names.keys.has(step.mapping), `mapping ${step.mapping} is declared`);
    }
    if ('line' in step) assert(names.memory.has(step.line), `line ${step.line} is declared`);
    if ('lock' in step) assert(names.locks.has(step.lock), `lock ${step.lock} is declared`);
  }
}
