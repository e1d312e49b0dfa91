// A kernel for tests of automata: nothing is attached, and no gate keeps DAX out.

import { present } from '../base/index.ts';
import { type Machine, machineById } from '../hw/index.ts';
import { defaultConfig, type Linux, start_kernel } from '../kernel/index.ts';

/** A kernel on a machine, or that with the id, with FS_DAX; what `setup` has replaces the usual. */
export function testKernel(
  on: string | Machine,
  setup: Partial<Parameters<typeof start_kernel>[0]> = {},
): Linux {
  const machine = typeof on === 'string' ? present(machineById(on), `machine ${on}`) : on;
  const { release = '6.12' } = setup;
  return start_kernel({
    machine,
    release,
    config: defaultConfig(machine, release, { fsDax: true }),
    gate: 'stock',
    cpu_dcache_is_aliasing: false,
    ...setup,
  });
}
