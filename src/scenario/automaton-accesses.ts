// Loads, stores and cache maintenance of a scene's threads, as updates of memory and of copies.

import { at, never } from '../base/index.ts';
import { constant, type Expr, type Update } from '../ir/index.ts';
import type { Automata } from './automaton.ts';
import { mappingName } from './automaton-fields.ts';
import type { Visible } from './automaton-run.ts';
import type { CacheModel } from './cache-model.ts';
import {
  cleanUpdates,
  flushUpdates,
  invalidateUpdates,
  loadUpdates,
  storeUpdates,
} from './cache-steps.ts';
import { type Copy, copyFor, type Names } from './names.ts';

/** A step on a followed byte. */
export type AccessVisible = Extract<Visible, { kind: 'load' | 'store' | 'maintain' }>;

/** What an access does to memory and caches. */
export interface AccessEffect {
  readonly updates: readonly Update[];
  /** The number in `byteValues` that a load reads; undefined for other accesses. */
  readonly value: Expr | undefined;
}

/** What accesses depend on beside the names of the fields. */
export interface AccessSetting {
  readonly automata: Automata;
  readonly names: Names;
  readonly model: CacheModel;
  readonly byteValues: readonly number[];
}

/** What one access of a thread does. */
export function accessEffect(
  setting: AccessSetting,
  thread: number,
  step: AccessVisible,
): AccessEffect {
  const { automata, names, model, byteValues } = setting;
  const { line, cell } = at(automata.sharing.tracking.bytes, step.byte);
  const cpu = at(automata.scene.threads, thread).cpu ?? 0;
  const mapping = mappingName(automata, step.place, step.byte);
  const cached = copyFor(names, { mapping, line }, cpu);
  const copy = step.place.attribute === undefined ? cached : undefined;
  switch (step.kind) {
    case 'maintain': {
      const whole = step.what === 'flush-all' ? names.copies.filter((c) => c.line === line) : [];
      const one = cached ? maintenance(names, step.what, cached) : [];
      const updates = step.what === 'flush-all' ? flushUpdates(names, whole) : one;
      return { updates, value: undefined };
    }
    case 'load': {
      const { value, updates } = loadUpdates(names, model, { copy, line, cell });
      return { updates, value };
    }
    case 'store': {
      const value = constant(byteValues.indexOf(step.value));
      // A store past the cache: its lines leave first.
      const isPast = step.place.attribute === 'nontemporal' && cached !== undefined;
      const left = isPast ? maintenance(names, 'flush', cached) : [];
      const stored = storeUpdates(names, model, { copy, line, cell, value });
      const replaced = new Set(stored.map(({ field }) => field));
      const updates = [...left.filter(({ field }) => !replaced.has(field)), ...stored];
      return { updates, value: undefined };
    }
    default:
      return never(step);
  }
}

function maintenance(
  names: Names,
  what: Extract<Visible, { kind: 'maintain' }>['what'],
  own: Copy,
): readonly Update[] {
  const copies = names.copies.filter(
    (c) => c.cache === own.cache && c.line === own.line && c.key === own.key,
  );
  switch (what) {
    case 'flush':
    case 'flush-all':
      return flushUpdates(names, copies);
    case 'clean':
    case 'persist':
      return cleanUpdates(names, copies);
    case 'invalidate':
      return invalidateUpdates(copies);
    default:
      return never(what);
  }
}
