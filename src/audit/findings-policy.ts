// Rules about the alias policy: where what the kernel believes of a data cache is not what
// exploration of that cache finds.

import { present } from '../base/index.ts';
import { type Machine, machines } from '../hw/index.ts';
import type { Place } from './c/index.ts';
import type { Finding, FindingNote, Reach } from './finding.ts';
import { placeOf } from './place.ts';
import type { AuditedPort, AuditFacts, JudgedMachine } from './record.ts';

/** Finding types of a wrong policy. */
export type PolicyType = 'FALSE_DENIAL' | 'FALSE_PERMISSION';

interface Wrong {
  readonly port: AuditedPort;
  readonly judged: JudgedMachine;
  readonly machine: Machine;
}

/** Machines about which one place is wrong, and which the same facts let users meet or not. */
interface Group {
  readonly decision: Decision;
  readonly reach: Reach;
  readonly wrong: Wrong[];
}

/**
 * One finding for each architecture, deciding place, reach and reason why FS_DAX cannot be built:
 * what its notes say is true of all its machines.
 */
export function policyFindings(facts: AuditFacts, type: PolicyType): readonly Finding[] {
  const word = type === 'FALSE_DENIAL' ? 'LOST' : 'STALE';
  const groups = new Map<string, Group>();
  for (const port of facts.ports) {
    for (const judged of port.machines) {
      const machine = present(
        machines.find((m) => m.id === judged.machine),
        'judged machine',
      );
      if (judged.cell.verdict.asIfBuilt !== word || machine.notUnderLinux) continue;
      const wrong = { port, judged, machine };
      const decision = decisionOf(facts, wrong);
      const reach = reachOf(judged);
      const why = reach === 'latent' ? chainOf(wrong) : [];
      const key = JSON.stringify([port.arch, decision, reach, why]);
      const group = groups.get(key) ?? { decision, reach, wrong: [] };
      group.wrong.push(wrong);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map((group) => policyFinding(type, group));
}

function reachOf({ cell }: JudgedMachine): Reach {
  const { word, latent } = cell.verdict;
  if (word === '?' || latent === 'unknown') return 'not-checked';
  return latent ? 'latent' : 'reachable';
}

function policyFinding(type: PolicyType, { decision, reach, wrong }: Group): Finding {
  const names = wrong.map(({ machine }) => nameOf(machine)).join('; ');
  const denial = type === 'FALSE_DENIAL';
  const found = denial
    ? 'exploration finds no stale alias for'
    : 'exploration finds a stale alias for';
  return {
    type,
    level: reach === 'reachable' ? (denial ? 'warning' : 'error') : 'check',
    place: decision.place,
    message: `${denial ? decision.refuses : decision.permits}, but ${found}: ${names}`,
    reach,
    machines: wrong.map(({ machine }) => machine.id),
    notes: [...wrong.map(machineNote), ...(reach === 'latent' ? latentNotes(wrong) : [])],
  };
}

/** What decided, as the beginning of a sentence either way, and where it stands. */
interface Decision {
  readonly refuses: string;
  readonly permits: string;
  readonly place: Place;
}

function decisionOf({ kernel, list }: AuditFacts, { port, judged }: Wrong): Decision {
  const { predicate, name } = port.predicate;
  const { gate } = kernel;
  const on = `on ${port.arch}`;
  if (judged.cell.belief?.refusedByName) {
    const clause = `the clause ${list.compared}`;
    return {
      refuses: `${clause} refuses FS_DAX ${on}`,
      permits: `${clause} permits FS_DAX ${on}`,
      place: placeOf(gate.refusedByName.sources),
    };
  }
  const who = gate.runTime.value === 'alloc_dax' ? 'alloc_dax()' : 'the mount of a filesystem';
  if (gate.runTime.value !== 'none' && predicate.kind === 'defined') {
    return {
      refuses: `${who} refuses fsdax ${on} where ${name}() is true`,
      permits: `${name}() lets fsdax through ${on}`,
      place: placeOf(predicate.definedAt),
    };
  }
  if (gate.runTime.value !== 'none' && predicate.kind === 'generic-false') {
    return {
      refuses: `${who} refuses fsdax ${on}`,
      permits: `the generic predicate lets fsdax through ${on}`,
      place: placeOf(predicate.sources),
    };
  }
  return {
    refuses: `a tree without a run-time gate refuses fsdax ${on}`,
    permits: `a tree without a run-time gate lets fsdax through ${on}`,
    place: placeOf(gate.runTime.sources),
  };
}

// What is explored rests on an assumption for some machines: the finding says so at once.
function nameOf({ name, assumes }: Machine): string {
  return assumes === undefined ? name : `${name} (assumed)`;
}

function machineNote({ judged, machine }: Wrong): FindingNote {
  const { truth, cell } = judged;
  const predicate = cell.belief?.predicate;
  const believed = predicate?.kind === 'known' ? `predicate: ${predicate.because}; ` : '';
  const witness = truth.shortest?.witness;
  const found = witness
    ? `${witness.scenario} reaches ${witness.condition} in ${witness.steps.length} steps` +
      `${truth.losesStores ? '' : ', stale reads only'}`
    : 'explored: every coherence scenario is Never';
  const rests = machine.assumes === undefined ? '' : `; rests on: ${machine.assumes}`;
  return { message: `${machine.name} (${machine.id}): ${believed}${found}${rests}` };
}

// Why FS_DAX cannot be built even with a refusal by name taken out.
function chainOf({ judged }: Wrong) {
  return judged.cell.belief?.buildable.chain ?? [];
}

function latentNotes(wrong: readonly Wrong[]): readonly FindingNote[] {
  const first = present(wrong[0], 'first wrong verdict');
  const ids = [...new Set(wrong.map(({ port }) => port.id))].join(', ');
  const anyway = first.judged.cell.belief?.refusedByName ? ', with or without the clause' : '';
  return [
    { message: `latent: FS_DAX cannot be built on ${ids}${anyway}` },
    ...chainOf(first).map((link) => ({
      place: placeOf([link.source]),
      message: `${link.symbol} is ${link.value}: ${link.because}`,
    })),
  ];
}
