// What the parts of the generated code agree on: row, batch, globals, functions, constants.

import { at, present } from '../../base/index.ts';
import type { TransitionSystem } from '../../ir/index.ts';
import { controlBytes } from './control.ts';
import type { Operators } from './expressions.ts';
import { type RowLayout, rowLayoutOf } from './layout.ts';
import { globalAt, type Variable } from './module.ts';

/** The module's globals: one set for each worker. */
export const globalNames = [
  /** The batch: where it starts, and where its last entry ends. */
  'buffer',
  'bufferEnd',
  /** The chunk that new rows go to: the next one, and the end of the room. */
  'own',
  'ownEnd',
  /** The directory of the table of states, and the masks for a segment's number and a slot. */
  'directory',
  'directoryMask',
  'segmentMask',
  /** The level of the states that are found, as the table keeps it. */
  'level',
  /** The levels that `pick` takes: the first, and how many beyond it; those `back` looks at. */
  'pickFrom',
  'pickMore',
  /** Enabled actions met since the driver last asked. */
  'made',
  /** The set that `setInsert` adds to. */
  'setBase',
  'setMask',
  'setCount',
  'setLimit',
  /** The set that `has` asks. */
  'targetBase',
  'targetMask',
  /** 1 once `look` met a state that satisfies the question. */
  'seen',
  /** Takes what is loaded only so that the memory comes near. */
  'sink',
] as const;

/** The module's functions, in order: what `call` needs. */
export const functionNames = [
  'expand',
  'hash',
  'touch',
  'insert',
  'step',
  'rehash',
  'setInsert',
  'has',
  'look',
  'collect',
  'back',
  'pick',
  'refill',
  'peek',
  'poke',
  'clear',
] as const;

/** Name of a global. */
export type GlobalName = (typeof globalNames)[number];
/** Name of a function. */
export type FunctionName = (typeof functionNames)[number];

/** What can be chosen about the generated code. */
export interface PlanOptions {
  /** Several workers use the memory at a time. */
  readonly isShared: boolean;
  /** Successors made before the first of them is looked up. */
  readonly batchSize: number;
  /** For each action, those that need not be followed in a state which it has found. */
  readonly leftOut: (system: TransitionSystem) => readonly (readonly number[])[];
  readonly operators: Operators;
  /** Slots of a segment of a table that has several, as a power of two. */
  readonly segmentLog: number;
  /** Bits of the hash that are used, 1 to 32; a test takes few, so that many states share one. */
  readonly hashBits: number;
}

/** The agreement; built once for a module. */
export interface Plan extends PlanOptions {
  readonly row: RowLayout;
  /** Bytes of an entry of the batch: the row, the address of its slot, and its tag. */
  readonly entryBytes: number;
  readonly globals: Readonly<Record<GlobalName, Variable>>;
  readonly constants: (values: readonly number[], bytesEach: 1 | 4) => number;
  /** Address of the skip masks: `skipWords` words for each value of `via`. */
  readonly skipTable: number;
  readonly skipWords: number;
  /** Actions that are ever skipped. */
  readonly skippable: ReadonlySet<number>;
  /** Constants in memory so far, to be written there from `controlBytes` on. */
  readonly data: () => Uint8Array;
}

// Actions beyond this number are always followed: 64 to a word of a skip mask.
const mostSkippable = 256;

/** Makes the plan of a system's module. */
export function planOf(system: TransitionSystem, options: PlanOptions): Plan {
  const row = rowLayoutOf(system);
  const pool = constantPool();
  const batchSize = Math.max(options.batchSize, 2 * system.actions.length + 2);
  const smaller = row.via
    ? options.leftOut(system).map((list) => list.filter((k) => k < mostSkippable))
    : [];
  const skippable = new Set(smaller.flat());
  const skipWords = skippable.size > 0 ? (Math.max(...skippable) >> 6) + 1 : 0;
  const masks = smaller.flatMap((list) => maskWords(list, skipWords));
  return {
    ...options,
    batchSize,
    row,
    entryBytes: row.rowBytes + 8,
    globals: globals(),
    constants: (values, bytesEach) => pool.add(values, bytesEach),
    skipTable: skipWords > 0 ? pool.add([...maskWords([], skipWords), ...masks], 4) : controlBytes,
    skipWords,
    skippable,
    data: () => pool.data(),
  };
}

/** The index of a function, for `call`. */
export function indexOf(name: FunctionName): number {
  return functionNames.indexOf(name);
}

// Bit k of the words is set for each k of the list; 32-bit halves, the low one first.
function maskWords(list: readonly number[], wordCount: number): readonly number[] {
  const halves = Array.from({ length: wordCount * 2 }, () => 0);
  for (const k of list) halves[k >> 5] = (at(halves, k >> 5) | (1 << (k % 32))) >>> 0;
  return halves;
}

function globals(): Readonly<Record<GlobalName, Variable>> {
  const of = (name: GlobalName): Variable => globalAt(globalNames.indexOf(name));
  return {
    buffer: of('buffer'),
    bufferEnd: of('bufferEnd'),
    own: of('own'),
    ownEnd: of('ownEnd'),
    directory: of('directory'),
    directoryMask: of('directoryMask'),
    segmentMask: of('segmentMask'),
    level: of('level'),
    pickFrom: of('pickFrom'),
    pickMore: of('pickMore'),
    made: of('made'),
    setBase: of('setBase'),
    setMask: of('setMask'),
    setCount: of('setCount'),
    setLimit: of('setLimit'),
    targetBase: of('targetBase'),
    targetMask: of('targetMask'),
    seen: of('seen'),
    sink: of('sink'),
  };
}

// Tables of constants, each once, each on a multiple of eight bytes.
function constantPool() {
  const bytes: number[] = [];
  const known = new Map<string, number>();
  return {
    add(values: readonly number[], bytesEach: 1 | 4): number {
      const key = `${bytesEach}:${values.join()}`;
      const place = known.get(key) ?? controlBytes + bytes.length;
      if (known.has(key)) return place;
      known.set(key, place);
      for (const value of values) {
        for (let b = 0; b < bytesEach; b++) bytes.push((value >>> (8 * b)) & 0xff);
      }
      while (bytes.length % 8 !== 0) bytes.push(0);
      return present(known.get(key), 'constants');
    },
    data: () => Uint8Array.from(bytes),
  };
}
