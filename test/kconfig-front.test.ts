// Our front and the kernel's own conf on the same files, answers and environment: what they print,
// the files that they leave and their exit status.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildConf } from './kconfig-conf.ts';
import { difference, runOurs, runTheirs } from './kconfig-front.ts';
import type { FrontRun } from './kconfig-front.ts';
import { randomRun } from './kconfig-front-random.ts';
import { launcher } from './dachs.ts';
import { havePrograms, kernelTree } from './support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dachs-front-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tools = havePrograms('bison', 'flex', 'gcc');

/** Random runs for each release. */
const runs = 300;

for (const release of ['6.1', '6.12']) {
  const tree = kernelTree(release);
  const isReady = tree !== undefined && tools;
  const need = `needs linux-source-${release} (npm run trees), bison, flex and gcc`;

  test.skipIf(!isReady)(`conf of ${release} does what ours does; ${need}`, () => {
    const conf = buildConf(tree ?? '', path.join(folder, release));
    const different: string[] = [];
    let compared = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      const { given } = randomRun(seed, release === '6.1');
      const theirs = runTheirs(conf, given, path.join(folder, `${release}-run`));
      // Where its input has ended conf may ask for ever.
      if (theirs.status === null || theirs.status > 1) continue;
      compared += 1;
      const found = difference(runOurs(given, release), theirs);
      if (found !== '') different.push(`seed ${seed}: ${found}`);
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(runs * 0.9);
  });

  test.skipIf(!isReady)(`a whole tree of ${release}, questions and all; ${need}`, () => {
    const conf = buildConf(tree ?? '', path.join(folder, `${release}-tree`));
    const input = Array.from({ length: 3000 }, (_, place) => answers[(place * 7) % 11]).join('');
    const run = (program: string, args: readonly string[], name: string): FrontRun => {
      const out = path.join(folder, `${release}-${name}`);
      const { status, stdout, stderr } = spawnSync(
        program,
        [...args, '--oldaskconfig', 'Kconfig'],
        {
          cwd: tree,
          encoding: 'latin1',
          input,
          maxBuffer: 1 << 26,
          env: {
            PATH: process.env['PATH'],
            ARCH: 'x86',
            SRCARCH: 'x86',
            srctree: '.',
            CC: 'gcc',
            LD: 'ld',
            CC_VERSION_TEXT: 'gcc',
            // Neither a file there nor a folder: all that is asked is new, and nothing is written.
            KCONFIG_CONFIG: '/dev/null/config',
            ORACLE_ANSWERS: '/dev/null',
            ORACLE_LOG: `${out}.log`,
          },
        },
      );
      return { status, stdout, stderr, files: {} };
    };
    const theirs = run(conf, [], 'theirs');
    const ours = run(process.execPath, [launcher, 'conf'], 'ours');
    expect(theirs.stdout.length).toBeGreaterThan(100_000);
    expect(difference(ours, theirs)).toBe('');
  });
}

const answers = ['y\n', '\n', '?\n', 'n\n', '\n', 'm\n', '2\n', '\n', 'x\n', '\n', '1?\n'];
