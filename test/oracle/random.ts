// Random programs, small enough to try every schedule on concrete caches.

import fc from 'fast-check';
import type { Condition, Location, Mapping, Program, Step, Value } from '../../src/litmus/index.ts';

/** What a family of programs is about. */
export interface Taste {
  readonly cpus: 1 | 2;
  /** 1: one line of one page. 2: two lines, of one page or of two. */
  readonly pages: 1 | 2;
  readonly fetches: boolean;
  /** Branches, loops, locks, calls, computed values. */
  readonly flow: boolean;
}

const says = '';
const number = fc.integer({ min: 0, max: 3 });
const register = fc.constantFrom('r0', 'r1');

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    number,
    fc.record({ op: fc.constant('register' as const), register }),
    fc.record({
      op: fc.constantFrom('add', 'eq', 'ne', 'lt', 'and', 'or'),
      a: tie('value'),
      b: tie('value'),
    }),
    fc.record({ op: fc.constant('not' as const), a: tie('value') }),
  ),
})).value;

/** What the steps of a program may name. */
interface Scope {
  readonly taste: Taste;
  readonly places: readonly { readonly mapping: string; readonly line: string }[];
  readonly kernel: readonly { readonly mapping: string; readonly line: string }[];
}

function accesses({ taste, places }: Scope): fc.Arbitrary<Step> {
  const cell = fc.nat(1);
  const stored = taste.flow ? value : fc.integer({ min: 1, max: 3 });
  const at = fc.constantFrom(...places);
  const where = fc.tuple(at, cell).map(([place, c]) => ({ ...place, cell: c, says }));
  const loads = (kind: 'load' | 'fetch'): fc.Arbitrary<Step> =>
    fc.tuple(where, register).map(([w, r]): Step => ({ kind, ...w, register: r }));
  return fc.oneof(
    loads('load'),
    loads(taste.fetches ? 'fetch' : 'load'),
    fc.tuple(where, stored).map(([w, v]): Step => ({ kind: 'store', ...w, value: v })),
    fc.tuple(where, stored).map(([w, v]): Step => ({ kind: 'store', ...w, value: v })),
    fc
      .tuple(where, stored, register)
      .map(([w, v, r]): Step => ({ kind: 'exchange', ...w, value: v, register: r })),
  );
}

function maintenance({ taste, places }: Scope): fc.Arbitrary<Step> {
  const kinds = ['flush', 'clean', 'invalidate'] as const;
  const kind = fc.constantFrom(
    ...kinds,
    ...(taste.fetches ? (['invalidate-icache'] as const) : []),
  );
  return fc
    .tuple(kind, fc.constantFrom(...places), fc.boolean())
    .map(([k, place, local]): Step => ({ kind: k, ...place, says, ...(local ? { local } : {}) }));
}

function rareSteps(scope: Scope): fc.Arbitrary<Step> {
  const mapping = fc.constantFrom(...scope.places.map((p) => p.mapping));
  const reach = fc
    .tuple(fc.constantFrom('map' as const, 'unmap' as const), mapping)
    .map(([kind, m]): Step => ({ kind, mapping: m, says }));
  const crash = fc.constant<Step>({ kind: 'crash', says });
  const inside = (): fc.Arbitrary<Step> =>
    fc
      .tuple(
        fc.constantFrom('read' as const, 'write' as const),
        fc.constantFrom(...scope.kernel),
        fc.array(accesses(scope), { maxLength: 1 }),
      )
      .map(([does, at, body]): Step => ({ kind: 'kernel-access', does, ...at, body }));
  return fc.oneof(
    { arbitrary: maintenance(scope), weight: 3 },
    { arbitrary: reach, weight: 1 },
    { arbitrary: crash, weight: 1 },
    ...(scope.kernel.length > 0 ? [{ arbitrary: inside(), weight: 1 }] : []),
  );
}

function localSteps(plain: fc.Arbitrary<Step>): fc.Arbitrary<Step> {
  const few = fc.array(plain, { maxLength: 2 });
  const lock = fc.constantFrom('m', 'n');
  return fc.oneof(
    fc.record({ kind: fc.constant('set' as const), register, value, says: fc.constant(says) }),
    fc.record({
      kind: fc.constant('if' as const),
      condition: value,
      yes: few,
      no: few,
      says: fc.constant(says),
    }),
    fc.record({
      kind: fc.constant('while' as const),
      condition: value,
      body: few,
      says: fc.constant(says),
    }),
    fc.record({
      kind: fc.constantFrom('lock' as const, 'unlock' as const),
      lock,
      says: fc.constant(says),
    }),
    fc
      .tuple(fc.constantFrom('asked', 'unasked'), fc.constantFrom([], [2], [3, 2]), register)
      .map(([name, failures, r]): Step => ({ kind: 'call', name, failures, register: r, says })),
  );
}

function threadSteps(scope: Scope): fc.Arbitrary<readonly Step[]> {
  const { taste } = scope;
  const plain = fc.oneof(
    { arbitrary: accesses(scope), weight: 2 },
    { arbitrary: rareSteps(scope), weight: 1 },
  );
  const step = taste.flow
    ? fc.oneof({ arbitrary: plain, weight: 1 }, { arbitrary: localSteps(plain), weight: 2 })
    : plain;
  return fc.array(step, { maxLength: taste.flow ? 4 : 3 });
}

interface Stage {
  readonly mappings: readonly Mapping[];
  readonly lines: Program['lines'];
}

function stages(taste: Taste): fc.Arbitrary<Stage> {
  const mapping = (name: string): fc.Arbitrary<Mapping> =>
    fc
      .record({
        side: fc.constantFrom('kernel' as const, 'user' as const, 'user' as const),
        page: fc.constantFrom('p', 'q'),
        colour: fc.option(fc.nat(5), { nil: undefined }),
        mappedLater: fc.nat(7).map((n) => n === 0),
        uncached: fc.nat(7).map((n) => n === 0),
      })
      .map(
        ({ side, page, colour, mappedLater, uncached }): Mapping => ({
          name,
          side,
          page: taste.pages === 2 ? page : 'p',
          ...(colour === undefined ? {} : { colour }),
          ...(mappedLater ? { mappedLater } : {}),
          ...(uncached ? { uncached } : {}),
        }),
      );
  const three = taste.cpus === 1 && taste.pages === 1 && !taste.fetches;
  return fc
    .tuple(
      mapping('A'),
      mapping('B'),
      three ? fc.option(mapping('C')) : fc.constant(null),
      fc.boolean(),
    )
    .map(([a, b, c, apart]) => {
      const first: Mapping = { ...a, page: 'p' };
      const second = apart ? b : { ...b, page: 'p' };
      const others = c ? [{ ...c, page: 'p' }] : [];
      // Not 0: a line that appears out of nothing must not look like memory.
      const x = { name: 'x', page: 'p', cells: [1, 2] };
      const y = { name: 'y', page: second.page, cells: [3, 1] };
      return { mappings: [first, second, ...others], lines: taste.pages === 2 ? [x, y] : [x] };
    });
}

/** Programs of at most two threads of a few steps. */
export function randomProgram(taste: Taste): fc.Arbitrary<Program> {
  return stages(taste).chain(({ mappings, lines }) => {
    const places = lines.flatMap((l) =>
      mappings.filter((m) => m.page === l.page).map((m) => ({ mapping: m.name, line: l.name })),
    );
    const kernel = places.filter((p) =>
      mappings.some((m) => m.name === p.mapping && m.side === 'kernel'),
    );
    const steps = threadSteps({ taste, places, kernel });
    return fc
      .record({
        threads: fc.array(steps, { minLength: taste.cpus, maxLength: 2 }),
        medium: fc.constantFrom('adr' as const, 'eadr' as const),
        power: fc.nat(3).map((n) => n === 0),
        wide: taste.flow ? fc.constantFrom(2, 3) : fc.constant(2),
        signed: taste.flow ? fc.boolean() : fc.constant(false),
        question: fc.tuple(
          fc.constantFrom('exists' as const, 'not-exists' as const, 'forall' as const),
          fc.nat(),
          fc.nat(),
          fc.nat(),
        ),
      })
      .map(({ threads, medium, power, wide, signed, question }): Program => {
        const bare: Omit<Program, 'question'> = {
          name: 'R',
          title: '',
          about: '',
          lines,
          mappings,
          threads: threads.map((list, i) => {
            // What no step sets has no value; so every register is set first.
            const first = ['r0', 'r1'].map(
              (r): Step => ({ kind: 'set', register: r, value: 0, says }),
            );
            return {
              name: `P${i}`,
              ...(taste.cpus === 2 && i > 0 ? { cpu: i } : {}),
              steps: taste.flow ? [...first, ...list] : list,
            };
          }),
          sources: [],
          medium,
          ...(power ? { crashAnywhere: true } : {}),
          ...(wide === 2 ? {} : { valueBits: wide }),
          ...(signed ? { signed } : {}),
          ...(taste.flow ? { locks: ['m', 'n'] } : {}),
        };
        return { ...bare, question: askedOf(bare, question) };
      });
  });
}

function askedOf(
  program: Omit<Program, 'question'>,
  [quantifier, a, b, c]: readonly [Program['question']['quantifier'], number, number, number],
): Program['question'] {
  const all: readonly Location[] = [
    ...program.threads.flatMap(({ name, steps }) =>
      [...new Set(steps.flatMap(registersIn))].map(
        (r): Location => ({ op: 'register', thread: name, register: r }),
      ),
    ),
    ...program.lines.map(({ name }): Location => ({ op: 'memory', line: name, cell: 0 })),
    ...(a % 5 === 0 ? [{ op: 'crashed' } as const] : []),
    ...(a % 7 === 0 ? [{ op: 'deadlock' } as const] : []),
  ];
  const pick = (n: number): Condition => {
    const location = all[n % all.length] ?? { op: 'memory', line: 'x', cell: 0 };
    const flag = location.op === 'crashed' || location.op === 'deadlock';
    return { ...location, value: flag ? 1 : Math.floor(n / all.length) % 4 };
  };
  const condition: Condition =
    c % 3 === 0
      ? pick(a)
      : { op: c % 3 === 1 ? 'and' : 'or', of: [pick(a), { op: 'not', of: pick(b) }] };
  return {
    quantifier,
    condition,
    ...(c % 4 === 0 ? { filter: { op: 'not', of: pick(a + b) } } : {}),
    ...(c % 5 === 0 ? { locations: [all[b % all.length] ?? { op: 'crashed' }] } : {}),
  };
}

function registersIn(step: Step): readonly string[] {
  if (step.kind === 'if') return [...step.yes, ...step.no].flatMap(registersIn);
  if (step.kind === 'while' || step.kind === 'kernel-access') return step.body.flatMap(registersIn);
  return 'register' in step && step.register !== undefined ? [step.register] : [];
}
