// What cannot be where a kernel runs is told before it does.

import { expect, test } from 'vitest';
import { parseLitmus } from './index.ts';

function problems(...items: readonly string[]): string {
  const init = ['page x = 0;', 'page y = 0;', ...items].join('\n\t');
  const thread = 'P0(struct file *f)\n{\n\twrite(f, 1);\n}';
  const text = `DAX t\n\n{\n\t${init}\n}\n\n${thread}\n\nexists (x=1)\n`;
  const parsed = parseLitmus(text, 't');
  return parsed.ok ? '' : parsed.problems.map(({ what }) => what).join('; ');
}

const PMEM = 'device pmem0 = pmem;';
const MOUNT = 'mount m = xfs(pmem0, dax=always);';
const OFF = 'mount m = xfs(pmem0, unmounted);';

test.each([
  ['file f = x, x on m;', 'the page x is in a file already'],
  ['file f = x on m; file g = y, x on m;', 'the page x is in a file already'],
  ['page z = 256; file f = x, z on m;', 'a cell of z is more than 255'],
  ['page z = 255; file f = x, z on m;', undefined],
])('%s', (files, what) => {
  const found = problems(PMEM, MOUNT, files);
  if (what === undefined) expect(found).toBe('');
  else expect(found).toContain(what);
});

test('a file is open only where its file system is mounted', () => {
  expect(problems('device pmem0 = pmem(detached);', MOUNT, 'file f = x on m;')).toContain(
    'pmem0 is detached',
  );
  expect(problems(PMEM, OFF, 'file f = x on m;')).toContain('m is unmounted');
  expect(problems(PMEM, OFF, 'file f = x on m, closed;')).toBe('');
});
