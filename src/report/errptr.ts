// An audit of error pointers, as text and as JSON.

import type { ErrptrAudit } from '../audit/index.ts';
import { findingRecord } from './audit-record.ts';
import type { AuditTextOptions } from './audit-lines.ts';
import { countText, findingLines } from './finding-text.ts';
import { form } from './records.ts';

/** The findings, then what was not checked, then the figures. */
export function errptrText(audit: ErrptrAudit, options: AuditTextOptions): string {
  const { files, functions, returning, callers, ambiguous, findings, notChecked } = audit;
  const lines = [
    ...findings.flatMap((finding) => findingLines(finding, options.verbose)),
    ...(options.verbose ? notChecked.map(notCheckedLine) : []),
    `${countText(files, 'file')} of C, ${countText(functions, 'function')}`,
    `${countText(returning, 'function')} may return an error pointer; ` +
      `${countText(callers, 'function')} use what they return`,
    countText(findings.length, 'finding'),
    `not checked: ${notCheckedText(notChecked.length)}, ` +
      `${countText(ambiguous, 'call')} of a name whose definitions disagree`,
  ];
  return `${lines.join('\n')}\n`;
}

function notCheckedText(count: number): string {
  return `${countText(count, 'function')} or files${count > 0 ? ' (-v lists them)' : ''}`;
}

function notCheckedLine(one: ErrptrAudit['notChecked'][number]): string {
  return `${one.file}:${one.line}: not checked: ${one.subject}: ${one.why}`;
}

/** The record of the audit. */
export function errptrRecord({ findings, notChecked, ...figures }: ErrptrAudit) {
  return form('errptr', { ...figures, findings: findings.map(findingRecord), notChecked });
}
