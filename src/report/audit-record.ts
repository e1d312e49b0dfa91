// The JSON form of an audit: for each port the three answers, each as one value with what says so,
// then the machines that were judged on it, the findings, and what was not checked.

import type {
  AgainstBaseline,
  Audit,
  AuditedPort,
  Finding,
  JudgedMachine,
  KnownFinding,
  ProtocolAudit,
} from '../audit/index.ts';
import { formatSource, never, present, type Source } from '../base/index.ts';
import { machines } from '../hw/index.ts';
import { type ChainLink, type Gate, refusingSymbol } from '../kernel/index.ts';
import { attachRecord } from './attach-record.ts';
import { buildabilityBody } from './kconfig-record.ts';
import { believedRecord, form, truthRecord } from './records.ts';

/** An audit: facts, the three answers by port and machine, findings, and what was not checked. */
export function auditRecord(audit: Audit, baseline?: AgainstBaseline) {
  const { id, title, gate, sources, notes } = audit.kernel;
  const { definition, absent, stub, ...allocDax } = audit.allocDax;
  const truths = truthsOf(audit.ports);
  return form('audit', {
    tree: audit.tree,
    release: audit.release,
    profile: audit.profile,
    kernel: { id, title, gate, sources, notes: notes ?? [] },
    allocDax: {
      definition: definition ?? null,
      absent: absent ?? null,
      stub: stub ?? null,
      ...allocDax,
    },
    list: { ...audit.list, list: audit.list.list ?? null },
    ports: audit.ports.map((port) => ({
      id: port.id,
      arch: port.arch,
      note: port.note,
      built: builtAnswer(audit, port),
      believed: believedAnswer(audit, port),
      true: trueAnswer(port, truths),
      machines: port.machines.map(machineRecord),
    })),
    buildable: audit.buildable.map(buildabilityBody),
    findings: audit.findings.map(findingRecord),
    exempt: audit.exempt,
    attach: audit.attach === undefined ? null : attachRecord(audit.attach),
    notChecked: audit.notChecked,
    baseline: againstRecord(baseline),
  });
}

/** An audit by protocols alone: what was looked at, findings, and what was not checked. */
export function protocolsRecord(audit: ProtocolAudit, baseline?: AgainstBaseline) {
  const { tree, release, protocols, functions, findings, exempt, notChecked } = audit;
  return form('protocols', {
    tree,
    release,
    protocols,
    functions,
    findings: findings.map(findingRecord),
    exempt,
    notChecked,
    baseline: againstRecord(baseline),
  });
}

function againstRecord(baseline: AgainstBaseline | undefined) {
  return baseline ? { ...baseline, stale: baseline.stale.map(knownRecord) } : null;
}

/** Known findings, as `--baseline` reads them. */
export function baselineRecord(findings: readonly KnownFinding[]) {
  return form('baseline', { findings: findings.map(knownRecord) });
}

function knownRecord({ type, file, function: name, message, ordinal }: KnownFinding) {
  return { type, file, function: name ?? null, message, ordinal };
}

/** The first answer: FS_DAX, the other symbols of DAX, and FS_DAX without a refusal by name. */
function builtAnswer({ kernel }: Audit, { id, built, alternatives }: AuditedPort) {
  const { value, chain, sources } = built.FS_DAX;
  const { fsDaxWithoutList } = present(
    kernel.ports.find((port) => port.id === id),
    'port of the kernel',
  );
  return {
    symbol: 'FS_DAX',
    value,
    chain,
    sources,
    alternatives: alternatives ?? null,
    withoutList: fsDaxWithoutList,
    symbols: built,
  };
}

/** What the kernel does with fsdax on a port, as if FS_DAX could be built. */
type BelievedValue = 'offered' | 'refused' | 'breaks' | 'depends-on-cpu' | 'not-checked';

/** What becomes of the device where the kernel refuses. */
type Refusal = 'refused' | 'breaks' | 'not-checked';

interface Believed {
  readonly value: BelievedValue;
  /** One sentence. */
  readonly because: string;
  readonly sources: readonly Source[];
  /** Why the Kconfig symbol that decides has its value; empty where none decides. */
  readonly chain: readonly ChainLink[];
}

/** The second answer: from the clause that refuses by name, the run-time test and its predicate. */
function believedAnswer(audit: Audit, port: AuditedPort) {
  const { predicate, name, symbol, names } = port.predicate;
  return {
    ...believed(audit, port),
    refusedByName: refusingSymbol(audit.kernel.gate, port) !== undefined,
    runTime: audit.kernel.gate.runTime.value,
    predicate,
    predicateName: name ?? null,
    predicateSymbol: symbol ?? null,
    names,
    headerNames: port.headerNames,
  };
}

function believed({ kernel, list }: Audit, port: AuditedPort): Believed {
  const { gate } = kernel;
  const by = refusingSymbol(gate, port);
  const { sources } = gate.refusedByName;
  const [source] = sources;
  if (by !== undefined && source !== undefined) {
    const because = `FS_DAX depends on ${list.list?.clause ?? list.compared}, which names ${by}`;
    const chain = [{ symbol: by, value: 'y', because: 'the symbol of this port', source }] as const;
    return { value: 'refused', because, sources, chain };
  }
  switch (gate.runTime.value) {
    case 'none':
      return fromRunTime(gate.runTime.sources, 'offered', 'nothing is asked at run time');
    case 'not-checked':
      return fromRunTime(gate.runTime.sources, 'not-checked', 'the run-time test is not clear');
    case 'filesystem':
    case 'alloc_dax':
      return fromPredicate(port, {
        sources: gate.runTime.sources,
        refusal: gate.runTime.value === 'filesystem' ? 'refused' : afterRefusal(gate),
      });
    default:
      return never(gate.runTime.value, 'place of the run-time test');
  }
}

function afterRefusal({ callersSurvive }: Gate): Refusal {
  if (callersSurvive === 'not-checked') return 'not-checked';
  return callersSurvive ? 'refused' : 'breaks';
}

function fromRunTime(sources: readonly Source[], value: BelievedValue, because: string): Believed {
  return { value, because, sources, chain: [] };
}

function fromPredicate(
  port: AuditedPort,
  gate: { readonly sources: readonly Source[]; readonly refusal: Refusal },
): Believed {
  const { predicate } = port.predicate;
  const { chain } = port.built.ARCH_HAS_CPU_CACHE_ALIASING;
  switch (predicate.kind) {
    case 'absent':
      return fromRunTime(gate.sources, 'not-checked', 'there is no predicate');
    case 'generic-false': {
      const because = 'the generic predicate is constant false';
      return { value: 'offered', because, sources: [...gate.sources, ...predicate.sources], chain };
    }
    case 'not-checked': {
      const sources = [...gate.sources, ...predicate.sources];
      return { value: 'not-checked', because: predicate.why, sources, chain: [] };
    }
    case 'defined': {
      const sources = [...gate.sources, ...predicate.definedAt, ...predicate.selectedAt];
      if (predicate.expr.op !== 'number') {
        const because = 'the predicate is computed from what the CPU reports';
        return { value: 'depends-on-cpu', because, sources, chain: [] };
      }
      const { value } = predicate.expr;
      const because = `the predicate is constant ${value === 0 ? 'false' : 'true'}`;
      return { value: value === 0 ? 'offered' : gate.refusal, because, sources, chain: [] };
    }
    default:
      return never(predicate, 'predicate');
  }
}

type Truths = ReadonlyMap<string, JudgedMachine['truth']>;

function truthsOf(ports: readonly AuditedPort[]): Truths {
  return new Map(ports.flatMap((p) => p.machines.map((m) => [m.machine, m.truth] as const)));
}

/** The third answer: over the machines of the catalogue on which Linux runs the port. */
function trueAnswer(port: AuditedPort, truths: Truths) {
  const here = machines.filter((m) => m.ports.includes(port.id) && !m.notUnderLinux);
  const idsWith = (coherent: boolean | undefined): readonly string[] =>
    here
      .filter((m) => truths.has(m.id) && truths.get(m.id)?.coherent === coherent)
      .map((m) => m.id);
  const [coherent, aliasing, notChecked] = [idsWith(true), idsWith(false), idsWith(undefined)];
  return {
    value: trueValue(coherent.length, aliasing.length, notChecked.length),
    coherent,
    aliasing,
    notChecked,
    sources: distinct(here.flatMap((m) => m.sources)),
  };
}

function trueValue(coherent: number, aliasing: number, notChecked: number) {
  if (coherent + aliasing + notChecked === 0) return 'no-machine';
  if (coherent > 0 && aliasing > 0) return 'depends-on-cpu';
  if (notChecked > 0) return 'not-checked';
  return aliasing > 0 ? 'aliases' : 'coherent';
}

function distinct(sources: readonly Source[]): readonly Source[] {
  const byText = new Map(sources.map((source) => [formatSource(source), source]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}

function machineRecord({ machine, truth, cell }: JudgedMachine) {
  return {
    machine,
    believed: believedRecord(cell),
    true: truthRecord(truth),
    verdict: cell.verdict,
  };
}

/** Findings of a saved audit that were asked for. */
export function findingsRecord(findings: readonly Finding[]) {
  return form('findings', { findings: findings.map(findingRecord) });
}

/** A finding, whose keys are always the same. */
export function findingRecord(finding: Finding) {
  return {
    ...finding,
    path: finding.path ?? false,
    function: finding.function ?? null,
    conditions: finding.conditions ?? [],
    machines: finding.machines ?? [],
  };
}
