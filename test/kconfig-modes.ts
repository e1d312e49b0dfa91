// Whole configurations, byte for byte, against those of the kernel's own conf on a real tree: every
// architecture in every mode, defconfig files, random seeds. One test file for each tree, so that
// they run beside each other.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  architectureNamed,
  architectureNames,
  type PortConfig,
  ports,
} from '../src/audit/index.ts';
import {
  type ConfMode,
  kconfigCache,
  type KconfigModel,
  optimistic,
  presetText,
  readKconfig,
  runConf,
} from '../src/audit/kconfig/index.ts';
import { present } from '../src/base/index.ts';
import { openTree } from '../src/host/index.ts';
import { buildConf, type ConfTask, serveConf } from './kconfig-conf.ts';
import { havePrograms, kernelTree } from './support.ts';

const tools = havePrograms('gcc', 'flex', 'bison');
const folder = mkdtempSync(join(tmpdir(), 'dachs-modes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const allModes: readonly ConfMode[] = [
  'allyesconfig',
  'allnoconfig',
  'allmodconfig',
  'alldefconfig',
];

const presetModes: readonly ConfMode[] = ['allyesconfig', 'allnoconfig'];

/** A configuration that both are to make. */
interface Case {
  readonly label: string;
  readonly task: ConfTask;
  readonly ours: (model: KconfigModel) => string;
}

/** Random seeds of each of five architectures; DACHS_SEEDS asks for more (100 take a minute). */
const seeds = Number(process.env['DACHS_SEEDS'] ?? 10);

/** A minute on an idle machine; several where others want it too. */
const timeout = 600_000;

/** The tests of one tree; skipped without it, or without gcc, flex and bison. */
export function testConfigurations(release: string): void {
  const path = kernelTree(release) ?? '';
  const ready = path !== '' && tools;
  const need = `needs linux-source-${release} (npm run trees), gcc, flex and bison`;

  test.skipIf(!ready)(
    `${release}: all modes of all architectures as conf; ${need}`,
    () => {
      const checked = compareAll(release, path, 'modes', (port) =>
        presetsOf(port).flatMap((preset) =>
          (preset === port ? allModes : presetModes).map((mode) => modeCase(mode, preset)),
        ),
      );
      expect(checked).toBeGreaterThan(130);
    },
    timeout,
  );

  test.skipIf(!ready)(
    `${release}: defconfig files as conf; ${need}`,
    () => {
      const names = ['arm', 'mips', 'powerpc', 'sh', 'x86_64', 'i386'];
      const checked = compareAll(release, path, 'defconfigs', (port) =>
        names.includes(port.id) ? defconfigCases(path, port) : [],
      );
      expect(checked).toBeGreaterThan(200);
    },
    timeout,
  );

  test.skipIf(!ready)(
    `${release}: random seeds of 5 architectures as conf; ${need}`,
    () => {
      const names = ['arm64', 'mips', 'powerpc', 'sh', 'x86'];
      const checked = compareAll(release, path, 'random', (port) =>
        names.includes(port.id) ? Array.from({ length: seeds }, (_, seed) => randomCase(seed)) : [],
      );
      expect(checked).toBe(5 * seeds);
    },
    timeout,
  );
}

// Reads the tree for each architecture, and compares; the number of configurations compared.
function compareAll(
  release: string,
  path: string,
  name: string,
  casesOf: (port: PortConfig) => readonly Case[],
): number {
  const opened = openTree(path);
  const tree = present(opened.ok ? opened.value : undefined, 'tree');
  const conf = buildConf(path, join(folder, `${release}-${name}`));
  const cache = kconfigCache();
  let checked = 0;
  for (const arch of architectureNames(tree)) {
    const port = present(architectureNamed(tree, arch), arch);
    // Ports with a preset are the same Kconfig.
    if (Object.keys(port.preset).length > 0) continue;
    const cases = casesOf(port);
    if (cases.length === 0) continue;
    const read = readKconfig(tree, port, optimistic, cache);
    const model = present(read.ok ? read.value : undefined, JSON.stringify(read));
    const tasks = cases.map(({ task }) => task);
    const here = join(folder, `${release}-${name}-${arch}`);
    const theirs = serveConf(conf, path, model, { folder: here, tasks });
    for (const [index, { label, ours }] of cases.entries()) {
      const text = ours(model);
      if (text !== theirs[index]) {
        expect(differing(text, theirs[index] ?? ''), `${arch} ${label}`).toEqual([]);
        expect(text, `${arch} ${label}`).toBe(theirs[index]);
      }
      checked += 1;
    }
    rmSync(here, { recursive: true });
  }
  return checked;
}

// Lines that only one of the two has: short enough to be read.
function differing(ours: string, theirs: string): readonly string[] {
  const [a, b] = [new Set(ours.split('\n')), new Set(theirs.split('\n'))];
  const only = (one: Set<string>, other: Set<string>, sign: string): string[] =>
    [...one].filter((line) => !other.has(line)).map((line) => sign + line);
  return [...only(a, b, '+'), ...only(b, a, '-')].slice(0, 20);
}

// None, and those of the ports that read the same Kconfig.
function presetsOf(arch: PortConfig): readonly PortConfig[] {
  const others = ports.filter(
    ({ env, preset }) =>
      env['ARCH'] === arch.env['ARCH'] &&
      env['SRCARCH'] === arch.env['SRCARCH'] &&
      Object.keys(preset).length > 0,
  );
  return [arch, ...others];
}

// A port with a preset takes it as the answers of KCONFIG_ALLCONFIG.
function modeCase(mode: ConfMode, port: PortConfig): Case {
  const config = presetText(port.preset);
  if (config === '') {
    const ours: Case['ours'] = (model) => runConf(model, { mode }).text;
    return { label: mode, task: { option: `--${mode}` }, ours };
  }
  const file = join(folder, `preset-${port.id}`);
  writeFileSync(file, config);
  return {
    label: `${mode} of ${port.id}`,
    task: { option: `--${mode}`, environment: { KCONFIG_ALLCONFIG: file } },
    ours: (model) => runConf(model, { mode, config }).text,
  };
}

function defconfigCases(path: string, port: PortConfig): readonly Case[] {
  const configs = join(path, 'arch', port.srcarch, 'configs');
  if (!existsSync(configs)) return [];
  const files = readdirSync(configs).filter((name) => name.endsWith('defconfig'));
  return files.sort().flatMap((name, index): readonly Case[] => {
    const config = readFileSync(join(configs, name), 'utf8');
    const fresh: Case = {
      label: name,
      task: { option: `--defconfig=${join(configs, name)}` },
      ours: (model) => runConf(model, { mode: 'defconfig', config }).text,
    };
    if (index % 8 !== 0) return [fresh];
    const updated: Case = {
      label: `olddefconfig of ${name}`,
      task: { option: '--olddefconfig', before: config },
      ours: (model) => runConf(model, { mode: 'olddefconfig', config }).text,
    };
    return [fresh, updated];
  });
}

function randomCase(seed: number): Case {
  return {
    label: `seed ${seed}`,
    task: { option: '--randconfig', environment: { KCONFIG_SEED: String(seed) } },
    ours: (model) => runConf(model, { mode: 'randconfig', seed }).text,
  };
}
