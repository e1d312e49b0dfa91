// The remedies around what the kernel does to pages of DAX files beside read() and write(): it
// zeroes ranges, and copies shared blocks for a store, where the entry is locked already.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { machineById } from '../hw/index.ts';
import {
  dax_file_unshare,
  dax_truncate_page,
  dax_zero_range,
  iovSink,
  type KernelRemedy,
  type Op,
  user_load,
  user_store,
} from '../kernel/index.ts';
import { closeScene, sceneEnds, type SceneEnd } from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';
import { type Bed, type BedChoice, differentColours } from './test-dax-bed.ts';

function endsOf(
  id: string,
  choice: BedChoice,
  what: {
    readonly op: (made: Bed) => () => Op<unknown>;
    readonly bytes?: (made: Bed) => readonly number[];
  },
): readonly SceneEnd[] {
  const machine = present(machineById(id), id);
  const made = present(differentColours(machine, choice), 'a bed');
  const bytes = what.bytes?.(made) ?? [made.paddr];
  const lineBytes = present(machine.dcache, 'a cache').lineBytes;
  const memory = { model: cacheModelOf(machine), lineBytes, bytes };
  const threads = [{ name: 'P0', run: what.op(made) }];
  const scene = { linux: made.linux, threads, roots: [made.file], memory, noFailures: true };
  const found = closeScene({ ...scene, settles: true }, search);
  assert(found.kind === 'closed', 'the scene is closed');
  const ends = sceneEnds(found, search);
  expect(ends.some((end) => end.isDeadlocked)).toBe(false);
  return ends;
}

const results = (ends: readonly SceneEnd[]) => new Set(ends.map((end) => end.results[0]));
const memory = (ends: readonly SceneEnd[]) => new Set(ends.map(({ bytes }) => bytes.join()));

function* loadByte({ task, address }: Bed): Op<number | undefined> {
  const access = yield* user_load(task, address, 1);
  return access.kind === 'done' ? access.value[0] : undefined;
}

const aliasing = ['arm926ej-s', 'sh7750/4k', '24kc-32k/4k'] as const;
const cures = [
  ['none', [0, 1]],
  ['flush-complete', [0]],
] as const;
const cases = aliasing.flatMap((id) => cures.map(([remedy, seen]) => [id, remedy, seen] as const));

test.each(cases)('%s, %s: zeroing a part of a page the user has stored to', (id, remedy, seen) => {
  const op = (made: Bed) =>
    function* both(): Op<number | undefined> {
      yield* user_store(made.task, made.address, new Uint8Array([1]));
      yield* dax_zero_range(made.file.inode, 0, 8, made.file.ops);
      return yield* loadByte(made);
    };
  expect(results(endsOf(id, { remedy }, { op }))).toEqual(new Set(seen));
});

test.each(cases)('%s, %s: zeroing a whole page, as the driver does', (id, remedy, seen) => {
  const op = (made: Bed) =>
    function* both(): Op<number | undefined> {
      yield* user_store(made.task, made.address, new Uint8Array([1]));
      yield* dax_zero_range(made.file.inode, 0, made.linux.PAGE_SIZE, made.file.ops);
      return yield* loadByte(made);
    };
  // The device of the bed has a driver that zeroes nothing: a kernel with a rule does it itself.
  const expected = remedy === 'none' ? [1] : seen;
  expect(results(endsOf(id, { remedy }, { op }))).toEqual(new Set(expected));
});

test.each(aliasing)('%s: a store to a shared block keeps what the copy has around it', (id) => {
  const page = (made: Bed) => made.base + 5 * made.linux.PAGE_SIZE;
  const bytes = (made: Bed) => [page(made), page(made) + 1];
  const op = (made: Bed) => () => user_store(made.task, made.address, new Uint8Array([1]));
  const after = (remedy: KernelRemedy) =>
    memory(endsOf(id, { remedy, isShared: true }, { op, bytes }));
  // The copy is all zeroes and lies in lines of the kernel, which may go to memory last. arm and sh
  // flush them when the page is mapped for the first time, mips does not.
  expect(after('none').has('0,0')).toBe(id.startsWith('24kc'));
  expect(after('flush-complete')).toEqual(new Set(['1,0']));
});

test('unsharing and truncation end, and wait for nobody, under the complete rule', () => {
  const op = (made: Bed) =>
    function* both(): Op<number> {
      const first = yield* dax_file_unshare(made.file.inode, 0, 8, made.file.ops);
      return first + (yield* dax_truncate_page(made.file.inode, 8, made.file.ops));
    };
  const ends = endsOf('sh7750/4k', { remedy: 'flush-complete', isShared: true }, { op });
  expect(results(ends)).toEqual(new Set([0]));
});

test('a read() under a rule gives the bytes, and fewer where the file ends', () => {
  const op = (made: Bed) =>
    function* reads(): Op<number> {
      const sink = iovSink(made.linux, 2 * made.linux.PAGE_SIZE);
      yield* present(made.file.file.f_op.read_iter?.(made.task, made.file.iocb(0), sink), 'read');
      return sink.bytes().length;
    };
  expect(results(endsOf('cortex-a15', { remedy: 'flush-complete' }, { op }))).toEqual(
    new Set([4096]),
  );
});
