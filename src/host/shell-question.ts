// One command of a kernel tree, run as conf runs it: by the shell, its complaints unheard.

import { spawn } from 'node:child_process';
import { maxShellBytes } from '../audit/index.ts';

/** What became of a command. */
export type ShellAnswer =
  | { readonly kind: 'ended'; readonly status: number; readonly printed: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'stopped' };

/** Where commands run, and what ends them. */
export interface ShellPlace {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  /** Groups of processes that run; whoever ends the program ends them first. */
  readonly running: Set<number>;
}

/** Runs `sh -c command`; ends it with all that it started at the time limit, or when stopped. */
export function askShell(command: string, place: ShellPlace): Promise<ShellAnswer> {
  const { folder: cwd, environment: env, milliseconds, signal, running } = place;
  if (signal.aborted) return Promise.resolve({ kind: 'stopped' });
  return new Promise((resolve) => {
    // Detached: a group of its own, which ends as one.
    const child = spawn('/bin/sh', ['-c', command], {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const printed: Buffer[] = [];
    let size = 0;
    let early: ShellAnswer | undefined;
    const end = (answer: ShellAnswer): void => {
      early ??= answer;
      if (pid !== undefined) endGroup(pid);
    };
    const onAbort = (): void => end({ kind: 'stopped' });
    const timer = setTimeout(() => end({ kind: 'too-long' }), milliseconds);
    signal.addEventListener('abort', onAbort);
    child.stdout.on('data', (bytes: Buffer) => {
      if (size <= maxShellBytes) printed.push(bytes);
      size += bytes.length;
    });
    const done = (status: number): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (pid !== undefined) running.delete(pid);
      const text = Buffer.concat(printed).subarray(0, maxShellBytes).toString('utf8');
      resolve(early ?? { kind: 'ended', status, printed: text });
    };
    child.on('error', () => done(127));
    child.on('close', (status) => done(status ?? 128));
  });
}

/** Ends a group of processes that askShell() started; one that has ended is let be. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
