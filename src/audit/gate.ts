// The second question as facts of a tree: where the kernel refuses DAX on aliasing caches, and
// whether the callers of alloc_dax() live with it.

import { type Fact, present } from '../base/index.ts';
import type { Gate } from '../kernel/index.ts';
import type { BuildFacts, RefusalList } from './buildable.ts';
import type { AllocDaxCaller, AllocDaxFacts, Outcome } from './c/index.ts';

/** The gate of a tree, from its C facts and the clause of FS_DAX. */
export function gateOf(
  allocDax: AllocDaxFacts,
  list: RefusalList | undefined,
  anyPort: BuildFacts | undefined,
): Gate {
  const [test] = allocDax.definition?.aliasTests ?? [];
  const refusal = test?.returns.kind === 'NULL' ? 'NULL' : '-EOPNOTSUPP';
  return {
    refusedByName: refusedByName(list, anyPort),
    runTime: runTime(allocDax),
    exemptsNullOps: test?.exemptsNullOps ?? true,
    refusal,
    callersSurvive: callersSurvive(allocDax, refusal),
    ...(allocDax.absent ? { hasAllocDax: false as const } : {}),
  };
}

function refusedByName(
  list: RefusalList | undefined,
  anyPort: BuildFacts | undefined,
): Fact<readonly string[]> {
  if (list) return { value: list.names, sources: [list.source] };
  return { value: [], sources: anyPort?.definedAt ?? [] };
}

function runTime({ runTime: found, definition }: AllocDaxFacts): Gate['runTime'] {
  const [test] = definition?.aliasTests ?? [];
  // Something other than an error pointer or NULL comes back: nobody knows what the callers do.
  if (found.value === 'alloc_dax' && present(test, 'alias test').returns.kind === 'other') {
    return { value: 'not-checked', sources: found.sources };
  }
  return found;
}

// One caller that certainly breaks settles it; one that was not followed leaves it open.
function callersSurvive(
  { callers }: AllocDaxFacts,
  refusal: Gate['refusal'],
): boolean | 'not-checked' {
  const outcomes = callers.filter(mayBeRefused).map((caller) => outcomeOf(caller, refusal).kind);
  if (outcomes.some((kind) => kind === 'fatal' || kind === 'used')) return false;
  return outcomes.includes('not-checked') ? 'not-checked' : true;
}

/**
 * Whether a call passes operations and may run where caches alias: a driver of an architecture that
 * never aliases cannot meet the refusal.
 * @source drivers/s390/block/Kconfig DCSSBLK v6.12
 */
export function mayBeRefused(caller: AllocDaxCaller): boolean {
  return !caller.nullOps && !caller.place.file.startsWith('drivers/s390/');
}

/** What the caller does with the refusal. */
export function outcomeOf(caller: AllocDaxCaller, refusal: Gate['refusal']): Outcome {
  return refusal === 'NULL' ? caller.onNull : caller.onEopnotsupp;
}
