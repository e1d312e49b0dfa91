// What each kind of step does, by the outcomes of the smallest programs that show it.

import { expect, test } from 'vitest';
import { explore } from '../explore/index.ts';
import type { Location, Mapping, Program, Step } from '../litmus/index.ts';
import { type CacheModel, genericModel } from './cache-model.ts';
import { compileScenario, type ScenarioOptions } from './compile.ts';
import { locationText } from './condition.ts';

const says = '';
const pipt = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
const vipt = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
const K: Mapping = { name: 'K', page: 'p', side: 'kernel' };
const U: Mapping = { name: 'U', page: 'p', side: 'user' };

function load(register: string, mapping = 'K'): Step {
  return { kind: 'load', mapping, line: 'x', cell: 0, register, says };
}

function fetch(register: string, mapping = 'K'): Step {
  return { kind: 'fetch', mapping, line: 'x', cell: 0, register, says };
}

function store(value: number, mapping = 'K'): Step {
  return { kind: 'store', mapping, line: 'x', cell: 0, value, says };
}

function exchange(value: number, register: string): Step {
  return { kind: 'exchange', mapping: 'K', line: 'x', cell: 0, value, register, says };
}

type Maintenance = 'flush' | 'clean' | 'invalidate' | 'invalidate-icache';

function maintain(kind: Maintenance, mapping = 'K', local?: 'local'): Step {
  return { kind, mapping, line: 'x', says, ...(local ? { local: true } : {}) };
}

/** A program on a line x of K and U that holds 1; thread i runs on CPU i where `apart`. */
function program(
  threads: readonly (readonly Step[])[],
  rest: Partial<Program> & { readonly apart?: true } = {},
): Program {
  const { apart, ...given } = rest;
  return {
    name: 'T',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'p', cells: [1] }],
    mappings: [K, U],
    threads: threads.map((steps, i) => ({ name: `P${i}`, steps, ...(apart ? { cpu: i } : {}) })),
    question: { quantifier: 'exists', condition: { op: 'true' } },
    sources: [],
    ...given,
  };
}

function place(text: string): Location {
  const [thread = '', register] = text.split(':');
  if (register !== undefined) return { op: 'register', thread, register };
  if (text === 'crashed' || text === 'deadlock') return { op: text };
  return { op: 'memory', line: text, cell: 0 };
}

/** The values that the places can have together at the end, e.g. `0 1`, sorted. */
function ends(
  places: string,
  asked: Program,
  options: Partial<ScenarioOptions> = {},
): readonly string[] {
  const locations = places.split(' ').map(place);
  const { condition } = asked.question;
  const { system, question } = compileScenario(
    { ...asked, question: { ...asked.question, condition, locations } },
    { model: pipt, remedy: 'none', ...options },
  );
  const found = explore(system, question);
  expect(found.outcome).toBe('complete');
  const names = system.observed.map((field) => system.fields[field]?.name ?? '');
  const shown = locations.map((l) => names.indexOf(locationText(l)));
  return [...new Set(found.ends.map((e) => shown.map((i) => e.values[i]).join(' ')))].sort();
}

test('an exchange gives what was there and stores what comes after', () => {
  expect(ends('P0:r0 x', program([[exchange(2, 'r0')]]))).toEqual(['1 2']);
});

test('nothing comes between the halves of an exchange, on one CPU or two', () => {
  const both = [[exchange(2, 'r0')], [exchange(3, 'r0')]];
  for (const asked of [program(both), program(both, { apart: true })]) {
    expect(ends('P0:r0 P1:r0 x', asked)).toEqual(['1 2 3', '3 1 2']);
  }
});

test('a store need not bring the line in, an exchange does', () => {
  // One place for both addresses: whatever comes in throws the other line out.
  const vivt = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'direct' });
  const mappings = [K, U].map((m): Mapping => ({ ...m, colour: 0 }));
  const seen = (change: Step, allocateOnWrite: boolean) =>
    ends('P0:r1', program([[load('r0', 'U'), change, load('r1', 'U')]], { mappings }), {
      model: { ...vivt, allocateOnWrite },
    });
  expect(seen(store(2), true)).toEqual(['2']);
  expect(seen(store(2), false)).toEqual(['1', '2']);
  expect(seen(exchange(2, 'r2'), false)).toEqual(['2']);
});

test('addresses of other colours have other places, and what is out of reach is not filled', () => {
  const direct = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'direct' });
  const steps = [load('r0', 'U'), store(2), load('r1', 'U')];
  expect(ends('P0:r1', program([steps]), { model: direct })).toEqual(['1', '2']);
  const reach = (kind: 'map' | 'unmap'): Step => ({ kind, mapping: 'U', says });
  const away = [store(2), maintain('flush'), maintain('flush', 'U')];
  expect(ends('P0:r1', program([[...away, load('r1', 'U')]]), { model: vipt })).toEqual(['2']);
  const filled = [maintain('flush', 'U'), store(2), maintain('flush'), load('r1', 'U')];
  expect(ends('P0:r1', program([filled]), { model: vipt })).toEqual(['1', '2']);
  const hidden = [reach('unmap'), ...filled.slice(0, 3), reach('map'), load('r1', 'U')];
  expect(ends('P0:r1', program([hidden]), { model: vipt })).toEqual(['2']);
});

test('end states that the filter leaves out are not there', () => {
  const filter = { op: 'register', thread: 'P0', register: 'r0', value: 2 } as const;
  const asked = program([[load('r0')], [store(2)]]);
  expect(ends('P0:r0', asked)).toEqual(['1', '2']);
  expect(ends('P0:r0', { ...asked, question: { ...asked.question, filter } })).toEqual(['2']);
});

test('set computes from registers, and each thread has its own', () => {
  const add: Step = {
    kind: 'set',
    register: 'r0',
    value: { op: 'add', a: { op: 'register', register: 'r0' }, b: 2 },
    says,
  };
  expect(ends('P0:r0 P1:r0', program([[load('r0'), add], [load('r0')]]))).toEqual(['3 1']);
});

test('if runs one side; while runs until its condition fails', () => {
  const r0 = { op: 'register', register: 'r0' } as const;
  const count: Step = { kind: 'set', register: 'r1', value: { op: 'add', a: r0, b: 0 }, says };
  const down: Step = { kind: 'set', register: 'r0', value: { op: 'add', a: r0, b: 3 }, says };
  const branch: Step = { kind: 'if', condition: r0, yes: [store(2)], no: [store(3)], says };
  const loop: Step = { kind: 'while', condition: r0, body: [count, down], says };
  expect(ends('P0:r0 P0:r1 x', program([[load('r0'), loop, branch]]))).toEqual(['0 1 3']);
  expect(ends('x', program([[load('r0'), branch]]))).toEqual(['2']);
});

test('a loop whose condition always holds has no end', () => {
  const loop: Step = { kind: 'while', condition: 1, body: [], says };
  expect(ends('x', program([[loop]]))).toEqual([]);
});

test('a call gives what machine and kernel answer, or 0, or an injected failure', () => {
  const call: Step = { kind: 'call', name: 'f', register: 'r0', failures: [2, 3], says };
  expect(ends('P0:r0', program([[call]]))).toEqual(['0', '2', '3']);
  // A refusal comes first: nothing is left to fail.
  expect(ends('P0:r0', program([[call]]), { answers: { f: 1 } })).toEqual(['1']);
  expect(ends('P0:r0', program([[call]]), { answers: { g: 1 } })).toEqual(['0', '2', '3']);
});

test('an error code is negative where the program has a sign', () => {
  const call: Step = { kind: 'call', name: 'f', register: 'r0', failures: [-12], says };
  const signed = { signed: true, valueBits: 6 } as const;
  expect(ends('P0:r0', program([[call]], signed))).toEqual(['0', '52']);
});

const lock: Step = { kind: 'lock', lock: 'm', says };
const unlock: Step = { kind: 'unlock', lock: 'm', says };

test('a lock lets one thread in at a time', () => {
  const locks = { locks: ['m'] };
  const first = [lock, store(2), load('r0'), unlock];
  const second = [lock, store(3), unlock];
  expect(ends('P0:r0', program([first, second], locks))).toEqual(['2']);
  expect(ends('P0:r0', program([[store(2), load('r0')], [store(3)]]))).toEqual(['2', '3']);
  expect(ends('deadlock', program([first, second], locks))).toEqual(['0']);
});

test('whoever waits for ever is an outcome of its own', () => {
  const n = (kind: 'lock' | 'unlock'): Step => ({ kind, lock: 'n', says });
  const cross = [
    [lock, n('lock'), n('unlock'), unlock],
    [n('lock'), lock, unlock, n('unlock')],
  ];
  expect(ends('deadlock', program(cross, { locks: ['m', 'n'] }))).toEqual(['0', '1']);
  const unmap: Step = { kind: 'unmap', mapping: 'K', says };
  expect(ends('deadlock P0:r0', program([[unmap, load('r0')]]))).toEqual(['1 0']);
});

test('where threads wait for ever the question is not asked, unless it asks for that', () => {
  const asked = program([[lock, lock, load('r0')]], { locks: ['m'] });
  const satisfied = (condition: Program['question']['condition']) => {
    const question = { quantifier: 'exists', condition } as const;
    const scenario = compileScenario({ ...asked, question }, { model: pipt, remedy: 'none' });
    return explore(scenario.system, scenario.question).ends.map((e) => e.satisfies);
  };
  const zero = { op: 'register', thread: 'P0', register: 'r0', value: 0 } as const;
  expect(satisfied(zero)).toEqual([false]);
  expect(satisfied({ op: 'and', of: [zero, { op: 'deadlock', value: 1 }] })).toEqual([true]);
});

test('a crash loses what only the caches have, under eADR nothing', () => {
  const crashing = [[store(2), { kind: 'crash', says } as const]];
  expect(ends('x', program(crashing))).toEqual(['1', '2']);
  expect(ends('x', program(crashing, { medium: 'eadr' }))).toEqual(['2']);
});

test('under eADR two dirty copies reach memory in either order', () => {
  const crashing = [[store(2), store(3, 'U'), { kind: 'crash', says } as const]];
  const asked = program(crashing, { medium: 'eadr' });
  expect(ends('x', asked, { model: vipt })).toEqual(['2', '3']);
});

test('a crash ends every thread and frees what it holds', () => {
  const other = [lock, lock];
  const asked = program([[{ kind: 'crash', says }], other], { locks: ['m'] });
  expect(ends('crashed deadlock', asked)).toEqual(['1 0']);
});

test('power may fail before any step, once, and not after the end', () => {
  const asked = program([[store(2), maintain('flush')]], { crashAnywhere: true });
  expect(ends('crashed x', asked)).toEqual(['0 2', '1 1', '1 2']);
});

test('power that fails while threads wait for ever is a crash, no deadlock', () => {
  const asked = program([[lock, lock]], { locks: ['m'], crashAnywhere: true });
  expect(ends('crashed deadlock', asked)).toEqual(['0 1', '1 0']);
});

test('a fetch takes what memory has, whatever the data cache holds', () => {
  const steps = [store(2), fetch('r0')];
  expect(ends('P0:r0', program([steps]))).toEqual(['1', '2']);
  const flushed = [store(2), maintain('flush'), fetch('r0')];
  expect(ends('P0:r0', program([flushed]))).toEqual(['1', '2']);
  const dropped = [store(2), maintain('invalidate-icache'), fetch('r0')];
  expect(ends('P0:r0', program([dropped]))).toEqual(['1', '2']);
  const both = [store(2), maintain('flush'), maintain('invalidate-icache'), fetch('r0')];
  expect(ends('P0:r0', program([both]))).toEqual(['2']);
});

test('where the I-cache is coherent a fetch sees the newest store, past stale lines', () => {
  const model = { ...pipt, icache: 'coherent' } as const;
  expect(ends('P0:r0', program([[store(2), fetch('r0')]]), { model })).toEqual(['2']);
  const through = { ...vipt, write: 'through', icache: 'coherent' } as const;
  const steps = [load('r1', 'U'), store(2), load('r1', 'U'), fetch('r0', 'U')];
  expect(ends('P0:r0', program([steps]), { model: through })).toEqual(['2']);
  expect(ends('P0:r1', program([steps]), { model: through })).toEqual(['1', '2']);
});

test('instruction lines are told apart as data lines are', () => {
  const steps = (invalidated: string) => [
    fetch('r0', 'U'),
    store(2),
    maintain('flush'),
    maintain('invalidate-icache', invalidated),
    fetch('r1', 'U'),
  ];
  expect(ends('P0:r1', program([steps('U')]), { model: vipt })).toEqual(['2']);
  expect(ends('P0:r1', program([steps('K')]), { model: vipt })).toEqual(['1', '2']);
  expect(ends('P0:r1', program([steps('K')]))).toEqual(['2']);
});

test('dropping instruction lines leaves the data cache alone, and the other way round', () => {
  const crash: Step = { kind: 'crash', says };
  const kept = program([[fetch('r0'), store(2), maintain('invalidate-icache'), load('r1')]]);
  expect(ends('P0:r1 x', kept)).toEqual(['2 2']);
  const gone = program([[fetch('r0'), store(2), maintain('invalidate'), crash]]);
  expect(ends('x', gone)).toEqual(['1', '2']);
});

/** P0 stores 2 and raises a flag on CPU 0; P1 reads the flag on CPU 1 and goes on with `after`. */
function published(...after: readonly Step[]): Program {
  const flag = { mapping: 'F', line: 'f', cell: 0, says } as const;
  return program(
    [
      [store(2), { kind: 'store', ...flag, value: 1 }],
      [{ kind: 'load', ...flag, register: 'f' }, ...after],
    ],
    {
      apart: true,
      mappings: [K, U, { name: 'F', page: 'f', side: 'kernel', uncached: true }],
      lines: [
        { name: 'x', page: 'p', cells: [1] },
        { name: 'f', page: 'f', cells: [0] },
      ],
    },
  );
}

test('CPUs see stores of each other under one address', () => {
  const seen = (reader: string, model: CacheModel = vipt) =>
    ends('P1:f P1:r0', published(load('r0', reader)), { model });
  expect(seen('K')).toEqual(['0 1', '0 2', '1 2']);
  expect(seen('U')).toContain('1 1');
  // Hardware that reports synonyms finds the line under the other address too.
  expect(seen('U', { ...vipt, excludes: 'all' })).toEqual(['0 1', '0 2', '1 2']);
});

test('the last store wins, whoever has the line', () => {
  const asked = program([[store(2)], [store(3), load('r0')]], { apart: true });
  for (const write of ['back', 'through'] as const) {
    for (const allocateOnWrite of [true, false]) {
      const model = { ...pipt, write, allocateOnWrite };
      expect(ends('P1:r0 x', asked, { model })).toEqual(['2 2', '3 2', '3 3']);
    }
  }
});

test('maintenance reaches all CPUs unless it is local', () => {
  const left = (kind: Maintenance, local?: 'local') =>
    ends('P1:f x', published(maintain(kind, 'K', local), { kind: 'crash', says }));
  for (const kind of ['flush', 'clean'] as const) {
    // Where the flag is up, the store is in memory unless the write-back was local.
    expect(left(kind).filter((end) => end.startsWith('1'))).toEqual(['1 2']);
    expect(left(kind, 'local').filter((end) => end.startsWith('1'))).toEqual(['1 1', '1 2']);
  }
});

test('what is invalidated on all CPUs is lost, what is invalidated locally stays', () => {
  const left = (local?: 'local') => ends('P1:f x', published(maintain('invalidate', 'K', local)));
  expect(left()).toContain('1 1');
  expect(left('local')).toEqual(['0 2', '1 2']);
});
