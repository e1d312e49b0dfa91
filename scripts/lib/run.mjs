// Starts other programs, ends them and runs clean-up when the user stops us.

import { spawn, spawnSync } from 'node:child_process';

/** Someone's input, or this machine, is not as needed; printed without a stack trace, status 2. */
export class Trouble extends Error {
  /**
   * @param {string} what
   * @param {string} [hint] the next thing to type or to try
   */
  constructor(what, hint) {
    super(what);
    this.hint = hint;
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** @type {Set<() => void>} */
const cleaners = new Set();

/**
 * Runs a program in a process group of its own; rejects with Trouble when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, onLine?: (line: string) => boolean }} [options] `onLine` sees each line
 *   of standard error and says whether it has dealt with it; without it the lines pass through
 * @returns {Promise<void>}
 */
export function run(program, args, { cwd, onLine } = {}) {
  const child = spawn(program, args, {
    cwd,
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 2, onLine ? 'pipe' : 2],
  });
  children.add(child);
  const said = onLine ? unread(child, onLine) : [];
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Trouble(`cannot run ${program}: ${error.message}`)));
    child.on('close', (code, signal) => {
      children.delete(child);
      const how = signal ?? `status ${code}`;
      if (code === 0) resolve();
      else reject(new Trouble([`${program} failed (${how})`, ...said.slice(-5)].join('\n  ')));
    });
  });
}

/**
 * Gathers the lines of standard error that `onLine` leaves.
 * @param {import('node:child_process').ChildProcess} child
 * @param {(line: string) => boolean} onLine
 */
function unread(child, onLine) {
  /** @type {string[]} */
  const lines = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.filter((line) => line.trim() !== '' && !onLine(line)));
  });
  return lines;
}

/**
 * Standard output of a quick program, or undefined when it fails or is not there.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function ask(program, args) {
  const env = { ...process.env, LC_ALL: 'C' };
  const result = spawnSync(program, args, { encoding: 'utf8', env, maxBuffer: 1 << 26 });
  return result.status === 0 ? result.stdout : undefined;
}

/**
 * Whether a program is on the search path.
 * @param {string} program
 */
export function has(program) {
  return ask('sh', ['-c', 'command -v "$1"', 'sh', program]) !== undefined;
}

/**
 * Does the work; whether it ends, fails or is interrupted, `clean` runs once.
 * @template T
 * @param {() => void} clean
 * @param {() => Promise<T>} work
 */
export async function cleanly(clean, work) {
  cleaners.add(clean);
  try {
    return await work();
  } finally {
    if (cleaners.delete(clean)) clean();
  }
}

/**
 * Runs a script's main function: sets the exit status, reports Trouble, and on a signal ends the
 * children, cleans up and exits with 128 + the signal's number.
 * @param {() => Promise<number>} main
 */
export async function start(main) {
  for (const [signal, number] of /** @type {const} */ ([
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ])) {
    process.on(signal, () => {
      stopChildren();
      for (const clean of cleaners) clean();
      process.exit(128 + number);
    });
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    const trouble = asTrouble(error);
    process.stderr.write(`error: ${trouble.message}\n`);
    if (trouble.hint !== undefined) process.stderr.write(`hint: ${trouble.hint}\n`);
    process.exitCode = 2;
  }
}

/**
 * What util.parseArgs throws is the user's mistake too; anything else is ours and goes on.
 * @param {unknown} error
 */
function asTrouble(error) {
  if (error instanceof Trouble) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && code.startsWith('ERR_PARSE_ARGS')) {
    return new Trouble(error.message.replace(/\. To specify.*/s, ''), 'add --help to see them all');
  }
  throw error;
}

function stopChildren() {
  for (const { pid } of children) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
