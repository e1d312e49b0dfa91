// Numbers and character constants of C as values.

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['t', 9],
  ['r', 13],
  ['a', 7],
  ['b', 8],
  ['e', 27],
  ['f', 12],
  ['v', 11],
]);

/** Value of an integer constant; undefined for others, and where it is too large to be exact. */
export function integerOf(text: string): number | undefined {
  // To the grammar a sign may belong to the number.
  const [, sign, digits] = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  if (!Number.isSafeInteger(value)) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}

/** Value of a character constant such as `'a'`; undefined where it holds more than one. */
export function characterOf(text: string): number | undefined {
  const inner = /^[LuU]?'([^]*)'$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  if (!inner.startsWith('\\'))
    return Array.from(inner).length === 1 ? inner.codePointAt(0) : undefined;
  const code = inner.slice(1);
  if (/^x[\da-fA-F]+$/.test(code)) return Number.parseInt(code.slice(1), 16);
  if (/^[0-7]{1,3}$/.test(code)) return Number.parseInt(code, 8);
  return ESCAPES.get(code) ?? (code.length === 1 ? code.charCodeAt(0) : undefined);
}
