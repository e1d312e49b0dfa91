// What a toolchain answered, from JSON: checked before it is believed.

import * as v from 'valibot';
import type { ToolchainRecord } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { jsonFrom } from './json.ts';

/** Version of the JSON form of a profile; raised when a reader of the old form would go wrong. */
export const PROFILE_FORM = 1;

const texts = v.record(v.string(), v.string());
const name = v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'not letters, digits, dots, hyphens alone'));

const profile: v.GenericSchema<unknown, ToolchainRecord> = v.strictObject({
  name,
  title: v.string(),
  fits: v.pipe(v.array(v.string()), v.minLength(1, 'no ARCH is named')),
  tools: v.array(
    v.strictObject({
      variable: v.string(),
      command: v.string(),
      version: v.string(),
      target: v.exactOptional(v.string()),
      package: v.exactOptional(v.string()),
    }),
  ),
  releases: v.array(v.string()),
  environment: texts,
  otherwise: v.picklist(['y', 'n']),
  answers: texts,
  exceptions: v.exactOptional(v.record(v.string(), texts)),
});

const profileFileSchema = v.strictObject({
  schema: v.literal('dachs/profile'),
  version: v.literal(PROFILE_FORM),
  profile,
});

/** The file form of a profile: a name for the form, its version, and the record. */
export interface ProfileFile {
  readonly schema: 'dachs/profile';
  readonly version: typeof PROFILE_FORM;
  readonly profile: ToolchainRecord;
}

/** Wraps a record for writing. */
export function profileFile(record: ToolchainRecord): ProfileFile {
  return { schema: 'dachs/profile', version: PROFILE_FORM, profile: record };
}

/** What to do about a file that is not a profile. */
export const PROFILE_HINT = 'write one with: dachs kconfig TREE --arch ARCH --probe -o FILE.json';

/** Reads the file form; names the first part that is not as it must be. */
export function profileFromJson(text: string, where: string): Result<ToolchainRecord> {
  const json = jsonFrom(text, where, PROFILE_HINT);
  if (!json.ok) return json;
  const checked = v.safeParse(profileFileSchema, json.value);
  if (checked.success) return ok(checked.output.profile);
  const [issue] = checked.issues;
  const place = v.getDotPath(issue) ?? 'the file';
  const unknown = issue.type === 'strict_object' && issue.expected === 'never';
  const what = unknown ? 'there is no such field' : issue.message;
  return fail({ what: `not a toolchain profile: ${place}: ${what}`, where, hint: PROFILE_HINT });
}
