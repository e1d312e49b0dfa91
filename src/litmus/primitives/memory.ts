// Accesses, barriers, locks and bits.

import { cellArg, into, loadStep, lockArg, storeStep, valueArg } from './args.ts';
import type { Call, Primitive } from './primitive.ts';
import type { Step, Value } from '../program.ts';

const NO_BUFFERS =
  'Accesses take effect in program order: no store buffer, nothing is reordered; errs towards ' +
  'coherent. What weak order may do is a question for herd7.';

const ONE_STEP = 'Access and what the cache does for it are one indivisible step.';

/** Loads and stores of one cell. */
export const accesses: readonly Primitive[] = [
  {
    name: 'READ_ONCE',
    params: [{ name: '*p', kind: 'place' }],
    gives: true,
    group: 'accesses',
    help: 'loads a cell; a plain *p in an expression is the same',
    model: NO_BUFFERS,
    lower: (call) => [loadStep(call.thread, cellArg(call, 0), into(call))],
  },
  {
    name: 'WRITE_ONCE',
    params: [
      { name: '*p', kind: 'place' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'accesses',
    help: 'stores a value to a cell; a plain *p = v; is the same',
    model: NO_BUFFERS,
    lower: (call) => [storeStep(call.thread, cellArg(call, 0), valueArg(call, 1))],
  },
  {
    name: 'smp_load_acquire',
    params: [{ name: 'p', kind: 'cell' }],
    gives: true,
    group: 'accesses',
    help: 'loads a cell',
    model: NO_BUFFERS,
    lower: (call) => [loadStep(call.thread, cellArg(call, 0), into(call))],
  },
  {
    name: 'smp_store_release',
    params: [
      { name: 'p', kind: 'cell' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'accesses',
    help: 'stores a value to a cell',
    model: NO_BUFFERS,
    lower: (call) => [storeStep(call.thread, cellArg(call, 0), valueArg(call, 1))],
  },
  {
    name: 'xchg',
    params: [
      { name: 'p', kind: 'cell' },
      { name: 'v', kind: 'value' },
    ],
    gives: true,
    group: 'accesses',
    help: 'stores a value and gives what was there before, indivisibly',
    model:
      `${ONE_STEP} Through an aliased address it is atomic on that copy only, also on cores that ` +
      'exchange behind their first-level cache: errs towards STALE.',
    lower: (call) => [exchange(call, valueArg(call, 1))],
  },
];

function exchange(call: Call, stored: { readonly value: Value; readonly text: string }): Step {
  const { access, address, text } = cellArg(call, 0);
  const says = `${call.thread} exchanges ${stored.text} ${address ? 'through' : 'with'} ${text}`;
  return { kind: 'exchange', ...access, register: into(call), value: stored.value, says };
}

/** Without effect, since nothing is reordered: steps of a witness. */
export const barriers: readonly Primitive[] = (
  [
    ['smp_mb', 'orders all accesses among CPUs'],
    ['smp_rmb', 'orders loads among CPUs'],
    ['smp_wmb', 'orders stores among CPUs'],
    ['mb', 'orders all accesses, devices included'],
    ['rmb', 'orders loads, devices included'],
    ['wmb', 'orders stores, devices included'],
    ['barrier', 'keeps the compiler from moving accesses'],
    ['pmem_wmb', 'orders stores to persistent memory before what follows'],
    ['cond_resched', 'lets another task run'],
  ] as const
).map(
  ([name, help]): Primitive => ({
    name,
    params: [],
    gives: false,
    group: 'barriers',
    help,
    model: 'A mark in the witness without effect: program order is kept anyway.',
    lower: (call) => [{ kind: 'mark', says: `${call.thread} passes ${name}()` }],
  }),
);

/** Locks. */
export const locks: readonly Primitive[] = (
  [
    ['spin_lock', 'lock', 'spinlock'],
    ['spin_unlock', 'unlock', 'spinlock'],
    ['mutex_lock', 'lock', 'mutex'],
    ['mutex_unlock', 'unlock', 'mutex'],
  ] as const
).map(
  ([name, kind, lock]): Primitive => ({
    name,
    params: [{ name: 'l', kind: lock }],
    gives: false,
    group: 'locks',
    help: kind === 'lock' ? 'waits until the lock is free and takes it' : 'frees the lock',
    model: 'A lock orders threads and does nothing to caches, as on real hardware.',
    lower: (call) => {
      const { name: taken } = lockArg(call, 0);
      return [{ kind, lock: taken, says: `${call.thread} ${kind}s ${taken}` }];
    },
  }),
);

/** Bits of the kernel's own variables, PG_arch_1 above all. */
export const bits: readonly Primitive[] = [
  ...(
    [
      ['set_bit', 1, 'sets the variable to 1'],
      ['clear_bit', 0, 'sets the variable to 0'],
    ] as const
  ).map(
    ([name, value, help]): Primitive => ({
      ...bit(name, help),
      gives: false,
      lower: (call) => [storeStep(call.thread, cellArg(call, 0), { value, text: String(value) })],
    }),
  ),
  ...(
    [
      ['test_and_set_bit', 1, 'sets the variable to 1 and gives what it was'],
      ['test_and_clear_bit', 0, 'sets the variable to 0 and gives what it was'],
    ] as const
  ).map(
    ([name, value, help]): Primitive => ({
      ...bit(name, help),
      gives: true,
      lower: (call) => [exchange(call, { value, text: String(value) })],
    }),
  ),
  {
    ...bit('test_bit', 'gives the variable'),
    gives: true,
    lower: (call) => [loadStep(call.thread, cellArg(call, 0), into(call))],
  },
];

function bit(name: string, help: string) {
  const params = [{ name: 'p', kind: 'variable' }] as const;
  const model =
    'A variable of its own stands for each bit, in place of number and address; always coherent.';
  return { name, params, group: 'bits', help, model } as const;
}
