// A protocol of a kernel API, from JSON: checked before it is believed.

import * as v from 'valibot';
import type { Protocol } from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { jsonFrom } from './json.ts';

/** Version of the JSON form of a protocol; raised when a reader of the old form would go wrong. */
export const PROTOCOL_FORM = 1;

/** What to do about a file that is not a protocol. */
export const PROTOCOL_HINT = 'docs/protocols.md tells what stands in such a file';

const name = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'not the name of a C function'));
const argument = v.pipe(v.number(), v.integer(), v.minValue(1, 'arguments count from 1'));
const accepts = v.optional(v.array(v.picklist(['NULL', 'ERR_PTR'])), []);
const failure = v.pipe(
  v.array(v.picklist(['ERR_PTR', 'NULL', 'negative'])),
  v.minLength(1, 'no way to fail is named'),
);

const acquire = v.strictObject({
  function: name,
  arguments: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  object: v.optional(v.union([v.literal('return'), argument]), 'return'),
  member: v.exactOptional(name),
  failure,
  optional: v.optional(v.boolean(), false),
  survive: v.optional(
    v.array(
      v.strictObject({
        error: v.pipe(v.string(), v.regex(/^E[A-Z0-9]+$/, 'not the name of an error')),
        why: v.string(),
        needs: v.exactOptional(v.array(v.string())),
      }),
    ),
    [],
  ),
  exempt: v.optional(
    v.array(v.strictObject({ argument, is: v.literal('NULL'), why: v.string() })),
    [],
  ),
});

const register = v.strictObject({
  function: name,
  argument,
  key: v.exactOptional(argument),
  failure,
  needs: v.exactOptional(v.array(v.string())),
  undo: v.strictObject({
    function: name,
    argument: v.exactOptional(argument),
    key: v.exactOptional(argument),
    once: v.exactOptional(v.boolean()),
  }),
});

const release = v.strictObject({
  function: name,
  argument,
  accepts,
  after: v.optional(v.array(name), []),
  effect: v.optional(v.picklist(['ends', 'frees']), 'frees'),
});

const form = v.strictObject({
  schema: v.literal('dachs/protocol'),
  version: v.literal(PROTOCOL_FORM),
  name: v.pipe(v.string(), v.regex(/^[\w-]+$/, 'not letters, digits and hyphens alone')),
  title: v.string(),
  sources: v.optional(v.array(v.string()), []),
  acquire: v.pipe(v.array(acquire), v.minLength(1, 'no function that acquires is named')),
  use: v.optional(v.array(v.strictObject({ function: name, argument, accepts })), []),
  register: v.optional(v.array(register), []),
  release: v.optional(v.array(release), []),
  features: v.optional(v.array(v.strictObject({ name, why: v.string() })), []),
  otherCalls: v.optional(v.picklist(['borrow', 'take']), 'take'),
  callbacks: v.optional(
    v.array(v.strictObject({ member: v.string(), needs: v.array(v.string()) })),
    [],
  ),
  within: v.exactOptional(v.array(v.string())),
  fatalByIntent: v.optional(v.array(v.strictObject({ path: v.string(), why: v.string() })), []),
});

/** Reads the file form of a protocol; names the first part that is not as it must be. */
export function protocolFromJson(text: string, where: string): Result<Protocol> {
  const json = jsonFrom(text, where, PROTOCOL_HINT);
  if (!json.ok) return json;
  if (!isObject(json.value)) {
    return fail({ what: 'not a protocol: no object', where, hint: PROTOCOL_HINT });
  }
  const checked = v.safeParse(form, json.value);
  if (checked.success) {
    const { schema: _schema, version: _version, ...protocol } = checked.output;
    const fault = faultOf(protocol);
    return fault === undefined
      ? ok(protocol)
      : fail({ what: `not a protocol: ${fault}`, where, hint: PROTOCOL_HINT });
  }
  const [issue] = checked.issues;
  const place = v.getDotPath(issue) ?? 'the whole';
  const unknown = issue.type === 'strict_object' && issue.expected === 'never';
  const what = unknown ? 'there is no such field' : issue.message;
  return fail({ what: `not a protocol: ${place}: ${what}`, where, hint: PROTOCOL_HINT });
}

/** What the form allows and no protocol can mean; with the part of the file. */
function faultOf(protocol: Protocol): string | undefined {
  const { acquire, use, register, release } = protocol;
  const seen = new Map<string, string>();
  const parts = { acquire, use, register, release };
  for (const [part, rules] of Object.entries(parts)) {
    for (const [index, rule] of rules.entries()) {
      const count = 'arguments' in rule ? `/${rule.arguments}` : '';
      const before = seen.get(`${rule.function}${count}`);
      const here = `${part}.${index}.function`;
      if (before !== undefined) return `${here}: ${before} names ${rule.function} already`;
      seen.set(`${rule.function}${count}`, here);
    }
  }
  const undo = register.map((one) => one.undo.function);
  const known = new Set([...undo, ...release.map((one) => one.function)]);
  for (const [index, { after }] of release.entries()) {
    const stranger = after.find((one) => !known.has(one));
    if (stranger === undefined) continue;
    return `release.${index}.after: ${stranger} is no release, and undoes no registration`;
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
