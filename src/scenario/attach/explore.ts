// Every way in which an attach can go: each step that can fail fails, in turn and together with the
// others, and what attached is used and detached. One thread and no memory are involved, so the
// ways are exactly the sequences of chances, each run on a kernel of its own.

import {
  daxAccounts,
  DaxAnswers,
  errnoName,
  ledger,
  leftOver,
  type Linux,
  Oops,
  subsystem,
} from '../../kernel/index.ts';
import type { AttachedDevice, AttachVariant } from './drivers.ts';
import { type AttachEvent, AttachRun, NotFollowed } from './run.ts';
import { answersAlike, type Asked, type AttachSystem, Beds } from './system.ts';

/** What can be wrong with an end, the worst first. */
export const findingKinds = ['oops', 'LOST', 'twice', 'leak', 'rule', 'NULL'] as const;

/** One of them. */
export type FindingKind = (typeof findingKinds)[number];

/** Something that is wrong, in one end or in several. */
export interface AttachFinding {
  readonly kind: FindingKind;
  readonly says: string;
  /** Steps that fail on each way to it, the shortest way first; empty where none has to fail. */
  readonly ways: readonly (readonly string[])[];
  /** What is done with the attached device; absent: nothing. */
  readonly use: string | undefined;
}

/** Something that is wrong in one end. */
interface EndFinding {
  readonly kind: FindingKind;
  readonly says: string;
  readonly failures: readonly string[];
  readonly use: string | undefined;
}

/** All ends of one variant on one system. */
export interface AttachExploration {
  /** Distinct findings, those with the fewest failures first. */
  readonly findings: readonly AttachFinding[];
  /** Ways in which it went. */
  readonly ends: number;
  /** Of these, ways on which the attached device is used. */
  readonly uses: number;
  /** Without failure: the error number or 0, and whether DAX can be had. */
  readonly rc: number | undefined;
  readonly offersDax: boolean;
  /** Steps that can fail, by name, in the order in which they were first met. */
  readonly chances: readonly string[];
  /** Why ways were left before their end; empty where all were gone. */
  readonly notChecked: readonly string[];
}

/** Explorations by what the kernel text asked of the system: equal systems are explored once. */
export class AttachExplorer {
  readonly #beds = new Beds();
  /** One kernel for each system, to be asked questions only. */
  readonly #booted = new WeakMap<AttachSystem, Linux>();
  readonly #known = new Map<AttachVariant, { asked: Asked; found: AttachExploration }[]>();
  /** Explorations that were really run. */
  explored = 0;

  explore(variant: AttachVariant, system: AttachSystem): AttachExploration {
    const linux = this.#booted.get(system) ?? this.#beds.boot(system);
    this.#booted.set(system, linux);
    const known = this.#known.get(variant) ?? [];
    const same = known.find(({ asked }) => answersAlike(linux, asked));
    if (same !== undefined) return same.found;
    const asked: Asked = new Map();
    const found = everyWay({ variant, system, asked, beds: this.#beds });
    this.explored++;
    this.#known.set(variant, [...known, { asked, found }]);
    return found;
  }
}

/** One way: how chances go, and what is done with the device. */
interface Way {
  readonly decisions: readonly boolean[];
  readonly use?: string;
  /** What a first attach gives of which no step fails; absent where this is one. */
  readonly usualRc?: number | 'oops';
}

/** What is explored, and what it asks. */
interface Explored {
  readonly variant: AttachVariant;
  readonly system: AttachSystem;
  readonly asked: Asked;
  readonly beds: Beds;
}

/** Ways of one variant at most; ours have some hundred. */
const MOST_WAYS = 4000;

function everyWay(what: Explored): AttachExploration {
  const pending: Way[] = [{ decisions: [] }];
  const ends: WayEnd[] = [];
  const notChecked = new Set<string>();
  for (let way = pending.shift(); way !== undefined; way = pending.shift()) {
    const { decisions } = way;
    const [usual] = ends;
    if (ends.length === MOST_WAYS) {
      notChecked.add(`ways beyond the first ${MOST_WAYS}`);
      break;
    }
    const end = goOneWay(what, usual ? { ...way, usualRc: usual.rc ?? 'oops' } : way);
    ends.push(end);
    if (end.notFollowed !== undefined) notChecked.add(end.notFollowed);
    pending.push(...fromHere(way, end));
    if (decisions.length > 0 || end.rc !== 0) continue;
    // Uses come after an attach of which no step failed; their own steps may fail.
    const attached = end.run.chances.map(() => false);
    for (const use of end.uses) pending.push({ decisions: attached, use });
  }
  const usual = ends.filter(({ run }) => run.failures.length === 0);
  // Questions may lead elsewhere where no step fails: what attaches is the usual end.
  const first = usual.find(({ rc }) => rc === 0) ?? ends[0];
  return {
    findings: distinct(ends.flatMap(({ findings }) => findings)).filter(
      // Under an assumption only what is done to others is of interest.
      ({ kind }) => what.variant.assumes === undefined || kind === 'twice',
    ),
    ends: ends.length,
    uses: ends.filter(({ isUsed }) => isUsed).length,
    rc: first?.rc,
    offersDax: usual.some(({ offersDax }) => offersDax),
    chances: chancesOf(ends),
    notChecked: [...notChecked],
  };
}

function chancesOf(ends: readonly WayEnd[]): readonly string[] {
  const names = ends.flatMap(({ run }) => run.chances.filter(({ isQuestion }) => !isQuestion));
  return [...new Set(names.map(({ what }) => what))];
}

// Ends that say the same are one finding. What is wrong without a use is wrong with it as well.
function distinct(ends: readonly EndFinding[]): readonly AttachFinding[] {
  const without = ends.filter(({ use }) => use === undefined);
  const isWithout = ({ says, failures }: EndFinding) =>
    without.some((one) => one.says === says && isPart(one.failures, failures));
  const found = new Map<string, { first: EndFinding; ways: (readonly string[])[] }>();
  for (const end of ends) {
    if (end.use !== undefined && isWithout(end)) continue;
    const key = JSON.stringify([end.kind, end.says, end.use]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { first: end, ways: [end.failures] });
    // A second failure that changes nothing makes no other way.
    else if (!known.ways.some((way) => isPart(way, end.failures))) known.ways.push(end.failures);
  }
  return [...found.values()].map(({ first: { kind, says, use }, ways }) => {
    return { kind, says, use, ways: ways.toSorted((a, b) => a.length - b.length) };
  });
}

function isPart(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** What happens on the shortest way to a finding, step by step. */
export function witnessOf(
  variant: AttachVariant,
  system: AttachSystem,
  finding: AttachFinding,
): readonly AttachEvent[] {
  const { use, says, kind } = finding;
  const wanted = JSON.stringify(finding.ways[0] ?? []);
  const what: Explored = { variant, system, asked: new Map(), beds: new Beds() };
  const usualRc = goOneWay(what, { decisions: [] }).rc ?? 'oops';
  const pending: Way[] = [{ decisions: [], usualRc }];
  for (let way = pending.shift(); way !== undefined; way = pending.shift()) {
    const end = goOneWay(what, use === undefined ? way : { ...way, use });
    const isIt = end.findings.some(
      (one) => one.kind === kind && one.says === says && JSON.stringify(one.failures) === wanted,
    );
    if (isIt) return end.run.events;
    pending.push(...fromHere(way, end));
  }
  return [];
}

/** Ways that go as this one does to some chance that has not failed, which then fails. */
function fromHere(way: Way, { run }: WayEnd): readonly Way[] {
  const ways: Way[] = [];
  for (let i = way.decisions.length; i < run.chances.length; i++) {
    const before = run.chances.slice(0, i).map(({ fails }) => fails);
    ways.push({ ...way, decisions: [...before, true] });
  }
  return ways;
}

interface WayEnd {
  readonly run: AttachRun;
  readonly findings: readonly EndFinding[];
  readonly rc: number | undefined;
  readonly offersDax: boolean;
  readonly isUsed: boolean;
  readonly uses: readonly string[];
  /** Why it was left before its end. */
  readonly notFollowed: string | undefined;
}

/** Goes one way to its end, and says what is wrong there. */
function goOneWay({ variant, system, asked, beds }: Explored, way: Way): WayEnd {
  const run = new AttachRun(beds.boot(system), asked, way.decisions);
  const { linux } = run;
  const device = variant.make(linux, run);
  const before = ledger(linux);
  const already = new Set(rulesBroken(linux).map(({ says }) => says));
  const said: { kind: FindingKind; says: string }[] = [];
  let rc: number | undefined;
  let offersDax = false;
  let notFollowed: string | undefined;
  try {
    run.events.length = 0;
    run.phase('attach');
    rc = run.failing(() => device.attach());
    run.result(rc);
    if (rc === 0) {
      offersDax = run.unseen(() => device.offersDax());
      said.push(...whileAttached(linux, device).filter(({ says }) => !already.has(says)));
      useAndDetach(run, device, way.use);
    } else {
      said.push(...afterFailure(run, device, rc));
    }
    const lost = afterAll(linux, before);
    for (const { says } of lost) run.note(says);
    const { usualRc = rc } = way;
    // After a question nobody knows what the usual answer is.
    const isAsked = run.chances.some(({ isQuestion }) => isQuestion);
    const isStuck = rc === 0 || lost.length === 0 || isAsked ? '' : again(run, device, usualRc);
    said.push(...freedAlive(linux).filter(({ says }) => !already.has(says)));
    said.push(...lost.map(({ kind, says }) => ({ kind, says: `${says}${isStuck}` })));
  } catch (error) {
    if (error instanceof NotFollowed) {
      notFollowed = error.message;
      run.note(`not checked: ${error.message}`);
    } else {
      if (!(error instanceof Oops)) throw error;
      run.events.push({ kind: 'oops', says: error.message });
      const lost = rc === undefined ? '; there is no device' : '';
      said.push({ kind: 'oops', says: `${error.message}${lost}` });
    }
  }
  for (const what of run.twice) said.push({ kind: 'twice', says: `${what} is freed twice` });
  const findings = said.map((one) => ({ ...one, failures: run.failures, use: way.use }));
  const isUsed = way.use !== undefined;
  return { run, findings, rc, offersDax, isUsed, uses: [...device.uses.keys()], notFollowed };
}

type Said = readonly { readonly kind: FindingKind; readonly says: string }[];

function whileAttached(linux: Linux, device: AttachedDevice): Said {
  const broken = rulesBroken(linux);
  if (device.isThere()) return broken;
  return [{ kind: 'LOST', says: 'the attach gives 0 and no device' }, ...broken];
}

/** The invariants of DAX devices, and pointers taken for devices. */
function rulesBroken(linux: Linux): Said {
  const said: { kind: FindingKind; says: string }[] = [];
  for (const { invariant, says } of daxAccounts(linux)) {
    // Without FS_DAX there are no host entries, and nobody asks for one.
    if (invariant === 'I5' && !linux.config.FS_DAX) continue;
    // Who owns what is settled once all is detached.
    if (invariant !== 'I3') said.push({ kind: 'rule', says: `${invariant}: ${says}` });
  }
  const { null_taken } = subsystem(linux, DaxAnswers);
  for (const caller of null_taken.peek()) {
    said.push({ kind: 'NULL', says: `${caller} takes NULL for a DAX device` });
  }
  return said;
}

/** What only the end of a device can break: it has to be killed before it is freed. */
function freedAlive(linux: Linux): Said {
  return rulesBroken(linux).filter(({ says }) => says.startsWith('I2'));
}

function useAndDetach(run: AttachRun, device: AttachedDevice, use: string | undefined): void {
  const work = use === undefined ? undefined : device.uses.get(use);
  if (use !== undefined && work !== undefined) {
    run.phase(use);
    run.failing(work);
  }
  run.phase('detach');
  device.detach();
}

function afterFailure(run: AttachRun, device: AttachedDevice, rc: number): Said {
  device.giveUp();
  if (run.failures.length > 0 || device.wasRefused?.() === false) return [];
  return [{ kind: 'LOST', says: `no device (-${errnoName(rc)}), though no step fails` }];
}

function afterAll(linux: Linux, before: readonly string[]): Said {
  const lost = leftOver(before, ledger(linux));
  const said: { kind: FindingKind; says: string }[] = [];
  if (lost.length > 0) said.push({ kind: 'leak', says: `never given back: ${lost.join(', ')}` });
  const gone = leftOver(ledger(linux), before);
  if (gone.length > 0) said.push({ kind: 'twice', says: `not its own: ${gone.join(', ')}` });
  return said;
}

/** A second attempt, with nothing failing: nothing that the first left may be in its way. */
function again(run: AttachRun, device: AttachedDevice, usualRc: number | 'oops'): string {
  if (usualRc === 'oops') return '';
  const { length } = run.events;
  run.phase('attach again');
  const rc = device.attach();
  if (rc === 0 || rc === usualRc) {
    run.events.length = length;
    return '';
  }
  run.result(rc);
  return `; it cannot be attached again (-${errnoName(rc)})`;
}
