// Each row of the table makes a text readable that the grammar alone does not know, and leaves
// alone what only looks like it.

import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { maskKernelMacros } from './mask.ts';
import { splitConditions } from './mask-split.ts';

const syntax = await loadCSyntax();

/** Whether a text has an error once it is masked. */
function isRead(text: string): boolean {
  return !syntax.parse(text, (root) => root.hasError);
}

/** A function with this body. */
function body(text: string): string {
  return `void f(void)\n{\n${text}\n}\n`;
}

test.each([
  ['a system call', 'SYSCALL_DEFINE2(one, int, a, struct t __user *, b)\n{\n\treturn a;\n}\n'],
  ['a system call without parameters', 'SYSCALL_DEFINE0(one)\n{\n\treturn 0;\n}\n'],
  ['a compat system call', 'COMPAT_SYSCALL_DEFINE1(one, int, a)\n{\n\treturn a;\n}\n'],
  ['a helper of BPF', 'BPF_CALL_1(one, struct t *, a)\n{\n\treturn 0;\n}\n'],
  ['a program of BPF', 'SEC("x")\nint BPF_PROG(one, struct t *a)\n{\n\treturn 0;\n}\n'],
  ['calls without a semicolon', 'module_init(a)\nEXPORT_SYMBOL(a)\nint f(void)\n{\n}\n'],
  ['levels of messages', body('\tprintk(KERN_ERR NAME VERSION);\n\tprintk(KERN_INFO A "b");')],
  ['arguments as strings', body('\tp("a@" __stringify(__LINE__) ": ", b);')],
  ['two names before a string', body('\tpr_warn(FW_WARN PREFIX "a", b);')],
  ['offsets of members', body('\tx = offsetof(struct t, a.b[2]) + offsetof(struct t, c);')],
  ['static variables by macro', body('\tstatic DEFINE_RATELIMIT_STATE(rs, 5 * HZ, 10);')],
  ['a bitmap with a value', body('\tDECLARE_BITMAP(map, 8) = { 0 };\n\ta();')],
  ['a variable of each CPU', 'static DEFINE_PER_CPU(struct t, a) = {{ NULL }};\n'],
  ['names that begin with a digit', body('\tset(a, 100baseT_Full);\n\tset(5705_PLUS, a);')],
  ['pointer types as arguments', body('\ta = take(b, struct t *);\n\tc = make(struct t *, 1);')],
  ['variable arguments', body('\ta = va_arg(ap, unsigned long);\n\tb = va_arg(ap, const char *);')],
  ['a range of cases', body('\tswitch (a) {\n\tcase 1 ... 5:\n\tcase A...B:\n\t\tbreak;\n\t}')],
  ['a loop of any name', body('\tdrm_exec_until_all_locked(&e) {\n\t\ta();\n\t}')],
  ['a loop in an else', body('\tif (a)\n\t\tb();\n\telse list_for_each(c, d) {\n\t\te();\n\t}')],
  ['a loop with one statement', body('\tskb_queue_walk(q, skb)\n\t\ta(skb);')],
  ['a lock with one statement', body('\twith_intel_runtime_pm(rpm, w)\n\t\ta();')],
  ['a conditional lock', body('\tscoped_cond_guard(m, return -4, &a) {\n\t\tb();\n\t}')],
  ['a claim', body('\tdevice_claim_scoped(return -16, a) {\n\t\tb();\n\t}')],
  ['an attribute of GNU behind an array', body('\tint a[4] __attribute__((aligned(8)));')],
])('%s', (_, text) => {
  expect(isRead(text), maskKernelMacros(text)).toBe(true);
});

test.each([
  body('\tif (a &&\n\t    call_of(b)) {\n\t\tc();\n\t}'),
  body('\twhile (a) {\n\t\tswitch (b) {\n\t\t}\n\t}'),
  body('\tfor_each_is_called(a, b);'),
  body('\tx = a * b;\n\tg(a, *b, (struct t *)c);\n\th(1UL, 0x1f, 1e5);'),
  'static int ONLY_NAME(int a)\n{\n}\n',
  'MACRO(a);\n',
  body('#ifdef A\n\ta();\n#else\n\tb();\n#endif'),
  body('\tif (a)\n\t\tb();\n#ifdef A\n\tif (c) {\n\t\td();\n\t}\n#endif\n\te();'),
])('text that needs no mask stays: %j', (text) => {
  expect(maskKernelMacros(text)).toBe(text);
});

test('conditions in the midst of a statement keep their first side', () => {
  for (const [text, kept] of [
    ['\tf(a\n#ifdef A\n\t  , b\n#else\n\t  , c\n#endif\n\t  );', 'f(a , b );'],
    ['#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t\tc();\n\t}', 'if (a) { c(); }'],
    [
      '\tif (a)\n\t\tb();\n#ifdef A\n\telse if (c)\n\t\td();\n#endif',
      'if (a) b(); else if (c) d();',
    ],
    ['\tf("a"\n#if 0\n\t  "b"\n#else\n\t  "c"\n#endif\n\t  );', 'f("a" "c" );'],
    ['\tint a[] = {\n#ifdef A\n\t\t1,\n#endif\n\t};', 'int a[] = { 1, };'],
  ] as const) {
    const masked = maskKernelMacros(body(text));
    expect(masked.replace(/\s+/g, ' ')).toBe(`void f(void) { ${kept} } `);
    expect(isRead(body(text))).toBe(true);
    expect(splitConditions(body(text)).length).toBeGreaterThan(0);
  }
});

test('the head of a function may depend on the configuration', () => {
  const text = '#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n\treturn 0;\n}\n';
  expect(isRead(text)).toBe(true);
});

test('texts that are long in every way cost no more than their length', () => {
  const many = 20_000;
  const pieces =
    'for_each_x(\n|DECLARE_BITMAP(|case a|case |, unsigned |, const |f(|{|KERN_ERR |A |#if A\n|' +
    'MODULE_X(\n|\tabcdef(|va_arg(x, |(|, |\t|A';
  for (const text of pieces.split('|').map((piece) => piece.repeat(many))) {
    expect(maskKernelMacros(text).length).toBe(text.length);
  }
}, 20_000);
