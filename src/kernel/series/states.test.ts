// Shows that states of the tree follow from patches: where the revisions end, what the releases
// are, and how a caller goes on after each answer of alloc_dax().

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { E } from '../include/linux/errno.ts';
import { subsystem } from '../linux.ts';
import { DaxAnswers, takeDaxAnswer } from './alloc-dax-result.ts';
import { ruleChanges, ruleInfos, type SeriesRules } from './rules.ts';
import { releaseRules, stateSeries, treeState } from './states.ts';

const rulesOf = (id: string): SeriesRules => present(treeState(id), id).rules;
const changed = (from: string, to: string): readonly string[] =>
  ruleChanges(rulesOf(from), rulesOf(to)).map(({ rule }) => rule.name);

test('v4 has a base and twelve patches, v6 nine on top of the fix of the leak', () => {
  const counts = stateSeries.map(({ id, states }) => `${id} ${states.length}`);
  expect(counts).toEqual(['v3 5', 'v4 13', 'v5 9', 'v6 10', 'releases 3']);
  expect(changed('v4/00', 'v6/00')).toEqual(['pmem_assigns']);
  expect(treeState('v4/13')).toBeUndefined();
});

test('v4 and v6 end in the same tree, but for the stubs', () => {
  expect(changed('v4/12', 'v6/09')).toEqual(['setter_stubs']);
  expect(changed('v6', '6.12')).toEqual([]);
  expect(changed('6.1', 'v4/00')).toEqual([]);
});

test('a patch of v4 changes what its subject says and nothing else', () => {
  expect(changed('v4/00', 'v4/01')).toEqual(['pmem_assigns']);
  expect(changed('v4/07', 'v4/08')).toEqual(['alias_test']);
  expect(changed('v4/11', 'v4/12')).toEqual(['virtio_test']);
});

test('each rule is told, and is there in every state', () => {
  const names = ruleInfos.map(({ name }) => name).toSorted();
  for (const { states } of stateSeries) {
    for (const { rules } of states) expect(Object.keys(rules).toSorted()).toEqual(names);
  }
});

/** What pmem makes of an answer under the rules of 6.12 with some changed. */
function answered(answer: number | null, changes: Partial<SeriesRules>): string {
  const { linux } = testKernel('6.12', { rules: { ...releaseRules('6.12'), ...changes } });
  const result = linux.now(takeDaxAnswer(linux, 'pmem', answer));
  const taken = subsystem(linux, DaxAnswers).null_taken.peek();
  return [result.kind, ...(result.kind === 'fails' ? [result.rc] : []), ...taken].join(' ');
}

test('a caller goes on after -EOPNOTSUPP, after anything, or not at all', () => {
  expect(answered(-E.EOPNOTSUPP, { pmem_refused: 'goes on' })).toBe('without');
  expect(answered(-E.ENOMEM, { pmem_refused: 'goes on' })).toBe(`fails ${-E.ENOMEM}`);
  expect(answered(-E.ENOMEM, { pmem_refused: 'goes on after any error' })).toBe('without');
  expect(answered(-E.EOPNOTSUPP, { pmem_refused: 'fails' })).toBe(`fails ${-E.EOPNOTSUPP}`);
});

test('NULL passes for a device where the caller asks IS_ERR(), else it is -EOPNOTSUPP', () => {
  expect(answered(null, { pmem_test: 'IS_ERR' })).toBe('device pmem');
  expect(answered(null, { pmem_test: 'IS_ERR_OR_NULL' })).toBe('without');
  const fatal = { pmem_test: 'IS_ERR_OR_NULL', pmem_refused: 'fails' } as const;
  expect(answered(null, fatal)).toBe(`fails ${-E.EOPNOTSUPP}`);
});
