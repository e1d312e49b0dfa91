// The ways a thread can go on from a place in one step of the system: the step of the place, and
// then those that nobody can notice.

import { at, never, present } from '../base/index.ts';
import { constant, eq, type Expr, fieldAt, not, or, table } from '../ir/index.ts';
import { accessEffect, type AccessSetting, type AccessVisible } from './automaton-accesses.ts';
import { isAccessThrough } from './automaton-explore.ts';
import type { Place } from './automaton-places.ts';
import type { Visible } from './automaton-run.ts';

/** A cell of a table as a field. */
export interface CellField {
  readonly field: number;
  /** Names of the values it can have, by number. */
  readonly values: readonly string[];
}

/** One way to go on. */
export interface Way {
  /** Tells it from the other ways of the place. */
  readonly suffix: string;
  readonly guards: readonly Expr[];
  readonly updates: ReadonlyMap<number, Expr>;
  readonly to: Place;
  /** The places whose steps are taken, in order. */
  readonly passed: readonly Place[];
  readonly isFailure: boolean;
  /** That the lock is free which the first step takes. */
  readonly isFree: Expr;
  /** Values that fields can have had before, where the guards leave only some. */
  readonly possible: ReadonlyMap<number, ReadonlySet<number>>;
}

/** What ways are told in. */
export interface WaySetting extends AccessSetting {
  readonly cells: ReadonlyMap<string, CellField>;
  readonly locks: ReadonlyMap<string, number>;
}

/** Ways from one place, at most, before what is left is a step of its own. */
const MOST_WAYS = 64;

/** All ways from a place. */
export function waysFrom(setting: WaySetting, thread: number, place: Place): readonly Way[] {
  const start: Way = {
    suffix: '',
    guards: [],
    updates: new Map(),
    to: place,
    passed: [],
    isFailure: false,
    isFree: constant(1),
    possible: new Map(),
  };
  const done: Way[] = [];
  const open = [...stepped(setting, thread, start)];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    if (!way.to.isMover || done.length + open.length >= MOST_WAYS) done.push(way);
    else open.push(...stepped(setting, thread, way).toReversed());
  }
  return done;
}

/** The way with the step of the place that it leads to, in each way which that can go. */
function stepped(setting: WaySetting, thread: number, way: Way): readonly Way[] {
  const { visible } = way.to;
  switch (visible.kind) {
    case 'end':
    case 'blocked':
      return [];
    case 'chance':
      return [...way.to.next].map(([answer, to]) => ({
        ...gone(way, to),
        suffix: answer === '1' ? `${way.suffix}:fails` : way.suffix,
        isFailure: answer === '1',
      }));
    case 'get':
      return gets(setting, thread, way, visible.cell);
    case 'scan':
      return scans(setting, way, visible.cells);
    case 'set':
      return after(way, '', [setUpdate(setting, visible)]);
    case 'pause':
      return after(way, '', []);
    case 'lock':
    case 'unlock':
      return locks(setting, way, visible);
    case 'load':
    case 'store':
    case 'maintain':
      return accesses(setting, thread, way, visible);
    default:
      return never(visible);
  }
}

type Pair = readonly [field: number, value: Expr];

function gone(way: Way, to: Place, updates: readonly Pair[] = []): Way {
  return {
    ...way,
    to,
    passed: [...way.passed, way.to],
    updates: new Map([...way.updates, ...updates]),
  };
}

function after(way: Way, answer: string, updates: readonly Pair[]): readonly Way[] {
  const to = way.to.next.get(answer);
  return to === undefined ? [] : [gone(way, to, updates)];
}

function setUpdate(setting: WaySetting, visible: Extract<Visible, { kind: 'set' }>): Pair {
  const { field, values } = present(setting.cells.get(visible.cell), visible.cell);
  return [field, constant(values.indexOf(visible.value))];
}

// One way for each place that some value of the cell leads to.
function gets(setting: WaySetting, thread: number, way: Way, id: string): readonly Way[] {
  const { field, values } = present(setting.cells.get(id), id);
  const cell = setting.automata.sharing.cell(id);
  const now = way.updates.get(field);
  if (now?.op === 'const') return after(way, at(values, now.value), []);
  const possible = way.possible.get(field);
  const groups = new Map<Place, number[]>();
  for (const [number, value] of values.entries()) {
    const to = way.to.next.get(value);
    if (to === undefined || possible?.has(number) === false) continue;
    groups.set(to, [...(groups.get(to) ?? []), number]);
  }
  return [...groups].flatMap(([to, numbers], index): readonly Way[] => {
    const next: Way = {
      ...gone(way, to),
      suffix: groups.size > 1 ? `${way.suffix}=${index}` : way.suffix,
      guards: groups.size > 1 ? [...way.guards, among(field, values, numbers)] : way.guards,
      possible: new Map([...way.possible, [field, new Set(numbers)]]),
    };
    return cell.isTranslation ? accessed(setting, thread, next, cell) : [next];
  });
}

function among(field: number, values: readonly string[], numbers: readonly number[]): Expr {
  const [only, ...others] = numbers;
  if (only !== undefined && others.length === 0) return eq(fieldAt(field), constant(only));
  return table(
    fieldAt(field),
    values.map((_, number) => (numbers.includes(number) ? 1 : 0)),
  );
}

// The processor translates and accesses at once, and marks the entry dirty with that.
function accessed(
  setting: WaySetting,
  thread: number,
  way: Way,
  entry: { readonly id: string; readonly key: number },
): readonly Way[] {
  const { visible } = way.to;
  const { PAGE_SIZE } = setting.automata.scene.linux;
  if (!isAccessThrough(visible, entry, PAGE_SIZE)) return [way];
  const next = stepped(setting, thread, way);
  if (visible.kind !== 'set') return next;
  return next.flatMap((one) => accessed(setting, thread, one, entry));
}

function scans(setting: WaySetting, way: Way, ids: readonly string[]): readonly Way[] {
  const bits = ids.map((id): Expr => {
    const { field, values } = present(setting.cells.get(id), id);
    const { unused } = setting.automata.sharing.cell(id);
    const now = way.updates.get(field);
    const used = values.map((value) => (value === unused ? 0 : 1));
    return now?.op === 'const' ? constant(at(used, now.value)) : table(fieldAt(field), used);
  });
  const groups = new Map<Place, string[]>();
  for (const [answer, to] of way.to.next) {
    const isPossible = bits.every((bit, i) => bit.op !== 'const' || `${bit.value}` === answer[i]);
    if (isPossible) groups.set(to, [...(groups.get(to) ?? []), answer]);
  }
  return [...groups].map(([to, answers], index) => {
    const isOneOf = or(...answers.map((answer) => allOf(bits, answer)));
    return {
      ...gone(way, to),
      suffix: groups.size > 1 ? `${way.suffix}=${index}` : way.suffix,
      guards: groups.size > 1 ? [...way.guards, isOneOf] : way.guards,
    };
  });
}

function allOf(bits: readonly Expr[], answer: string): Expr {
  return bits.reduceRight<Expr>((rest, bit, i) => {
    if (bit.op === 'const') return rest;
    const wanted = answer[i] === '1' ? bit : not(bit);
    return rest.op === 'const' ? wanted : { op: 'and', a: wanted, b: rest };
  }, constant(1));
}

/** The number of a lock that is held exclusively; less are readers. */
export function exclusiveOf(setting: Pick<WaySetting, 'automata'>): number {
  return setting.automata.threads.length + 1;
}

function locks(
  setting: WaySetting,
  way: Way,
  step: Extract<Visible, { kind: 'lock' | 'unlock' }>,
): readonly Way[] {
  const field = present(setting.locks.get(step.lock), `lock ${step.lock}`);
  const exclusive = exclusiveOf(setting);
  const numbers = Array.from({ length: exclusive + 1 }, (_, n) => n);
  const now = way.updates.get(field) ?? fieldAt(field);
  const isExclusive = step.mode === 'exclusive';
  if (step.kind === 'unlock') {
    const freed = numbers.map((n) => (isExclusive ? 0 : Math.max(n - 1, 0)));
    return after(way, '', [[field, mapped(now, freed)]]);
  }
  const guard = isExclusive ? eq(now, constant(0)) : not(eq(now, constant(exclusive)));
  const taken = numbers.map((n) => (isExclusive ? exclusive : Math.min(n + 1, exclusive - 1)));
  const value = isExclusive ? constant(exclusive) : mapped(now, taken);
  return after(way, '', [[field, value]]).map((one) => ({ ...one, isFree: guard }));
}

function mapped(now: Expr, to: readonly number[]): Expr {
  return now.op === 'const' ? constant(at(to, now.value)) : table(now, to);
}

// What a load reads decides where it goes on: one way for each value, so that the counters of
// threads never depend on memory.
function accesses(
  setting: WaySetting,
  thread: number,
  way: Way,
  step: AccessVisible,
): readonly Way[] {
  const { updates, value } = accessEffect(setting, thread, step);
  const pairs = updates.map((update): Pair => [update.field, update.value]);
  if (value === undefined) return after(way, '', pairs);
  const groups = new Map<Place, number[]>();
  for (const [answer, to] of way.to.next) {
    const number = setting.byteValues.indexOf(Number(answer));
    groups.set(to, [...(groups.get(to) ?? []), number]);
  }
  return [...groups].map(([to, read], index) => ({
    ...gone(way, to, pairs),
    suffix: groups.size > 1 ? `${way.suffix}=${index}` : way.suffix,
    guards:
      groups.size > 1
        ? [...way.guards, or(...read.map((number) => eq(value, constant(number))))]
        : way.guards,
  }));
}
