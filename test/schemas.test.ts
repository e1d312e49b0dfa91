// Every JSON form that a command writes is as its schema in schemas/ says, whatever the number of
// results; and a form with anything changed is not.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { dachs, dachsJson } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';
import { kernelTree } from './support.ts';

const root = path.resolve(import.meta.dirname, '..');

function jsonFile(...names: readonly string[]): Json {
  return JSON.parse(readFileSync(path.join(root, ...names), 'utf8'));
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const schemas = readdirSync(path.join(root, 'schemas'))
  .sort()
  .map((file) => ({ file, schema: jsonFile('schemas', file) as Record<string, unknown> }));

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
for (const { file, schema } of schemas) ajv.addSchema(schema, file);

/** What is wrong with the form by its schema; empty where nothing is. */
function faults(form: unknown, name: string): readonly string[] {
  const validate = ajv.getSchema(`${name}.schema.json`);
  if (validate === undefined) return [`there is no schema of ${name}`];
  if (validate(form)) return [];
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''}`);
}

function expectForm(form: Record<string, unknown>, name: string): void {
  expect(form['schema']).toBe(`dachs/${name}`);
  expect(faults(form, name)).toEqual([]);
}

const answered = new Map<string, Record<string, unknown>>();

/** What a command writes; it is run once, whoever asks. */
function formOf(line: string): Record<string, unknown> {
  const form = answered.get(line) ?? dachsJson(line.split(' '));
  answered.set(line, form);
  return form;
}

/** Commands and the form that each writes. */
const commands: readonly (readonly [string, string])[] = [
  ['matrix', 'matrix'],
  ['matrix --kernel all', 'matrix'],
  ['matrix --kernel 6.12 --machine turbosparc', 'matrix'],
  ['matrix --arch arm --bound 3', 'matrix'],
  ['matrix --by stack --kernel 6.12,v3,4.0 --arch sh,s390', 'stack-matrix'],
  ['matrix --by stack --why skylake/pmem/ext4/dax@6.12', 'stack-matrix'],
  ['matrix --by stack --kernel 6.12 --arch x86 --verdict STALE', 'stack-matrix'],
  ['matrix --by scenarios', 'scenarios'],
  ['matrix --by remedies', 'scenarios'],
  ['matrix --by scenarios --bound 3', 'scenarios'],
  ['matrix --by icache', 'icache'],
  ['matrix --by icache --bound 3', 'icache'],
  ['matrix --by icache --why skylake', 'icache'],
  ['matrix --by designs', 'designs'],
  ['matrix --by designs --why D4', 'designs'],
  ['matrix --series v3', 'series'],
  ['matrix --series releases', 'series'],
  ['matrix --series v3 --why v3/02:pmem', 'series-why'],
  ['matrix --series v4 --why v4/12:brd', 'series-why'],
  ['explain L1', 'scenario'],
  ['explain L7', 'scenario'],
  ['explain L1 --remedy flush-complete', 'scenario'],
  ['explain L1 --bound 3', 'scenario'],
  ['explain turbosparc@6.12', 'cells'],
  ['explain turbosparc@6.1,6.12,v3', 'cells'],
  ['explain skylake@3.18', 'cells'],
  ['explain FALSE_DENIAL', 'type'],
  ['explain congruent', 'remedy'],
  ['run L1', 'run'],
  ['replay data/kernel-truth/arm-vivt-6.12.jsonl', 'replay'],
  ['replay data/kernel-truth/x86_64-6.1.jsonl --only ^dev/queue', 'replay'],
  ['replay data/kernel-truth/x86_64-6.1.jsonl --only ^opt/ext2/fsdax --fresh', 'replay'],
  ['run coherence', 'run'],
  ['run gate --machine arm926ej-s', 'run'],
  ['run coherence --bound 3', 'run'],
  ['explain CoRR+k+k+u+other', 'test'],
  ['explain CoRR+k+k+u+other --machine cortex-a9', 'test'],
  ['list', 'list'],
  ['list machines', 'list'],
  ['list congruence', 'list'],
  ['list kinds', 'list'],
  ['list tests', 'list'],
  ['list primitives', 'list'],
  ['list kernels', 'list'],
  ['list scenarios', 'list'],
  ['list remedies', 'list'],
  ['list types', 'list'],
  ['list ports', 'list'],
  ['list protocols', 'list'],
];

describe('what a command writes is as its schema says', () => {
  test.each(commands)('dachs %s --json', (line, name) => {
    expectForm(formOf(line), name);
  });

  test('every list of dachs list is among these commands', () => {
    const names = dachsJson(['list'])['items'];
    expect(names).toEqual(commands.flatMap(([line]) => (/^list (.+)/.exec(line) ?? []).slice(1)));
  });

  test.each(['6.1', '6.12'])('the recorded facts of %s', (release) => {
    expectForm(jsonFile('data/kernels', `${release}.json`) as Record<string, unknown>, 'kernel');
  });
});

describe('a toolchain profile is as its schema says', () => {
  const names = readdirSync(path.join(root, 'data/profiles'));

  test.each(names)('%s', (name) => {
    expectForm(jsonFile('data/profiles', name) as Record<string, unknown>, 'profile');
  });

  test('with anything changed it is not', () => {
    const form = jsonFile('data/profiles/gcc-12-x86_64.json') as Record<string, unknown>;
    const profile = form['profile'] as Record<string, unknown>;
    const changed = (change: object): object => ({ ...form, profile: { ...profile, ...change } });
    expect(faults(changed({ exceptions: { '6.1': { a: 'y' } } }), 'profile')).toEqual([]);
    expect(faults(changed({ anwsers: {} }), 'profile')).not.toEqual([]);
    expect(faults(changed({ fits: [] }), 'profile')).not.toEqual([]);
    expect(faults(changed({ exceptions: { '6.1': ['y'] } }), 'profile')).not.toEqual([]);
  });
});

describe('a protocol is as its schema says', () => {
  const files = ['data/protocols', 'docs/examples/protocols'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  );

  test.each(files)('%s', (file) => {
    expectForm(jsonFile(file) as Record<string, unknown>, 'protocol');
  });

  test('with anything changed it is not', () => {
    const form = jsonFile('data/protocols/dax_device.json') as Record<string, unknown>;
    const bad: readonly object[] = [
      { acquires: [] },
      { acquire: [] },
      { acquire: [{ function: 'a b', failure: ['NULL'] }] },
      { acquire: [{ function: 'a', failure: ['null'] }] },
      { release: [{ function: 'f', argument: 0 }] },
      { otherCalls: 'give' },
    ];
    for (const change of bad) expect(faults({ ...form, ...change }, 'protocol')).not.toEqual([]);
  });

  test('and so is an audit by one, with findings, with none, and with nothing to look at', () => {
    const folder = folderOf(smallKernel);
    expectForm(dachsJson(['audit', folder, '--protocol', 'dax_device']), 'protocols');
    expectForm(dachsJson(['audit', folder, '--protocol', 'dax_inode,gendisk']), 'protocols');
    const file = path.join(folder, 'known.json');
    const audit = ['audit', folder, '--protocol', 'dax_device'];
    dachs([...audit, '--write-baseline', file]);
    const held = dachsJson([...audit, '--baseline', file]);
    expectForm(held, 'protocols');
    expect(faults({ ...held, functions: -1 }, 'protocols')).not.toEqual([]);
  });
});

describe('an audit of a small tree is as its schema says', () => {
  const trees: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['as it is', smallKernel],
    ['without alloc_dax()', smallKernelWith({ 'drivers/dax/super.c': undefined })],
    ['with an architecture that is not checked', smallKernelWith({ 'arch/arm/Kconfig': 'if\n' })],
    ['with one port', smallKernelWith({ 'arch/x86/Kconfig': undefined })],
    ['without callers', smallKernelWith({ 'drivers/nvdimm/pmem.c': undefined })],
  ];
  test.each(trees)('%s', (_, files) => {
    const folder = folderOf(files);
    expectForm(dachsJson(['audit', folder]), 'audit');
    expectForm(dachsJson(['audit', folder, '--facts']), 'kernel');
  });

  test('against a baseline, which is as its own', () => {
    const denies = { 'arch/arm/include/asm/cachetype.h': '#define cpu_dcache_is_aliasing() 1\n' };
    const folder = folderOf(smallKernelWith(denies));
    const file = path.join(folder, 'known.json');
    expect(dachs(['audit', folder, '--write-baseline', file]).status).toBe(0);
    const baseline = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expectForm(baseline, 'baseline');
    expect(baseline['findings']).toHaveLength(1);
    expect(faults({ ...baseline, findings: [{}] }, 'baseline')).not.toEqual([]);
    expectForm(dachsJson(['audit', folder, '--baseline', file]), 'audit');
    const fixed = dachsJson(['audit', folderOf(smallKernel), '--baseline', file]);
    expectForm(fixed, 'audit');
    expect(fixed['baseline']).toMatchObject({ known: 0, stale: baseline['findings'] });
    const passed = [...mutations(baseline as Json)].filter(
      ({ form }) => faults(form, 'baseline').length === 0,
    );
    expect(passed.map(({ at }) => at)).toEqual([]);
  });

  test('its error pointers', () => {
    process.env['DACHS_CACHE'] = folderOf({});
    const folder = folderOf({
      ...smallKernel,
      'lib/box.c': 'int *box(int a)\n{\n\treturn a ? ERR_PTR(-EIO) : get();\n}\n',
      'lib/user.c': 'int user(void)\n{\n\treturn *box(1);\n}\n',
    });
    const form = dachsJson(['audit', '--errptr', folder]);
    expectForm(form, 'errptr');
    expect(form['findings']).toHaveLength(1);
    expect(faults({ ...form, findings: [{}] }, 'errptr')).not.toEqual([]);
  });

  test('its findings, asked for by type', () => {
    const denies = { 'arch/arm/include/asm/cachetype.h': '#define cpu_dcache_is_aliasing() 1\n' };
    const folder = folderOf(smallKernelWith(denies));
    const file = path.join(folder, 'audit.json');
    expect(dachs(['audit', folder, '--json', '-o', file]).status).toBe(1);
    const findings = dachsJson(['explain', 'FALSE_DENIAL', '--audit', file]);
    expectForm(findings, 'findings');
    expect(findings['findings']).toHaveLength(1);
    expect(faults({ ...findings, findings: [{}] }, 'findings')).not.toEqual([]);
  });

  test('no result, one and many have the same shape', () => {
    const folder = folderOf(smallKernel);
    const none = dachsJson(['audit', folder, '--types', 'RESULT_UNTESTED']);
    const all = dachsJson(['audit', folder]);
    expect(Object.keys(none)).toEqual(Object.keys(all));
    expect(none['findings']).toEqual([]);
    const one = dachsJson(['matrix', '--machine', 'turbosparc', '--kernel', '6.12']);
    const many = dachsJson(['matrix']);
    expect(Object.keys(one)).toEqual(Object.keys(many));
    expect(one['rows']).toHaveLength(1);
  });
});

describe('what a small tree can be configured to be', () => {
  test('of one architecture and of all', () => {
    const folder = folderOf(smallKernel);
    const all = dachsJson(['kconfig', folder, '--want', 'FS_DAX=y']);
    expectForm(all, 'kconfig');
    const one = dachsJson(['kconfig', folder, '--arch', 'arm', '--want', 'FS_DAX']);
    expectForm(one, 'kconfig');
    expect(Object.keys(one)).toEqual(Object.keys(all));
    expect(faults({ ...one, answers: [{}] }, 'kconfig')).not.toEqual([]);
  });

  test('of two trees', () => {
    const [before, after] = [folderOf(smallKernel), folderOf(withoutDevmap)];
    const diff = dachsJson(['kconfig', '--diff', before, after]);
    expectForm(diff, 'kconfig-diff');
    expect(diff['differences']).toHaveLength(2);
    expect(faults({ ...diff, trees: [] }, 'kconfig-diff')).not.toEqual([]);
  });
});

const withoutDevmap = smallKernelWith({
  'arch/x86/Kconfig': 'config X86\n\tdef_bool y\nconfig SMALL_DEVMAP\n\tdef_bool n\n',
});

interface Answers {
  readonly id: string;
  readonly built: { readonly value: string; readonly chain: readonly { symbol: string }[] };
  readonly believed: { readonly value: string; readonly sources: readonly unknown[] };
  readonly true: { readonly value: string; readonly sources: readonly unknown[] };
}

describe.each(['6.1', '6.12'])('an audit of Linux %s', (release) => {
  const tree = kernelTree(release);
  const title = tree === undefined ? ' (no tree: npm run trees)' : '';
  let audit: Record<string, unknown> = {};
  beforeAll(() => {
    if (tree === undefined) {
      process.stderr.write(`SKIPPED: no tree of ${release}; get it by: npm run trees\n`);
    } else audit = dachsJson(['audit', tree]);
  });

  test.skipIf(tree === undefined)(`is as its schema says${title}`, () => {
    expectForm(audit, 'audit');
  });

  test.skipIf(tree === undefined)(`has three answers for each port${title}`, () => {
    const ports = audit['ports'] as readonly Answers[];
    const of = (id: string): Answers | undefined => ports.find((port) => port.id === id);
    expect(of('arm-v7')?.built.value).toBe('n');
    expect(of('arm-v7')?.built.chain.at(-1)?.symbol).toMatch(/^ARCH_|^SPARSEMEM|^64BIT/);
    expect(of('x86_64')?.built).toMatchObject({ value: 'y', chain: [] });
    expect(of('riscv64')?.built.value).toBe(release === '6.1' ? 'n' : 'y');
    expect(of('sparc32')?.believed.value).toBe(release === '6.1' ? 'refused' : 'depends-on-cpu');
    expect(of('m68k')?.believed.value).toBe(release === '6.1' ? 'offered' : 'refused');
    expect(of('arm64')?.true.value).toBe('coherent');
    expect(of('arm-v5')?.true.value).toBe('aliases');
    for (const { id, believed, true: truth } of ports) {
      expect(believed.sources, `sources of what is believed on ${id}`).not.toEqual([]);
      const empty = truth.value === 'no-machine';
      expect(truth.sources.length === 0, `sources of what is true on ${id}`).toBe(empty);
    }
  });
});

/** Copies of a form, each with one place changed: a key added to an object, or one taken away. */
function* mutations(value: Json, at = ''): Generator<{ at: string; form: Json }> {
  // The keys of a map are locations of the test: any will do.
  if (value === null || typeof value !== 'object' || at.endsWith('/values')) return;
  if (isArray(value)) {
    for (const [i, item] of value.slice(0, 1).entries()) {
      for (const inner of mutations(item, `${at}/${i}`)) {
        yield { at: inner.at, form: [inner.form, ...value.slice(1)] };
      }
    }
    return;
  }
  yield { at: `${at} with one key more`, form: { ...value, stranger: 1 } };
  for (const key of Object.keys(value)) {
    const { [key]: inner = null, ...rest } = value;
    if (!OPTIONAL.has(key)) yield { at: `${at}/${key} taken away`, form: rest };
    for (const deeper of mutations(inner, `${at}/${key}`)) {
      yield { at: deeper.at, form: { ...value, [key]: deeper.form } };
    }
  }
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Keys that some record has and another of the same kind has not. */
const OPTIONAL = new Set([
  'optional',
  'side',
  'symbol',
  'subject',
  'section',
  'note',
  'notUnderLinux',
  'assumes',
  'exampleGeometry',
  'dcache',
  'ctr',
  'platformConstant',
  'mappedLater',
  'hasAllocDax',
  'exclusionBytes',
  'receiver',
  'opsIndex',
  'firstAllocation',
  'place',
  'notes',
]);

/** Objects whose keys are names of the kernel's own, or those of an operation. */
const OPEN = /\/(?:env|preset) with one key more$|\/(?:args|recorded|model)[/ ]/;

describe('a form with one key more or less is not as its schema says', () => {
  const forms = commands.filter(([line]) => !/all|remedies|bound/.test(line));
  test.each(forms)('dachs %s --json', (line, name) => {
    const changed = [...mutations(formOf(line) as Json)];
    expect(changed.length).toBeGreaterThan(2);
    const passed = changed.filter(
      ({ at, form }) => !OPEN.test(at) && faults(form, name).length === 0,
    );
    expect(passed.map(({ at }) => at)).toEqual([]);
  });

  test('dachs audit --json', () => {
    const audit = dachsJson(['audit', folderOf(smallKernel)]) as Json;
    const passed = [...mutations(audit)].filter(({ form }) => faults(form, 'audit').length === 0);
    expect(passed.map(({ at }) => at)).toEqual([]);
  });

  test('a version, a word or a number that no form has', () => {
    const audit = dachsJson(['audit', folderOf(smallKernel)]);
    expect(faults({ ...audit, version: 2 }, 'audit')).not.toEqual([]);
    expect(faults({ ...audit, ports: {} }, 'audit')).not.toEqual([]);
    const scenario = dachsJson(['explain', 'L1']);
    expect(faults({ ...scenario, observation: 'Perhaps' }, 'scenario')).not.toEqual([]);
    expect(faults({ ...scenario, states: -1 }, 'scenario')).not.toEqual([]);
    expect(faults({ ...scenario, depth: 1.5 }, 'scenario')).not.toEqual([]);
  });
});

test('every schema has a title and a description', () => {
  for (const { file, schema } of schemas) {
    expect(schema['title'], file).toBeTypeOf('string');
    expect(schema['description'], file).toBeTypeOf('string');
    expect(schema['$schema'], file).toBe('https://json-schema.org/draft/2020-12/schema');
  }
});
