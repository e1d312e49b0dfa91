// The solver against cases by hand and plain enumeration of small random formulas.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { enumerate, numbers, pigeons, randomThreeSat } from '../../test/sat-random.ts';
import { Solver, atMostOne, exactlyOne, minimiseCore, negate, positive } from './index.ts';
import type { Formula, Literal } from './index.ts';

function solverOf(formula: Formula): Solver {
  const solver = new Solver();
  for (let v = 0; v < formula.variables; v += 1) solver.newVariable();
  for (const clause of formula.clauses) solver.addClause(clause);
  return solver;
}

function holds(solver: Solver, formula: Formula): boolean {
  return formula.clauses.every((clause) => clause.some((literal) => solver.value(literal)));
}

const seeds = fc.integer({ min: 1, max: 2 ** 30 });

test('a chain of implications is followed, and its break is blamed on both ends', () => {
  const solver = new Solver();
  const [a, b, c] = [solver.newVariable(), solver.newVariable(), solver.newVariable()];
  const free = positive(solver.newVariable());
  solver.addClause([negate(positive(a)), positive(b)]);
  solver.addClause([negate(positive(b)), positive(c)]);
  expect(solver.solve([positive(a)])).toBe('sat');
  expect(solver.value(positive(c))).toBe(true);
  expect(solver.solve([free, positive(a), negate(positive(c))])).toBe('unsat');
  expect(solver.core()).toEqual([positive(a), negate(positive(c))]);
  expect(solver.solve([free])).toBe('sat');
});

test('a variable is tried with its phase first', () => {
  const solver = new Solver();
  const off = positive(solver.newVariable());
  const on = positive(solver.newVariable(true));
  expect(solver.solve()).toBe('sat');
  expect([solver.value(off), solver.value(on)]).toEqual([false, true]);
});

test('an empty clause and contradicting units end every later question', () => {
  const solver = new Solver();
  const a = positive(solver.newVariable());
  expect(solver.addClause([a])).toBe(true);
  expect(solver.solve([negate(a)])).toBe('unsat');
  expect(solver.core()).toEqual([negate(a)]);
  expect(solver.addClause([negate(a)])).toBe(false);
  expect(solver.solve()).toBe('unsat');
  expect(solver.core()).toEqual([]);
});

test('assumptions that contradict each other are the core', () => {
  const solver = new Solver();
  const a = positive(solver.newVariable());
  expect(solver.solve([a, negate(a)])).toBe('unsat');
  expect(solver.core()).toEqual([a, negate(a)]);
});

test('random 3-SAT near the threshold: as enumeration says, and solutions hold', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const formula = randomThreeSat(seed, 10, 36 + (seed % 14));
      const solver = solverOf(formula);
      const outcome = solver.solve();
      expect(outcome).toBe(enumerate(formula) ? 'sat' : 'unsat');
      if (outcome === 'sat') expect(holds(solver, formula)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('clauses may come one by one between the questions', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const formula = randomThreeSat(seed, 9, 60);
      const solver = solverOf({ variables: 9, clauses: [] });
      for (const [index, clause] of formula.clauses.entries()) {
        solver.addClause(clause);
        if (index % 6 > 0) continue;
        const sofar = { variables: 9, clauses: formula.clauses.slice(0, index + 1) };
        expect(solver.solve()).toBe(enumerate(sofar) ? 'sat' : 'unsat');
      }
    }),
    { numRuns: 60 },
  );
});

test('a core has no solution, and once minimal none of it can be left out', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const formula = randomThreeSat(seed, 8, 60);
      const solver = solverOf({ variables: 8, clauses: [] });
      const groups = formula.clauses.map((clause) => {
        const group = positive(solver.newVariable());
        solver.addClause([...clause, negate(group)]);
        return group;
      });
      const chosen = (core: readonly Literal[]): Formula => ({
        variables: 8,
        clauses: formula.clauses.filter((_, index) => core.includes(groups[index] ?? -1)),
      });
      if (solver.solve(groups) === 'sat') return;
      const core = solver.core();
      expect(enumerate(chosen(core))).toBe(false);
      const least = minimiseCore(solver, core);
      expect(least.minimal).toBe(true);
      expect(enumerate(chosen(least.literals))).toBe(false);
      for (const left of least.literals) {
        expect(enumerate(chosen(least.literals.filter((one) => one !== left)))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('pigeons find no holes; a small budget says so instead of guessing', () => {
  expect(solverOf(pigeons(6)).solve()).toBe('unsat');
  const solver = solverOf(pigeons(8));
  expect(solver.solve([], { conflicts: 10 })).toBe('bound');
  expect(solver.counts().conflicts).toBeLessThan(20);
});

test('what was learnt is forgotten in time, and the answer stays', () => {
  const solver = solverOf(pigeons(7));
  expect(solver.solve()).toBe('unsat');
  expect(solver.counts().conflicts).toBeGreaterThan(5000);
});

test('equal formulas give equal runs', () => {
  const run = (): unknown => {
    const solver = solverOf(randomThreeSat(7, 80, 335));
    return [solver.solve(), solver.counts()];
  };
  expect(run()).toEqual(run());
});

test.each([1, 2, 5, 6, 9])('at most one and exactly one of %i literals', (count) => {
  const below = numbers(count);
  const solver = new Solver();
  const literals = Array.from({ length: count }, () => positive(solver.newVariable()));
  for (const clause of atMostOne(literals, () => solver.newVariable())) solver.addClause(clause);
  expect(solver.solve(literals.map(negate))).toBe('sat');
  for (const clause of exactlyOne(literals, () => solver.newVariable())) solver.addClause(clause);
  expect(solver.solve(literals.map(negate))).toBe('unsat');
  for (const literal of literals) {
    expect(solver.solve([literal])).toBe('sat');
    expect(literals.filter((one) => solver.value(one))).toEqual([literal]);
    const other = literals[below(count)] ?? literal;
    expect(solver.solve([literal, other])).toBe(other === literal ? 'sat' : 'unsat');
  }
});
