// What a litmus test runs on: a machine of the catalogue, or a kind of cache without a name.

import type { AliasClass, Machine } from '../hw/index.ts';
import { type Durability, durabilityOf, type Kernel } from '../kernel/index.ts';
import {
  type CacheModel,
  cacheModelOf,
  genericModel,
  noPersistence,
  type Persistence,
  type RemedyName,
} from '../scenario/index.ts';

/** A machine or a cache kind, as far as a test can tell it from others. */
export interface Bed {
  /** Machine id, or the name of a kind: `vivt-direct-back`. */
  readonly id: string;
  readonly machine?: Machine;
  readonly model: CacheModel;
  /** Associativity; 0 where no cache is modelled. */
  readonly ways: number;
  readonly durability: Persistence & Partial<Durability>;
}

/** One run of a test: a bed, under a kernel where the test asks one, with a remedy. */
export interface Setting {
  readonly bed: Bed;
  readonly kernel?: Kernel;
  readonly remedy: RemedyName;
}

/** The machine as something to run tests on. */
export function bedOf(machine: Machine): Bed {
  return {
    id: machine.id,
    machine,
    model: cacheModelOf(machine),
    ways: machine.dcache?.ways ?? 0,
    durability: durabilityOf(machine),
  };
}

const classes: readonly AliasClass[] = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing', 'pipt'];

/**
 * The sixteen kinds of cache: class, associativity, write policy; four colours where it aliases,
 * stores allocate, and a kernel without any means of making stores durable. They stand for CPUs
 * that the catalogue of machines does not have.
 */
export const cacheKinds: readonly Bed[] = classes.flatMap((aliasClass) =>
  (['direct', 'set'] as const).flatMap((ways) =>
    (['back', 'through'] as const).map(
      (write): Bed => ({
        id: `${aliasClass}-${ways}-${write}`,
        model: genericModel({ aliasClass, write, ways }),
        ways: ways === 'direct' ? 1 : 2,
        durability: noPersistence,
      }),
    ),
  ),
);
