// One operation as people type it: `pread f 0 16`, `mount fs=ext4 device=/dev/role/fsdax0 dir=/m`.

import { type Result, fail, ok } from '../base/index.ts';
import { numberOf, type RawArgs } from './args.ts';
import { argumentsOf, OPERATIONS, usageText } from './operations.ts';

/** An operation and its arguments. */
export interface TypedOperation {
  readonly op: string;
  readonly args: RawArgs;
}

/** Characters of one line at most. */
const LINE_LIMIT = 4096;

/**
 * The operation of a line; undefined for a blank line or a comment (`#`). Arguments stand in the
 * order of the operation's usage, or by name; the last takes the rest where it is a list. A line
 * that begins with `!` is a command line for sh.
 */
export function parseLine(line: string): Result<TypedOperation | undefined> {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return ok(undefined);
  if (text.length > LINE_LIMIT)
    return fail({ what: `a line has ${LINE_LIMIT} characters at most` });
  if (text.startsWith('!')) {
    return ok({ op: 'shell', args: { argv: ['sh', '-c', text.slice(1).trim()] } });
  }
  const words = wordsOf(text);
  if (words === undefined) return fail({ what: 'a quote is not closed' });
  const [op = '', ...rest] = words;
  if (!Object.hasOwn(OPERATIONS, op)) {
    return fail({ what: `there is no operation '${op}'`, hint: 'help lists them' });
  }
  const names = argumentsOf(op).map(({ name }) => name);
  const args: Record<string, unknown> = {};
  const free = [...names];
  for (const [index, word] of rest.entries()) {
    if (free[0] === 'argv') {
      args['argv'] = rest.slice(index);
      break;
    }
    const named = /^([a-z_]+)=(.*)$/s.exec(word);
    const isNamed = named !== null && names.includes(named[1] ?? '');
    const name = isNamed ? (named[1] ?? '') : free[0];
    if (name === undefined || Object.hasOwn(args, name)) {
      return fail({
        what: `'${word}' is too much for ${op}`,
        hint: `usage: ${usageText(op)}`,
      });
    }
    args[name] = isNamed ? (named[2] ?? '') : word;
    free.splice(free.indexOf(name), 1);
  }
  return ok({ op, args });
}

/** The arguments as recordings have them: numbers as numbers. */
export function recordedArgs({ op, args }: TypedOperation): RawArgs {
  const recorded: Record<string, unknown> = { ...args };
  for (const { name, kind } of argumentsOf(op)) {
    const value = recorded[name];
    if (kind === 'number' && typeof value === 'string') recorded[name] = numberOf(value);
  }
  return recorded;
}

function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*((?:'[^']*'|"[^"]*"|[^\s'"])+)/gy;
  let read = 0;
  for (const match of text.matchAll(pattern)) {
    words.push((match[1] ?? '').replaceAll(/'([^']*)'|"([^"]*)"/g, (_, a, b) => String(a ?? b)));
    read += match[0].length;
  }
  return read === text.length ? words : undefined;
}
