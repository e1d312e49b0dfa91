// Where answers and complaints go, and what the exit status says.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { fail, ok, type Problem, type Result } from '../base/index.ts';

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

/** Text of a problem: what, where, and the next thing to try. */
export function problemText(problem: Problem): string {
  const where = problem.where === undefined ? '' : `${problem.where}: `;
  const hint = problem.hint === undefined ? '' : `\n  hint: ${problem.hint}`;
  return `dachs: ${where}${problem.what}${hint}\n`;
}

/** Writes the answer to stdout, or to `file` in one move so that no half file is ever left. */
export function writeAnswer(text: string, file: string | undefined): Result<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return ok(undefined);
  }
  const partial = `${file}.partial.${process.pid}`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, file);
    return ok(undefined);
  } catch (error) {
    rmSync(partial, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    return fail({
      what: `cannot write the answer: ${reason}`,
      where: file,
      hint: 'choose another -o',
    });
  }
}

/** JSON with two-space indent and a final newline: the same bytes on every run. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
