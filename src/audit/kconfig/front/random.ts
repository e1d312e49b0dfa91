// Where the chance of a random configuration comes from.
// @source scripts/kconfig/conf.c set_randconfig_seed(), conf_set_all_new_symbols() v6.1, v6.12

import { evenChances } from '../conf/modes.ts';
import type { Probability } from '../conf/modes.ts';
import type { ConfHost } from './host.ts';

/** The seed of KCONFIG_SEED; another one each time where it gives none. */
export function seedOf({ environment, chance }: ConfHost): number {
  const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(
    environment['KCONFIG_SEED'] ?? '',
  );
  if (match === null) return chance() >>> 0;
  const [, sign, digits = '0'] = match;
  const isOctal = /^0[0-7]/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return Number(BigInt.asUintN(32, sign === '-' ? -value : value));
}

/** The chances of KCONFIG_PROBABILITY, one to three numbers; undefined where they are none. */
export function probabilityOf(text: string): Probability | undefined {
  const numbers: number[] = [];
  let rest = text;
  while (rest !== '' && numbers.length < 3) {
    const match = /^[ \t\n\v\f\r]*[+-]?[0-9]+/.exec(rest);
    const value = match === null ? 0 : Number(match[0]);
    // conf would read the same text for ever.
    if (match === null || value < 0 || value > 100) return undefined;
    numbers.push(value);
    rest = rest.slice(match[0].length);
    if (rest.startsWith(':')) rest = rest.slice(1);
  }
  const [first = 0, second = 0, third = 0] = numbers;
  const half = Math.trunc(first / 2);
  const chances: readonly Probability[] = [
    evenChances,
    { boolY: first, triY: first - half, triM: half },
    { boolY: first + second, triY: first, triM: second },
    { boolY: first, triY: second, triM: third },
  ];
  const chosen = chances[numbers.length] ?? evenChances;
  return chosen.triY + chosen.triM > 100 ? undefined : chosen;
}
