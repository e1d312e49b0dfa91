// What the command line answers with: exit status, stdout for the answer, stderr for complaints,
// the same bytes on every run, and never a stack trace.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dachs, expectRefusal, traces } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';

function words(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

describe('exit status', () => {
  const statuses: readonly (readonly [string, number])[] = [
    ['--help', 0],
    ['--version', 0],
    ['help matrix', 0],
    ['matrix --help', 0],
    ['matrix', 0],
    ['matrix --by scenarios', 0],
    ['matrix --kernel 3.18', 1],
    ['matrix --bound 3', 3],
    ['matrix --by scenarios --bound 3', 3],
    ['matrix --machine turbosparc --arch arm', 4],
    ['matrix --machine turbosparc --arch arm --json', 4],
    ['explain L1', 0],
    ['explain L1 --bound 3', 3],
    ['explain turbosparc@6.12 --bound 3', 3],
    ['list', 0],
  ];
  test.each(statuses)('dachs %s ends with %d', (line, status) => {
    const run = dachs(words(line));
    expect(run.status).toBe(status);
    expect(run.stderr).toBe('');
    expect(run.stdout).not.toBe('');
  });

  test('an audit ends with 1 where it finds something, and with 0 where not', () => {
    const untested = { 'drivers/nvdimm/pmem.c': UNTESTED };
    const found = dachs(['audit', folderOf(smallKernelWith(untested))]);
    expect(found.stdout).toContain('[RESULT_UNTESTED]');
    expect([found.status, found.stderr]).toEqual([1, '']);
    const clean = dachs(['audit', folderOf(smallKernel)]);
    expect([clean.status, clean.stderr]).toEqual([0, '']);
  });

  test('what --ignore leaves out is no finding, and what --types asks for alone is', () => {
    const folder = folderOf(smallKernelWith({ 'drivers/nvdimm/pmem.c': UNTESTED }));
    const both = 'RESULT_UNTESTED,REFUSAL_NOT_SURVIVED';
    expect(dachs(['audit', folder, '--ignore', both]).status).toBe(0);
    expect(dachs(['audit', folder, '--types', 'FALSE_DENIAL']).status).toBe(0);
    expect(dachs(['audit', folder, '--types', 'RESULT_UNTESTED']).status).toBe(1);
  });
});

const UNTESTED = `static int small_attach(struct small_device *small)
{
	small->dax_dev = alloc_dax(small, &small_ops);
	return small_register(small->dax_dev);
}
`;

describe('a bound that was reached is no pass', () => {
  const passes = /\b(?:safe|on|off|Never)\b/;

  test('of a matrix: every machine is "?", and none is safe', () => {
    const { stdout } = dachs(words('matrix --bound 3 --kernel 6.12 --arch arm'));
    const rows = stdout.split('\n').filter((line) => line.startsWith('  ARM'));
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row).toMatch(/ \? /);
    for (const row of rows) expect(row).not.toMatch(passes);
  });

  test('of a matrix of scenarios, of a cell, of one scenario', () => {
    const table = dachs(words('matrix --by scenarios --bound 3')).stdout;
    expect(table.split('\n').filter((line) => /^ *(?:vivt|vipt|pipt)/.test(line))).not.toEqual([]);
    for (const line of table.split('\n')) {
      if (/^ *(?:vivt|vipt|pipt)/.test(line)) expect(line).not.toMatch(passes);
    }
    const scenario = dachs(words('explain L1 --bound 3 --machine skylake')).stdout;
    expect(scenario).toMatch(/bound/);
    expect(scenario).not.toMatch(/Observation L1 Never/);
    const cell = JSON.parse(dachs(words('explain skylake@6.12 --bound 3 --json')).stdout);
    expect(cell.cells[0].true.coherent).toBeNull();
    expect(cell.cells[0].cells[0].verdict.word).toBe('?');
  });
});

describe('what is not known is refused with the nearest words', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['matrix --bogus', /unknown option '--bogus'[^]*hint: dachs --help/],
    ['matrx', /unknown command 'matrx'[^]*matrix/],
    ['matrix 6.12', /too many arguments/],
    ['matrix --by cpu', /--by.*cpus, stack, .*scenarios, remedies/],
    ['matrix --kernel 6.13x', /no kernel 6\.13x\n {2}hint: did you mean 6\.13/],
    ['matrix --kernel ,', /no kernel is named\n {2}hint: /],
    ['matrix --machine turbosparx', /no machine turbosparx\n {2}hint: did you mean turbosparc\?/],
    ['matrix --machine ,', /no machine is named\n {2}hint: /],
    ['matrix --arch amr', /no architecture amr\n {2}hint: did you mean arc or arm/],
    ['matrix --bound 0', /--bound takes a whole number of states, not 0\n {2}hint: /],
    ['matrix --bound 1.5', /not 1\.5\n/],
    ['matrix --bound many', /not many\n/],
    ['list machins', /no list machins\n {2}hint: did you mean machines\?/],
    ['explain L11', /nothing is called L11\n {2}hint: did you mean L1 /],
    ['explain turbosparq', /turbosparq\n {2}hint: did you mean turbosparc\?/],
    ['explain FALSE_DENAIL', /FALSE_DENAIL\n {2}hint: did you mean FALSE_DENIAL\?/],
    ['explain turbosparc@', /no kernel is named/],
    ['explain turbosparc@6.99', /no kernel 6\.99\n {2}hint: /],
    ['explain L1 --machine skylke', /no machine skylke\n {2}hint: did you mean skylake\?/],
    [
      'explain L1 --remedy congruen',
      /no remedy congruen\n {2}hint: did you mean congruent or congruent-all\?/,
    ],
    ['explain L1 --replay P0.0,P9.9', /no step P9\.9\n {2}hint: steps: P0\.0/],
    ['explain L1 --replay P0.2', /./],
    ['explain constructor', /nothing is called constructor\n {2}hint: /],
    ['explain __proto__', /nothing is called __proto__\n {2}hint: /],
    ['audit', /missing required argument 'tree'\n {2}hint: /],
    ['audit . --types RESULT_UNTSTED', /RESULT_UNTSTED\n {2}hint: did you mean RESULT_UNTESTED\?/],
    ['audit . --ignore result_untested', /no finding type result_untested\n {2}hint: did you mean/],
    ['audit . --profile optimist', /no profile optimist\n {2}hint: did you mean optimistic\?/],
  ];
  test.each(refused)('dachs %s', (line, says) => {
    expectRefusal(dachs(words(line)), says);
  });

  test('an empty name', () => {
    expectRefusal(dachs(['explain', '']), /nothing is named/);
    expectRefusal(dachs(['matrix', '--kernel', '']), /no kernel is named/);
  });

  test('nothing at all prints the help on stderr', () => {
    const run = dachs([]);
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/^Usage: dachs/);
  });
});

const prose = [
  '--help',
  'matrix --help',
  'audit --help',
  'explain --help',
  'matrix --by scenarios',
  'matrix --by remedies',
  'explain L1',
  'explain L4',
  'explain L7',
  'explain turbosparc@6.1,6.12',
  'explain skylake@6.12',
  'explain FALSE_PERMISSION',
  'explain congruent',
  'list kernels',
  'list scenarios',
  'list remedies',
  'list types',
];
const tables = ['matrix', 'matrix --kernel all', 'list machines', 'list congruence', 'list ports'];

describe('the text', () => {
  test.each([...prose, ...tables])('of dachs %s is ASCII and the same on two runs', (line) => {
    const first = dachs(words(line));
    expect(first.stdout).toMatch(/^[\n\x20-\x7e]+\n$/);
    expect(traces(first)).toEqual([]);
    expect(dachs(words(line)).stdout).toBe(first.stdout);
  });

  test.each(prose)('of dachs %s stays within 72 columns', (line) => {
    const long = dachs(words(line))
      .stdout.split('\n')
      // A replay line is there to be pasted, in one piece.
      .filter((text) => text.length > 72 && !text.startsWith('  replay    dachs explain '));
    expect(long).toEqual([]);
  });

  test('has no spaces at the ends of lines', () => {
    for (const line of prose) expect(dachs(words(line)).stdout).not.toMatch(/[ \t]\n/);
  });

  test('of an audit is the same on two runs, in text and in JSON', () => {
    const folder = folderOf(smallKernel);
    for (const more of [[], ['--verbose'], ['--json'], ['--facts']]) {
      const first = dachs(['audit', folder, ...more]);
      expect(first.stdout).toMatch(/^[\n\x20-\x7e]+\n$/);
      expect(dachs(['audit', folder, ...more]).stdout).toBe(first.stdout);
    }
  });
});

describe('-o', () => {
  test('writes what stdout would get, and leaves no other file', () => {
    const folder = folderOf({});
    const run = dachs(['explain', 'L1', '--json', '-o', 'answer.json'], folder);
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder)).toEqual(['answer.json']);
    const written = readFileSync(path.join(folder, 'answer.json'), 'utf8');
    expect(written).toBe(dachs(['explain', 'L1', '--json']).stdout);
  });

  test('where nothing can be written: a refusal that is the same on two runs', () => {
    const folder = folderOf({ 'taken/file': 'text\n' });
    for (const place of ['no/such/folder', 'taken', 'taken/file/below']) {
      const run = dachs(['list', '-o', place], folder);
      expectRefusal(run, /cannot write the answer: [a-z ]+\n {2}hint: /);
      expect(run.stderr).toContain(place);
      expect(dachs(['list', '-o', place], folder)).toEqual(run);
    }
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  test('a refused command does not touch the file', () => {
    const folder = folderOf({ 'answer.txt': 'older\n' });
    expect(dachs(['matrix', '--kernel', 'none', '-o', 'answer.txt'], folder).status).toBe(2);
    expect(readFileSync(path.join(folder, 'answer.txt'), 'utf8')).toBe('older\n');
  });
});

describe('the replay line of a witness', () => {
  test.each(['explain L1', 'explain L4 --machine arm926ej-s', 'explain turbosparc@6.12'])(
    'that dachs %s prints runs exactly that witness',
    (line) => {
      const { stdout } = dachs(words(line));
      const typed = replayLine(stdout);
      expect(typed).toMatch(/^dachs explain L\d+ --machine \S+ --replay \S+$/);
      const again = dachs(words(typed).slice(1));
      expect([again.status, again.stderr]).toEqual([0, '']);
      expect(replayLine(again.stdout)).toBe(typed);
      expect(stepsOf(again.stdout)).toEqual(stepsOf(stdout));
      expect(stepsOf(stdout).length).toBeGreaterThan(1);
    },
  );
});

/** The command after `replay`, with its wrapped lines joined. */
function replayLine(text: string): string {
  const [, rest = ''] = text.split(/^ {2}replay +/m);
  const [first = '', ...more] = rest.split('\n');
  const end = more.findIndex((line) => !line.startsWith('            '));
  const wrapped = more.slice(0, end < 0 ? more.length : end).map((line) => line.trim());
  return [first.trim(), ...wrapped].join(' ').replaceAll(', ', ',');
}

/** The numbered steps of a witness. */
function stepsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => /^ *\d+\.? /.test(line))
    .map((line) => line.trim());
}
