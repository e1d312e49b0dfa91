// What the C files of one tree say about DAX and aliasing caches, as plain records. Every place is
// a place in the audited tree; nothing here judges.

import type { Fact, Source } from '../../base/index.ts';
import type { Predicate } from '../../kernel/index.ts';

/** A place in a file of the tree; line and col count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** Something that was seen and not understood, or that could not be read. */
export interface NotChecked {
  /** What was to be found out, e.g. `caller of alloc_dax()`. */
  readonly subject: string;
  readonly why: string;
  readonly file: string;
  readonly line: number;
}

/** What a function gives back where it refuses or is compiled out. */
export type Returned =
  | { readonly kind: '-EOPNOTSUPP' }
  | { readonly kind: 'NULL' }
  | { readonly kind: 'other'; readonly text: string };

/** The test of the alias predicate in the body of alloc_dax(). */
export interface AliasTest {
  readonly place: Place;
  /** The condition without white space. */
  readonly condition: string;
  /** The predicates called, or the architecture symbols tested with IS_ENABLED(). Sorted. */
  readonly by: 'predicate' | 'architecture-list';
  readonly names: readonly string[];
  /** The test also asks for operations, so NULL operations are let through. */
  readonly exemptsNullOps: boolean;
  readonly returns: Returned;
  /** Whether it stands before the first allocation of the body; true where there is none. */
  readonly beforeAllocation: boolean;
}

/** The definition of alloc_dax() for CONFIG_DAX=y or m. */
export interface AllocDaxDefinition {
  readonly place: Place;
  readonly prototype: string;
  /** Index of the argument that holds the operations, from 0. */
  readonly opsIndex: number | undefined;
  readonly aliasTests: readonly AliasTest[];
  readonly firstAllocation: { readonly name: string; readonly line: number } | undefined;
}

/** The inline function that stands for alloc_dax() where CONFIG_DAX is n. */
export interface AllocDaxStub {
  readonly place: Place;
  readonly returns: Returned;
}

/** One test of the result of alloc_dax() in the calling function. */
export interface ResultTest {
  readonly kind: 'IS_ERR' | 'IS_ERR_OR_NULL' | 'NULL' | 'compare-EOPNOTSUPP';
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/**
 * What the calling function does after one result of alloc_dax(), followed inside it: `survives`
 * goes on, or returns 0; `fatal` leaves with an error; `used` hands the result on as if it were a
 * device; `not-checked` says why it could not be followed.
 */
export type Outcome =
  | { readonly kind: 'survives'; readonly line: number; readonly how: string }
  | { readonly kind: 'fatal'; readonly line: number; readonly how: string }
  | { readonly kind: 'used'; readonly line: number; readonly how: string }
  | { readonly kind: 'not-checked'; readonly line: number; readonly how: string };

/** One call of alloc_dax(). */
export interface AllocDaxCaller {
  readonly place: Place;
  readonly function: string;
  readonly args: readonly string[];
  /** The operations argument is NULL, as device-dax passes. */
  readonly nullOps: boolean;
  /** Variable or field that receives the result, without white space; undefined where none does. */
  readonly receiver: string | undefined;
  readonly receiverIs: 'variable' | 'field' | 'none';
  /**
   * Conditions under which the call is reached, outermost first: the `if` statements around it, and
   * tests of the configuration before it that return.
   */
  readonly guards: readonly string[];
  readonly tests: readonly ResultTest[];
  /** What follows each result the callee can give. */
  readonly onEopnotsupp: Outcome;
  readonly onNull: Outcome;
  readonly onOtherError: Outcome;
  /** Fields the result (or a copy of it) is put into. */
  readonly stores: readonly { readonly field: string; readonly line: number }[];
  /** Lines of the dax_add_host() calls of the function. */
  readonly addHostLines: readonly number[];
  /** Of the first store and the first dax_add_host(), which comes first in the text. */
  readonly storeOrder: 'before-host' | 'after-host' | 'no-host' | 'no-store';
  /** Calls of the function that give a device back: kill_dax(), put_dax(), dax_remove_host(). */
  readonly releases: readonly {
    readonly function: string;
    readonly argument: string;
    readonly line: number;
  }[];
}

/** An alias test outside alloc_dax(), in a filesystem. */
export interface FilesystemGate {
  readonly place: Place;
  readonly function: string | undefined;
  readonly symbol: string;
}

/** Everything about alloc_dax() in one tree. */
export interface AllocDaxFacts {
  /** Undefined where the tree has none (before 4.12); `notChecked` or `absent` says so. */
  readonly definition: AllocDaxDefinition | undefined;
  /** Says that there is no alloc_dax(), with the folder that was looked through. */
  readonly absent: Fact<string> | undefined;
  readonly stub: AllocDaxStub | undefined;
  /** Sorted by file and line. */
  readonly callers: readonly AllocDaxCaller[];
  readonly filesystemGates: readonly FilesystemGate[];
  readonly runTime: Fact<'none' | 'filesystem' | 'alloc_dax' | 'not-checked'>;
  readonly notChecked: readonly NotChecked[];
}

/** Where a name that a predicate uses gets its meaning. */
export interface NameDefinition {
  readonly kind: 'macro' | 'variable' | 'function';
  /** Body of a macro, without surplus white space; empty for the rest. */
  readonly value: string;
  /** Whether the line stands in the port's configuration. */
  readonly active: 'yes' | 'no' | 'unknown';
  readonly source: Source;
}

/** One name of a predicate; no definitions means that none was found in the folder. */
export interface PredicateName {
  readonly name: string;
  readonly definitions: readonly NameDefinition[];
}

/** The predicate of one port and the names its definition rests on. */
export interface PredicateFacts {
  readonly arch: string;
  readonly predicate: Predicate;
  /** Which of the historic names the tree uses, e.g. `cpu_dcache_is_aliasing`. */
  readonly name: string | undefined;
  /** The Kconfig symbol that switches it on. */
  readonly symbol: string | undefined;
  /** Where Kconfig selects that symbol in this configuration; empty where it is not known. */
  readonly selectedAt: readonly Source[];
  readonly names: readonly PredicateName[];
  readonly notChecked: readonly NotChecked[];
}

/** The attach boundary of shared memory, as the header spells it. */
export type Shmlba =
  | { readonly kind: 'defined'; readonly expr: string; readonly source: Source }
  /** No definition of its own: the generic one, PAGE_SIZE. */
  | { readonly kind: 'generic'; readonly expr: 'PAGE_SIZE'; readonly source: Source }
  | { readonly kind: 'not-checked'; readonly why: string; readonly source: Source };

/** Version of a tree by its top Makefile. */
export interface TreeVersion {
  readonly version: number;
  readonly patchlevel: number;
  readonly sublevel: number;
  readonly extra: string;
  /** As users write it: `6.12.117`, `4.0`, `6.8-rc2`. */
  readonly release: string;
  readonly source: Source;
}

/** All facts of the C side that do not depend on a port. */
export interface CFacts {
  readonly version: TreeVersion;
  readonly allocDax: AllocDaxFacts;
}
