// The text form of a formula that all solvers read and write: `p cnf VARIABLES CLAUSES`, then
// clauses of signed numbers, each ended by 0. Variable 0 here is 1 there.
// @source DIMACS, "Satisfiability: Suggested Format", 1993

import { fail, ok } from '../base/index.ts';
import type { Problem, Result } from '../base/index.ts';
import { isPositive, negate, positive, variableOf } from './literal.ts';
import type { Literal } from './literal.ts';

/** A formula: all of its clauses must hold. Variables are 0 to `variables` - 1. */
export interface Formula {
  readonly variables: number;
  readonly clauses: readonly (readonly Literal[])[];
}

/** Largest number of variables that a text may announce. */
export const maxVariables = 10_000_000;

/** The formula as a text that ends in a newline. */
export function writeDimacs(formula: Formula): string {
  const lines = formula.clauses.map((clause) => [...clause.map(signed), 0].join(' '));
  return `${[`p cnf ${formula.variables} ${formula.clauses.length}`, ...lines].join('\n')}\n`;
}

function signed(literal: Literal): number {
  const number = variableOf(literal) + 1;
  return isPositive(literal) ? number : -number;
}

/** Reads a formula; a wrong header, number or count is a Problem with its line. */
export function readDimacs(text: string, path = 'formula'): Result<Formula> {
  let header: RegExpExecArray | null = null;
  const clauses: Literal[][] = [];
  let clause: Literal[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const where = `${path}:${index + 1}`;
    if (/^\s*(c\b.*)?$/.test(line)) continue;
    if (header === null) {
      header = /^p\s+cnf\s+(\d+)\s+(\d+)\s*$/.exec(line);
      if (header === null) return fail(wrong('the first line is not `p cnf VARS CLAUSES`', where));
      if (Number(header[1]) > maxVariables) return fail(wrong('too many variables', where));
      continue;
    }
    for (const word of line.trim().split(/\s+/)) {
      const number = Number(word);
      const variable = Math.abs(number);
      if (!/^-?\d+$/.test(word) || variable > Number(header[1])) {
        return fail(wrong(`'${word}' is no variable of this formula`, where));
      }
      if (number !== 0) {
        clause.push(number > 0 ? positive(variable - 1) : negate(positive(variable - 1)));
        continue;
      }
      clauses.push(clause);
      clause = [];
    }
  }
  if (header === null) return fail(wrong('the text is empty', path));
  if (clause.length > 0) return fail(wrong('the last clause has no 0 at its end', path));
  if (clauses.length !== Number(header[2])) {
    return fail(wrong(`${header[2]} clauses are announced, ${clauses.length} are there`, path));
  }
  return ok({ variables: Number(header[1]), clauses });
}

function wrong(what: string, where: string): Problem {
  return { what, where, hint: 'the format is DIMACS cnf' };
}
