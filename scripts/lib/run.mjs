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

/** The user stopped us, or the program we were waiting for; status 130. */
export class Interrupted extends Error {}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** @type {Set<() => void>} */
const cleaners = new Set();

/** The signals by which users, terminals and supervisors stop a program. */
const stops = /** @type {const} */ ([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
]);

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
 * Runs a program in a process group of its own and says whether it ended with status 0, and what it
 * printed where `output` is 'pipe'. Rejects with Interrupted when a signal stopped it that a user
 * sends; one that crashed, or is not there, has failed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, output: 'pipe' | 'inherit' }} options
 * @returns {Promise<{ ok: boolean, printed: string }>}
 */
export function outcome(program, args, { cwd, env, output }) {
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  children.add(child);
  const texts = [child.stdout, child.stderr].map(gathered);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      children.delete(child);
      resolve({ ok: false, printed: `cannot run ${program}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      const stopped = stops.some(([name, number]) => name === signal || 128 + number === code);
      if (stopped) reject(new Interrupted());
      else resolve({ ok: code === 0, printed: texts.map((text) => text()).join('') });
    });
  });
}

/**
 * Reads a stream as text; the function gives what has come so far.
 * @param {import('node:stream').Readable | null} stream
 */
function gathered(stream) {
  let all = '';
  stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    all += text;
  });
  return () => all;
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
 * Runs a script's main function: sets the exit status, reports Trouble, and on a signal, or when
 * the npm that started us is stopped, ends the children, cleans up and exits with 128 + the
 * signal's number.
 * @param {() => Promise<number>} main
 */
export async function start(main) {
  for (const [signal, number] of stops) process.on(signal, () => stop(number));
  stopWithNpm();
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write('interrupted\n');
      process.exitCode = 130;
      return;
    }
    const trouble = asTrouble(error);
    process.stderr.write(`error: ${trouble.message}\n`);
    if (trouble.hint !== undefined) process.stderr.write(`hint: ${trouble.hint}\n`);
    process.exitCode = 2;
  }
}

/**
 * Ends everything, at once.
 * @param {number} number the signal's
 */
function stop(number) {
  stopChildren();
  for (const clean of cleaners) clean();
  process.stderr.write('interrupted\n');
  process.exit(128 + number);
}

/** npm hands a SIGTERM on to the shell between it and us, which dies of it and tells nobody. */
function stopWithNpm() {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop(15);
  }, 200).unref();
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
