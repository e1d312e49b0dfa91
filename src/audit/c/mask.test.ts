// The masks: same length and lines always, and functions that become readable by each row.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { maskKernelMacros } from './mask.ts';

const syntax = await loadCSyntax();

test('each row makes a text readable that the grammar alone does not know', () => {
  for (const text of [
    'DEFINE_FREE(drop, struct thing *, if (_T) put(_T))\nint f(void) { return 0; }\n',
    'void f(void)\n{\n\tstruct thing *t __free(drop) = NULL;\n}\n',
    'static int __init f(void)\n{\n\treturn 0;\n}\n',
    'STATIC int f(void)\n{\n\treturn 0;\n}\n',
    'static __always_inline int f(void)\n{\n\treturn 0;\n}\n',
    'void f(void)\n{\n\tlist_for_each_entry(a, b, c) {\n\t\tg();\n\t}\n}\n',
    'void f(void)\n{\n\tscoped_guard(mutex, &m) {\n\t\tg();\n\t}\n}\n',
    'void f(void)\n{\n\tx = list_entry(a, struct thing, node);\n}\n',
    'void f(void)\n{\n\tx = min_t(unsigned int, a, b);\n}\n',
    'module_param(x, int, 0644);\n',
  ]) {
    expect(
      syntax.parse(text, (root) => root.hasError),
      text,
    ).toBe(false);
  }
});

test('a node gives the original words, not the masked ones', () => {
  const text = 'static int __init f(void)\n{\n\treturn 0;\n}\n';
  expect(syntax.parse(text, (root) => root.children[0]?.text)).toBe(text.trimEnd());
});

test('definitions and names that only look like a macro stay', () => {
  for (const text of [
    'int for_each_thing(void)\n{\n',
    'int my__init;\n',
    'x = STATICX;\n',
    '#define for_each_x(a) while (a)\n',
  ]) {
    expect(maskKernelMacros(text)).toBe(text);
  }
});

test('length and line ends are kept for any text', () => {
  const piece = fc.constantFrom(
    '__free(',
    ')',
    '(',
    '\n',
    '\r\n',
    '\t',
    ' ',
    'list_for_each_entry',
    '{',
    '}',
    ',',
    ';',
    'struct x',
    'DEFINE_FREE(',
    'min_t(',
    '__init',
    '\u00e4',
    '\u{1f600}',
    'unsigned int,',
    '#',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const masked = maskKernelMacros(text);
      expect(masked.length).toBe(text.length);
      expect(masked.split('\n').map((l) => l.length)).toEqual(
        text.split('\n').map((l) => l.length),
      );
    }),
  );
});

test('a loop macro that never opens costs no more than its text', () => {
  const text = `\tlist_for_each_entry(${'\n'.repeat(20_000)}`;
  expect(maskKernelMacros(text)).toBe(text);
});
