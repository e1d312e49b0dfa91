// What a litmus test runs on: a machine of the catalogue, or a kind of cache without a name.

import {
  type AliasClass,
  type Dcache,
  icacheFacts,
  instructionClass,
  type Machine,
  machines,
} from '../hw/index.ts';
import { type Durability, durabilityOf, type Kernel } from '../kernel/index.ts';
import { type LitmusTest, type Traits, traitsOf } from '../litmus/index.ts';
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
  /** What `Result:` lines may select it by. */
  readonly traits: Traits;
  readonly durability: Persistence & Partial<Durability>;
  /** Beds with equal classes have equal systems for every program that asks no kernel. */
  readonly class: string;
  /** Of a kind of cache: a cache that is of it. A machine has its own. */
  readonly example?: Dcache;
}

/** Figures of the caches of a bed; of a cache kind they are an example, and both are alike. */
export interface BedGeometry {
  /** Absent where no cache is modelled. */
  readonly dcache?: Dcache;
  readonly icache?: Pick<Dcache, 'kind' | 'sizeBytes' | 'ways' | 'lineBytes' | 'synonyms'>;
  readonly pageBytes: number;
  readonly isExample: boolean;
}

/** The figures of a machine's caches, or those that a cache kind stands for. */
export function geometryOf({ machine, example }: Pick<Bed, 'machine' | 'example'>): BedGeometry {
  if (machine === undefined) {
    const both = example === undefined ? {} : { dcache: example, icache: example };
    return { ...both, pageBytes: PAGE_BYTES, isExample: true };
  }
  const { dcache, pageBytes } = machine;
  const icache = icacheFacts(machine);
  return {
    ...(dcache === undefined ? {} : { dcache }),
    ...(icache === undefined ? {} : { icache }),
    pageBytes,
    isExample: false,
  };
}

/** The kernel that a test is asked under where neither it nor the user names one. */
export const usualKernel = '6.12';

/**
 * Machines that a test on a running kernel is run on where none is named: one for each way in which
 * a data cache can hold a line twice, or cannot.
 */
const STACK_MACHINES = ['arm926ej-s', '24kc-32k/4k', 'sh7750/4k', 'cortex-a15', 'skylake'];

/**
 * Of `beds` those that a test runs on by itself: for a test that runs a kernel, the machines that
 * it names or one of each sort, unless some were chosen for it already.
 */
export function usualBeds(
  { program }: Pick<LitmusTest, 'program'>,
  beds: readonly Bed[],
): readonly Bed[] {
  const able = beds.filter(({ machine }) => machine !== undefined);
  if (program.stack === undefined || able.length < machines.length) return beds;
  return beds.filter((bed) => isSpokenOf(program, bed));
}

/** Whether a test claims anything of a machine: of one that it is not run on by itself, nothing. */
export function isSpokenOf({ stack }: LitmusTest['program'], { id }: Bed): boolean {
  return stack === undefined || (stack.machines ?? STACK_MACHINES).includes(id);
}

/** One run of a test: a bed, under a kernel where the test asks one, with a remedy. */
export interface Setting {
  readonly bed: Bed;
  readonly kernel?: Kernel;
  readonly remedy: RemedyName;
}

/** The machine as something to run tests on. */
export function bedOf(machine: Machine): Bed {
  const model = cacheModelOf(machine);
  const durability = durabilityOf(machine);
  const more = [
    ...fetchTraits(model, instructionClass(machine)?.ways ?? 'direct'),
    ...(durability.pmemApi ? ['pmem-api'] : []),
    ...(durability.flushcache ? ['flushcache'] : []),
    ...(durability.flushCachePage ? ['flush-cache-page'] : []),
  ];
  const traits = traitsOf(machine, more);
  return { id: machine.id, machine, model, traits, durability, class: classOf(model, durability) };
}

// What an I-cache is like counts where fetches go through it.
function fetchTraits(model: CacheModel, ways: 'direct' | 'set'): readonly string[] {
  if (model.icache === 'coherent') return ['icache-coherent'];
  const { aliasClass } = model.instruction;
  return [
    ...(aliasClass === 'vivt' || aliasClass === 'vipt-aliasing' ? ['icache-aliasing'] : []),
    ...(aliasClass === 'vivt' ? ['icache-vivt'] : []),
    ...(ways === 'set' ? ['icache-set-associative'] : []),
  ];
}

function classOf(model: CacheModel, { pmemApi, flushcache, flushCachePage }: Persistence): string {
  return JSON.stringify([model, pmemApi, flushcache, flushCachePage]);
}

const PAGE_BYTES = 4096;
const COLOURS = 4;

const classes: readonly AliasClass[] = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing', 'pipt'];

/**
 * The sixteen kinds of cache: class, associativity, write policy; four colours where it aliases,
 * stores allocate, and a kernel without any means of making stores durable. They stand for CPUs
 * that the catalogue of machines does not have.
 */
export const cacheKinds: readonly Bed[] = classes.flatMap((aliasClass) =>
  (['direct', 'set'] as const).flatMap((ways) =>
    (['back', 'through'] as const).map((write): Bed => {
      const model = genericModel({ aliasClass, write, ways });
      const example = geometry(aliasClass, ways, write);
      return {
        id: `${aliasClass}-${ways}-${write}`,
        model,
        traits: traitsOf({ dcache: example, pageBytes: PAGE_BYTES }, fetchTraits(model, ways)),
        durability: noPersistence,
        class: classOf(model, noPersistence),
        example,
      };
    }),
  ),
);

function geometry(aliasClass: AliasClass, ways: 'direct' | 'set', write: Dcache['write']): Dcache {
  const way = PAGE_BYTES * (aliasClass === 'vivt' || aliasClass === 'vipt-aliasing' ? COLOURS : 1);
  const count = ways === 'direct' ? 1 : 2;
  return {
    kind: aliasClass === 'vivt' || aliasClass === 'pipt' ? aliasClass : 'vipt',
    sizeBytes: way * count,
    ways: count,
    lineBytes: 32,
    write,
    allocateOnWrite: true,
    synonyms: 'none',
  };
}
