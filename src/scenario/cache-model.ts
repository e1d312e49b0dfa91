// What of a machine's cache an exhaustive run depends on: everything else about two machines may
// differ and their transition systems are still equal.
//
// A copy of a line is named by what the hardware tells copies apart by: the physical line for
// caches that do not alias, the colour for VIPT, the virtual address for VIVT.

import { never, present } from '../base/index.ts';
import {
  type AliasClass,
  aliasClass,
  colours,
  type IcacheKind,
  icacheOf,
  instructionClass,
  type Machine,
} from '../hw/index.ts';

/** A data cache as far as copies of one line are concerned; `none`: no cache is modelled. */
export interface CacheModel {
  readonly aliasClass: AliasClass | 'none';
  readonly write: 'back' | 'through';
  readonly allocateOnWrite: boolean;
  /** Colours an address of the page can have. 1: all addresses are congruent. */
  readonly colours: number;
  /**
   * Copies that cannot be in the cache together with a newly filled one: none; those of the same
   * index (a direct-mapped VIVT cache has one place for them); or all others. The last stands for
   * CPUs that trap: not the hardware excludes the others but the kernel's handler, which is taken
   * to repair them before the access is tried again. That it does is assumed, not explored.
   */
  readonly excludes: 'none' | 'same-index' | 'all';
  /** Whether fetches see stores by themselves, or go through an I-cache. */
  readonly icache: IcacheKind;
  /** That I-cache as far as copies of one line are concerned. */
  readonly instruction: InstructionModel;
}

/** An instruction cache: as the data cache's fields of these names; it is never written to. */
export interface InstructionModel {
  readonly aliasClass: AliasClass | 'none';
  readonly colours: number;
  readonly excludes: 'none' | 'same-index';
}

/** The model of a machine's L1 data cache. */
export function cacheModelOf(machine: Machine): CacheModel {
  const { dcache, pageBytes } = machine;
  if (!dcache) {
    return {
      aliasClass: 'none',
      write: 'through',
      allocateOnWrite: false,
      colours: 1,
      excludes: 'none',
      icache: 'coherent',
      instruction: { aliasClass: 'none', colours: 1, excludes: 'none' },
    };
  }
  const remedied = dcache.synonyms === 'hardware';
  return {
    aliasClass: remedied ? 'vipt-nonaliasing' : aliasClass(dcache, pageBytes),
    write: dcache.write,
    allocateOnWrite: dcache.allocateOnWrite,
    colours: colours(dcache, pageBytes),
    excludes:
      dcache.synonyms === 'trap'
        ? 'all'
        : dcache.kind === 'vivt' && dcache.ways === 1
          ? 'same-index'
          : 'none',
    icache: icacheOf(machine),
    instruction: instructionOf(machine),
  };
}

function instructionOf(machine: Machine): InstructionModel {
  const own = present(instructionClass(machine), 'an instruction cache beside the data cache');
  const exclusive = own.aliasClass === 'vivt' && own.ways === 'direct';
  return {
    aliasClass: own.aliasClass,
    colours: own.colours,
    excludes: exclusive ? 'same-index' : 'none',
  };
}

/** Machines with equal keys have equal systems for programs of at most `mappings` addresses. */
export function modelKey(model: CacheModel, mappings: number): string {
  const virtual = model.aliasClass === 'vivt' || model.aliasClass === 'vipt-aliasing';
  const distinct = virtual ? Math.min(model.colours, mappings) : 1;
  return [
    model.aliasClass === 'pipt' ? 'vipt-nonaliasing' : model.aliasClass,
    model.write,
    model.allocateOnWrite,
    distinct,
    model.excludes,
  ].join('/');
}

/** What tells two copies of one line apart; `undefined` where nothing is cached. */
export function copyKey(
  model: Pick<CacheModel, 'aliasClass'>,
  mapping: { readonly name: string; readonly colour: number },
): string | undefined {
  switch (model.aliasClass) {
    case 'none':
      return undefined;
    case 'pipt':
    case 'vipt-nonaliasing':
      return 'line';
    case 'vipt-aliasing':
      return `colour${mapping.colour}`;
    case 'vivt':
      return mapping.name;
    default:
      return never(model.aliasClass);
  }
}

/** A model for tables over cache kinds: four colours, stores allocate; both caches alike. */
export function genericModel(choice: {
  readonly aliasClass: AliasClass;
  readonly write: 'back' | 'through';
  readonly ways: 'direct' | 'set';
}): CacheModel {
  const virtual = choice.aliasClass === 'vivt' || choice.aliasClass === 'vipt-aliasing';
  const exclusive = choice.aliasClass === 'vivt' && choice.ways === 'direct';
  const both = {
    aliasClass: choice.aliasClass,
    colours: virtual ? 4 : 1,
    excludes: exclusive ? 'same-index' : 'none',
  } as const;
  return {
    ...both,
    write: choice.write,
    allocateOnWrite: true,
    icache: 'split',
    instruction: both,
  };
}
