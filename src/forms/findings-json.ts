// The findings of a saved audit (`dachs audit --json`, of whatever kind), checked before they are
// shown.

import * as v from 'valibot';
import { type Finding, findingTypes } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { jsonFrom } from './json.ts';

/** Types that there are; a name of another is refused. */
export const findingType = v.picklist(findingTypes.map((t) => t.type));

const place = v.object({ file: v.string(), line: v.number(), col: v.number() });

/** The parts of a finding in a record, but for its type. */
export const findingParts = {
  level: v.picklist(['error', 'warning', 'check']),
  place,
  message: v.string(),
  reach: v.picklist(['reachable', 'latent', 'not-checked']),
  notes: v.array(v.object({ place: v.exactOptional(place), message: v.string() })),
  path: v.exactOptional(v.boolean()),
  function: v.exactOptional(v.nullable(v.string())),
  conditions: v.exactOptional(v.array(v.string())),
  machines: v.exactOptional(v.array(v.string())),
} as const;

const audit = v.object({
  schema: v.picklist(['dachs/audit', 'dachs/protocols', 'dachs/errptr', 'dachs/findings']),
  findings: v.array(
    v.pipe(
      v.object({ type: findingType, ...findingParts }),
      v.transform(({ function: name, ...finding }): Finding => {
        return { ...finding, ...(typeof name === 'string' ? { function: name } : {}) };
      }),
    ),
  ),
});

/** What to do about a file that is not an audit. */
export const AUDIT_HINT = 'write one with: dachs audit TREE --json -o FILE.json';

/** Reads the findings of an audit file; a Problem with the place where it is not one. */
export function findingsFromJson(text: string, where: string): Result<readonly Finding[]> {
  const json = jsonFrom(text, where, AUDIT_HINT);
  if (!json.ok) return json;
  const checked = v.safeParse(audit, json.value);
  if (checked.success) return ok(checked.output.findings);
  const [issue] = checked.issues;
  const part = v.getDotPath(issue) ?? 'the file';
  return fail({ what: `not an audit: ${part}: ${issue.message}`, where, hint: AUDIT_HINT });
}
