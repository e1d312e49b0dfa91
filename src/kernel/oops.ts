// The end of a thread that uses NULL or an error pointer. In C the processor traps; here a checked
// dereference throws, and whoever runs the thread makes it the thread's end. No kernel function
// catches it: locks stay held, and nothing is given back.

import type { DaxDevice } from './include/linux/dax.ts';

/** What a thread leaves that dies of a bad pointer. */
export interface OopsResult {
  readonly kind: 'oops';
  /** `NULL pointer dereference` or `use of error pointer -95`. */
  readonly says: string;
  /** The kernel function that used the pointer. */
  readonly where: string;
}

/** Ends the thread that throws it. */
export class Oops extends Error {
  readonly result: OopsResult;
  constructor(result: OopsResult) {
    super(`${result.says} in ${result.where}()`);
    this.result = result;
  }
}

/** Whether the result of a thread is an oops. */
export function isOops(result: unknown): result is OopsResult {
  return (
    typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'oops'
  );
}

/** The device behind a pointer that `where` is about to use; an Oops where there is none. */
export function deref(pointer: DaxDevice | number | null | undefined, where: string): DaxDevice {
  if (typeof pointer === 'object' && pointer !== null) return pointer;
  const says =
    typeof pointer === 'number' ? `use of error pointer ${pointer}` : 'NULL pointer dereference';
  throw new Oops({ kind: 'oops', says, where });
}
