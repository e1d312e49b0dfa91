// Questions about the real trees: which architectures can have FS_DAX, with a configuration that
// the tree's own conf accepts, and why the others cannot. Needs the trees (npm run trees, or
// DACHS_TREES), and for conf gcc, flex and bison; is skipped without them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  allYes,
  evaluateFragment,
  kconfigCache,
  optimistic,
  parseWant,
  readKconfig,
  satisfy,
  symbolNames,
} from '../src/audit/kconfig/index.ts';
import type { KconfigModel, Satisfaction, Want } from '../src/audit/kconfig/index.ts';
import { portsOf } from '../src/audit/ports.ts';
import { present } from '../src/base/index.ts';
import { openTree } from '../src/host/index.ts';
import { buildConf, runOlddefconfig } from './kconfig-conf.ts';
import { modelOf as modelOfText } from './kconfig-model.ts';
import { randomKconfig } from './kconfig-random.ts';
import { numbers } from './sat-random.ts';
import { havePrograms, kernelTree } from './support.ts';

const tools = havePrograms('gcc', 'flex', 'bison');
const folder = mkdtempSync(join(tmpdir(), 'dachs-sat-conf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Architectures on which FS_DAX can be built, by release. */
const fsDax: Readonly<Record<string, readonly string[]>> = {
  '6.1': ['arm64', 'powerpc', 's390', 'x86'],
  '6.12': ['arm64', 'loongarch', 'powerpc', 'riscv', 's390', 'x86'],
};

/** One model for each environment that a tree is read in, without the presets of the ports. */
function modelsOf(path: string): readonly KconfigModel[] {
  const opened = openTree(path);
  const tree = present(opened.ok ? opened.value : undefined, 'tree');
  const cache = kconfigCache();
  const seen = new Set<string>();
  return portsOf(tree).flatMap((port) => {
    const key = JSON.stringify(port.env);
    if (seen.has(key)) return [];
    seen.add(key);
    const model = readKconfig(tree, { ...port, preset: {} }, optimistic, cache);
    return [present(model.ok ? model.value : undefined, port.id)];
  });
}

function wantsOf(text: string): readonly Want[] {
  return text.split(' ').map((word) => {
    const read = parseWant(word);
    return present(read.ok ? read.value : undefined, word);
  });
}

const folderOf = (model: KconfigModel): string => model.environment['SRCARCH'] ?? '';

function modelOf(models: readonly KconfigModel[], arch: string): KconfigModel {
  return present(
    models.find((model) => model.environment['ARCH'] === arch),
    arch,
  );
}

// What a random fragment of a random text comes to, here and in conf.
function compareRandom(conf: string, release: string, seed: number): void {
  const old = release === '6.1';
  const shape = { comparesWithY: old, oldChoices: old, texts: true };
  const { text } = randomKconfig(seed, shape);
  const model = modelOfText(text, { release });
  const below = numbers(seed);
  const fragment = symbolNames(model).flatMap((symbol) => {
    const type = model.types.get(model.names.find(symbol) ?? -1);
    const values: Readonly<Record<string, readonly string[]>> = {
      bool: ['n', 'y'],
      tristate: ['n', 'm', 'y'],
      string: ['a', 'b'],
      hex: ['0x7', '0x12'],
      int: ['7', '12'],
    };
    const list = values[type ?? ''] ?? [];
    const value = list[below(list.length + 2)];
    return value === undefined ? [] : [{ symbol, value }];
  });
  const here = join(folder, `${release}-texts`);
  mkdirSync(here, { recursive: true });
  writeFileSync(join(here, 'Kconfig'), text);
  const run = runOlddefconfig(conf, here, model, join(here, 'run'), fragment);
  const valueOf = evaluateFragment(model, fragment);
  const ours = [...run.values.keys()].map((name) => [name, valueOf(name)]);
  const title = `seed ${seed} ${JSON.stringify(fragment)}\n${text}`;
  expect(ours, title).toEqual([...run.values]);
}

for (const release of ['6.1', '6.12']) {
  const path = kernelTree(release);
  const need = `linux-source-${release} (npm run trees)`;

  test.skipIf(path === undefined)(
    `FS_DAX on every architecture of ${release}; needs ${need}`,
    () => {
      const answers = modelsOf(path ?? '').map((model) => ({
        model,
        answer: satisfy(model, wantsOf('FS_DAX=y')),
      }));
      const built = answers.filter(({ answer }) => answer.kind === 'yes');
      expect([...new Set(built.map(({ model }) => folderOf(model)))]).toEqual(fsDax[release]);
      for (const { model, answer } of answers) {
        if (answer.kind === 'yes') {
          expect(evaluateFragment(model, answer.fragment)('FS_DAX')).toBe('y');
          expect(answer.fragment.length, model.port).toBeLessThan(8);
        } else {
          const links = answer.kind === 'no' ? answer.reason : [];
          expect(links[0]?.text, model.port).toMatch(/^depends on /);
          expect(links.length, model.port).toBeLessThan(9);
          expect(answer).toMatchObject({ kind: 'no', minimal: true });
        }
      }
    },
    60_000,
  );

  test.skipIf(path === undefined)(
    `the presets of the ports change nothing else; needs ${need}`,
    () => {
      const opened = openTree(path ?? '');
      const tree = present(opened.ok ? opened.value : undefined, 'tree');
      const cache = kconfigCache();
      for (const port of portsOf(tree)) {
        const model = readKconfig(tree, port, optimistic, cache);
        const value = present(model.ok ? model.value : undefined, port.id);
        const answer = satisfy(value, wantsOf('FS_DAX=y'), { fixed: port.preset });
        // What all-yes gives under a preset is one of the configurations that the preset allows.
        const built = allYes(value).value('FS_DAX') === 'y';
        expect(answer.kind, port.id).toBe(built ? 'yes' : 'no');
      }
    },
    60_000,
  );

  test.skipIf(path === undefined || !tools)(
    `conf --olddefconfig of ${release} accepts the fragments; needs ${need}, gcc, flex and bison`,
    () => {
      const tree = path ?? '';
      const conf = buildConf(tree, join(folder, release));
      const models = modelsOf(tree);
      const run = (model: KconfigModel, answer: Satisfaction, title: string): void => {
        if (answer.kind !== 'yes') return;
        const here = join(folder, release, model.port);
        const { values } = runOlddefconfig(conf, tree, model, here, answer.fragment);
        for (const want of wantsOf(title)) {
          expect(values.get(want.symbol) ?? 'n', `${model.port} ${title}`).toBe(want.value);
        }
      };
      for (const model of models) {
        run(model, satisfy(model, wantsOf('FS_DAX=y')), 'FS_DAX=y');
      }
      for (let seed = 1; seed <= 200; seed += 1) compareRandom(conf, release, seed);
      const below = numbers(Number(release.slice(2)));
      for (const arch of ['x86_64', 'arm', 'mips', 'powerpc']) {
        const model = modelOf(models, arch);
        const names = symbolNames(model);
        for (let turn = 0; turn < 8; turn += 1) {
          const name = names[below(names.length)] ?? '';
          const type = model.types.get(model.names.find(name) ?? -1);
          if (type !== 'bool' && type !== 'tristate') continue;
          const answer = satisfy(model, wantsOf(`${name}=y`));
          expect(answer.kind, `${arch} ${name}`).toMatch(/^(yes|no)$/);
          run(model, answer, `${name}=y`);
        }
      }
    },
    300_000,
  );
}

const newer = kernelTree('6.12');
const needed = 'needs linux-source-6.12 (npm run trees)';

test.skipIf(newer === undefined)(
  `FS_DAX and caches that alias exclude each other; ${needed}`,
  () => {
    for (const model of modelsOf(newer ?? '')) {
      const answer = satisfy(model, wantsOf('FS_DAX=y ARCH_HAS_CPU_CACHE_ALIASING=y'));
      expect(answer, model.port).toMatchObject({ kind: 'no', minimal: true });
    }
  },
);

test.skipIf(newer === undefined)(`sub-architectures are found, not listed; ${needed}`, () => {
  const models = modelsOf(newer ?? '');
  const ask = (arch: string, wants: string): Satisfaction =>
    satisfy(modelOf(models, arch), wantsOf(wants));
  const possible: readonly (readonly [string, string])[] = [
    ['arm', 'CPU_V6K=y MMU=y'],
    ['arm', 'ARM_LPAE=y CPU_V7=y'],
    ['arm', 'CPU_V7M=y MMU=n'],
    ['sh', 'MMU=y CPU_SH4A=y'],
    ['sh', 'MMU=n CPU_SH2=y'],
    ['mips', 'CPU_R10000=y 64BIT=y'],
    ['mips', 'MACH_LOONGSON64=y'],
    ['powerpc', 'PPC_BOOK3S_32=y'],
    ['powerpc', 'PPC_BOOK3E_64=y'],
    ['powerpc', 'PPC_BOOK3S_64=y FS_DAX=y'],
    ['riscv', 'ARCH_RV32I=y MMU=n'],
  ];
  for (const [arch, wants] of possible) {
    const answer = ask(arch, wants);
    expect(answer.kind, `${arch} ${wants} ${JSON.stringify(answer)}`).toBe('yes');
  }
  expect(ask('arm', 'ARM_LPAE=y CPU_V6=y').kind).toBe('no');
  expect(ask('powerpc', 'PPC_BOOK3S_32=y FS_DAX=y').kind).toBe('no');
  expect(ask('riscv', 'ARCH_RV32I=y FS_DAX=y').kind).toBe('no');
});
