// The language of command lines in recordings, as far as it is understood.

import { describe, expect, test } from 'vitest';
import { type Word, parseScript } from './shell-syntax.ts';

function plain(word: Word): string {
  return word
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'variable' ? `<${part.name}>` : `[${part.script}]`;
    })
    .join('');
}

function read(script: string): unknown {
  const parsed = parseScript(script);
  if (typeof parsed === 'string') return parsed;
  return parsed.map(({ when, commands }) => [
    when,
    ...commands.map(({ words, stdout, discardsErrors }) => [
      words.map(plain).join(' '),
      ...(stdout === undefined ? [] : [`> ${plain(stdout)}`]),
      ...(discardsErrors ? ['2>'] : []),
    ]),
  ]);
}

describe('scripts', () => {
  test('lists, pipelines, redirections', () => {
    expect(read('a; b | c > f || true && d 2>/dev/null')).toEqual([
      ['always', ['a']],
      ['always', ['b'], ['c', '> f']],
      ['failure', ['true']],
      ['success', ['d', '2>']],
    ]);
  });

  test('quotes, variables, substitution', () => {
    expect(read(`n=$(basename $(readlink -f /dev/x)); cat /sys/$n/a 'b c' "d"`)).toEqual([
      ['always', ['n=[basename $(readlink -f /dev/x)]']],
      ['always', ['cat /sys/<n>/a b c d']],
    ]);
  });

  test.each([
    ['a > ', `'>' without a file`],
    ['a $(b', `'$(' without ')'`],
    ['a & b', `'&' is not understood`],
    [`a 'b`, `''' is not understood`],
  ])('%s is refused', (script, message) => {
    expect(read(script)).toBe(message);
  });
});
