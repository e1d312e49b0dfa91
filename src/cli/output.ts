// Where answers and complaints go, and what the exit status says.

import {
  accessSync,
  chmodSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { fail, ok, type Problem, type Result } from '../base/index.ts';
import { reasonOf } from '../host/index.ts';
import { wrap } from '../report/index.ts';

/** Exit statuses, the same for every command. */
export const EXIT = {
  asExpected: 0,
  findings: 1,
  input: 2,
  bound: 3,
  nothingToCheck: 4,
  ours: 70,
  interrupted: 130,
} as const;

/** Text of a problem and the others of its input: what, where, and the next thing to try. */
export function problemText(problem: Problem): string {
  const where = problem.where === undefined ? '' : `${problem.where}: `;
  const hint = problem.hint === undefined ? [] : wrap(`hint: ${printable(problem.hint)}`, 2, 8);
  const others = (problem.others ?? []).map(problemText).join('');
  return [`dachs: ${printable(`${where}${problem.what}`)}`, ...hint, others].join('\n');
}

/** A remark as a line for stderr. */
export function noteText(note: string): string {
  return `${printable(note)}\n`;
}

// Messages quote what was read: a damaged file must not move the cursor of a terminal.
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/**
 * Writes the answer to stdout, or to `file`. A regular file is replaced in one move, so that no
 * half file is ever left, and keeps its mode; links are followed; into anything else (a device, a
 * FIFO) the answer is written as it is. `option` is the one that named the file.
 */
export function writeAnswer(text: string, file: string | undefined, option = '-o'): Result<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return ok(undefined);
  }
  if (file === '') return fail({ what: 'no file is named', hint: `give ${option} a path` });
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile()) accessSync(file, constants.W_OK);
    if (found === undefined || found.isFile()) replaceFile(text, file, found?.mode);
    else writeFileSync(file, text);
    return ok(undefined);
  } catch (error) {
    return fail(unwritten(error, file, option));
  }
}

function replaceFile(text: string, file: string, mode: number | undefined): void {
  const target = mode === undefined ? file : realpathSync(file);
  const partial = `${target}.partial.${process.pid}`;
  try {
    writeFileSync(partial, text);
    if (mode !== undefined) chmodSync(partial, mode);
    renameSync(partial, target);
  } catch (error) {
    removeIfThere(partial);
    throw error;
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where the folder of the file is none, there is nothing to remove.
  }
}

/** The Problem of an answer that could not be written. */
export function unwritten(error: unknown, file = 'standard output', option = '-o'): Problem {
  const what = `cannot write the answer: ${reasonOf(error)}`;
  return { what, where: file, hint: `choose another place with ${option} FILE` };
}

/** JSON with two-space indent and a final newline: the same bytes on every run. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
