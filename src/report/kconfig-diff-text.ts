// What can be built in one tree and not in another, for people.

import type { BuildDiff, BuildDifference, DiffLink } from '../audit/index.ts';
import { labelled, wrap } from './layout.ts';
import { form } from './records.ts';

/** The differences, those with one reason together. */
export function buildDiffText(diff: BuildDiff): string {
  const [before, after] = diff.trees;
  const lines = [
    ...labelled('before', `Linux ${before.release}: ${before.name}`, 8),
    ...labelled('after', `Linux ${after.release}: ${after.name}`, 8),
    '',
  ];
  const groups = new Map<string, BuildDifference[]>();
  for (const one of diff.differences) {
    const key = JSON.stringify([one.symbol, one.before, one.after, one.reason]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) lines.push(...groupLines(group));
  const asked = diff.symbols.length * diff.architectures.length;
  lines.push(
    `${diff.symbols.length} symbols on ${diff.architectures.length} architectures: ` +
      `${diff.differences.length} of ${asked} pairs differ`,
    ...diff.notChecked.flatMap(({ arch, why }) => wrap(`not checked: ${arch}: ${why}`, 0, 2)),
  );
  return `${lines.join('\n')}\n`;
}

function groupLines(group: readonly BuildDifference[]): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { symbol, before, after, reason } = first;
  const names = group.map(({ arch }) => arch).join(', ');
  const where = before === 'no' ? 'before' : 'after';
  const marked = reason.some(({ differs }) => differs);
  const other = where === 'before' ? 'after' : 'before';
  return [
    ...wrap(`${symbol}: ${before} -> ${after} on ${names}`, 0, 2),
    ...(reason.length === 0 ? [] : [`  ${where}:`]),
    ...reason.flatMap(linkLines),
    ...(marked ? [`  *: ${other} does not say so`] : []),
    '',
  ];
}

function linkLines({ symbol, text, file, line, depth, differs }: DiffLink): readonly string[] {
  const start = 4 + 2 * Math.min(depth, 12);
  const lines = wrap(`${symbol} ${text} (${file}:${line})`, start, start + 4);
  const [first = '', ...rest] = lines;
  return [differs ? `${first.slice(0, start - 2)}* ${first.slice(start)}` : first, ...rest];
}

/** The differences as JSON. */
export function buildDiffRecord({
  trees,
  symbols,
  architectures,
  differences,
  notChecked,
}: BuildDiff) {
  return form('kconfig-diff', { trees, symbols, architectures, differences, notChecked });
}
