// The caches that programs are tried on: those of machines, and one geometry for each kind.

import {
  type AliasClass,
  type Dcache,
  icacheFacts,
  icacheOf,
  type Machine,
} from '../../src/hw/index.ts';
import type { Bed } from '../../src/verdict/index.ts';
import type { Rig } from './setup.ts';

/** The caches of a machine, or of the kind that a bed without a machine stands for. */
export function rigOfBed({ id, machine, model }: Bed): Rig {
  if (machine) return machineRig(machine);
  if (model.aliasClass === 'none') throw new Error('a kind of cache has a cache');
  return rigOf(model.aliasClass, model.write, id.includes('-direct-') ? 'direct' : 'set');
}

/** Real geometry for a kind of the generic tables: 4 KiB pages, four colours where it aliases. */
export function rigOf(
  aliasClass: AliasClass,
  write: 'back' | 'through',
  ways: 'direct' | 'set',
): Rig {
  const count = ways === 'direct' ? 1 : 2;
  const way = aliasClass === 'vipt-nonaliasing' ? 4096 : 16_384;
  const dcache: Dcache = {
    kind: aliasClass.startsWith('vipt') ? 'vipt' : aliasClass === 'vivt' ? 'vivt' : 'pipt',
    sizeBytes: way * count,
    ways: count,
    lineBytes: 16,
    write,
    allocateOnWrite: true,
    synonyms: 'none',
  };
  return { dcache, instructions: dcache, icache: 'split', pageBytes: 4096 };
}

/** The caches of a machine. */
export function machineRig(machine: Machine): Rig {
  const { dcache, pageBytes } = machine;
  const own = icacheFacts(machine);
  if (!dcache || !own) return { icache: icacheOf(machine), pageBytes };
  const { kind, sizeBytes, ways, synonyms } = own;
  // A line of the program is one line in both caches.
  const instructions = { ...dcache, kind, sizeBytes, ways, synonyms };
  return { dcache, instructions, icache: icacheOf(machine), pageBytes };
}
