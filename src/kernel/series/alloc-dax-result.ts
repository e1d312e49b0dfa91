// What callers of alloc_dax() make of its answer, by the rules of a tree.

import type { DaxDevice } from '../include/linux/dax.ts';
import { E } from '../include/linux/errno.ts';
import type { AfterRefusal, ResultTest } from './rules.ts';

/** The answer of alloc_dax() as C has it: a device, NULL, or an error pointer. */
export type DaxPointer = DaxDevice | number | null;

/** How the caller goes on. */
export type DaxResult =
  /** With what passed for a device: NULL, where the test does not see it. */
  | { readonly kind: 'device'; readonly dax: DaxDevice | null }
  | { readonly kind: 'without' }
  | { readonly kind: 'fails'; readonly rc: number };

/**
 * How a caller with these rules goes on after alloc_dax(). NULL, where it is seen at all, counts as
 * -EOPNOTSUPP.
 */
export function daxResult(
  answer: DaxPointer,
  rules: { readonly test: ResultTest; readonly refused: AfterRefusal },
): DaxResult {
  if (typeof answer !== 'number' && answer !== null) return { kind: 'device', dax: answer };
  if (answer === null && rules.test === 'IS_ERR') return { kind: 'device', dax: null };
  const rc = answer ?? -E.EOPNOTSUPP;
  switch (rules.refused) {
    case 'fails':
      return { kind: 'fails', rc };
    case 'goes on':
      return rc === -E.EOPNOTSUPP ? { kind: 'without' } : { kind: 'fails', rc };
    case 'goes on after any error':
      return { kind: 'without' };
  }
}
