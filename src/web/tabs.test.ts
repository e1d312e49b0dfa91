// Tabs forget nothing, and take over what the view that is left has chosen.

import { expect, test } from 'vitest';
import type { Link } from './link/index.ts';
import { tabLink } from './tabs.ts';

const litmus: Link = {
  view: 'litmus',
  params: { test: 'SB', machine: 'sh7750/4k', kernel: '6.12', run: '1' },
};

test('a view that was shown has its choices again', () => {
  const kept = { witness: { scenario: 'L1' }, litmus: litmus.params };
  expect(tabLink('witness', litmus, kept).params).toEqual({ scenario: 'L1' });
});

test('a view that has none takes machine, kernel and test over', () => {
  const { test: _, run: __, ...bed } = litmus.params;
  expect(tabLink('witness', litmus, {}).params).toEqual({ test: 'SB', ...bed });
  expect(tabLink('replay', litmus, { replay: {} }).params).toEqual(bed);
  expect(tabLink('audit', litmus, {}).params).toEqual({});
});

test('several machines stay where they are', () => {
  const { params } = litmus;
  for (const machine of ['a,b', 'kinds', 'all']) {
    const link = tabLink('witness', { view: 'litmus', params: { ...params, machine } }, {});
    expect(link.params).toEqual({ test: 'SB', kernel: '6.12' });
  }
});

test('a cell brings its machine; the tab of the view itself starts afresh', () => {
  const cell: Link = { view: 'matrix', params: { cell: '24kc-32k/4k/pmem/ext4/dax' } };
  expect(tabLink('replay', cell, {}).params).toEqual({ machine: '24kc-32k/4k' });
  expect(tabLink('matrix', cell, { matrix: cell.params }).params).toEqual({});
});
