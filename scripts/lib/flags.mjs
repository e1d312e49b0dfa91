// The command line of the scripts that take flags only. Read before anything is done, so that
// --help and a slip of the pen change nothing.

import { parseArgs } from 'node:util';

/**
 * Whether each of `names` was given. --help prints the usage and ends with status 0, anything
 * unknown with status 2.
 * @template {string} Name
 * @param {string} usage one line: what to type, and what it does
 * @param {readonly Name[]} names without the dashes
 * @returns {Record<Name, boolean>}
 */
export function flags(usage, names) {
  const flag = /** @type {const} */ ({ type: 'boolean' });
  const options = Object.fromEntries(['help', ...names].map((name) => [name, flag]));
  try {
    const { values } = parseArgs({ options: { ...options, help: { ...flag, short: 'h' } } });
    if (values.help) end(0, process.stdout, `Usage: ${usage}`);
    const given = names.map((name) => [name, name in values]);
    return /** @type {Record<Name, boolean>} */ (Object.fromEntries(given));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return end(2, process.stderr, `error: ${what}\nUsage: ${usage}`);
  }
}

/**
 * @param {number} status
 * @param {NodeJS.WriteStream} stream
 * @param {string} text
 * @returns {never}
 */
function end(status, stream, text) {
  stream.write(`${text}\n`);
  process.exit(status);
}
