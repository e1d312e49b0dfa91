// The functions of a file are found without a parser, where comments, literals, macros and arms of
// `#if` hide braces; no text stops the scan.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanFunctions } from './scan.ts';

const namesOf = (text: string) => scanFunctions(text).functions.map((f) => f.name);

describe('functions', () => {
  test('are found with their places, types and calls', () => {
    const text = [
      'struct box { int a; };',
      'static inline struct box *make(int a) __must_hold(x)',
      '{',
      '\tdrop(a);',
      '\treturn wrap(a, "} (fake(");',
      '}',
      'int two(void) { return 2; }',
    ].join('\n');
    const [make, two] = scanFunctions(text).functions;
    expect(make).toMatchObject({ name: 'make', returnsPointer: true, isStatic: true });
    expect(make?.calls).toEqual(['wrap']);
    expect(text.slice(make?.start, make?.end)).toMatch(/^static[^]*}$/);
    expect(text.slice(make?.at)).toMatch(/^make\(/);
    expect(two).toMatchObject({ name: 'two', returnsPointer: false, isStatic: false });
  });

  test('end where arms of a condition leave braces open', () => {
    const text = [
      'int a(void)\n{\n#ifdef X\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\tz();\n\t}\n}',
      'int b(void)\n{\n\tif (MACRO_WITH_A_BRACE)\n}\n}',
      'int c(void)\n{\n}',
    ].join('\n');
    expect(namesOf(text)).toEqual(['a', 'b', 'c']);
  });

  test('are no tables, types, macros or comments', () => {
    const text = [
      'static const struct ops table = { .open = f, };',
      'enum kind { A, B };',
      '#define M(x) do { \\\n\tx; \\\n} while (0)',
      '/* int no(void)\n{\n} */',
      'DEFINE_THING(x, ({ 1; }));',
      'extern "C" {',
      'int yes(void)\n{\n}',
    ].join('\n');
    expect(namesOf(text)).toEqual(['yes']);
  });

  test('that stand behind a line which does not end are found', () => {
    expect(namesOf('MODULE("x")\nstatic int f(int a)\n{\n}')).toEqual(['f']);
  });
});

test('a macro that is one call stands for it', () => {
  const { aliases } = scanFunctions(
    '#define run(a) (start(a, 0))\n#define both(a) one(a) + two(a)\n' +
      '#define get(...)\talloc_hooks(get_noprof(__VA_ARGS__))\n',
  );
  expect(aliases).toEqual([
    { name: 'run', target: 'start' },
    { name: 'get', target: 'get_noprof' },
  ]);
});

test('no text stops it, and functions lie in order within the text', () => {
  const marks = ['{', '}', '\n', '\n}', '(', ')', '"', "'", '/*', '*/', '//', ';', '=', '\\'];
  const words = ['#if X', '#else', '#endif', '#define M(x) g(x)', 'f', 'struct ', 'static ', '*'];
  const piece = fc.constantFrom(...marks, ...words, ' ', '\\\n', 'return ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { start, at, end } of scanFunctions(text).functions) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(at).toBeGreaterThanOrEqual(start);
        expect(end).toBeGreaterThan(at);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test('a long text takes time in proportion to its length', () => {
  const large = `int f(void)\n{\n${'\tx = y(1); /* } */\n'.repeat(500_000)}}\n`;
  expect(large.length).toBeGreaterThan(9_000_000);
  const start = performance.now();
  expect(namesOf(large)).toEqual(['f']);
  expect(namesOf('{('.repeat(1_000_000))).toEqual([]);
  expect(namesOf('#define A /* x\n'.repeat(100_000))).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5000);
});
