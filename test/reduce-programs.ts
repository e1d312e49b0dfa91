// Random programs with every kind of step, on random cache models: what the reductions are
// compared with plain enumeration on.

import fc from 'fast-check';
import type { Condition, Program, Step, Thread, Value } from '../src/litmus/index.ts';
import { type CacheModel, remedies, type ScenarioOptions } from '../src/scenario/index.ts';

const registers = ['r0', 'r1'] as const;
const says = fc.constant('');
const register = fc.constantFrom(...registers);
const constants = fc.nat(3);
const mapping = fc.constantFrom('K', 'U');
const line = fc.constantFrom('x', 'y');
const place = { mapping, line, cell: fc.nat(1), says };

const value: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: constants, weight: 4 },
  register.map((name): Value => ({ op: 'register', register: name })),
  fc
    .record({ op: fc.constantFrom('add' as const, 'eq' as const, 'lt' as const), b: constants })
    .map(({ op, b }): Value => ({ op, a: { op: 'register', register: 'r0' }, b })),
);

const access: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('load' as const), ...place, register }),
  fc.record({ kind: fc.constant('store' as const), ...place, value }),
  fc.record({ kind: fc.constant('exchange' as const), ...place, register, value }),
  fc.record({ kind: fc.constant('fetch' as const), ...place, register }),
);

const maintenance: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom('flush' as const, 'clean', 'invalidate', 'invalidate-icache'),
    mapping,
    line,
    says,
    local: fc.boolean(),
  })
  .map(({ local, ...step }) => (local ? { ...step, local } : step));

const flat: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('lock' as const, 'unlock'), lock: fc.constant('m'), says }),
  fc.record({ kind: fc.constantFrom('map' as const, 'unmap'), mapping, says }),
  fc.record({ kind: fc.constant('set' as const), register, value, says }),
  fc.record({ kind: fc.constant('mark' as const), says }),
  fc.record({ kind: fc.constant('crash' as const), says }),
  fc.record({
    kind: fc.constant('call' as const),
    name: fc.constant('f'),
    register,
    failures: fc.constantFrom<number[]>([], [1], [2, 3]),
    says,
  }),
  fc.record({
    kind: fc.constant('fsync' as const),
    line,
    tagged: fc.boolean(),
    kernel: fc.constant('K'),
    users: fc.constantFrom(['U'], []),
    says,
  }),
  fc.record({
    kind: fc.constant('kernel-access' as const),
    does: fc.constantFrom('read' as const, 'write'),
    mapping: fc.constant('K'),
    line,
    body: fc.array(access, { maxLength: 1 }),
  }),
);

const simple = fc.oneof(
  { arbitrary: access, weight: 6 },
  { arbitrary: maintenance, weight: 2 },
  { arbitrary: flat, weight: 2 },
);
const nested: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('if' as const),
    condition: value,
    yes: fc.array(simple, { maxLength: 2 }),
    no: fc.array(simple, { maxLength: 1 }),
    says,
  }),
  fc.record({
    kind: fc.constant('while' as const),
    condition: value,
    body: fc.array(simple, { maxLength: 2 }),
    says,
  }),
);
const step = fc.oneof({ arbitrary: simple, weight: 9 }, { arbitrary: nested, weight: 1 });

const asked = fc.record({
  registers: fc.array(fc.tuple(fc.nat(2), register, constants), { maxLength: 3 }),
  memory: fc.array(fc.tuple(line, fc.nat(1), constants), { maxLength: 2 }),
  crashed: fc.boolean(),
  deadlock: fc.boolean(),
  join: fc.constantFrom('and' as const, 'or'),
  filter: fc.option(fc.tuple(line, fc.nat(1), constants), { nil: undefined, freq: 5 }),
  quantifier: fc.constantFrom('exists' as const, 'forall'),
});

/** A program, and what it runs on. */
export interface Sample {
  readonly program: Program;
  readonly options: ScenarioOptions;
}

const shape = fc.record({
  threads: fc.array(
    fc.record({ cpu: fc.nat(1), steps: fc.array(step, { maxLength: 4, size: 'max' }) }),
    { minLength: 1, maxLength: 3 },
  ),
  twin: fc.boolean(),
  asked,
  lines: fc.integer({ min: 1, max: 2 }),
  cells: fc.integer({ min: 1, max: 2 }),
  later: fc.constantFrom(false, false, true),
  uncached: fc.constantFrom(false, false, false, true),
  cpus: fc.integer({ min: 1, max: 2 }),
  eadr: fc.boolean(),
  crashAnywhere: fc.constantFrom(false, false, false, true),
  colours: fc.constantFrom<(number | undefined)[]>([undefined, undefined], [0, 0], [0, 1]),
});

/** Machines of every kind, the strange ones too. */
export const randomModel: fc.Arbitrary<CacheModel> = fc.record({
  aliasClass: fc.constantFrom(
    'vipt-aliasing' as const,
    'vipt-aliasing',
    'vivt',
    'vipt-nonaliasing',
    'none',
  ),
  write: fc.constantFrom('back' as const, 'back', 'through'),
  allocateOnWrite: fc.boolean(),
  colours: fc.constantFrom(1, 2, 2),
  excludes: fc.constantFrom('none' as const, 'none', 'same-index', 'all'),
  icache: fc.constantFrom('coherent' as const, 'split'),
  instruction: fc.record({
    aliasClass: fc.constantFrom('vipt-aliasing' as const, 'vivt', 'pipt'),
    colours: fc.constantFrom(1, 2),
    excludes: fc.constantFrom('none' as const, 'same-index'),
  }),
});

/** Programs of up to three threads of up to four steps, on every kind of machine. */
export const randomSample: fc.Arbitrary<Sample> = fc
  .record({
    shape,
    model: randomModel,
    remedy: fc.constantFrom(
      'none' as const,
      'none',
      ...remedies.map((r) => r.name).filter((name) => name !== 'deny'),
    ),
  })
  .map(({ shape: chosen, model, remedy }) => ({
    program: programOf(chosen),
    options: {
      model,
      remedy,
      persistence: { pmemApi: true, flushcache: false, flushCachePage: true },
    },
  }));

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function programOf(chosen: Shape): Program {
  const { lines: lineCount, cells, cpus, crashAnywhere } = chosen;
  const names = ['x', 'y'].slice(0, lineCount);
  const fits = (step_: Step): Step => fitted(step_, { names, cells });
  const twins = chosen.twin && chosen.threads.length > 1;
  const threads = chosen.threads.map(({ cpu, steps }, t): Thread => {
    const own = (twins ? (chosen.threads[0]?.steps ?? []) : steps).map(fits);
    return { name: `P${t}`, ...(cpus > 1 ? { cpu } : {}), steps: withoutUnset(own) };
  });
  return {
    name: 'R',
    title: '',
    about: '',
    lines: names.map((name, i) => ({
      name,
      page: 'p0',
      cells: cells === 1 ? [i] : [i, 2],
    })),
    mappings: [
      mapped('K', 'kernel', chosen.colours[0], { uncached: chosen.uncached }),
      mapped('U', 'user', chosen.colours[1], { mappedLater: chosen.later }),
    ],
    threads,
    question: questionOf(chosen.asked, threads, { names, cells }),
    sources: [],
    locks: ['m'],
    medium: chosen.eadr ? 'eadr' : 'adr',
    ...(crashAnywhere ? { crashAnywhere } : {}),
  };
}

function mapped(
  name: string,
  side: 'kernel' | 'user',
  colour: number | undefined,
  is: { readonly uncached?: boolean; readonly mappedLater?: boolean },
) {
  return {
    name,
    page: 'p0',
    side,
    ...(colour === undefined ? {} : { colour }),
    ...(is.uncached ? { uncached: true as const } : {}),
    ...(is.mappedLater ? { mappedLater: true as const } : {}),
  };
}

type Places = { readonly names: readonly string[]; readonly cells: number };

// Lines and cells that the program does not have become the first ones.
function fitted(step_: Step, places: Places): Step {
  const inner = (steps: readonly Step[]): Step[] => steps.map((s) => fitted(s, places));
  switch (step_.kind) {
    case 'if':
      return { ...step_, yes: inner(step_.yes), no: inner(step_.no) };
    case 'while':
      return { ...step_, body: inner(step_.body) };
    case 'kernel-access':
      return { ...step_, line: lineIn(step_.line, places), body: inner(step_.body) };
    default: {
      const on = 'line' in step_ ? { ...step_, line: lineIn(step_.line, places) } : step_;
      return 'cell' in on && on.cell >= places.cells ? { ...on, cell: 0 } : on;
    }
  }
}

function lineIn(name: string, { names }: Places): string {
  return names.includes(name) ? name : 'x';
}

function setIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((s): readonly string[] => {
    if (s.kind === 'if') return setIn([...s.yes, ...s.no]);
    if (s.kind === 'while' || s.kind === 'kernel-access') return setIn(s.body);
    return 'register' in s && s.register !== undefined ? [s.register] : [];
  });
}

// Registers that nothing sets cannot be read: their place takes 0.
function withoutUnset(steps: readonly Step[]): readonly Step[] {
  const known = new Set(setIn(steps));
  const fixed = (v: Value): Value => {
    if (typeof v === 'number') return v;
    if (v.op === 'register') return known.has(v.register) ? v : 0;
    if (v.op === 'not') return { ...v, a: fixed(v.a) };
    return { ...v, a: fixed(v.a), b: fixed(v.b) };
  };
  const of = (s: Step): Step => {
    if (s.kind === 'if') {
      return { ...s, condition: fixed(s.condition), yes: s.yes.map(of), no: s.no.map(of) };
    }
    if (s.kind === 'while') return { ...s, condition: fixed(s.condition), body: s.body.map(of) };
    if (s.kind === 'kernel-access') return { ...s, body: s.body.map(of) };
    return 'value' in s ? { ...s, value: fixed(s.value) } : s;
  };
  return steps.map(of);
}

type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function questionOf(chosen: Asked, threads: readonly Thread[], places: Places) {
  const ofRegisters = chosen.registers.flatMap(([t, name, v]): Condition[] => {
    const thread = threads[t];
    if (!thread || !setIn(thread.steps).includes(name)) return [];
    return [{ op: 'register', thread: thread.name, register: name, value: v }];
  });
  const cellOf = ([name, cell, v]: readonly [string, number, number]): Condition => ({
    op: 'memory',
    line: lineIn(name, places),
    cell: Math.min(cell, places.cells - 1),
    value: v,
  });
  const of: Condition[] = [...ofRegisters, ...chosen.memory.map(cellOf)];
  if (chosen.crashed) of.push({ op: 'crashed', value: 1 });
  if (chosen.deadlock) of.push({ op: 'deadlock', value: 0 });
  const condition: Condition = of.length === 0 ? { op: 'true' } : { op: chosen.join, of };
  return {
    quantifier: chosen.quantifier,
    condition,
    ...(chosen.filter ? { filter: { op: 'not' as const, of: cellOf(chosen.filter) } } : {}),
  };
}
