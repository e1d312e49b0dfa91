// Programs over several lives of an inode in memory: the flag is changed, the file is closed and
// opened again. One process does it all, with or without another one that keeps the file open.

import { assert } from '../../base/index.ts';
import { fput, IS_ERR, O_RDWR, type Op, open_child } from '../../kernel/index.ts';
import { type Bed, FILE_NAME } from './bed.ts';
import { chattr, type Person, personOf, readByte, statxDax, writePage } from './ops.ts';
import type { SDaxProgram, Told } from './programs.ts';

const PAGE = 4096;

/** What a life tells. */
interface Life {
  readonly wrote: number;
  /** Of the change of the flag: 0, or an error number. */
  readonly changed: number;
  /** Modes that statx() tells: at first, once reopened while another holds the file, at last. */
  readonly before: boolean;
  readonly held: boolean;
  readonly after: boolean;
  /** Which byte is read then. */
  readonly byte: number;
}

function isLife(result: unknown): result is Life {
  return typeof result === 'object' && result !== null && 'changed' in result;
}

/** Writes, changes the flag, closes, opens, looks; again once the keeper has closed the file. */
function* live(bed: Bed, person: Person, keeper: Person | undefined): Op<Life> {
  const wrote = yield* writePage(person, 1);
  const before = yield* statxDax(person);
  const changed = yield* chattr(person, !bed.choice.dax);
  let now = yield* reopened(person);
  const held = yield* statxDax(now);
  if (keeper !== undefined) {
    yield* fput(keeper.file);
    now = yield* reopened(now);
  }
  const after = yield* statxDax(now);
  return { wrote, changed, before, held, after, byte: yield* readByte(now) };
}

function* reopened(person: Person): Op<Person> {
  yield* fput(person.file);
  const { f_path } = person.bed.directory;
  const file = yield* open_child(person.task, f_path, FILE_NAME, O_RDWR);
  assert(!IS_ERR(file), 'the file can be opened again');
  return { ...person, file };
}

function lifeOf(results: readonly unknown[]): Life {
  const [life] = results;
  assert(isLife(life), 'the thread has ended');
  return life;
}

// The mode at last is that of the flag, which has changed unless the design refuses it.
function toldBy(results: readonly unknown[]): Told {
  const { wrote, changed, before, held, after, byte } = lifeOf(results);
  const wanted = changed === 0 ? !before : before;
  const broken = [
    ...(after === wanted ? [] : (['P2'] as const)),
    ...(wrote === PAGE && byte !== 1 ? (['P3'] as const) : []),
  ];
  return { broken, isDelayed: held !== wanted };
}

const reopen: SDaxProgram = {
  id: 'reopen',
  title: 'write(), chattr +x, close, open, statx, read()',
  choice: { dax: false, hasData: true },
  calls: ['write(), chattr +x, close, open, statx, read()'],
  setUp(bed) {
    const person = personOf(bed);
    const threads = [{ name: 'A', run: () => live(bed, person, undefined) }];
    return { threads, expects: [], judge: toldBy };
  },
};

const held: SDaxProgram = {
  id: 'held',
  title: 'the same while another process has the file open, and after it',
  choice: { dax: false, hasData: true },
  calls: ['write(), chattr +x, close, open, statx; other closes; close, open, statx, read()'],
  setUp(bed) {
    const [person, keeper] = [personOf(bed), personOf(bed)];
    const threads = [{ name: 'A', run: () => live(bed, person, keeper) }];
    return { threads, expects: [], judge: toldBy };
  },
};

const backwards: SDaxProgram = {
  ...reopen,
  id: 'reopen-dax',
  title: 'write() by DAX, chattr -x, close, open, statx, read()',
  choice: { dax: true, hasData: true },
  calls: ['write(), chattr -x, close, open, statx, read()'],
};

/** All programs of several lives. */
export const lifePrograms: readonly SDaxProgram[] = [reopen, backwards, held];
