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

function problemsOfThread(device: string, statement: string): string {
  const init = `device d = ${device};`;
  const thread = `P0(device d)\n{\n\tint r0;\n\n\tr0 = ${statement};\n}`;
  const parsed = parseLitmus(`DAX t\n\n{\n\t${init}\n}\n\n${thread}\n\nexists (0:r0=0)\n`, 't');
  return parsed.ok ? '' : parsed.problems.map(({ what }) => what).join('; ');
}

test('a thread binds the drivers that can be bound in steps', () => {
  expect(problemsOfThread('pmem(detached)', 'attach(d)')).toBe('');
  expect(problemsOfThread('brd(detached)', 'attach(d)')).toContain('of the kind brd');
});

test('a cell of a file is a byte, and nothing is cut to one', () => {
  const text = (value: number) =>
    'DAX t\n\n{\n\tpage x = 0;\n\tdevice pmem0 = pmem;\n\tmount m = xfs(pmem0, dax=always);\n' +
    `\tfile f = x on m;\n}\n\nP0(struct file *f)\n{\n\twrite(f, ${value});\n}\n\nexists (x=1)\n`;
  expect(parseLitmus(text(255), 't').ok).toBe(true);
  const wide = parseLitmus(text(256), 't');
  expect(wide.ok ? '' : wide.problems[0]?.what).toBe('P0 stores 256, and cells of files are bytes');
});
