// A system and a question become a WebAssembly module.

import { assert } from '../../base/index.ts';
import type { Expr, TransitionSystem } from '../../ir/index.ts';
import { controlBytes } from './control.ts';
import { moduleBytes } from './module.ts';
import { functionNames, globalNames, type Plan, type PlanOptions, planOf } from './plan.ts';
import {
  accessFuncs,
  backFunc,
  collectFunc,
  hasFunc,
  lookFunc,
  pickFunc,
  refillFunc,
  setInsertFunc,
} from './sets.ts';
import { hashFunc, insertFunc, rehashFunc, stepFunc, touchFunc } from './store.ts';
import { expandFunc } from './successors.ts';

/** The module's bytes and what a driver must know of them. */
export interface Program {
  readonly bytes: Uint8Array;
  readonly plan: Plan;
  /** Constants, to be written from `controlBytes` on. */
  readonly data: Uint8Array;
  /** First byte of the heap. */
  readonly heapStart: number;
  readonly initialPages: number;
}

/** Bytes of a page of WebAssembly memory. */
export const pageBytes = 65536;

/** One page less than 4 GiB, so that the address behind the last byte still fits 32 bits. */
export const mostPages = 65535;

/** Emits the module. The same system gives the same bytes. */
export function emit(system: TransitionSystem, question: Expr, options: PlanOptions): Program {
  const plan = planOf(system, options);
  const funcs = [
    expandFunc(system, plan),
    hashFunc(plan),
    touchFunc(plan),
    insertFunc(plan),
    stepFunc(plan),
    rehashFunc(plan),
    setInsertFunc(plan),
    hasFunc(plan),
    lookFunc(system, question, plan),
    collectFunc(system, question, plan),
    backFunc(plan),
    pickFunc(plan),
    refillFunc(plan),
    ...accessFuncs(plan),
  ];
  assert(
    funcs.every((f, i) => f.name === functionNames[i]),
    'functions are in the order of their names',
  );
  const data = plan.data();
  const heapStart = Math.ceil((controlBytes + data.length) / 64) * 64;
  const initialPages = Math.ceil((heapStart + 1) / pageBytes) + 1;
  const bytes = moduleBytes(funcs, globalNames, {
    initialPages,
    maximumPages: mostPages,
    isShared: options.isShared,
  });
  return { bytes, plan, data, heapStart, initialPages };
}
