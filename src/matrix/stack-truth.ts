// What is true of the cache on the very path that bytes take: which addresses of a page there are,
// what the copy of write() and fsync() do for durability there, and what exploration finds.

import { at, present } from '../base/index.ts';
import { type Bounds, defaultBounds } from '../explore/index.ts';
import { congruence, type Machine } from '../hw/index.ts';
import {
  believesAliasing,
  defaultConfig,
  durabilityOf,
  type KernelConfig,
  type ReleaseId,
  shmColour,
  start_kernel,
} from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import {
  cacheModelOf,
  coherenceScenarios,
  modelKey,
  noPersistence,
  type Persistence,
  persistenceScenarios,
  scenarioByName,
  systemKeyer,
  type ScenarioOptions,
} from '../scenario/index.ts';
import { judgeScenario, type ScenarioVerdict } from '../verdict/index.ts';
import type { FsId, Place } from './stack-parts.ts';
import type { DaxFlags } from './stack-run.ts';

/** What exploration says of one path on one machine. */
export interface PathTruth {
  /** What touches the bytes, in words. */
  readonly path: string;
  /** No reader sees old bytes, no store is lost; `undefined`: a bound was reached before that. */
  readonly coherent: boolean | undefined;
  /** Names of the scenarios that go wrong, in order. */
  readonly stale: readonly string[];
  readonly verdicts: readonly ScenarioVerdict[];
  /** The shortest witness, one that involves the kernel's address where there is one. */
  readonly shortest?: ScenarioVerdict;
  /** What a power failure takes though fsync() returned; `undefined`: not asked, by `crashNote`. */
  readonly losesAtCrash: readonly string[] | undefined;
  readonly crashNote: string;
}

/** Answers for paths and machines; equal systems are explored once. */
export interface PathTeller {
  truthOf(question: PathQuestion): PathTruth;
  /** How many systems were explored, and how often one was asked for. */
  count(): { readonly explored: number; readonly asked: number };
}

/** One path on one machine. */
export interface PathQuestion {
  readonly machine: Machine;
  readonly place: Place;
  /** Of the dax device; absent where nobody read them. */
  readonly flags: DaxFlags | undefined;
  /** The release whose ports align mappings and write back as this one's do. */
  readonly release: ReleaseId;
}

/** A teller with nothing explored yet. `bounds` apply to each search. */
export function pathTeller(bounds: Bounds = defaultBounds): PathTeller {
  const known = new Map<string, ScenarioVerdict>();
  const keyers = new Map<Program, (options: ScenarioOptions) => string>();
  const keys = new Map<string, string>();
  const pathKeyOf = (machine: Machine): string => {
    const key = keys.get(machine.id) ?? pathKey(machine);
    keys.set(machine.id, key);
    return key;
  };
  let asked = 0;
  const judge = (program: Program, options: ScenarioOptions): ScenarioVerdict => {
    asked++;
    const keyer = keyers.get(program) ?? systemKeyer(program);
    keyers.set(program, keyer);
    const key = `${program.name} ${keyer(options)}`;
    const found = known.get(key) ?? judgeScenario(program, options, bounds);
    known.set(key, found);
    return found;
  };
  const truths = new Map<string, PathTruth>();
  return {
    truthOf: (question) => {
      const { machine, place, flags, release } = question;
      const { driver, fs, option } = place;
      const way = `${driver.id} ${fs === 'erofs'} ${option === 'align-2m'}`;
      const below = flags && `${flags.nocache} ${flags.writeCache}`;
      const key = `${pathKeyOf(machine)} ${way} ${release} ${below}`;
      const found = truths.get(key) ?? truthOf(question, judge);
      truths.set(key, found);
      return found;
    },
    count: () => ({ explored: known.size, asked }),
  };
}

type Judge = (program: Program, options: ScenarioOptions) => ScenarioVerdict;

function truthOf(question: PathQuestion, judge: Judge): PathTruth {
  const { machine } = question;
  const persistence = persistenceOf(question);
  const { path, programs, remedy } = pathOf(question);
  const model = cacheModelOf(machine);
  const verdicts = programs.map((program) => judge(program, { model, remedy, persistence }));
  const stale = verdicts.filter((v) => v.stale);
  const cutOff = verdicts.some((v) => v.observation === 'bound');
  const kernelSide = stale.filter((v) => v.scenario !== 'L6');
  const shortest = shortestOf(kernelSide.length > 0 ? kernelSide : stale);
  return {
    path,
    coherent: stale.length > 0 ? false : cutOff ? undefined : true,
    stale: stale.map((v) => v.scenario),
    verdicts,
    ...(shortest ? { shortest } : {}),
    ...crashTruth(question, persistence, judge),
  };
}

function shortestOf(stale: readonly ScenarioVerdict[]): ScenarioVerdict | undefined {
  const length = (v: ScenarioVerdict): number => v.witness?.steps.length ?? Infinity;
  return stale.reduce<ScenarioVerdict | undefined>(
    (best, v) => (best && length(best) <= length(v) ? best : v),
    undefined,
  );
}

/** What the flags of the device and the symbols of the port come to together. */
function persistenceOf({ machine, flags, release }: PathQuestion): Persistence {
  if (flags === undefined) return noPersistence;
  const { ARCH_HAS_PMEM_API, ARCH_HAS_UACCESS_FLUSHCACHE } = symbolsOf(machine, release);
  return {
    pmemApi: ARCH_HAS_PMEM_API && flags.writeCache,
    flushcache: ARCH_HAS_UACCESS_FLUSHCACHE && flags.nocache,
    flushCachePage: durabilityOf(machine).flushCachePage,
  };
}

interface Path {
  readonly path: string;
  readonly programs: readonly Program[];
  readonly remedy: ScenarioOptions['remedy'];
}

function pathOf({ machine, place, release }: PathQuestion): Path {
  if (place.driver.touchedBy === 'users') {
    return usersOnly(machine, place.option === 'align-2m', release);
  }
  if (place.fs === 'erofs') {
    const path = 'U maps a file that nobody writes; its image was rewritten before the mount';
    return { path, programs: [rewrittenImage], remedy: 'none' };
  }
  const path = 'read() and write() through K, the kernel address; mmap() through U';
  return { path, programs: coherenceScenarios, remedy: 'none' };
}

/**
 * Two users and no kernel. Shared mappings of one page are aligned as the port and the device do;
 * a port with virtual tags makes them uncached within a process and empties the cache between two.
 * @source arch/arm/mm/fault-armv.c make_coherent() do_adjust_pte() v6.12
 * @source drivers/dax/device.c check_vma() dax_get_unmapped_area() v6.12
 */
function usersOnly(machine: Machine, isAligned: boolean, release: ReleaseId): Path {
  const together = meet(machine, isAligned, release);
  const path = 'two users map a page; the kernel has no address of its own';
  const programs = [together ? sameColour : users];
  if (makesUncached(machine)) {
    const says = `${path}, and the port makes shared mappings uncached`;
    return { path: says, programs, remedy: 'uncached-user' };
  }
  const aligned = together ? ', at addresses of one colour' : '';
  return { path: `${path}${aligned}`, programs, remedy: 'none' };
}

function makesUncached({ reports, dcache }: Machine): boolean {
  return reports.kind === 'arm' && dcache?.kind === 'vivt';
}

/** Whether two shared mappings of a page are at addresses that meet in one line. */
function meet(machine: Machine, isAligned: boolean, release: ReleaseId): boolean {
  const { modulus } = congruence(machine);
  if (modulus.kind !== 'bytes') return false;
  const shared = shmColourBytes(machine, release);
  return (isAligned ? Math.max(2 * 2 ** 20, shared) : shared) % modulus.bytes === 0;
}

/**
 * The unit in bytes in which the port aligns shared mappings, as the modelled kernel computes it;
 * only asked of caches for which it matters.
 */
function shmColourBytes(machine: Machine, release: ReleaseId): number {
  const model = cacheModelOf(machine);
  if (model.aliasClass !== 'vipt-aliasing') return machine.pageBytes;
  const linux = start_kernel({
    machine,
    release,
    config: defaultConfig(machine, release, { fsDax: true }),
    gate: 'stock',
    cpu_dcache_is_aliasing: believesAliasing(machine, release),
  });
  return shmColour(linux);
}

/** All of a machine that answers about paths depend on. */
export function pathKey(machine: Machine): string {
  const { flushCachePage } = durabilityOf(machine);
  const symbols = RELEASES.map((release) => {
    const { ARCH_HAS_PMEM_API, ARCH_HAS_UACCESS_FLUSHCACHE } = symbolsOf(machine, release);
    return [ARCH_HAS_PMEM_API, ARCH_HAS_UACCESS_FLUSHCACHE].join();
  });
  const aligned = RELEASES.flatMap((release) => [
    meet(machine, false, release),
    meet(machine, true, release),
  ]);
  const cache = modelKey(cacheModelOf(machine), MAPPINGS);
  return [cache, makesUncached(machine), flushCachePage, ...symbols, ...aligned].join(' ');
}

const RELEASES: readonly ReleaseId[] = ['6.1', '6.12'];
/** No program here uses more addresses of one page. */
const MAPPINGS = 2;

function symbolsOf(machine: Machine, release: ReleaseId): KernelConfig {
  return defaultConfig(machine, release, { fsDax: true });
}

const users: Program = present(scenarioByName('L6'), 'scenario L6');

/** L6 with both addresses of one colour. */
const sameColour: Program = {
  ...users,
  mappings: users.mappings.map((mapping) => ({ ...mapping, colour: 0 })),
};

/**
 * A file that cannot be written while it is mounted is old all the same where its image was
 * rewritten by the kernel between two mounts, and a line of the first one is still cached.
 */
export const rewrittenImage: Program = imageProgram();

function imageProgram(): Program {
  const l9 = present(scenarioByName('L9'), 'scenario L9');
  const l1 = present(scenarioByName('L1'), 'scenario L1');
  const [before, write, after] = at(l1.threads, 0).steps;
  const user = 'U';
  const steps = [
    present(before, 'load'),
    { kind: 'unmap', mapping: user, says: 'the file system is unmounted: U goes, not flushed' },
    present(write, 'store of the kernel'),
    { kind: 'map', mapping: user, says: 'it is mounted and mapped again, at the same address' },
    present(after, 'load'),
  ] as const;
  return {
    ...l1,
    name: 'RO',
    title: 'a new image under an old line',
    about:
      'A process loads a byte of a read-only file. The file system is unmounted and the kernel ' +
      'writes a new image; the process maps the file again and still sees the old byte.',
    threads: [{ name: 'P0', steps }],
    sources: l9.sources,
  };
}

function crashTruth(
  { machine, place, flags }: PathQuestion,
  persistence: Persistence,
  judge: Judge,
): Pick<PathTruth, 'losesAtCrash' | 'crashNote'> {
  const reason = withoutCrash(place, flags);
  if (reason !== undefined) return { losesAtCrash: undefined, crashNote: reason };
  const model = cacheModelOf(machine);
  const lost = persistenceScenarios
    .map((program) => judge(program, { model, remedy: 'none', persistence }))
    .filter((v) => v.observation !== 'Never');
  const parts = [
    persistence.flushcache ? 'write() copies past the cache' : 'write() goes through the cache',
    persistence.pmemApi ? 'dax_flush() writes back' : 'dax_flush() is empty',
  ];
  return { losesAtCrash: lost.map((v) => v.scenario), crashNote: parts.join(', ') };
}

const HOST: ReadonlySet<string> = new Set(['virtio-pmem', 'virtiofs']);
const READ_ONLY: FsId = 'erofs';

function withoutCrash({ driver, fs }: Place, flags: DaxFlags | undefined): string | undefined {
  if (HOST.has(driver.id)) return 'the host writes it back';
  if (driver.id === 'device-dax') return 'a user flushes his own stores';
  if (!driver.persistent) return 'memory that does not outlive the power';
  if (fs === READ_ONLY) return 'nothing is written';
  return flags === undefined ? 'the flags of the dax device were not read' : undefined;
}
