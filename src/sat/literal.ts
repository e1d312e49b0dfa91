// Literals as small integers: variable v is 2v where it holds and 2v + 1 where it does not, so that
// literals index arrays and negation is one bit.

/** A variable with a sign. */
export type Literal = number;

/** The literal that holds where the variable is true. */
export function positive(variable: number): Literal {
  return variable * 2;
}

/** The literal that holds where the given one does not. */
export function negate(literal: Literal): Literal {
  return literal ^ 1;
}

/** The variable of a literal. */
export function variableOf(literal: Literal): number {
  return literal >> 1;
}

/** True where the literal is a variable without negation. */
export function isPositive(literal: Literal): boolean {
  return (literal & 1) === 0;
}
