// What every form of `dachs audit` shares: which findings are asked for, what a baseline hides, in
// which form the rest is written, and the exit status.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, never, ok, type Result } from '../../base/index.ts';
import {
  type AgainstBaseline,
  type Finding,
  type FindingType,
  findingTypes,
  heldAgainst,
  type HeldFinding,
  knownBy,
  type KnownFinding,
  type NotChecked,
} from '../../audit/index.ts';
import { baselineFromFile } from '../../host/index.ts';
import { baselineRecord, type SarifContext } from '../../report/index.ts';
import { writeAnswer } from '../output.ts';
import { unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { packageVersion } from '../version.ts';

/**
 * Options of `dachs audit` as they were typed; `types`, `ignore` and `protocol` are comma
 * separated.
 */
export interface AuditOptions {
  readonly json?: boolean;
  readonly format?: 'text' | 'json' | 'sarif';
  readonly facts?: boolean;
  readonly id?: string;
  readonly types?: string;
  readonly ignore?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly protocol?: string;
  readonly errptr?: boolean;
  readonly jobs?: string;
  readonly profile?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly terse?: boolean;
}

/** What was asked of the findings, checked. */
export interface Asked {
  readonly path: string;
  readonly keep: (type: FindingType) => boolean;
  readonly baseline: Baseline | undefined;
}

interface Baseline {
  readonly file: string;
  readonly known: readonly KnownFinding[];
}

/** What an audit gives, of whatever kind it is. */
export interface Audited {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
}

/** What a baseline made of the findings; `held` are all of them, the known ones too. */
export interface Hidden {
  readonly hidden: AgainstBaseline;
  readonly held: readonly HeldFinding[];
}

/** How one kind of audit is written, form by form. */
export interface Writers<T extends Audited> {
  readonly text: (audit: T, hidden?: AgainstBaseline) => string;
  readonly json: (audit: T, hidden?: AgainstBaseline) => unknown;
  readonly sarif: (audit: T, context: SarifContext) => unknown;
  /** Exit status of an audit in which nothing is left to tell; absent: as expected. */
  readonly idle?: number;
}

/** Checks the options that say which findings are told, and how. */
export function askedOf(path: string, options: AuditOptions): Result<Asked> {
  const idle = options.facts ? undefined : idleForm(options);
  if (idle) return idle;
  const keep = typeFilter(options);
  if (!keep.ok) return keep;
  const baseline = baselineTyped(options);
  return baseline.ok ? ok({ path, keep: keep.value, baseline: baseline.value }) : baseline;
}

function idleForm(options: AuditOptions): Result<never> | undefined {
  if (options.json && options.format !== undefined && options.format !== 'json') {
    return fail({ what: `--json and --format ${options.format}`, hint: 'leave one out' });
  }
  const form = formOf(options);
  return form === 'text' ? undefined : unused(options, ['terse', 'verbose'], `the form ${form}`);
}

/** The answer; without a baseline to read, one that is written counts as read. */
export function answerOf<T extends Audited>(
  whole: T,
  options: AuditOptions,
  asked: Asked,
  writers: Writers<T>,
): Result<Answer> {
  const { writeBaseline } = options;
  const audit = { ...whole, findings: whole.findings.filter(({ type }) => asked.keep(type)) };
  let { baseline } = asked;
  if (writeBaseline !== undefined) {
    const known = knownBy(audit.findings);
    const text = jsonText(baselineRecord(known));
    const written = writeAnswer(text, writeBaseline, '--write-baseline');
    if (!written.ok) return written;
    baseline ??= { file: writeBaseline, known };
  }
  if (!baseline) {
    return ok({ text: textOf(audit, options, asked.path, writers), exit: exitOf(audit, writers) });
  }
  const { file, known } = baseline;
  // Of types that were not asked for nothing is known to be gone.
  const held = heldAgainst(
    audit.findings,
    known.filter(({ type }) => asked.keep(type)),
  );
  const left = held.findings.filter((one) => !one.known).map(({ finding }) => finding);
  const shown = { ...audit, findings: left };
  const hidden = { file, known: audit.findings.length - left.length, stale: held.stale };
  const text = textOf(shown, options, asked.path, writers, { hidden, held: held.findings });
  return ok({ text, exit: exitOf(shown, writers) });
}

function textOf<T extends Audited>(
  audit: T,
  options: AuditOptions,
  path: string,
  writers: Writers<T>,
  known?: Hidden,
): string {
  const form = formOf(options);
  switch (form) {
    case 'json':
      return jsonText(writers.json(audit, known?.hidden));
    case 'sarif':
      return jsonText(
        writers.sarif(audit, {
          version: packageVersion(),
          root: pathToFileURL(`${resolve(path)}/`).href,
          ...(known ? { held: known.held } : {}),
        }),
      );
    case 'text':
      return writers.text(audit, known?.hidden);
    default:
      return never(form, 'form');
  }
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
function exitOf<T extends Audited>(audit: T, { idle }: Writers<T>): number {
  if (audit.findings.length > 0) return EXIT.findings;
  return audit.notChecked.length > 0 ? EXIT.bound : (idle ?? EXIT.asExpected);
}
