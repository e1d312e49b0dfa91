// Values of shared tables under canonical names. Runs of a generator make their objects anew each
// time, and an explorer must know that they are the same: records are named by what they hold,
// objects with an identity by the thread and the step that first showed them.

import { assert } from '../base/index.ts';
import { Lock, Shared } from '../kernel/index.ts';
import type { World } from './automaton-world.ts';

/** What a value is called, in every run. */
export type ValueName = string;

/** All values seen so far, by name, with one of the objects that have it. */
export class Values {
  readonly #world: World;
  readonly #known = new Map<ValueName, unknown>();
  readonly #identities = new WeakMap<object, ValueName>();
  constructor(world: World) {
    this.#world = world;
  }

  /** The value first seen under a name. */
  valueOf(name: ValueName): unknown {
    assert(this.#known.has(name), `value ${name} has been seen`);
    return this.#known.get(name);
  }

  /**
   * The name of a value. Objects with an identity that have none yet get `origin` and a number:
   * the same in every run that comes to this step.
   */
  nameOf(value: unknown, origin: string): ValueName {
    let made = 0;
    const name = this.#name(value, () => `${origin}.${made++}`);
    if (!this.#known.has(name)) this.#known.set(name, value);
    return name;
  }

  #name(value: unknown, fresh: () => string): ValueName {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'function') return this.#identity(value, fresh);
    if (typeof value !== 'object' || value === null) return String(value);
    const world = this.#world.objectName(value);
    if (world !== undefined) return world;
    if (value instanceof Uint8Array) return `bytes ${value.join(' ')}`;
    if (Array.isArray(value)) {
      return `[${value.map((one: unknown) => this.#name(one, fresh)).join(', ')}]`;
    }
    if (!isRecord(value)) return this.#identity(value, fresh);
    const parts = Object.entries(value).map(
      ([key, one]: readonly [string, unknown]) => `${key}: ${this.#name(one, fresh)}`,
    );
    return `{${parts.toSorted().join(', ')}}`;
  }

  #identity(object: object, fresh: () => string): ValueName {
    const known = this.#identities.get(object);
    if (known !== undefined) return known;
    const name = fresh();
    this.#identities.set(object, name);
    return name;
  }
}

// A record is data where nothing in it can tell one copy from another.
function isRecord(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(object).every((value: unknown) => {
    if (typeof value === 'function') return false;
    return !(value instanceof Shared || value instanceof Lock);
  });
}
