// dachs audit --protocol: a tree walked by protocols of a user's own. What it finds, what it says
// it did not ask, every form of the answer, every exit status, and files that are no protocols.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dachs, dachsJson, expectRefusal } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';

const BOX = {
  schema: 'dachs/protocol',
  version: 1,
  name: 'box',
  title: 'box',
  acquire: [{ function: 'make_box', failure: ['NULL'] }],
  release: [{ function: 'drop_box', argument: 1 }],
};

const LEAKS = `static int small_fill(struct small *s)
{
	struct box *box = make_box(s);

	if (!box)
		return -ENOMEM;
	if (fill_box(s) < 0)
		return -EIO;
	drop_box(box);
	return 0;
}
`;

const CLEAN = LEAKS.replace('return -EIO', 'return (drop_box(box), -EIO)');

function treeWith(text: string, change: object = {}): string {
  const files = { 'drivers/small/box.c': text, 'box.json': JSON.stringify({ ...BOX, ...change }) };
  return folderOf(smallKernelWith(files));
}

const audit = ['audit', '.', '--protocol', './box.json'];

test('a leak is found, with its path, and the text says what was not asked', () => {
  const run = dachs([...audit, '-v'], treeWith(LEAKS));
  expect([run.status, run.stderr]).toEqual([1, '']);
  expect(run.stdout).toContain(
    'drivers/small/box.c:7:6: warning: small_fill() leaks the box from make_box() ' +
      'when fill_box() fails [LEAK]\n' +
      'drivers/small/box.c:3:20: note: make_box()\n' +
      'drivers/small/box.c:7:6: note: fill_box() fails\n',
  );
  expect(run.stdout).toContain('box: 1 call in 1 file');
  expect(run.stdout.replace(/\s+/g, ' ')).toContain('Reach not asked: whether a configuration');
});

test('exit: 0 nothing wrong, 3 a part not checked, 4 no call at all', () => {
  expect(dachs(audit, treeWith(CLEAN)).status).toBe(0);
  const torn = `${CLEAN}static int torn(void)\n{\n\treturn drop_box(make_box(;;\n}\n`;
  const half = dachs(audit, treeWith(torn));
  expect(half.status).toBe(3);
  expect(half.stdout).toMatch(/box\.c:\d+: not checked: paths of torn\(\)/);
  const none = dachs(audit, treeWith('int other(void) { return 0; }\n'));
  expect(none.status).toBe(4);
  expect(none.stdout).toContain('Nothing was looked at');
});

test('JSON, SARIF, types, baseline: as those of the whole audit', () => {
  const tree = treeWith(LEAKS);
  const form = dachsJson(audit, tree);
  expect(form).toMatchObject({
    schema: 'dachs/protocols',
    protocols: [{ name: 'box', title: 'box', files: 1, calls: 1 }],
    findings: [{ type: 'LEAK', level: 'warning', reach: 'not-checked', function: 'small_fill' }],
  });
  const log: unknown = JSON.parse(dachs([...audit, '--format', 'sarif'], tree).stdout);
  expect(log).toMatchObject({ runs: [{ results: [{ ruleId: 'LEAK', level: 'warning' }] }] });
  expect(dachs([...audit, '--ignore', 'LEAK'], tree).status).toBe(0);
  const known = path.join(tree, 'known.json');
  expect(dachs([...audit, '--write-baseline', known], tree).status).toBe(0);
  expect(dachs([...audit, '--baseline', known], tree).stdout).toContain('hidden: 1');
  expect(readFileSync(known, 'utf8')).toContain('"LEAK"');
});

test('a name stands for a protocol of ours, over the whole tree; several may be named', () => {
  const disk = `static int small_disk(struct small *s)
{
	struct gendisk *disk = blk_alloc_disk(NULL, 0);

	if (IS_ERR(disk))
		return PTR_ERR(disk);
	return small_start(s) ? -EIO : 0;
}
`;
  const tree = treeWith(disk);
  // The default audit looks at some drivers only by this protocol.
  expect(dachs(['audit', '.', '--types', 'LEAK'], tree).stdout).not.toContain('[LEAK]');
  expect(dachs(['audit', '.', '--protocol', 'gendisk'], tree).stdout).toContain('small_disk()');
  const both = dachsJson([...audit, '--protocol', 'gendisk,dax_device'], tree);
  expect(both['protocols']).toMatchObject([{ name: 'box' }, { name: 'gendisk' }, {}]);
});

test('the same bytes on every run', () => {
  const tree = treeWith(LEAKS);
  expect(dachs([...audit, '--json'], tree).stdout).toBe(dachs([...audit, '--json'], tree).stdout);
});

describe('what is no protocol is refused, with the place in the file', () => {
  const bad: readonly (readonly [string, object, RegExp])[] = [
    ['a field more', { realease: [] }, /not a protocol: realease: there is no such field/],
    ['a wrong type', { title: 7 }, /not a protocol: title: /],
    ['no acquire', { acquire: undefined }, /not a protocol: acquire: /],
    ['empty acquire', { acquire: [] }, /acquire: no function that acquires is named/],
    [
      'no C name',
      { acquire: [{ function: 'a-b', failure: ['NULL'] }] },
      /acquire\.0\.function: not/,
    ],
    ['no failure', { acquire: [{ function: 'a', failure: [] }] }, /acquire\.0\.failure: no way/],
    [
      'argument 0',
      { release: [{ function: 'f', argument: 0 }] },
      /release\.0\.argument: .* from 1/,
    ],
    ['another schema', { schema: 'dachs/audit' }, /not a protocol: schema: /],
    ['another version', { version: 2 }, /not a protocol: version: /],
    [
      'a function in two roles',
      { release: [{ function: 'make_box', argument: 1 }] },
      /release\.0\.function: acquire\.0\.function names make_box already/,
    ],
    [
      'an order after nothing',
      { release: [{ function: 'drop_box', argument: 1, after: ['hide_box'] }] },
      /release\.0\.after: hide_box is no release/,
    ],
  ];
  test.each(bad)('%s', (_, change, says) => {
    const run = dachs(audit, treeWith(CLEAN, change));
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/^dachs: \.\/box\.json: .*\n {2}hint: docs\/protocols\.md/);
  });

  const texts: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['empty', '', /not JSON: /],
    ['half of it', JSON.stringify(BOX).slice(0, 60), /not JSON: /],
    ['a list', '[]', /not a protocol: no object/],
    ['deep', '['.repeat(200_000), /not JSON: |not a protocol/],
    ['no UTF-8', Buffer.from([0x7b, 0xff]), /no UTF-8/],
    ['100 MB', Buffer.alloc(100_000_000, ' '), /100000000 bytes, more than/],
  ];
  test.each(texts)('%s', (_, text, says) => {
    const tree = folderOf(smallKernel);
    writeFileSync(path.join(tree, 'box.json'), text);
    expectRefusal(dachs(audit, tree), says);
  });

  test('a file that is not there, a name that is none, two of one name', () => {
    const tree = treeWith(CLEAN);
    expectRefusal(dachs(['audit', '.', '--protocol', 'no.json'], tree), /no\.json: cannot read/);
    expectRefusal(dachs(['audit', '.', '--protocol', 'gendisc'], tree), /did you mean gendisk/);
    expectRefusal(dachs(['audit', '.', '--protocol', ''], tree), /no protocol is named/);
    writeFileSync(path.join(tree, 'two.json'), JSON.stringify({ ...BOX, title: 'other box' }));
    expectRefusal(
      dachs([...audit, '--protocol', 'two.json'], tree),
      /two protocols are called box: \.\/box\.json and two\.json/,
    );
  });

  test('options of the whole audit have no meaning with it', () => {
    const tree = treeWith(CLEAN);
    for (const more of [['--facts'], ['--id', 'x'], ['--profile', 'gcc-12']]) {
      expectRefusal(dachs([...audit, ...more], tree), /has no meaning with --protocol/);
    }
  });
});
