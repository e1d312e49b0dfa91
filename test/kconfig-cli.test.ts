// dachs kconfig as a user meets it: questions, comparisons, configurations, and what is odd.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dachs } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';

function kconfig(...args: readonly string[]): { stdout: string; stderr: string; status: number } {
  const { stdout, stderr, status } = dachs(['kconfig', ...args]);
  return { stdout, stderr, status: status ?? -1 };
}

describe('--want', () => {
  test('yes is a fragment that leads to what was wanted', () => {
    const small = folderOf(smallKernel);
    const fragment = path.join(small, 'fragment');
    const asked = kconfig(small, '--arch', 'x86', '--want', 'FS_DAX=y', '-o', fragment);
    expect(asked.status).toBe(0);
    expect(readFileSync(fragment, 'utf8').split('\n').slice(1)).toEqual([
      'CONFIG_ZONE_DEVICE=y',
      'CONFIG_FS_DAX=y',
      '',
    ]);
    const made = kconfig(small, '--arch', 'x86', '--config', fragment);
    expect(made.stdout).toContain('CONFIG_FS_DAX=y\n');
    expect(made.stdout).toContain('CONFIG_DAX=y\n');
  });

  test('no is the lines that stand in the way, and exit 1', () => {
    const small = folderOf(smallKernel);
    const { stdout, status } = kconfig(small, '--arch', 'arm', '--want', 'FS_DAX=y');
    expect(status).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^FS_DAX=y on arm, Linux [\d.]+: no$/),
      '  FS_DAX depends on ZONE_DEVICE (fs/Kconfig:3)',
      '    ZONE_DEVICE depends on SMALL_DEVMAP (mm/Kconfig:3)',
      '      SMALL_DEVMAP has no prompt and is n by default',
      '          (arch/arm/Kconfig:5)',
      'None of these lines can be left out.',
      '',
    ]);
  });

  test('several wishes at once, over all architectures', () => {
    const small = folderOf(smallKernel);
    const wishes = ['--want', 'FS_DAX=y', '--and', 'ARCH_HAS_CPU_CACHE_ALIASING=y'];
    const { stdout, status } = kconfig(small, ...wishes);
    expect(status).toBe(1);
    expect(stdout).toContain('2 architectures: 0 yes, 2 no\n');
  });

  test('a name that the tree does not know is told, with the nearest', () => {
    const small = folderOf(smallKernel);
    const { stderr, status } = kconfig(small, '--arch', 'arm', '--want', 'FS_DAXX=y');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'no Kconfig file that was read mentions FS_DAXX; did you mean FS_DAX?',
    );
  });

  test('what is no question is refused', () => {
    const small = folderOf(smallKernel);
    const { stderr, status } = kconfig(small, '--arch', 'arm', '--want', 'FS DAX');
    expect(status).toBe(2);
    expect(stderr).toContain("'FS DAX' is no question about a symbol");
  });
});

describe('--diff', () => {
  test('names the pairs that changed, and the line that the other tree does not have', () => {
    const small = folderOf(smallKernel);
    const arm = 'config ARM\n\tdef_bool y\nconfig SMALL_DEVMAP\n\tdef_bool y\n';
    const other = folderOf(smallKernelWith({ 'arch/arm/Kconfig': arm }));
    const { stdout, status } = kconfig('--diff', small, other, '--symbols', 'FS_DAX,ZONE_*');
    expect(status).toBe(1);
    expect(stdout).toContain('FS_DAX: no -> yes on arm\n');
    expect(stdout).toContain('* SMALL_DEVMAP has no prompt and is n by default');
    expect(stdout).toContain('2 symbols on 2 architectures: 2 of 4 pairs differ\n');
    expect(kconfig('--diff', small, small).status).toBe(0);
  });

  test('needs two trees, and names of symbols', () => {
    const small = folderOf(smallKernel);
    expect(kconfig('--diff', small).stderr).toContain('--diff needs two trees');
    expect(kconfig('--diff', small, small, small).status).toBe(2);
    expect(kconfig(small, small, '--want', 'FS_DAX').stderr).toContain('one tree too many');
    const wrong = kconfig('--diff', small, small, '--symbols', 'A-B');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("'A-B' is no name of a symbol");
  });
});

describe('--mode', () => {
  test('a port of the catalogue takes its preset first', () => {
    const small = folderOf(smallKernel);
    const all = kconfig(small, '--arch', 'arm-v7', '--mode', 'allyesconfig');
    expect(all.status).toBe(0);
    expect(all.stdout).toContain('CONFIG_DEV_DAX=y\n');
  });

  test('one seed is one configuration', () => {
    const small = folderOf(smallKernel);
    const random = (seed: string): string =>
      kconfig(small, '--arch', 'x86', '--mode', 'rand', '--seed', seed).stdout;
    expect(random('3')).toBe(random('0x3'));
    expect(new Set(['1', '2', '3', '4', '5', '6'].map(random)).size).toBeGreaterThan(1);
  });

  test.each([
    [['--mode', 'allyes'], 'no architecture is named'],
    [['--arch', 'vax', '--mode', 'allyes'], 'there is no architecture vax'],
    [['--arch', 'arm', '--mode', 'mostly'], 'there is no mode mostly'],
    [['--arch', 'arm'], 'it is not said what to do with the tree'],
    [['--arch', 'arm', '--mode', 'defconfig'], 'defconfig needs a configuration to start from'],
    [['--arch', 'arm', '--mode', 'rand', '--seed', '-1'], '--seed -1 is no seed'],
    [['--arch', 'arm', '--mode', 'rand', '--probability', '90:20'], 'is not understood'],
    [['--arch', 'arm', '--config', 'nowhere'], 'cannot read the configuration'],
    [['--arch', 'arm', '--mode', 'allno', '--profile', 'gcc-1'], 'there is no profile gcc-1'],
  ] as const)('%j is refused', (args, what) => {
    const small = folderOf(smallKernel);
    const { stderr, stdout, status } = kconfig(small, ...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(what);
  });

  test('odd lines of a configuration are told with their place, and the rest counts', () => {
    const small = folderOf(smallKernel);
    const file = path.join(small, 'odd.config');
    writeFileSync(file, 'CONFIG_DAX=q\nCONFIG_DEV_DAX=y\nCONFIG_DAX=y\nCONFIG_GONE=y\n');
    const { stdout, stderr, status } = kconfig(small, '--arch', 'arm', '--config', file);
    expect(status).toBe(0);
    expect(stderr).toContain(`${file}:1: warning: symbol value 'q' invalid for DAX`);
    expect(stderr).toContain(`${file}: 1 names that no Kconfig file mentions (--unknown)`);
    expect(stdout).toContain('CONFIG_DEV_DAX=y\n');
  });

  test('a configuration that is no text is refused', () => {
    const small = folderOf(smallKernel);
    const file = path.join(small, 'binary.config');
    writeFileSync(file, 'CONFIG_DAX=y\0\n');
    const { stderr, status } = kconfig(small, '--arch', 'arm', '--config', file);
    expect(status).toBe(2);
    expect(stderr).toContain('it has a NUL byte');
  });
});
