// Kernels for tests of drivers: a machine with no devices, and which chances of failure fail.

import { present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import type { KernelSetup } from '../init/main.ts';
import { defaultConfig, start_kernel } from '../init/main.ts';
import type { Linux, ReleaseId } from '../linux.ts';

/** A kernel with a list of the chances that fail; tests change the list. */
export interface TestKernel {
  readonly linux: Linux;
  readonly failing: Set<string>;
  /** Chances asked so far. */
  readonly asked: string[];
}

/** A kernel of `release` on an x86 machine; what `setup` has replaces the usual. */
export function testKernel(
  release: ReleaseId,
  setup: Partial<KernelSetup> & { readonly fsDax?: boolean } = {},
): TestKernel {
  const machine = setup.machine ?? present(machineById('skylake'), 'machine skylake');
  const failing = new Set<string>();
  const asked: string[] = [];
  const linux = start_kernel({
    machine,
    release,
    config: defaultConfig(machine, release, { fsDax: setup.fsDax ?? true }),
    gate: 'stock',
    cpu_dcache_is_aliasing: false,
    ...setup,
    plan: (what) => {
      asked.push(what);
      return failing.has(what);
    },
  });
  return { linux, failing, asked };
}
