// Rules that turn facts and verdicts of one tree into findings. They see records, never files.

import { present, type Source } from '../base/index.ts';
import { type Machine, machines } from '../hw/index.ts';
import type { Place } from './c/index.ts';
import type { Finding, FindingNote, FindingType } from './finding.ts';
import { codeFindings } from './findings-code.ts';
import type { AuditedPort, AuditFacts, JudgedMachine } from './record.ts';

/** All findings, sorted by place and type. */
export function findingsOf(facts: AuditFacts): readonly Finding[] {
  const all = [
    ...policyFindings(facts, 'FALSE_DENIAL'),
    ...policyFindings(facts, 'FALSE_PERMISSION'),
    ...listFindings(facts),
    ...headerFindings(facts),
    ...codeFindings(facts),
  ];
  return all.sort(
    (a, b) =>
      compare(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.col - b.place.col ||
      compare(a.type, b.type) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Wrong {
  readonly port: AuditedPort;
  readonly judged: JudgedMachine;
  readonly machine: Machine;
}

/** One finding for each architecture on which the policy is wrong about some CPU. */
function policyFindings(
  facts: AuditFacts,
  type: 'FALSE_DENIAL' | 'FALSE_PERMISSION',
): readonly Finding[] {
  const word = type === 'FALSE_DENIAL' ? 'LOST' : 'STALE';
  const groups = new Map<string, Wrong[]>();
  for (const port of facts.ports) {
    for (const judged of port.machines) {
      const machine = present(
        machines.find((m) => m.id === judged.machine),
        'judged machine',
      );
      if (judged.cell.verdict.asIfBuilt !== word || machine.notUnderLinux) continue;
      const group = groups.get(port.arch) ?? [];
      group.push({ port, judged, machine });
      groups.set(port.arch, group);
    }
  }
  return [...groups].map(([arch, wrong]) => policyFinding(facts, type, arch, wrong));
}

function policyFinding(
  facts: AuditFacts,
  type: 'FALSE_DENIAL' | 'FALSE_PERMISSION',
  arch: string,
  wrong: readonly Wrong[],
): Finding {
  const reachable = wrong.some(({ judged }) => !judged.cell.verdict.latent);
  const first = present(wrong[0], 'first wrong verdict');
  const { subject, place } = decision(facts, first);
  const names = wrong.map(({ machine }) => machine.name).join(', ');
  const denial = type === 'FALSE_DENIAL';
  return {
    type,
    level: reachable ? (denial ? 'warning' : 'error') : 'check',
    place,
    message: denial
      ? `${subject} refuses DAX on ${arch}, but no alias of these data caches is ever stale: ` +
        names
      : `${subject} lets DAX through on ${arch}, but these data caches alias: ${names}`,
    reach: reachable ? 'reachable' : 'latent',
    machines: wrong.map(({ machine }) => machine.id),
    notes: [...wrong.map(machineNote), ...(reachable ? [] : latentNotes(first.port))],
  };
}

/** What decided about the machine, and where it stands. */
function decision(facts: AuditFacts, { port, judged }: Wrong): { subject: string; place: Place } {
  const { predicate } = port.predicate;
  const { gate } = facts.kernel;
  if (judged.cell.belief?.refusedByName) {
    const subject = `the clause ${facts.list.compared}`;
    return { subject, place: placeOf(gate.refusedByName.sources) };
  }
  if (gate.runTime.value !== 'none' && predicate.kind === 'defined') {
    return { subject: 'cpu_dcache_is_aliasing()', place: placeOf(predicate.definedAt) };
  }
  if (gate.runTime.value !== 'none' && predicate.kind === 'generic-false') {
    return { subject: 'the generic predicate', place: placeOf(predicate.sources) };
  }
  return { subject: 'a tree without a run-time gate', place: placeOf(gate.runTime.sources) };
}

function machineNote({ judged, machine }: Wrong): FindingNote {
  const { truth, cell } = judged;
  const predicate = cell.belief?.predicate;
  const believed = predicate?.kind === 'known' ? `the kernel computes ${predicate.because}; ` : '';
  const witness = truth.shortest?.witness;
  const found = witness
    ? `${witness.scenario} reaches ${witness.condition} in ${witness.steps.length} steps` +
      `${truth.losesStores ? '' : ', stale reads only'}`
    : 'explored: every coherence scenario is Never';
  return { message: `${machine.name} (${machine.id}): ${believed}${found}` };
}

function latentNotes(port: AuditedPort): readonly FindingNote[] {
  const { chain } = port.built.FS_DAX;
  return [
    { message: `latent: FS_DAX cannot be built on ${port.id}` },
    ...chain.map((link) => ({
      place: placeOf([link.source]),
      message: `${link.symbol} is ${link.value}: ${link.because}`,
    })),
  ];
}

function listFindings({ list, ports }: AuditFacts): readonly Finding[] {
  if (!list.list || list.differs.length > 0) return [];
  return [
    {
      type: 'LIST_WITHOUT_EFFECT',
      level: 'check',
      place: placeOf([list.list.source]),
      message: `${list.list.clause} changes the value of FS_DAX on none of ${ports.length} ports`,
      reach: 'latent',
      notes: [],
    },
  ];
}

function headerFindings({ ports }: AuditFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const port of ports) {
    const { predicate, name, symbol } = port.predicate;
    const selected = port.built.ARCH_HAS_CPU_CACHE_ALIASING.value === 'y';
    if (name === undefined || port.headerNames === 'not-checked') continue;
    if (selected === port.headerNames) continue;
    const type: FindingType = selected ? 'SELECT_WITHOUT_HEADER' : 'HEADER_WITHOUT_SELECT';
    const file = `arch/${port.predicate.arch}/include/asm/cachetype.h`;
    if (seen.has(`${type} ${file}`)) continue;
    seen.add(`${type} ${file}`);
    const selectedAt = predicate.kind === 'defined' ? predicate.selectedAt : [];
    findings.push({
      type,
      level: selected ? 'error' : 'warning',
      place: { file, line: 1, col: 1 },
      message: selected
        ? `${port.id} selects ${symbol ?? 'the symbol'}, but asm/cachetype.h does not define ` +
          `${name}()`
        : `${name}() is defined, but ${port.id} does not select ${symbol ?? 'the symbol'}`,
      reach: 'reachable',
      notes: selectedAt.map((s) => ({ place: placeOf([s]), message: 'selected here' })),
    });
  }
  return findings;
}

/** The first place in the tree among the sources; the top of the tree where there is none. */
export function placeOf(sources: readonly Source[]): Place {
  const source = sources.find((s) => s.kind === 'tree');
  return source ? { file: source.file, line: source.line, col: 1 } : { file: '.', line: 1, col: 1 };
}
