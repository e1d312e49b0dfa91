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
  let places = control.fields.map((_, place) => place);
  for (const place of [...places].reverse()) {
    const fewer = places.filter((other) => other !== place);
    if (isFunctionOf(points, fewer)) places = fewer;
  }
  return encoded(control, places, points);
}

type Point = { readonly digits: readonly number[]; readonly value: number };

function isFunctionOf(points: readonly Point[], places: readonly number[]): boolean {
  const seen = new Map<string, number>();
  return points.every(({ digits, value }) => {
    const key = places.map((place) => at(digits, place)).join();
    const before = seen.get(key);
    seen.set(key, value);
    return before === undefined || before === value;
  });
}

function encoded(
  control: Control,
  places: readonly number[],
  points: readonly Point[],
): Expr | undefined {
  let size = 1;
  let index: Expr | undefined;
  const strides = places.map((place) => {
    const stride = size;
    const radix = radixOf(control, place);
    size *= radix;
    const digit = fieldAt(at(control.fields, place));
    const multiples = Array.from({ length: radix }, (_, i) => i * stride);
    const part = stride === 1 ? digit : table(digit, multiples);
    index = index ? add(index, part, 32) : part;
    return stride;
  });
  if (size > maxEntries || index === undefined) return undefined;
  const values = Array.from({ length: size }, () => 0);
  for (const { digits, value } of points) {
    const slot = places.reduce((sum, place, i) => sum + at(digits, place) * at(strides, i), 0);
    values[slot] = value;
  }
  return table(index, values);
}

// The largest value that the field has at any node, plus one.
function radixOf(control: Control, place: number): number {
  return control.nodes.reduce((radix, { digits }) => Math.max(radix, at(digits, place) + 1), 0);
}
