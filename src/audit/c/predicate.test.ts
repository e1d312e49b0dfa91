// The alias predicate of a port from small headers: generic answer, architecture answer, inline
// form, old names, and everything that must end as not checked.

import { expect, test } from 'vitest';
import { memoryTree } from '../tree.ts';
import { readPredicate } from './predicate.ts';

const GENERIC = `#ifndef _LINUX_CACHEINFO_H
#define _LINUX_CACHEINFO_H
#ifndef CONFIG_ARCH_HAS_CPU_CACHE_ALIASING
#define cpu_dcache_is_aliasing()\tfalse
#else
#include <asm/cachetype.h>
#endif
#endif
`;

function lookup(values: Record<string, string>) {
  return (symbol: string): string | undefined => values[symbol];
}

const SELECTED = { ARCH_HAS_CPU_CACHE_ALIASING: 'y' };

function read(header: string | undefined, values: Record<string, string> = SELECTED) {
  const files: Record<string, string> = { 'include/linux/cacheinfo.h': GENERIC };
  if (header !== undefined) files['arch/toy/include/asm/cachetype.h'] = header;
  return readPredicate(memoryTree(files), { arch: 'toy', lookup: lookup(values) });
}

function why(header: string | undefined, values?: Record<string, string>): string {
  const { predicate } = read(header, values);
  return predicate.kind === 'not-checked' ? predicate.why : `kind ${predicate.kind}`;
}

test('without the symbol the generic header answers false', () => {
  for (const value of ['n', 'undefined']) {
    expect(read(undefined, { ARCH_HAS_CPU_CACHE_ALIASING: value }).predicate).toEqual({
      kind: 'generic-false',
      sources: [{ kind: 'tree', file: 'include/linux/cacheinfo.h', line: 4 }],
    });
  }
});

test('a tree without the predicate says absent', () => {
  const old = memoryTree({ 'include/linux/cacheinfo.h': 'int icache_is_aliasing(void);\n' });
  const port = { arch: 'toy', lookup: lookup(SELECTED) };
  expect(readPredicate(old, port).predicate).toEqual({ kind: 'absent' });
  expect(readPredicate(memoryTree({}), port).predicate).toEqual({ kind: 'absent' });
});

test('a macro of calls, names and comparisons becomes an expression', () => {
  const { predicate } = read(
    '#define cpu_dcache_is_aliasing() /* why */ \\\n\t(is_vivt() || !(SIZE <= 0x1000 && on))\n',
  );
  expect(predicate).toEqual({
    kind: 'defined',
    expr: {
      op: '||',
      a: { op: 'call', name: 'is_vivt' },
      b: {
        op: 'not',
        a: {
          op: '&&',
          a: { op: '<=', a: { op: 'name', name: 'SIZE' }, b: { op: 'number', value: 4096 } },
          b: { op: 'name', name: 'on' },
        },
      },
    },
    selectedAt: [],
    definedAt: [{ kind: 'tree', file: 'arch/toy/include/asm/cachetype.h', line: 1 }],
  });
});

test('the branch that the configuration chooses is read', () => {
  const header = `#ifdef CONFIG_TOY32
#define cpu_dcache_is_aliasing() (vac_size > PAGE_SIZE)
#else
#define cpu_dcache_is_aliasing() true
#endif
`;
  const left = read(header, { ...SELECTED, TOY32: 'y' }).predicate;
  const right = read(header, { ...SELECTED, TOY32: 'n' }).predicate;
  expect(left.kind === 'defined' && left.expr.op).toBe('>');
  expect(right.kind === 'defined' && right.expr).toEqual({ op: 'number', value: 1 });
  expect(why(header)).toContain('a condition that is not known');
});

test('an inline function of one return is read, a longer one is not', () => {
  const good =
    'static inline bool cpu_dcache_is_aliasing(void)\n{\n\treturn size > PAGE_SIZE;\n}\n';
  const { predicate } = read(good);
  expect(predicate.kind === 'defined' && predicate.expr.op).toBe('>');
  const long = good.replace('\treturn', '\tprepare();\n\treturn');
  expect(why(long)).toContain('more than one return statement');
  expect(why('bool cpu_dcache_is_aliasing(void);\n')).toContain('more than one return statement');
});

test('what is missing or not modelled is named with its place', () => {
  expect(why(undefined)).toContain('arch/toy/include/asm/cachetype.h cannot be read');
  expect(why('#define other() true\n')).toContain('does not define cpu_dcache_is_aliasing()');
  expect(why('#define cpu_dcache_is_aliasing() (flags & ALIAS)\n')).toContain('not modelled');
  expect(why('#define cpu_dcache_is_aliasing() cpu.size > 1\n')).toContain("'.' is not read");
  expect(why('#define cpu_dcache_is_aliasing() is(1)\n')).toContain('not modelled');
  expect(why('#define cpu_dcache_is_aliasing()\n')).toContain('not understood');
  const twice = '#define cpu_dcache_is_aliasing() true\n#define cpu_dcache_is_aliasing() false\n';
  expect(why(twice)).toContain('again at line 2');
  expect(why(undefined, {})).toContain('condition that is not known');
  expect(read(undefined).notChecked[0]).toMatchObject({
    file: 'include/linux/cacheinfo.h',
    line: 6,
  });
});

test('names of the withdrawn versions are recognised', () => {
  const generic = GENERIC.replace('CPU_CACHE', 'CACHE').replace('cpu_dcache', 'dcache');
  const tree = memoryTree({
    'include/linux/cacheinfo.h': generic,
    'arch/toy/include/asm/cachetype.h': '#define dcache_is_aliasing() true\n',
  });
  const facts = readPredicate(tree, {
    arch: 'toy',
    lookup: lookup({ ARCH_HAS_CACHE_ALIASING: 'y' }),
  });
  expect(facts.name).toBe('dcache_is_aliasing');
  expect(facts.symbol).toBe('ARCH_HAS_CACHE_ALIASING');
  expect(facts.predicate.kind).toBe('defined');
});

test('IS_ENABLED() in the definition is answered by the configuration', () => {
  const header = '#define cpu_dcache_is_aliasing() IS_ENABLED(CONFIG_TOY_VIVT)\n';
  const { predicate } = read(header, { ...SELECTED, TOY_VIVT: 'y' });
  expect(predicate.kind === 'defined' && predicate.expr).toEqual({ op: 'number', value: 1 });
  expect(why(header)).toContain('not modelled');
});

test('the names it uses lead to macros, variables and functions of the architecture', () => {
  const tree = memoryTree({
    'include/linux/cacheinfo.h': GENERIC,
    'arch/toy/include/asm/cachetype.h':
      'extern int vac_size;\n' +
      '#define cpu_dcache_is_aliasing() (probe() || vac_size > WAY || lost > PAGE_SIZE)\n',
    'arch/toy/include/asm/cache.h': '#define WAY (CONFIG_TOY_SIZE / 2)\n#define WAYS 2\n',
    'arch/toy/mm/init.c': 'int vac_size;\n\nint probe(void)\n{\n\treturn vac_size;\n}\n',
    'arch/other/mm/init.c': 'int lost;\n',
  });
  const facts = readPredicate(tree, { arch: 'toy', lookup: lookup(SELECTED) });
  const place = (file: string, line: number) => ({ kind: 'tree', file, line });
  expect(facts.names).toEqual([
    {
      name: 'WAY',
      definitions: [
        {
          kind: 'macro',
          value: '(CONFIG_TOY_SIZE / 2)',
          active: 'yes',
          source: place('arch/toy/include/asm/cache.h', 1),
        },
      ],
    },
    { name: 'lost', definitions: [] },
    {
      name: 'probe',
      definitions: [
        { kind: 'function', value: '', active: 'yes', source: place('arch/toy/mm/init.c', 3) },
      ],
    },
    {
      name: 'vac_size',
      definitions: [
        { kind: 'variable', value: '', active: 'yes', source: place('arch/toy/mm/init.c', 1) },
      ],
    },
  ]);
  expect(facts.notChecked.map((n) => n.subject)).toEqual(['lost in the predicate of toy']);
});
