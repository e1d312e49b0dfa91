// dachs matrix --by icache, as typed.

import { expect, test } from 'vitest';
import { dachs } from './dachs.ts';

test('the table and its witnesses stay within 72 columns but for the line to paste', () => {
  const lines = ['', '--why cortex-a53', '--why skylake:new'].flatMap((more) =>
    dachs(['matrix', '--by', 'icache', ...more.split(' ').filter((word) => word !== '')])
      .stdout.split('\n')
      .filter((line) => !line.startsWith('  replay')),
  );
  expect(lines.filter((line) => line.length > 72)).toEqual([]);
  expect(lines.length).toBeGreaterThan(150);
});

test.each([
  [['--why', 'cortex-a8:never'], 2, 'there is no question never'],
  [['--why', 'cortex-a88'], 2, 'there is no machine cortex-a88'],
  [['--kernel', '6.12'], 2, '--kernel has no meaning with --by icache'],
  [['--bound', '3'], 3, ''],
  [['--arch', 'arm', '--machine', 'skylake'], 4, ''],
] as const)('%j ends with %i', (more, status, says) => {
  const run = dachs(['matrix', '--by', 'icache', ...more]);
  expect(run.status).toBe(status);
  expect(run.stderr).toContain(says);
});
