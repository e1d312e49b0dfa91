// A file about findings, of whatever form: which one it is, and a Problem that helps where it is
// none.

import { fail, type Problem, type Result } from '../../base/index.ts';
import { AUDIT_HINT } from '../findings-json.ts';
import { jsonFrom } from '../json.ts';
import { isObject } from './lenient.ts';
import { readRecord, recordForm } from './record.ts';
import { looksLikeSarif, readSarif } from './sarif.ts';
import type { AuditFile } from './shown.ts';

/** Reads a record of `dachs audit` or a SARIF log; `where` is the file's name. */
export function auditFileFrom(text: string, where: string): Result<AuditFile> {
  if (text.trim() === '') return fail({ what: 'the file is empty', where, hint: AUDIT_HINT });
  const json = jsonFrom(text.replace(/^\uFEFF/, ''), where, AUDIT_HINT);
  if (!json.ok) return fail({ ...json.problem, hint: hintOn(text, json.problem) });
  const { value } = json;
  if (!isObject(value)) {
    const what = `not an audit: the whole is ${kindOf(value)}, not an object`;
    return fail({ what, where, hint: AUDIT_HINT });
  }
  const { schema } = value;
  if (typeof schema === 'string') {
    const form = recordForm(schema);
    return form === undefined
      ? fail({ what: `not an audit: schema: it is '${schema}'`, where, hint: otherForm(schema) })
      : readRecord(value, form, where);
  }
  if (looksLikeSarif(value)) return readSarif(value, where);
  const what = "not an audit: it has neither 'schema' (of dachs) nor 'runs' (of SARIF)";
  return fail({ what, where, hint: AUDIT_HINT });
}

/** What a text that is no JSON may be instead. */
function hintOn(text: string, { what }: Problem): string {
  if (/^\s*[{[]/.test(text)) {
    return /end of|Unterminated|after (?:array|property)/i.test(what) && !/[}\]]\s*$/.test(text)
      ? 'the file ends in the middle: was it cut off while it was written or copied?'
      : AUDIT_HINT;
  }
  if (/^\S+:\d+:\d+: (?:error|warning|check|note): /m.test(text) || /^Linux \d/.test(text)) {
    return 'this is an audit as text; the page reads its record: add --json -o FILE.json';
  }
  return AUDIT_HINT;
}

function otherForm(schema: string): string {
  const name = /^dachs\/([\w-]+)$/.exec(schema)?.[1];
  return name === undefined ? AUDIT_HINT : `this is a record of another kind; ${AUDIT_HINT}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
