// The actions of a scenario: one for each step of each thread, and the hardware's own.

import { never, present } from '../base/index.ts';
import {
  type Action,
  and,
  constant,
  type Expr,
  eq,
  fieldAt,
  not,
  or,
  type Update,
} from '../ir/index.ts';
import type { Step } from '../litmus/index.ts';
import type { CacheModel } from './cache-model.ts';
import {
  cleanUpdates,
  fillUpdates,
  flushUpdates,
  invalidateUpdates,
  isPresent,
  loadUpdates,
  storeUpdates,
} from './cache-steps.ts';
import { copyFor, type Copy, type Names } from './names.ts';

/** The action of step `step` of thread `thread`; its id is `P0.3`. */
export function threadAction(
  names: Names,
  model: CacheModel,
  position: { readonly thread: number; readonly step: number },
  step: Step,
): Action {
  const counter = present(names.counters[position.thread], 'program counter');
  const thread = present(names.program.threads[position.thread], 'thread').name;
  const { guard, updates } = effectOf(names, model, thread, step);
  return {
    id: `${thread}.${position.step}`,
    actor:
      step.kind === 'crash'
        ? { kind: 'crash' }
        : { kind: 'thread', thread: position.thread, step: position.step },
    guard: and(eq(fieldAt(counter), constant(position.step)), guard),
    updates: [...updates, { field: counter, value: constant(position.step + 1) }],
  };
}

/**
 * What the hardware may do by itself at any time: evict any copy (writing back a dirty one) and
 * fill any copy that some mapping in reach leads to.
 */
export function hardwareActions(names: Names, model: CacheModel): readonly Action[] {
  return names.copies.flatMap((copy): readonly Action[] => {
    const label = `${copy.line}.${copy.addresses.join('+')}`;
    return [
      {
        id: `evict.${label}`,
        actor: { kind: 'hardware' },
        guard: isPresent(copy),
        updates: flushUpdates(names, copy),
      },
      {
        id: `fill.${label}`,
        actor: { kind: 'hardware' },
        guard: and(not(isPresent(copy)), inReachOfAny(names, copy)),
        updates: fillUpdates(names, model, copy),
      },
    ];
  });
}

function inReachOfAny(names: Names, copy: Copy): Expr {
  return or(...copy.addresses.map((address) => inReach(names, address)));
}

function inReach(names: Names, mapping: string): Expr {
  const field = names.reach.get(mapping);
  return field === undefined ? constant(1) : eq(fieldAt(field), constant(1));
}

function effectOf(
  names: Names,
  model: CacheModel,
  thread: string,
  step: Step,
): { guard: Expr; updates: readonly Update[] } {
  switch (step.kind) {
    case 'load': {
      // A fault waits until the mapping is back: the access is not enabled while out of reach.
      const copy = copyFor(names, step.mapping, step.line);
      const { value, updates } = loadUpdates(names, model, { ...step, copy });
      const register = present(names.registers.get(`${thread}:${step.register}`), 'register');
      return {
        guard: inReach(names, step.mapping),
        updates: [...updates, { field: register, value }],
      };
    }
    case 'store': {
      const copy = copyFor(names, step.mapping, step.line);
      const updates = storeUpdates(names, model, { ...step, copy });
      return { guard: inReach(names, step.mapping), updates };
    }
    case 'flush':
    case 'clean':
    case 'invalidate':
      return { guard: constant(1), updates: maintenance(names, step) };
    case 'map':
    case 'unmap': {
      const field = present(names.reach.get(step.mapping), 'reach of a mapping');
      return {
        guard: constant(1),
        updates: [{ field, value: constant(step.kind === 'map' ? 1 : 0) }],
      };
    }
    case 'crash':
      return { guard: constant(1), updates: names.copies.flatMap(invalidateUpdates) };
    case 'mark':
      return { guard: constant(1), updates: [] };
    case 'fsync':
    case 'kernel-access':
      throw new RangeError(`${step.kind} is replaced before actions are built`);
    default:
      return never(step);
  }
}

function maintenance(
  names: Names,
  step: Extract<Step, { kind: 'flush' | 'clean' | 'invalidate' }>,
): readonly Update[] {
  const copy = copyFor(names, step.mapping, step.line);
  if (!copy) return [];
  if (step.kind === 'flush') return flushUpdates(names, copy);
  return step.kind === 'clean' ? cleanUpdates(names, copy) : invalidateUpdates(copy);
}
