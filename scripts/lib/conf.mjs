// The kernel's own configuration program, compiled from a tree's sources into another folder, with
// two changes: what it would ask of the shell is answered from a file, and there is a second
// program that reads a Kconfig once and makes many configurations of it.

import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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

/**
 * Builds conf, and conf-server beside it, from the tree's own sources into `folder`; needs gcc,
 * flex and bison. Gives the path of conf.
 * @param {string} tree
 * @param {string} folder
 */
export function buildConf(tree, folder) {
  const source = path.join(folder, 'kconfig');
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(tree, 'scripts/kconfig'), source, { recursive: true });
  const shared = path.join(tree, 'scripts/include');
  if (existsSync(shared)) cpSync(shared, path.join(folder, 'include'), { recursive: true });
  const list = path.join(tree, 'scripts/kconfig/list.h');
  if (existsSync(list)) copyFileSync(list, path.join(source, 'list.h'));
  writeFileSync(path.join(source, 'oracle.c'), shim);
  const run = (/** @type {string} */ tool, /** @type {readonly string[]} */ args) => {
    execFileSync(tool, args, { cwd: source, stdio: 'pipe' });
  };
  run('bison', ['-o', 'parser.tab.c', '--defines=parser.tab.h', '-t', '-l', 'parser.y']);
  run('flex', ['-o', 'lexer.lex.c', '-L', 'lexer.l']);
  const parts = 'conf confdata expr lexer.lex menu parser.tab preprocess symbol util'.split(' ');
  const files = parts
    .map((part) => `${part}.c`)
    .filter((file) => existsSync(path.join(source, file)));
  const flags = ['-O2', '-w', '-D_GNU_SOURCE', '-Dpopen=oracle_popen', '-Dpclose=oracle_pclose'];
  run('gcc', [...flags, '-I.', '-I../include', '-o', 'conf', ...files, 'oracle.c']);
  writeFileSync(path.join(source, 'server.c'), server);
  const rest = [...files.filter((file) => file !== 'conf.c'), 'oracle.c', 'server.c'];
  run('gcc', [...flags, '-I.', '-I../include', '-o', 'conf-server', ...rest]);
  return path.join(source, 'conf');
}
