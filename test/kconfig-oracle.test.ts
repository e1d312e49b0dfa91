// Our Kconfig values against those of the kernel's own conf, symbol by symbol, on real trees. Needs
// the trees (npm run trees, or DACHS_TREES) and gcc, flex and bison; is skipped without them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { allYes, kconfigCache, optimistic, readKconfig } from '../src/audit/kconfig/index.ts';
import type { Evaluation } from '../src/audit/kconfig/index.ts';
import { portsOf } from '../src/audit/ports.ts';
import type { PortConfig } from '../src/audit/ports.ts';
import { present } from '../src/base/index.ts';
import { openTree } from '../src/host/index.ts';
import { buildConf, differences, runConf } from './kconfig-conf.ts';
import { evaluationOf } from './kconfig-model.ts';
import { randomKconfig } from './kconfig-random.ts';
import { havePrograms, kernelTree } from './support.ts';

const tools = havePrograms('gcc', 'flex', 'bison');
const folder = mkdtempSync(join(tmpdir(), 'dachs-conf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ports with presets, choices and word sizes of every kind; the rest behaves like one of these. */
const sample = [
  'arc-700',
  'arm-v7-lpae',
  'i386-pae',
  'mips-ip22',
  'mips-loongson64',
  'powerpc-book3e64',
  's390',
  'sh-sh7785',
  'sparc64',
  'x86_64',
];

/** Ports on which FS_DAX can be built, by release; on all others it cannot. */
const fsDax: Readonly<Record<string, readonly string[]>> = {
  '6.1': ['arm64', 'powerpc-book3s64', 's390', 'x86_64'],
  '6.12': ['arm64', 'loongarch64', 'powerpc-book3s64', 'riscv64', 's390', 'x86_64'],
};

interface Valued {
  readonly port: PortConfig;
  readonly evaluation: Evaluation;
}

function evaluateAll(path: string): readonly Valued[] {
  const opened = openTree(path);
  const tree = present(opened.ok ? opened.value : undefined, 'tree');
  const cache = kconfigCache();
  return portsOf(tree).map((port) => {
    const model = readKconfig(tree, port, optimistic, cache);
    expect(model.ok ? '' : model.problem).toBe('');
    const value = present(model.ok ? model.value : undefined, port.id);
    return { port, evaluation: allYes(value) };
  });
}

for (const release of ['6.1', '6.12']) {
  const path = kernelTree(release);
  const need = `linux-source-${release} (npm run trees)`;

  test.skipIf(path === undefined)(`FS_DAX of every port of ${release}; needs ${need}`, () => {
    const start = performance.now();
    const valued = evaluateAll(path ?? '');
    const built = valued.filter(({ evaluation }) => evaluation.value('FS_DAX') === 'y');
    expect(built.map(({ port }) => port.id)).toEqual(fsDax[release]);
    // Generous for a loaded machine; 2 to 3 s on an idle one of two cores.
    expect(performance.now() - start).toBeLessThan(30_000);
    for (const { evaluation } of valued) {
      const why = evaluation.why('FS_DAX');
      expect(why.length > 0).toBe(evaluation.value('FS_DAX') !== 'y');
    }
  });

  const ready = path !== undefined && tools;
  test.skipIf(!ready)(`conf of ${release} agrees on random texts; needs the same`, () => {
    const conf = buildConf(path ?? '', join(folder, `${release}-random`));
    const here = join(folder, `${release}-texts`);
    mkdirSync(here, { recursive: true });
    const compare = (seed: number): void => {
      const { text, preset } = randomKconfig(seed, { comparesWithY: release === '6.1' });
      writeFileSync(join(here, 'Kconfig'), text);
      const evaluation = evaluationOf(text, { release, preset });
      const run = runConf(conf, here, evaluation.model, join(here, 'run'));
      expect(differences(evaluation, run), text).toEqual([]);
    };
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 30 }), compare), {
      numRuns: 300,
      seed: Number(process.env['DACHS_SEED'] ?? 1),
    });
  });

  test.skipIf(!ready)(`conf of ${release} agrees; needs ${need}, gcc, flex and bison`, () => {
    const tree = path ?? '';
    const conf = buildConf(tree, join(folder, release));
    const valued = evaluateAll(tree).filter(({ port }) => sample.includes(port.id));
    expect(valued).toHaveLength(sample.length);
    for (const { port, evaluation } of valued) {
      const run = runConf(conf, tree, evaluation.model, join(folder, release, port.id));
      expect(run.values.size, port.id).toBeGreaterThan(9000);
      expect(differences(evaluation, run), port.id).toEqual([]);
      // Only texts were left to the shell: every question about a tool had an answer on record.
      const asked = run.unanswered.filter((line) => !/^(\{ test |set -- |echo )/.test(line));
      expect(asked, port.id).toEqual([]);
    }
  });
}
