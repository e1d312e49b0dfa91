// The actions of a scenario: those of each step of each thread, and the hardware's own.

import { never, present } from '../base/index.ts';
import {
  type Action,
  and,
  constant,
  type Expr,
  eq,
  fieldAt,
  ne,
  not,
  or,
  type Update,
} from '../ir/index.ts';
import type { AccessStep, MaintenanceStep, Step } from '../litmus/index.ts';
import type { CacheModel } from './cache-model.ts';
import {
  cleanUpdates,
  exchangeUpdates,
  fillUpdates,
  flushUpdates,
  invalidateUpdates,
  isPresent,
  loadUpdates,
  newestValue,
  storeUpdates,
} from './cache-steps.ts';
import type { Op } from './flow.ts';
import { copyFor, type Copy, encode, type Names } from './names.ts';
import { valueExpr } from './values.ts';

/** What the actions of a program depend on beside the names of its fields. */
export interface Setting {
  readonly model: CacheModel;
  readonly ops: readonly (readonly Op[])[];
  /** Results of `call` steps that machine and kernel decide; 0 where nothing is said. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Where in the program an action comes from. */
export interface Position {
  readonly thread: number;
  readonly step: number;
}

/**
 * The actions of one operation. Their ids are `P0.3`; where a call may end in several ways, the
 * failing ones are `P0.3:-12`, after their results.
 */
export function threadActions(
  names: Names,
  setting: Setting,
  position: Position,
): readonly Action[] {
  const counter = present(names.counters[position.thread], 'program counter');
  const op = present(setting.ops[position.thread]?.[position.step], 'operation');
  const thread = present(names.program.threads[position.thread], 'thread');
  const here = eq(fieldAt(counter), constant(position.step));
  const actor = { kind: 'thread', ...position } as const;
  const id = `${thread.name}.${position.step}`;
  const to = (place: number, updates: readonly Update[] = []): readonly Update[] => [
    ...updates,
    { field: counter, value: constant(place) },
  ];
  const { step } = op;
  if (step.kind === 'if' || step.kind === 'while') {
    const holds = valueExpr(names, thread.name, step.condition);
    const no = present(op.otherwise, 'the way past a condition');
    return [
      { id, actor, guard: and(here, ne(holds, constant(0))), updates: to(op.next) },
      { id: `${id}:else`, actor, guard: and(here, eq(holds, constant(0))), updates: to(no) },
    ];
  }
  if (step.kind === 'call') {
    const answer = setting.answers[step.name] ?? 0;
    // A refusal by machine or kernel comes before anything that could fail.
    const results = [answer, ...(answer === 0 ? step.failures : [])];
    return results.map((value, i) => ({
      id: i === 0 ? id : `${id}:${value}`,
      actor: i === 0 ? actor : ({ kind: 'failure' } as const),
      guard: here,
      updates: to(op.next, setRegister(names, thread.name, step.register, value)),
    }));
  }
  if (step.kind === 'crash') {
    return [{ id, actor: { kind: 'crash' }, guard: here, updates: crashUpdates(names, setting) }];
  }
  const { guard, updates } = effectOf(names, setting.model, thread, step);
  return [{ id, actor, guard: and(here, guard), updates: to(op.next, updates) }];
}

/**
 * Power may fail at any time, after the last step too: the action `crash`, once. Not after a
 * deadlock was told: the same crash comes before it as well.
 */
export function crashAnywhere(names: Names, setting: Setting): Action {
  const crashed = present(names.crashed, 'field for a crash');
  return {
    id: 'crash',
    actor: { kind: 'crash' },
    guard: and(
      eq(fieldAt(crashed), constant(0)),
      names.deadlock === undefined ? constant(1) : eq(fieldAt(names.deadlock), constant(0)),
    ),
    updates: crashUpdates(names, setting),
  };
}

/** The threads wait for each other for ever: the action `deadlock` says so in its field. */
export function deadlockAction(names: Names, threads: readonly Action[], ended: Expr): Action {
  const field = present(names.deadlock, 'field for a deadlock');
  return {
    id: 'deadlock',
    actor: { kind: 'failure' },
    guard: and(
      not(ended),
      eq(fieldAt(field), constant(0)),
      ...threads.map((action) => not(action.guard)),
    ),
    updates: [{ field, value: constant(1) }],
  };
}

/**
 * What the hardware may do by itself at any time: evict any copy (writing back a dirty one) and
 * fill any copy that some mapping in reach leads to.
 */
export function hardwareActions(names: Names, model: CacheModel): readonly Action[] {
  return names.copies.flatMap((copy): readonly Action[] => [
    {
      id: `evict.${copy.label}`,
      actor: { kind: 'hardware' },
      guard: isPresent(copy),
      updates: flushUpdates(names, [copy]),
    },
    {
      id: `fill.${copy.label}`,
      actor: { kind: 'hardware' },
      guard: and(not(isPresent(copy)), inReachOfAny(names, copy)),
      updates: fillUpdates(names, model, copy),
    },
  ]);
}

function inReachOfAny(names: Names, copy: Copy): Expr {
  return or(...copy.addresses.map((address) => inReach(names, address)));
}

function inReach(names: Names, mapping: string): Expr {
  const field = names.reach.get(mapping);
  return field === undefined ? constant(1) : eq(fieldAt(field), constant(1));
}

// Under eADR the caches are drained after the crash: evictions, in any order, do that.
function crashUpdates(names: Names, { ops }: Setting): readonly Update[] {
  const drained = names.program.medium === 'eadr';
  return [
    ...(drained ? [] : invalidateUpdates(names.copies)),
    ...names.counters.map((field, t) => ({
      field,
      value: constant(present(ops[t], 'operations').length),
    })),
    ...[...names.locks.values()].map((field) => ({ field, value: constant(0) })),
    ...(names.crashed === undefined ? [] : [{ field: names.crashed, value: constant(1) }]),
  ];
}

function setRegister(
  names: Names,
  thread: string,
  register: string | undefined,
  value: number,
): readonly Update[] {
  if (register === undefined) return [];
  const field = present(names.registers.get(`${thread}:${register}`), 'register');
  return [{ field, value: constant(encode(value, names.valueBits)) }];
}

interface Effect {
  readonly guard: Expr;
  readonly updates: readonly Update[];
}

type Running = { readonly name: string; readonly cpu?: number };

function effectOf(names: Names, model: CacheModel, thread: Running, step: Step): Effect {
  switch (step.kind) {
    case 'load':
    case 'store':
    case 'exchange':
    case 'fetch':
      // A fault waits until the mapping is back: the access is not enabled while out of reach.
      return {
        guard: inReach(names, step.mapping),
        updates: accessUpdates(names, model, thread, step),
      };
    case 'flush':
    case 'clean':
    case 'invalidate':
    case 'invalidate-icache':
      return { guard: constant(1), updates: maintenance(names, thread, step) };
    case 'map':
    case 'unmap': {
      const field = present(names.reach.get(step.mapping), 'reach of a mapping');
      const value = constant(step.kind === 'map' ? 1 : 0);
      return { guard: constant(1), updates: [{ field, value }] };
    }
    case 'lock':
    case 'unlock': {
      const field = present(names.locks.get(step.lock), `lock ${step.lock}`);
      const takes = step.kind === 'lock';
      return {
        guard: takes ? eq(fieldAt(field), constant(0)) : constant(1),
        updates: [{ field, value: constant(takes ? 1 : 0) }],
      };
    }
    case 'set': {
      const field = present(names.registers.get(`${thread.name}:${step.register}`), 'register');
      const value = valueExpr(names, thread.name, step.value);
      return { guard: constant(1), updates: [{ field, value }] };
    }
    case 'mark':
      return { guard: constant(1), updates: [] };
    case 'if':
    case 'while':
    case 'call':
    case 'crash':
    case 'fsync':
    case 'dax-flush':
    case 'kernel-access':
    case 'kernel':
      throw new RangeError(`${step.kind} is replaced before actions are built`);
    default:
      return never(step);
  }
}

function accessUpdates(
  names: Names,
  model: CacheModel,
  thread: Running,
  step: AccessStep,
): readonly Update[] {
  const cpu = thread.cpu ?? 0;
  const fetches = step.kind === 'fetch' && model.icache === 'split';
  const copy = copyFor(names, step, cpu, fetches ? 'fetch' : 'data');
  const place = { copy, line: step.line, cell: step.cell };
  if (step.kind === 'fetch' && !fetches) {
    const register = present(names.registers.get(`${thread.name}:${step.register}`), 'register');
    return [{ field: register, value: newestValue(names, place) }];
  }
  if (step.kind === 'store') {
    const value = valueExpr(names, thread.name, step.value);
    return storeUpdates(names, model, { ...place, value });
  }
  const register = present(names.registers.get(`${thread.name}:${step.register}`), 'register');
  const { value, updates } =
    step.kind === 'exchange'
      ? exchangeUpdates(names, model, {
          ...place,
          value: valueExpr(names, thread.name, step.value),
        })
      : loadUpdates(names, model, place);
  return [...updates, { field: register, value }];
}

function maintenance(names: Names, thread: Running, step: MaintenanceStep): readonly Update[] {
  const cache = step.kind === 'invalidate-icache' ? 'fetch' : 'data';
  const own = copyFor(names, step, thread.cpu ?? 0, cache);
  if (!own) return [];
  const everywhere = names.copies.filter(
    (c) => c.cache === cache && c.line === own.line && c.key === own.key,
  );
  const copies = step.local ? [own] : everywhere;
  switch (step.kind) {
    case 'flush':
      return flushUpdates(names, copies);
    case 'clean':
      return cleanUpdates(names, copies);
    case 'invalidate':
    case 'invalidate-icache':
      return invalidateUpdates(copies);
    default:
      return never(step.kind);
  }
}
