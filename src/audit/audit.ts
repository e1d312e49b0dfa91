// The audit of one tree: facts from Kconfig and C, joined into the record of a kernel, judged by
// the same exploration as a kernel of the catalogue.

import { fail, ok, type Problem, type Result } from '../base/index.ts';
import { machines } from '../hw/index.ts';
import { archSymbol, type Kernel, type Port } from '../kernel/index.ts';
import { cellOf, truthTeller } from '../matrix/index.ts';
import { type BuildFacts, buildFacts, HISTORIC_LIST } from './buildable.ts';
import {
  type AllocDaxFacts,
  type CSyntax,
  identifyTree,
  type NotChecked,
  type PredicateFacts,
  readPredicate,
} from './c/index.ts';
import { architecturesOf } from './architectures.ts';
import { auditAttach } from './attach.ts';
import { type CPart, readCPart } from './c-part.ts';
import { buildabilities, type Buildability } from './buildability.ts';
import type { Finding, FindingType } from './finding.ts';
import { findingsOf, placeOf, sorted } from './findings.ts';
import { gateOf } from './gate.ts';
import {
  allYes,
  countQuestions,
  type KconfigCache,
  kconfigCache,
  type Profile,
  type QuestionCount,
  readKconfig,
  type Want,
} from './kconfig/index.ts';
import { type OpenFinding, type PathAudit, questionText, withReach } from './paths/index.ts';
import { type PortConfig, portsOf } from './ports.ts';
import type { Protocol } from './protocol/index.ts';
import type { Audit, AuditedPort, ListEffect } from './record.ts';
import type { SourceTree } from './tree.ts';

/** How a tree is audited, beside the tree itself. */
export interface AuditOptions {
  readonly profile: Profile;
  /** Another profile for some ports; `profile` then only gives its name to the whole. */
  readonly profileOf?: (port: PortConfig) => Profile;
  /** Id of the kernel record; the release where absent. */
  readonly id?: string;
  /** What the paths of drivers are walked by; none where absent. */
  readonly protocols?: readonly Protocol[];
  /** What is read of the C already, somewhere else; then `protocols` say nothing. */
  readonly cPart?: Promise<Result<CPart>>;
  /** Called before each part of the work. */
  readonly progress?: (done: number, total: number, label: string) => Promise<void>;
}

/** Audits a tree. A Problem where nothing could be learnt; parts that failed are not checked. */
export async function auditTree(
  tree: SourceTree,
  syntax: CSyntax,
  options: AuditOptions,
): Promise<Result<Audit>> {
  const version = identifyTree(tree);
  if (!version.ok) return version;
  const configs = portsOf(tree);
  const architectures = architecturesOf(tree);
  const total = configs.length + architectures.length + 1;
  await options.progress?.(0, total, 'C: alloc_dax() and its callers');
  const part = options.cPart ?? Promise.resolve(readCPart(tree, syntax, options.protocols ?? []));
  const profileOf = options.profileOf ?? (() => options.profile);
  const reading = openReading(tree, profileOf, configs);
  for (const [i, config] of configs.entries()) {
    await options.progress?.(i + 1, total, `Kconfig: ${config.id}`);
    readPort(reading, config);
  }
  const [firstProblem] = reading.problems;
  if (reading.ports.length === 0) {
    return fail(firstProblem ?? noArchitecture(tree));
  }
  const c = await part;
  if (!c.ok) return c;
  const { facts, paths } = c.value;
  const question = {
    ports: architectures.filter(({ id }) => !reading.unread.includes(id)),
    profileOf,
    profile: options.profile.name,
    cache: reading.cache,
    progress: async (done: number, _total: number, label: string) =>
      options.progress?.(configs.length + 1 + done, total, label),
  };
  const questions = [...buildQuestions, ...pathQuestions(paths.findings)];
  const untilYes = new Set(questions.map((_, i) => i).slice(buildQuestions.length));
  const answers = await buildabilities(tree, { ...question, untilYes }, questions);
  const { release } = facts.version;
  const audit = joined(tree, options, release, facts.allocDax, reading);
  const buildable = answers.slice(0, buildQuestions.length);
  return ok(withPaths({ ...audit, buildable, exempt: [] }, paths, answers));
}

/** Files and functions of the findings of a type. */
function functionsWith(findings: readonly Finding[], wanted: FindingType): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ type, place, function: name }) =>
      type === wanted ? [`${place.file} ${name ?? ''}`] : [],
    ),
  );
}

/** The questions of findings, each once. */
function pathQuestions(findings: readonly OpenFinding[]): readonly (readonly Want[])[] {
  const all = findings.flatMap(({ questions = [] }) => questions);
  return all.filter((one, i) => all.findIndex((o) => questionText(o) === questionText(one)) === i);
}

function withPaths(audit: Audit, paths: PathAudit, answers: readonly Buildability[]): Audit {
  const { release, allocDax } = audit;
  const attach = auditAttach({ release, allocDax, learnt: paths.learnt });
  // What the facts of alloc_dax() tell of a caller is not told a second time.
  const told = new Set(
    audit.findings.flatMap(({ type, place }) =>
      type === 'REFUSAL_NOT_SURVIVED' ? [`${place.file}:${place.line}`] : [],
    ),
  );
  // What STORED_AFTER_ADD_HOST tells of a function is why; that the object is lost is the leak.
  const late = functionsWith(audit.findings, 'STORED_AFTER_ADD_HOST');
  const untested = functionsWith(audit.findings, 'RESULT_UNTESTED');
  const found = paths.findings
    .map((one) => withReach(one, answers))
    .map((one): Finding => {
      const isTold = late.has(`${one.place.file} ${one.function ?? ''}`);
      return one.type === 'STORED_TOO_LATE' && isTold ? { ...one, type: 'LEAK' } : one;
    })
    .filter(({ type, place, function: name }) => {
      if (type === 'SURVIVABLE_ERROR_FATAL') return !told.has(`${place.file}:${place.line}`);
      if (type !== 'ERROR_AS_OBJECT') return true;
      return !untested.has(`${place.file} ${name ?? ''}`);
    });
  return {
    ...audit,
    findings: sorted([...audit.findings, ...found]),
    exempt: paths.exempt,
    ...(attach === undefined ? {} : { attach }),
    notChecked: [...audit.notChecked, ...paths.notChecked],
  };
}

/** The second is the question of the series: can DAX meet a predicate that may be true? */
const buildQuestions: readonly (readonly Want[])[] = [
  [{ symbol: 'FS_DAX', value: 'y' }],
  [
    { symbol: 'FS_DAX', value: 'y' },
    { symbol: 'ARCH_HAS_CPU_CACHE_ALIASING', value: 'y' },
  ],
];

function noArchitecture({ name }: SourceTree): Problem {
  const hint = 'give a complete source tree: arch/x86/Kconfig and its like are missing';
  return { what: 'no architecture with a Kconfig file', where: name, hint };
}

interface Reading {
  readonly tree: SourceTree;
  readonly profileOf: (port: PortConfig) => Profile;
  readonly cache: KconfigCache;
  readonly architectures: ReadonlySet<string>;
  readonly ports: ReadPort[];
  readonly notChecked: NotChecked[];
  readonly problems: Problem[];
  readonly unread: string[];
}

interface ReadPort {
  readonly config: PortConfig;
  readonly build: BuildFacts;
  readonly predicate: PredicateFacts;
  /** asm/cachetype.h of the architecture names the predicate; it may not be readable. */
  readonly headerNames: boolean | 'not-checked';
  readonly questions: QuestionCount;
}

function openReading(
  tree: SourceTree,
  profileOf: Reading['profileOf'],
  configs: readonly PortConfig[],
): Reading {
  const architectures = new Set(configs.map((config) => archSymbol(config.arch)));
  const cache = kconfigCache();
  return {
    tree,
    profileOf,
    cache,
    architectures,
    ports: [],
    notChecked: [],
    problems: [],
    unread: [],
  };
}

function readPort(reading: Reading, config: PortConfig): void {
  const model = readKconfig(reading.tree, config, reading.profileOf(config), reading.cache);
  if (!model.ok) {
    reading.problems.push(model.problem);
    reading.unread.push(config.id);
    reading.notChecked.push(notRead(config, model.problem));
    return;
  }
  const evaluation = allYes(model.value);
  const build = buildFacts(evaluation, reading.architectures);
  const selectors = evaluation.selectors('ARCH_HAS_CPU_CACHE_ALIASING');
  const predicate = readPredicate(reading.tree, {
    arch: config.srcarch,
    lookup: (symbol) => evaluation.value(symbol),
    selectedAt: selectors.filter((s) => s.active).map((s) => s.source),
  });
  reading.notChecked.push(...predicate.notChecked);
  for (const note of [...model.value.notes, ...evaluation.notes()]) {
    reading.notChecked.push({
      subject: 'Kconfig',
      why: note.text,
      file: note.file,
      line: note.line,
    });
  }
  const questions = countQuestions(model.value.assumptions);
  const headerNames = namesPredicate(reading.tree, config, predicate.name);
  reading.ports.push({ config, build, predicate, headerNames, questions });
}

function namesPredicate(
  tree: SourceTree,
  config: PortConfig,
  name: string | undefined,
): boolean | 'not-checked' {
  const folder = `arch/${config.srcarch}/include/asm`;
  if (name === undefined || !tree.list(folder)?.includes('cachetype.h')) return false;
  const header = tree.read(`${folder}/cachetype.h`);
  return header.ok ? header.value.includes(name) : 'not-checked';
}

function notRead(config: PortConfig, problem: Problem): NotChecked {
  const [file = 'Kconfig', line = '1'] = (problem.where ?? 'Kconfig:1').split(':');
  const why = problem.hint ? `${problem.what} (${problem.hint})` : problem.what;
  return { subject: `port ${config.id}`, why, file, line: Number(line) || 1 };
}

function joined(
  tree: SourceTree,
  options: AuditOptions,
  release: string,
  allocDax: AllocDaxFacts,
  reading: Reading,
): Omit<Audit, 'buildable' | 'exempt'> {
  const list = listEffect(reading.ports);
  const kernel: Kernel = {
    id: options.id ?? release,
    title: `Linux ${release}, facts read from its sources`,
    gate: gateOf(allocDax, list.list, reading.ports.at(0)?.build),
    ports: reading.ports.map(portRecord).sort((a, b) => (a.id < b.id ? -1 : 1)),
    sources: [{ kind: 'tree', file: 'Makefile', line: 1 }],
    ...(reading.unread.length > 0 ? { unreadPorts: [...reading.unread].sort() } : {}),
  };
  const ports = judged(kernel, reading.ports);
  const facts = { kernel, allocDax, list, ports };
  return {
    tree: tree.name,
    release,
    profile: {
      name: options.profile.name,
      questions: reading.ports.reduce((sum, { questions }) => sum + questions.asked, 0),
      recorded: reading.ports.reduce((sum, { questions }) => sum + questions.recorded, 0),
    },
    ...facts,
    findings: findingsOf(facts),
    notChecked: [...allocDax.notChecked, ...unique([...reading.notChecked, ...unasked(facts)])],
  };
}

// A test at run time needs a predicate in every port: without one the headers are not complete.
function unasked({ kernel, ports }: Pick<Audit, 'kernel' | 'ports'>): readonly NotChecked[] {
  const { runTime } = kernel.gate;
  if (runTime.value !== 'alloc_dax' && runTime.value !== 'filesystem') return [];
  const { file, line } = placeOf(runTime.sources);
  return ports
    .filter((port) => port.predicate.predicate.kind === 'absent')
    .map(({ arch }) => ({
      subject: `alias predicate of ${arch}`,
      why: 'it is tested here, but include/linux/cacheinfo.h does not define it',
      file,
      line,
    }));
}

function listEffect(ports: readonly ReadPort[]): ListEffect {
  const list = ports.find((p) => p.build.list)?.build.list;
  const differs = ports
    .filter(({ build }) =>
      list
        ? build.withoutList.value !== build.symbols.FS_DAX.value
        : build.withList !== build.symbols.FS_DAX.value,
    )
    .map((p) => p.config.id);
  const compared = list?.clause ?? HISTORIC_LIST;
  return { ...(list ? { list } : {}), compared, differs };
}

function portRecord({ config, build, predicate }: ReadPort): Port {
  return {
    id: config.id,
    arch: config.arch,
    symbols: build.symbols,
    fsDaxWithoutList: build.withoutList,
    predicate: predicate.predicate,
  };
}

function judged(kernel: Kernel, ports: readonly ReadPort[]): readonly AuditedPort[] {
  const truthOf = truthTeller();
  return ports.map(({ config, build, predicate, headerNames }) => ({
    id: config.id,
    arch: config.arch,
    note: config.note,
    built: build.symbols,
    ...(build.alternatives ? { alternatives: build.alternatives } : {}),
    predicate,
    headerNames,
    machines: machines.flatMap((machine) => {
      const truth = truthOf(machine);
      const cell = cellOf(machine, kernel, truth);
      if (machine.notUnderLinux !== undefined) return [];
      return cell.port === config.id ? [{ machine: machine.id, truth, cell }] : [];
    }),
  }));
}

function unique(notes: readonly NotChecked[]): readonly NotChecked[] {
  const seen = new Set<string>();
  return notes.filter((n) => {
    const key = `${n.file}:${n.line}:${n.subject}:${n.why}`;
    return !seen.has(key) && seen.add(key);
  });
}
