// Facts about alloc_dax() from small trees: every recognised shape of the gate, the inline stand-in
// and the ways it can be hidden, each with a near miss.

import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { memoryTree } from '../tree.ts';
import { readAllocDax } from './alloc-dax.ts';

const syntax = await loadCSyntax();

const HEAD = 'struct dax_device *alloc_dax(void *data, const struct dax_operations *ops)';

function definition(gate: string): string {
  return `${HEAD}
{
\tint minor;

\t${gate}
\tminor = ida_alloc(&minors, GFP_KERNEL);
\treturn make(minor, data, ops);
}
EXPORT_SYMBOL_GPL(alloc_dax);
`;
}

function factsOf(files: Record<string, string>) {
  return readAllocDax(memoryTree(files), syntax);
}

function gateOf(gate: string) {
  return factsOf({ 'drivers/dax/super.c': definition(gate) });
}

test('a predicate joined with the operations refuses before anything is allocated', () => {
  const facts = gateOf('if (ops && cpu_dcache_is_aliasing())\n\t\treturn ERR_PTR(-EOPNOTSUPP);');
  expect(facts.definition?.prototype).toBe(HEAD);
  expect(facts.definition?.place).toEqual({ file: 'drivers/dax/super.c', line: 1, col: 20 });
  expect(facts.definition?.aliasTests).toEqual([
    {
      place: { file: 'drivers/dax/super.c', line: 5, col: 2 },
      condition: 'ops&&cpu_dcache_is_aliasing()',
      by: 'predicate',
      names: ['cpu_dcache_is_aliasing'],
      exemptsNullOps: true,
      returns: { kind: '-EOPNOTSUPP' },
      beforeAllocation: true,
    },
  ]);
  expect(facts.runTime).toEqual({
    value: 'alloc_dax',
    sources: [{ kind: 'tree', file: 'drivers/dax/super.c', line: 5 }],
  });
  expect(facts.notChecked).toEqual([]);
});

test('a list of architectures is told from a predicate, and NULL from an error pointer', () => {
  const list = 'IS_ENABLED(CONFIG_ARM) || IS_ENABLED(CONFIG_MIPS) || IS_ENABLED(CONFIG_SPARC)';
  const [found] = gateOf(`if (${list})\n\t\treturn NULL;`).definition?.aliasTests ?? [];
  expect(found?.by).toBe('architecture-list');
  expect(found?.names).toEqual(['ARM', 'MIPS', 'SPARC']);
  expect(found?.exemptsNullOps).toBe(false);
  expect(found?.returns).toEqual({ kind: 'NULL' });
});

test('operations tested by an if around the predicate exempt NULL too', () => {
  const gate = 'if (ops != NULL) { if (dcache_is_aliasing()) { return ERR_PTR(-EOPNOTSUPP); } }';
  const [found] = gateOf(gate).definition?.aliasTests ?? [];
  expect(found?.exemptsNullOps).toBe(true);
  expect(found?.names).toEqual(['dcache_is_aliasing']);
});

test('a test behind the allocation is said to be late', () => {
  const late = `minor = ida_alloc(&minors, 0);
\tif (cpu_dcache_is_aliasing())
\t\treturn ERR_PTR(-EOPNOTSUPP);`;
  const facts = gateOf(late);
  expect(facts.definition?.aliasTests[0]?.beforeAllocation).toBe(false);
  expect(facts.definition?.firstAllocation).toEqual({ name: 'ida_alloc', line: 5 });
});

test('tests of another shape are listed, never taken for a gate or for none', () => {
  for (const gate of [
    'if (!cpu_dcache_is_aliasing())\n\t\tgoto fine;\nfine:',
    'bool alias = cpu_dcache_is_aliasing();',
    'if (ops && data && cpu_dcache_is_aliasing())\n\t\treturn ERR_PTR(-EOPNOTSUPP);',
    'if (ops)\n\t\tminor = 1;\n\telse if (cpu_dcache_is_aliasing())\n\t\treturn NULL;',
    '\n#ifdef CONFIG_ARM\n\treturn NULL;\n#endif',
    'if (ops && other_reason())\n\t\treturn ERR_PTR(-EOPNOTSUPP);',
  ]) {
    const facts = gateOf(gate);
    expect(facts.definition?.aliasTests, gate).toEqual([]);
    expect(facts.runTime.value, gate).toBe('not-checked');
    expect(facts.notChecked[0]?.subject, gate).toBe('alias test in alloc_dax()');
  }
});

test('a body without any test is the gate none, with the function as its source', () => {
  const facts = gateOf('if (IS_ENABLED(CONFIG_NUMA))\n\t\tminor = 1;');
  expect(facts.runTime).toEqual({
    value: 'none',
    sources: [{ kind: 'tree', file: 'drivers/dax/super.c', line: 1 }],
  });
  expect(facts.notChecked).toEqual([]);
});

test('a tree without the function says so as a fact', () => {
  const facts = factsOf({ 'fs/dax.c': 'int dax_do_io(void)\n{\n\treturn 0;\n}\n' });
  expect(facts.definition).toBeUndefined();
  expect(facts.absent?.value).toContain('no alloc_dax()');
  expect(facts.runTime.value).toBe('none');
});

test('the inline function for DAX=n is told from the definition, with its answer', () => {
  const stub = (value: string) =>
    factsOf({
      'include/linux/dax.h': `#if IS_ENABLED(CONFIG_DAX)
${HEAD};
#else
static inline ${HEAD}
{
\t/* some words */
\treturn ${value};
}
#endif
`,
    });
  expect(stub('NULL').stub?.returns).toEqual({ kind: 'NULL' });
  expect(stub('ERR_PTR(-EOPNOTSUPP)').stub?.returns).toEqual({ kind: '-EOPNOTSUPP' });
  expect(stub('ERR_PTR(-ENODEV)').stub?.returns).toEqual({
    kind: 'other',
    text: 'ERR_PTR(-ENODEV)',
  });
  expect(stub('NULL').stub?.place.line).toBe(4);
  expect(stub('NULL').definition).toBeUndefined();
  const twice = factsOf({
    'drivers/a/a.h': `static inline ${HEAD}\n{\n\treturn NULL;\n}\n`,
    'drivers/b/b.h': `static inline ${HEAD}\n{\n\treturn NULL;\n}\n`,
  });
  expect(twice.stub?.place.file).toBe('drivers/a/a.h');
  expect(twice.notChecked.map((n) => n.file)).toEqual(['drivers/b/b.h']);
});

test('calls in macros, uses as a value and broken functions are listed with their place', () => {
  const facts = factsOf({
    'drivers/a/macro.c': '#define make_dax(p) \\\n\talloc_dax(p, &ops)\n',
    'drivers/a/value.c': 'void *f(void)\n{\n\treturn use(alloc_dax);\n}\n',
    'drivers/a/broken.c': 'int f(void)\n{\n\tif (x = ] alloc_dax(p, o);\n\treturn 0;\n}\n',
    'drivers/a/words.c': '/* alloc_dax() in words */\nchar *s = "alloc_dax";\n',
  });
  expect(facts.callers).toEqual([]);
  expect(facts.notChecked.map((n) => `${n.file}:${n.line}: ${n.why}`)).toEqual([
    'drivers/a/broken.c:3: f() has syntax not understood',
    'drivers/a/macro.c:2: hidden in the macro make_dax',
    'drivers/a/value.c:3: the function is used as a value',
  ]);
});

test('the operations are found at the place the prototype gives them', () => {
  const facts = factsOf({
    'drivers/dax/super.c':
      'struct dax_device *alloc_dax(void *p, const char *host,\n' +
      '\tconst struct dax_operations *ops)\n{\n\treturn make(p, host, ops);\n}\n',
    'drivers/a/a.c':
      'int f(void *p)\n{\n\tvoid *d = alloc_dax(p, NULL, &my_ops);\n\treturn !d;\n}\n',
    'drivers/b/b.c': 'int f(void *p)\n{\n\tvoid *d = alloc_dax(p, name, NULL);\n\treturn !d;\n}\n',
  });
  expect(facts.definition?.opsIndex).toBe(2);
  expect(facts.callers.map((c) => c.nullOps)).toEqual([false, true]);
});

test('tests in filesystems are gates, and names in comments are not', () => {
  const facts = factsOf({
    'drivers/dax/super.c': definition('minor = 0;'),
    'fs/one/super.c':
      'int fill(void)\n{\n\tif (dcache_is_aliasing())\n\t\treturn -1;\n\treturn 0;\n}\n',
    'fs/three/own.c': 'static bool dax_is_supported(void)\n{\n\treturn true;\n}\n',
    'fs/three/value.c': 'int (*ask)(void) = dax_is_supported;\n',
    'fs/two/super.c': '/* dax_is_supported() */\nint icache_is_aliasing(void);\n',
  });
  expect(facts.notChecked.map((n) => `${n.file}:${n.line}`)).toEqual(['fs/three/value.c:1']);
  expect(facts.filesystemGates).toEqual([
    {
      place: { file: 'fs/one/super.c', line: 3, col: 6 },
      function: 'fill',
      symbol: 'dcache_is_aliasing',
    },
  ]);
  expect(facts.runTime.value).toBe('filesystem');
});

test('a call without a definition in the tree is half a tree, not an old kernel', () => {
  const call = 'static int attach(struct x *x)\n{\n\tx->d = alloc_dax(x, &ops);\n\treturn 0;\n}\n';
  const facts = factsOf({ 'drivers/x/x.c': call });
  expect(facts.absent).toBeUndefined();
  expect(facts.runTime.value).toBe('not-checked');
  expect(facts.notChecked.map((n) => `${n.file}:${n.line} ${n.subject}`)).toEqual([
    'drivers/x/x.c:3 definition of alloc_dax()',
  ]);
});

test('a tree that never names it is an old kernel', () => {
  const facts = factsOf({ 'drivers/x/x.c': 'int x;\n' });
  expect(facts.absent?.value).toContain('no alloc_dax()');
  expect([facts.runTime.value, facts.notChecked]).toEqual(['none', []]);
});
