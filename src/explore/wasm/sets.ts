// Sets of whole rows, and what is gathered in them: the distinct outcomes of end states, and the
// states on shortest paths to the question (see witness.ts). A set is an open-addressed table of
// rows; a slot whose last word is 0 is empty. A full set makes the gathering function return, and
// the driver gives it a larger one.

import { at } from '../../base/index.ts';
import type { Expr, TransitionSystem } from '../../ir/index.ts';
import {
  atomic,
  block,
  br,
  brIf,
  call,
  type Code,
  give,
  I32,
  I64,
  i32,
  i64,
  loop,
  when,
  zeroFill,
} from './assembler.ts';
import { truthCode } from './expressions.ts';
import { masksOf, presentBit, satisfiesBit } from './layout.ts';
import { type Func, func, type Scope, type Variable } from './module.ts';
import { indexOf, type Plan } from './plan.ts';
import { hashCode, keyWord } from './store.ts';

/** `setInsert(address)`: 1 where the row is in the set or was added, 0 where the set is full. */
export function setInsertFunc(plan: Plan): Func {
  const { globals, row } = plan;
  return func('setInsert', { params: [I32], results: [I32] }, (scope) => {
    const address = scope.param(0);
    const slot = scope.local(I32);
    const words = keyWords(plan, address.get);
    return [
      probeCode({ plan, scope, address, slot, base: globals.setBase, mask: globals.setMask }, [
        when(i32.geU(globals.setCount.get, globals.setLimit.get), give(i32.const(0))),
        words.map((word, w) => i64.store(slot.get, word, w * 8)),
        globals.setCount.set(i32.add(globals.setCount.get, i32.const(1))),
        give(i32.const(1)),
      ]),
      i32.const(1),
    ];
  });
  function keyWords(p: Plan, address: Code): readonly Code[] {
    return Array.from({ length: row.wordCount }, (_, w) =>
      keyWord(address, w, p.row.keyMask, row.wordCount),
    );
  }
}

/** `has(address)`: whether the row is in the target set. */
export function hasFunc(plan: Plan): Func {
  const { globals } = plan;
  return func('has', { params: [I32], results: [I32] }, (scope) => {
    const address = scope.param(0);
    const slot = scope.local(I32);
    const at = { plan, scope, address, slot };
    return [
      probeCode({ ...at, base: globals.targetBase, mask: globals.targetMask }, [
        give(i32.const(0)),
      ]),
      i32.const(1),
    ];
  });
}

interface SetProbe {
  readonly plan: Plan;
  readonly scope: Scope;
  readonly address: Variable;
  readonly slot: Variable;
  readonly base: Variable;
  readonly mask: Variable;
}

// Goes on behind the block where the row is found; `onEmpty` runs at an empty slot and returns.
function probeCode({ plan, scope, address, slot, base, mask }: SetProbe, onEmpty: Code): Code {
  const { row } = plan;
  const hash = scope.local(I64);
  const number = scope.local(I32);
  const last = (row.wordCount - 1) * 8;
  const different = Array.from({ length: row.wordCount }, (_, w) =>
    i64.xor(i64.load(slot.get, w * 8), keyWord(address.get, w, row.keyMask, row.wordCount)),
  ).reduce(i64.or);
  return [
    hashCode(address.get, hash, plan),
    number.set(i32.wrap(hash.get)),
    block(
      loop(
        number.set(i32.and(number.get, mask.get)),
        slot.set(i32.add(base.get, i32.mul(number.get, i32.const(row.rowBytes)))),
        when(i64.eqz(i64.load(slot.get, last)), onEmpty),
        brIf(1, i64.eqz(different)),
        number.set(i32.add(number.get, i32.const(1))),
        br(0),
      ),
    ),
  ];
}

/** `look(from, to)`: gathers the outcomes of end states; gives the first row not looked at. */
export function lookFunc(system: TransitionSystem, question: Expr, plan: Plan): Func {
  const { globals, row } = plan;
  const masks = masksOf(row, system.observed);
  const scratch = globals.buffer.get;
  return endsFunc('look', system.isEnd, plan, (words, exprs, from) => {
    const satisfies = exprs.truth(question);
    const keys = words.map((word, w) => i64.and(word.get, i64.const(at(masks, w))));
    const bit = i64.mul(i64.extendU(globals.sink.get), i64.const(satisfiesBit));
    return [
      globals.sink.set(satisfies),
      globals.seen.set(i32.or(globals.seen.get, globals.sink.get)),
      keys.map((key, w) => {
        const isLast = w === row.wordCount - 1;
        return i64.store(
          scratch,
          isLast ? i64.or(i64.or(key, i64.const(presentBit)), bit) : key,
          w * 8,
        );
      }),
      when(i32.eqz(call(indexOf('setInsert'), scratch)), give(from.get)),
    ];
  });
}

/** `collect(from, to)`: gathers the end states that satisfy the question, as `look` does. */
export function collectFunc(system: TransitionSystem, question: Expr, plan: Plan): Func {
  return endsFunc('collect', system.isEnd, plan, (_, exprs, from) =>
    when(
      exprs.truth(question),
      when(i32.eqz(call(indexOf('setInsert'), from.get)), give(from.get)),
    ),
  );
}

function endsFunc(
  name: string,
  isEnd: Expr,
  plan: Plan,
  body: (
    words: readonly Variable[],
    exprs: { readonly truth: (e: Expr) => Code },
    from: Variable,
  ) => Code,
): Func {
  const { row } = plan;
  return func(name, { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const to = scope.param(1);
    const words = Array.from({ length: row.wordCount }, () => scope.local(I64));
    const exprScope = { ...plan, words, scratch: scope.local(I64) };
    const truth = (e: Expr): Code => truthCode(e, exprScope);
    return eachRow(plan, from, to, [
      words.map((word, w) => word.set(i64.load(from.get, w * 8))),
      when(truth(isEnd), body(words, { truth }, from)),
    ]);
  });
}

/**
 * `back(from, to)`: gathers the rows with a successor in the target set, as `look` does; those of
 * the levels asked for where the rows tell theirs.
 */
export function backFunc(plan: Plan): Func {
  const { globals, row, entryBytes } = plan;
  return func('back', { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const to = scope.param(1);
    const entry = scope.local(I32);
    const next = i32.add(from.get, i32.const(row.rowBytes));
    return eachRow(plan, from, to, [
      block(
        brIf(0, isOtherLevel(plan, i64.load(from.get))),
        [call(indexOf('expand'), from.get, next, i32.const(0)), 0x1a],
        entry.set(globals.buffer.get),
        loop(
          brIf(1, i32.geU(entry.get, globals.bufferEnd.get)),
          when(
            call(indexOf('has'), entry.get),
            when(i32.eqz(call(indexOf('setInsert'), from.get)), give(from.get)),
            br(2),
          ),
          entry.set(i32.add(entry.get, i32.const(entryBytes))),
          br(0),
        ),
      ),
    ]);
  });
}

/**
 * `pick(from, to)`: copies from these slots of the table the states of the levels asked for to the
 * chunk; gives the first slot not looked at, where the chunk is full.
 */
export function pickFunc(plan: Plan): Func {
  const { globals, row } = plan;
  return func('pick', { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const value = scope.local(I64);
    if (row.wordCount > 1) return scope.param(1).get;
    return eachRow(plan, from, scope.param(1), [
      value.set(i64.load(from.get)),
      block(
        brIf(0, i32.or(i64.eqz(value.get), isOtherLevel(plan, value.get))),
        when(i32.geU(globals.own.get, globals.ownEnd.get), give(from.get)),
        i64.store(globals.own.get, value.get),
        globals.own.set(i32.add(globals.own.get, i32.const(row.rowBytes))),
      ),
    ]);
  });
}

// Whether a one-word row that tells its level is of none of those asked for.
function isOtherLevel({ globals, row }: Plan, word: Code): Code {
  const { shift, largest } = row.level;
  if (largest === 0) return i32.const(0);
  const level = i32.wrap(i64.and(i64.shrU(word, i64.const(shift)), i64.const(BigInt(largest))));
  return i32.gtU(i32.sub(level, globals.pickFrom.get), globals.pickMore.get);
}

/** `refill(from, to)`: adds the rows of an old set that lies there to the present one. */
export function refillFunc(plan: Plan): Func {
  const last = (plan.row.wordCount - 1) * 8;
  return func('refill', { params: [I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    return eachRow(plan, from, scope.param(1), [
      when(
        i32.eqz(i64.eqz(i64.load(from.get, last))),
        when(i32.eqz(call(indexOf('setInsert'), from.get)), give(from.get)),
      ),
    ]);
  });
}

/** `peek`, `poke` and `clear`: how the driver reads and writes memory that another worker grew. */
export function accessFuncs({ isShared }: Plan): readonly Func[] {
  return [
    func('peek', { params: [I32], results: [I32] }, (scope) => i32.load(scope.param(0).get)),
    func('poke', { params: [I32, I32] }, (scope) =>
      isShared
        ? atomic.store32(scope.param(0).get, scope.param(1).get)
        : i32.store(scope.param(0).get, scope.param(1).get),
    ),
    func('clear', { params: [I32, I32] }, (scope) =>
      zeroFill(scope.param(0).get, scope.param(1).get),
    ),
  ];
}

function eachRow({ row }: Plan, from: Variable, to: Variable, body: Code): Code {
  return [
    block(
      loop(
        brIf(1, i32.geU(from.get, to.get)),
        body,
        from.set(i32.add(from.get, i32.const(row.rowBytes))),
        br(0),
      ),
    ),
    from.get,
  ];
}
