// What of a recorded step the model is held to, and what differs.

import type { Outcome, OutcomeValue } from '../user/index.ts';
import type { RecordedStep } from './scenario.ts';

/** One key of an outcome that differs; absent on one side is `undefined`. */
export interface Difference {
  readonly key: string;
  readonly recorded: OutcomeValue | undefined;
  readonly model: OutcomeValue | undefined;
}

/** Texts of tools: their wording is theirs, and the numbers of devices in them are chance. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['stderr']);
/** Tools whose whole output describes the recording machine. */
const ENVIRONMENT_OPS: ReadonlySet<string> = new Set(['ndctl', 'daxctl']);
/** What depends on the recording machine's configuration and alignment of memory. */
const DETAIL_KEYS: ReadonlySet<string> = new Set(['file_pmd_kb', 'vmflags']);

/** Values that a recorder writes down whenever there is one: where they are not, there was none. */
const ABSENCE_TELLS: ReadonlySet<string> = new Set([
  'rc',
  'errno',
  'value_errno',
  'signal',
  'si_code',
  'data',
  'dio_mem_align',
  'dio_offset_align',
  'stdout',
]);

/**
 * Keys of the step's outcome that differ, sorted by name; those the model is not held to are left
 * out of `held` and stand in `detail`.
 */
export function differencesOf(
  step: RecordedStep,
  outcome: Outcome,
): { readonly held: readonly Difference[]; readonly detail: readonly Difference[] } {
  const expect = step.expect ?? {};
  const own = Object.keys(outcome).filter((key) => ABSENCE_TELLS.has(key));
  const keys = [...new Set([...Object.keys(expect), ...own])].toSorted();
  const different = keys
    .filter((key) => neutral(expect[key]) !== neutral(outcome[key]))
    .map((key) => ({ key, recorded: expect[key], model: outcome[key] }));
  const isHeld = ({ key }: Difference): boolean => !isDetail(step.op, key);
  return {
    held: different.filter((one) => isHeld(one)),
    detail: different.filter((one) => !isHeld(one)),
  };
}

function isDetail(op: string, key: string): boolean {
  if (TEXT_KEYS.has(key) || DETAIL_KEYS.has(key)) return true;
  return ENVIRONMENT_OPS.has(op) && key === 'stdout';
}

/** Numbers of block devices in a text are chance: recordings have them as MAJ:MIN. */
function neutral(value: OutcomeValue | undefined): OutcomeValue | undefined {
  return typeof value === 'string' ? value.replaceAll(/\b\d+:\d+\b/g, 'MAJ:MIN') : value;
}
