// The kernel's own configuration program as an oracle: built out of tree, fed with the same answers
// about the toolchain that our profile gives, and compared symbol by symbol.

import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation, FragmentEntry, KconfigModel } from '../src/audit/kconfig/index.ts';
import { symbolNames } from '../src/audit/kconfig/index.ts';

// Answers come from a file of `command 0x01 output` lines. Other commands go to the shell, and to a
// log, so that the test can see which they were.
const shim = `
#undef popen
#undef pclose
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char *table;
static void load(void)
{
	FILE *f = fopen(getenv("ORACLE_ANSWERS"), "r");
	long n;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	table = calloc(1, n + 2);
	table[0] = '\\n';
	if (fread(table + 1, 1, n, f) != (size_t)n)
		exit(3);
	fclose(f);
}
FILE *oracle_popen(const char *cmd, const char *mode)
{
	size_t len = strlen(cmd);
	char *key = malloc(len + 3), *hit, *end;
	FILE *log;
	if (!table)
		load();
	key[0] = '\\n';
	memcpy(key + 1, cmd, len);
	key[len + 1] = 1;
	key[len + 2] = 0;
	hit = strstr(table, key);
	if (hit) {
		FILE *f = tmpfile();
		hit += len + 2;
		end = strchr(hit, '\\n');
		fwrite(hit, 1, end - hit, f);
		rewind(f);
		return f;
	}
	log = fopen(getenv("ORACLE_LOG"), "a");
	fprintf(log, "%s\\n", cmd);
	fclose(log);
	return popen(cmd, mode);
}
int oracle_pclose(FILE *f)
{
	fclose(f);
	return 0;
}
`;

/** Builds conf from the tree's own sources into `folder`; gives the path of the program. */
export function buildConf(tree: string, folder: string): string {
  const source = join(folder, 'kconfig');
  mkdirSync(folder, { recursive: true });
  cpSync(join(tree, 'scripts/kconfig'), source, { recursive: true });
  const shared = join(tree, 'scripts/include');
  if (existsSync(shared)) cpSync(shared, join(folder, 'include'), { recursive: true });
  const list = join(tree, 'scripts/kconfig/list.h');
  if (existsSync(list)) copyFileSync(list, join(source, 'list.h'));
  writeFileSync(join(source, 'oracle.c'), shim);
  const run = (tool: string, args: readonly string[]): void => {
    execFileSync(tool, args, { cwd: source, stdio: 'pipe' });
  };
  run('bison', ['-o', 'parser.tab.c', '--defines=parser.tab.h', '-t', '-l', 'parser.y']);
  run('flex', ['-o', 'lexer.lex.c', '-L', 'lexer.l']);
  const parts = 'conf confdata expr lexer.lex menu parser.tab preprocess symbol util'.split(' ');
  const files = parts.map((part) => `${part}.c`).filter((file) => existsSync(join(source, file)));
  run('gcc', [
    '-O1',
    '-w',
    '-D_GNU_SOURCE',
    '-Dpopen=oracle_popen',
    '-Dpclose=oracle_pclose',
    '-I.',
    '-I../include',
    '-o',
    'conf',
    ...files,
    'oracle.c',
  ]);
  return join(source, 'conf');
}

/** What conf made of one port. */
export interface ConfRun {
  /** Name to value as in .config; `n` for "is not set". */
  readonly values: ReadonlyMap<string, string>;
  /** Commands for which our profile had no answer on record, as conf wanted to run them. */
  readonly unanswered: readonly string[];
}

/** Runs `conf --allyesconfig` for the port of a model, with the model's environment and answers. */
export function runConf(conf: string, tree: string, model: KconfigModel, folder: string): ConfRun {
  mkdirSync(folder, { recursive: true });
  const preset = configLines(Object.entries(model.preset));
  const file = join(folder, 'preset');
  writeFileSync(file, preset);
  // Even an empty preset changes how conf up to 6.10 values choices.
  const seed = preset === '' ? {} : { KCONFIG_ALLCONFIG: file };
  return run({ conf, tree, model, folder, mode: '--allyesconfig', environment: seed });
}

/** Runs `conf --olddefconfig` on a configuration that holds the lines of a fragment only. */
export function runOlddefconfig(
  conf: string,
  tree: string,
  model: KconfigModel,
  folder: string,
  fragment: readonly FragmentEntry[],
): ConfRun {
  mkdirSync(folder, { recursive: true });
  const lines = fragment.map(({ symbol, value }): readonly [string, string] => {
    const type = model.types.get(model.names.find(symbol) ?? -1);
    return [symbol, type === 'string' ? JSON.stringify(value) : value];
  });
  writeFileSync(join(folder, 'config'), configLines(lines));
  return run({ conf, tree, model, folder, mode: '--olddefconfig', environment: {} });
}

function configLines(entries: readonly (readonly [string, string])[]): string {
  return entries
    .map(([name, value]) =>
      value === 'n' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=${value}\n`,
    )
    .join('');
}

function run(job: {
  readonly conf: string;
  readonly tree: string;
  readonly model: KconfigModel;
  readonly folder: string;
  readonly mode: string;
  readonly environment: Readonly<Record<string, string>>;
}): ConfRun {
  const { model } = job;
  const file = (name: string): string => join(job.folder, name);
  const answers = model.assumptions.map(({ command, answer }) => `${command}\u0001${answer}\n`);
  writeFileSync(file('answers'), answers.join(''));
  writeFileSync(file('log'), '');
  execFileSync(job.conf, ['-s', job.mode, 'Kconfig'], {
    cwd: job.tree,
    stdio: 'pipe',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...model.environment,
      ...job.environment,
      KCONFIG_CONFIG: file('config'),
      KCONFIG_AUTOCONFIG: file('auto/auto.conf'),
      KCONFIG_AUTOHEADER: file('auto/autoconf.h'),
      KCONFIG_RUSTCCFG: file('auto/rustc_cfg'),
      ORACLE_ANSWERS: file('answers'),
      ORACLE_LOG: file('log'),
    },
  });
  const unanswered = readFileSync(file('log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { values: parseConfig(readFileSync(file('config'), 'utf8')), unanswered };
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
