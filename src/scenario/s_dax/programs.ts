// The standard programs about S_DAX: small, and the same for every design. What is refuted is found
// among all schedules of them; no schedule is given.

import { assert } from '../../base/index.ts';
import {
  do_mmap,
  invalidate_inode_pages2_range,
  type Op,
  sys_ftruncate,
} from '../../kernel/index.ts';
import type { SceneThread } from '../automaton.ts';
import { type Bed, type BedChoice, mapFile } from './bed.ts';
import {
  chattr,
  loadByte,
  map,
  type Person,
  personOf,
  readByte,
  readInto,
  writeFrom,
  writePage,
} from './ops.ts';

/** A byte that a thread of a program has seen when all before it had ended, and should have. */
export interface Expectation {
  /** The thread that has looked. */
  readonly looks: number;
  /** The value that must be seen if `writer` has given `acknowledged`. */
  readonly value: number;
  readonly writer: number;
  readonly acknowledged: number;
}

/** A program, set up on a kernel. */
export interface SetUp {
  readonly bed: Bed;
  readonly threads: readonly SceneThread[];
  readonly expects: readonly Expectation[];
  /** What the results of its threads alone tell. Absent: the kernel is looked at as well. */
  readonly judge?: (results: readonly unknown[]) => Told;
}

/** What results of threads tell of the properties. */
export interface Told {
  readonly broken: readonly ('P2' | 'P3' | 'P4')[];
  /** The flag has changed, and the mode not yet. */
  readonly isDelayed: boolean;
}

/** A program that is run against every design. */
export interface SDaxProgram {
  readonly id: string;
  /** Threads in a few words, separated by bars. */
  readonly title: string;
  readonly choice: Omit<BedChoice, 'design'>;
  /** What the threads do, by their places: for witnesses. */
  readonly calls: readonly string[];
  setUp(bed: Bed): Omit<SetUp, 'bed'>;
}

const PAGE = 4096;

/** Drops the cached page of the file. */
function dropCache({ linux, inode }: Bed): void {
  linux.now(invalidate_inode_pages2_range(inode.i_mapping, 0, 0));
}

const whole = { looks: 2, value: 1, writer: 0, acknowledged: PAGE };

/** Where a process of the programs maps the file. */
const FIXED = 2 ** 30;

const writeSwitch: SDaxProgram = {
  id: 'write',
  title: 'write() | chattr +x | then read()',
  choice: { dax: false, hasData: true },
  calls: ['write()', 'chattr +x', 'read()'],
  setUp(bed) {
    const [a, b, c] = [personOf(bed), personOf(bed), personOf(bed)];
    return {
      threads: [
        { name: 'A', run: () => writePage(a, 1) },
        { name: 'B', run: () => chattr(b, true) },
        { name: 'C', after: [0, 1], run: () => readByte(c) },
      ],
      expects: [whole],
    };
  },
};

const writeEmpty: SDaxProgram = {
  ...writeSwitch,
  id: 'write-empty',
  title: 'write() to an empty file | chattr +x | then read()',
  choice: { dax: false, hasData: false },
};

const writeBack: SDaxProgram = {
  id: 'write-dax',
  title: 'write() by DAX | chattr -x, read() | then read()',
  choice: { dax: true, hasData: true },
  calls: ['write()', 'chattr -x, read()', 'read()'],
  setUp(bed) {
    const [a, b, c] = [personOf(bed), personOf(bed), personOf(bed)];
    return {
      threads: [
        { name: 'A', run: () => writePage(a, 1) },
        {
          name: 'B',
          *run() {
            yield* chattr(b, false);
            return yield* readByte(b);
          },
        },
        { name: 'C', after: [0, 1], run: () => readByte(c) },
      ],
      expects: [whole],
    };
  },
};

const readSwitch: SDaxProgram = {
  id: 'read',
  title: 'read() | chattr +x',
  choice: { dax: false, hasData: true },
  calls: ['read()', 'chattr +x'],
  setUp(bed) {
    dropCache(bed);
    const [a, b] = [personOf(bed), personOf(bed)];
    return {
      threads: [
        { name: 'A', run: () => readByte(a) },
        { name: 'B', run: () => chattr(b, true) },
      ],
      expects: [],
    };
  },
};

/** Writes, and looks through the mapping of another process. */
function* writeThenLoad(writer: Person, mapper: Person, address: number): Op<number> {
  const wrote = yield* writePage(writer, 1);
  return wrote === PAGE ? yield* loadByte(mapper, address) : wrote;
}

/** What is written after the switch must be seen through the mapping. */
const seenThroughMapping: Expectation = { looks: 2, value: 1, writer: 1, acknowledged: 0 };

const mapSwitch: SDaxProgram = {
  id: 'map',
  title: 'mmap(MAP_POPULATE) | chattr +x | then write(), load',
  choice: { dax: false, hasData: true },
  calls: ['mmap(MAP_POPULATE)', 'chattr +x', 'write(), load'],
  setUp(bed) {
    dropCache(bed);
    const [a, b, c] = [personOf(bed), personOf(bed), personOf(bed)];
    return {
      threads: [
        { name: 'A', run: () => map(a, { address: FIXED, populate: true }) },
        { name: 'B', run: () => chattr(b, true) },
        { name: 'C', after: [0, 1], run: () => writeThenLoad(c, a, FIXED) },
      ],
      expects: [seenThroughMapping],
    };
  },
};

const faultSwitch: SDaxProgram = {
  id: 'fault',
  title: 'load from a mapping | chattr -x | then write(), load',
  choice: { dax: true, hasData: true },
  calls: ['load', 'chattr -x', 'write(), load'],
  setUp(bed) {
    const [a, b, c] = [personOf(bed), personOf(bed), personOf(bed)];
    const address = mapFile(bed, a.task, a.file);
    return {
      threads: [
        { name: 'A', run: () => loadByte(a, address) },
        { name: 'B', run: () => chattr(b, false) },
        { name: 'C', after: [0, 1], run: () => writeThenLoad(c, a, address) },
      ],
      expects: [seenThroughMapping],
    };
  },
};

const hole: SDaxProgram = {
  id: 'hole',
  title: 'load of a hole | chattr +x | then write(), load',
  choice: { dax: false, hasData: false },
  calls: ['load', 'chattr +x', 'write(), load'],
  setUp(bed) {
    const [a, b, c] = [personOf(bed), personOf(bed), personOf(bed)];
    assert(bed.linux.now(sys_ftruncate(a.task, a.file, PAGE)) === 0, 'the file has a hole');
    const address = mapFile(bed, a.task, a.file);
    return {
      threads: [
        { name: 'A', run: () => loadByte(a, address) },
        { name: 'B', run: () => chattr(b, true) },
        { name: 'C', after: [0, 1], run: () => writeThenLoad(c, a, address) },
      ],
      expects: [seenThroughMapping],
    };
  },
};

const ownBuffer: SDaxProgram = {
  id: 'own-buffer',
  title: 'write() from a mapping of the file | chattr -x',
  choice: { dax: true, hasData: true },
  calls: ['write() from a mapping of the file', 'chattr -x'],
  setUp(bed) {
    const [a, b] = [personOf(bed), personOf(bed)];
    const address = mapFile(bed, a.task, a.file);
    return {
      threads: [
        { name: 'A', run: () => writeFrom(a, { offset: 1, address }) },
        { name: 'B', run: () => chattr(b, false) },
      ],
      expects: [],
    };
  },
};

const mapWhileReading: SDaxProgram = {
  id: 'read-map',
  title: 'read() into new memory | mmap() by its process | chattr +x',
  choice: { dax: false, hasData: true },
  calls: ['read() into new memory', 'mmap()', 'chattr +x'],
  setUp(bed) {
    const [a, b] = [personOf(bed), personOf(bed)];
    const memory = { offset: 0, length: PAGE, read: true, write: true, type: 'private' } as const;
    const address = bed.linux.now(do_mmap(a.task, memory));
    return {
      threads: [
        { name: 'A', run: () => readInto(a, address) },
        { name: 'B', run: () => map(a) },
        { name: 'C', run: () => chattr(b, true) },
      ],
      expects: [],
    };
  },
};

const mapSync: SDaxProgram = {
  id: 'map-sync',
  title: 'mmap(MAP_SYNC) | chattr -x',
  choice: { dax: true, hasData: true },
  calls: ['mmap(MAP_SYNC)', 'chattr -x'],
  setUp(bed) {
    const [a, b] = [personOf(bed), personOf(bed)];
    return {
      threads: [
        { name: 'A', run: () => map(a, { sync: true }) },
        { name: 'B', run: () => chattr(b, false) },
      ],
      expects: [],
    };
  },
};

/** All programs of races within one life of the inode. */
export const switchPrograms: readonly SDaxProgram[] = [
  writeSwitch,
  writeEmpty,
  writeBack,
  readSwitch,
  mapSwitch,
  faultSwitch,
  hole,
  ownBuffer,
  mapWhileReading,
  mapSync,
];
