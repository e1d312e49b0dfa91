// The kernel's own configuration program as an oracle: built out of tree, fed with the same answers
// about the toolchain that our profile gives, and compared symbol by symbol.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Evaluation, FragmentEntry, KconfigModel } from '../src/audit/kconfig/index.ts';
import { fragmentText, symbolNames } from '../src/audit/kconfig/index.ts';

// Answers come from a file of `command 0x01 output` lines. Other commands go to the shell, and to a
// log, so that the test can see which they were. Without such a file all go to the shell.
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
	if (!getenv("ORACLE_ANSWERS"))
		return popen(cmd, mode);
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

// Reads the Kconfig once, then runs conf's own main() for each line of a file in a child process of
// its own: `mode 0x01 output 0x01 NAME=value 0x01 NAME=value ...`.
const server = `
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "lkc.h"
#define main conf_main
#define conf_parse(name) ((void)0)
#include "conf.c"
#undef main
#undef conf_parse
#include <sys/wait.h>
#include <unistd.h>
static void serve(char *line)
{
	char *argv[] = {"conf", "-s", line, "Kconfig", NULL};
	char *next = strchr(line, 1), *value;
	while (next) {
		*next++ = 0;
		value = next;
		next = strchr(value, 1);
		if (next)
			*next = 0;
		putenv(value);
		if (next)
			*next = 0;
	}
	optind = 1;
	exit(conf_main(4, argv));
}
int main(int argc, char **argv)
{
	static char line[65536];
	FILE *requests = fopen(argv[1], "r");
	int status, failed = 0;
	conf_parse("Kconfig");
	while (fgets(line, sizeof(line), requests)) {
		line[strcspn(line, "\\n")] = 0;
		if (!fork()) {
			/* An open stream would put the offset that both share back. */
			close(fileno(requests));
			serve(line);
		}
		wait(&status);
		if (status) {
			fprintf(stderr, "%s: status %x\\n", line, status);
			failed = 1;
		}
	}
	return failed;
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
  const flags = ['-O1', '-w', '-D_GNU_SOURCE', '-Dpopen=oracle_popen', '-Dpclose=oracle_pclose'];
  run('gcc', [...flags, '-I.', '-I../include', '-o', 'conf', ...files, 'oracle.c']);
  writeFileSync(join(source, 'server.c'), server);
  const rest = [...files.filter((file) => file !== 'conf.c'), 'oracle.c', 'server.c'];
  run('gcc', [...flags, '-I.', '-I../include', '-o', 'conf-server', ...rest]);
  return join(source, 'conf');
}

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
