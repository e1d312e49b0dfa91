// Values of registers as C computes them, at a width, with and without a sign.

import { expect, test } from 'vitest';
import { valueIn } from '../ir/index.ts';
import type { Program, Value } from '../litmus/index.ts';
import { genericModel } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import { encode } from './names.ts';
import { valueExpr } from './values.ts';

const model = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
const a: Value = { op: 'register', register: 'a' };
const b: Value = { op: 'register', register: 'b' };

/** The raw bits of a value in registers a and b of a thread, whose width is three bits. */
function computed(value: Value, [inA, inB]: readonly [number, number], signed = false): number {
  const set = (register: string) => ({ kind: 'set', register, value: 0, says: '' }) as const;
  const program: Program = {
    name: 'T',
    title: '',
    about: '',
    lines: [],
    mappings: [],
    threads: [
      { name: 'P0', steps: [set('a'), set('b')] },
      { name: 'P1', steps: [set('a')] },
    ],
    question: { quantifier: 'exists', condition: { op: 'true' } },
    sources: [],
    valueBits: 3,
    ...(signed ? { signed } : {}),
  };
  const { names } = compileScenario(program, { model, remedy: 'none' });
  const state = names.fields.map(() => 0);
  const put = (register: string, raw: number) => {
    state[names.registers.get(register) ?? -1] = encode(raw, 3);
  };
  put('P0:a', inA);
  put('P0:b', inB);
  put('P1:a', 7);
  return valueIn(valueExpr(names, 'P0', value), state);
}

test('a register is that of its own thread', () => {
  expect(computed(a, [2, 0])).toBe(2);
});

test('sums wrap at the width', () => {
  expect(computed({ op: 'add', a, b }, [3, 2])).toBe(5);
  expect(computed({ op: 'add', a, b }, [7, 2])).toBe(1);
});

test('comparisons are 1 or 0', () => {
  expect(computed({ op: 'eq', a, b }, [5, 5])).toBe(1);
  expect(computed({ op: 'eq', a, b }, [5, 4])).toBe(0);
  expect(computed({ op: 'ne', a, b }, [5, 4])).toBe(1);
  expect(computed({ op: 'ne', a, b }, [4, 4])).toBe(0);
});

test('less than takes the sign bit for a sign where the program has error codes', () => {
  const less: Value = { op: 'lt', a, b };
  expect(computed(less, [1, 6])).toBe(1);
  expect(computed(less, [6, 1])).toBe(0);
  // -2 < 1, and 1 is not below -2.
  expect(computed(less, [-2, 1], true)).toBe(1);
  expect(computed(less, [1, -2], true)).toBe(0);
  expect(computed(less, [-4, -3], true)).toBe(1);
  expect(computed({ op: 'lt', a, b: 0 }, [-1, 0], true)).toBe(1);
  expect(computed({ op: 'lt', a: -1, b: a }, [0, 0], true)).toBe(1);
});

test('whatever is not 0 is true, and truth is 1', () => {
  expect(computed({ op: 'and', a, b }, [2, 4])).toBe(1);
  expect(computed({ op: 'and', a, b }, [2, 0])).toBe(0);
  expect(computed({ op: 'or', a, b }, [0, 4])).toBe(1);
  expect(computed({ op: 'or', a, b }, [0, 0])).toBe(0);
  expect(computed({ op: 'not', a }, [6, 0])).toBe(0);
  expect(computed({ op: 'not', a }, [0, 0])).toBe(1);
  // With a constant on the other side nothing but the register is left to ask.
  expect(computed({ op: 'and', a: 3, b }, [0, 4])).toBe(1);
  expect(computed({ op: 'and', a: 0, b }, [0, 4])).toBe(0);
  expect(computed({ op: 'or', a: 0, b }, [0, 4])).toBe(1);
  expect(computed({ op: 'or', a: 2, b }, [0, 0])).toBe(1);
});

test("negative numbers are two's complement, and what does not fit is our mistake", () => {
  expect(encode(-1, 3)).toBe(7);
  expect(encode(-4, 3)).toBe(4);
  expect(() => encode(8, 3)).toThrow('value 8 fits 3 bits');
  expect(() => encode(-5, 3)).toThrow('value -5 fits 3 bits');
});

test('a register that no step sets is our mistake, not 0', () => {
  expect(() => computed({ op: 'register', register: 'c' }, [0, 0])).toThrow('register P0:c');
});
