// Rules that turn facts and verdicts of one tree into findings. They see records, never files.

import type { Finding } from './finding.ts';
import { codeFindings } from './findings-code.ts';
import { headerFindings } from './findings-header.ts';
import { policyFindings } from './findings-policy.ts';
import { placeOf } from './place.ts';
import type { AuditFacts } from './record.ts';

export { placeOf } from './place.ts';

/** All findings, sorted by place and type. */
export function findingsOf(facts: AuditFacts): readonly Finding[] {
  const all = [
    ...policyFindings(facts, 'FALSE_DENIAL'),
    ...policyFindings(facts, 'FALSE_PERMISSION'),
    ...listFindings(facts),
    ...headerFindings(facts),
    ...codeFindings(facts),
  ];
  return sorted(all);
}

/** Findings by place, type and message. */
export function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      compare(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.col - b.place.col ||
      compare(a.type, b.type) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function listFindings({ list, ports }: AuditFacts): readonly Finding[] {
  if (!list.list || list.differs.length > 0) return [];
  return [
    {
      type: 'LIST_WITHOUT_EFFECT',
      level: 'check',
      place: placeOf([list.list.source]),
      message:
        `${list.list.clause} changes the value of FS_DAX on none of the ${ports.length} ports ` +
        'that were read',
      reach: 'latent',
      notes: [],
    },
  ];
}
