// dachs shell: a modelled kernel to talk to, by hand or from a file of operations.

import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { type Answer, EXIT } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { readTextFile } from '../../host/index.ts';
import { operationHelp, operationsText, outcomeText, problemText } from '../../report/index.ts';
import {
  defaultSetup,
  mkfsNote,
  OPERATIONS,
  type Outcome,
  parseLine,
  type RawArgs,
  recordedArgs,
  strangeName,
  User,
  type UserSetup,
} from '../../user/index.ts';
import { unused } from '../unused.ts';
import { machineNamed } from './replay.ts';

/** Options of `dachs shell` as they were typed. */
export interface ShellOptions {
  readonly machine?: string;
  readonly kernel?: '6.1' | '6.12';
  readonly gate?: 'open' | 'stock' | 'EOPNOTSUPP' | 'ENOMEM';
  readonly json?: boolean;
  readonly output?: string;
}

const HELP = `Operations take arguments in order or as name=value; numbers as 4096, 4k or 0x1000.
help lists operations, help OP tells more of one; ! LINE is a command line; quit leaves.
`;

/** Runs the operations of a file, or of stdin, or asks for them on a terminal. */
export async function shellCommand(
  file: string | undefined,
  options: ShellOptions,
): Promise<Result<Answer>> {
  const setup = setupOf(options);
  if (!setup.ok) return setup;
  const user = new User(setup.value);
  // Not process.stdin: to look at it makes a pipe non-blocking, and reading it fails then.
  if (file === undefined && isatty(0)) {
    const idle = unused(options, ['json', 'output'], 'a terminal');
    if (idle) return idle;
    await talk(user, setup.value);
    return ok({ text: '', exit: EXIT.asExpected });
  }
  const name = file ?? '-';
  const text = readTextFile(name, 'operations', 'one operation a line; dachs shell, then help');
  if (!text.ok) return text;
  const lines = text.value.split('\n');
  if (options.json === true) return recordLines(user, setup.value, { lines, name });
  return runLines(user, { lines, name, toFile: options.output !== undefined });
}

function setupOf(options: ShellOptions): Result<UserSetup> {
  const machine = options.machine === undefined ? ok(undefined) : machineNamed(options.machine);
  if (!machine.ok) return machine;
  return defaultSetup({ machine: machine.value, release: options.kernel, gate: options.gate });
}

interface Input {
  readonly lines: readonly string[];
  readonly name: string;
}

/** Up to the first line that cannot be run; what the lines before it came to is told. */
function runLines(user: User, input: Input & { readonly toFile: boolean }): Result<Answer> {
  let text = '';
  for (const [index, line] of input.lines.entries()) {
    if (isQuit(line)) break;
    const answer = answerTo(user, line);
    if (!answer.ok) {
      const problem = { ...answer.problem, where: `${input.name}:${index + 1}` };
      if (input.toFile) return fail(problem);
      process.stdout.write(text);
      return fail(problem);
    }
    if (answer.value !== '') text += `> ${line.trim()}\n${answer.value}`;
  }
  return ok({ text, exit: EXIT.asExpected });
}

function recordLines(user: User, setup: UserSetup, input: Input): Result<Answer> {
  const steps: { op: string; args: RawArgs; expect: Outcome }[] = [];
  for (const [index, line] of input.lines.entries()) {
    if (isQuit(line)) break;
    if (helpFor(line) !== undefined) continue;
    const where = `${input.name}:${index + 1}`;
    const typed = parseLine(line);
    if (!typed.ok) return fail({ ...typed.problem, where });
    if (typed.value === undefined) continue;
    const outcome = user.perform(typed.value.op, typed.value.args);
    if (!outcome.ok) return fail({ ...outcome.problem, where });
    const { op } = typed.value;
    steps.push({ op, args: recordedArgs(typed.value), expect: outcome.value });
  }
  const text = `${JSON.stringify(scenario(setup, input.name, steps))}\n`;
  return ok({ text, exit: EXIT.asExpected });
}

// In the form of a recording, so that `dachs replay` can run it on other machines and kernels.
function scenario(setup: UserSetup, name: string, steps: readonly object[]) {
  const gate = setup.gate === 'stock' ? 'open' : `refused:${setup.gate}`;
  return {
    id: name,
    kernel: `${setup.release} (model on ${setup.machine.id})`,
    arch: setup.machine.id,
    gate,
    group: 'shell',
    steps,
  };
}

async function talk(user: User, setup: UserSetup): Promise<void> {
  const { machine, release } = setup;
  process.stdout.write(`Linux ${release} on ${machine.name} (${machine.id}).\n${HELP}`);
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: '> ',
    completer: completions,
  });
  // As in other shells, Ctrl-C gives up the line; Ctrl-D or quit leaves.
  reader.on('SIGINT', () => {
    process.stdout.write('\n');
    reader.write(null, { ctrl: true, name: 'e' });
    reader.write(null, { ctrl: true, name: 'u' });
    reader.prompt();
  });
  reader.prompt();
  for await (const line of reader) {
    if (isQuit(line)) break;
    const answer = answerTo(user, line);
    process.stdout.write(answer.ok ? answer.value : `${problemText(answer.problem)}\n`);
    reader.prompt();
  }
  reader.close();
}

/** Names of operations that begin as the first word does. */
function completions(line: string): [string[], string] {
  const word = line.replace(/^help /, '');
  const names = Object.keys(OPERATIONS).toSorted();
  return [names.filter((name) => name.startsWith(word)).map((name) => `${name} `), word];
}

/** What a line comes to, in text: the outcome, what the kernel logged, and why nothing was done. */
function answerTo(user: User, line: string): Result<string> {
  const topic = helpFor(line);
  if (topic !== undefined) return helpText(topic);
  const typed = parseLine(line);
  if (!typed.ok) return typed;
  if (typed.value === undefined) return ok('');
  const { op, args } = typed.value;
  const strange = strangeName(user, args);
  const { dmesg } = user.linux;
  const logged = dmesg.length;
  const outcome = user.perform(op, args);
  if (!outcome.ok) return outcome;
  const log = dmesg.slice(logged).map((text) => `log: ${text}\n`);
  const failed = outcome.value['rc'] === -1 ? strange : undefined;
  const note = failed ?? mkfsNote(user, typed.value, outcome.value);
  const why = note === undefined ? '' : `note: ${note}\n`;
  return ok(outcomeText(outcome.value) + why + log.join(''));
}

/** What help is asked about, '' for all; undefined where a line asks for none. */
function helpFor(line: string): string | undefined {
  return /^\s*(?:help|\?)(?:\s+(\S+))?\s*$/
    .exec(line)
    ?.slice(1)
    .map((topic) => topic ?? '')[0];
}

function helpText(topic: string): Result<string> {
  if (topic === '') return ok(HELP + operationsText(OPERATIONS));
  const text = operationHelp(topic);
  if (text !== undefined) return ok(text);
  return fail({ what: `there is no operation '${topic}'`, hint: 'help lists them' });
}

function isQuit(line: string): boolean {
  return /^\s*(?:quit|exit)\s*$/.test(line);
}
