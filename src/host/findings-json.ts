// The findings of a saved audit (`dachs audit --json`), checked before they are shown.

import * as v from 'valibot';
import { type Finding, findingTypes } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { reasonOf } from './reason.ts';
import { readTextFile } from './text-file.ts';

/** Types that there are; a name of another is refused. */
export const findingType = v.picklist(findingTypes.map((t) => t.type));

const place = v.object({ file: v.string(), line: v.number(), col: v.number() });

const audit = v.object({
  schema: v.literal('dachs/audit'),
  findings: v.array(
    v.pipe(
      v.object({
        type: findingType,
        level: v.picklist(['error', 'warning', 'check']),
        place,
        message: v.string(),
        reach: v.picklist(['reachable', 'latent', 'not-checked']),
        notes: v.array(v.object({ place: v.exactOptional(place), message: v.string() })),
        path: v.exactOptional(v.boolean()),
        function: v.exactOptional(v.nullable(v.string())),
        conditions: v.exactOptional(v.array(v.string())),
        machines: v.exactOptional(v.array(v.string())),
      }),
      v.transform(({ function: name, ...finding }): Finding => {
        return { ...finding, ...(typeof name === 'string' ? { function: name } : {}) };
      }),
    ),
  ),
});

/** Reads the findings of an audit file; a Problem with the place where it is not one. */
export function findingsFromFile(file: string): Result<readonly Finding[]> {
  const hint = 'write one with: dachs audit TREE --json -o FILE.json';
  const text = readTextFile(file, 'audit', hint);
  if (!text.ok) return text;
  let json: unknown;
  try {
    json = JSON.parse(text.value);
  } catch (error) {
    return fail({ what: `not JSON: ${reasonOf(error)}`, where: file, hint });
  }
  const checked = v.safeParse(audit, json);
  if (checked.success) return ok(checked.output.findings);
  const [issue] = checked.issues;
  const where = v.getDotPath(issue) ?? 'the file';
  return fail({ what: `not an audit: ${where}: ${issue.message}`, where: file, hint });
}
