// The walk itself, piece by piece: a box that make_box() gives and drop_box() takes back, in
// functions of a few lines, each with the findings that it must give and no others.

import { beforeAll, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { loadCSyntax } from '../../host/index.ts';
import type { CSyntax } from '../c/index.ts';
import type { Acquire, Protocol } from '../protocol/index.ts';
import { memoryTree } from '../tree.ts';
import { auditPaths } from './audit-paths.ts';

let syntax: CSyntax | undefined;
beforeAll(async () => {
  syntax = await loadCSyntax();
});

const errPtr: Acquire = {
  function: 'make_box',
  object: 'return',
  failure: ['ERR_PTR'],
  optional: false,
  survive: [],
  exempt: [],
};

const box: Protocol = {
  name: 'box',
  title: 'box',
  sources: [],
  acquire: [errPtr],
  use: [{ function: 'use_box', argument: 1, accepts: [] }],
  register: [
    {
      function: 'add_box',
      argument: 1,
      failure: ['negative'],
      undo: { function: 'del_box', argument: 1 },
    },
  ],
  release: [
    { function: 'drop_box', argument: 1, accepts: ['NULL'], after: ['del_box'], effect: 'frees' },
  ],
  features: [],
  otherCalls: 'borrow',
  callbacks: [],
  fatalByIntent: [],
};

const nulls: Protocol = { ...box, acquire: [{ ...errPtr, failure: ['NULL'] }] };
/** As before, and callers may go without. */
const optional: Protocol = { ...box, acquire: [{ ...errPtr, failure: ['NULL'], optional: true }] };
const both: Protocol = { ...box, acquire: [{ ...errPtr, failure: ['NULL', 'ERR_PTR'] }] };

/** Findings of a file as `TYPE:line`, and what was not checked. */
function walked(text: string, protocol = box, more: Readonly<Record<string, string>> = {}) {
  const tree = memoryTree({ 'drivers/x/a.c': text, ...more });
  const audit = auditPaths(tree, present(syntax, 'parser'), [protocol]);
  const found = audit.findings.map(
    ({ path: { finding } }) => `${finding.type}:${finding.place.line}`,
  );
  return { found: found.sort(), notChecked: audit.notChecked.map(({ why }) => why), audit };
}

/** A function whose body begins in line 3 and holds `b = make_box(p)` in that line. */
function body(...lines: readonly string[]): string {
  const head = `int attach(struct p *p)
{ struct box *b; int rc;
	b = make_box(p);
`;
  return `${head}${lines.map((line) => `\t${line}\n`).join('')}}\n`;
}

const good = 'if (IS_ERR(b)) return PTR_ERR(b);';

type Case = readonly [string, string, readonly string[], Protocol?];

const cases: readonly Case[] = [
  ['IS_ERR() parts an object from an error', body(good, 'drop_box(b);', 'return 0;'), []],
  [
    'an object without a test',
    body('use_box(b);', 'drop_box(b);', 'return 0;'),
    ['ERROR_AS_OBJECT:4'],
  ],
  [
    'a test for NULL of an error pointer',
    body('if (!b) return -ENOMEM;', 'use_box(b);', 'drop_box(b);', 'return 0;'),
    ['WRONG_CHECK:3'],
  ],
  [
    'IS_ERR() of what is NULL',
    body(good, 'use_box(b);', 'drop_box(b);', 'return 0;'),
    ['WRONG_CHECK:3'],
    nulls,
  ],
  [
    'b == NULL and NULL != b',
    body('if (b == NULL) return -1;', 'if (NULL != b) drop_box(b);', 'return 0;'),
    [],
    nulls,
  ],
  [
    'IS_ERR_OR_NULL() asks for both',
    body('if (IS_ERR_OR_NULL(b)) return -EIO;', 'use_box(b);', 'drop_box(b);', 'return 0;'),
    [],
    both,
  ],
  [
    'one test is not enough where there are two ways to fail',
    body(good, 'use_box(b);', 'drop_box(b);', 'return 0;'),
    ['WRONG_CHECK:3'],
    both,
  ],
  [
    'PTR_ERR_OR_ZERO()',
    body('rc = PTR_ERR_OR_ZERO(b);', 'if (rc) return rc;', 'drop_box(b);', 'return 0;'),
    [],
  ],
  [
    'a choice by ?:',
    body('rc = IS_ERR(b) ? PTR_ERR(b) : 0;', 'if (rc) return rc;', 'drop_box(b);', 'return 0;'),
    [],
  ],
  [
    'a call that fails loses it',
    body(good, 'rc = start(p);', 'if (rc) return rc;', 'drop_box(b);', 'return 0;'),
    ['LEAK:5'],
  ],
  [
    'and is told apart by < 0',
    body(
      good,
      'rc = start(p);',
      'if (rc < 0) { drop_box(b); return rc; }',
      'drop_box(b);',
      'return 0;',
    ),
    [],
  ],
  [
    'a switch reaches each of its cases',
    body(
      good,
      'switch (p->kind) {',
      'case 1: drop_box(b); return 0;',
      'case 2: return -EINVAL;',
      'default: drop_box(b); return 1;',
      '}',
    ),
    ['LEAK:3'],
  ],
  [
    'what falls through goes on',
    body(good, 'switch (p->kind) {', 'case 2: p->n = 1;', 'default: drop_box(b); return 0;', '}'),
    [],
  ],
  ['a field that outlives the function keeps it', body(good, 'p->box = b;', 'return 0;'), []],
  [
    'another name for the same memory',
    `int attach(struct p *p)
{ struct p *q = p;
	p->box = make_box(p);
	if (IS_ERR(q->box)) return PTR_ERR(q->box);
	drop_box(q->box);
	return -EIO;
}
`,
    [],
  ],
  [
    'an address of a local variable',
    `int attach(struct p *p)
{ struct box *b; struct box **to = &b;
	*to = make_box(p);
	if (IS_ERR(b)) return PTR_ERR(b);
	return 0;
}
`,
    ['LEAK:3'],
  ],
  ['an index that is not known lets it go', body(good, 'p->boxes[p->n] = b;', 'return 0;'), []],
  [
    'container_of() finds the memory around a member',
    `int attach(struct work *w)
{ struct p *p = container_of(w, struct p, work);
	p->box = make_box(p);
	if (IS_ERR(container_of(w, struct p, work)->box)) return PTR_ERR(p->box);
	return 0;
}
`,
    [],
  ],
  [
    'memory that is freed keeps nothing',
    `int attach(void)
{ struct p *p = kzalloc(8, GFP_KERNEL);
	if (!p) return -ENOMEM;
	p->box = make_box(p);
	if (IS_ERR(p->box)) { kfree(p); return -EIO; }
	kfree(p);
	return 0;
}
`,
    ['LEAK:4'],
  ],
  [
    'nor memory that a function of the file frees',
    `static void end(struct p *p)
{
	spin_lock(&p->l);
	list_del(&p->e);
	spin_unlock(&p->l);
	p->n = 0;
	kfree(p);
}
int attach(void)
{ struct p *p = kzalloc(8, GFP_KERNEL);
	if (!p) return -ENOMEM;
	p->box = make_box(p);
	if (IS_ERR(p->box)) { end(p); return -EIO; }
	end(p);
	return 0;
}
`,
    ['LEAK:12', 'LEAK:7'],
  ],
  [
    'a release twice',
    body(good, 'drop_box(b);', 'drop_box(b);', 'return 0;'),
    ['DOUBLE_RELEASE:6'],
  ],
  ['a release of an error pointer', body('drop_box(b);', 'return 0;'), ['RELEASE_OF_ERROR:4']],
  [
    'a release of NULL, which is allowed',
    body('drop_box(b);', 'return 0;'),
    ['FATAL_ERROR_SURVIVED:3'],
    nulls,
  ],
  [
    'registered, and dropped',
    body(
      good,
      'rc = add_box(b);',
      'if (rc) { drop_box(b); return rc; }',
      'drop_box(b);',
      'return 0;',
    ),
    ['NOT_UNREGISTERED:7'],
  ],
  [
    'unregistered, then dropped',
    body(good, 'rc = add_box(b);', 'if (!rc) del_box(b);', 'drop_box(b);', 'return rc;'),
    [],
  ],
  [
    'scope cleanup',
    `DEFINE_FREE(box, struct box *, if (!IS_ERR_OR_NULL(_T)) drop_box(_T))
int attach(struct p *p)
{
	struct box *b __free(box) = make_box(p);
	if (IS_ERR(b)) return PTR_ERR(b);
	return start(p);
}
`,
    [],
  ],
  [
    'an action of the device gives it back',
    `static void undo(void *b)
{
	drop_box(b);
}
${body(good, 'return devm_add_action_or_reset(p->dev, undo, b);')}`,
    [],
  ],
  [
    'and without _or_reset does not where it fails',
    `static void undo(void *b)
{
	drop_box(b);
}
${body(good, 'return devm_add_action(p->dev, undo, b);')}`,
    ['LEAK:9'],
  ],
  [
    'a loop that makes one each round and drops none',
    `int attach(struct p *p)
{ struct box *b = 0; int i;
	for (i = 0; i < p->n; i++) {
		b = make_box(p);
		if (IS_ERR(b)) return PTR_ERR(b);
	}
	drop_box(b);
	return 0;
}
`,
    ['LEAK:4', 'LEAK:4'],
  ],
  [
    'an answer is the same when it is asked again',
    body(
      good,
      'if (dev_is_big(p)) { drop_box(b); }',
      'if (!dev_is_big(p)) drop_box(b);',
      'return 0;',
    ),
    [],
  ],
  [
    'also with a constant beside the thing',
    body(
      good,
      'if (dev_has_bit(p, BIG)) drop_box(b);',
      'if (!dev_has_bit(p, BIG)) drop_box(b);',
      'return 0;',
    ),
    [],
  ],
  [
    'an accessor in capitals gives the same of one thing',
    `int attach(struct p *p)
{
	INNER(p)->box = make_box(p);
	if (IS_ERR(INNER(p)->box)) return -EIO;
	return 0;
}
`,
    [],
  ],
  [
    'dev_err_probe() gives the error that it is given',
    body(
      'if (IS_ERR(b)) return dev_err_probe(p->dev, PTR_ERR(b), "no");',
      'drop_box(b);',
      'return 0;',
    ),
    [],
  ],
  [
    'a constant that only failures return',
    `int attach(struct p *p)
{
	struct box *b = make_box(p);
	if (IS_ERR(b)) return 1;
	drop_box(b);
	return 0;
}
`,
    [],
  ],
  [
    'an error that is overlooked',
    body('if (IS_ERR(b)) return 0;', 'drop_box(b);', 'return 0;'),
    ['FATAL_ERROR_SURVIVED:3'],
  ],
  [
    'what returns nothing cannot tell',
    `void attach(struct p *p)
{
	struct box *b = make_box(p);
	if (IS_ERR(b)) return;
	drop_box(b);
}
`,
    [],
  ],
  [
    'the last reference goes once',
    `static void put(struct p *p)
{
	if (!refcount_dec_and_test(&p->refs)) return;
	drop_box(p->box);
}
int detach(struct p *p)
{
	put(p);
	put(p);
	return 0;
}
int attach(struct p *p)
{
	p->box = make_box(p);
	return PTR_ERR_OR_ZERO(p->box);
}
`,
    [],
  ],
  [
    'what a loop goes over is still there behind it',
    body(
      good,
      'struct c *c;',
      'for_each_child_of_node(b, c) {',
      'act(c);',
      '}',
      'drop_box(b);',
      'return 0;',
    ),
    [],
  ],
  [
    'a scope helper that cannot be read gives it back',
    'int attach(struct p *p)\n{\n\tstruct box *b __free(far) = make_box(p);\n\treturn 0;\n}\n',
    [],
    optional,
  ],
  [
    'an assertion of a test ends it',
    `void check(struct kunit *t)
{
	struct box *b = make_box(t);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(t, b);
	use_box(b);
	drop_box(b);
}
`,
    [],
    both,
  ],
];

test.each(cases.map((one) => ({ title: one[0], one })))('$title', ({ one }) => {
  const [, text, findings, protocol = box] = one;
  const { found, notChecked } = walked(text, protocol);
  expect(notChecked).toEqual([]);
  expect(found).toEqual(findings);
});

test('helpers of headers of the folder are walked into, those of others are not', () => {
  const header = 'static inline void end_box(struct box *b)\n{\n\tdrop_box(b);\n}\n';
  const text = `#include "a.h"\n${body(good, 'end_box(b);', 'return 0;')}`;
  expect(walked(text, box, { 'drivers/x/a.h': header }).found).toEqual([]);
  expect(walked(text, box, { 'drivers/y/a.h': header }).found).toEqual(['LEAK:4']);
});

test('a condition that decides is told with the finding; one that does not is not', () => {
  const tail = ['if (IS_ENABLED(CONFIG_LOUD)) p->n = 1;', 'drop_box(b);', 'return 0;'];
  const lost = body(good, 'if (IS_ENABLED(CONFIG_FAST) && start(p)) return -EIO;', ...tail);
  const [open] = walked(lost).audit.findings;
  const { ways } = present(open, 'finding').path;
  expect(ways.map((way) => [...way])).toEqual([[['FAST', true]]]);
});

test('what builds the file is asked of its Makefile', () => {
  const makefile = 'obj-$(CONFIG_X) += x.o\nx-y := b.o\nx-$(CONFIG_X_A) += a.o\n';
  const lost = body(good, 'return start(p);');
  const { audit } = walked(lost, box, { 'drivers/x/Makefile': makefile });
  const [open] = audit.findings;
  expect(present(open, 'finding').questions).toEqual([
    [
      { symbol: 'X', value: 'n', differs: true },
      { symbol: 'X_A', value: 'n', differs: true },
    ],
  ]);
});

test('a walk that is cut off says so; paths that are alike are merged before that', () => {
  const flags = (count: number, used: boolean): readonly string[] =>
    Array.from({ length: count }, (_, i) => `if (ask(p, ${i})) p->f${i} = 1;`).concat(
      used ? Array.from({ length: count }, (_, i) => `if (p->f${i}) act(p);`) : [],
    );
  // 2^14 ways that only differ in fields merge; nothing of the object is missed.
  const many = walked(body(good, ...flags(14, true), 'return 0;'));
  expect(many.found).toEqual(['LEAK:3']);
  expect(many.notChecked).toEqual([]);
  const locals = Array.from({ length: 14 }, (_, i) => `int v${i} = ask(p, ${i});`);
  const asked = locals.map((_, i) => `if (v${i}) act(p);`);
  const twice = asked.map((line) => line.replace('act', 'end'));
  const open = walked(body(good, ...locals, ...asked, ...twice, 'drop_box(b);', 'return 0;'));
  expect(open.notChecked).toEqual(['attach(): more than 20000 steps']);
});
