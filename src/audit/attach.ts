// Attach functions of a tree, explored: what was learnt of each from its C runs on the kernel
// model beside our own model of the same driver, and the two are compared.

import type { TreeState } from '../kernel/index.ts';
import {
  type AttachComparison,
  type AttachDriver,
  type AttachExploration,
  AttachExplorer,
  type AttachItem,
  type AttachNames,
  type AttachSystem,
  type AttachVariant,
  attachVariants,
  compareAttach,
  driverOf,
  type LearntAttach,
  learntVariant,
  mergeExplorations,
  namesOf,
} from '../scenario/index.ts';
import { nearestState, type NearestState } from './attach-state.ts';
import type { AllocDaxFacts } from './c/index.ts';

/** What is explored, and how the two sides of it compare. */
export interface AttachAudit {
  readonly nearest: NearestState;
  /** In the order of what was learnt. */
  readonly drivers: readonly DriverAttach[];
  /** Functions without a model, by name. */
  readonly notCompared: readonly LearntAttach[];
}

/** One driver on all systems. */
export interface DriverAttach {
  readonly driver: AttachDriver;
  readonly learnt: LearntAttach;
  readonly variant: AttachVariant;
  readonly names: AttachNames;
  readonly systems: readonly ComparedSystem[];
  /** Functions that fail on one side alone, whatever the system. */
  readonly calls: AttachComparison['calls'];
}

/** One driver on one system. */
export interface ComparedSystem extends AttachCase {
  readonly model: AttachExploration;
  readonly tree: AttachExploration;
  readonly comparison: AttachComparison;
}

/** A system with what it is called. */
export interface AttachCase {
  readonly id: 'coherent' | 'aliases' | 'refused';
  readonly title: string;
  readonly system: AttachSystem;
}

/** Explores and compares; undefined where nothing was learnt. */
export function auditAttach(tree: {
  /** E.g. `6.12.117`. */
  readonly release: string;
  readonly allocDax: AllocDaxFacts;
  readonly learnt: readonly LearntAttach[];
}): AttachAudit | undefined {
  if (tree.learnt.length === 0) return undefined;
  const nearest = nearestState(tree.release, tree.allocDax);
  const explorer = new AttachExplorer();
  const drivers: DriverAttach[] = [];
  const notCompared: LearntAttach[] = [];
  for (const learnt of tree.learnt) {
    const driver = driverOf(learnt);
    if (driver === undefined) notCompared.push(learnt);
    else drivers.push(driverAttach(explorer, { driver, learnt, state: nearest.state }));
  }
  return { nearest, drivers, notCompared };
}

function driverAttach(
  explorer: AttachExplorer,
  what: {
    readonly driver: AttachDriver;
    readonly learnt: LearntAttach;
    readonly state: TreeState;
  },
): DriverAttach {
  const { driver, learnt, state } = what;
  const variant = learntVariant(learnt, driver);
  const names = namesOf(driver, learnt);
  // Under an assumption a device is not what a walk of its attach can know.
  const own = attachVariants.filter((one) => one.driver === driver && one.assumes === undefined);
  const systems = casesOf(driver, state).map((one) => {
    const model = mergeExplorations(own.map((each) => explorer.explore(each, one.system)));
    const tree = explorer.explore(variant, one.system);
    return { ...one, model, tree, comparison: compareAttach(model, tree, names) };
  });
  const model = mergeExplorations(systems.map((one) => one.model));
  const tree = mergeExplorations(systems.map((one) => one.tree));
  const { calls } = compareAttach(model, tree, names);
  return { driver, learnt, variant, names, systems, calls };
}

/** The state on a CPU that does not alias, on one that does, and where DAX is refused anyway. */
function casesOf(driver: AttachDriver, { release, rules }: TreeState): readonly AttachCase[] {
  // Dcssblk is built for s390 alone, whose caches never alias.
  const machine = driver === 'dcssblk' ? 'ibm-z13' : 'skylake';
  const config = { DAX: true, FS_DAX: true };
  const system: AttachSystem = { release, rules, machine, gate: 'stock', config };
  const coherent: AttachCase = {
    id: 'coherent',
    title: `a CPU that does not alias (${machine})`,
    system,
  };
  const aliases: AttachCase = {
    id: 'aliases',
    title: 'a CPU that aliases (ultrasparc-2)',
    system: { ...system, machine: 'ultrasparc-2' },
  };
  const refused: AttachCase = {
    id: 'refused',
    title: 'alloc_dax() made to give -EOPNOTSUPP',
    system: { ...system, gate: 'EOPNOTSUPP' },
  };
  return driver === 'dcssblk' ? [coherent, refused] : [coherent, aliases, refused];
}

/** One item of a comparison with the systems that it is met on. */
export interface MetItem {
  readonly item: AttachItem;
  readonly on: readonly AttachCase['id'][];
}

/** A list of the comparisons of a driver, each item once. */
export function metItems(
  { systems }: DriverAttach,
  list: (comparison: AttachComparison) => readonly AttachItem[],
): readonly MetItem[] {
  const met = new Map<string, { item: AttachItem; on: AttachCase['id'][] }>();
  for (const { id, comparison } of systems) {
    for (const item of list(comparison)) {
      const key = JSON.stringify(item);
      const known = met.get(key);
      if (known === undefined) met.set(key, { item, on: [id] });
      else known.on.push(id);
    }
  }
  return [...met.values()];
}
