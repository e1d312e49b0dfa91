// What stands at file level: tables, calls, scope helpers, macros, includes; and no text, however
// broken or deep, makes the reader fail.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { loadCSyntax } from '../../host/index.ts';
import {
  type Graph,
  printExpr,
  printFlow,
  readFunction,
  readUnit,
  type Unit,
  waysOn,
} from './index.ts';

const syntax = await loadCSyntax();
const read = (text: string) => readUnit('x.c', text, syntax);

test('tables keep their nested lists', () => {
  const { tables } = read(
    'static const struct ops a = { .probe = f, .drv = { .name = "x" } };\nint b[] = { 1 };\n',
  );
  expect(tables.map(({ name, type, init }) => `${type} ${name} ${printExpr(init)}`)).toEqual([
    'struct ops a { .probe = f, .drv = { .name = <string> } }',
    'int b { 1 }',
  ]);
});

test('calls at file level, and what only looks like one', () => {
  const text = `module_init(f);
static DEFINE_MUTEX(lock);
EXPORT_SYMBOL_GPL(g)
MODULE_PARM_DESC(x, "a (b, c");
/*
gone(x);
*/
int
h(a)
{
local(x);
}
int proto(int a);
`;
  expect(read(text).calls).toEqual([
    { callee: 'module_init', args: ['f'], at: 0 },
    { callee: 'DEFINE_MUTEX', args: ['lock'], at: text.indexOf('DEFINE_MUTEX') },
    { callee: 'EXPORT_SYMBOL_GPL', args: ['g'], at: text.indexOf('EXPORT') },
    { callee: 'MODULE_PARM_DESC', args: ['x', '"a (b, c"'], at: text.indexOf('MODULE') },
  ]);
});

test('a scope helper is a function of its variable, at its own place', () => {
  const text = 'int a;\nDEFINE_FREE(drop, struct t *, if (!IS_ERR_OR_NULL(_T)) put(_T))\n';
  const [helper] = read(text).frees;
  const { name, type, flow } = present(helper, 'helper');
  expect([name, type]).toEqual(['drop', 'struct t*']);
  expect(printFlow(flow).split('\n').slice(1, 3)).toEqual([
    '0: if !IS_ERR_OR_NULL(_T) -> 1 else 2',
    '1: put(_T) -> 2',
  ]);
  const [test] = flow.nodes;
  expect(text.slice(test && 'at' in test ? test.at : 0)).toMatch(/^if \(!IS_ERR/);
  expect(flow.params).toEqual([{ name: '_T', type: 'struct t', isPointer: true }]);
});

test('macros: one expression is parsed, other bodies and those that differ are not', () => {
  const { macros } = read(
    `#define ONE (1 << 3)
#define add(a, b) \\
	((a) + \\
	 (b))
#define loop(x) do { f(x); } while (0)
#define empty
#ifdef A
#define either 1
#else
#define either 2
#endif
`,
  );
  const shown = [...macros.values()].map(({ name, params, expr }) => {
    return `${name}${params === undefined ? '' : `(${params.join()})`} ${expr && printExpr(expr)}`;
  });
  expect(shown).toEqual([
    'ONE (1 << 3)',
    'add(a,b) (a + b)',
    'loop(x) undefined',
    'empty undefined',
    'either undefined',
  ]);
});

test('includes, with brackets and with quotes', () => {
  expect(read('#include <linux/dax.h>\n#include "pmem.h"\n').includes).toEqual([
    { path: 'linux/dax.h', quoted: false },
    { path: 'pmem.h', quoted: true },
  ]);
});

test('a slice is read with the offsets of its file', () => {
  const text = 'int a(void)\n{\n\treturn 1;\n}\n\nint b(void)\n{\n\treturn two;\n}\n';
  const [flow] = readFunction('x.c', text, text.indexOf('int b'), text.length, syntax);
  const whole = read(text).flows[1];
  expect({ ...flow, file: '' }).toEqual({ ...whole, file: '' });
});

test('a place is a line and a column, from 1', () => {
  const unit = read('int a;\n\tint b;\n');
  expect(unit.place(8)).toEqual({ file: 'x.c', line: 2, col: 2 });
  expect(unit.place(0)).toEqual({ file: 'x.c', line: 1, col: 1 });
});

/** Every edge leads to a node, and every node but the end is led to. */
function isWhole(graph: Graph): boolean {
  const { nodes } = graph;
  const led = new Set([graph.entry, ...nodes.flatMap(waysOn)]);
  const last = nodes.at(-1)?.kind;
  return (
    [...led].every((to) => nodes[to] !== undefined) &&
    nodes.every((node, i) => led.has(i) || node.kind === 'end') &&
    last === 'end'
  );
}

function expectWhole(unit: Unit): void {
  for (const flow of unit.flows) {
    expect(isWhole(flow), printFlow(flow).slice(0, 2000)).toBe(true);
    for (const { at } of flow.notChecked) expect(at).toBeLessThanOrEqual(unit.text.length);
  }
}

test('what is nested too deeply is listed and not followed', () => {
  const deep = 10_000;
  const bodies = [
    `a = ${'('.repeat(deep)}b${')'.repeat(deep)};`,
    `a = ${'f('.repeat(deep)}b${')'.repeat(deep)};`,
    `a = b${' + b'.repeat(deep)};`,
    `a = ${'b ? c : '.repeat(deep)}d;`,
    `a = ${'!'.repeat(deep)}b;`,
    '{ a();'.repeat(deep) + '}'.repeat(deep),
    `${'if (a) b(); else '.repeat(deep)}c();`,
    `${'while (a) '.repeat(deep)}c();`,
    `a = ${'({ '.repeat(deep)}b; ${'}); '.repeat(deep)}`,
    `int a = ${'{ '.repeat(deep)}1${' }'.repeat(deep)};`,
    `${'x: '.repeat(deep)}c();`,
    Array.from({ length: deep }, (_, i) => `l${i}: goto l${i + 1};`).join('\n') + ` l${deep}: ;`,
    `switch (a) { ${Array.from({ length: deep }, (_, i) => `case ${i}:`).join(' ')} ; }`,
    `\n${'#ifdef A\n'.repeat(deep)}a();\n${'#endif\n'.repeat(deep)}`,
    `int ${'*'.repeat(deep)}a;`,
    `${'a, '.repeat(deep)}b;`,
  ];
  for (const body of bodies) expectWhole(read(`void f(void)\n{\n${body}\n}\n`));
  expect(read(`void f(void)\n{\n${bodies[1]}\n}\n`).flows[0]?.notChecked[0]?.why).toBe(
    'nested too deeply',
  );
  expectWhole(read(`${'#ifdef A\n'.repeat(deep)}int f(void) { }\n${'#endif\n'.repeat(deep)}`));
  for (const open of ['(', '{', '[', '"', "'", '/*', '#if\n', 'int f(void) {', 'case 1:', '({']) {
    expectWhole(read(open.repeat(deep)));
  }
}, 120_000);

test('a function of ten megabytes is read', () => {
  const line = `\tif (${'a'.repeat(230)}(b, c->d)) goto out;\n`;
  const unit = read(`int f(void)\n{\n${line.repeat(40_000)}out: return 0;\n}\n`);
  expect(unit.text.length).toBeGreaterThan(10_000_000);
  expect(unit.flows[0]?.nodes.length).toBe(40_002);
}, 120_000);

const word = fc.constantFrom(
  ...`( ) { } ; , = if else return goto out out: do while for switch case 1: default: break continue
  ? : -> && || ! * & + ++ a b f(x) NULL 1 "s" 'c' int struct t __free(put) static DEFINE_FREE( ({ })
  [ ] ... .a # asm sizeof`.split(/\s+/),
  '\n#ifdef A\n',
  '\n#else\n',
  '\n#endif\n',
  '\n\tscoped_guard(m, &l) {\n',
  '\n\tlist_for_each_entry(a, b, c) {\n',
  'int f(void)\n{\n',
  '\n#define M(x) x\n',
  '\\',
  '/*',
  '*/',
);
const code = fc
  .array(fc.oneof({ weight: 9, arbitrary: word }, fc.string({ maxLength: 5 })), { maxLength: 80 })
  .map((parts) => parts.join(' '));

test('any text is read, and every graph is whole', () => {
  fc.assert(
    fc.property(code, fc.boolean(), (text, inside) => {
      const unit = read(inside ? `int f(void)\n{\n${text}\n}\n` : text);
      expectWhole(unit);
      for (const macro of unit.macros.values()) expect(macro.expr?.kind).not.toBe('');
      const again = readFunction('x.c', unit.text, 0, unit.text.length, syntax);
      expect(again.map(printFlow)).toEqual(unit.flows.map(printFlow));
    }),
    { numRuns: 400 },
  );
});

test('functions defined by a macro bear their own name', () => {
  const { flows } = read(
    'SYSCALL_DEFINE2(one, int, a, struct t __user *, b)\n{\n\treturn a;\n}\n' +
      'SYSCALL_DEFINE0(two)\n{\n\treturn 0;\n}\nBPF_CALL_1(three, int, a)\n{\n\treturn a;\n}\n',
  );
  expect(flows.map(({ name, returns }) => `${returns} ${name}`)).toEqual([
    'long one',
    'long two',
    'u64 three',
  ]);
  expect(flows[0]?.params.map((p) => `${p.type} ${p.name} ${p.isPointer}`)).toEqual([
    'int a false',
    'struct t b true',
  ]);
});

test('where one side of a condition was read, that is said', () => {
  const text =
    'void f(void)\n{\n\tif (a)\n\t\tb();\n#ifdef A\n\telse if (c)\n\t\td();\n#endif\n}\n';
  const unit = read(text);
  expect(unit.flows[0]?.notChecked).toEqual([
    {
      why: 'a condition of the preprocessor within a statement: one side is read',
      at: text.indexOf('#ifdef'),
    },
  ]);
});

test('a label in front of a directive is no error', () => {
  const [flow] = read('void f(void)\n{\n\tgoto out;\nout:\n#ifdef A\n\tb();\n#endif\n}\n').flows;
  expect(flow?.notChecked).toEqual([]);
  expect(flow && printFlow(flow)).toContain('0: #if defined(A) -> 1 else 2');
});

test('a scoped claim fails by its statement, whatever its macro is called', () => {
  const [flow] = read(
    'int f(void)\n{\n\tdevice_claim_scoped(return -EBUSY, a) {\n\t\tb();\n\t}\n\treturn 0;\n}\n',
  ).flows;
  expect(flow && printFlow(flow).split('\n').slice(1, 4)).toEqual([
    '0: if device_claim_scoped(-EBUSY, a) -> 1 else 2',
    '1: b() -> 3',
    '2: return -EBUSY -> 4',
  ]);
});
