// The store of states, exact: an open-addressed table with linear probing, and the rows themselves.
//
// A row of one word lies in its slot (and once more in the chunk it was found in, where the search
// reads it in order). For a longer row the slot holds the row's address and 32 bits of its hash;
// equality is tested on the whole row. A slot of 0 is empty in both.
//
// The table is cut into segments of equal size, whose addresses stand in a directory: the low bits
// of a tag are the slot in its segment, those above them the number of the segment. So the table is
// doubled a segment at a time, and what a segment leaves behind is the room for the next; there is
// no time at which old and new table are both there. A search goes round its segment, and only
// where that is full to the same slot of the next one.
//
// What a search waits for is memory. So successors are made a batch at a time; `hash` then touches
// every slot, and `touch` every row that a slot points to, so that the processor has many misses
// under way at once; `insert` finds them all at hand. With several workers a slot is taken by
// compare-and-exchange, after the row it will point to has been written.

import {
  atomic,
  block,
  br,
  brIf,
  call,
  choose,
  type Code,
  I32,
  I64,
  i32,
  i64,
  loop,
  when,
} from './assembler.ts';
import { control } from './control.ts';
import { type Func, func, type Scope, type Variable } from './module.ts';
import { indexOf, type Plan } from './plan.ts';

/** Odd multipliers of the hash: 2^64 divided by the golden ratio, and a prime near its square. */
const multipliers = [0x9e3779b97f4a7c15n, 0xd6e8feb86659fd93n] as const;

/** Leaves in `hash` a number that depends on every word of the state at `address`. */
export function hashCode(address: Code, hash: Variable, { row, hashBits }: Plan): Code {
  const mixed = Array.from({ length: row.wordCount }, (_, w) => {
    const key = keyWord(address, w, row.keyMask, row.wordCount);
    const previous = w === 0 ? key : i64.xor(hash.get, key);
    return [
      hash.set(i64.mul(previous, i64.const(multipliers[0]))),
      hash.set(i64.xor(hash.get, i64.shrU(hash.get, i64.const(32n)))),
    ];
  });
  return [
    mixed,
    hash.set(i64.mul(hash.get, i64.const(multipliers[1]))),
    hash.set(i64.xor(hash.get, i64.shrU(hash.get, i64.const(29n)))),
    hashBits === 32 ? [] : hash.set(i64.shl(hash.get, i64.const(BigInt(64 - hashBits)))),
  ];
}

/** Word `w` of the row at `address`, without the bits that are no part of the state. */
export function keyWord(address: Code, w: number, keyMask: bigint, wordCount: number): Code {
  const word = i64.load(address, w * 8);
  const isWhole = w < wordCount - 1 || keyMask === (1n << 64n) - 1n;
  return isWhole ? word : i64.and(word, i64.const(keyMask));
}

/** `hash()`: gives every entry of the batch its slot and tag, and touches the slot. */
export function hashFunc(plan: Plan): Func {
  const { globals, row } = plan;
  return func('hash', {}, (scope) => {
    const entry = scope.local(I32);
    const slot = scope.local(I32);
    const hash = scope.local(I64);
    const sink = scope.local(I64);
    const table = tableOf(scope);
    return [
      readTable(plan, table),
      eachEntry(plan, entry, [
        hashCode(entry.get, hash, plan),
        slot.set(slotOf(tagOf(hash), plan, table)),
        i32.store(entry.get, slot.get, row.rowBytes),
        i32.store(entry.get, tagOf(hash), row.rowBytes + 4),
        sink.set(i64.xor(sink.get, i64.load(slot.get))),
      ]),
      globals.sink.set(i32.wrap(sink.get)),
    ];
  });
}

/** `touch()`: touches every row whose slot has the tag of an entry. */
export function touchFunc(plan: Plan): Func {
  const { globals, row } = plan;
  return func('touch', {}, (scope) => {
    if (row.wordCount === 1) return [];
    const entry = scope.local(I32);
    const found = scope.local(I64);
    const sink = scope.local(I64);
    return [
      eachEntry(plan, entry, [
        found.set(i64.load(i32.load(entry.get, row.rowBytes))),
        when(
          i32.eq(tagOf(found), i32.load(entry.get, row.rowBytes + 4)),
          sink.set(i64.xor(sink.get, i64.load(i32.wrap(found.get)))),
        ),
      ]),
      globals.sink.set(i32.wrap(sink.get)),
    ];
  });
}

/** `insert()`: adds the entries that are new to table and chunk; the driver has made room. */
export function insertFunc(plan: Plan): Func {
  const { globals, row } = plan;
  return func('insert', {}, (scope) => {
    const entry = scope.local(I32);
    const probe: Probe = {
      plan,
      entry,
      slot: scope.local(I32),
      own: scope.local(I32),
      found: scope.local(I64),
      words: Array.from({ length: row.wordCount }, () => scope.local(I64)),
      key: scope.local(I64),
    };
    const { slot, own, found, words, key } = probe;
    const walk = walkOf(scope, slot);
    const level = scope.local(I64);
    return [
      own.set(globals.own.get),
      readTable(plan, walk.table),
      level.set(i64.shl(i64.extendU(globals.level.get), i64.const(row.level.shift))),
      eachEntry(plan, entry, [
        words.map((word, w) => word.set(i64.load(entry.get, w * 8))),
        slot.set(i32.load(entry.get, row.rowBytes)),
        walk.tag.set(i32.load(entry.get, row.rowBytes + 4)),
        beginWalk(walk),
        key.set(slotValue(probe, level.get)),
        block(
          loop(
            found.set(slotLoad(plan, slot.get)),
            when(i64.eqz(found.get), takeSlot(probe)),
            isSame(probe),
            nextSlot(plan, walk),
            br(0),
          ),
        ),
      ]),
      globals.own.set(own.get),
    ];
  });
}

/** Variables of one insertion. */
interface Probe {
  readonly plan: Plan;
  readonly entry: Variable;
  readonly slot: Variable;
  /** Address of the next row of the chunk. */
  readonly own: Variable;
  /** What the slot holds. */
  readonly found: Variable;
  readonly words: readonly Variable[];
  /** What the slot shall hold: the state itself, or tag and address. */
  readonly key: Variable;
}

function slotValue({ plan, entry, own }: Probe, level: Code): Code {
  const { row } = plan;
  if (row.wordCount === 1) {
    const key = keyWord(entry.get, 0, row.keyMask, 1);
    return row.level.largest > 0 ? i64.or(key, level) : key;
  }
  const tag = i64.extendU(i32.load(entry.get, row.rowBytes + 4));
  return i64.or(i64.shl(tag, i64.const(32n)), i64.extendU(own.get));
}

// Inside the block, the loop and the `when` of insertFunc: br(2) leaves the block.
function takeSlot({ plan, slot, own, found, words, key }: Probe): Code {
  const writeRow = words.map((word, w) => i64.store(own.get, word.get, w * 8));
  const keepRow = own.set(i32.add(own.get, i32.const(plan.row.rowBytes)));
  if (!plan.isShared) return [i64.store(slot.get, key.get), writeRow, keepRow, br(2)];
  return [
    writeRow,
    found.set(atomic.compareExchange64(slot.get, i64.const(0n), key.get)),
    when(i64.eqz(found.get), keepRow, br(3)),
  ];
}

// Inside the block and the loop of insertFunc: br(1) leaves the block.
function isSame({ plan, entry, found, words, key }: Probe): Code {
  const { row } = plan;
  if (row.wordCount === 1) {
    const bits = i64.xor(found.get, key.get);
    const isLevelIn = row.level.largest > 0;
    return brIf(1, i64.eqz(isLevelIn ? i64.and(bits, i64.const(row.keyMask)) : bits));
  }
  const address = i32.wrap(found.get);
  const different = words
    .map((word, w) => i64.xor(i64.load(address, w * 8), word.get))
    .map((bits, w) => (w === row.wordCount - 1 ? i64.and(bits, i64.const(row.keyMask)) : bits))
    .reduce(i64.or);
  return when(
    i32.eq(tagOf(found), i32.load(entry.get, row.rowBytes + 4)),
    brIf(2, i64.eqz(different)),
  );
}

/**
 * `step(from, to)`: expands and stores rows until `to`, a pause, the end of the chunk or a few
 * thousand successors, and gives the address of the first row not done.
 */
export function stepFunc(plan: Plan): Func {
  const { globals, row, batchSize } = plan;
  return func('step', { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const to = scope.param(1);
    const before = scope.local(I32);
    const turns = scope.local(I32);
    const fresh = i32.divU(i32.sub(globals.own.get, before.get), i32.const(row.rowBytes));
    const states = controlWord(plan, control.states);
    const limit = controlWord(plan, control.limit);
    const zero = i32.const(0);
    return [
      block(
        loop(
          brIf(1, i32.geU(from.get, to.get)),
          brIf(1, i32.geU(turns.get, i32.const(64))),
          brIf(1, i32.geU(states, limit)),
          before.set(globals.own.get),
          brIf(
            1,
            i32.gtU(i32.const(batchSize * row.rowBytes), i32.sub(globals.ownEnd.get, before.get)),
          ),
          from.set(call(indexOf('expand'), from.get, to.get, i32.const(1))),
          [call(indexOf('hash')), call(indexOf('touch')), call(indexOf('insert'))],
          plan.isShared
            ? [atomic.add32(zero, fresh, control.states * 4), 0x1a]
            : i32.store(zero, i32.add(states, fresh), control.states * 4),
          turns.set(i32.add(turns.get, i32.const(1))),
          br(0),
        ),
      ),
      from.get,
    ];
  });
}

/**
 * `rehash(from, to)`: moves what these slots of an old segment hold into the present table, which
 * is larger, and gives how many it had to leave: those whose new segment is not there yet. All are
 * different.
 */
export function rehashFunc(plan: Plan): Func {
  const { row } = plan;
  return func('rehash', { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const to = scope.param(1);
    const value = scope.local(I64);
    const hash = scope.local(I64);
    const left = scope.local(I32);
    const walk = walkOf(scope, scope.local(I32));
    const { slot, tag } = walk;
    return [
      readTable(plan, walk.table),
      block(
        loop(
          brIf(1, i32.geU(from.get, to.get)),
          value.set(i64.load(from.get)),
          when(
            i32.eqz(i64.eqz(value.get)),
            row.wordCount === 1 ? hashCode(from.get, hash, plan) : hash.set(value.get),
            tag.set(tagOf(hash)),
            slot.set(slotOf(tag.get, plan, walk.table)),
            beginWalk(walk),
            left.set(i32.add(left.get, i32.const(1))),
            block(
              loop(
                brIf(1, i32.eqz(walk.base.get)),
                when(
                  tookEmpty(plan, slot, value),
                  left.set(i32.sub(left.get, i32.const(1))),
                  i64.store(from.get, i64.const(0n)),
                  br(2),
                ),
                nextSlot(plan, walk),
                br(0),
              ),
            ),
          ),
          from.set(i32.add(from.get, i32.const(8))),
          br(0),
        ),
      ),
      left.get,
    ];
  });
}

// Whether the slot was empty, and holds the value now.
function tookEmpty(plan: Plan, slot: Variable, value: Variable): Code {
  if (plan.isShared) {
    return i64.eqz(atomic.compareExchange64(slot.get, i64.const(0n), value.get));
  }
  return choose(
    I32,
    i64.eqz(i64.load(slot.get)),
    [i64.store(slot.get, value.get), i32.const(1)],
    i32.const(0),
  );
}

function eachEntry({ globals, entryBytes }: Plan, entry: Variable, body: Code): Code {
  return [
    entry.set(globals.buffer.get),
    block(
      loop(
        brIf(1, i32.geU(entry.get, globals.bufferEnd.get)),
        body,
        entry.set(i32.add(entry.get, i32.const(entryBytes))),
        br(0),
      ),
    ),
  ];
}

/** Copies of the globals that say where the table is: what a loop needs at every turn. */
interface Table {
  readonly directory: Variable;
  readonly directoryMask: Variable;
  readonly segmentMask: Variable;
}

function tableOf(scope: Scope): Table {
  const local = (): Variable => scope.local(I32);
  return { directory: local(), directoryMask: local(), segmentMask: local() };
}

function readTable({ globals }: Plan, { directory, directoryMask, segmentMask }: Table): Code {
  return [
    directory.set(globals.directory.get),
    directoryMask.set(globals.directoryMask.get),
    segmentMask.set(globals.segmentMask.get),
  ];
}

/** A walk through the slots that a tag may lie in. */
interface Walk {
  readonly table: Table;
  readonly slot: Variable;
  readonly tag: Variable;
  /** Where the segment begins, and the slot in it where the walk began. */
  readonly base: Variable;
  readonly first: Variable;
}

function walkOf(scope: Scope, slot: Variable): Walk {
  const local = (): Variable => scope.local(I32);
  return { table: tableOf(scope), slot, tag: local(), base: local(), first: local() };
}

// The walk begins at `slot`, which is that of `tag`.
function beginWalk({ table, slot, tag, base, first }: Walk): Code {
  return [first.set(slot.get), base.set(i32.sub(slot.get, offsetOf(tag.get, table)))];
}

// Back at its first slot, the walk goes on in the next segment, as if that were the tag's.
function nextSlot(plan: Plan, walk: Walk): Code {
  const { table, slot, tag, base, first } = walk;
  const offset = i32.sub(i32.add(slot.get, i32.const(8)), base.get);
  return [
    slot.set(i32.add(base.get, i32.and(offset, table.segmentMask.get))),
    when(
      i32.eq(slot.get, first.get),
      tag.set(i32.add(tag.get, i32.const(2 ** plan.segmentLog))),
      slot.set(slotOf(tag.get, plan, table)),
      beginWalk(walk),
    ),
  ];
}

// Where the search for a tag begins. The slot of a row follows from its tag alone, so that a table
// can be doubled without a look at the rows. The directory's mask is one of bytes, four an entry.
function slotOf(tag: Code, plan: Plan, table: Table): Code {
  const entry = i32.and(i32.shrU(tag, i32.const(plan.segmentLog - 2)), table.directoryMask.get);
  const place = i32.add(table.directory.get, entry);
  const segment = plan.isShared ? atomic.load32(place) : i32.load(place);
  return i32.add(segment, offsetOf(tag, table));
}

function offsetOf(tag: Code, { segmentMask }: Table): Code {
  return i32.and(i32.shl(tag, i32.const(3)), segmentMask.get);
}

function tagOf(hash: Variable): Code {
  return i32.wrap(i64.shrU(hash.get, i64.const(32n)));
}

function slotLoad(plan: Plan, slot: Code): Code {
  return plan.isShared ? atomic.load64(slot) : i64.load(slot);
}

function controlWord(plan: Plan, word: number): Code {
  const zero = i32.const(0);
  return plan.isShared ? atomic.load32(zero, word * 4) : i32.load(zero, word * 4);
}
