// What a small program returns and how its callers look at it: each kind of finding with a program
// that fires and one that is nearly the same and stays silent.

import { beforeAll, describe, expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import type { CSyntax } from '../c/syntax.ts';
import { auditErrptr, type ErrptrAudit, factsOf, scanFunctions } from './index.ts';

let syntax: CSyntax;
beforeAll(async () => {
  syntax = await loadCSyntax();
});

function audit(files: Readonly<Record<string, string>>): Promise<ErrptrAudit> {
  const paths = Object.keys(files).sort();
  const text = (path: string): string => files[path] ?? '';
  return auditErrptr({
    tree: 'small',
    scan: async () => paths.map((path) => ({ path, scanned: scanFunctions(text(path)) })),
    walk: async (requests) => requests.map((one) => factsOf(one.path, text(one.path), one, syntax)),
    text,
  });
}

const made = `
struct box *make_box(int size)
{
	struct box *b;
	if (size > limit)
		return ERR_PTR(-E2BIG);
	b = kzalloc(size, GFP_KERNEL);
	if (!b)
		return ERR_PTR(-ENOMEM);
	return b;
}
struct box *pass_box(int size)
{
	struct box *b = make_box(size);
	if (IS_ERR(b))
		return b;
	b->size = size;
	return b;
}
struct box *find_box(int id)
{
	struct box *b = kzalloc(id, GFP_KERNEL);
	if (!b)
		return NULL;
	b->id = id;
	return b;
}
struct box *either_box(int id)
{
	if (id)
		return NULL;
	return make_box(id);
}
struct box *strict_box(struct box *parent)
{
	if (!parent)
		return ERR_PTR(-EIO);
	return &parent->first;
}
struct box *kind_box(struct box *parent, int kind)
{
	if (kind > 3)
		return ERR_PTR(-EINVAL);
	return &parent->first;
}
struct box *flag_box(struct box *parent, int flags)
{
	if (!(flags & BOX_ADD))
		return NULL;
	return pass_box(parent->size);
}
`;

async function findings(body: string, more: Readonly<Record<string, string>> = {}) {
  const user = `int user(struct box *arg, int x)\n{\n\tint ret;\n\tstruct box *b;\n${body}\n}\n`;
  const all = await audit({ 'a/made.c': made, 'a/user.c': user, ...more });
  return all.findings.map(({ type, place }) => `${type} ${place.file}:${place.line - 4}`);
}

const firing = 'UNCHECKED_DEREFERENCE a/user.c';

describe('a result that is dereferenced', () => {
  test.each([
    ['without a test', 'b = make_box(1);\nreturn b->size;', 2],
    ['through a function that hands it on', 'b = pass_box(1);\nreturn b->size;', 2],
    ['as an array', 'b = make_box(1);\nreturn b[0];', 2],
    ['as a whole', 'b = make_box(1);\n*b = *arg;', 2],
    ['at once', 'return make_box(1)->size;', 1],
    ['where it is kept', 'arg->box = make_box(1);\nreturn arg->box->size;', 2],
    ['on one path of two', 'b = make_box(1);\nif (x && IS_ERR(b))\nreturn 0;\nreturn b->size;', 4],
    ['after a test of another', 'b = make_box(1);\nif (IS_ERR(arg))\nreturn 0;\nb->a = 1;', 4],
    ['where both fail', 'b = either_box(x);\nif (!b)\nreturn 0;\nb->size = 1;', 4],
    ['before the test', 'b = make_box(1);\nb->a = 1;\nif (IS_ERR(b))\nreturn 0;', 2],
    ['by a macro that the test is in', 'b = make_box(1);\npr_info("%d", b->size);', 2],
  ])('is found %s', async (_, body, line) => {
    expect(await findings(body)).toEqual([`${firing}:${line}`]);
  });

  test.each([
    ['with a test', 'b = make_box(1);\nif (IS_ERR(b))\nreturn PTR_ERR(b);\nb->a = 1;'],
    ['with a test of both', 'b = make_box(1);\nif (IS_ERR_OR_NULL(b))\nreturn 0;\nb->a = 1;'],
    ['with two tests', 'b = make_box(1);\nif (!b || IS_ERR(b))\nreturn 0;\nb->a = 1;'],
    [
      'with a test of its number',
      'b = make_box(1);\nret = PTR_ERR_OR_ZERO(b);\nif (ret)\nreturn ret;\nb->a = 1;',
    ],
    [
      'that agrees with a number',
      'ret = 0;\nb = make_box(1);\nif (IS_ERR(b))\nret = PTR_ERR(b);\n' +
        'if (ret < 0)\ngoto out;\nb->a = 1;\nout:\nreturn ret;',
    ],
    ['that is made NULL', 'b = make_box(1);\nif (IS_ERR(b))\nb = NULL;\nif (b)\nb->a = 1;'],
    ['in a loop', 'do {\nb = make_box(1);\n} while (IS_ERR(b));\nb->a = 1;'],
    ['by an assertion', 'b = make_box(1);\nBUG_ON(IS_ERR(b));\nb->a = 1;'],
    ['by a test of a test', 'b = make_box(1);\nKUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);\nb->a = 1;'],
    ['by a warning', 'b = make_box(1);\nif (WARN_ON(IS_ERR(b)))\nreturn 0;\nb->a = 1;'],
    ['by a function that is not known', 'b = make_box(1);\nif (bad_box(b))\nreturn 0;\nb->a = 1;'],
    [
      'by the one error that is meant',
      'b = make_box(1);\nif (b == ERR_PTR(-E2BIG))\nreturn 0;\nb->a = 1;',
    ],
    ['whose address alone is taken', 'b = make_box(1);\nx = &b->list == 0;'],
    ['in sizeof', 'b = make_box(1);\nx = sizeof(b->size);'],
    ['after it became another', 'b = make_box(1);\nb = arg;\nb->a = 1;'],
    ['of which no error is made here', 'b = strict_box(arg);\nb->a = 1;'],
    ['whose only error says that an argument is wrong', 'b = kind_box(arg, x);\nb->a = 1;'],
    ['that fails with another flag', 'b = flag_box(arg, BOX_FIND);\nif (b)\nb->a = 1;'],
    ['that gives no error', 'b = find_box(1);\nb->a = 1;'],
  ])('is not found %s', async (_, body) => {
    expect(await findings(body)).toEqual([]);
  });

  test('is found where the argument that leads to the error is given', async () => {
    expect(await findings('b = strict_box(NULL);\nb->a = 1;')).toEqual([`${firing}:2`]);
  });
});

describe('a test of the wrong kind', () => {
  test('is one for NULL of what is never NULL', async () => {
    const body = 'b = make_box(1);\nif (!b)\nreturn 0;\nb->a = 1;';
    expect(await findings(body)).toEqual(['WRONG_CHECK a/user.c:2']);
  });

  test('is one for NULL where the flags that are given exclude it', async () => {
    const body = 'b = flag_box(arg, BOX_ADD);\nif (!b)\nreturn 0;\nb->a = 1;';
    expect(await findings(body)).toEqual(['WRONG_CHECK a/user.c:2']);
  });

  test('is one for NULL before the result is handed on', async () => {
    const body = 'b = make_box(1);\nif (!b)\nreturn 0;\nuse_box(b);';
    expect(await findings(body)).toEqual(['WRONG_CHECK a/user.c:2']);
  });

  test('is one for errors of what is NULL', async () => {
    const body = 'b = find_box(1);\nif (IS_ERR(b))\nreturn 0;\nb->a = 1;';
    expect(await findings(body)).toEqual(['WRONG_CHECK a/user.c:2']);
    const known = 'b = kzalloc(1, GFP_KERNEL);\nif (IS_ERR(b))\nreturn 0;\nb->a = 1;';
    expect(await findings(known)).toEqual(['WRONG_CHECK a/user.c:2']);
  });

  test('is none where the other test follows, or nothing is used', async () => {
    const second = 'b = make_box(1);\nif (!b)\nreturn 0;\nif (IS_ERR(b))\nreturn 1;\nb->a = 1;';
    expect(await findings(second)).toEqual([]);
    const both = 'b = find_box(1);\nif (IS_ERR(b) || !b)\nreturn 0;\nb->a = 1;';
    expect(await findings(both)).toEqual([]);
    const only = 'b = make_box(1);\nif (!b)\nreturn 0;\nreturn 1;';
    expect(await findings(only)).toEqual([]);
  });
});

describe('which function a call means', () => {
  const use = 'b = near_box(1);\nb->a = 1;';

  test('a stub in a header alone tells nothing', async () => {
    const stub = 'static inline struct box *near_box(int a)\n{\n\treturn ERR_PTR(-EIO);\n}\n';
    expect(await findings(use, { 'include/linux/near.h': stub })).toEqual([]);
  });

  test('its own static function comes first', async () => {
    const other = 'struct box *near_box(int a)\n{\n\treturn ERR_PTR(-EIO);\n}\n';
    const own = 'static struct box *near_box(int a)\n{\n\treturn kzalloc(a);\n}\n';
    expect(await findings(use, { 'b/near.c': other })).toEqual([`${firing}:2`]);
    const file = `${own}int user(void)\n{\n\tstruct box *b = near_box(1);\n\treturn b->a;\n}\n`;
    const all = await audit({ 'a/user.c': file, 'b/near.c': other });
    expect(all.findings).toEqual([]);
  });

  test('definitions that disagree are counted, not told', async () => {
    const one =
      'struct box *near_box(int a)\n{\n\tif (a)\n\t\treturn ERR_PTR(-EIO);\n\treturn box(a);\n}\n';
    const two = 'struct box *near_box(int a)\n{\n\treturn kzalloc(a);\n}\n';
    const user = `int user(void)\n{\n\tstruct box *b = near_box(1);\n\treturn b->a;\n}\n`;
    const all = await audit({ 'a/user.c': user, 'b/one.c': one, 'c/two.c': two });
    expect(all.findings).toEqual([]);
    expect(all.ambiguous).toBe(1);
  });

  test('a macro that is one call means it', async () => {
    const header = '#define near_box(a) make_box(a)\n';
    expect(await findings(use, { 'include/linux/near.h': header })).toEqual([`${firing}:2`]);
  });

  test('a tool calls no function of the kernel', async () => {
    const user = 'int main(void)\n{\n\tstruct box *b = make_box(1);\n\treturn b->a;\n}\n';
    const all = await audit({ 'a/made.c': made, 'tools/perf/user.c': user });
    expect(all.findings).toEqual([]);
  });
});

test('the notes lead from the call to where the error is made', async () => {
  const user = 'int user(void)\n{\n\tstruct box *b = pass_box(1);\n\treturn b->a;\n}\n';
  const all = await audit({ 'a/made.c': made, 'a/user.c': user });
  const [only] = all.findings;
  expect(only?.notes.map((n) => `${n.place?.file}:${n.place?.line} ${n.message}`)).toEqual([
    'a/user.c:3 pass_box() is called in user()',
    'a/user.c:4 the result is dereferenced',
    'a/made.c:14 pass_box() returns an error pointer from here',
    'a/made.c:6 make_box() returns an error pointer from here',
  ]);
  expect(all).toMatchObject({ functions: 8, returning: 6, callers: 4, notChecked: [] });
});

test('what cannot be walked is listed', async () => {
  const deep = `int deep(void)\n{\n\tx = IS_ERR(${'('.repeat(30_000)}1${')'.repeat(30_000)});\n}\n`;
  const long = `int long_one(void)\n{\n${'\tx = IS_ERR(y);\n'.repeat(40_000)}}\n`;
  const all = await audit({ 'deep.c': deep, 'long.c': long });
  expect(all.findings).toEqual([]);
  expect(all.notChecked).toContainEqual({
    subject: 'long_one()',
    why: 'too long',
    file: 'long.c',
    line: 1,
  });
});
