// The solver against Debian's minisat on formulas too large to enumerate.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Solver, writeDimacs } from '../src/sat/index.ts';
import type { Formula } from '../src/sat/index.ts';
import { pigeons, randomThreeSat } from './sat-random.ts';
import { havePrograms } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'dachs-sat-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function minisat(formula: Formula): string {
  const file = join(folder, 'formula.cnf');
  writeFileSync(file, writeDimacs(formula));
  const { status } = spawnSync('minisat', ['-verb=0', file], { stdio: 'ignore' });
  return status === 10 ? 'sat' : status === 20 ? 'unsat' : `status ${status}`;
}

function ours(formula: Formula): string {
  const solver = new Solver();
  for (let v = 0; v < formula.variables; v += 1) solver.newVariable();
  for (const clause of formula.clauses) solver.addClause(clause);
  const outcome = solver.solve();
  if (outcome !== 'sat') return outcome;
  return formula.clauses.every((clause) => clause.some((one) => solver.value(one)))
    ? 'sat'
    : 'a solution that is none';
}

const ready = havePrograms('minisat');

test.skipIf(!ready)('minisat agrees on 3-SAT near the threshold; needs minisat', () => {
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 60; seed += 1) {
    const formula = randomThreeSat(seed, 100, 410 + (seed % 30));
    const outcome = ours(formula);
    outcomes.add(outcome);
    expect(outcome, `seed ${seed}`).toBe(minisat(formula));
  }
  expect([...outcomes].sort()).toEqual(['sat', 'unsat']);
});

test.skipIf(!ready)('minisat agrees on pigeons; needs minisat', () => {
  for (const holes of [3, 5, 7]) expect(ours(pigeons(holes))).toBe(minisat(pigeons(holes)));
});
