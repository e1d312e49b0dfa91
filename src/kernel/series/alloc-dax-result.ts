// What callers of alloc_dax() make of its answer, by the rules of a tree.

import { never } from '../../base/index.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import { E, errnoName } from '../include/linux/errno.ts';
import { type Linux, subsystem } from '../linux.ts';
import { Shared } from '../shared.ts';
import { get, type Op, set } from '../steps.ts';
import type { AfterRefusal, ResultTest, SeriesRules } from './rules.ts';

/** The answer of alloc_dax() as C has it: a device, NULL, or an error pointer. */
export type DaxPointer = DaxDevice | number | null;

/** How the caller goes on. */
export type DaxResult =
  /** With what passed for a device: NULL, where the test does not see it. */
  | { readonly kind: 'device'; readonly dax: DaxDevice | null }
  | { readonly kind: 'without' }
  | { readonly kind: 'fails'; readonly rc: number };

/** Who calls alloc_dax(). */
export type DaxCaller = 'pmem' | 'dm' | 'dcssblk' | 'virtio_fs' | 'dev_dax';

/** What callers made of answers that were no device. */
export class DaxAnswers {
  /** Refusals, in order: `pmem -EOPNOTSUPP`. */
  readonly refusals: Shared<readonly string[]> = new Shared('refusals of alloc_dax', []);
  /** Callers that took NULL for a device. */
  readonly null_taken: Shared<readonly DaxCaller[]> = new Shared('NULL taken for a device by', []);
}

/**
 * How a caller goes on after alloc_dax(), by the rules of the tree. NULL, where it is seen at all,
 * counts as -EOPNOTSUPP.
 */
export function* takeDaxAnswer(linux: Linux, caller: DaxCaller, answer: DaxPointer): Op<DaxResult> {
  if (typeof answer !== 'number' && answer !== null) return { kind: 'device', dax: answer };
  const { null_taken, refusals } = subsystem(linux, DaxAnswers);
  const word = answer === null ? 'NULL' : `-${errnoName(answer)}`;
  yield* set(refusals, 0, [...(yield* get(refusals)), `${caller} ${word}`]);
  // Only NULL is told apart by the test, and only then is the rule asked for.
  if (answer === null && testOf(linux.rules, caller) === 'IS_ERR') {
    yield* set(null_taken, 0, [...(yield* get(null_taken)), caller]);
    return { kind: 'device', dax: null };
  }
  const rc = answer ?? -E.EOPNOTSUPP;
  const refused = refusedOf(linux.rules, caller);
  switch (refused) {
    case 'fails':
      return { kind: 'fails', rc };
    case 'goes on':
      return rc === -E.EOPNOTSUPP ? { kind: 'without' } : { kind: 'fails', rc };
    case 'goes on after any error':
      return { kind: 'without' };
    default:
      return never(refused, 'what a caller does without a device');
  }
}

function testOf(rules: SeriesRules, caller: DaxCaller): ResultTest {
  switch (caller) {
    case 'pmem':
      return rules.pmem_test;
    case 'dm':
      return rules.dm_test;
    case 'dcssblk':
      return rules.dcssblk_test;
    case 'virtio_fs':
      return rules.virtio_test;
    case 'dev_dax':
      return rules.dev_dax_test;
    default:
      return never(caller, 'caller of alloc_dax()');
  }
}

function refusedOf(rules: SeriesRules, caller: DaxCaller): AfterRefusal {
  switch (caller) {
    case 'pmem':
      return rules.pmem_refused;
    case 'dm':
      return rules.dm_refused;
    case 'dcssblk':
      return rules.dcssblk_refused;
    case 'virtio_fs':
      return rules.virtio_refused;
    case 'dev_dax':
      return 'fails';
    default:
      return never(caller, 'caller of alloc_dax()');
  }
}
