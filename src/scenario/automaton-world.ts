// What stands around generators that are run again and again: plain objects of the kernel, which
// every run must find as they were at the start, and names for all objects, tables and locks that
// exist then.
//
// Threads share state through tables, locks and memory only (src/kernel/steps.ts). What a kernel
// function keeps in plain objects (lists of free page frames, the log) is put back after each run:
// a run sees its own changes and nobody else's.

import type { Linux } from '../kernel/index.ts';
import { Lock, Shared } from '../kernel/index.ts';

/** The state of plain objects at the start, and the names of what existed then. */
export class World {
  readonly #restorers: (() => void)[] = [];
  readonly #objects = new Map<object, string>();
  readonly #names = new Map<object, string>();
  readonly #taken = new Set<string>();
  readonly #linux: Linux;
  constructor(linux: Linux, roots: readonly object[]) {
    this.#linux = linux;
    const queue: object[] = [linux, ...roots];
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      if (this.#objects.has(one)) continue;
      this.#objects.set(one, `#${this.#objects.size}`);
      queue.push(...this.#visit(one));
    }
  }

  /** Puts every plain object back to what it was. */
  restore(): void {
    for (const one of this.#restorers) one();
  }

  /** The name of an object that existed at the start. */
  objectName(object: object): string | undefined {
    return this.#objects.get(object);
  }

  /**
   * A name for a table or a lock: its own, with a number where several have it at the start. What
   * a run makes has the same name in each run.
   */
  nameOf(thing: { readonly name: string }): string {
    return this.#names.get(thing) ?? thing.name;
  }

  #visit(object: object): readonly object[] {
    if (object instanceof Shared) {
      this.#register(object);
      const entries: readonly (readonly [number, unknown])[] = [...object.entries()];
      return entries.map(([, value]) => value).filter(isObject);
    }
    if (object instanceof Lock) {
      this.#register(object);
      return [];
    }
    // The machine is not looked into: what programs do with it are steps.
    if (object === this.#linux.machine || ArrayBuffer.isView(object)) return [];
    if (object instanceof Map) return this.#visitMap(object);
    if (object instanceof Set) return this.#visitSet(object);
    return this.#visitRecord(object);
  }

  #register(thing: { readonly name: string }): void {
    let name = thing.name;
    for (let n = 2; this.#taken.has(name); n++) name = `${thing.name} (${n})`;
    this.#taken.add(name);
    this.#names.set(thing, name);
  }

  #visitMap(map: Map<unknown, unknown>): readonly object[] {
    const entries = [...map];
    this.#restorers.push(() => {
      if (map.size === entries.length && entries.every(([k, v]) => map.get(k) === v)) return;
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    });
    return entries.flat().filter(isObject);
  }

  #visitSet(set: Set<unknown>): readonly object[] {
    const values = [...set];
    this.#restorers.push(() => {
      if (set.size === values.length && values.every((value) => set.has(value))) return;
      set.clear();
      for (const value of values) set.add(value);
    });
    return values.filter(isObject);
  }

  #visitRecord(object: object): readonly object[] {
    const before = Object.entries(Object.getOwnPropertyDescriptors(object));
    if (!Object.isFrozen(object)) this.#restorers.push(() => putBack(object, before));
    return before.map(([key]): unknown => Reflect.get(object, key)).filter(isObject);
  }
}

function putBack(object: object, before: readonly (readonly [string, PropertyDescriptor])[]): void {
  const length = before.find(([key]) => key === 'length');
  if (Array.isArray(object) && length) Reflect.set(object, 'length', length[1].value);
  const known = new Set(before.map(([key]) => key));
  for (const key of Object.keys(object)) {
    if (!known.has(key)) Reflect.deleteProperty(object, key);
  }
  for (const [key, { value, writable }] of before) {
    if (writable && Reflect.get(object, key) !== value) Reflect.set(object, key, value);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
