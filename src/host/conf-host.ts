// What `dachs conf` runs on: the files around it, its environment, and the shell. Texts are bytes,
// one character each.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { type ConfHost, maxTextBytes, TooLarge } from '../audit/index.ts';

/** The system, for a program that is called `program`. */
export function confHost(program: string): ConfHost {
  return {
    environment: environment(),
    program,
    isTerminal: isatty(0) && isatty(1),
    read: (file) => attempt(() => readBytes(file)),
    isFolder: (file) => attempt(() => statSync(bytes(file)).isDirectory()) ?? false,
    write: (file, text) => succeeds(() => writeFileSync(bytes(file), text, 'latin1')),
    rename: (from, to) => succeeds(() => renameSync(bytes(from), bytes(to))),
    makeParent: (file) =>
      succeeds(() => void mkdirSync(bytes(path.dirname(file)), { recursive: true })),
    shell,
    chance: () => (Number(process.hrtime.bigint() & 0xffffffffn) ^ process.pid) >>> 0,
  };
}

/** Lines of stdin, each with its newline, one at a call; undefined where there are no more. */
export function stdinLines(): () => string | undefined {
  const block = Buffer.alloc(65_536);
  let rest = '';
  let isEnded = false;
  return () => {
    while (!isEnded && !rest.includes('\n')) {
      const count = readInput(block);
      if (count === 0) isEnded = true;
      rest += block.toString('latin1', 0, count);
    }
    const end = rest.indexOf('\n') + 1;
    const line = end > 0 ? rest.slice(0, end) : rest;
    rest = rest.slice(line.length);
    return line === '' ? undefined : line;
  };
}

// A terminal that somebody else has set not to block is asked again.
function readInput(block: Buffer): number {
  for (;;) {
    try {
      return readSync(0, block, 0, block.length, null);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function environment(): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    all[latin(name)] = latin(value ?? '');
  }
  return all;
}

function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

// Devices have no size: what is longer than any file we take is not read to its end.
function readBytes(file: string): string | undefined {
  const handle = openSync(bytes(file), 'r');
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const part = Buffer.alloc(65_536);
      const count = readSync(handle, part, 0, part.length, null);
      if (count === 0) return Buffer.concat(parts).toString('latin1');
      size += count;
      if (size > maxTextBytes) {
        throw new TooLarge(`${file}: larger than ${maxTextBytes >> 20} MiB: not read`);
      }
      parts.push(part.subarray(0, count));
    }
  } finally {
    closeSync(handle);
  }
}

function shell(command: string): string {
  const run = spawnSync('/bin/sh', ['-c', bytes(command).toString('utf8')], {
    encoding: 'latin1',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  return run.stdout ?? '';
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    return undefined;
  }
}

function succeeds(act: () => void): boolean {
  return (
    attempt(() => {
      act();
      return true;
    }) === true
  );
}
