// The machine that runs one schedule: CPUs with caches of the real geometry in front of memory.

import { assert } from '../base/index.ts';
import { ConcreteCache } from './concrete-cache.ts';
import type { ConcreteMachine } from './concrete.ts';
import { SparseMemory } from './concrete-memory.ts';
import type { Machine } from './machine.ts';

/** A machine with nothing in its memory; ranges are added to it. `eadr`: caches outlive power. */
export function concreteMachine(
  machine: Machine,
  options: { readonly cpus: number; readonly eadr: boolean },
): ConcreteMachine {
  assert(options.cpus > 0, 'a machine has a CPU');
  const memory = new SparseMemory(machine.pageBytes);
  const cache = new ConcreteCache(machine, memory, options.cpus);
  return {
    machine,
    memory,
    cpus: cache.cpus,
    lines: (paddr, lengthBytes) => cache.lines(paddr, lengthBytes),
    evict: (line) => {
      cache.evict(line);
    },
    crash: () => {
      if (options.eadr) cache.flushAll();
      else cache.dropAll();
      memory.losePower();
    },
  };
}
