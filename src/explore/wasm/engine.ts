// The part of WebAssembly that the engine needs, declared here because the core compiles without
// the types of Node and of a page, and a module that runs: its functions, globals and memory.

import { control } from './control.ts';
import type { FunctionName, GlobalName } from './plan.ts';

/** Memory, as WebAssembly.Memory has it. */
export interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** A compiled module; it can be sent to another thread. */
export interface CompiledModule {
  readonly [compiled]?: never;
}

declare const compiled: unique symbol;

type Exports = {
  readonly [name in Exclude<FunctionName, 'poke' | 'clear'>]: (a?: number, b?: number) => number;
} & {
  readonly [name in 'poke' | 'clear']: (a: number, b: number) => void;
} & { readonly [name in GlobalName]: { value: number } };

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Memory: new (need: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => Memory;
  readonly Instance: new (
    module: CompiledModule,
    imports: { readonly engine: { readonly memory: Memory } },
  ) => { readonly exports: Exports };
  readonly RuntimeError: new () => Error;
}

declare const WebAssembly: WebAssemblyApi;

/** One running instance of the module; each worker has its own, all with the same memory. */
export interface Engine {
  readonly run: Exports;
  readonly memory: Memory;
  readonly isShared: boolean;
  /** The control page (control.ts); asks again where growing has detached the last view. */
  readonly page: () => Int32Array;
}

/** Compiles the bytes. */
export function compile(bytes: Uint8Array): CompiledModule {
  return new WebAssembly.Module(bytes);
}

/** A new memory; the pages of a shared one beyond `initial` cost addresses only. */
export function memoryOf(initial: number, maximum: number, shared: boolean): Memory {
  return new WebAssembly.Memory({ initial, maximum, shared });
}

/** An instance of the module on this memory. */
export function instantiate(module: CompiledModule, memory: Memory, isShared: boolean): Engine {
  const { exports } = new WebAssembly.Instance(module, { engine: { memory } });
  let view = new Int32Array(memory.buffer, 0, control.workers * 4);
  const page = (): Int32Array => {
    if (view.byteLength === 0) view = new Int32Array(memory.buffer, 0, control.workers * 4);
    return view;
  };
  return { run: exports, memory, isShared, page };
}

/** Whether an error says that the program ran into one of its own traps. */
export function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}
