// The record of one primitive: a function that the body of a thread may call. The checker, the
// lowering, `dachs list primitives`, the reference page and the page's completion read this table.

import type { KernelCall } from '../../kernel/index.ts';
import type { CellTarget, Target } from '../places.ts';
import type { Step, Value } from '../program.ts';
import type { DeviceInfo, FileInfo, LineInfo, LockInfo, MountInfo, World } from '../world-types.ts';

/** What an argument is; the reference page tells how each is written. */
export type ParamKind =
  /** A place in memory: `*k`, `k[1]`, `k->flag`. */
  | 'place'
  /** The address of a cell: `k`, `&k[1]`, `&k->flag`. */
  | 'cell'
  /** The address of a line: `k`, `k->flag`, `&k->flag`. */
  | 'line'
  /** An address of a page, for what is done to the whole page. */
  | 'page'
  /** The address of a variable of the kernel. */
  | 'variable'
  /** A number computed from registers. */
  | 'value'
  | 'spinlock'
  | 'mutex'
  /** A file, or a cell of it: `f`, `f[1]`, `f->flag`. */
  | 'file'
  /** A file, or an address of a page. */
  | 'file or page'
  | 'device'
  | 'mount';

/** One parameter. */
export interface ParamInfo {
  readonly name: string;
  readonly kind: ParamKind;
  /** May be left out; only the last ones may. */
  readonly optional?: true;
  /** The side of the address that is wanted; absent: any. */
  readonly side?: 'kernel' | 'user' | 'window';
}

/** An argument, resolved. */
export type Argument =
  | { readonly kind: 'place' | 'cell' | 'variable'; readonly target: CellTarget }
  | { readonly kind: 'line'; readonly target: Target & { readonly line: LineInfo } }
  | { readonly kind: 'page'; readonly target: Target }
  | { readonly kind: 'value'; readonly value: Value; readonly text: string }
  | { readonly kind: 'lock'; readonly lock: LockInfo }
  | { readonly kind: 'file'; readonly file: FileInfo; readonly target: CellTarget }
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  | { readonly kind: 'mount'; readonly mount: MountInfo };

/** One call, with its arguments resolved and checked against the table. */
export interface Call {
  /** Name of the thread, as steps say it. */
  readonly thread: string;
  /** As it is written: `write(f)`. */
  readonly text: string;
  readonly name: string;
  readonly args: readonly Argument[];
  /** Where the value goes; absent where nobody asks for it. */
  readonly register?: string;
  readonly world: World;
  /** A register that no one else uses until the statement ends. */
  readonly fresh: () => string;
  /** Gives the name of a `call` step that asks `call`, and remembers the question. */
  readonly ask: (name: string, call: KernelCall) => void;
  /** Notes that this call cannot be. */
  readonly refuse: (what: string, hint: string) => void;
}

/** One row. */
export interface Primitive {
  readonly name: string;
  readonly params: readonly ParamInfo[];
  /** Whether the call has a value: `r0 = xchg(...)`. */
  readonly gives: boolean;
  /** Heading that it stands under. */
  readonly group: PrimitiveGroup;
  /** What it does, in one line. */
  readonly help: string;
  /** What the model leaves out, and in which direction a verdict then errs. */
  readonly model: string;
  /** `fail NAME = -ENOMEM;` may make it fail. */
  readonly mayFail?: true;
  readonly lower: (call: Call) => readonly Step[];
}

/** Headings of the table, in its order. */
export type PrimitiveGroup =
  | 'accesses'
  | 'barriers'
  | 'locks'
  | 'bits'
  | 'data cache, page'
  | 'data cache, line'
  | 'instruction cache'
  | 'copies'
  | 'files'
  | 'mappings'
  | 'kernel and power'
  | 'running kernel';
