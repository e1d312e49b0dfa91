// From uses of results and what the called functions give to findings.

import { at } from '../../base/index.ts';
import type { CallUse } from './facts.ts';
import { takesErrors } from './known.ts';
import type { Origin, Outcome, Outcomes } from './outcome.ts';
import type { Program } from './program.ts';

/** A fault, with offsets still. `test`: where the test stands that does not fit. */
export interface Fault {
  readonly type: 'WRONG_CHECK' | 'UNCHECKED_DEREFERENCE';
  /** Of which kind the value is that no test looks for. */
  readonly of: 'error' | 'null';
  readonly caller: number;
  readonly use: CallUse;
  readonly origins: readonly Origin[];
}

/**
 * Faults of one function in order of place: at most one for each call. Where every error of the
 * called function is about an argument there is none: a caller may know that its arguments are
 * right.
 */
export function faultsOf(program: Program, outcomes: Outcomes, id: number): readonly Fault[] {
  const found = new Map<number, Fault>();
  for (const use of program.facts[id]?.uses ?? []) {
    const outcome = outcomes.ofCall(use.callee, at(program.functions, id).file, use);
    const fault = judged(use, outcome, id);
    const before = found.get(use.callAt);
    if (fault === undefined) continue;
    if (before === undefined || (before.type !== fault.type && fault.type === 'WRONG_CHECK')) {
      found.set(use.callAt, fault);
    }
  }
  return [...found.values()];
}

function judged(use: CallUse, outcome: Outcome, caller: number): Fault | undefined {
  const { error, invalid, ambiguous, unknown } = outcome;
  const mayBeNull = outcome.null !== undefined || unknown;
  if (ambiguous) return undefined;
  if (use.kind === 'error-tested') {
    if (error !== undefined || invalid !== undefined || unknown) return undefined;
    if (outcome.null === undefined) return undefined;
    const origins = outcome.null === 'known' ? [] : outcome.null;
    return { type: 'WRONG_CHECK', of: 'null', caller, use, origins };
  }
  if (error === undefined) return undefined;
  if (use.kind === 'untested' || (use.kind === 'null-tested' && mayBeNull)) {
    return { type: 'UNCHECKED_DEREFERENCE', of: 'error', caller, use, origins: error };
  }
  if (use.to !== undefined && takesErrors.has(use.to)) return undefined;
  return mayBeNull ? undefined : { type: 'WRONG_CHECK', of: 'error', caller, use, origins: error };
}
