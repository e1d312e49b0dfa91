// Numbers as they are written: decimal, hexadecimal, or the name of an error.

import { ERRNO } from '../kernel/index.ts';
import type { Constant } from './ast.ts';
import { suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';

/** The largest number; values have 16 bits at most. */
export const MAX_VALUE = 0x7fff;

/** The value of a constant; 0 where a problem was noted. */
export function constantValue(constant: Constant, reporter: Reporter): number {
  const { text, negative } = constant;
  const read = text.startsWith('E') ? errnoValue : numberValue;
  const value = read(constant, reporter);
  return negative && value !== 0 ? -value : value;
}

function errnoValue(constant: Constant, reporter: Reporter): number {
  const value = Object.hasOwn(ERRNO, constant.text) ? ERRNO[constant.text] : undefined;
  if (value !== undefined) return value;
  const hint = suggestion(constant.text, Object.keys(ERRNO), 'error numbers');
  reporter.add(constant, `there is no error number '${constant.text}'`, hint);
  return 0;
}

function numberValue(constant: Constant, reporter: Reporter): number {
  const { text } = constant;
  if (!/^(?:0[xX][0-9a-fA-F]{1,8}|0|[1-9]\d{0,8})$/.test(text)) {
    const hint = 'numbers are decimal (10) or hexadecimal (0xa)';
    reporter.add(constant, `'${shorten(text)}' is no number`, hint);
    return 0;
  }
  const value = Number(text);
  if (value > MAX_VALUE) {
    const hint = 'values have 16 bits; a small number tells as much';
    reporter.add(constant, `${shorten(text)} is more than ${MAX_VALUE}`, hint);
    return 0;
  }
  return value;
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 21)}...` : text;
}
