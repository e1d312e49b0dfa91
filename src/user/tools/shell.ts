// Runs command lines of recordings against the modelled machine: files, devices, sysfs.

import type { Outcome } from '../outcome.ts';
import type { User } from '../user.ts';
import { COMMANDS } from './commands.ts';
import { type Command, type Pipeline, type Word, parseScript } from './shell-syntax.ts';

/** What a command came to. Texts are bytes, one character each. */
export interface Ran {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command may use. */
export interface CommandInput {
  readonly user: User;
  readonly argv: readonly string[];
  readonly stdin: string;
}

/** Nothing printed. */
export function ended(rc: number): Ran {
  return { rc, stdout: '', stderr: '' };
}

/** Script within script at most. */
const DEPTH_LIMIT = 8;

/** Runs `argv`, which may be `sh -c script`. */
export function shell(user: User, argv: readonly string[]): Ran {
  const [name, flag, script] = argv;
  if (name === 'sh' && flag === '-c' && script !== undefined) {
    return runScript(user, script, new Map(), 0);
  }
  return runCommand({ user, argv, stdin: '' });
}

/** Outcome as recordings have it: texts without the last newline, and none where empty. */
export function shellOutcome({ rc, stdout, stderr }: Ran): Outcome {
  const out = stdout.replace(/\n$/, '');
  const errors = stderr.replace(/\n$/, '');
  return {
    rc,
    ...(out === '' ? {} : { stdout: out }),
    ...(errors === '' ? {} : { stderr: errors }),
  };
}

function runScript(user: User, script: string, variables: Map<string, string>, depth: number): Ran {
  const pipelines = parseScript(script);
  if (typeof pipelines === 'string' || depth > DEPTH_LIMIT) {
    const why = typeof pipelines === 'string' ? pipelines : 'nested too deeply';
    return { rc: 2, stdout: '', stderr: `sh: ${why}\n` };
  }
  let rc = 0;
  let stdout = '';
  let stderr = '';
  for (const pipeline of pipelines) {
    if (pipeline.when === 'success' && rc !== 0) continue;
    if (pipeline.when === 'failure' && rc === 0) continue;
    const ran = runPipeline(user, pipeline, variables, depth);
    rc = ran.rc;
    stdout += ran.stdout;
    stderr += ran.stderr;
  }
  return { rc, stdout, stderr };
}

function runPipeline(
  user: User,
  { commands }: Pipeline,
  variables: Map<string, string>,
  depth: number,
): Ran {
  let last = ended(0);
  let stderr = '';
  for (const command of commands) {
    last = runOne(user, command, { stdin: last.stdout, variables, depth });
    if (!command.discardsErrors) stderr += last.stderr;
  }
  return { rc: last.rc, stdout: last.stdout, stderr };
}

function runOne(
  user: User,
  command: Command,
  context: {
    readonly stdin: string;
    readonly variables: Map<string, string>;
    readonly depth: number;
  },
): Ran {
  const expand = (word: Word): string =>
    word
      .map((part) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'variable') return context.variables.get(part.name) ?? '';
        const { stdout } = runScript(user, part.script, context.variables, context.depth + 1);
        return stdout.replace(/\n+$/, '');
      })
      .join('');
  const argv = command.words.map(expand);
  const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(argv[0] ?? '');
  if (assignment !== null && argv.length === 1) {
    context.variables.set(assignment[1] ?? '', assignment[2] ?? '');
    return ended(0);
  }
  const ran = runCommand({ user, argv, stdin: context.stdin });
  if (command.stdout === undefined) return ran;
  const wrote = runCommand({ user, argv: ['>', expand(command.stdout)], stdin: ran.stdout });
  return { rc: wrote.rc === 0 ? ran.rc : 1, stdout: '', stderr: ran.stderr + wrote.stderr };
}

function runCommand(input: CommandInput): Ran {
  const name = (input.argv[0] ?? '').replace(/^.*\//, '');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    return { rc: 127, stdout: '', stderr: `sh: ${name}: not found\n` };
  }
  return command(input);
}
