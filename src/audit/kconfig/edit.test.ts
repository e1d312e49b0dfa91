// Changed copies of a model: a clause taken out, a clause put in.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { modelOf } from '../../../test/kconfig-model.ts';
import { hasClause, parseExpression, withClause, withoutClause } from './edit.ts';
import { allYes } from './evaluation.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel } from './model.ts';

const text = 'config ARM\n\tdef_bool y\nconfig MMU\n\tdef_bool y\nconfig DAX\n\tbool "d"\n';
const list = '!(ARM || MIPS)';

function clause(model: KconfigModel, words: string): Expr {
  const parsed = parseExpression(model, words);
  return present(parsed.ok ? parsed.value : undefined, words);
}

test('a clause on a line of its own, or within a conjunction, can be taken out', () => {
  for (const depends of [
    `\tdepends on ${list}\n\tdepends on MMU\n`,
    `\tdepends on MMU && ${list}\n`,
  ]) {
    const model = modelOf(text + depends);
    const without = withoutClause(model, 'DAX', clause(model, list));
    expect(hasClause(model, 'DAX', clause(model, list))).toBe(true);
    expect([allYes(model).value('DAX'), allYes(without).value('DAX')]).toEqual(['n', 'y']);
    expect(hasClause(without, 'DAX', clause(model, 'MMU'))).toBe(true);
  }
});

test('where the clause is absent the same model comes back', () => {
  const model = modelOf(`${text}\tdepends on MMU\n`);
  expect(withoutClause(model, 'DAX', clause(model, list))).toBe(model);
});

test('a clause can be added, and the model it came from stays as it was', () => {
  const model = modelOf(text);
  const changed = withClause(model, 'DAX', clause(model, list));
  expect([allYes(model).value('DAX'), allYes(changed).value('DAX')]).toEqual(['y', 'n']);
  expect(allYes(changed).why('DAX')[0]?.because).toBe(`depends on ${list}`);
});

test('a wrong expression is a Problem', () => {
  const model = modelOf(text);
  expect(parseExpression(model, 'A &&')).toMatchObject({ ok: false });
  expect(parseExpression(model, 'A = y')).toMatchObject({ ok: true });
});
