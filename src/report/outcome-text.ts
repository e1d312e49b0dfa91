// Outcomes of operations for people.

import type { Operations, Outcome } from '../user/index.ts';

/** Keys whose values are texts of several lines, printed as they are. */
const TEXTS: ReadonlySet<string> = new Set(['stdout', 'stderr', 'lines', 'value']);

/** One line with the plain values, `rc` first, then the texts: `rc 16 data A*16`. */
export function outcomeText(outcome: Outcome): string {
  const { rc, errno, ...others } = outcome;
  const words = [
    ...(rc === undefined ? [] : [`rc ${String(rc)}`]),
    ...(errno === undefined ? [] : [String(errno)]),
    ...Object.entries(others)
      .filter(([key]) => !TEXTS.has(key))
      .map(([key, value]) => `${key} ${String(value)}`),
  ];
  const texts = Object.entries(others)
    .filter(([key]) => TEXTS.has(key))
    .map(([, value]) => String(value));
  return [...(words.length > 0 ? [words.join(' ')] : []), ...texts]
    .map((line) => `${line}\n`)
    .join('');
}

/** The operations with their arguments and what they do, by name. */
export function operationsText(operations: Operations): string {
  const rows = Object.entries(operations).map(([name, { usage, says }]) => ({
    head: usage === '' ? name : `${name} ${usage}`,
    says,
  }));
  return rows
    .toSorted((a, b) => (a.head < b.head ? -1 : 1))
    .map(({ head, says }) => `${head}\n    ${says}\n`)
    .join('');
}
