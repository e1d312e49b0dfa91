// Whether stores reach instruction fetches without a kernel's help.

import { type AliasClass, aliasClass, colours, type Dcache } from './dcache.ts';
import { type Icache, icacheFacts } from './icache-facts.ts';
import type { Machine } from './machine.ts';

/** `coherent`: a fetch sees the newest store; `split`: the I-cache knows nothing of stores. */
export type IcacheKind = 'coherent' | 'split';

/**
 * Architectures whose hardware keeps fetches coherent: the kernel's flush_icache_range() does
 * nothing there.
 * @source include/asm-generic/cacheflush.h flush_icache_range() v6.12: empty unless a port has its
 *   own; arch/x86/include/asm/cacheflush.h includes it, s390 has no cacheflush.h of its own
 * @source arch/loongarch/mm/cache.c v6.12: hardware keeps I-cache and D-cache coherent
 */
const COHERENT_ARCHES: ReadonlySet<string> = new Set(['x86', 's390', 'loongarch']);

/**
 * Machines of other architectures of which the same holds.
 * @source arch/sparc/mm/init_64.c flush_icache_range() v6.12: for Spitfire alone
 * @source arch/powerpc/include/asm/cputable.h CPU_FTR_COHERENT_ICACHE v6.12: set for POWER9, not
 *   for e6500 or 7447
 * @source arch/mips/mm/c-r4k.c r4k_cache_init() v6.12: no flush for CPU_LOONGSON64
 */
const COHERENT_MACHINES: ReadonlySet<string> = new Set([
  'ultrasparc-3',
  'ultrasparc-t1',
  'sparc-t4',
  'power9',
  'loongson-3a/16k',
  // The host's cache: inferred, the host is x86.
  'uml-x86',
]);

/**
 * How a machine's I-cache stands to its D-cache; its own index and tags are in icache-facts.ts. A
 * D-cache that can hold two dirty copies of a line has no newest one that a fetch could be told:
 * `split`.
 */
export function icacheOf(machine: Machine): IcacheKind {
  const { dcache, pageBytes } = machine;
  const isCoherent = COHERENT_ARCHES.has(machine.arch) || COHERENT_MACHINES.has(machine.id);
  const holdsTwo =
    dcache?.write === 'back' && ['vivt', 'vipt-aliasing'].includes(aliasClass(dcache, pageBytes));
  return isCoherent && !holdsTwo ? 'coherent' : 'split';
}

/** An I-cache as far as lines of one line of memory are concerned. */
export interface InstructionClass {
  readonly aliasClass: AliasClass;
  readonly colours: number;
  readonly ways: 'direct' | 'set';
}

/** The class of a machine's I-cache; undefined where no cache is modelled. */
export function instructionClass(machine: Machine): InstructionClass | undefined {
  const facts = icacheFacts(machine);
  if (facts === undefined) return undefined;
  const { pageBytes } = machine;
  return {
    aliasClass: facts.synonyms === 'hardware' ? 'vipt-nonaliasing' : classOf(facts, pageBytes),
    colours: colours(asCache(facts), pageBytes),
    ways: facts.ways === 1 ? 'direct' : 'set',
  };
}

/** Whether two addresses of one page can be two lines in the I-cache. */
export function icacheAliases(machine: Machine): boolean {
  const kind = instructionClass(machine)?.aliasClass;
  return kind === 'vivt' || kind === 'vipt-aliasing';
}

function classOf(facts: Icache, pageBytes: number): AliasClass {
  return aliasClass(asCache(facts), pageBytes);
}

function asCache({ kind, sizeBytes, ways, lineBytes, synonyms }: Icache): Dcache {
  const geometry = { kind, sizeBytes, ways, lineBytes, synonyms };
  return { ...geometry, write: 'through', allocateOnWrite: false };
}
