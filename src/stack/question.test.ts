// Questions about threads that have not ended: where power fails, or where they wait for ever.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { explore, search } from '../explore/index.ts';
import { machineById } from '../hw/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { compileStack } from './compile.ts';
import { runConcretely } from './concrete.ts';

interface Parts {
  readonly body: readonly string[];
  readonly asks: string;
  readonly items?: string;
  readonly dax?: string;
  readonly file?: string;
  readonly other?: readonly string[];
}

function setting() {
  const machine = present(machineById('skylake'), 'a machine');
  return { machine, release: '6.12', remedy: 'none' } as const;
}

function compiled(parts: Parts) {
  return compileStack(programOf(parts), setting(), search);
}

function programOf(parts: Parts) {
  const { body, asks, items = 'crash anywhere;', dax = 'always', file = 'x on m' } = parts;
  const { other = [] } = parts;
  const init = `page x = 0;
	device pmem0 = pmem;
	mount m = xfs(pmem0, dax=${dax});
	file f = ${file};
	int *u = user(x);
	int done = 0;
	spinlock_t l;
	gate open;
	${items}`;
  const passed = 'struct file *f, int *u, int *done, spinlock_t *l';
  const threads = [
    ['int r0;', ...body],
    ['WRITE_ONCE(*u, 1);', ...other],
  ].map((lines, i) => `P${i}(${passed})\n{\n\t${lines.join('\n\t')}\n}`);
  const parsed = parseLitmus(
    `DAX t\n\n{\n\t${init}\n}\n\n${threads.join('\n\n')}\n\nexists (${asks})\n`,
    't',
  );
  assert(parsed.ok, 'the sample is a test');
  return parsed.test.program;
}

function whyNot(parts: Parts): string | undefined {
  const made = compiled(parts);
  return made.ok ? undefined : made.problem.what;
}

/** What the question reads where each thread runs to its end before the next. */
function ranAlone(parts: Parts): readonly number[] {
  const run = runConcretely(programOf(parts), setting(), () => 0);
  assert(run.ok, 'the sample runs');
  return run.value.values;
}

function isFound(parts: Parts): boolean {
  const made = compiled(parts);
  assert(made.ok, 'the sample is compiled');
  const { system, question } = made.value;
  return explore(system, question).ends.some(({ satisfies }) => satisfies);
}

const LOADS = ['r0 = READ_ONCE(*u);', 'fsync(f);', 'r0 = 0;'];

test('power fails while a register holds what the thread forgets later', () => {
  expect(isFound({ body: LOADS, asks: 'crashed=1 /\\ 0:r0=1' })).toBe(true);
  expect(isFound({ body: LOADS, asks: 'crashed=0 /\\ 0:r0=1' })).toBe(false);
});

test('power fails between two values of a register, and never before its first', () => {
  const body = ['int r1 = 5;', 'r0 = 1;', 'r0 = 2;'];
  for (const value of [0, 1, 2]) {
    expect(isFound({ body, asks: `crashed=1 /\\ 0:r0=${value} /\\ 0:r1=5` })).toBe(true);
  }
  expect(isFound({ body, asks: 'crashed=1 /\\ 0:r1=0' })).toBe(false);
});

test('power fails before and after an exchange, and before its register is set', () => {
  const body = ['int r1 = 5;', 'r1 = xchg(done, 1);'];
  for (const [done, r1] of [
    [0, 5],
    [1, 5],
    [1, 0],
  ]) {
    expect(isFound({ body, asks: `crashed=1 /\\ done=${done} /\\ 0:r1=${r1}` })).toBe(true);
  }
  expect(isFound({ body, asks: 'crashed=1 /\\ done=0 /\\ 0:r1=0' })).toBe(false);
});

test('power fails while a thread waits for a lock, knowing what it forgets behind it', () => {
  const body = ['r0 = READ_ONCE(*u);', 'spin_lock(l);', 'r0 = 0;', 'spin_unlock(l);'];
  const other = ['spin_lock(l);', 'WRITE_ONCE(*done, 1);', 'WRITE_ONCE(*done, 2);'];
  const parts = { body, other: [...other, 'spin_unlock(l);'] };
  expect(isFound({ ...parts, asks: 'crashed=1 /\\ 0:r0=1 /\\ done=1' })).toBe(true);
  expect(isFound({ ...parts, asks: 'crashed=0 /\\ 0:r0=1' })).toBe(false);
});

test('a thread that waits for ever knows what it has read and set', () => {
  const body = ['r0 = READ_ONCE(*u);', 'spin_lock(l);', 'spin_lock(l);'];
  const sets = ['if (READ_ONCE(*u))', '\tWRITE_ONCE(*done, 1);', ...body.slice(1)];
  for (const value of [0, 1]) {
    const asks = { register: `deadlock=1 /\\ 0:r0=${value}`, own: `deadlock=1 /\\ done=${value}` };
    expect(isFound({ body, asks: asks.register, items: '' })).toBe(true);
    expect(isFound({ body: sets, asks: asks.own, items: '' })).toBe(true);
  }
});

const SETS = ['WRITE_ONCE(*done, 1);', 'fsync(f);', 'WRITE_ONCE(*done, 2);'];

test('power fails before and after a thread sets what it alone uses', () => {
  for (const value of [0, 1, 2]) {
    expect(isFound({ body: SETS, asks: `crashed=1 /\\ done=${value}` })).toBe(true);
  }
  expect(isFound({ body: SETS, asks: 'crashed=0 /\\ done=1' })).toBe(false);
});

const LOCKS = ['r0 = READ_ONCE(*u);', 'if (r0 == 1)', '\tspin_lock(l);', 'r0 = 0;'];

test('a lock that one thread alone uses is held at the end, or is not', () => {
  expect(isFound({ body: LOCKS, asks: 'crashed=0 /\\ locked=1' })).toBe(true);
  expect(isFound({ body: LOCKS, asks: 'crashed=0 /\\ locked=0' })).toBe(true);
  const frees = ['spin_lock(l);', 'fsync(f);', 'spin_unlock(l);'];
  expect(isFound({ body: frees, asks: 'locked=1', items: '' })).toBe(false);
  expect(ranAlone({ body: frees, asks: 'locked=1', items: '' })).toEqual([0]);
  expect(ranAlone({ body: frees.slice(0, 2), asks: 'locked=1', items: '' })).toEqual([1]);
});

test('where power fails or a thread waits for ever no lock outlives its thread', () => {
  expect(isFound({ body: LOCKS, asks: 'crashed=1 /\\ locked=1' })).toBe(false);
  const waits = [...LOCKS.slice(0, 3), '\tspin_lock(l);', 'fsync(f);'];
  expect(isFound({ body: waits, asks: 'deadlock=1 /\\ locked=0' })).toBe(true);
  expect(isFound({ body: waits, asks: 'deadlock=1 /\\ locked=1' })).toBe(false);
  const twice = ['spin_lock(l);', 'spin_lock(l);'];
  expect(ranAlone({ body: twice, asks: 'deadlock=1 /\\ locked=1', items: '' })).toEqual([1, 0]);
});

test('a loop that never ends is told by its thread', () => {
  const body = ['while (1)', '\tr0 = r0 + 1;'];
  expect(whyNot({ body, asks: '0:r0=1' })).toBe('P0 goes round a loop more than 100 times');
});

test('a thread frees only what it holds, here as on real caches', () => {
  const other = ['spin_unlock(l);', 'fsync(f);'];
  const said = 'P1 frees l, which it does not hold';
  for (const body of [['fsync(f);'], ['spin_lock(l);']]) {
    const parts = { body, asks: 'x=0', items: '', other };
    expect(whyNot(parts)).toBe(said);
    expect(runConcretely(programOf(parts), setting(), () => 0)).toMatchObject({
      problem: { what: said },
    });
  }
});

test('where a bound is reached the thread with the most nodes is told', () => {
  const loop = (statement: string) => ['while (r0 < 99) {', statement, 'r0 = r0 + 1;', '}'];
  const body = ['int r1;', ...loop('r1 = r1 + READ_ONCE(*done);')];
  const other = ['int r0;', ...loop('WRITE_ONCE(*done, r0);')];
  expect(whyNot({ body, asks: '0:r1=1', items: '', other })).toMatch(
    /^the bound on nodes of kernel functions was reached: P0, 20000 nodes, the last: get done/,
  );
});

test.each(['cold', 'hole'])('threads that bring in one page are not searched: %s', (is) => {
  const body = ['r0 = read(f);'];
  const file = `x on m, ${is}`;
  expect(whyNot({ body, asks: '0:r0=1', items: '', dax: 'never', file })).toMatch(
    /^threads share page frame \d+, and races on its bytes are not searched$/,
  );
});
