// One text, two ways: operations that race. A schedule of a scene, followed on real caches, asks
// for the same steps in the same order, and gives the same results.

import { expect, test } from 'vitest';
import { assert, at, present } from '../../src/base/index.ts';
import { search } from '../../src/explore/index.ts';
import { machineById } from '../../src/hw/index.ts';
import { type Op, type PlainStep, withoutCalls } from '../../src/kernel/index.ts';
import {
  cacheModelOf,
  closeScene,
  sceneEnds,
  scheduleTo,
  stepText,
  walk,
  type Walked,
} from '../../src/scenario/index.ts';
import { defaultSetup, parseLine, physicalOf, User } from '../../src/user/index.ts';

/** What an operation calls first of all. */
class Captured extends Error {
  readonly op: Op<unknown>;
  constructor(op: Op<unknown>) {
    super('an operation that was not to run');
    this.op = op;
  }
}

/** A user who can tell the kernel function that an operation calls first. */
class CapturingUser extends User {
  #captures = false;
  override run<T>(op: Op<T>): T | undefined {
    if (this.#captures) throw new Captured(op);
    return super.run(op);
  }
  do(line: string): void {
    const typed = parseLine(line);
    assert(typed.ok, line);
    const { op, args } = present(typed.value, line);
    const done = this.perform(op, args);
    assert(done.ok && done.value['rc'] !== -1, line);
  }
  functionOf(line: string): Op<unknown> {
    this.#captures = true;
    try {
      this.do(line);
    } catch (error) {
      if (error instanceof Captured) return error.op;
      throw error;
    } finally {
      this.#captures = false;
    }
    throw new RangeError(`${line} calls no function with steps`);
  }
}

const DEVICE = '/dev/role/fsdax0';

function bed({ machine: id, fs, options }: Bed): { user: CapturingUser; paddr: number } {
  const machine = present(machineById(id), id);
  const setup = defaultSetup({ machine, release: '6.12', gate: 'open', fsDax: true });
  assert(setup.ok, 'the setup is complete');
  const user = new CapturingUser(setup.value);
  const how = fs === 'xfs' ? '-q -f -m reflink=0' : '-q -F -b 4096';
  user.do(`mkfs ${fs} ${DEVICE} mkfs.${fs} ${how} ${DEVICE}`);
  user.do(`mount ${fs} ${DEVICE} /m ${options}`);
  user.do('open f /m/f creat,rdwr');
  user.do('pwrite f 0 8k A');
  user.do('fsync f');
  user.do('mmap m f 0 8k rw shared');
  user.do('load m 0 1');
  const { address } = present(user.mappings.get('m'), 'the mapping');
  for (const cpu of user.linux.machine.cpus) cpu.flushAll();
  return { user, paddr: present(physicalOf(user, address), 'the page') };
}

interface Bed {
  readonly machine: string;
  readonly fs: string;
  readonly options: string;
}

const beds: readonly Bed[] = [
  { machine: 'arm926ej-s', fs: 'ext4', options: 'dax=always' },
  { machine: 'cortex-a15', fs: 'xfs', options: 'dax=always' },
  { machine: 'arm926ej-s', fs: 'ext2', options: 'none' },
];

const pairs = [
  ['pwrite f 0 1 B', 'store m 0 1 C'],
  ['pwrite f 0 1 B', 'pread f 0 1'],
  ['fsync f', 'store m 0 1 B'],
  ['ftruncate f 0', 'load m 0 1'],
  ['fallocate f punch 0 4k', 'store m 0 1 B'],
  ['msync m 0 8k', 'pwrite f 0 1 B'],
] as const;

/** Ends of which one schedule each is followed, at most. */
const FEW = 6;

const cases = beds.flatMap((own) => pairs.map((pair) => ({ ...own, pair })));

test.each(cases)('$fs $options, $machine: $pair', ({ pair, ...own }) => {
  const { user, paddr } = bed(own);
  const { linux } = user;
  const { machine } = linux.machine;
  const lineBytes = machine.dcache?.lineBytes ?? 32;
  const scene = closeScene({
    linux,
    threads: pair.map((line, i) => ({ name: `P${i}`, run: () => user.functionOf(line) })),
    roots: [user],
    memory: { model: cacheModelOf(machine), lineBytes, bytes: [paddr] },
    noFailures: true,
    noPrefetch: true,
  });
  assert(scene.kind === 'closed', 'the race is closed');
  let compared = 0;
  for (const end of sceneEnds(scene, search)) {
    const schedule = scheduleTo(scene, search, [end]);
    // Hardware does on its own what it likes: such schedules are not for comparing.
    if (!schedule.every((id) => scene.steps.has(id)) || compared === FEW) continue;
    const { walked, nodes } = walk(scene, schedule);
    const explored = scene.automata.threads.map((thread, i) => {
      const { texts, result } = thread.runTo(at(nodes, i));
      return { texts, result };
    });
    const again = bed(own).user;
    expect(follow(again, pair, walked)).toEqual(explored);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(0);
});

/** Follows a schedule on the machine: what each thread asked for, and what it gave. */
function follow(user: CapturingUser, pair: readonly string[], walked: readonly Walked[]) {
  const executor = user.linux.executor(user.task);
  const runs = pair.map((line) => new Following(user.functionOf(line)));
  const go = (run: Following, steps: number): void => {
    while (run.texts.length < steps) {
      const step = run.next();
      if (step === undefined) return;
      expect(step.perform(executor)).toBe(true);
    }
  };
  for (const { thread = 0, moves } of walked) {
    for (const { node } of moves) go(at(runs, thread), node.stepCount);
  }
  for (const run of runs) go(run, Number.POSITIVE_INFINITY);
  return runs.map(({ texts, result }) => ({ texts, result }));
}

/** A kernel function on its way. */
class Following {
  readonly texts: string[] = [];
  result: unknown;
  readonly #steps: Generator<PlainStep, unknown, void>;
  constructor(op: Op<unknown>) {
    this.#steps = withoutCalls(op);
  }
  next(): PlainStep | undefined {
    const next = this.#steps.next();
    if (next.done === true) {
      this.result = next.value;
      return undefined;
    }
    this.texts.push(stepText(next.value));
    return next.value;
  }
}
