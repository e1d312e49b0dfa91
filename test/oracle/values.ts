// Values as C has them: whole numbers that wrap at a width, with or without a sign.

import type { Program, Value } from '../../src/litmus/index.ts';

type Registers = Readonly<Record<string, number>>;

/** `value` in the width of the program: the number of that range it is equal to modulo 2^bits. */
export function wrapped({ valueBits = 2, signed }: Program, value: number): number {
  const range = 2 ** valueBits;
  const least = signed ? -range / 2 : 0;
  return least + ((((value - least) % range) + range) % range);
}

/** What an expression is worth in the registers of a thread. */
export function valueOf(
  program: Program,
  registers: Registers,
  thread: string,
  value: Value,
): number {
  if (typeof value === 'number') return wrapped(program, value);
  const of = (part: Value): number => valueOf(program, registers, thread, part);
  // Truth is 1; in a signed width of two bits it still is, so no wrapping is needed.
  switch (value.op) {
    case 'register':
      return registers[`${thread}:${value.register}`] ?? Number.NaN;
    case 'add':
      return wrapped(program, of(value.a) + of(value.b));
    case 'eq':
      return Number(of(value.a) === of(value.b));
    case 'ne':
      return Number(of(value.a) !== of(value.b));
    case 'lt':
      return Number(of(value.a) < of(value.b));
    case 'and':
      return Number(of(value.a) !== 0 && of(value.b) !== 0);
    case 'or':
      return Number(of(value.a) !== 0 || of(value.b) !== 0);
    case 'not':
      return Number(of(value.a) === 0);
  }
}

/** Whether a condition holds. */
export function truthOf(
  program: Program,
  registers: Registers,
  thread: string,
  condition: Value,
): boolean {
  return valueOf(program, registers, thread, condition) !== 0;
}
