// What stands around generators that are run again and again: plain objects of the kernel, which
// every run must find as they were at the start, and names for all objects, tables and locks that
// exist then.
//
// Threads share state through tables, locks and memory only (src/kernel/steps.ts). What a kernel
// function keeps in plain objects (lists of free page frames, the log) is put back after each run:
// a run sees its own changes and nobody else's. So are cells of tables that one thread alone uses.

import type { Linux } from '../kernel/index.ts';
import { Lock, Shared } from '../kernel/index.ts';

/** Page frames that lie between the first new ones of two threads. */
export const FRAMES_APART = 4096;

/** A plain object as it was at the start. */
interface Kept {
  readonly object: object;
  /** Every change since the start, as places and values; empty: none. */
  changes(): readonly Change[];
  putBack(): void;
}

/** One change of a plain object. */
export interface Change {
  /** A property, or `contents`. */
  readonly key: string;
  readonly value: unknown;
}

/** The state of plain objects at the start, and the names of what existed then. */
export class World {
  readonly #kept: Kept[] = [];
  readonly #objects = new Map<object, string>();
  readonly #names = new Map<object, string>();
  readonly #places = new Map<
    object,
    { readonly owner: object | undefined; readonly key: string }
  >();
  readonly #taken = new Set<string>();
  /** Cells that runs have given values, with those before. */
  readonly #poked: {
    readonly shared: Shared<unknown>;
    readonly key: number;
    readonly before: unknown;
  }[] = [];
  /** Names of tables and locks that runs have made, and how many of the run at hand have one. */
  readonly #fresh = new WeakMap<object, string>();
  #made = new Map<string, number>();
  /** A run has begun since everything was put back. */
  #isTouched = false;
  /** What the run at hand has changed, where it was asked at its end: the rest is as it was. */
  #changed: readonly Kept[] | undefined;
  readonly #linux: Linux;
  /** The first new page frame at the start. */
  readonly #firstFrame: number;
  constructor(linux: Linux, roots: readonly object[]) {
    this.#linux = linux;
    this.#firstFrame = linux.ram.next;
    this.#find(linux, undefined, 'linux');
    for (const [i, root] of roots.entries()) this.#find(root, undefined, `root ${i}`);
    const queue = this.#places.keys();
    // Objects that are found on the way stand at the end of the same map.
    for (const one of queue) {
      this.#objects.set(one, `#${this.#objects.size}`);
      this.#visit(one);
    }
  }

  /**
   * Gets ready for a run of a thread. As with the kernel's lists of free pages for each CPU, no two
   * threads are given the same page frame.
   */
  enter(thread: number): void {
    this.#unpoke();
    this.#made = new Map();
    this.#isTouched = true;
    this.#changed = undefined;
    if (thread === 0) return;
    const { ram } = this.#linux;
    ram.free.length = 0;
    ram.next = this.#firstFrame + thread * FRAMES_APART;
  }

  /**
   * Gives a cell the value that a run knows it to have, until the next restore(): ordinary code
   * that the run calls looks at tables directly.
   */
  poke(shared: Shared<unknown>, key: number, value: unknown): void {
    this.#poked.push({ shared, key, before: shared.peek(key) });
    shared.poke(key, value);
  }

  /** Puts every plain object and every cell back to what it was. */
  restore(): void {
    this.#unpoke();
    if (!this.#isTouched) return;
    for (const one of this.#changed ?? this.#kept) one.putBack();
    this.#isTouched = false;
  }

  /** Leaves cells as they are now: nothing puts them back any more. */
  keep(): void {
    this.#poked.length = 0;
  }

  /** What is not as at the start, of all plain objects, once the last run has ended. */
  changes(): readonly (Change & { readonly object: object })[] {
    const changed: Kept[] = [];
    const found: (Change & { readonly object: object })[] = [];
    for (const kept of this.#kept) {
      const changes = kept.changes();
      if (changes.length === 0) continue;
      changed.push(kept);
      for (const change of changes) found.push({ object: kept.object, ...change });
    }
    this.#changed = changed;
    return found;
  }

  /** The name of an object that existed at the start. */
  objectName(object: object): string | undefined {
    return this.#objects.get(object);
  }

  /** Where an object of the start was found first: `linux.ram.free`. */
  placeOf(object: object): string {
    const { owner, key } = this.#places.get(object) ?? { owner: undefined, key: 'an object' };
    return owner === undefined ? key : `${this.placeOf(owner)}.${key}`;
  }

  /**
   * A name for a table or a lock: its own, with a number where several have it at the start. What
   * a run makes has the same name in each run, and not that of something else: an inode that is
   * read again is another one. What is made where it is first asked for has one name everywhere.
   */
  nameOf(thing: { readonly name: string }): string {
    const known = this.#names.get(thing) ?? this.#fresh.get(thing);
    if (known !== undefined) return known;
    const { name } = thing;
    const made = this.#made.get(name) ?? 0;
    const isFirst = made === 0 && !this.#taken.has(name);
    const own = isFirst ? name : `${name} (new${made === 0 ? '' : ` ${made + 1}`})`;
    this.#made.set(name, made + 1);
    this.#fresh.set(thing, own);
    return own;
  }

  #unpoke(): void {
    for (let last = this.#poked.pop(); last !== undefined; last = this.#poked.pop()) {
      last.shared.poke(last.key, last.before);
    }
  }

  #find(value: unknown, owner: object | undefined, key: string): void {
    if (!isObject(value) || this.#places.has(value)) return;
    this.#places.set(value, { owner, key });
  }

  #visit(object: object): void {
    if (object instanceof Shared) {
      this.#register(object);
      const entries: Iterable<readonly [number, unknown]> = object.entries();
      for (const [key, value] of entries) this.#find(value, object, `${object.name} [${key}]`);
      return;
    }
    if (object instanceof Lock) return this.#register(object);
    // The machine is not looked into: what programs do with it are steps.
    if (object === this.#linux.machine || ArrayBuffer.isView(object)) return;
    if (object instanceof Map) return this.#visitMap(object);
    if (object instanceof Set) return this.#visitSet(object);
    this.#visitRecord(object);
  }

  #register(thing: { readonly name: string }): void {
    let name = thing.name;
    for (let n = 2; this.#taken.has(name); n++) name = `${thing.name} (${n})`;
    this.#taken.add(name);
    this.#names.set(thing, name);
  }

  #visitMap(map: Map<unknown, unknown>): void {
    const entries = [...map];
    const isSame = () =>
      map.size === entries.length && entries.every(([k, v]) => map.get(k) === v && map.has(k));
    this.#kept.push({
      object: map,
      changes: () => (isSame() ? [] : [{ key: 'contents', value: [...map] }]),
      putBack: () => {
        if (isSame()) return;
        map.clear();
        for (const [key, value] of entries) map.set(key, value);
      },
    });
    for (const [key, value] of entries) {
      this.#find(key, map, 'a key');
      this.#find(value, map, typeof key === 'string' ? key : 'a value');
    }
  }

  #visitSet(set: Set<unknown>): void {
    const values = [...set];
    const isSame = () => set.size === values.length && values.every((value) => set.has(value));
    this.#kept.push({
      object: set,
      changes: () => (isSame() ? [] : [{ key: 'contents', value: [...set] }]),
      putBack: () => {
        if (isSame()) return;
        set.clear();
        for (const value of values) set.add(value);
      },
    });
    for (const value of values) this.#find(value, set, 'a member');
  }

  #visitRecord(object: object): void {
    const keys = Object.keys(object);
    // The length of an array is a property that is not listed.
    if (Array.isArray(object)) keys.push('length');
    const values = keys.map((key): unknown => Reflect.get(object, key));
    if (!Object.isFrozen(object)) this.#kept.push(keptRecord(object, keys, values));
    for (const [i, key] of keys.entries()) this.#find(values[i], object, key);
  }
}

function keptRecord(object: object, keys: readonly string[], values: readonly unknown[]): Kept {
  const count = Array.isArray(object) ? keys.length - 1 : keys.length;
  const isSame = (): boolean => {
    if (Object.keys(object).length !== count) return false;
    for (let i = 0; i < keys.length; i++) {
      if (Reflect.get(object, keys[i] ?? '') !== values[i]) return false;
    }
    return true;
  };
  return {
    object,
    changes: () => {
      if (isSame()) return unchanged;
      const all = [...new Set([...keys, ...Object.keys(object)])];
      const old = new Map(keys.map((key, i) => [key, values[i]]));
      return all
        .filter((key) => !old.has(key) || Reflect.get(object, key) !== old.get(key))
        .map((key): Change => {
          const value: unknown = Reflect.get(object, key);
          return { key, value };
        });
    },
    putBack: () => {
      if (!isSame()) putBack(object, keys, values);
    },
  };
}

function putBack(object: object, keys: readonly string[], values: readonly unknown[]): void {
  const length = keys.indexOf('length');
  if (Array.isArray(object)) Reflect.set(object, 'length', values[length]);
  const known = new Set(keys);
  for (const key of Object.keys(object)) {
    if (!known.has(key)) Reflect.deleteProperty(object, key);
  }
  for (const [i, key] of keys.entries()) {
    if (Reflect.get(object, key) !== values[i]) Reflect.set(object, key, values[i]);
  }
}

/** No change: most objects stay as they were. */
const unchanged: readonly Change[] = [];

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
