// Machine x program x remedy -> transition system.
//
// Layout of a state, in this order:
//   memory    2 bits for each cell of each line
//   copies    for each line and copy: 2 bits (0 absent, 1 clean, 2 dirty), then 2 for each cell
//   reach     1 bit for each mapping, where one is ever out of reach
//   threads   program counter of each thread
//   registers 2 bits for each register
// An absent copy has all its cells 0, so that equal situations are equal words.

import { assert, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, not, type TransitionSystem } from '../ir/index.ts';
import type { Program, Step } from '../litmus/index.ts';
import { hardwareActions, threadAction } from './actions.ts';
import { type CacheModel, copyKey } from './cache-model.ts';
import { isDirty } from './cache-steps.ts';
import { conditionExpr, observedFields, observesMemory } from './condition.ts';
import { type Names, nameFields } from './names.ts';
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
}

/** A program on a machine, ready to explore, with the names a witness is told in. */
export interface Scenario {
  readonly program: Program;
  readonly options: ScenarioOptions;
  readonly system: TransitionSystem;
  /** The program's `exists` condition, asked of end states. */
  readonly question: Expr;
  readonly names: Names;
  /** The steps of each thread as they run: remedy and kernel filled in. */
  readonly steps: readonly (readonly Step[])[];
}

/** Compiles a program; asserts that its steps name mappings and lines that exist. */
export function compileScenario(program: Program, options: ScenarioOptions): Scenario {
  // A refused alloc_dax() leaves no DAX mapping: nothing happens, so nothing can go wrong.
  const denied = options.remedy === 'deny';
  const steps = denied ? [] : program.threads.map((t) => stepsOf(program, t.steps, options));
  const names = nameFields(
    program,
    steps,
    keysOf(program, options),
    mappedAtStart(options.remedy, program),
  );
  checkSteps(names, steps.flat());
  const actions = steps.flatMap((list, thread) =>
    list.map((s, step) => threadAction(names, options.model, { thread, step }, s)),
  );
  return {
    program,
    options,
    system: {
      fields: names.fields,
      actions: denied ? [] : [...actions, ...hardwareActions(names, options.model)],
      isEnd: endOf(program, names, steps),
      observed: denied ? [] : observedFields(program.exists, names),
    },
    question: denied ? constant(0) : conditionExpr(program.exists, names),
    names,
    steps,
  };
}

function stepsOf(program: Program, steps: readonly Step[], options: ScenarioOptions) {
  const persistence = options.persistence ?? noPersistence;
  const persistent = steps.flatMap((step) => persistenceSteps(persistence, step));
  return stepsUnder(options.remedy, program, persistent);
}

function keysOf(program: Program, options: ScenarioOptions) {
  const colours = coloursUnder(options.remedy, program, {
    colourCount: options.model.colours,
    modulusSuffices: options.modulusSuffices ?? true,
  });
  return program.mappings.map((mapping) => {
    const colour = present(colours.get(mapping.name), 'colour of a mapping');
    const bypasses = bypassesCache(options.remedy, mapping.side);
    const key = bypasses ? undefined : copyKey(options.model, { name: mapping.name, colour });
    return { mapping, colour, key };
  });
}

function endOf(program: Program, names: Names, steps: readonly (readonly Step[])[]): Expr {
  const ended = steps.map((list, thread) =>
    eq(fieldAt(present(names.counters[thread], 'counter')), constant(list.length)),
  );
  const settled = observesMemory(program.exists) ? names.copies.map((c) => not(isDirty(c))) : [];
  return and(...ended, ...settled);
}

function checkSteps(names: Names, steps: readonly Step[]): void {
  for (const step of steps) {
    if ('mapping' in step) {
      assert(names.keys.has(step.mapping), `mapping ${step.mapping} is declared`);
    }
    if ('line' in step) assert(names.memory.has(step.line), `line ${step.line} is declared`);
  }
}
