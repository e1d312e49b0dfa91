// First-level data caches of real geometry, one for each CPU.

import { assert } from '../base/index.ts';
import type { Access, ConcreteCpu, LineMaintenance, LineView } from './concrete.ts';
import type { SparseMemory } from './concrete-memory.ts';
import type { Machine } from './machine.ts';

/** The caches of all CPUs. */
export class ConcreteCache {
  readonly cpus: readonly ConcreteCpu[];
  constructor(_machine: Machine, memory: SparseMemory, cpus: number) {
    this.cpus = Array.from({ length: cpus }, (_, id) => ({
      id,
      load: (access: Access, lengthBytes: number) => memory.read(access.paddr, lengthBytes),
      store: (access: Access, bytes: Uint8Array) => {
        memory.write(access.paddr, bytes);
      },
      maintain: (_what: LineMaintenance, _access: Access, _lengthBytes: number) => {},
      flushAll: () => {},
    }));
  }
  lines(_paddr: number, _lengthBytes: number): readonly LineView[] {
    return [];
  }
  evict(_line: LineView): void {
    assert(false, 'no line yet');
  }
  flushAll(): void {}
  dropAll(): void {}
}
