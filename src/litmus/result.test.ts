// `Result:` lines: what they claim for which machine, kernel and remedy.

import { describe, expect, test } from 'vitest';
import { sample } from '../../test/litmus/sample.ts';
import { machineById } from '../hw/index.ts';
import { remedies } from '../scenario/index.ts';
import { claimFor, parseLitmus, remedyNames, type ResultLine, traitsOf } from './index.ts';

function claims(...lines: readonly string[]): readonly ResultLine[] {
  const head = `(*\n${lines.map((line) => ` * Result: ${line}\n`).join('')} *)`;
  const parsed = parseLitmus(sample({ head }), 'f');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test.results;
}

function traits(id: string) {
  const machine = machineById(id);
  if (!machine) throw new Error(`no machine ${id}`);
  return traitsOf(machine);
}

test('the last line that applies counts', () => {
  const lines = claims('Never', 'Sometimes on aliasing', 'Always on arm1176-32k');
  expect(claimFor(lines, { traits: traits('cortex-a53') })).toBe('Never');
  expect(claimFor(lines, { traits: traits('24kc-32k/4k') })).toBe('Sometimes');
  expect(claimFor(lines, { traits: traits('arm1176-32k') })).toBe('Always');
  expect(claimFor([], { traits: traits('cortex-a53') })).toBeUndefined();
});

describe('selectors', () => {
  const machine = { traits: traits('arm1176-32k') };
  test.each([
    ['vipt-aliasing', true],
    ['vivt', false],
    ['vivt, vipt-aliasing', true],
    ['vipt-aliasing write-back', true],
    ['vipt-aliasing write-through', false],
    ['not write-through', true],
    ['not vipt-aliasing', false],
    ['colours=2', true],
    ['colours>=2 colours=4', false],
    ['not colours>=3', true],
    ['arm', true],
    ['mips, not set-associative', false],
  ])('on %s', (on, holds) => {
    const word = claimFor(claims('Never', `Always on ${on}`), machine);
    expect(word).toBe(holds ? 'Always' : 'Never');
  });
});

test('kernels and remedies', () => {
  const lines = claims('Never', 'Always under 6.1, v3 with deny, congruent');
  const run = { traits: traits('cortex-a53') };
  expect(claimFor(lines, { ...run, kernel: '6.1', remedy: 'deny' })).toBe('Always');
  expect(claimFor(lines, { ...run, kernel: '6.12', remedy: 'deny' })).toBe('Never');
  expect(claimFor(lines, { ...run, kernel: 'v3' })).toBe('Never');
  expect(claimFor(claims('Never', 'Always with none'), run)).toBe('Always');
});

test('a machine without a data cache, and hardware that resolves synonyms, are coherent', () => {
  expect(traitsOf({ pageBytes: 4096 })).toEqual({
    words: new Set(['uncached', 'coherent']),
    colours: 1,
  });
  const words = traits('alpha-ev6').words;
  expect([words.has('coherent'), words.has('hardware-synonyms')]).toEqual([true, true]);
  expect(words.has('aliasing')).toBe(false);
});

test('the remedies are those that there are', () => {
  expect(remedyNames).toEqual(remedies.map((remedy) => remedy.name));
});

describe('mistakes', () => {
  const problem = (...lines: readonly string[]) => {
    const head = `(*\n${lines.map((line) => ` * ${line}\n`).join('')} *)`;
    const parsed = parseLitmus(sample({ head }), 'f');
    return parsed.ok ? [] : parsed.problems.map((p) => `${p.where} ${p.what} | ${p.hint}`);
  };
  test.each([
    ['Nevr', "f:4:12 'Nevr' is no result | did you mean Never?"],
    [
      'Never on',
      "f:4:18 something is missing in what follows 'on' | words are separated by commas",
    ],
    [
      'Never vivt',
      "f:4:18 'vivt' does not follow a result | write: on MACHINES, under KERNELS, " +
        'with REMEDIES',
    ],
    ['Never on vivtt', "f:4:21 'vivtt' is no machine and no property of one | did you mean vivt?"],
    ['Never on vivt not', "f:4:26 'not' needs a word behind it | e.g. not write-through"],
    ['Never under 6.21', "f:4:24 '6.21' is no kernel | did you mean 6.1 or 6.12?"],
    [
      'Never with flush',
      "f:4:23 'flush' is no remedy | did you mean flush-complete or " +
        'flush-literal or flush-reachable?',
    ],
    [
      'Never',
      "f:4:4 this 'Result:' line hides all those before it | say where it applies: on " +
        'MACHINES, under KERNELS, with REMEDIES',
    ],
  ])('%s', (line, expected) => {
    expect(problem('Result: Never', `Result: ${line}`)).toEqual([expected]);
  });

  test('the first line, a mistyped word, and a line that stands elsewhere', () => {
    expect(problem('Result: Never on vivt')[0]).toContain('applies everywhere');
    expect(problem('Resutl: Never')).toEqual([
      "f:3:4 'Resutl:' is no line of the first comment | did you mean Result:?",
    ]);
    const late = sample({ head: '(* A text. *)\n/* Result: Never */' });
    expect(parseLitmus(late, 'f')).toMatchObject({
      problems: [{ where: 'f:3:1', hint: 'move it there' }],
    });
  });
});
