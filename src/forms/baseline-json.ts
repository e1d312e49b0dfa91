// Baselines (`dachs audit --write-baseline`), checked before anything is hidden by them.

import * as v from 'valibot';
import type { KnownFinding } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { findingType } from './findings-json.ts';
import { jsonFrom } from './json.ts';

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

/** What to do about a file that is not a baseline. */
export const BASELINE_HINT = 'write one with: dachs audit TREE --write-baseline FILE.json';

/** Reads the known findings of a baseline; a Problem with the place where it is not one. */
export function baselineFromJson(text: string, where: string): Result<readonly KnownFinding[]> {
  const json = jsonFrom(text, where, BASELINE_HINT);
  if (!json.ok) return json;
  const checked = v.safeParse(baseline, json.value);
  if (checked.success) return ok(checked.output.findings);
  const [issue] = checked.issues;
  const place = v.getDotPath(issue) ?? 'the file';
  return fail({ what: `not a baseline: ${place}: ${issue.message}`, where, hint: BASELINE_HINT });
}
