// A protocol: which functions give an object, how they fail, what must happen to it, and in which
// order. Protocols are data (data/protocols/*.json, or a user's file): the walker knows none.

/** How a function says that it failed. */
export type Failure = 'ERR_PTR' | 'NULL' | 'negative';

/** What a function may be given in place of an object, and does nothing with. */
export type Harmless = 'NULL' | 'ERR_PTR';

/** An error that callers must survive. */
export interface Survivable {
  /** E.g. `EOPNOTSUPP`. */
  readonly error: string;
  readonly why: string;
  /** Configuration symbols without which it never comes. */
  readonly needs?: readonly string[];
}

/** A call of an acquire function that is not judged, and why. */
export interface Exemption {
  /** Counts from 1. */
  readonly argument: number;
  readonly is: 'NULL';
  readonly why: string;
}

/** A file in which a rule does not hold, and why. */
export interface Intent {
  /** Path in the tree, or a folder with a slash at its end. */
  readonly path: string;
  readonly why: string;
}

/** A function that gives an object. */
export interface Acquire {
  readonly function: string;
  /** Holds for calls with that many arguments only: conventions change with the signature. */
  readonly arguments?: number;
  /** `return`: the object is what it returns; a number: a reference is taken on that argument. */
  readonly object: 'return' | number;
  /** Member of the object whose address is that argument, e.g. `inode`. */
  readonly member?: string;
  readonly failure: readonly Failure[];
  /** Whether a caller may go on as if nothing had been asked. */
  readonly optional: boolean;
  readonly survive: readonly Survivable[];
  readonly exempt: readonly Exemption[];
}

/** A function that takes an object and leaves it to the caller. */
export interface Use {
  readonly function: string;
  readonly argument: number;
  readonly accepts: readonly Harmless[];
}

/** A function that makes an object known to others, and the one that undoes it. */
export interface Register {
  readonly function: string;
  readonly argument: number;
  /** Argument that names the entry, where the undoing function is given that one. */
  readonly key?: number;
  readonly failure: readonly Failure[];
  /** Configuration symbols without which it cannot fail. */
  readonly needs?: readonly string[];
  readonly undo: {
    readonly function: string;
    readonly argument?: number;
    readonly key?: number;
    /** Calling it for what is not registered any more is wrong; absent: it finds nothing. */
    readonly once?: boolean;
  };
}

/** A step on the way out. */
export interface Release {
  readonly function: string;
  readonly argument: number;
  readonly accepts: readonly Harmless[];
  /** Functions that must have been called for the object before. */
  readonly after: readonly string[];
  /** `ends`: the object may not be used by others any more; `frees`: the reference is gone. */
  readonly effect: 'ends' | 'frees';
}

/** A promise to others that the object is there. */
export interface Feature {
  readonly name: string;
  readonly why: string;
}

/** A callback that is only ever called in some configurations. */
export interface Callback {
  /** Member of a table of functions, with the table's type: `dev_pagemap_ops.memory_failure`. */
  readonly member: string;
  readonly needs: readonly string[];
}

/** All of it. */
export interface Protocol {
  readonly name: string;
  readonly title: string;
  /** Where the facts are from. */
  readonly sources: readonly string[];
  readonly acquire: readonly Acquire[];
  readonly use: readonly Use[];
  readonly register: readonly Register[];
  readonly release: readonly Release[];
  readonly features: readonly Feature[];
  /** What other functions do with an object that they are given. */
  readonly otherCalls: 'borrow' | 'take';
  readonly callbacks: readonly Callback[];
  /**
   * Functions whose callers the audit of a whole tree walks by itself, beside those that acquire
   * a dax_device: files or folders; absent: all.
   */
  readonly within?: readonly string[];
  /** Files in which a survivable error is fatal by intent. */
  readonly fatalByIntent: readonly Intent[];
}

/** Every function that a protocol names. */
export function functionsOf(protocol: Protocol): ReadonlySet<string> {
  return new Set([
    ...protocol.acquire.map((one) => one.function),
    ...protocol.use.map((one) => one.function),
    ...protocol.register.flatMap((one) => [one.function, one.undo.function]),
    ...protocol.release.map((one) => one.function),
  ]);
}

/** Whether the audit of a whole tree looks at a file by this protocol. */
export function appliesTo({ within }: Protocol, file: string): boolean {
  return (
    within === undefined ||
    within.some((one) => (one.endsWith('/') ? file.startsWith(one) : file === one))
  );
}

/** The protocol for a whole tree: where the default audit looks does not bound it. */
export function unbounded({ within: _within, ...protocol }: Protocol): Protocol {
  return protocol;
}
