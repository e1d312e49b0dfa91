// Runs one program in a folder, with a limit on its time, and hands its lines on as they come: a
// verifier may say the same few outcomes a million times.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a program ended: its exit status, the signal that killed it, or our own limit. */
export type Ending = number | NodeJS.Signals | 'time limit';

/** What to run, and with which limit. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly seconds: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program and shows `onLine` each line of its output and of its errors. */
export function runIn(command: Command, onLine: (line: string) => void): Promise<Ending> {
  const { program, args, folder, seconds, env } = command;
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onLine);
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve(late ? 'time limit' : (signal ?? status ?? 0));
    });
  });
}
