// Files that an earlier audit wrote: its findings, and baselines.

import type { Finding, KnownFinding } from '../audit/index.ts';
import { fail, type Result } from '../base/index.ts';
import { AUDIT_HINT, BASELINE_HINT, baselineFromJson, findingsFromJson } from '../forms/index.ts';
import { readTextFile } from './text-file.ts';

/** Reads the findings of an audit file; a Problem with the place where it is not one. */
export function findingsFromFile(file: string): Result<readonly Finding[]> {
  const text = readTextFile(file, 'audit', AUDIT_HINT);
  return text.ok ? findingsFromJson(text.value, file) : text;
}

/** Reads the known findings of a baseline; a Problem with the place where it is not one. */
export function baselineFromFile(file: string): Result<readonly KnownFinding[]> {
  if (file === '') return fail({ what: 'no baseline is named', hint: BASELINE_HINT });
  const text = readTextFile(file, 'baseline', BASELINE_HINT);
  return text.ok ? baselineFromJson(text.value, file) : text;
}
