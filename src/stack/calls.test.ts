// Calls that do their work at once, as ordinary code: they leave nothing behind for the next run of
// their thread, and where others would see them nothing is said.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { explore, search } from '../explore/index.ts';
import { machineById } from '../hw/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { compileStack } from './compile.ts';

const INIT = `page x = 0;
	device pmem0 = pmem;
	mount m = xfs(pmem0, dax=always);
	file f = x on m;
	gate open;`;

const OTHER = '\n\nP1(device pmem0)\n{\n\tdetach(pmem0);\n}';

function compiled(body: string, other = '') {
  const thread = `P0(struct file *f, mount m, device pmem0)\n{\n\tint r0, r1;\n\n\t${body}\n}`;
  const text = `DAX t\n\n{\n\t${INIT}\n}\n\n${thread}${other}\n\nexists (0:r0=0)\n`;
  const parsed = parseLitmus(text, 't');
  assert(parsed.ok, 'the sample is a test');
  const machine = present(machineById('skylake'), 'a machine');
  return compileStack(parsed.test.program, { machine, release: '6.12', remedy: 'none' }, search);
}

test('umount() finds the mount in each run of its thread', () => {
  const made = compiled('close(f);\n\tr0 = umount(m);\n\tr1 = detach(pmem0);');
  assert(made.ok, 'the sample is compiled');
  const { system, question } = made.value;
  const { ends } = explore(system, question);
  expect(ends.map(({ satisfies }) => satisfies)).toEqual([true]);
});

test('what another thread would see done step by step is not judged', () => {
  const made = compiled('close(f);\n\tr0 = umount(m);', OTHER);
  expect(made.ok ? '' : made.problem.what).toContain('does at once what other threads would see');
});
