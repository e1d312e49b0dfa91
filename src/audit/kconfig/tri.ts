// The three values of Kconfig's logic as numbers.

/** 0, 1, 2 for n, m, y: `and` is the minimum, `or` the maximum, `not` is 2 - x. */
export type Tri = 0 | 1 | 2;

/** The smaller value: `&&`. */
export function min(a: Tri, b: Tri): Tri {
  return a < b ? a : b;
}

/** The larger value: `||`. */
export function max(a: Tri, b: Tri): Tri {
  return a > b ? a : b;
}

/** A number of a typed array as a value; everything but 1 and 2 is n. */
export function toTri(value: number | undefined): Tri {
  return value === 2 ? 2 : value === 1 ? 1 : 0;
}

/** The letter of a value. */
export function triText(value: Tri): 'n' | 'm' | 'y' {
  return value === 0 ? 'n' : value === 1 ? 'm' : 'y';
}
