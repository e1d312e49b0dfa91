// Random formulas for the tests of the solver, and plain enumeration to judge its answers.

import { isPositive, negate, positive, variableOf } from '../src/sat/index.ts';
import type { Formula, Literal } from '../src/sat/index.ts';

/** A generator of numbers below a limit; the same seed gives the same numbers. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed % 0x7fffffff;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}

/** Clauses of three different variables each; hardest at about 4.26 clauses a variable. */
export function randomThreeSat(seed: number, variables: number, clauses: number): Formula {
  const below = numbers(seed);
  const list: Literal[][] = [];
  while (list.length < clauses) {
    const clause = new Map<number, Literal>();
    while (clause.size < 3) {
      const literal = below(variables * 2);
      clause.set(variableOf(literal), literal);
    }
    list.push([...clause.values()]);
  }
  return { variables, clauses: list };
}

/** `holes` + 1 pigeons in so many holes, one each: no solution, and no short proof of it. */
export function pigeons(holes: number): Formula {
  const sits = (pigeon: number, hole: number): Literal => positive(pigeon * holes + hole);
  const clauses: Literal[][] = [];
  const all = Array.from({ length: holes }, (_, hole) => hole);
  for (let pigeon = 0; pigeon <= holes; pigeon += 1) {
    clauses.push(all.map((hole) => sits(pigeon, hole)));
    for (let other = 0; other < pigeon; other += 1) {
      for (const hole of all) clauses.push([negate(sits(pigeon, hole)), negate(sits(other, hole))]);
    }
  }
  return { variables: (holes + 1) * holes, clauses };
}

/** Whether any assignment satisfies the formula, by trying all of them. */
export function enumerate(formula: Formula): boolean {
  for (let bits = 0; bits < 2 ** formula.variables; bits += 1) {
    const holds = (literal: Literal): boolean =>
      (((bits >> variableOf(literal)) & 1) === 1) === isPositive(literal);
    if (formula.clauses.every((clause) => clause.some(holds))) return true;
  }
  return false;
}
