// dachs audit: facts and findings of one kernel tree.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, never, ok, type Result } from '../../base/index.ts';
import {
  type AgainstBaseline,
  type Audit,
  auditTree,
  type FindingType,
  findingTypes,
  heldAgainst,
  type HeldFinding,
  knownBy,
  type KnownFinding,
} from '../../audit/index.ts';
import {
  baselineFromFile,
  builtInProtocols,
  kernelFile,
  loadCSyntax,
  openProgress,
  openTree,
  type ProfileChoice,
  profileFamilies,
  profileForAll,
  profileNames,
  startCPart,
} from '../../host/index.ts';
import { auditRecord, auditText, baselineRecord, sarifLog } from '../../report/index.ts';
import { EXIT, jsonText, writeAnswer } from '../output.ts';
import { unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { auditErrptrCommand } from './audit-errptr.ts';
import { packageVersion } from '../version.ts';
import type { Answer } from './answer.ts';

/** Options of `dachs audit` as they were typed; `types` and `ignore` are comma separated. */
export interface AuditOptions {
  readonly json?: boolean;
  readonly format?: 'text' | 'json' | 'sarif';
  readonly facts?: boolean;
  readonly errptr?: boolean;
  readonly jobs?: string;
  readonly id?: string;
  readonly types?: string;
  readonly ignore?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly profile: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly terse?: boolean;
}

/** Audits the tree at `path`; exit 1 where findings remain that were asked for and not known. */
export async function auditCommand(path: string, options: AuditOptions): Promise<Result<Answer>> {
  if (path === '') return fail({ what: 'no tree is named', hint: 'dachs audit TREE' });
  if (options.id !== undefined && !/^[\w.-]+$/.test(options.id)) {
    return fail({
      what: `--id ${options.id} is no name`,
      hint: 'use letters, digits, dots, hyphens and underscores',
    });
  }
  const idle = idleOption(options);
  if (idle) return idle;
  const keep = typeFilter(options);
  if (!keep.ok) return keep;
  if (options.errptr)
    return auditErrptrCommand(path, { ...options, json: formOf(options) === 'json' }, keep.value);
  const baseline = baselineTyped(options);
  if (!baseline.ok) return baseline;
  const profile = profilesTyped(options.profile);
  if (!profile.ok) return profile;
  const protocols = builtInProtocols();
  if (!protocols.ok) return protocols;
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const progress = openProgress(options.quiet ?? false);
  // The C is read in a thread while the Kconfig is.
  const beside = startCPart(path);
  try {
    const audit = await auditTree(tree.value, await loadCSyntax(), {
      ...profile.value,
      protocols: protocols.value,
      ...(beside ? { cPart: beside.part } : {}),
      progress: progress.step,
      ...(options.id === undefined ? {} : { id: options.id }),
    });
    if (!audit.ok) return audit;
    if (options.facts) {
      return ok({ text: jsonText(kernelFile(audit.value.kernel)), exit: EXIT.asExpected });
    }
    const findings = audit.value.findings.filter(({ type }) => keep.value(type));
    return answer({ ...audit.value, findings }, options, { path, keep: keep.value, baseline });
  } finally {
    progress.stop();
    await beside?.stop();
  }
}

function idleOption(options: AuditOptions): Result<never> | undefined {
  if (options.errptr) {
    const idle = unused(options, ['facts', 'id', 'baseline', 'writeBaseline'], '--errptr');
    if (idle) return idle;
    if (options.format === 'sarif') {
      return fail({ what: '--errptr has no form sarif', hint: 'use --json' });
    }
  } else if (options.jobs !== undefined) return unused(options, ['jobs'], 'no --errptr');
  if (options.facts) {
    return unused(options, ['format', 'baseline', 'writeBaseline'], '--facts');
  }
  if (options.json && options.format !== undefined && options.format !== 'json') {
    return fail({ what: `--json and --format ${options.format}`, hint: 'leave one out' });
  }
  const form = formOf(options);
  return form === 'text' ? undefined : unused(options, ['terse', 'verbose'], `the form ${form}`);
}

function formOf({ json, format }: AuditOptions): 'text' | 'json' | 'sarif' {
  return json ? 'json' : (format ?? 'text');
}

function baselineTyped({ baseline, writeBaseline }: AuditOptions): Result<Baseline | undefined> {
  if (writeBaseline === '') {
    return fail({ what: 'no baseline is named', hint: 'give --write-baseline a path' });
  }
  if (baseline === undefined) return ok(undefined);
  const read = baselineFromFile(baseline);
  return read.ok ? ok({ file: baseline, known: read.value }) : read;
}

interface Baseline {
  readonly file: string;
  readonly known: readonly KnownFinding[];
}

interface Asked {
  readonly path: string;
  readonly keep: (type: FindingType) => boolean;
  readonly baseline: { readonly value: Baseline | undefined };
}

/** The answer; without a baseline to read, one that is written counts as read. */
function answer(audit: Audit, options: AuditOptions, asked: Asked): Result<Answer> {
  const { writeBaseline } = options;
  let baseline = asked.baseline.value;
  if (writeBaseline !== undefined) {
    const known = knownBy(audit.findings);
    const text = jsonText(baselineRecord(known));
    const written = writeAnswer(text, writeBaseline, '--write-baseline');
    if (!written.ok) return written;
    baseline ??= { file: writeBaseline, known };
  }
  if (!baseline) return ok({ text: textOf(audit, options, asked.path), exit: exitOf(audit) });
  const { file, known } = baseline;
  // Of types that were not asked for nothing is known to be gone.
  const held = heldAgainst(
    audit.findings,
    known.filter(({ type }) => asked.keep(type)),
  );
  const left = held.findings.filter((one) => !one.known).map(({ finding }) => finding);
  const shown = { ...audit, findings: left };
  const hidden = { file, known: audit.findings.length - left.length, stale: held.stale };
  const text = textOf(shown, options, asked.path, { hidden, held: held.findings });
  return ok({ text, exit: exitOf(shown) });
}

interface Hidden {
  readonly hidden: AgainstBaseline;
  readonly held: readonly HeldFinding[];
}

function textOf(audit: Audit, options: AuditOptions, path: string, known?: Hidden): string {
  const form = formOf(options);
  switch (form) {
    case 'json':
      return jsonText(auditRecord(audit, known?.hidden));
    case 'sarif':
      return jsonText(
        sarifLog(audit, {
          version: packageVersion(),
          root: pathToFileURL(`${resolve(path)}/`).href,
          ...(known ? { held: known.held } : {}),
        }),
      );
    case 'text':
      return auditText(audit, {
        verbose: options.verbose ?? false,
        terse: options.terse ?? false,
        ...(known ? { baseline: known.hidden } : {}),
      });
    default:
      return never(form, 'form');
  }
}

function profilesTyped(typed: string): Result<ProfileChoice> {
  const known = [...profileFamilies(), ...profileNames()];
  const words = typed.split(',').map((word) => word.trim());
  const stranger = words.find(
    (word) => !word.includes('/') && !word.endsWith('.json') && !known.includes(word),
  );
  return stranger === undefined ? profileForAll(typed) : unknown('profile', stranger, known);
}

function typeFilter(options: AuditOptions): Result<(type: FindingType) => boolean> {
  const wanted = typesTyped(options.types);
  if (!wanted.ok) return wanted;
  const ignored = typesTyped(options.ignore);
  if (!ignored.ok) return ignored;
  return ok(
    (type) =>
      (wanted.value === undefined || wanted.value.includes(type)) &&
      !(ignored.value ?? []).includes(type),
  );
}

/** The types that were typed, `*` standing for any letters; undefined where none were. */
function typesTyped(typed: string | undefined): Result<readonly FindingType[] | undefined> {
  if (typed === undefined) return ok(undefined);
  const known = findingTypes.map((t) => t.type);
  const words = typed.split(',').flatMap((word) => word.trim() || []);
  if (words.length === 0) {
    return fail({ what: 'no finding type is named', hint: 'dachs list types' });
  }
  const types: FindingType[] = [];
  for (const word of words) {
    const matching = known.filter((type) => isLike(type, word));
    if (matching.length === 0) return unknown('finding type', word, known);
    types.push(...matching);
  }
  return ok(types);
}

// The parts between the stars stand in the name in their order, each as early as it can.
function isLike(type: string, word: string): boolean {
  const [first = '', ...parts] = word.split('*');
  const last = parts.pop();
  if (last === undefined) return type === word;
  if (!type.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const found = type.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return type.length - last.length >= from && type.endsWith(last);
}

// Findings come first; without any, a part that was not checked is still not a pass.
function exitOf({ findings, notChecked }: Pick<Audit, 'findings' | 'notChecked'>): number {
  if (findings.length > 0) return EXIT.findings;
  return notChecked.length > 0 ? EXIT.bound : EXIT.asExpected;
}
