// alloc_dax() as far as the alias test goes: whether a kernel of the catalogue gives a dax_device
// on one machine. What a running kernel does stands in drivers/dax/super.ts.
// Failures for want of memory or minors are the protocol's business, not the gate's.

import { never } from '../../base/index.ts';
import type { Machine } from '../../hw/index.ts';
import { cpu_dcache_is_aliasing } from '../include/linux/cacheinfo.ts';
import type { Kernel, Port } from '../kernel.ts';

/** What alloc_dax() returns, the way its callers tell the cases apart. */
export type AllocDax =
  | { readonly kind: 'dax_device' }
  | { readonly kind: 'ERR_PTR'; readonly errno: 'EOPNOTSUPP' }
  | { readonly kind: 'NULL' }
  | { readonly kind: 'not-checked'; readonly why: string };

/**
 * The answer of alloc_dax() in a kernel with CONFIG_DAX. `ops` tells whether an operations table is
 * passed: true for pmem, dm, dcssblk and virtio-fs, false for device-dax.
 *
 * @source drivers/dax/super.c alloc_dax() v6.12
 */
export function allocDaxAnswer(options: {
  readonly kernel: Kernel;
  readonly port: Port;
  readonly machine: Machine;
  readonly ops: boolean;
}): AllocDax {
  const { kernel, port, machine, ops } = options;
  const { gate } = kernel;
  if (gate.hasAllocDax === false) {
    return { kind: 'not-checked', why: `${kernel.id} is older than alloc_dax()` };
  }
  switch (gate.runTime.value) {
    // No test, or one in each filesystem's mount: alloc_dax() itself does not ask.
    // @source drivers/dax/super.c alloc_dax() v6.1
    case 'none':
    case 'filesystem':
      return { kind: 'dax_device' };
    case 'not-checked':
      return { kind: 'not-checked', why: 'the body of alloc_dax() was not understood' };
    case 'alloc_dax':
      break;
    default:
      return never(gate.runTime.value, 'place of the run-time test');
  }
  // NULL operations are let through before the predicate is asked.
  // @source drivers/dax/super.c alloc_dax() v6.12
  if (!ops && gate.exemptsNullOps) return { kind: 'dax_device' };
  const aliasing = cpu_dcache_is_aliasing({ predicate: port.predicate, machine, port: port.id });
  switch (aliasing.kind) {
    case 'known':
      return aliasing.value ? refusal(kernel) : { kind: 'dax_device' };
    case 'absent':
      return { kind: 'not-checked', why: 'alloc_dax() tests, yet the port has no predicate' };
    case 'not-checked':
      return aliasing;
    default:
      return never(aliasing, 'answer of the predicate');
  }
}

function refusal({ gate }: Kernel): AllocDax {
  // @source drivers/dax/super.c alloc_dax() v6.12; NULL in the third posted revision
  if (gate.refusal === 'NULL') return { kind: 'NULL' };
  return { kind: 'ERR_PTR', errno: 'EOPNOTSUPP' };
}
