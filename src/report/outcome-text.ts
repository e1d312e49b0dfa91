// Outcomes of operations for people.

import {
  argumentsOf,
  type AskedArgument,
  OPERATIONS,
  type Operations,
  type Outcome,
  usageText,
} from '../user/index.ts';

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
  return Object.keys(operations)
    .toSorted()
    .map((name) => `${usageText(name)}\n    ${operations[name]?.says ?? ''}\n`)
    .join('');
}

/** All there is to say of one operation; undefined where there is none of this name. */
export function operationHelp(name: string): string | undefined {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) return undefined;
  const rows = argumentsOf(name).map((one) => `  ${one.name.padEnd(10)} ${argumentText(one)}`);
  return [usageText(name), `    ${operation.says}`, ...rows].map((row) => `${row}\n`).join('');
}

function argumentText({ kind, known, optional }: AskedArgument): string {
  const what = kind === 'words' ? `of ${known.join(',')}: any, with commas` : WORDS[kind];
  const oneOf = kind === 'word' ? `one of ${known.join(', ')}` : what;
  return optional ? `${oneOf} (may be left out)` : oneOf;
}

const WORDS: Readonly<Record<AskedArgument['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  list: 'the rest of the line',
  words: '',
  word: '',
  byte: 'a character, or xHH',
};
