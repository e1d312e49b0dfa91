// A recording as a text: what is no line of it is told with its place, and wishes are those of the
// command line.

import { expect, test } from 'vitest';
import {
  type RecordedScenario,
  chosenScenarios,
  onlyId,
  parseRecording,
  wantedScenarios,
} from './index.ts';

const line = (id: string, group = 'a'): string =>
  JSON.stringify({ id, group, kernel: '6.12', steps: [] });

function scenarios(...lines: readonly string[]): readonly RecordedScenario[] {
  const read = parseRecording(lines.join('\n'), 'f');
  return read.ok ? read.value : [];
}

function chosen(wishes: Parameters<typeof wantedScenarios>[0]): readonly string[] | string {
  const wanted = wantedScenarios(wishes);
  if (!wanted.ok) return wanted.problem.what;
  const all = scenarios(line('x/a.b'), line('x/aXb', 'b'), line('y', 'c'));
  const found = chosenScenarios(all, wanted.value);
  return found.ok ? found.value.map(({ id }) => id) : found.problem.what;
}

test('blank lines count, and are none', () => {
  expect(parseRecording(`\n${line('a')}\n\n{`, 'f.jsonl')).toMatchObject({
    problem: { what: 'the line is no JSON', where: 'f.jsonl:4' },
  });
  expect(scenarios('', line('a'), ' ').map(({ where }) => where)).toEqual(['f:2']);
});

test('ids are searched, groups named', () => {
  expect(chosen({})).toEqual(['x/a.b', 'x/aXb', 'y']);
  expect(chosen({ only: 'a.b' })).toEqual(['x/a.b', 'x/aXb']);
  expect(chosen({ only: 'a.b', group: 'b,c' })).toEqual(['x/aXb']);
  expect(chosen({ only: 'z' })).toBe('none of the 3 scenarios is asked for');
  expect(chosen({ only: '(' })).toBe("--only '(' is no regular expression");
});

test('one id is asked for and no other', () => {
  expect(chosen({ only: onlyId('x/a.b') })).toEqual(['x/a.b']);
  const odd = String.raw`a+b(c)[d]{e}^$.*?|\ `;
  expect(new RegExp(onlyId(odd)).test(odd)).toBe(true);
});
