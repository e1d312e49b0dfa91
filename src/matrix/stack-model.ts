// Which kernels of the catalogue can be run, and as what: the one place that says so.

import { type Kernel, type ReleaseId, type SeriesRules, treeState } from '../kernel/index.ts';
import type { Driver, DriverId } from './stack-parts.ts';

/** A kernel that start_kernel() can run. */
export interface ModelledKernel {
  /** Id of the state of the tree. */
  readonly id: string;
  readonly release: ReleaseId;
  readonly rules: SeriesRules;
  /** What of it is taken from another kernel. */
  readonly notes: readonly string[];
}

/**
 * The state of the tree to run for a kernel; undefined where there is none, or where the record
 * says something else of the gate than the state does (an audited tree under the same name).
 */
export function modelledAs(kernel: Kernel): ModelledKernel | undefined {
  const state = treeState(kernel.id);
  if (state === undefined || !sameGate(kernel, state.rules)) return undefined;
  const { id, release, rules } = state;
  const borrowed = id === release ? [] : [`all that the series does not touch is as in ${release}`];
  return { id, release, rules, notes: borrowed };
}

function sameGate({ gate }: Kernel, rules: SeriesRules): boolean {
  const tests = gate.runTime.value === 'alloc_dax';
  if (tests !== (rules.alias_test === 'predicate')) return false;
  if (gate.refusedByName.value.length > 0 !== (rules.fs_dax_gate === 'arch list')) return false;
  if (!tests) return gate.runTime.value === 'none' && gate.hasAllocDax !== false;
  const exempt = gate.exemptsNullOps === (rules.alias_exempt === 'NULL ops');
  return exempt && gate.refusal === rules.alias_refusal;
}

/** Rules that the text of a driver asks, by the beginning of their names; all ask alias_*. */
const ASKED: ReadonlyMap<DriverId, readonly string[]> = new Map([
  ['dm-linear', ['pmem_', 'dm_']],
  ['dm-stripe', ['pmem_', 'dm_']],
  ['dm-mixed', ['pmem_', 'dm_']],
  ['dcssblk', ['dcssblk_']],
  ['virtiofs', ['virtio_']],
  ['device-dax', ['dev_dax_']],
]);

/** Equal for kernels that run a driver alike; stubs for a kernel without DAX are not compiled. */
export function rulesKey({ release, rules }: ModelledKernel, driver: Driver): string {
  const asked = ['alias_', ...(ASKED.get(driver.id) ?? ['pmem_'])];
  const own = Object.entries(rules).filter(([name]) => asked.some((one) => name.startsWith(one)));
  return `${release} ${own.map(([name, value]) => `${name}=${value}`).join(' ')}`;
}
