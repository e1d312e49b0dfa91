// Functions of the control fields as expressions: sums of constant tables as a mixed-radix index
// into one more table.

import { at } from '../base/index.ts';
import { add, constant, type Expr, fieldAt, table } from '../ir/index.ts';
import type { Control } from './control.ts';

/** Entries beyond which a table is not built. */
export const maxEntries = 1 << 14;

/** The value that is wanted at a node; `undefined`: any will do. */
export type Wanted = (node: number) => number | undefined;

/**
 * An expression with the wanted value at each of `nodes`, over as few control fields as a greedy
 * search finds; `undefined`: the table would be too large.
 */
export function tableOver(
  control: Control,
  nodes: readonly number[],
  wanted: Wanted,
): Expr | undefined {
  const points = nodes.flatMap((node) => {
    const value = wanted(node);
    return value === undefined ? [] : [{ digits: at(control.nodes, node).digits, value }];
  });
  const first = points[0]?.value ?? 0;
  if (points.every(({ value }) => value === first)) return constant(first);
  const strides = stridesOf(control.radices);
  if (strides === undefined) return undefined;
  let keys = points.map(({ digits }) => sum(digits.map((digit, i) => digit * at(strides, i))));
  const places: number[] = [];
  for (let place = strides.length - 1; place >= 0; place--) {
    const stride = at(strides, place);
    const fewer = points.map(({ digits }, i) => at(keys, i) - at(digits, place) * stride);
    if (isFunctionOf(fewer, points)) keys = fewer;
    else places.unshift(place);
  }
  return encoded(control, places, points);
}

interface Point {
  readonly digits: readonly number[];
  readonly value: number;
}

/** Place values of a mixed-radix number; `undefined` where it would not be exact. */
function stridesOf(radices: readonly number[]): readonly number[] | undefined {
  let size = 1;
  const strides = radices.map((radix) => {
    const stride = size;
    size *= radix;
    return stride;
  });
  return Number.isSafeInteger(size) ? strides : undefined;
}

/** Whether points with equal keys want equal values. */
function isFunctionOf(keys: readonly number[], points: readonly Point[]): boolean {
  const seen = new Map<number, number>();
  for (let i = 0; i < keys.length; i++) {
    const { value } = at(points, i);
    const before = seen.get(at(keys, i));
    if (before === undefined) seen.set(at(keys, i), value);
    else if (before !== value) return false;
  }
  return true;
}

function encoded(
  { fields, radices }: Control,
  places: readonly number[],
  points: readonly Point[],
): Expr | undefined {
  const own = places.map((place) => at(radices, place));
  const size = own.reduce((product, radix) => product * radix, 1);
  const strides = stridesOf(own);
  if (size > maxEntries || strides === undefined) return undefined;
  const parts = places.map((place, i) => {
    const stride = at(strides, i);
    const digit = fieldAt(at(fields, place));
    const multiples = Array.from({ length: at(own, i) }, (_, value) => value * stride);
    return stride === 1 ? digit : table(digit, multiples);
  });
  const values = Array.from({ length: size }, () => 0);
  for (const { digits, value } of points) {
    values[sum(places.map((place, i) => at(digits, place) * at(strides, i)))] = value;
  }
  return table(
    parts.reduce((index, part) => add(index, part, 32)),
    values,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
