// An audit as text: the three questions in their order, then the findings, then what was not
// checked.

import { formatSource } from '../base/index.ts';
import { type Audit, daxSymbols, type Finding, mayBeRefused } from '../audit/index.ts';
import {
  canBeTrue,
  type DaxSymbol,
  formatPredicate,
  type Gate,
  type Port,
} from '../kernel/index.ts';
import { attachLines } from './attach-text.ts';
import {
  type AuditTextOptions,
  baselineText,
  hintText,
  notCheckedLines,
  staleLines,
} from './audit-lines.ts';
import { countText, findingLines } from './finding-text.ts';
import { buildableLines } from './kconfig-text.ts';
import { labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';

/** Text of an audit. */
export function auditText(audit: Audit, options: AuditTextOptions): string {
  const lines = [
    ...(options.terse ? [] : answerLines(audit)),
    ...(options.terse || audit.attach === undefined
      ? []
      : [...attachLines(audit.attach, options), '']),
    ...findingsLines(audit, options),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the findings of an audit are printed from; a saved audit has it. */
export type AuditFindings = Pick<Audit, 'findings' | 'notChecked' | 'profile'>;

/** Text of an audit with `--terse`: findings and the summary alone. */
export function terseAuditText(
  audit: AuditFindings,
  options: Omit<AuditTextOptions, 'terse'>,
): string {
  return `${findingsLines(audit, { ...options, terse: true }).join('\n')}\n`;
}

function findingsLines(audit: AuditFindings, options: AuditTextOptions): readonly string[] {
  return [
    ...audit.findings.flatMap((finding) => findingLines(finding, options.verbose)),
    ...notCheckedLines(audit.notChecked),
    ...(options.verbose && options.baseline ? staleLines(options.baseline) : []),
    ...summaryLines(audit, options),
  ];
}

function answerLines(audit: Audit): readonly string[] {
  return [
    `Linux ${audit.release}: ${audit.tree}`,
    '',
    'Can it be built?  (Kconfig, everything that can be yes set to yes)',
    ...builtLines(audit),
    '',
    'What does the kernel believe?',
    ...believedLines(audit),
    '',
    'Is that true of the hardware?  (CPUs of the catalogue, explored)',
    ...gapLines(audit),
    '',
  ];
}

const HEADS: Readonly<Record<DaxSymbol, string>> = {
  FS_DAX: 'FS_DAX',
  DAX: 'DAX',
  DEV_DAX: 'DEV_DAX',
  ZONE_DEVICE: 'ZONE',
  BLK_DEV_PMEM: 'PMEM',
  ARCH_HAS_CPU_CACHE_ALIASING: 'ALIASING',
};

function builtLines(audit: Audit): readonly string[] {
  const columns = [{ head: 'port' }, ...daxSymbols.map((s) => ({ head: HEADS[s] }))];
  const rows = audit.ports.map((port) => [
    port.id,
    ...daxSymbols.map((s) => valueText(port.built[s].value)),
  ]);
  return [
    ...tableLines(columns, rows).map((line) => `  ${line}`),
    '  ZONE: ZONE_DEVICE; PMEM: BLK_DEV_PMEM;',
    '  ALIASING: ARCH_HAS_CPU_CACHE_ALIASING; -: the port has no such symbol',
    '',
    ...whyLines(audit),
    ...whyNotLines(audit),
    ...labelled('  list', listText(audit)),
    '',
    '  Over every configuration of an architecture, by the solver:',
    ...audit.buildable.flatMap(buildableLines),
  ];
}

/** The ports with FS_DAX by the alternative among its dependencies that holds. */
function whyLines({ ports }: Audit): readonly string[] {
  const yes = ports.filter((p) => p.built.FS_DAX.value === 'y');
  if (yes.length === 0) return labelled('  FS_DAX=y', 'nowhere');
  const groups = grouped(yes, ({ alternatives }) =>
    alternatives
      ? `by ${alternatives.holds.join(' and ')} (${formatSource(alternatives.source)})`
      : '',
  );
  return groups.flatMap(([why, ids]) => [
    ...labelled('  FS_DAX=y', ids.join(', ')),
    ...(why === '' ? [] : wrap(why, 12, 14)),
  ]);
}

/** The ports without FS_DAX by the chain that decides. */
function whyNotLines({ ports }: Audit): readonly string[] {
  const groups = grouped(
    ports.filter((p) => p.built.FS_DAX.value !== 'y'),
    ({ built }) =>
      built.FS_DAX.chain.map((l) => `${l.symbol} (${formatSource(l.source)})`).join(' <- '),
  );
  return groups.flatMap(([chain, ids]) => [
    ...labelled('  FS_DAX=n', ids.join(', ')),
    ...wrap(`for want of ${chain}`, 12, 14),
  ]);
}

/** Ids of ports with the same text together; the longest group first. */
function grouped(
  ports: Audit['ports'],
  text: (port: Audit['ports'][number]) => string,
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const port of ports) {
    groups.set(text(port), [...(groups.get(text(port)) ?? []), port.id]);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

function valueText(value: string): string {
  return value === 'undefined' ? '-' : value;
}

function listText({ list, ports }: Audit): string {
  const considered = list.list
    ? 'y stays y when a clause is taken out, n was evaluated again'
    : 'n stays n when a clause is added, y was evaluated again';
  const effect =
    list.differs.length === 0
      ? `changes no build result (${ports.length} ports considered: ${considered})`
      : `decides on ${list.differs.join(', ')}`;
  if (!list.list)
    return `no architecture is refused by name; ${list.compared} put back in ${effect}`;
  return `${list.compared} (${formatSource(list.list.source)}) ${effect}`;
}

function believedLines(audit: Audit): readonly string[] {
  return [...labelled('  gate', gateText(audit)), ...predicateLines(audit), ...callerLines(audit)];
}

function gateText({ kernel, allocDax }: Audit): string {
  const { gate } = kernel;
  const [test] = allocDax.definition?.aliasTests ?? [];
  const at = gate.runTime.sources.map(formatSource).join(', ');
  switch (gate.runTime.value) {
    case 'none':
      return `none at run time: ${allocDax.absent?.value ?? 'alloc_dax() does not ask'} (${at})`;
    case 'filesystem':
      return `in the mount of each filesystem (${at})`;
    case 'not-checked':
      return `not checked (${at})`;
    case 'alloc_dax': {
      const ops = gate.exemptsNullOps ? ', NULL operations (device-dax) exempt' : '';
      const order = test?.beforeAllocation === false ? ', after an allocation' : '';
      const result = `alloc_dax() returns ${gate.refusal} where the predicate is true`;
      return `${result}${ops}${order} (${at})`;
    }
  }
}

function predicateLines(audit: Audit): readonly string[] {
  const lines: string[] = [];
  const seen = new Set<string>();
  const byDefault = new Set<string>();
  for (const port of audit.ports) {
    const { predicate } = port.predicate;
    if (predicate.kind === 'absent') continue;
    if (predicate.kind === 'generic-false') {
      byDefault.add(port.arch);
      continue;
    }
    const text =
      predicate.kind === 'defined'
        ? `${formatPredicate(predicate.expr)}  ` +
          `(${predicate.definedAt.map(formatSource).join(', ')}; ` +
          `selected at ${predicate.selectedAt.map(formatSource).join(', ')})`
        : `not checked: ${predicate.why}`;
    if (seen.has(`${port.arch} ${text}`)) continue;
    seen.add(`${port.arch} ${text}`);
    lines.push(...labelled(`  ${port.arch}`, text));
  }
  if (byDefault.size > 0)
    lines.push(...labelled('  others', `false: ${[...byDefault].sort().join(', ')}`));
  if (lines.length > 0) return lines;
  return labelled('  predicate', 'this tree has none');
}

type Stub = NonNullable<Audit['allocDax']['stub']>;

function callerLines({ allocDax, kernel, exempt }: Audit): readonly string[] {
  const stub = allocDax.stub ? stubLines(allocDax.stub) : [];
  const callers = allocDax.callers.flatMap((caller, i) => {
    const tests = caller.tests.map((t) => `${t.kind} at ${t.line}`).join(', ') || 'no test';
    const ops = caller.nullOps ? 'NULL ops; ' : '';
    const { file, line } = caller.place;
    return labelled(
      i === 0 ? '  callers' : '',
      `${file}:${line} ${caller.function}(): ${ops}${tests}; ` +
        `${refusalText(caller, kernel.gate, whyExempt(exempt, caller))}`,
    );
  });
  return [...stub, ...callers];
}

function stubLines({ returns, place }: Stub): readonly string[] {
  const value = returns.kind === 'other' ? returns.text : returns.kind;
  return labelled('  DAX=n', `alloc_dax() returns ${value} (${place.file}:${place.line})`);
}

function gapLines(audit: Audit): readonly string[] {
  const judged = audit.ports.flatMap((p) => p.machines.map((m) => ({ port: p, ...m })));
  const count = (word: string, latent: boolean): number =>
    judged.filter(({ cell }) => cell.verdict.asIfBuilt === word && isLatent(cell) === latent)
      .length;
  const row = (label: string, word: string): readonly string[] =>
    labelled(
      `  ${label}`,
      `${count(word, false)} where FS_DAX can be built, ${count(word, true)} where it cannot`,
      20,
    );
  return [
    ...row('right, offered', 'on'),
    ...row('right, refused', 'off'),
    ...row('false denial', 'LOST'),
    ...row('false permission', 'STALE'),
    ...row('breaks', 'FAIL'),
    ...row('not checked', '?'),
    ...wrap(meetingText(audit), 2),
  ];
}

/** Whether FS_DAX=y meets a predicate that can be true, and where that is not known. */
function meetingText({ kernel, ports }: Audit): string {
  const unread = kernel.unreadPorts ?? [];
  const of = (kind: Port['predicate']['kind']): readonly string[] =>
    ports.filter((p) => p.predicate.predicate.kind === kind).map((p) => p.id);
  const open = [...of('not-checked'), ...unread].sort();
  const openText = open.length === 0 ? '' : `; not checked: ${open.join(', ')}`;
  if (ports.length > 0 && of('absent').length === ports.length) {
    return `This tree has no predicate that FS_DAX=y could meet${openText}.`;
  }
  const both = ports.filter(({ built, predicate: { predicate } }) => {
    return built.FS_DAX.value === 'y' && predicate.kind === 'defined' && canBeTrue(predicate.expr);
  });
  if (both.length > 0) {
    const ids = both.map((p) => p.id).join(', ');
    return `FS_DAX=y meets a predicate that can be true on ${ids}${openText}.`;
  }
  const total = ports.length + unread.length;
  const among =
    open.length === 0 ? `the ${total} ports` : `${total - open.length} of ${total} ports`;
  return `Among ${among} none has both FS_DAX=y and a predicate that can be true${openText}.`;
}

function isLatent(cell: { readonly belief?: { readonly buildable: Port['fsDaxWithoutList'] } }) {
  return cell.belief?.buildable.value !== 'y';
}

type Caller = Audit['allocDax']['callers'][number];

/** Why the call is not judged, where a protocol says so. */
function whyExempt(exempt: Audit['exempt'], { place }: Caller): string | undefined {
  return exempt.find(({ file, line }) => file === place.file && line === place.line)?.why;
}

// What the caller does with a refusal, and whether it can see one at all.
function refusalText(caller: Caller, gate: Gate, why: string | undefined): string {
  const { kind } = caller.onEopnotsupp;
  if (gate.runTime.value === 'none') return `-EOPNOTSUPP would be: ${kind}`;
  if (caller.nullOps && gate.exemptsNullOps) {
    return `never refused${why === undefined ? '' : `, exempt: ${why}`}`;
  }
  if (!mayBeRefused(caller)) return `-EOPNOTSUPP: ${kind} (its architecture never aliases)`;
  return `-EOPNOTSUPP: ${kind}`;
}

function onRecord({ profile }: AuditFindings): string {
  const { questions, recorded } = profile;
  return recorded === 0 ? '' : ` (${recorded} on record, ${questions - recorded} assumed)`;
}

function summaryLines(audit: AuditFindings, options: AuditTextOptions): readonly string[] {
  const { baseline } = options;
  const count = (reach: Finding['reach']): number =>
    audit.findings.filter((f) => f.reach === reach).length;
  const open = count('not-checked') > 0 ? `, ${count('not-checked')} not checked` : '';
  return [
    '',
    ...wrap(
      `${countText(audit.findings.length, 'finding')} (${count('reachable')} reachable, ` +
        `${count('latent')} latent${open}), ` +
        `${countText(audit.notChecked.length, 'place')} not checked.` +
        `${baseline ? baselineText(baseline, options.verbose) : ''}` +
        `${hintText(audit.findings, options)} ` +
        'Toolchain questions: ' +
        `${audit.profile.questions}, answered by the ${audit.profile.name} profile` +
        `${onRecord(audit)}, none run. ` +
        'Hardware: geometry of the catalogue, explored exhaustively (dachs explain CPU@KERNEL).',
    ),
  ];
}
