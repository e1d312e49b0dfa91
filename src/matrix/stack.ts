// The matrix of stacks: machine x kernel x driver x file system x option. Each cell has the three
// answers apart: can it be built, what does the kernel do, what is true of the cache on that path.
//
// A hundred thousand cells come from few systems: all that a cell depends on is in the key of its
// class, and each class is judged once.

import { at, present, type Source } from '../base/index.ts';
import type { Bounds } from '../explore/index.ts';
import { type Machine, machines as catalogue } from '../hw/index.ts';
import { type Belief, fsdaxOffered, type Kernel, type Port } from '../kernel/index.ts';
import { judge, type CellVerdict, type Word } from '../verdict/index.ts';
import { bestPort } from './matrix.ts';
import { type Built, builtFor, pmemPart } from './stack-built.ts';
import { type ModelledKernel, modelledAs, rulesKey } from './stack-model.ts';
import { type Driver, type FsId, type Place, stackDrivers, stackPlaces } from './stack-parts.ts';
import { absentFrom, ruledOutcome } from './stack-rules.ts';
import {
  type Behaviour,
  type DriverRun,
  type StackOutcome,
  plainMachine,
  runDriver,
} from './stack-run.ts';
import { pathKey, type PathTeller, type PathTruth, pathTeller } from './stack-truth.ts';

/** `none`: no DAX was asked for, or there is none to be had here on any CPU. */
export type StackWord = Word | 'none';

/** One stack on one machine under one kernel. */
export interface StackCell {
  readonly place: Place;
  readonly word: StackWord;
  readonly asIfBuilt: StackWord;
  readonly latent: CellVerdict['latent'];
  readonly decidedBy: CellVerdict['decidedBy'];
  /** What the kernel does, as if FS_DAX could be built, but for a refusal by name. */
  readonly does: Behaviour;
  /** What it would do if it refused nobody: `dax` tells the DAX that a refusal takes away. */
  readonly unrefused: StackOutcome;
  readonly truth: PathTruth | undefined;
}

/** Cells of all machines for which one kernel does and is the same. */
export interface StackClass {
  /** Index among the classes of the matrix. */
  readonly id: number;
  readonly kernel: string;
  /** What the kernel was run as; absent where rules speak. */
  readonly model: ModelledKernel | undefined;
  readonly cells: readonly StackCell[];
}

/** One machine under one kernel. */
export interface StackSystem {
  readonly machine: Machine;
  readonly kernel: Kernel;
  /** The port that is judged, and what its kernel believes; absent: it has none. */
  readonly port: Port | undefined;
  readonly belief: Belief | undefined;
  readonly cls: StackClass;
}

/** All of it, with what it took. */
export interface StackMatrix {
  readonly kernels: readonly Kernel[];
  readonly machines: readonly Machine[];
  readonly places: readonly Place[];
  /** By kernel, then by machine, in the order of the lists above. */
  readonly systems: readonly StackSystem[];
  readonly classes: readonly StackClass[];
  readonly effort: Effort;
}

/** What was done for a matrix. */
export interface Effort {
  readonly cells: number;
  readonly classes: number;
  /** Kernels booted, each with one driver and every file system through all options. */
  readonly runs: number;
  readonly explored: number;
}

/** Judges every machine under every kernel in every place. */
export function stackMatrix(
  machines: readonly Machine[],
  kernels: readonly Kernel[],
  choice: {
    readonly places?: readonly Place[];
    readonly bounds?: Bounds;
    /** Paths of another matrix: what was searched there is not searched again, nor counted. */
    readonly paths?: PathTeller;
  } = {},
): StackMatrix {
  const places = choice.places ?? stackPlaces;
  const judged = new Judging(places, choice.paths ?? pathTeller(choice.bounds));
  const before = judged.paths.count().explored;
  const systems = kernels.flatMap((kernel) =>
    machines.map((machine) => judged.system(machine, kernel)),
  );
  const classes = [...judged.classes.values()];
  const effort = {
    cells: systems.length * places.length,
    classes: classes.length,
    runs: judged.runs.size,
    explored: judged.paths.count().explored - before,
  };
  return { kernels, machines, places, systems, classes, effort };
}

/** Runs and classes found so far. */
class Judging {
  readonly classes = new Map<string, StackClass>();
  readonly runs = new Map<string, DriverRun>();
  readonly paths: PathTeller;
  readonly #places: readonly Place[];
  readonly #keys = new Map<string, string>();
  readonly #builds = new Map<string, readonly Built[]>();
  readonly #does = new Map<string, readonly Behaviour[]>();

  constructor(places: readonly Place[], paths: PathTeller) {
    this.#places = places;
    this.paths = paths;
  }

  system(machine: Machine, kernel: Kernel): StackSystem {
    const port = bestPort(machine, kernel);
    const belief = port && fsdaxOffered({ kernel, port, machine });
    const key = this.#classKey(machine, kernel, port, belief);
    const known = this.classes.get(key);
    const cls = known ?? this.#judged(machine, kernel, port, belief);
    if (known === undefined) this.classes.set(key, cls);
    return { machine, kernel, port, belief, cls };
  }

  /** All that the cells of a machine depend on, and nothing else. */
  #classKey(
    machine: Machine,
    kernel: Kernel,
    port: Port | undefined,
    belief: Belief | undefined,
  ): string {
    if (port === undefined || belief === undefined) {
      return [kernel.id, 'no port', hasUnreadPort(machine, kernel)].join(' ');
    }
    const { predicate, fsdax, allocDax, deviceDax, refusedByName } = belief;
    const believed = predicate.kind === 'known' ? String(predicate.value) : predicate.kind;
    const answers = [fsdax.kind, allocDax.kind, deviceDax.kind, refusedByName];
    const built = builtKey(kernel, port);
    return [kernel.id, believed, built, ...answers, this.#hardwareKey(machine)].join(' ');
  }

  #hardwareKey(machine: Machine): string {
    const known = this.#keys.get(machine.id);
    if (known !== undefined) return known;
    const key = [pathKey(machine), ownDrivers(machine), machine.notUnderLinux === undefined].join();
    this.#keys.set(machine.id, key);
    return key;
  }

  #judged(
    machine: Machine,
    kernel: Kernel,
    port: Port | undefined,
    belief: Belief | undefined,
  ): StackClass {
    const id = this.classes.size;
    if (port === undefined || belief === undefined) {
      const unread = hasUnreadPort(machine, kernel);
      const cells = this.#places.map((place) => portlessCell(place, unread));
      return { id, kernel: kernel.id, model: undefined, cells };
    }
    const model = modelOf(kernel, belief);
    const on = { machine, kernel, port, belief, model };
    const policyless = unrefused(kernel);
    const free = fsdaxOffered({ kernel: policyless, port, machine });
    const open = { ...on, kernel: policyless, belief: free, model: modelledAs(kernel) };
    const does = this.#behaviours(on, 'as it is');
    const would = this.#behaviours(open, 'unrefused');
    const built = this.#built(kernel, port);
    const release = model?.release ?? '6.12';
    const cells = this.#places.map((place, i): StackCell => {
      const [behaviour, free] = [at(does, i), at(would, i)];
      const wanted = free.outcome.kind === 'dax' && behaviour.outcome.kind !== 'absent';
      const { flags } = free;
      const truth = wanted ? this.paths.truthOf({ machine, place, flags, release }) : undefined;
      const unrefused = free.outcome;
      const known = { does: behaviour.outcome, unrefused, built: at(built, i), truth };
      const { word, asIfBuilt, latent, decidedBy } = verdictOf(machine, known);
      return { place, word, asIfBuilt, latent, decidedBy, does: behaviour, unrefused, truth };
    });
    return { id, kernel: kernel.id, model, cells };
  }

  /** Whether each place can be built, by all that builtFor() reads of a port. */
  #built(kernel: Kernel, port: Port): readonly Built[] {
    const key = builtKey(kernel, port);
    const known = this.#builds.get(key);
    const built = known ?? this.#places.map((place) => builtFor(kernel, port, place));
    this.#builds.set(key, built);
    return built;
  }

  /** What a kernel does in each place, by all of its belief that this depends on. */
  #behaviours(on: Judged, what: string): readonly Behaviour[] {
    const { kernel, machine } = on;
    const { fsdax, allocDax, deviceDax, refusedByName, drivers } = on.belief;
    const asked = [fsdax.kind, allocDax.kind, deviceDax.kind, refusedByName, drivers];
    const key = [kernel.id, what, ...asked, ownDrivers(machine)].join(' ');
    const known = this.#does.get(key);
    const does = known ?? this.#places.map((place) => this.#behaviour(on, place));
    this.#does.set(key, does);
    return does;
  }

  #behaviour(on: Judged, place: Place): Behaviour {
    const { model, machine, belief } = on;
    // A driver of another architecture, and what a kernel of old did not have.
    const why = absentFrom(on, place);
    if (why !== undefined) return { outcome: { kind: 'absent', why }, messages: [] };
    if (model === undefined) return { outcome: ruledOutcome(on, place), messages: [] };
    const { driver, fs, option } = place;
    const aliasing = belief.allocDax.kind !== 'dax_device' && driver.allocDax !== 'never';
    const fsDax = !belief.refusedByName;
    // Rules are about refusals: where nobody is refused, trees of one release run alike.
    const tree = aliasing || !fsDax ? rulesKey(model, driver) : model.release;
    const key = [tree, aliasing, fsDax, driver.id].join(' ');
    const plain = plainMachine(catalogue) ?? machine;
    const cls = { kernel: model, machine: plain, fsDax, aliasing };
    const run = this.runs.get(key) ?? runDriver(cls, driver.id, this.#fileSystems(driver));
    this.runs.set(key, run);
    return present(run.get(fs)?.get(option), `behaviour of ${fs} with ${option}`);
  }

  #fileSystems(driver: Driver): readonly FsId[] {
    const own = this.#places.filter((place) => place.driver === driver);
    return [...new Set(own.map(({ fs }) => fs))];
  }
}

interface Judged {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly port: Port;
  readonly belief: Belief;
  readonly model: ModelledKernel | undefined;
}

/** The model of a kernel, where what it believes of the machine is known. */
function modelOf(kernel: Kernel, belief: Belief): ModelledKernel | undefined {
  const { kind } = belief.allocDax;
  return kind === 'not-checked' ? undefined : modelledAs(kernel);
}

/** The same kernel if it refused nobody on an alias policy. */
function unrefused(kernel: Kernel): Kernel {
  const { gate } = kernel;
  const sources: readonly Source[] = [{ kind: 'inference', why: 'the kernel without its policy' }];
  const open = { value: 'none', sources } as const;
  return { ...kernel, gate: { ...gate, refusedByName: { value: [], sources }, runTime: open } };
}

function portlessCell(place: Place, unread: boolean): StackCell {
  const why = unread ? 'the port could not be read' : 'this kernel has no such port';
  const kind = unread ? 'not-checked' : 'absent';
  const word = unread ? '?' : '-';
  return {
    place,
    word,
    asIfBuilt: word,
    latent: false,
    decidedBy: 'built',
    does: { outcome: { kind, why }, messages: [] },
    unrefused: { kind, why },
    truth: undefined,
  };
}

/** All that builtFor() makes of a port. */
function builtKey(kernel: Kernel, port: Port): string {
  const { ZONE_DEVICE, DEV_DAX, FS_DAX } = port.symbols;
  const facts = [ZONE_DEVICE, DEV_DAX, FS_DAX, port.fsDaxWithoutList, pmemPart(kernel, port)];
  return facts.map(({ value }) => value).join(' ');
}

/** The architecture, where a driver is its own; else nothing. */
function ownDrivers({ arch }: Machine): string {
  return stackDrivers.some((one) => one.arch === arch) ? arch : '';
}

function hasUnreadPort(machine: Machine, kernel: Kernel): boolean {
  return machine.ports.some((id) => kernel.unreadPorts?.includes(id) ?? false);
}

type CellWords = Pick<StackCell, 'word' | 'asIfBuilt' | 'latent' | 'decidedBy'>;

function verdictOf(
  machine: Machine,
  answers: {
    readonly does: StackOutcome;
    readonly unrefused: StackOutcome;
    readonly built: Built;
    readonly truth: PathTruth | undefined;
  },
): CellWords {
  const { does, unrefused: free, built, truth } = answers;
  const { kind } = does;
  if (kind === 'absent') return NOT_THERE;
  const lost = kind === 'no-device' && free.kind !== 'no-device';
  const breaks = kind === 'breaks' || lost;
  if (kind === 'not-checked') return OPEN;
  if (truth === undefined && !breaks) return withoutDax(built);
  const verdict = judge({
    built: built.dax,
    offered: kind === 'dax',
    breaks,
    attachable: built.asks,
    coherent: truth?.coherent,
  });
  const faulty = verdict.word === 'LOST' || verdict.word === 'STALE' || verdict.word === 'FAIL';
  // Nobody meets a fault of a machine that Linux never runs this way.
  return machine.notUnderLinux !== undefined && faulty ? { ...verdict, latent: true } : verdict;
}

const OPEN: CellWords = { word: '?', asIfBuilt: '?', latent: false, decidedBy: 'believed' };
const NOT_THERE: CellWords = { word: '-', asIfBuilt: '-', latent: false, decidedBy: 'built' };

/** No DAX is asked for or to be had: only whether there is such a device is left to say. */
function withoutDax({ device }: Built): CellWords {
  const word = device === false ? '.' : device === undefined ? '?' : 'none';
  const decidedBy = word === 'none' ? 'believed' : 'built';
  return { word, asIfBuilt: 'none', latent: false, decidedBy };
}
