// The remedies within fs/dax.c: each holds or fails around the accesses of dax_iomap_rw() as it
// does around the accesses of the small programs, on every class of cache. A user who has mapped
// the page loads and stores; the kernel reads and writes the file.

import { describe, expect, test } from 'vitest';
import { assert, at, never, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { type Machine, machineById } from '../hw/index.ts';
import {
  iovBytes,
  iovSink,
  type KernelRemedy,
  kernelRemedies,
  type Op,
  user_load,
  user_store,
} from '../kernel/index.ts';
import type { Condition, Program, Step } from '../litmus/index.ts';
import { type ClosedScene, closeScene, sceneEnds, scheduleTo } from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import { type RemedyName, remedies } from './remedy.ts';
import { type Bed, differentColours } from './test-dax-bed.ts';

/** One access to byte `cell` of the line; what it loads is the next register of its thread. */
type Act =
  | { readonly by: 'user' | 'kernel'; readonly does: 'load' }
  | {
      readonly by: 'user' | 'kernel';
      readonly does: 'store';
      readonly value: number;
      readonly cell?: number;
    };

/** Accesses of each thread, and what must not be: a value loaded last, or left in memory. */
interface Race {
  readonly name: string;
  readonly threads: readonly (readonly Act[])[];
  readonly wrong:
    | { readonly kind: 'loads'; readonly value: number }
    | { readonly kind: 'memory'; readonly cell: number; readonly value: number }[];
}

const load = (by: 'user' | 'kernel'): Act => ({ by, does: 'load' });
const store = (by: 'user' | 'kernel', value: number, cell = 0): Act => ({
  by,
  does: 'store',
  value,
  cell,
});

const races: readonly Race[] = [
  {
    name: 'the user loads what write() has overwritten',
    threads: [[load('user'), store('kernel', 1), load('user')]],
    wrong: { kind: 'loads', value: 0 },
  },
  {
    name: 'read() misses a store of the user',
    threads: [[store('user', 1), load('kernel')]],
    wrong: { kind: 'loads', value: 0 },
  },
  {
    name: 'a second read() misses a store of the user',
    threads: [[load('kernel'), store('user', 1), load('kernel')]],
    wrong: { kind: 'loads', value: 0 },
  },
  {
    name: 'a store of the user is lost to an older write()',
    threads: [[store('kernel', 1), store('user', 2)]],
    wrong: [{ kind: 'memory', cell: 0, value: 1 }],
  },
  {
    name: 'write() is lost to an older store of the user',
    threads: [[store('user', 1), store('kernel', 2)]],
    wrong: [{ kind: 'memory', cell: 0, value: 1 }],
  },
  {
    name: 'write() and a store to another byte of the line: one is lost',
    threads: [[store('kernel', 1)], [store('user', 1, 1)]],
    wrong: [
      { kind: 'memory', cell: 0, value: 0 },
      { kind: 'memory', cell: 1, value: 0 },
    ],
  },
];

function machineNamed(id: string): Machine {
  return present(machineById(id), `machine ${id}`);
}

// A cache with virtual tags and one place for all addresses of a colour, which writes back: no
// machine of the catalogue has one.
function directVivt(): Machine {
  const base = machineNamed('arm926ej-s');
  const dcache = { ...present(base.dcache, 'a cache'), ways: 1, allocateOnWrite: true };
  return { ...base, id: 'vivt-direct', dcache };
}

const machines: readonly (readonly [string, () => Machine])[] = [
  ['VIVT, set associative', () => machineNamed('arm926ej-s')],
  ['VIVT, direct mapped', directVivt],
  ['VIVT, direct mapped, write-through', () => machineNamed('m68030-wa')],
  ['VIPT, direct mapped', () => machineNamed('sh7750/4k')],
  ['VIPT, set associative', () => machineNamed('24kc-32k/4k')],
  ['PIPT', () => machineNamed('cortex-a15')],
];

/** Wilcox's rules one by one have no program transformation; the rest is known by one name. */
function isSmall(remedy: KernelRemedy): remedy is RemedyName {
  return remedies.some(({ name }) => name === remedy);
}

// The small program: K and U are of different colours unless the remedy says otherwise.
function smallFails(machine: Machine, remedy: RemedyName, race: Race): boolean {
  const threads = race.threads.map((acts, t) => ({
    name: `P${t}`,
    steps: acts.map((act, i): Step => smallStep(act, `r${i}`)),
  }));
  const last = `r${at(race.threads, 0).length - 1}`;
  const { wrong } = race;
  const condition: Condition =
    'kind' in wrong
      ? { op: 'register', thread: 'P0', register: last, value: wrong.value }
      : {
          op: 'or',
          of: wrong.map(({ cell, value }) => ({ op: 'memory', line: 'x', cell, value }) as const),
        };
  const program: Program = {
    name: 'T',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'p', cells: [0, 0] }],
    mappings: [
      { name: 'K', page: 'p', side: 'kernel' },
      { name: 'U', page: 'p', side: 'user' },
    ],
    threads,
    question: { quantifier: 'exists', condition },
    sources: [],
  };
  const { system, question } = compileScenario(program, { model: cacheModelOf(machine), remedy });
  return search(system, question).witness !== undefined;
}

function smallStep(act: Act, register: string): Step {
  const mapping = act.by === 'user' ? 'U' : 'K';
  const place = { mapping, line: 'x', says: '' };
  const step: Step =
    act.does === 'load'
      ? { ...place, kind: 'load', cell: 0, register }
      : { ...place, kind: 'store', cell: act.cell ?? 0, value: act.value };
  if (act.by === 'user') return step;
  const does = act.does === 'load' ? 'read' : 'write';
  return { kind: 'kernel-access', does, mapping, line: 'x', body: [step] };
}

function* actOf(made: Bed, act: Act): Op<number | undefined> {
  const { linux, task, file, address } = made;
  const { f_op } = file.file;
  if (act.by === 'user' && act.does === 'load') {
    const access = yield* user_load(task, address, 1);
    return access.kind === 'done' ? access.value[0] : undefined;
  }
  if (act.does === 'load') {
    const sink = iovSink(linux, 1);
    yield* present(f_op.read_iter?.(task, file.iocb(0), sink), 'read');
    return sink.bytes()[0];
  }
  const bytes = new Uint8Array([act.value]);
  const cell = act.cell ?? 0;
  switch (act.by) {
    case 'user':
      yield* user_store(task, address + cell, bytes);
      return undefined;
    case 'kernel':
      yield* present(f_op.write_iter?.(task, file.iocb(cell), iovBytes(linux, bytes)), 'write');
      return undefined;
    default:
      return never(act.by);
  }
}

/** The race on the real path; undefined where no page is ever mapped. */
function pathScene(machine: Machine, remedy: KernelRemedy, race: Race): ClosedScene | undefined {
  const made = differentColours(machine, { remedy });
  if (made === undefined) return undefined;
  const threads = race.threads.map((acts, t) => ({
    name: `P${t}`,
    *run(): Op<number | undefined> {
      let loaded: number | undefined;
      for (const act of acts) loaded = yield* actOf(made, act);
      return loaded;
    },
  }));
  const lineBytes = machine.dcache?.lineBytes ?? 32;
  const cells = race.threads.length > 1 ? 2 : 1;
  const bytes = Array.from({ length: cells }, (_, n) => made.paddr + n);
  const memory = { model: cacheModelOf(machine), lineBytes, bytes };
  const settles = !('kind' in race.wrong);
  const scene = { linux: made.linux, threads, roots: [made.file], memory, noFailures: true };
  const found = closeScene({ ...scene, settles }, search);
  assert(found.kind === 'closed', 'the race is closed');
  return found;
}

function pathFails(machine: Machine, remedy: KernelRemedy, race: Race): boolean {
  const scene = pathScene(machine, remedy, race);
  const ends = scene === undefined ? [] : sceneEnds(scene, search);
  expect(ends.some((end) => end.isDeadlocked)).toBe(false);
  const { wrong } = race;
  if ('kind' in wrong) return ends.some(({ results }) => results[0] === wrong.value);
  return ends.some(({ bytes }) => wrong.some(({ cell, value }) => bytes[cell] === value));
}

describe.each(machines)('%s', (_, machineOf) => {
  const machine = machineOf();
  test.each(kernelRemedies.filter(isSmall))('%s: as in the small programs', (remedy) => {
    const failing = (fails: (race: Race) => boolean) => races.filter(fails).map(({ name }) => name);
    const small = failing((race) => smallFails(machine, remedy, race));
    expect(failing((race) => pathFails(machine, remedy, race))).toEqual(small);
  });
});

// What holds on a class of cache: no race goes wrong. Where one does a schedule shows it.
describe('what the remedies are worth within dax_iomap_rw()', () => {
  const holds = (of: string, remedy: KernelRemedy) => {
    const [, machineOf] = present(
      machines.find(([name]) => name === of),
      of,
    );
    return races.every((race) => !pathFails(machineOf(), remedy, race));
  };
  const aliasing = machines.map(([name]) => name).filter((name) => name !== 'PIPT');

  test.each(aliasing)("%s: neither of Wilcox's two rules is enough, nor are both", (of) => {
    const rules = ['wilcox-read', 'wilcox-write', 'flush-literal', 'flush-reachable'] as const;
    expect(rules.filter((remedy) => holds(of, remedy))).toEqual(
      // One place for all addresses and stores that go through: nothing is ever left to flush.
      of === 'VIVT, direct mapped, write-through' ? rules : [],
    );
  });

  test.each(machines)('%s: the complete rule holds', (of) => {
    expect(holds(of, 'flush-complete')).toBe(true);
  });

  test('congruent addresses: VIPT and direct-mapped VIVT, not set-associative VIVT', () => {
    const held = machines.map(([name]) => name).filter((name) => holds(name, 'congruent'));
    expect(held).toEqual(
      machines.map(([name]) => name).filter((name) => name !== 'VIVT, set associative'),
    );
  });

  test('a shortest schedule shows what the literal rules miss', () => {
    const [race] = races;
    assert(race !== undefined, 'a race');
    const scene = pathScene(machineNamed('sh7750/4k'), 'flush-literal', race);
    assert(scene !== undefined, 'a scene');
    const wrong = sceneEnds(scene, search).filter(({ results }) => results[0] === 0);
    const schedule = scheduleTo(scene, search, wrong);
    expect(schedule.filter((action) => /^(fill|evict)/.test(action))).toEqual([]);
    expect(schedule.length).toBeGreaterThan(3);
  });
});
