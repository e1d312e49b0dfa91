// Random Kconfig texts in every mode, with and without answers given before, against the kernel's
// own conf: the whole .config, byte for byte. Needs a tree's conf sources and gcc, flex and bison.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type ConfRequest, presetText, runConf } from '../src/audit/kconfig/index.ts';
import { buildConf, type ConfTask, serveConf } from './kconfig-conf.ts';
import { modelOf } from './kconfig-model.ts';
import { randomKconfig } from './kconfig-random.ts';
import { havePrograms, kernelTree } from './support.ts';

/** The same texts on every run; DACHS_SEED asks for others. */
const first = Number(process.env['DACHS_SEED'] ?? 1);
const tools = havePrograms('gcc', 'flex', 'bison');
const folder = mkdtempSync(join(tmpdir(), 'dachs-random-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const release of ['6.1', '6.12']) {
  const path = kernelTree(release);
  const ready = path !== undefined && tools;
  const need = `needs linux-source-${release} (npm run trees), gcc, flex and bison`;

  test.skipIf(!ready)(`${release}: random texts in all modes as conf; ${need}`, () => {
    const conf = buildConf(path ?? '', join(folder, release));
    const here = join(folder, `${release}-texts`);
    mkdirSync(here, { recursive: true });
    const compare = (seed: number): void => {
      const { text, preset } = randomKconfig(seed, { comparesWithY: release === '6.1' });
      writeFileSync(join(here, 'Kconfig'), text);
      const model = modelOf(text, { release });
      const answers = presetText(preset);
      writeFileSync(join(here, 'answers'), answers);
      const pairs = tasksOf(answers, join(here, 'answers'), seed);
      const tasks = pairs.map(([task]) => task);
      const theirs = serveConf(conf, here, model, { folder: join(here, 'run'), tasks });
      for (const [index, [task, request]] of pairs.entries()) {
        const label = `seed ${seed} ${task.option}\n${text}\n${answers}`;
        expect(runConf(model, request).text, label).toBe(theirs[index]);
      }
    };
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 30 }), compare), {
      numRuns: 250,
      seed: first,
    });
  });
}

function tasksOf(
  config: string,
  file: string,
  seed: number,
): readonly (readonly [ConfTask, ConfRequest])[] {
  const given = { KCONFIG_ALLCONFIG: file };
  const modes = ['allyesconfig', 'allnoconfig', 'allmodconfig', 'alldefconfig'] as const;
  const all = modes.flatMap((mode): readonly (readonly [ConfTask, ConfRequest])[] => [
    [{ option: `--${mode}` }, { mode }],
    [
      { option: `--${mode}`, environment: given },
      { mode, config },
    ],
  ]);
  const random = [seed, seed + 1, seed + 2].map((one): readonly [ConfTask, ConfRequest] => [
    { option: '--randconfig', environment: { ...given, KCONFIG_SEED: String(one) } },
    { mode: 'randconfig', seed: one, config },
  ]);
  return [
    ...all,
    ...random,
    [{ option: `--defconfig=${file}` }, { mode: 'defconfig', config }],
    [
      { option: '--olddefconfig', before: config },
      { mode: 'olddefconfig', config },
    ],
    [
      { option: '--savedefconfig=OUT', before: config },
      { mode: 'savedefconfig', config },
    ],
    [
      { option: '--yes2modconfig', before: config },
      { mode: 'yes2modconfig', config },
    ],
    [
      { option: '--mod2yesconfig', before: config },
      { mode: 'mod2yesconfig', config },
    ],
    [
      { option: '--mod2noconfig', before: config },
      { mode: 'mod2noconfig', config },
    ],
  ];
}
