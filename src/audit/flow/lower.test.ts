// Every form of C that a function may take, as the graph that comes of it: one smallest text each.

import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { present } from '../../base/index.ts';
import { printExpr, printFlow, readUnit } from './index.ts';

const syntax = await loadCSyntax();

/** The graph of a function with this body, one node a line. */
function lowered(body: string): string[] {
  const unit = readUnit('x.c', `int f(struct s *p)\n{\n${body}\n}\n`, syntax);
  expect(unit.flows).toHaveLength(1);
  return printFlow(present(unit.flows[0], 'flow')).split('\n').slice(1);
}

/** The one expression statement of a body. */
function expression(text: string): string {
  const [first = ''] = lowered(`x = ${text};`);
  return first.replace(/^0: x = /, '').replace(/ -> 1$/, '');
}

test('an if with and without else', () => {
  expect(lowered('if (a) b(); else if (c) d();\nreturn 1;')).toEqual([
    '0: if a -> 1 else 2',
    '1: b() -> 4',
    '2: if c -> 3 else 4',
    '3: d() -> 4',
    '4: return 1 -> 5',
    '5: end',
  ]);
});

test('a function that ends at its brace returns there', () => {
  expect(lowered('a();')).toEqual(['0: a() -> 1', '1: return -> 2', '2: end']);
  expect(lowered('')).toEqual(['0: return -> 1', '1: end']);
});

test('while with break and continue', () => {
  expect(lowered('while (a) { if (b) break; if (c) continue; d(); }')).toEqual([
    '0: while a -> 1 else 4',
    '1: if b -> 4 else 2',
    '2: if c -> 0 else 3',
    '3: d() -> 0',
    '4: return -> 5',
    '5: end',
  ]);
});

test('do while tests behind its body, to which continue leads', () => {
  expect(lowered('do { if (b) continue; d(); } while (a);')).toEqual([
    '0: if b -> 2 else 1',
    '1: d() -> 2',
    '2: while a -> 0 else 3',
    '3: return -> 4',
    '4: end',
  ]);
  expect(lowered('do { } while (a);')[0]).toBe('0: while a -> 0 else 1');
});

test('for with a declaration, and continue to its last part', () => {
  expect(lowered('for (int i = 0; i < 3; i++) { if (b) continue; d(); }')).toEqual([
    '0: int i = 0 -> 1',
    '1: while (i < 3) -> 2 else 5',
    '2: if b -> 4 else 3',
    '3: d() -> 4',
    '4: i++ -> 1',
    '5: return -> 6',
    '6: end',
  ]);
  expect(lowered('for (;;) a();').slice(0, 2)).toEqual(['0: while 1 -> 1 else 2', '1: a() -> 0']);
});

test('a switch falls through, and goes on behind where no case fits', () => {
  expect(lowered('switch (x) { case 1: a(); case 2: case 3: b(); break; case 4: c(); }')).toEqual([
    '0: switch x: 1 -> 1, 2 -> 2, 3 -> 2, 4 -> 3, else 4',
    '1: a() -> 2',
    '2: b() -> 4',
    '3: c() -> 4',
    '4: return -> 5',
    '5: end',
  ]);
  expect(lowered('switch (x) { default: a(); fallthrough; case 1: b(); }').slice(0, 3)).toEqual([
    '0: switch x: 1 -> 2, else 1',
    '1: a() -> 2',
    '2: b() -> 3',
  ]);
});

test('a range of cases keeps both its ends', () => {
  expect(lowered('switch (x) { case 1 ... 5: a(); break; case A...B - 1: b(); }')[0]).toBe(
    '0: switch x: 1 ... 5 -> 1, A ... (B - 1) -> 2, else 3',
  );
});

test('continue in a switch is that of the loop, break is not', () => {
  expect(lowered('while (a) { switch (x) { case 1: continue; case 2: break; } b(); }')).toEqual([
    '0: while a -> 1 else 3',
    '1: switch x: 1 -> 0, 2 -> 2, else 2',
    '2: b() -> 0',
    '3: return -> 4',
    '4: end',
  ]);
});

test('goto, forwards and backwards, and code that nothing leads to', () => {
  expect(lowered('again: if (a) goto out; if (b) goto again; return 0; c(); out: d();')).toEqual([
    '0: if a -> 3 else 1',
    '1: if b -> 0 else 2',
    '2: return 0 -> 5',
    '3: d() -> 4',
    '4: return -> 5',
    '5: end',
  ]);
});

test('goto into a scope, and a label before a brace', () => {
  expect(lowered('goto in; { a(); in: b(); } return 1;').slice(0, 2)).toEqual([
    '0: b() -> 1',
    '1: return 1 -> 2',
  ]);
  expect(lowered('if (a) goto out; b(); out:\n;')).toEqual([
    '0: if a -> 2 else 1',
    '1: b() -> 2',
    '2: return -> 3',
    '3: end',
  ]);
});

test('a goto to itself ends, a goto to nowhere is said', () => {
  expect(lowered('a: goto a;')).toEqual(['0: while 1 -> 0 else 1', '1: end']);
  expect(notes('goto nowhere;')).toEqual(['goto nowhere: no such label here']);
  expect(notes('break;')).toEqual(['break without a loop around it']);
  expect(notes('a: b(); goto a; a: c();')).toEqual(['label a twice, of which the first is taken']);
});

function notes(body: string): string[] {
  const unit = readUnit('x.c', `void f(void)\n{\n${body}\n}\n`, syntax);
  return present(unit.flows[0], 'flow').notChecked.map((n) => n.why);
}

test('expressions: parentheses and casts are gone, calls and fields stay', () => {
  expect(expression('(int)(a)->b.c[i + 1]')).toBe('a->b.c[(i + 1)]');
  expect(expression('*&a')).toBe('*&a');
  expect(expression('!a && -b || ~c')).toBe('((!a && -b) || ~c)');
  expect(expression('p->ops->f(a, "b", (struct t *)c)')).toBe('p->ops->f(a, <string>, c)');
  expect(expression('a ? b : c ?: d')).toBe('(a ? b : (c ?: d))');
  expect(expression('(a, b, c)')).toBe('(a, b, c)');
  expect(expression('likely(a) + unlikely(!b)')).toBe('(a + !b)');
  expect(expression('sizeof(*p) + offsetof(struct s, f) + sizeof a')).toBe(
    '((<size> + <size>) + <size>)',
  );
  expect(expression('container_of(p, struct t, member)')).toBe('container_of(p, t, member)');
});

test('numbers and constants', () => {
  expect(expression('f(0x10UL, 010, 1.5, true, false, NULL)')).toBe(
    'f(16, 8, <number>, 1, 0, NULL)',
  );
  expect(expression("f('a', '\\n', '\\0', '\\x41', '\\'')")).toBe('f(97, 10, 0, 65, 39)');
});

test('assignments with operators, steps', () => {
  expect(lowered('a |= b; c++; --d;').slice(0, 3)).toEqual([
    '0: a |= b -> 1',
    '1: c++ -> 2',
    '2: d++ -> 3',
  ]);
});

test('lists and compound literals keep their designators', () => {
  expect(lowered('struct t a = { .b = 1, [2] = c, .d.e = { 3 }, 4, f: 5 };')[0]).toBe(
    '0: struct t a = { .b = 1, [2] = c, .d.e = { 3 }, 4, .f = 5 } -> 1',
  );
  expect(expression('(struct t) { .b = 1 }')).toBe('{ .b = 1 }');
});

test('a statement expression is a graph of its own, and may return', () => {
  expect(expression('({ int r = a(); if (r) return 5; r; })')).toBe(
    '({ entry 0; 0: int r = a() -> 1; 1: if r -> 2 else 3; ' +
      '2: return 5 -> 4; 3: result r; 4: end })',
  );
});

test('declarations: several at once, pointers, arrays, static, and no prototypes', () => {
  expect(
    lowered('const struct t *a, b[2], **c = d; static int e; int g(int);').slice(0, 4),
  ).toEqual([
    '0: struct t *a -> 1',
    '1: struct t b[] -> 2',
    '2: struct t *c = d -> 3',
    '3: static int e -> 4',
  ]);
});

test('assembly and a computed goto are listed', () => {
  expect(lowered('asm volatile("nop" : "=r" (a) : "r" (b));')[0]).toBe('0: unknown [a, b] -> 1');
  expect(notes('asm("nop");')).toEqual(['assembly']);
  expect(notes('goto *p;').length).toBeGreaterThan(0);
});

test('every way out of a scope cleans up, the youngest variable first', () => {
  const body = `struct t *a __free(put) = get();
	while (c) {
		struct t *b __free(drop) = get();
		if (d) break;
		if (e) continue;
		if (g) return use(b);
		if (h) goto out;
	}
out:
	i();`;
  expect(lowered(body)).toEqual([
    '0: struct t *a = get() -> 1',
    '1: while c -> 2 else 13',
    '2: struct t *b = get() -> 3',
    '3: if d -> 4 else 5',
    '4: cleanup b by drop -> 13',
    '5: if e -> 6 else 7',
    '6: cleanup b by drop -> 1',
    '7: if g -> 8 else 11',
    '8: return use(b) -> 9',
    '9: cleanup b by drop -> 10',
    '10: cleanup a by put -> 17',
    '11: if h -> 16 else 12',
    '12: cleanup b by drop -> 1',
    '13: i() -> 14',
    '14: return -> 15',
    '15: cleanup a by put -> 17',
    '16: cleanup b by drop -> 13',
    '17: end',
  ]);
});

test('a goto back over a declaration cleans up what it declared', () => {
  expect(lowered('again: a(); struct t *p __free(put) = get(); if (b) goto again;')).toEqual([
    '0: a() -> 1',
    '1: struct t *p = get() -> 2',
    '2: if b -> 5 else 3',
    '3: return -> 4',
    '4: cleanup p by put -> 6',
    '5: cleanup p by put -> 0',
    '6: end',
  ]);
});

test('return_ptr() returns', () => {
  expect(lowered('struct t *p __free(put) = get(); return_ptr(p);')).toEqual([
    '0: struct t *p = get() -> 1',
    '1: return no_free_ptr(p) -> 2',
    '2: cleanup p by put -> 3',
    '3: end',
  ]);
});

test('a macro that iterates keeps its name, and its arguments', () => {
  const body =
    '\tlist_for_each_entry(a, &p->list, node) {\n\t\tif (b) continue;\n\t\tc();\n\t}\nd();';
  expect(lowered(body)).toEqual([
    '0: list_for_each_entry(a, &p->list, node) -> 1 done 3',
    '1: if b -> 0 else 2',
    '2: c() -> 0',
    '3: d() -> 4',
    '4: return -> 5',
    '5: end',
  ]);
});

test('a scoped lock is done once, and break leaves it', () => {
  expect(lowered('\tscoped_guard(mutex, &p->m) {\n\t\tif (a) break;\n\t\tb();\n\t}\nc();')).toEqual(
    [
      '0: scoped_guard(mutex, &p->m) -> 1',
      '1: if a -> 3 else 2',
      '2: b() -> 3',
      '3: c() -> 4',
      '4: return -> 5',
      '5: end',
    ],
  );
});

test('a conditional scoped lock may fail by its statement', () => {
  expect(
    lowered('\tscoped_cond_guard(mutex_intr, return -4, &p->m) {\n\t\tb();\n\t}\nc();'),
  ).toEqual([
    '0: if scoped_cond_guard(mutex_intr, -4, &p->m) -> 1 else 2',
    '1: b() -> 3',
    '2: return -4 -> 5',
    '3: c() -> 4',
    '4: return -> 5',
    '5: end',
  ]);
});

test('preprocessor conditions choose', () => {
  expect(
    lowered('#ifdef X\na();\n#elif Y > 1 && defined(Z)\nb();\n#else\nc();\n#endif\nd();'),
  ).toEqual([
    '0: #if defined(X) -> 1 else 2',
    '1: a() -> 5',
    '2: #if ((Y > 1) && defined(Z)) -> 3 else 4',
    '3: b() -> 5',
    '4: c() -> 5',
    '5: d() -> 6',
    '6: return -> 7',
    '7: end',
  ]);
  expect(lowered('#ifndef X\na();\n#endif\n#define Y 1')[0]).toBe('0: #if !defined(X) -> 1 else 2');
});

test('conditions around a whole function', () => {
  const text = '#if A\n#ifdef B\nint f(void) { }\n#else\nint f(void) { }\n#endif\n#endif\n';
  const within = readUnit('x.c', text, syntax).flows.map((f) => f.within.map(printExpr));
  expect(within).toEqual([
    ['A', 'defined(B)'],
    ['A', '!defined(B)'],
  ]);
});

test('what is said of a function itself', () => {
  const text = 'static __always_inline const struct t *f(struct s *a, int, u8 b[], ...)\n{\n}\n';
  const [flow] = readUnit('x.c', text, syntax).flows;
  expect(flow).toMatchObject({
    name: 'f',
    file: 'x.c',
    at: text.indexOf('f('),
    end: text.length - 1,
    returns: 'struct t',
    returnsPointer: true,
    isStatic: true,
    isInline: true,
    params: [
      { name: 'a', type: 'struct s', isPointer: true },
      { name: undefined, type: 'int', isPointer: false },
      { name: 'b', type: 'u8', isPointer: true },
    ],
  });
  const [plain] = readUnit('x.c', 'STATIC int\ng(\n\tint a)\n{\n}\n', syntax).flows;
  expect(plain).toMatchObject({ name: 'g', isStatic: true, returnsPointer: false });
});

test('the old way to write parameters', () => {
  const [flow] = readUnit('x.c', 'int f(a, b)\nint a; char *b;\n{ return a; }\n', syntax).flows;
  expect(flow?.params.map((p) => p.name)).toEqual(['a', 'b']);
});

test('an error is listed with its place, and what is around it is read', () => {
  const text = 'int f(void)\n{\n\ta();\n\tb( = c(1);\n\td();\n}\n';
  const unit = readUnit('x.c', text, syntax);
  const flow = present(unit.flows[0], 'flow');
  expect(flow.notChecked.map((n) => unit.place(n.at).line)).toContain(4);
  expect(printFlow(flow)).toContain('a() -> 1');
  expect(printFlow(flow)).toContain('d() ->');
});
