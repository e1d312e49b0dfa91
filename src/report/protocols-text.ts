// An audit by protocols as text: findings, what was not checked, and what was looked at.

import type { AgainstBaseline, ProtocolAudit } from '../audit/index.ts';
import {
  type AuditTextOptions,
  baselineText,
  hintText,
  notCheckedLines,
  staleLines,
} from './audit-lines.ts';
import { countText, findingLines } from './finding-text.ts';
import { labelled, wrap } from './layout.ts';

/** Text of an audit by protocols. */
export function protocolsText(audit: ProtocolAudit, options: AuditTextOptions): string {
  const { baseline, verbose, terse } = options;
  const lines = [
    ...(terse ? [] : headLines(audit)),
    ...audit.findings.flatMap((finding) => findingLines(finding, verbose, false)),
    ...notCheckedLines(audit.notChecked),
    ...(verbose ? exemptLines(audit) : []),
    ...(verbose && baseline ? staleLines(baseline) : []),
    ...summaryLines(audit, options),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines({ release, tree, protocols, functions }: ProtocolAudit): readonly string[] {
  const rows = protocols.flatMap(({ name, title, files, calls }) =>
    labelled(
      `  ${name}`,
      `${title}: ${countText(calls, 'call')} in ${countText(files, 'file')}`,
      20,
    ),
  );
  return [
    `Linux ${release}: ${tree}`,
    '',
    `Paths of ${countText(functions, 'function')}, by the protocol`,
    ...rows,
    '',
  ];
}

function exemptLines({ exempt }: ProtocolAudit): readonly string[] {
  return exempt.map(
    ({ file, line, function: name, acquire, why }) =>
      `${file}:${line}: exempt: ${acquire}() in ${name}(): ${why}`,
  );
}

function summaryLines(audit: ProtocolAudit, options: AuditTextOptions): readonly string[] {
  const { findings, notChecked, exempt } = audit;
  const { baseline, verbose } = options;
  const known: AgainstBaseline | undefined = baseline;
  const calls = audit.protocols.reduce((sum, one) => sum + one.calls, 0);
  const none = calls === 0 ? ' Nothing was looked at: no file calls what acquires.' : '';
  const spared = exempt.length === 0 ? '' : `, ${countText(exempt.length, 'call')} exempt`;
  return [
    '',
    ...wrap(
      `${countText(findings.length, 'finding')}, ` +
        `${countText(notChecked.length, 'place')} not checked` +
        `${spared}.${none}${known ? baselineText(known, verbose) : ''}` +
        `${hintText(findings, options)} Reach not asked: whether a configuration builds what a ` +
        'finding is about.',
    ),
  ];
}
