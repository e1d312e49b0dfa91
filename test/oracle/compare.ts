// A program in the product's model and on concrete caches: the end outcomes must be the same sets,
// and the program's own question must find the same of them.

import { expect } from 'vitest';
import { explore } from '../../src/explore/index.ts';
import type { Condition, Location, Program } from '../../src/litmus/index.ts';
import { compileScenario, locationText, type ScenarioOptions } from '../../src/scenario/index.ts';
import { type Outcome, outcomes } from './run.ts';
import { type Rig, setUp } from './setup.ts';
import { wrapped } from './values.ts';

/** States after which the concrete run of one program is given up. */
const LIMIT = 20_000;

/**
 * Fails the test where the two differ. Gives whether the question's condition can hold;
 * `undefined`: too large to tell.
 */
export function compare(program: Program, options: ScenarioOptions, on: Rig): boolean | undefined {
  const label = `${program.name} ${options.remedy}`;
  const concrete = outcomes(setUp(program, on, options), LIMIT);
  if (!concrete) return undefined;
  expect({ [label]: modelled(lookingAtAll(program, concrete), options) }).toEqual({
    [label]: projected(program, concrete, undefined),
  });
  const asked = modelled(program, options);
  expect({ [label]: asked }).toEqual({ [label]: projected(program, concrete, asked) });
  return concrete.some((outcome) => holds(program, program.question.condition, outcome));
}

/** Texts such as `+ P0:r0=1 x[0]=2`; plus: the question is satisfied. */
type Ends = readonly string[];

/** The program with a question that looks at everything that an outcome tells. */
function lookingAtAll(program: Program, concrete: readonly Outcome[]): Program {
  const locations = Object.keys(concrete[0] ?? {}).map((name): Location => {
    const [thread, register] = name.split(':');
    const cell = /^(.*)\[(\d+)\]$/.exec(name);
    if (name === 'crashed' || name === 'deadlock') return { op: name };
    if (cell) return { op: 'memory', line: cell[1] ?? '', cell: Number(cell[2]) };
    return { op: 'register', thread: thread ?? '', register: register ?? '' };
  });
  const question = { quantifier: 'exists', condition: { op: 'true' }, locations } as const;
  return { ...program, question };
}

function modelled(program: Program, options: ScenarioOptions): Ends {
  const { system, question } = compileScenario(program, options);
  const found = explore(system, question);
  if (found.outcome !== 'complete') throw new Error('the search was cut off');
  const names = system.observed.map((field) => system.fields[field]?.name ?? '');
  const ends = found.ends.map(({ values, satisfies }) => {
    const told = names.map((name, i): [string, number] => {
      const raw = values[i] ?? Number.NaN;
      return [name, isFlag(name) ? raw : wrapped(program, raw)];
    });
    return endText(Object.fromEntries(told), names, satisfies);
  });
  return ends.sort();
}

function isFlag(name: string): boolean {
  return name === 'crashed' || name === 'deadlock';
}

/** What the question makes of the concrete outcomes, in the names that the model's ends tell. */
function projected(program: Program, concrete: readonly Outcome[], ends: Ends | undefined): Ends {
  if (!ends) {
    return concrete.map((o) => endText(o, Object.keys(o), true)).sort();
  }
  const { filter, condition, quantifier, locations = [] } = program.question;
  const read = [...atomsOf(condition), ...locations].map(locationText);
  const asksDeadlock = [...read, ...atomsOf(filter).map(locationText)].includes('deadlock');
  // The model tells of deadlocks beside, where there can be any.
  const told = concrete.some((o) => o['deadlock'] === 1) || ends.some((e) => / deadlock=/.test(e));
  const names = told ? [...read, 'deadlock'] : read;
  const texts = concrete
    .filter((outcome) => !filter || holds(program, filter, outcome))
    .map((outcome) => {
      const bad = holds(program, condition, outcome) !== (quantifier === 'forall');
      return endText(outcome, names, bad && (asksDeadlock || outcome['deadlock'] === 0));
    });
  return [...new Set(texts)].sort();
}

function endText(outcome: Outcome, names: readonly string[], satisfies: boolean): string {
  const told = [...new Set(names)].sort().map((name) => `${name}=${outcome[name]}`);
  return [satisfies ? '+' : '-', ...told].join(' ');
}

function atomsOf(condition: Condition | undefined): readonly Location[] {
  if (condition === undefined || condition.op === 'true') return [];
  if (condition.op === 'not') return atomsOf(condition.of);
  if ('value' in condition) return [condition];
  return condition.of.flatMap(atomsOf);
}

function holds(program: Program, condition: Condition, outcome: Outcome): boolean {
  switch (condition.op) {
    case 'and':
      return condition.of.every((c) => holds(program, c, outcome));
    case 'or':
      return condition.of.some((c) => holds(program, c, outcome));
    case 'not':
      return !holds(program, condition.of, outcome);
    case 'true':
      return true;
    case 'register':
    case 'memory':
      return outcome[locationText(condition)] === wrapped(program, condition.value);
    case 'crashed':
    case 'deadlock':
      return outcome[condition.op] === condition.value;
    case 'kernel':
      throw new Error('asked of a kernel that runs, not of a cache');
  }
}
