// Runs of conf to compare: our front in this process on files in memory, and the kernel's own
// program in a folder.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFront } from '../src/audit/index.ts';
import type { ConfHost } from '../src/audit/index.ts';

/** What a run is given: files by path, lines on stdin, variables. */
export interface FrontCase {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a run left: files by path, those that it was given among them. */
export interface FrontRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Runs our front; `rules` is a release such as `6.1`. */
export function runOurs(
  given: FrontCase,
  rules: string,
  shell: ConfHost['shell'] = () => '',
): FrontRun {
  const files = new Map(Object.entries(given.files));
  const lines = (given.input ?? '').split(/(?<=\n)/).filter((line) => line !== '');
  const run = runFront(['--rules', rules, ...given.args], {
    ...memoryHost(files),
    environment: given.environment ?? {},
    shell,
  });
  let stdout = '';
  let stderr = '';
  for (let step = run.next(); ; step = run.next(lines.shift())) {
    stdout += step.value.stdout;
    stderr += step.value.stderr;
    if (step.done) {
      return { status: step.value.status, stdout, stderr, files: Object.fromEntries(files) };
    }
  }
}

function memoryHost(files: Map<string, string>): Omit<ConfHost, 'environment' | 'shell'> {
  return {
    program: 'conf',
    isTerminal: false,
    read: (name) => files.get(name),
    isFolder: (name) => [...files.keys()].some((file) => file.startsWith(`${name}/`)),
    write: (name, text) => {
      files.set(name, text);
      return true;
    },
    rename: (from, to) => {
      const text = files.get(from);
      if (text === undefined) return false;
      files.delete(from);
      files.set(to, text);
      return true;
    },
    makeParent: () => true,
    chance: () => 1,
  };
}

/** Runs a program with conf's command line in `folder`, which is emptied before. */
export function runTheirs(program: string, given: FrontCase, folder: string): FrontRun {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.answers`, '');
  writeFileSync(`${folder}.log`, '');
  for (const [name, text] of Object.entries(given.files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text, 'latin1');
  }
  const { status, stdout, stderr } = spawnSync(program, given.args, {
    cwd: folder,
    encoding: 'latin1',
    input: given.input ?? '',
    timeout: 2000,
    maxBuffer: 1 << 24,
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ORACLE_ANSWERS: `${folder}.answers`,
      ORACLE_LOG: `${folder}.log`,
      ...given.environment,
    },
  });
  return { status, stdout, stderr, files: readAll(folder) };
}

function readAll(folder: string, below = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(path.join(folder, below)).sort()) {
    const inner = below === '' ? name : `${below}/${name}`;
    const full = path.join(folder, inner);
    if (statSync(full).isDirectory()) Object.assign(files, readAll(folder, inner));
    else files[inner] = readFileSync(full, 'latin1');
  }
  return files;
}

/** Where two runs differ: the first differing line of each part; '' where they agree. */
export function difference(ours: FrontRun, theirs: FrontRun): string {
  const parts: string[] = [];
  if (ours.status !== theirs.status) parts.push(`status: ${ours.status} ${theirs.status}`);
  parts.push(firstLine('stdout', ours.stdout, theirs.stdout));
  parts.push(firstLine('stderr', ours.stderr, theirs.stderr));
  const names = new Set([...Object.keys(ours.files), ...Object.keys(theirs.files)]);
  for (const name of [...names].sort()) {
    parts.push(firstLine(name, ours.files[name] ?? '(absent)', theirs.files[name] ?? '(absent)'));
  }
  return parts.filter((part) => part !== '').join('\n');
}

function firstLine(title: string, ours: string, theirs: string): string {
  if (ours === theirs) return '';
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const place = a.findIndex((line, index) => line !== b[index]);
  const at = place < 0 ? a.length : place;
  return `${title} line ${at + 1}:\n  ours   ${a[at] ?? '(end)'}\n  theirs ${b[at] ?? '(end)'}`;
}
