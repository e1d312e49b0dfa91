// The kernel's own tests of its Kconfig program, run on `dachs conf` in its place.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { launcher } from './dachs.ts';
import { kernelTree } from './support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dachs-kernel-tests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasPytest = spawnSync('python3', ['-m', 'pytest', '--version']).status === 0;

// The tests write newlines to stdin until they see that the program has ended, and fail where the
// pipe is closed before they look. A program in C ends before they have written much; behind ours,
// somebody goes on reading until they close it.
function wrapper(release: string): string {
  return [
    '#!/bin/sh',
    'exec 3<&0',
    `DACHS_KCONFIG_RULES=${release} '${process.execPath}' '${launcher}' conf "$@" 3<&-`,
    'status=$?',
    'cat <&3 >/dev/null 2>&1 &',
    'exit $status',
    '',
  ].join('\n');
}

// Nothing is written into the tree: neither compiled Python nor what pytest keeps.
function pytest(tree: string, release: string, args: readonly string[]): string {
  const top = path.join(folder, release);
  const place = path.join(top, 'scripts/kconfig');
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'conf'), wrapper(release));
  chmodSync(path.join(place, 'conf'), 0o755);
  const tests = path.join(tree, 'scripts/kconfig/tests');
  const all = ['-m', 'pytest', '-p', 'no:cacheprovider', '-c', `${tests}/pytest.ini`, ...args];
  const { stdout, stderr } = spawnSync('python3', [...all, tests], {
    cwd: top,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C' },
  });
  return `${stdout}${stderr}`;
}

function count(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

for (const [release, known] of [
  ['6.1', 17],
  ['6.12', 16],
] as const) {
  const tree = kernelTree(release);
  const need = `needs linux-source-${release} (npm run trees) and pytest`;

  test.skipIf(tree === undefined || !hasPytest)(
    `the Kconfig tests of ${release} pass; ${need}`,
    () => {
      const listed = pytest(tree ?? '', release, ['--collect-only', '-q', '-q']);
      const all = [...listed.matchAll(/: ([0-9]+)$|::/gm)]
        .map(([, files]) => Number(files ?? 1))
        .reduce((sum, one) => sum + one, 0);
      expect(all).toBeGreaterThanOrEqual(known);
      const said = pytest(tree ?? '', release, ['-q']);
      expect(said).not.toMatch(/ (failed|errors?)\b/);
      expect(count(said, /([0-9]+) passed/)).toBe(all);
    },
  );
}
