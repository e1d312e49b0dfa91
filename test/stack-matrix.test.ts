// dachs matrix --by stack as a user meets it: filters, views, one cell, the summary, exit statuses.

import { describe, expect, test } from 'vitest';
import { matrixCommand } from '../src/cli/commands/matrix.ts';
import { type MatrixStackOptions, matrixStackCommand } from '../src/cli/commands/matrix-stack.ts';

function answer(options: MatrixStackOptions): { readonly text: string; readonly exit: number } {
  const result = matrixStackCommand(options);
  if (!result.ok) throw new Error(result.problem.what);
  return result.value;
}

function problem(options: MatrixStackOptions): string {
  const result = matrixStackCommand(options);
  if (result.ok) throw new Error(result.value.text);
  return `${result.problem.what}; ${result.problem.hint ?? ''}`;
}

function json(options: MatrixStackOptions): Record<string, unknown> {
  return JSON.parse(answer({ ...options, json: true }).text);
}

describe('views', () => {
  test('many machines and kernels: counts, and the worst word of each group', () => {
    const { text } = answer({ kernel: '6.1,6.12', arch: 'arm,sh,arm64' });
    expect(text).toMatch(/^cells +STALE\* +LOST\* +on$/m);
    expect(text).toMatch(/^sh7705-32k \+4 +STALE\* +\.$/m);
    expect(text).toMatch(/^sh7705-32k \+4: sh7705-32k sh7750\/4k sh7750r sh7780 sh7785\/4k$/m);
    expect(text).toMatch(/^cortex-a53 +on +on$/m);
  });

  test('one machine and kernel: every cell, the word above what the kernel does', () => {
    const { text } = answer({ kernel: '6.12', machine: 'skylake', driver: 'pmem,brd', fs: 'ext4' });
    const lines = text.split('\n').map((line) => line.trim().split(/ +/).join(' '));
    expect(lines).toContain('none none+x dax always inode inode+x never');
    const pmem = lines.indexOf('pmem/ext4');
    expect(lines.slice(pmem + 1, pmem + 3)).toEqual([
      'verdict none on on on none on none',
      'kernel cache dax dax dax cache dax cache',
    ]);
    expect(lines[lines.indexOf('brd/ext4') + 2]).toBe(
      'kernel cache cache EINVAL EINVAL cache cache cache',
    );
  });

  test('words: where they stand, with and without a mark', () => {
    const { text } = answer({
      kernel: '6.12,4.0',
      machine: 'turbosparc,sh7750/4k',
      verdict: 'STALE',
    });
    expect(text).toContain(
      '4.0  STALE  2 cells\n  on      sh7750/4k\n  dax     brd: ext2 ext4 (dax)',
    );
    expect(text).toContain('6.12  STALE*  49 cells\n  on      turbosparc');
    expect(text).toContain('device-dax: char (align-page)');
    const lost = answer({
      kernel: '6.12',
      machine: 'm68040',
      verdict: 'LOST',
      driver: 'pmem',
    }).text;
    expect(lost).toContain('  cache   pmem: ext4 xfs (none+x inode+x)');
    expect(lost).toContain('  says    pmem: ext2 (dax), xfs erofs (dax always)');
    expect(lost).toContain('  EINVAL  pmem: ext4 (dax always)');
    const none = answer({ kernel: '6.12', machine: 'skylake', verdict: 'STALE,FAIL*' });
    expect(none.text).toContain('no cell has one of these words');
  });

  test('no line of any view is wider than 72 columns', () => {
    const views = [
      answer({ arch: 'sparc32,arc' }),
      answer({ kernel: '6.12', machine: 'turbosparc' }),
      answer({ kernel: 'v3', verdict: 'FAIL,LOST' }),
      answer({ summary: true }),
      answer({ why: 'turbosparc/pmem-e820/ext4/always@6.12' }),
      answer({ why: 'arm926ej-s/pmem/ext4/always@6.12' }),
    ];
    for (const { text } of views) {
      const wide = text.split('\n').filter((line) => line.length > 72 && !/replay/.test(line));
      expect(wide).toEqual([]);
    }
  });
});

describe('one cell', () => {
  test('keeps the three answers apart and says which one decided', () => {
    const { text, exit } = answer({ why: 'arm926ej-s/pmem/ext4/always@6.12' });
    expect(text).toMatch(/^arm926ej-s\/pmem\/ext4\/always@6\.12: \.$/m);
    expect(text).toMatch(/BLK_DEV_PMEM=n \(for want of/);
    expect(text).toMatch(/cpu_dcache_is_aliasing\(\) is true/);
    expect(text).toMatch(/mount\(\) fails with EINVAL/);
    expect(text).toMatch(/log: EXT4-fs \(pmem0\)/);
    expect(text).toMatch(/as it is configured, without FS_DAX: mount\(\) fails/);
    expect(text).toMatch(/goes wrong in L1, L2/);
    expect(text).toMatch(/decided +by Kconfig/);
    expect(text).toMatch(/L1, shortest witness:/);
    expect(text).toMatch(/dachs explain L1 --machine arm926ej-s --replay/);
    expect(exit).toBe(0);
  });

  test('where the attach dies of NULL, says where', () => {
    const { text } = answer({ why: 'r4000pc/pmem/xfs/never@v3' });
    expect(text).toContain('FAIL');
    expect(text).toMatch(/NULL pointer dereference in\s+set_dax_nocache\(\)/);
  });

  test('what no rule says is not checked, with the reason', () => {
    expect(answer({ why: 'arc-hs38/pmem/ext4/none@6.9' }).text).toMatch(/BLK_DEV_PMEM=unknown/);
    expect(answer({ why: 'arm926ej-s/pmem/ext4/dax@3.18' }).text).toContain('3.18 has no pmem');
    expect(answer({ why: 'csky-ck610/brd/ext2/dax@3.18' }).text).toContain('no such port');
  });

  test('of a program of this matrix alone has no replay line', () => {
    const { text } = answer({ why: 'sh7750/4k/pmem/erofs/dax@6.12' });
    expect(text).toContain('RO, shortest witness:');
    expect(text).not.toContain('dachs explain RO');
  });

  test.each([
    ['skylake/pmem@6.12', 'is no cell'],
    ['skylak/pmem/ext4/dax@6.12', 'there is no machine skylak; did you mean skylake'],
    ['skylake/pmem/ext5/dax@6.12', 'there is no file system ext5; did you mean'],
    ['skylake/virtiofs/ext4/dax@6.12', 'virtiofs is never used as ext4/dax'],
    ['skylake/pmem/ext4/dax@all', 'a cell is about one kernel'],
    ['skylake/pmem/ext4/dax@6.13.1', 'there is no kernel 6.13.1'],
  ])('%s is refused', (why, says) => {
    expect(problem({ why })).toContain(says);
  });
});

test('the summary counts, tells what changed, who is judged wrongly, and how it was found', () => {
  const { text } = answer({ summary: true });
  expect(text).toMatch(/^STALE\* +\d+ +\d+ {2}let through though not coherent$/m);
  expect(text).toMatch(/^ {2}STALE\* -> \.: \d+ cells on sh7705-32k/m);
  expect(text).toMatch(
    /let through wrongly \(latent\): leon3-gr712rc, microsparc2-swift,\s+turbosparc/,
  );
  expect(text).toMatch(/takes what fsync\(\) promised \(L7\):\s+sifive-u74/);
  expect(text).toMatch(/dachs \d+\.\d+\.\d+ boots a model/);
});

test.each([
  [{ driver: 'pmemm' }, 'there is no driver pmemm; did you mean pmem'],
  [{ fs: 'ext5' }, 'there is no file system ext5'],
  [{ option: 'alway' }, 'did you mean always'],
  [{ verdict: 'stale' }, 'did you mean STALE'],
  [{ driver: ',' }, 'no driver is named'],
  [{ kernel: '6.21' }, 'there is no kernel 6.21'],
  [{ summary: true, json: true }, '--json has no meaning with --summary'],
  [{ why: 'skylake/pmem/ext4/dax@6.1', arch: 'arm' }, '--arch has no meaning with --why'],
])('%j is refused', (options, says) => {
  expect(problem(options)).toContain(says);
});

test('the exit status is that of the matrix of CPUs', () => {
  expect(answer({ kernel: '6.12', arch: 'arm' }).exit).toBe(0);
  expect(answer({ kernel: '4.0', arch: 'sh' }).exit).toBe(1);
  expect(answer({ kernel: '6.12', machine: 'skylake', bound: '3' }).exit).toBe(3);
  expect(answer({ driver: 'device-dax', fs: 'ext4' }).exit).toBe(4);
});

test('what only the matrix of stacks knows is refused elsewhere', () => {
  const result = matrixCommand({ by: 'cpus', driver: 'pmem' });
  expect(result.ok ? '' : result.problem.what).toContain('--driver has no meaning');
});

test('the record has one index for each place, and null where another word stands', () => {
  const record = json({ kernel: '6.12', machine: 'turbosparc', verdict: 'STALE', fs: 'ext4' });
  expect(record['schema']).toBe('dachs/stack-matrix');
  const { places, classes, cells } = record;
  if (!Array.isArray(places) || !Array.isArray(classes) || !Array.isArray(cells)) throw new Error();
  expect(classes[0].cells).toHaveLength(places.length);
  const named = classes[0].cells.filter((cell: unknown) => cell !== null);
  expect(named.length).toBeGreaterThan(0);
  for (const cell of named) expect(cells[cell].word).toBe('STALE');
});

test('the same question has the same answer, to the byte', () => {
  const options = { kernel: '6.12,6.9,v1', driver: 'pmem,brd', json: true } as const;
  expect(answer(options)).toEqual(answer(options));
});
