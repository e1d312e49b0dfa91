// The walk of paths on files that are broken, torn, huge, deep or no text at all, in a driver
// that calls alloc_dax(): an answer in time, never a crash, and what was not read is told with
// its place.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { auditPaths, type CSyntax, memoryTree, type Protocol } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { builtInProtocols, loadCSyntax } from '../src/host/index.ts';
import { mutate, random } from '../fuzz/mutate.mjs';
import { sampleTrees } from './samples.ts';

let syntax: CSyntax | undefined;
let protocols: readonly Protocol[] = [];
beforeAll(async () => {
  syntax = await loadCSyntax();
  const read = builtInProtocols();
  protocols = read.ok ? read.value : [];
});

const FILE = 'drivers/x/a.c';
const DRIVER = `static int small_attach(struct small *s)
{
	struct dax_device *dax = alloc_dax(s, &ops);

	if (IS_ERR(dax))
		return PTR_ERR(dax);
	if (small_start(s))
		return -EIO;
	put_dax(dax);
	return 0;
}
`;

function walked(text: string) {
  return auditPaths(memoryTree({ [FILE]: text }), present(syntax, 'parser'), protocols);
}

function expectTold(text: string): void {
  const { notChecked } = walked(text);
  expect(notChecked.length).toBeGreaterThan(0);
  for (const { file, line, why } of notChecked) {
    expect(file).toBe(FILE);
    expect(line).toBeGreaterThan(0);
    expect(why).not.toBe('');
  }
}

describe('what cannot be read is not checked', () => {
  const torn: readonly (readonly [string, string])[] = [
    ['an expression that ends nowhere', 'int f(void)\n{\n\treturn put_dax(alloc_dax(;;\n}\n'],
    ['a function without an end', DRIVER.slice(0, DRIVER.indexOf('put_dax'))],
    ['half a call', `${DRIVER}int g(void)\n{\n\talloc_dax(s, \n`],
    ['a NUL byte', `${DRIVER}\0`],
    ['braces that do not close', `int h(void) {{{{ if (x) { alloc_dax(s, 0);\n`],
  ];
  test.each(torn)('%s', (_, text) => {
    expectTold(text);
  });
});

test.each([
  'IS_ERR()',
  'WARN_ON()',
  'IS_ENABLED()',
  'PTR_ERR()',
  'BUG_ON()',
  'kfree()',
  'alloc_dax()',
])('a call of %s, with nothing in it', (call) => {
  const text = DRIVER.replace('small_start(s)', call).replace('\tput_dax', `\t${call};\n\tput_dax`);
  expect(() => walked(text)).not.toThrow();
});

test('bytes that are no UTF-8 harm only what they stand in', () => {
  const text = Buffer.concat([
    Buffer.from(DRIVER),
    Buffer.from([0x2f, 0x2a, 0xff, 0xfe, 0xc3, 0x2a, 0x2f, 0x0a]),
  ]).toString('utf8');
  expect(walked(text).findings.map(({ path: { finding } }) => finding.type)).toContain('LEAK');
});

const LIMIT = 60_000;

test('a function of 3 MB, and the one beside it', { timeout: LIMIT }, () => {
  const line = '\ts->a = small_read(s, 17) + s->b * 3; if (s->c) s->d++;\n';
  const body = line.repeat(Math.ceil(3_000_000 / line.length));
  const head = 'static int huge(struct small *s)\n{\n\tvoid *d = alloc_dax(s, &ops);\n';
  const huge = `${head}${body}\treturn 0;\n}\n`;
  const { findings, notChecked } = walked(DRIVER + huge);
  expect(findings.map(({ path: { finding } }) => finding.function)).toContain('small_attach');
  expect(notChecked.length).toBeGreaterThan(0);
});

const deep: readonly (readonly [string, (n: number) => string])[] = [
  ['parentheses', (n) => `x = ${'('.repeat(n)}1${')'.repeat(n)};`],
  ['negations', (n) => `if (${'!'.repeat(n)}x) y();`],
  ['blocks', (n) => `${'if (x) {'.repeat(n)}${'}'.repeat(n)}`],
  ['else if', (n) => `${'if (x) y(); else '.repeat(n)}z();`],
  ['choices', (n) => `x = ${'a ? b : '.repeat(n)}c;`],
  ['calls', (n) => `${'f('.repeat(n)}${')'.repeat(n)};`],
  ['sums', (n) => `x = ${'a + '.repeat(n)}1;`],
  ['loops', (n) => `${'while (x) '.repeat(n)}y();`],
];
test.each(deep)('nested: %s', { timeout: LIMIT }, (_, nested) => {
  for (const n of [200, 20_000]) {
    const text = DRIVER.replace('\tput_dax', `\t${nested(n)}\n\tput_dax`);
    const { findings, notChecked } = walked(text);
    expect(findings.length + notChecked.length).toBeGreaterThan(0);
  }
});

test('mutants of the samples: an answer in time, each place within its file', {
  timeout: LIMIT,
}, () => {
  const seeds = sampleTrees().flatMap(({ own }) =>
    Object.entries(own).flatMap(([file, text]) => (file.endsWith('.c') ? [text] : [])),
  );
  expect(seeds.length).toBeGreaterThan(40);
  const next = random(7);
  const some = (): string => seeds[Math.floor(next() * seeds.length)] ?? '';
  for (let i = 0; i < 250; i++) {
    const text = mutate(next, some(), some());
    const lines = text.split('\n').length;
    const { findings, notChecked } = walked(text);
    for (const {
      path: { finding },
    } of findings) {
      for (const { place } of [finding, ...finding.notes]) {
        if (place !== undefined) expect(place.line).toBeLessThanOrEqual(lines);
      }
    }
    for (const { line } of notChecked) expect(line).toBeLessThanOrEqual(lines);
  }
});

test('the samples that are mutated are those of the audit', () => {
  const file = path.resolve(import.meta.dirname, 'samples/audit/LEAK/fires/drivers/x/sample.c');
  expect(readFileSync(file, 'utf8')).toContain('alloc_dax');
});
