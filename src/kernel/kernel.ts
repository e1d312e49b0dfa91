// The record of one kernel as far as DAX and aliasing caches are concerned.
// A release of the catalogue and an audited tree have this same type: whoever judges cannot
// tell them apart.

import type { Fact, Source } from '../base/index.ts';

/** The Kconfig symbols whose value decides about DAX on a port. */
export type DaxSymbol =
  | 'FS_DAX'
  | 'DAX'
  | 'DEV_DAX'
  | 'ZONE_DEVICE'
  | 'BLK_DEV_PMEM'
  | 'ARCH_HAS_CPU_CACHE_ALIASING';

/**
 * Value of a symbol in the all-yes configuration. `undefined`: the tree has no such symbol.
 * `unknown`: no tree of this kernel was evaluated and nothing else says; never read it as `n`.
 */
export type SymbolValue = 'y' | 'm' | 'n' | 'undefined' | 'unknown';

/** One step of the reason why a symbol has its value, outermost first. */
export interface ChainLink {
  readonly symbol: string;
  /** Value in the all-yes configuration; `undefined` symbols are named, never dropped. */
  readonly value: SymbolValue;
  /** What holds it down (or up): the clause in Kconfig words, e.g. `depends on MEMORY_HOTPLUG`. */
  readonly because: string;
  readonly source: Source;
}

/** The value of one symbol, why, and what says so. */
export interface SymbolFact {
  readonly value: SymbolValue;
  /** Empty where the value is y. The last link is the deciding symbol. */
  readonly chain: readonly ChainLink[];
  readonly sources: readonly Source[];
}

/** Names, numbers and operators of a predicate as the kernel's header defines it. */
export type PredicateExpr =
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'call'; readonly name: string }
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'not'; readonly a: PredicateExpr }
  | {
      readonly op: '||' | '&&' | '>' | '<' | '>=' | '<=' | '==' | '!=';
      readonly a: PredicateExpr;
      readonly b: PredicateExpr;
    };

/** How `cpu_dcache_is_aliasing()` is defined for one port. */
export type Predicate =
  /** The tree has no such predicate (before 6.9). */
  | { readonly kind: 'absent' }
  /** The symbol is not selected, so the generic header answers false. */
  | { readonly kind: 'generic-false'; readonly sources: readonly Source[] }
  | {
      readonly kind: 'defined';
      readonly expr: PredicateExpr;
      readonly selectedAt: readonly Source[];
      readonly definedAt: readonly Source[];
    }
  /** Something stands there that was not understood; verdicts on it are `not checked`. */
  | { readonly kind: 'not-checked'; readonly why: string; readonly sources: readonly Source[] };

/** One port: an architecture with the configuration choices that matter, e.g. `arm-v7-lpae`. */
export interface Port {
  readonly id: string;
  readonly arch: string;
  readonly symbols: Readonly<Record<DaxSymbol, SymbolFact>>;
  /**
   * FS_DAX with the policy clause `!(ARM || MIPS || SPARC)` taken out of its dependencies:
   * separates "refused because of the alias policy" from "cannot be built for another reason".
   */
  readonly fsDaxWithoutList: SymbolFact;
  readonly predicate: Predicate;
}

/** Where and how the kernel refuses DAX on aliasing caches. */
export interface Gate {
  /** Symbols of architectures that FS_DAX's dependencies refuse; empty without a list. */
  readonly refusedByName: Fact<readonly string[]>;
  /** Where a run-time test stands: nowhere, in each filesystem's mount, or in alloc_dax(). */
  readonly runTime: Fact<'none' | 'filesystem' | 'alloc_dax' | 'not-checked'>;
  /** alloc_dax() with NULL operations (device-dax) is let through. */
  readonly exemptsNullOps: boolean;
  /** What a refusing alloc_dax() returns. */
  readonly refusal: '-EOPNOTSUPP' | 'NULL';
  /** Whether the drivers go on without DAX after that refusal. */
  readonly callersSurvive: boolean | 'not-checked';
  /** False for kernels older than the function; absent means that there is one. */
  readonly hasAllocDax?: false;
}

/** One kernel: a release, a posted revision, or an audited tree. */
export interface Kernel {
  /** Stable id as typed after `--kernel`: `6.12`, `v4`, `3.18`, or that of an audited tree. */
  readonly id: string;
  readonly title: string;
  readonly gate: Gate;
  /** Sorted by id. */
  readonly ports: readonly Port[];
  readonly sources: readonly Source[];
  /** Ids of ports that exist but could not be read: nothing is known of their machines. */
  readonly unreadPorts?: readonly string[];
  /** What in this record is not verified in a tree; absent where all of it is. */
  readonly notes?: readonly string[];
}
