// The kernel's own configuration program as an oracle: built out of tree, fed with the same answers
// about the toolchain that our profile gives, and compared symbol by symbol.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Evaluation, FragmentEntry, KconfigModel } from '../src/audit/kconfig/index.ts';
import { fragmentText, symbolNames } from '../src/audit/kconfig/index.ts';

export { buildConf } from '../scripts/lib/conf.mjs';

/** One run of conf: its mode as an option, and what it finds in its environment. */
export interface ConfTask {
  /** E.g. `--allyesconfig` or `--defconfig=/path`; `OUT` stands for where the answer goes. */
  readonly option: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Text of the .config that is there before; none where absent. */
  readonly before?: string;
}

/**
 * Runs many configurations of one model: conf reads the Kconfig once and forks for each. Gives the
 * .config texts in the order of the tasks.
 */
export function serveConf(
  conf: string,
  tree: string,
  model: KconfigModel,
  { folder, tasks }: { readonly folder: string; readonly tasks: readonly ConfTask[] },
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  writeAnswers(model, file('answers'));
  writeFileSync(file('log'), '');
  const lines = tasks.map(({ option, environment = {}, before }, index) => {
    rmSync(file(`config-${index}`), { force: true });
    if (before !== undefined) writeFileSync(file(`config-${index}`), before);
    const variables = { KCONFIG_CONFIG: file(`config-${index}`), ...environment };
    const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const mode = option.replace('OUT', file(`config-${index}`));
    return `${[mode, ...words].join('\u0001')}\n`;
  });
  writeFileSync(file('requests'), lines.join(''));
  // Where it is there, conf leaves it alone; otherwise it makes a file for every symbol.
  mkdirSync(file('auto'), { recursive: true });
  writeFileSync(file('auto/auto.conf'), '');
  execFileSync(join(dirname(conf), 'conf-server'), [file('requests')], {
    cwd: tree,
    stdio: 'pipe',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...model.environment,
      KCONFIG_AUTOCONFIG: file('auto/auto.conf'),
      KCONFIG_AUTOHEADER: file('auto/autoconf.h'),
      KCONFIG_RUSTCCFG: file('auto/rustc_cfg'),
      ORACLE_ANSWERS: file('answers'),
      ORACLE_LOG: file('log'),
    },
  });
  return tasks.map((_, index) => readFileSync(file(`config-${index}`), 'utf8'));
}

function writeAnswers(model: KconfigModel, file: string): void {
  const answers = model.assumptions.map(({ command, answer }) => `${command}\u0001${answer}\n`);
  writeFileSync(file, answers.join(''));
}

/** Runs `conf --olddefconfig` on a configuration that holds the lines of a fragment only. */
export function runOlddefconfig(
  conf: string,
  tree: string,
  model: KconfigModel,
  folder: string,
  fragment: readonly FragmentEntry[],
): ConfRun {
  const tasks = [{ option: '--olddefconfig', before: fragmentText(model, fragment) }];
  const [text = ''] = serveConf(conf, tree, model, { folder, tasks });
  return { values: parseConfig(text), unanswered: [] };
}

/** What conf made of one port. */
export interface ConfRun {
  /** Name to value as in .config; `n` for "is not set". */
  readonly values: ReadonlyMap<string, string>;
  /** Commands for which our profile had no answer on record, as conf wanted to run them. */
  readonly unanswered: readonly string[];
}

/**
 * Runs `conf --allyesconfig` for the port of a model, with the model's environment and answers; or
 * where `tools` names real ones, with those in the environment and the shell to answer.
 */
export function runConf(
  conf: string,
  tree: string,
  model: KconfigModel,
  folder: string,
  tools?: Readonly<Record<string, string>>,
): ConfRun {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  writeAnswers(model, file('answers'));
  writeFileSync(file('log'), '');
  const preset = Object.entries(model.preset).map(([name, value]) =>
    value === 'n' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=${value}\n`,
  );
  writeFileSync(file('preset'), preset.join(''));
  execFileSync(conf, ['-s', '--allyesconfig', 'Kconfig'], {
    cwd: tree,
    stdio: 'pipe',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...model.environment,
      ...(tools ?? { ORACLE_ANSWERS: file('answers'), ORACLE_LOG: file('log') }),
      // Even an empty preset changes how conf up to 6.10 values choices.
      ...(preset.length > 0 ? { KCONFIG_ALLCONFIG: file('preset') } : {}),
      KCONFIG_CONFIG: file('config'),
      KCONFIG_AUTOCONFIG: file('auto/auto.conf'),
      KCONFIG_AUTOHEADER: file('auto/autoconf.h'),
      KCONFIG_RUSTCCFG: file('auto/rustc_cfg'),
    },
  });
  const unanswered = readFileSync(file('log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { values: parseConfig(readFileSync(file('config'), 'utf8')), unanswered };
}

/** What conf says while it reads a folder's Kconfig, with the shell to answer it. */
export interface ConfWords {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly status: number;
}

/** Runs `conf --allyesconfig` on the Kconfig of a folder; its files go to `folder`/out. */
export function confWords(
  conf: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): ConfWords {
  const out = join(folder, 'out');
  mkdirSync(out, { recursive: true });
  const run = spawnSync(conf, ['-s', '--allyesconfig', 'Kconfig'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...environment,
      KCONFIG_CONFIG: join(out, 'config'),
      KCONFIG_AUTOCONFIG: join(out, 'auto.conf'),
      KCONFIG_AUTOHEADER: join(out, 'autoconf.h'),
      KCONFIG_RUSTCCFG: join(out, 'rustc_cfg'),
    },
  });
  const lines = (text: string): readonly string[] => text.split('\n').slice(0, -1);
  return { stdout: lines(run.stdout), stderr: lines(run.stderr), status: run.status ?? -1 };
}

function parseConfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^CONFIG_(\w+)=(.*)$/.exec(line);
    const unset = /^# CONFIG_(\w+) is not set$/.exec(line);
    if (set !== null) {
      const [, name = '', value = ''] = set;
      const quoted = /^"(.*)"$/.exec(value);
      values.set(name, quoted === null ? value : (quoted[1] ?? '').replace(/\\(.)/g, '$1'));
    } else if (unset !== null) values.set(unset[1] ?? '', 'n');
  }
  return values;
}

/** One line per symbol on which the two disagree, sorted: `NAME ours theirs`. */
export function differences(evaluation: Evaluation, conf: ConfRun): readonly string[] {
  const lines: string[] = [];
  const names = new Set([...symbolNames(evaluation.model), ...conf.values.keys()]);
  for (const name of [...names].sort()) {
    const ours = evaluation.written(name) ? evaluation.value(name) : '-';
    const theirs = conf.values.get(name) ?? '-';
    if (ours !== theirs) lines.push(`${name} ${ours} ${theirs}`);
  }
  return lines;
}
