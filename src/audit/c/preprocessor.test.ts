// The conditional preprocessor: which lines stand, three-valued, and what a #define says.

import { expect, test } from 'vitest';
import { blankComments, definesOf, preprocess } from './preprocessor.ts';

const VALUES: Record<string, string> = {
  YES: 'y',
  MOD: 'm',
  NO: 'n',
  SIZE: '0x4000',
  GONE: 'undefined',
};
const lookup = (symbol: string): string | undefined => VALUES[symbol];

/** Whether the line after `#if condition` stands, and the one after its #else. */
function branch(condition: string): string {
  const lines = preprocess(`#${condition}\na\n#else\nb\n#endif\n`, lookup);
  return `${lines[0]?.active} ${lines[1]?.active}`;
}

test('defined() follows what the build writes for y, m, n and numbers', () => {
  expect(branch('ifdef CONFIG_YES')).toBe('yes no');
  expect(branch('ifdef CONFIG_MOD')).toBe('no yes');
  expect(branch('ifdef CONFIG_MOD_MODULE')).toBe('yes no');
  expect(branch('ifndef CONFIG_NO')).toBe('yes no');
  expect(branch('ifdef CONFIG_GONE')).toBe('no yes');
  expect(branch('if defined(CONFIG_SIZE) && !defined CONFIG_NO')).toBe('yes no');
});

test('IS_ENABLED() and its kin, and numbers', () => {
  expect(branch('if IS_ENABLED(CONFIG_MOD)')).toBe('yes no');
  expect(branch('if IS_BUILTIN(CONFIG_MOD)')).toBe('no yes');
  expect(branch('if IS_MODULE(CONFIG_MOD)')).toBe('yes no');
  expect(branch('if CONFIG_SIZE > 4096')).toBe('yes no');
  expect(branch('if CONFIG_YES')).toBe('yes no');
});

test('what is not known stays unknown, unless the rest decides', () => {
  expect(branch('ifdef CONFIG_WHO')).toBe('unknown unknown');
  expect(branch('if SOMETHING >= 7')).toBe('unknown unknown');
  expect(branch('if SOMETHING && IS_ENABLED(CONFIG_NO)')).toBe('no yes');
  expect(branch('if SOMETHING || IS_ENABLED(CONFIG_YES)')).toBe('yes no');
  expect(branch('if ((((')).toBe('unknown unknown');
});

test('elif is taken only where nothing before it was', () => {
  const text = '#if CONFIG_NO\na\n#elif CONFIG_YES\nb\n#elif CONFIG_YES\nc\n#else\nd\n#endif\ne\n';
  const active = preprocess(text, lookup).filter((l) => l.active === 'yes');
  expect(active.map((l) => l.text).join('')).toBe('be');
});

test('an include guard stands, and a macro of the file is defined below', () => {
  const text = [
    '#ifndef H',
    '#define H',
    '#define A 1',
    '#ifdef A',
    'x',
    '#endif',
    '#undef A',
    '#ifdef A',
    'y',
    '#endif',
    '#endif',
  ].join('\n');
  const lines = preprocess(text, lookup);
  expect(lines.find((l) => l.text === 'x')?.active).toBe('yes');
  expect(lines.find((l) => l.text === 'y')?.active).toBe('unknown');
});

test('continuations join, comments vanish, and lines keep their numbers', () => {
  const text =
    '/* a\n * b */\n#define F(x, y) \\\n\tone /* no */ + \\\n\ttwo // end\n#define G 3\n';
  expect(definesOf(preprocess(text, lookup))).toEqual([
    { name: 'F', params: ['x', 'y'], body: 'one + two', line: 3, active: 'yes' },
    { name: 'G', params: undefined, body: '3', line: 6, active: 'yes' },
  ]);
});

test('a macro body in parentheses is not a parameter list', () => {
  const [define] = definesOf(preprocess('#define F (a)\n', lookup));
  expect(define).toMatchObject({ name: 'F', params: undefined, body: '(a)' });
});

test('blanking keeps length and line ends', () => {
  const text = 'a "b /* c */" /* d\n e */ f // g\n\'"\' h\n';
  const blank = blankComments(text);
  expect(blank.length).toBe(text.length);
  expect(blank.split('\n').length).toBe(4);
  expect(blank.replace(/\s+/g, ' ')).toBe('a " " f \' \' h ');
});
