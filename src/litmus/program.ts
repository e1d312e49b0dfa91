// The record of one litmus program: lines of pages, the addresses that reach them, threads, and a
// question.
// The litmus language parses to this record; the built-in scenarios are written in it directly.

import type { Source } from '../base/index.ts';
import type { StackCall, StackProgram } from './stack-program.ts';

/** A question is asked of the values that are left when every thread has ended. */
export interface Program {
  /** Stable name, e.g. `L1`. */
  readonly name: string;
  /** One line: what goes wrong. */
  readonly title: string;
  /** A paragraph in plain words. */
  readonly about: string;
  /** Lines of the pages under test; a mapping of a page shows all lines of that page. */
  readonly lines: readonly Line[];
  readonly mappings: readonly Mapping[];
  readonly threads: readonly Thread[];
  readonly question: Question;
  readonly sources: readonly Source[];
  /** Names of locks; all are free at the start. Absent: none. */
  readonly locks?: readonly string[];
  /** What survives a crash: `adr` what memory holds, `eadr` dirty lines as well. Absent: `adr`. */
  readonly medium?: 'adr' | 'eadr';
  /** Power may fail at any time, once, after the last step too; absent: where a step says so. */
  readonly crashAnywhere?: true;
  /** Bits of each cell and register, 2 to 16. Absent: 2. */
  readonly valueBits?: number;
  /** Values are two's complement of `valueBits` bits: error codes are negative. */
  readonly signed?: true;
  /** The threads run on a kernel that runs, and this is what it has. Absent: the small model. */
  readonly stack?: StackProgram;
}

/** One cache line of a page, cut into cells that programs access one at a time. */
export interface Line {
  /** Unique in the program, e.g. `x` or `y.flag`. */
  readonly name: string;
  readonly page: string;
  /** Initial value of each cell in memory. */
  readonly cells: readonly number[];
}

/** One virtual address of a page, held by the kernel or by a process. */
export interface Mapping {
  readonly name: string;
  readonly page: string;
  readonly side: 'kernel' | 'user';
  /**
   * Page number of the address; the colour on a machine is this modulo its colours. Absent: the
   * worst case, each address the next colour.
   */
  readonly colour?: number;
  /** Out of reach until the program maps it; absent: in reach from the start. */
  readonly mappedLater?: true;
  /**
   * Accesses bypass the cache on every machine: an uncached mapping of a page, or a variable that
   * the kernel reaches at one address only and that therefore is always coherent.
   */
  readonly uncached?: true;
}

/** One sequence of steps; threads interleave in every order. `name` is `P0`, `P1`, ... */
export interface Thread {
  readonly name: string;
  /** The CPU it runs on; each CPU has its own L1 caches. Absent: 0. */
  readonly cpu?: number;
  readonly steps: readonly Step[];
}

/** A value computed from registers of the thread; truth is 1, falsehood 0. A number is itself. */
export type Value =
  | number
  | { readonly op: 'register'; readonly register: string }
  /** The sum modulo 2^valueBits. */
  | { readonly op: 'add'; readonly a: Value; readonly b: Value }
  | {
      readonly op: 'eq' | 'ne' | 'lt' | 'and' | 'or';
      readonly a: Value;
      readonly b: Value;
    }
  | { readonly op: 'not'; readonly a: Value };

/** A step; `says` tells in the present tense who does what, for witnesses. */
export type Step =
  | AccessStep
  | MaintenanceStep
  | LocalStep
  /** Makes the address reachable, for program and hardware fills alike, or takes it away. */
  | { readonly kind: 'map' | 'unmap'; readonly mapping: string; readonly says: string }
  /** `lock` waits until the lock is free. */
  | { readonly kind: 'lock' | 'unlock'; readonly lock: string; readonly says: string }
  /**
   * fsync() or msync(): what it does depends on the kernel. `tagged`: a write fault left a DIRTY
   * tag. `users`: the addresses that flush_cache_page() is called for, in this order.
   */
  | {
      readonly kind: 'fsync';
      readonly line: string;
      readonly tagged: boolean;
      readonly kernel: string;
      readonly users: readonly string[];
      readonly says: string;
    }
  /** dax_flush(): a write-back through the kernel address, where the port has a PMEM API. */
  | {
      readonly kind: 'dax-flush';
      readonly mapping: string;
      readonly line: string;
      readonly says: string;
    }
  /** A call of a kernel that runs: of programs with a `stack` only. */
  | {
      readonly kind: 'kernel';
      readonly call: StackCall;
      readonly register?: string;
      readonly says: string;
    }
  /** Power fails: what is only in caches is gone (`medium`), and every thread ends. */
  | { readonly kind: 'crash'; readonly says: string }
  /** The kernel reads or writes a line's data: the steps a remedy puts its own steps around. */
  | {
      readonly kind: 'kernel-access';
      readonly does: 'read' | 'write';
      readonly mapping: string;
      readonly line: string;
      readonly body: readonly Step[];
    };

/** Steps that load or store one cell, as one indivisible step with what the cache does. */
export type AccessStep =
  | (Access & { readonly kind: 'load'; readonly register: string; readonly says: string })
  | (Access & { readonly kind: 'store'; readonly value: Value; readonly says: string })
  /** Stores `value` and gives what was there before: xchg(), test_and_clear_bit(). */
  | (Access & {
      readonly kind: 'exchange';
      readonly register: string;
      readonly value: Value;
      readonly says: string;
    })
  /** An instruction fetch that shows the cell's value: through the instruction cache. */
  | (Access & { readonly kind: 'fetch'; readonly register: string; readonly says: string });

/** Cache maintenance of one line through one address. */
export interface MaintenanceStep {
  /**
   * `flush` is write back and invalidate, `clean` write back, `invalidate` drop unwritten, all in
   * the data cache; `invalidate-icache` drops the line from the instruction cache.
   */
  readonly kind: 'flush' | 'clean' | 'invalidate' | 'invalidate-icache';
  readonly mapping: string;
  readonly line: string;
  /** Only the caches of the CPU that runs the step; absent: of all CPUs. */
  readonly local?: true;
  readonly says: string;
}

/** Steps that touch registers and the flow of one thread only. */
export type LocalStep =
  | {
      readonly kind: 'set';
      readonly register: string;
      readonly value: Value;
      /** Of a declaration: what the register holds before anything happens. */
      readonly isInitial?: true;
      readonly says: string;
    }
  /**
   * A kernel function that is modelled by its result alone: the answer of machine and kernel (0
   * where neither decides it), or one of the injected `failures`.
   */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly register?: string;
      readonly failures: readonly number[];
      readonly says: string;
    }
  | {
      readonly kind: 'if';
      readonly condition: Value;
      readonly yes: readonly Step[];
      readonly no: readonly Step[];
      readonly says: string;
    }
  | {
      readonly kind: 'while';
      readonly condition: Value;
      readonly body: readonly Step[];
      readonly says: string;
    }
  /** Shown in a witness, without effect: a barrier, or an fsync() that finds nothing to do. */
  | { readonly kind: 'mark'; readonly says: string };

/** Where a load or store goes: one cell of a line, through one address. */
export interface Access {
  readonly mapping: string;
  readonly line: string;
  readonly cell: number;
}

/** What is asked of the end states. */
export interface Question {
  /**
   * `exists`: can the condition hold (the condition is the outcome that must not be, or that is
   * asked for); `not-exists`: the same, printed as `~exists`; `forall`: does it hold in all.
   */
  readonly quantifier: 'exists' | 'not-exists' | 'forall';
  readonly condition: Condition;
  /** Only end states in which it holds count; absent: all. */
  readonly filter?: Condition;
  /** Shown beside what the condition reads, in this order. Absent: nothing more. */
  readonly locations?: readonly Location[];
}

/** What a condition reads. Memory is read after all dirty copies were written back. */
export type Location =
  | { readonly op: 'register'; readonly thread: string; readonly register: string }
  | { readonly op: 'memory'; readonly line: string; readonly cell: number }
  /** 1 where power failed. */
  | { readonly op: 'crashed' }
  /** 1 where threads wait for each other for ever. */
  | { readonly op: 'deadlock' }
  /** On a kernel that runs: how it is left. */
  | { readonly op: 'kernel'; readonly state: KernelState };

/**
 * What can be asked of a kernel in the end, each 0 or 1. `leaked`: a device, a disk or a reference
 * that nobody answers for. `oops`: a thread used NULL or an error pointer. `locked`: a thread that
 * has ended holds a lock. I1 to I5: the invariant is broken.
 */
export type KernelState = 'leaked' | 'oops' | 'locked' | 'I1' | 'I2' | 'I3' | 'I4' | 'I5';

/** All of them. */
export const KERNEL_STATES: readonly KernelState[] = [
  'leaked',
  'oops',
  'locked',
  'I1',
  'I2',
  'I3',
  'I4',
  'I5',
];

/** A condition over registers (`P0:r1`) and memory. */
export type Condition =
  | (Location & { readonly value: number })
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'true' };
