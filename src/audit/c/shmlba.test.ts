// SHMLBA from small headers: own value, generic value, split headers, and what is not known.

import { expect, test } from 'vitest';
import { memoryTree } from '../tree.ts';
import { readShmlba } from './shmlba.ts';

const GENERIC = { 'include/asm-generic/shmparam.h': '#define SHMLBA PAGE_SIZE\t /* words */\n' };

function read(headers: Record<string, string>, values: Record<string, string> = {}) {
  const files: Record<string, string> = { ...GENERIC };
  for (const [name, text] of Object.entries(headers)) files[`arch/toy/include/asm/${name}`] = text;
  return readShmlba(memoryTree(files), 'toy', (symbol) => values[symbol]);
}

test('the own definition is given without white space', () => {
  expect(read({ 'shmparam.h': '\n#define\tSHMLBA ( 4 * PAGE_SIZE ) /* four */\n' })).toEqual({
    kind: 'defined',
    expr: '(4*PAGE_SIZE)',
    source: { kind: 'tree', file: 'arch/toy/include/asm/shmparam.h', line: 2 },
  });
});

test('no header, and a header that includes the generic one, mean the generic value', () => {
  const generic = {
    kind: 'generic',
    expr: 'PAGE_SIZE',
    source: { kind: 'tree', file: 'include/asm-generic/shmparam.h', line: 1 },
  };
  expect(read({})).toEqual(generic);
  expect(read({ 'shmparam.h': '#include <asm-generic/shmparam.h>\n' })).toEqual(generic);
});

test('headers split by word size are chosen by the configuration', () => {
  const headers = {
    'shmparam.h':
      '#if defined(__sparc__) && defined(__arch64__)\n#include <asm/shmparam_64.h>\n' +
      '#else\n#include <asm/shmparam_32.h>\n#endif\n',
    'shmparam_32.h': '#define SHMLBA small\n',
    'shmparam_64.h': '#define SHMLBA large\n',
  };
  expect(read(headers, { SPARC: 'y', SPARC64: 'y' })).toMatchObject({ expr: 'large' });
  expect(read(headers, { SPARC: 'y', SPARC64: 'n' })).toMatchObject({ expr: 'small' });
  expect(read(headers)).toMatchObject({ kind: 'not-checked' });
});

test('an unknown condition, an empty header and an endless include are not checked', () => {
  expect(read({ 'shmparam.h': '#ifdef WHO\n#define SHMLBA 1\n#endif\n' }).kind).toBe('not-checked');
  expect(read({ 'shmparam.h': 'int x;\n' }).kind).toBe('not-checked');
  expect(read({ 'shmparam.h': '#include <asm/shmparam.h>\n' }).kind).toBe('not-checked');
});
