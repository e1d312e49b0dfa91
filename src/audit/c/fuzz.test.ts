// No text makes the C side throw: random words, and words of C thrown together.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { memoryTree } from '../tree.ts';
import { readAllocDax } from './alloc-dax.ts';
import { parseExpression } from './expression.ts';
import { readPredicate } from './predicate.ts';
import { readCFacts } from './read.ts';
import { readShmlba } from './shmlba.ts';

const syntax = await loadCSyntax();

const word = fc.constantFrom(
  'alloc_dax',
  '(',
  ')',
  '{',
  '}',
  ';',
  ',',
  '=',
  'if',
  'else',
  'return',
  'goto out',
  'out:',
  'IS_ERR',
  'PTR_ERR',
  '!',
  '==',
  '-EOPNOTSUPP',
  'NULL',
  'dev',
  'int f(void)',
  '\n',
  '#if',
  '#else',
  '#endif',
  '#define',
  '#ifdef CONFIG_X',
  'cpu_dcache_is_aliasing()',
  '?',
  ':',
  '->',
  '&&',
  '/*',
  '*/',
  '"',
  '\\',
  '\\\n',
  '0x',
  '1',
  'SHMLBA',
  'static inline',
  'struct dax_operations *ops',
  '//',
  'while',
  'switch',
  'case 1:',
  '__free(x)',
  'list_for_each_entry(a, b)',
  "'",
  '#include <asm/cachetype.h>',
);
const code = fc
  .array(fc.oneof({ weight: 9, arbitrary: word }, fc.string({ maxLength: 5 })), { maxLength: 60 })
  .map((parts) => parts.join(' '));

test('facts of any text, in any place', () => {
  fc.assert(
    fc.property(code, code, (one, two) => {
      const tree = memoryTree({
        'include/linux/cacheinfo.h': two,
        'arch/toy/include/asm/cachetype.h': one,
        'arch/toy/include/asm/shmparam.h': one,
        'drivers/x.c': `int f(void)\n{\n${one}\n}\n`,
        'drivers/y.c': two,
        'fs/x.c': one,
        Makefile: two,
        Kconfig: one,
      });
      const port = { arch: 'toy', lookup: (s: string) => (s === 'X' ? 'y' : undefined) };
      readAllocDax(tree, syntax);
      readPredicate(tree, port);
      readShmlba(tree, 'toy', port.lookup);
      readCFacts(tree, syntax);
    }),
    { numRuns: 300 },
  );
});

test('a call is either understood or listed, whatever follows it in its function', () => {
  fc.assert(
    fc.property(code, (after) => {
      const around = after.replace(/alloc_dax/g, 'other');
      const text = `int f(void)\n{\n\tdev = alloc_dax(t, &ops);\n${around}\n}\n`;
      const facts = readAllocDax(memoryTree({ 'drivers/x.c': text }), syntax);
      expect(facts.callers.length + facts.notChecked.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('an expression of any text is a value or a problem', () => {
  fc.assert(
    fc.property(fc.oneof(code, fc.string()), (text) => {
      const result = parseExpression(text, 'x');
      expect(result.ok ? 'value' : result.problem.where).toBe(result.ok ? 'value' : 'x');
    }),
  );
});
