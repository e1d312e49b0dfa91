// The DAX paths in every schedule, with every eviction: write(), read() and fsync() of a file of
// one page against loads and stores of a program that maps it, on caches that alias and that do
// not. The text that is explored is the one that runs concretely: on one schedule both ask for the
// same steps.

import { describe, expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import {
  dax_write_cache,
  iovBytes,
  iovSink,
  type Op,
  type PlainStep,
  type ReleaseId,
  user_load,
  user_store,
  withoutCalls,
} from '../kernel/index.ts';
import type { Scene, SceneThread } from './automaton.ts';
import { stepText } from './automaton-texts.ts';
import {
  type ClosedScene,
  closeScene,
  sceneEnds,
  type SceneEnd,
  scheduleTo,
  walk,
  type Walked,
} from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';
import { mappedFile, type MappedFile } from './test-dax-bed.ts';

const BASE = 2 ** 32;
const VIVT = 'arm926ej-s';
const PIPT = 'cortex-a15';
const machines = [VIVT, PIPT] as const;

// No gate: what would happen without.
function bed(id: string, release: ReleaseId = '6.12', isHole = false): MappedFile {
  const blocks = new Map(isHole ? [] : [[0, { block: 0, unwritten: false }]]);
  const made = present(mappedFile(id, { blocks, free: [0] }, { release }), 'a dax device');
  made.linux.now(dax_write_cache(made.dax, true));
  return made;
}

function write({ linux, task, file }: MappedFile, pos: number, byte: number): () => Op<unknown> {
  const f_op = file.file.f_op;
  return () => {
    const from = iovBytes(linux, new Uint8Array([byte]));
    return present(f_op.write_iter?.(task, file.iocb(pos), from), 'write');
  };
}

function read({ linux, task, file }: MappedFile): () => Op<number | undefined> {
  return function* op() {
    const sink = iovSink(linux, 1);
    yield* present(file.file.f_op.read_iter?.(task, file.iocb(0), sink), 'read');
    return sink.bytes()[0];
  };
}

function fsync({ task, file }: MappedFile): Op<number> {
  return present(file.file.f_op.fsync?.(task, file.file, 0, 100, false), 'fsync');
}

function* loadByte({ task, address }: MappedFile, offset = 0): Op<number | undefined> {
  const access = yield* user_load(task, address + offset, 1);
  return access.kind === 'done' ? access.value[0] : undefined;
}

function storeByte({ task, address }: MappedFile, offset: number, byte: number): () => Op<unknown> {
  return () => user_store(task, address + offset, new Uint8Array([byte]));
}

function close(
  { linux, file }: MappedFile,
  ops: readonly (() => Op<unknown>)[],
  options: Partial<Scene> & { readonly count?: number } = {},
): ClosedScene {
  const { machine } = linux.machine;
  const threads = ops.map((run, i): SceneThread => ({ name: `P${i}`, run }));
  const lineBytes = machine.dcache?.lineBytes ?? 32;
  const bytes = Array.from({ length: options.count ?? 2 }, (_, n) => BASE + n);
  const memory = { model: cacheModelOf(machine), lineBytes, bytes };
  const scene: Scene = { linux, threads, roots: [file], memory, noFailures: true, ...options };
  const found = closeScene(scene, search);
  if (found.kind !== 'closed') throw new Error(`bound: ${found.bound}`);
  return found;
}

const bytesOf = (ends: readonly SceneEnd[]) => new Set(ends.map(({ bytes }) => bytes.join()));
const resultsOf = (ends: readonly SceneEnd[], thread: number) =>
  new Set(ends.map(({ results }) => results[thread]));

describe('write() to one byte of a line, a store to the other', () => {
  test.each(machines)('%s: one of the two is lost where the cache holds the line twice', (id) => {
    const made = bed(id);
    made.linux.now(loadByte(made));
    made.linux.machine.cpus[0]?.flushAll();
    const scene = close(made, [write(made, 0, 1), storeByte(made, 1, 2)], { settles: true });
    const lost = id === VIVT ? ['0,2', '1,0', '1,2'] : ['1,2'];
    expect(bytesOf(sceneEnds(scene, search))).toEqual(new Set(lost));
  });

  test.each(machines)('%s: the same with the fault in the race', (id) => {
    const made = bed(id);
    const scene = close(made, [write(made, 0, 1), storeByte(made, 1, 2)], { settles: true });
    const lost = id === VIVT ? ['0,2', '1,0', '1,2'] : ['1,2'];
    expect(bytesOf(sceneEnds(scene, search))).toEqual(new Set(lost));
  });
});

describe('what is seen', () => {
  test.each(machines)('%s: a load after write() may see what was there before', (id) => {
    const made = bed(id);
    function* both(): Op<number | undefined> {
      yield* loadByte(made);
      yield* write(made, 0, 1)();
      return yield* loadByte(made);
    }
    const seen = resultsOf(sceneEnds(close(made, [both]), search), 0);
    expect(seen).toEqual(new Set(id === VIVT ? [0, 1] : [1]));
  });

  test.each(machines)('%s: read() after a store may miss it', (id) => {
    const made = bed(id);
    function* both(): Op<number | undefined> {
      yield* storeByte(made, 0, 1)();
      return yield* read(made)();
    }
    const seen = resultsOf(sceneEnds(close(made, [both]), search), 0);
    expect(seen).toEqual(new Set(id === VIVT ? [0, 1] : [1]));
  });

  test('a hole that is written to while it is being mapped shows zeroes or what is written', () => {
    const made = bed(PIPT, '6.12', true);
    const ops = [write(made, 0, 1), () => loadByte(made)];
    const scene = close(made, ops, { settles: true, count: 1 });
    const ends = sceneEnds(scene, search);
    expect(bytesOf(ends)).toEqual(new Set(['1']));
    expect(resultsOf(ends, 1)).toEqual(new Set([0, 1]));
    expect(ends.some((end) => end.isDeadlocked)).toBe(false);
  });
});

describe('fsync()', () => {
  // What memory has once fsync() has returned is what a crash leaves.
  const afterwards = (id: string, first: (made: MappedFile) => () => Op<unknown>) => {
    const made = bed(id);
    function* both(): Op<number> {
      yield* first(made)();
      return yield* fsync(made);
    }
    return bytesOf(sceneEnds(close(made, [both], { count: 1 }), search));
  };

  test('writes back what was stored through a mapping, by the address of the user', () => {
    expect(afterwards(VIVT, (made) => storeByte(made, 0, 1))).toEqual(new Set(['1']));
  });

  test('does not look at what write() left in the cache', () => {
    expect(afterwards(VIVT, (made) => write(made, 0, 1))).toEqual(new Set(['0', '1']));
  });

  // The user's line is flushed before its PTE is write-protected: a store in between stays in the
  // cache, and nobody knows of it, unless dax_flush() finds it by the kernel's address.
  const unnoticed = 'memory 0 tag 0';
  test.each([
    [VIVT, [unnoticed]],
    [PIPT, [unnoticed]],
    ['skylake', []],
  ])('%s: a store that races with it', (id, gone) => {
    const made = bed(id);
    made.linux.now(storeByte(made, 0, 0)());
    made.linux.machine.cpus[0]?.flushAll();
    const { tags } = made.file.inode.i_mapping;
    const scene = close(made, [() => fsync(made), storeByte(made, 0, 1)], { count: 1 });
    const cell = present(scene.cells.get(`${tags.name} [0]`), 'the tags are shared');
    const read = (end: SceneEnd) =>
      cell.values[at(end.values, scene.system.observed.indexOf(cell.field))];
    const told = sceneEnds(scene, search).map(
      (end) => `memory ${end.bytes.join()} tag ${read(end)}`,
    );
    expect(new Set(told)).toEqual(
      new Set([...gone, 'memory 1 tag 0', 'memory 0 tag 1', 'memory 1 tag 1']),
    );
  });

  test('power fails at any time: what fsync() has not seen may be gone', () => {
    const made = bed(VIVT);
    function* both(): Op<number> {
      yield* storeByte(made, 0, 1)();
      return yield* fsync(made);
    }
    const ends = sceneEnds(close(made, [both], { count: 1, crashes: true }), search);
    const done = ends.filter(({ results }) => results[0] === 0);
    expect(bytesOf(ends.filter((end) => end.isCrashed))).toEqual(new Set(['0', '1']));
    expect(bytesOf(done)).toEqual(new Set(['1']));
  });
});

describe('one text, two ways', () => {
  test.each(machines)('%s: on one schedule the same steps, answers and results', (id) => {
    const made = bed(id);
    const scene = close(made, [write(made, 0, 1), () => loadByte(made), read(made)]);
    let compared = 0;
    for (const end of sceneEnds(scene, search)) {
      const schedule = scheduleTo(scene, search, [end]);
      // Hardware does on its own what it likes: such schedules are not for comparing.
      if (schedule.some((one) => !one.startsWith('P'))) continue;
      const again = bed(id);
      const threads = [write(again, 0, 1), () => loadByte(again), read(again)];
      const { walked, nodes } = walk(scene, schedule);
      const concrete = perform(again, threads, walked);
      const explored = scene.automata.threads.map((thread, i) => {
        const run = thread.runTo(at(nodes, i));
        return { texts: run.texts, result: run.result };
      });
      expect(concrete).toEqual(explored);
      compared++;
    }
    expect(compared).toBeGreaterThan(2);
  });
});

interface ConcreteRun {
  readonly op: Generator<PlainStep, unknown, void>;
  readonly texts: string[];
  result: unknown;
  isDone: boolean;
}

function newRun(op: Op<unknown>): ConcreteRun {
  return { op: withoutCalls(op), texts: [], result: undefined, isDone: false };
}

/** Runs threads on the machine as a schedule has it: what each asked for, and what it gave. */
function perform(
  { linux, task }: MappedFile,
  ops: readonly (() => Op<unknown>)[],
  walked: readonly Walked[],
) {
  const executor = linux.executor(task);
  const runs = ops.map((op) => newRun(op()));
  const go = (thread: number, steps: number): void => {
    const run = at(runs, thread);
    while (run.texts.length < steps && !run.isDone) {
      const next = run.op.next();
      if (next.done === true) {
        run.isDone = true;
        run.result = next.value;
        return;
      }
      run.texts.push(stepText(next.value));
      expect(next.value.perform(executor)).toBe(true);
    }
  };
  // What nobody sees is done before the next step that somebody does.
  for (const { thread, moves } of walked) {
    for (const { node } of moves) go(present(thread, 'a thread'), node.stepCount);
  }
  runs.forEach((_, thread) => {
    go(thread, Number.POSITIVE_INFINITY);
  });
  return runs.map(({ texts, result }) => ({ texts, result }));
}
