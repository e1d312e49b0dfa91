// Values of registers and cells as they are shown: signed where the program has error codes.

import type { Names } from '../scenario/index.ts';

/** The raw bits of a register or cell as a decimal number. */
export function valueText(names: Names, raw: number): string {
  return String(signedValue(names, raw));
}

/** The number that the raw bits of a register or cell stand for. */
export function signedValue(names: Names, raw: number): number {
  if (names.values) return names.values[raw] ?? raw;
  const negative = names.program.signed === true && raw >= 2 ** (names.valueBits - 1);
  return negative ? raw - 2 ** names.valueBits : raw;
}
