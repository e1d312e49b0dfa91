// Baselines (`dachs audit --write-baseline`), checked before anything is hidden by them.

import * as v from 'valibot';
import type { KnownFinding } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { findingType } from './findings-json.ts';
import { reasonOf } from './reason.ts';
import { readTextFile } from './text-file.ts';

const entry = v.pipe(
  v.strictObject({
    type: findingType,
    file: v.string(),
    function: v.nullable(v.string()),
    message: v.string(),
    ordinal: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.transform(({ function: name, ...rest }): KnownFinding => {
    return { ...rest, ...(name === null ? {} : { function: name }) };
  }),
);

const baseline = v.strictObject({
  schema: v.literal('dachs/baseline'),
  version: v.literal(1),
  findings: v.array(entry),
});

/** Reads the known findings of a baseline; a Problem with the place where it is not one. */
export function baselineFromFile(file: string): Result<readonly KnownFinding[]> {
  const hint = 'write one with: dachs audit TREE --write-baseline FILE.json';
  if (file === '') return fail({ what: 'no baseline is named', hint });
  const text = readTextFile(file, 'baseline', hint);
  if (!text.ok) return text;
  let json: unknown;
  try {
    json = JSON.parse(text.value);
  } catch (error) {
    return fail({ what: `not JSON: ${reasonOf(error)}`, where: file, hint });
  }
  const checked = v.safeParse(baseline, json);
  if (checked.success) return ok(checked.output.findings);
  const [issue] = checked.issues;
  const where = v.getDotPath(issue) ?? 'the file';
  return fail({ what: `not a baseline: ${where}: ${issue.message}`, where: file, hint });
}
