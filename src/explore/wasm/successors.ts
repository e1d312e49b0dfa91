// The actions of a system as one WebAssembly function: `expand` reads rows and writes all their
// successors into the batch buffer.
//
// Guards are tested as a decision tree. Most of them ask first where a thread or a copy of a line
// stands, that is, they are conjunctions with `field = constant`; the field that most actions ask
// for becomes a jump table, and so on with what remains. Each action stands in the code once.

import { at, present } from '../../base/index.ts';
import { type Action, and, type Expr, type TransitionSystem } from '../../ir/index.ts';
import {
  block,
  br,
  brIf,
  brTable,
  type Code,
  I32,
  I64,
  i32,
  i64,
  loop,
  select,
  when,
} from './assembler.ts';
import { atMost, type ExprScope, largestIn, truthCode, valueCode } from './expressions.ts';
import { masksOf } from './layout.ts';
import { type Func, func, type Variable } from './module.ts';
import type { Plan } from './plan.ts';

// Constants from here on are compared one by one instead of jumped by.
const jumpLimit = 256;

/**
 * `expand(from, to, prune)`: writes the successors of rows from address `from` on until `to` or
 * until the batch is full, and gives the address of the first row not expanded. With `prune` it
 * leaves out those that another path is sure to find. Adds to `made` one for each enabled action.
 */
export function expandFunc(system: TransitionSystem, plan: Plan): Func {
  const { row, globals } = plan;
  return func('expand', { params: [I32, I32, I32], results: [I32] }, (scope) => {
    const from = scope.param(0);
    const to = scope.param(1);
    const prune = scope.param(2);
    const entry = scope.local(I32);
    const full = scope.local(I32);
    const made = scope.local(I32);
    const words = Array.from({ length: row.wordCount }, () => scope.local(I64));
    const skips = Array.from({ length: plan.skipWords }, () => scope.local(I64));
    const exprs = { ...plan, words, scratch: scope.local(I64) };
    const writer: Writer = { plan, exprs, entry, made, skips };
    const room = (plan.batchSize - system.actions.length) * plan.entryBytes;
    return [
      entry.set(globals.buffer.get),
      full.set(i32.add(globals.buffer.get, i32.const(room))),
      block(
        loop(
          brIf(1, i32.geU(from.get, to.get)),
          brIf(1, i32.gtU(entry.get, full.get)),
          words.map((word, w) => word.set(i64.load(from.get, w * 8))),
          skipCode(writer, prune),
          decide(
            system.actions.map((action, number) => ({ action, number, tests: testsOf(action) })),
            writer,
          ),
          from.set(i32.add(from.get, i32.const(row.rowBytes))),
          br(0),
        ),
      ),
      globals.bufferEnd.set(entry.get),
      globals.made.set(i32.add(globals.made.get, made.get)),
      from.get,
    ];
  });
}

/** Everything that writing one successor needs. */
interface Writer {
  readonly plan: Plan;
  readonly exprs: ExprScope;
  /** Address of the next entry of the batch. */
  readonly entry: Variable;
  readonly made: Variable;
  /** Bit k of word w: action 64 w + k need not be followed. */
  readonly skips: readonly Variable[];
}

/** An action with those conjuncts of its guard that are still to be tested. */
interface Pending {
  readonly action: Action;
  readonly number: number;
  readonly tests: readonly Expr[];
}

function testsOf(action: Action): readonly Expr[] {
  const conjuncts = (e: Expr): readonly Expr[] =>
    e.op === 'and' ? [...conjuncts(e.a), ...conjuncts(e.b)] : [e];
  return conjuncts(action.guard);
}

function decide(pending: readonly Pending[], writer: Writer): Code {
  const field = mostAskedField(pending);
  if (field === undefined) return pending.map((one) => guarded(one, writer));
  const isAsking = (one: Pending): boolean => one.tests.some((t) => asked(t)?.field === field);
  const rest = pending.filter((one) => !isAsking(one));
  return [jump(field, pending.filter(isAsking), writer), decide(rest, writer)];
}

function mostAskedField(pending: readonly Pending[]): number | undefined {
  const counts = new Map<number, number>();
  for (const { tests } of pending) {
    const fields = new Set(tests.flatMap((t) => asked(t)?.field ?? []));
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([f, n], [g, m]) => m - n || f - g);
  return best !== undefined && best[1] > 1 ? best[0] : undefined;
}

/** The field and value of a test `field = constant` that a jump table can answer. */
function asked(test: Expr): { readonly field: number; readonly value: number } | undefined {
  if (test.op !== 'eq') return undefined;
  const [a, b] = test.a.op === 'field' ? [test.a, test.b] : [test.b, test.a];
  if (a.op !== 'field' || b.op !== 'const' || b.value >= jumpLimit) return undefined;
  return { field: a.field, value: b.value };
}

// n nested blocks, entered at the end of the one whose case comes next; each case leaves them all.
function jump(field: number, pending: readonly Pending[], writer: Writer): Code {
  const cases = new Map<number, Pending[]>();
  for (const one of pending) {
    const test = one.tests.find((t) => asked(t)?.field === field);
    const value = present(test && asked(test), 'test of the field').value;
    const tests = one.tests.filter((t) => t !== test);
    cases.set(value, [...(cases.get(value) ?? []), { ...one, tests }]);
  }
  const count = Math.max(...cases.keys()) + 1;
  const index = i32.wrap(valueCode({ op: 'field', field }, writer.exprs));
  const values = Array.from({ length: count }, (_, value) => value);
  const whole = values.reduce<Code>(
    (inside, value) => [
      block(inside),
      decide(cases.get(value) ?? [], writer),
      br(count - 1 - value),
    ],
    brTable(index, values, count),
  );
  return block(whole);
}

function guarded({ action, number, tests }: Pending, writer: Writer): Code {
  const body = successor(action, number, writer);
  return tests.length === 0 ? body : when(truthCode(and(...tests), writer.exprs), body);
}

function successor(action: Action, number: number, writer: Writer): Code {
  const { entry, made } = writer;
  return [
    made.set(i32.add(made.get, i32.const(1))),
    updatedWords(action, number, writer).map((word, w) => i64.store(entry.get, word, w * 8)),
    entry.set(i32.add(entry.get, advance(number, writer))),
  ];
}

// The words of the state after the action: what it keeps, the constants, then the computed values.
function updatedWords(action: Action, number: number, { plan, exprs }: Writer): readonly Code[] {
  const { row } = plan;
  const kept = masksOf(
    row,
    action.updates.map((u) => u.field),
  );
  return exprs.words.map((word, w) => {
    const isLast = w === row.wordCount - 1;
    const viaMask = isLast && row.via ? row.via.mask << row.via.shift : 0n;
    let fixed = isLast && row.via ? BigInt(number + 1) << row.via.shift : 0n;
    const computed: Code[] = [];
    for (const { field, value } of action.updates) {
      const place = at(row.places, field);
      if (place.word !== w) continue;
      if (value.op === 'const' && BigInt(value.value) <= place.mask) {
        fixed |= BigInt(value.value) << place.shift;
      } else {
        computed.push(i64.shl(fitting(value, place.mask, exprs), i64.const(place.shift)));
      }
    }
    const cleared = at(kept, w) | viaMask;
    const rest = cleared === 0n ? word.get : i64.and(word.get, i64.const(~cleared));
    return [...(fixed === 0n ? [] : [i64.const(fixed)]), ...computed].reduce(i64.or, rest);
  });
}

// A value that might not fit its field is tested, as the interpreter does.
function fitting(value: Expr, mask: bigint, exprs: ExprScope): Code {
  const code = valueCode(value, exprs);
  const fits = BigInt(largestIn(value, exprs.row)) <= mask;
  return fits ? code : atMost(code, mask, exprs.scratch);
}

// By how much an action moves the end of the batch: not at all where it need not be followed. It
// writes its entry all the same and the next one overwrites it; a branch would be guessed wrongly.
function advance(number: number, { plan, skips }: Writer): Code {
  const skip = skips[number >> 6];
  if (!skip || !plan.skippable.has(number)) return i32.const(plan.entryBytes);
  const bit = i32.wrap(i64.and(i64.shrU(skip.get, i64.const(BigInt(number % 64))), i64.const(1n)));
  return i32.and(i32.sub(bit, i32.const(1)), i32.const(plan.entryBytes));
}

// Loads the skip mask that belongs to the action by which the row was found.
function skipCode({ plan, exprs, skips }: Writer, prune: Variable): Code {
  const { via } = plan.row;
  if (!via) return [];
  const last = at(exprs.words, plan.row.wordCount - 1).get;
  const number = i32.wrap(i64.and(i64.shrU(last, i64.const(via.shift)), i64.const(via.mask)));
  // The mask of number 0, the initial state, leaves out nothing.
  const offset = i32.mul(select(prune.get, number, i32.const(0)), i32.const(skips.length * 8));
  return skips.map((skip, w) => skip.set(i64.load(offset, plan.skipTable + w * 8)));
}
