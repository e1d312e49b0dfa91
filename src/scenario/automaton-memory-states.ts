// The states that memory and caches of a scene go through, each under a number. Few there are, and
// many states of the scene have the same one: what a step makes of it is computed once.

import { at } from '../base/index.ts';
import { type Update, valueIn } from '../ir/index.ts';
import { accessEffect, type AccessSetting, type AccessVisible } from './automaton-accesses.ts';
import { mappingName } from './automaton-fields.ts';
import { fillUpdates, flushUpdates } from './cache-steps.ts';
import type { Copy } from './names.ts';

/** What became of memory and caches, and the number of the byte that a load read. */
export interface AccessDone {
  readonly state: number;
  readonly value: number | undefined;
}

/** What hardware does by itself: `fill` needs the copy to be in reach. */
export interface HardwareStep {
  readonly kind: 'evict' | 'fill';
  readonly copy: number;
  readonly state: number;
}

/** States of memory and caches by number; 0 is the one at the start. */
export class MemoryStates {
  readonly #setting: AccessSetting;
  readonly #states: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  /** By what an access is: its results, by state. */
  readonly #accesses = new Map<string, Map<number, AccessDone>>();
  readonly #events: (readonly HardwareStep[])[] = [];
  constructor(setting: AccessSetting) {
    this.#setting = setting;
    this.#number(setting.names.fields.map(({ init }) => init));
  }

  get copies(): readonly Copy[] {
    return this.#setting.names.copies;
  }

  /** What an access makes of a state; undefined where its address is not known yet. */
  access(state: number, thread: number, step: AccessVisible): AccessDone | undefined {
    const { automata, names } = this.#setting;
    const mapping = mappingName(automata, step.place, step.byte);
    if (!names.keys.has(mapping)) return undefined;
    const key = this.#keyOf(thread, step, mapping);
    const known = this.#accesses.get(key) ?? new Map<number, AccessDone>();
    this.#accesses.set(key, known);
    const before = known.get(state);
    if (before) return before;
    const { updates, value } = accessEffect(this.#setting, thread, step);
    const done = {
      state: this.#after(state, updates),
      value: value && valueIn(value, at(this.#states, state)),
    };
    known.set(state, done);
    return done;
  }

  /** What hardware may do in a state. */
  events(state: number): readonly HardwareStep[] {
    const known = this.#events[state];
    if (known) return known;
    const { names, model } = this.#setting;
    const values = at(this.#states, state);
    const events = names.copies.map((copy, index): HardwareStep => {
      if (at(values, copy.state) === 0) {
        const updates = fillUpdates(names, model, copy);
        return { kind: 'fill', copy: index, state: this.#after(state, updates) };
      }
      const updates = flushUpdates(names, [copy]);
      return { kind: 'evict', copy: index, state: this.#after(state, updates) };
    });
    this.#events[state] = events;
    return events;
  }

  #keyOf(thread: number, step: AccessVisible, mapping: string): string {
    const cpu = at(this.#setting.automata.scene.threads, thread).cpu ?? 0;
    const what = step.kind === 'store' ? step.value : step.kind === 'maintain' ? step.what : '';
    return [cpu, step.kind, step.byte, mapping, step.place.attribute ?? '', what].join('|');
  }

  #after(state: number, updates: readonly Update[]): number {
    const before = at(this.#states, state);
    const after = [...before];
    for (const { field, value } of updates) after[field] = valueIn(value, before);
    return this.#number(after);
  }

  #number(values: readonly number[]): number {
    const key = values.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#states.length);
    this.#states.push(values);
    return this.#states.length - 1;
  }
}
