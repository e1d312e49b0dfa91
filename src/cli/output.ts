// Where answers go.

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
