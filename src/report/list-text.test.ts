// What the lists of names print beside the names.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { machineList } from './list-text.ts';

function listed(...ids: readonly string[]): readonly string[] {
  return machineList(ids.map((id) => present(machineById(id), id))).split('\n');
}

test('a machine is marked H for figures from a manual, A for an assumption, or both', () => {
  const [, read, figures, assumption, both] = listed('arm920t', '4kc', 'turbosparc', 'ibm-z13');
  expect(read).toMatch(/ 4K +vivt/);
  expect(figures).toMatch(/ 4K +H +vipt/);
  expect(assumption).toMatch(/ 4K +A +vipt/);
  expect(both).toMatch(/ 4K +HA +vipt/);
});

test('below the table stands what its marks mean, and only those', () => {
  expect(listed('arm920t')).toHaveLength(3);
  expect(listed('4kc').filter((line) => /^[HA] /.test(line))).toEqual([
    'H   example figures from a vendor manual, not read in the kernel',
  ]);
  const legend = machineList(machines)
    .split('\n')
    .filter((line) => /^[HA] /.test(line));
  expect(legend).toHaveLength(2);
  for (const line of legend) expect(line.length).toBeLessThanOrEqual(72);
});
