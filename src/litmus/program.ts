// The record of one litmus program: lines of one page, the addresses that reach it, threads, and a
// question.
// The litmus language parses to this record; the built-in scenarios are written in it directly.

import type { Source } from '../base/index.ts';

/** A question is asked of the values that are left when every thread has ended. */
export interface Program {
  /** Stable name, e.g. `L1`. */
  readonly name: string;
  /** One line: what goes wrong. */
  readonly title: string;
  /** A paragraph in plain words. */
  readonly about: string;
  /** Lines of the page under test; every mapping shows all of them. */
  readonly lines: readonly Line[];
  readonly mappings: readonly Mapping[];
  readonly threads: readonly Thread[];
  /** The outcome that must not be: `exists (condition)`. */
  readonly exists: Condition;
  readonly sources: readonly Source[];
}

/** One cache line of the page, cut into cells that programs access one at a time. */
export interface Line {
  readonly name: string;
  /** Initial value of each cell in memory, 0 to 3. */
  readonly cells: readonly number[];
}

/** One virtual address of the page, held by the kernel or by a process. */
export interface Mapping {
  readonly name: string;
  readonly side: 'kernel' | 'user';
  /** Out of reach until the program maps it; absent: in reach from the start. */
  readonly mappedLater?: boolean;
}

/** One sequence of steps; threads interleave in every order. `name` is `P0`, `P1`, ... */
export interface Thread {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A step; `says` tells in the present tense who does what, for witnesses. */
export type Step =
  | (Access & { readonly kind: 'load'; readonly register: string; readonly says: string })
  | (Access & { readonly kind: 'store'; readonly value: number; readonly says: string })
  | {
      /** `flush` is write back and invalidate, `clean` write back, `invalidate` drop unwritten. */
      readonly kind: 'flush' | 'clean' | 'invalidate';
      readonly mapping: string;
      readonly line: string;
      readonly says: string;
    }
  /** Makes the address reachable, for program and hardware fills alike, or takes it away. */
  | { readonly kind: 'map' | 'unmap'; readonly mapping: string; readonly says: string }
  /**
   * fsync() or msync(): what it does depends on the kernel. `tagged`: a write fault left a DIRTY
   * tag.
   */
  | {
      readonly kind: 'fsync';
      readonly line: string;
      readonly tagged: boolean;
      readonly kernel: string;
      readonly user: string;
      readonly says: string;
    }
  /** Shown in a witness, without effect on the page: e.g. an fsync() that finds nothing to do. */
  | { readonly kind: 'mark'; readonly says: string }
  /** Power fails: what is only in caches is gone. */
  | { readonly kind: 'crash'; readonly says: string }
  /** The kernel reads or writes the page's data: the steps a remedy puts its own steps around. */
  | {
      readonly kind: 'kernel-access';
      readonly does: 'read' | 'write';
      readonly mapping: string;
      readonly line: string;
      readonly body: readonly Step[];
    };

/** Where a load or store goes: one cell of a line, through one address. */
export interface Access {
  readonly mapping: string;
  readonly line: string;
  readonly cell: number;
}

/** A condition over registers (`P0:r1`) and memory after all dirty copies were written back. */
export type Condition =
  | {
      readonly op: 'register';
      readonly thread: string;
      readonly register: string;
      readonly value: number;
    }
  | { readonly op: 'memory'; readonly line: string; readonly cell: number; readonly value: number }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition };
