// The verdicts on litmus tests as KTAP, which the kernel's test tools read.
// @source Documentation/dev-tools/ktap.rst v6.12

import type { TestVerdict } from '../verdict/index.ts';
import { unexpectedLines } from './herd-text.ts';

/** One plan, one line a test; what is not as expected, and what was not checked, as diagnostics. */
export function ktapText(verdicts: readonly TestVerdict[]): string {
  const lines = ['KTAP version 1', `1..${verdicts.length}`];
  verdicts.forEach((verdict, i) => {
    for (const line of unexpectedLines(verdict)) lines.push(`# ${line}`);
    for (const why of new Set(verdict.notChecked.map((n) => n.why))) {
      lines.push(`# not checked: ${why}`);
    }
    lines.push(`${lineOf(verdict)} ${i + 1} ${verdict.name}${skipped(verdict)}`);
  });
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf(verdict: TestVerdict): string {
  return verdict.groups.some((g) => g.unexpected.length > 0) ? 'not ok' : 'ok';
}

function skipped(verdict: TestVerdict): string {
  const cutOff = verdict.groups.some((g) => g.outcome.observation === 'bound');
  if (verdict.groups.length === 0) return ' # SKIP not checked on any machine';
  return cutOff && lineOf(verdict) === 'ok' ? ' # SKIP a bound was reached' : '';
}
