// dachs shell: a modelled kernel to talk to, by hand or from a file of operations.

import { createInterface } from 'node:readline';
import { fail, ok, type Result } from '../../base/index.ts';
import { readTextFile } from '../../host/index.ts';
import { operationsText, outcomeText } from '../../report/index.ts';
import {
  defaultSetup,
  OPERATIONS,
  type Outcome,
  parseLine,
  type RawArgs,
  User,
  type UserSetup,
} from '../../user/index.ts';
import { EXIT, problemText } from '../output.ts';
import type { Answer } from './answer.ts';
import { machineNamed } from './replay.ts';

/** Options of `dachs shell` as they were typed. */
export interface ShellOptions {
  readonly machine?: string;
  readonly kernel?: '6.1' | '6.12';
  readonly gate?: 'open' | 'stock' | 'EOPNOTSUPP' | 'ENOMEM';
  readonly json?: boolean;
}

const HELP = `Operations, with their arguments in order or as name=value; sizes as 4k, 16M.
! LINE runs a command line; help lists operations; quit leaves.
`;

/** Runs the operations of a file, or of stdin, or asks for them on a terminal. */
export async function shellCommand(
  file: string | undefined,
  options: ShellOptions,
): Promise<Result<Answer>> {
  const setup = setupOf(options);
  if (!setup.ok) return setup;
  const user = new User(setup.value);
  if (file === undefined && process.stdin.isTTY) {
    await talk(user, setup.value);
    return ok({ text: '', exit: EXIT.asExpected });
  }
  const name = file ?? '-';
  const text = readTextFile(name, 'operations', 'one operation a line; dachs shell, then help');
  if (!text.ok) return text;
  return runLines(user, setup.value, {
    lines: text.value.split('\n'),
    name,
    json: options.json === true,
  });
}

function setupOf(options: ShellOptions): Result<UserSetup> {
  const machine = options.machine === undefined ? ok(undefined) : machineNamed(options.machine);
  if (!machine.ok) return machine;
  return defaultSetup({ machine: machine.value, release: options.kernel, gate: options.gate });
}

function runLines(
  user: User,
  setup: UserSetup,
  input: { readonly lines: readonly string[]; readonly name: string; readonly json: boolean },
): Result<Answer> {
  const steps: { op: string; args: RawArgs; expect: Outcome }[] = [];
  let text = '';
  for (const [index, line] of input.lines.entries()) {
    const where = `${input.name}:${index + 1}`;
    const typed = parseLine(line);
    if (!typed.ok) return fail({ ...typed.problem, where });
    if (typed.value === undefined) continue;
    const outcome = user.perform(typed.value.op, typed.value.args);
    if (!outcome.ok) return fail({ ...outcome.problem, where });
    steps.push({ ...typed.value, expect: outcome.value });
    text += `> ${line.trim()}\n${outcomeText(outcome.value)}`;
  }
  if (!input.json) return ok({ text, exit: EXIT.asExpected });
  return ok({
    text: `${JSON.stringify(scenario(setup, input.name, steps))}\n`,
    exit: EXIT.asExpected,
  });
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
  process.stdout.write(`Linux ${release} on ${machine.name} (${machine.id}). ${HELP}`);
  const reader = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  reader.prompt();
  for await (const line of reader) {
    if (/^\s*(?:quit|exit)\s*$/.test(line)) break;
    process.stdout.write(answerTo(user, line));
    reader.prompt();
  }
  reader.close();
}

function answerTo(user: User, line: string): string {
  if (/^\s*(?:help|\?)\s*$/.test(line)) return HELP + operationsText(OPERATIONS);
  const typed = parseLine(line);
  if (!typed.ok) return `${problemText(typed.problem)}\n`;
  if (typed.value === undefined) return '';
  const outcome = user.perform(typed.value.op, typed.value.args);
  return outcome.ok ? outcomeText(outcome.value) : `${problemText(outcome.problem)}\n`;
}
