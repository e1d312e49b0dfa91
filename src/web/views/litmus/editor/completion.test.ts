// What the editor offers where, what it tells of a word, and that no word of its own is stale. `|`
// stands where the cursor is.

import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { parseLitmus, primitives } from '../../../../litmus/index.ts';
import { completeLitmus } from './completion.ts';
import { meaningAt } from './explain.ts';
import { litmus } from './language.ts';
import {
  addressOptions,
  deviceKinds,
  fileOptions,
  fileSystems,
  itemWords,
  type Word,
} from './words.ts';

const head = 'DAX a\n\n(*\n * Result: Never\n *)\n\n';
const init = '{\n\tpage x = 0;\n\tint *k = linear(x);\n\tint *u = user(x, colour 1);\n}\n\n';
const thread = 'P0(int *k)\n{\n\tint r0;\n\n\tr0 = READ_ONCE(*k);\n}\n\n';
const question = 'exists (0:r0=0)\n';

function stateAt(marked: string) {
  const pos = marked.indexOf('|');
  const doc = marked.replace('|', '');
  return { pos, doc, state: EditorState.create({ doc, extensions: [litmus()] }) };
}

function offered(marked: string, explicit = false) {
  const { pos, state } = stateAt(marked);
  return completeLitmus(new CompletionContext(state, pos, explicit));
}

const labels = (marked: string, explicit = false): readonly string[] =>
  offered(marked, explicit)?.options.map(({ label }) => label) ?? [];

const body = (line: string) =>
  `${head}${init}P0(int *k)\n{\n\tint r0;\n\n\t${line}\n}\n\n${question}`;

test('in a body: primitives with signature and meaning, registers, and what is passed', () => {
  const found = offered(body('REA|'));
  const read = found?.options.find(({ label }) => label === 'READ_ONCE');
  expect(read).toMatchObject({ type: 'function', detail: '(*p)', apply: 'READ_ONCE(' });
  expect(read?.info).toContain('loads a cell');
  expect(labels(body('r|'))).toEqual(expect.arrayContaining(['r0', 'k', 'while']));
  expect(labels(body('r|'))).not.toContain('u');
  expect(labels(body('r|'))).toEqual(expect.arrayContaining(primitives.map(({ name }) => name)));
});

test('a test whose file is on a mount is offered what runs on a kernel', () => {
  const world = '{\n\tpage x = 0;\n\tdevice pmem0 = pmem;\n\tmount m = ext4(pmem0, dax);\n}\n\n';
  const text = `${head}${world}P0(mount m)\n{\n\td|\n}\n\n${question}`;
  expect(labels(text)).toContain('drop_caches');
  expect(labels(body('d|'))).not.toContain('drop_caches');
});

test('in the first comment: its lines, results, then traits, kernels and remedies', () => {
  const line = (text: string) => `DAX a\n\n(*\n * ${text}\n *)\n\n${init}${thread}${question}`;
  expect(labels(line('R|'))).toContain('Result:');
  expect(labels(line('Result: |'))).toEqual(['Never', 'Sometimes', 'Always']);
  expect(labels(line('Result: Never on |'))).toEqual(
    expect.arrayContaining(['vivt', 'not', 'arm', 'arm926ej-s', 'under', 'with']),
  );
  expect(labels(line('Result: Never on vivt under |'))).toContain('6.12');
  expect(labels(line('Result: Never on vivt with |'))).toContain('congruent');
  expect(labels(line('plain words|'))).toEqual([]);
});

test('before the init block: keys and their values', () => {
  expect(labels(`DAX a\n\nBo|\n\n${init}`)).toContain('Bound=');
  expect(labels(`DAX a\n\nRemedy=|\n\n${init}`)).toContain('deny');
  expect(labels(`DAX a\n\nMachines=ar|\n\n${init}`)).toContain('arm926ej-s');
});

test('in the init block: items, makers, pages and options', () => {
  const item = (line: string) => `${head}{\n\tpage x = 0;\n\t${line}\n}\n\n${thread}${question}`;
  expect(labels(item('p|'))).toContain('page x = 0;');
  expect(labels(item('int *v = l|'))).toEqual(['linear', 'user', 'window']);
  expect(labels(item('int *v = user(|)'), true)).toEqual(['x']);
  expect(labels(item('int *v = user(x, c|);'))).toContain('colour');
  expect(labels(item('device d = p|'))).toContain('pmem');
  expect(labels(item('mount m = e|'))).toContain('ext4');
});

test('parameters as they must be typed, and what a condition may ask', () => {
  expect(labels(`${head}${init}P0(i|)\n{\n}\n`)).toEqual(['int *k', 'int *u']);
  expect(labels(`${head}${init}${thread}exists (r|)\n`)).toEqual(
    expect.arrayContaining(['0:r0', 'x', 'crashed']),
  );
  expect(labels(`${head}${init}${thread}exists (0:|)\n`, true)).toEqual(['r0']);
  expect(labels(`${head}${init}${thread}e|`)).toContain('exists');
});

test('nothing is offered in strings and other comments, nor before a letter is typed', () => {
  expect(labels(body('// rea|'))).toEqual([]);
  expect(labels(body('|'))).toEqual([]);
  expect(labels(body('|'), true)).toContain('READ_ONCE');
});

test('a word tells what it means', () => {
  const told = (marked: string) => {
    const { state, pos } = stateAt(marked);
    return meaningAt(state, pos);
  };
  const call = told(body('r0 = smp_load|_acquire(k);'));
  expect(call?.title).toBe('r0 = smp_load_acquire(p)');
  expect(call?.says[1]).toMatch(/^Model: /);
  expect(told(body('r0 = READ_ONCE(*k|);'))?.says).toEqual(['int *k = linear(x)']);
  const claim = `DAX a\n\n(*\n * Result: Never\n * Result: Always on vi|vt\n *)\n\n${init}`;
  expect(told(claim)?.says).toEqual(['virtual index, virtual tag']);
  expect(told(body('r0 = 1|;'))).toBeUndefined();
});

/** Whether a text with these items has no mistake that quotes the word. */
function isKnown({ word }: Word, items: string): boolean {
  const parsed = parseLitmus(`DAX a\n\n{\n\tpage x = 0;\n${items}}\n\nexists (x=0)\n`, 'a');
  return parsed.ok || parsed.problems.every(({ what }) => !what.includes(`'${word}'`));
}

test('every word of the init block is one that the parser knows', () => {
  const nonsense: Word = { word: 'nonsense', is: '' };
  const item = ({ word }: Word) => `\tint *v = user(x, ${word});\n`;
  expect(addressOptions.filter((one) => !isKnown(one, item(one)))).toEqual([]);
  expect(isKnown(nonsense, item(nonsense))).toBe(false);
  const device = ({ word }: Word) => `\tdevice d = ${word};\n`;
  expect(deviceKinds.filter((one) => !isKnown(one, device(one)))).toEqual([]);
  expect(isKnown(nonsense, device(nonsense))).toBe(false);
  const mount = ({ word }: Word) => `\tdevice d = pmem;\n\tmount m = ${word}(d);\n`;
  expect(fileSystems.filter((one) => !isKnown(one, mount(one)))).toEqual([]);
  expect(isKnown(nonsense, mount(nonsense))).toBe(false);
  const file = ({ word }: Word) =>
    `\tdevice d = pmem;\n\tmount m = ext4(d);\n\tfile f = x on m, ${word};\n`;
  expect(fileOptions.filter((one) => !isKnown(one, file(one)))).toEqual([]);
  expect(isKnown(nonsense, file(nonsense))).toBe(false);
});

test('every item that is offered is one the grammar has', () => {
  for (const { word } of itemWords) {
    const parsed = parseLitmus(`DAX a\n\n{\n\t${word}\n}\n\nexists (true)\n`, 'a');
    const problems = parsed.ok ? [] : parsed.problems.filter(({ where }) => where === 'a:4:2');
    expect(problems.map(({ what }) => what).join(), word).not.toMatch(/expected|wanted|instead/);
  }
});
