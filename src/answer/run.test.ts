// A run as it is told: herd's lines of each test, then the summary; and what its exit status says.

import { describe, expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { policies } from '../kernel/index.ts';
import { herdText, ktapText } from '../report/index.ts';
import { judgeTest } from '../verdict/index.ts';
import { kernelsCalled } from './kernels.ts';
import { runAnswer, summaryText, toldTest } from './run.ts';
import { searchPolicy } from './search.ts';
import { everyBed, jobOf, type RunChoice, type SelectedTest } from './settings.ts';

const body = `{
  page x = 0;
  int *k = linear(x);
  int *u = user(x, colour 1);
}

P0(int *k, int *u)
{
  int r0;

  WRITE_ONCE(*k, 1);
  r0 = READ_ONCE(*u);
}

exists (0:r0=0)
`;

function selected(results: string, keys = ''): SelectedTest {
  const text = `DAX store-then-load\n${keys}\n(*\n${results} * A sample.\n *)\n\n${body}`;
  const parsed = parseLitmus(text, 'sample.litmus');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { file: 'sample.litmus', text, test: parsed.test };
}

const right = selected(' * Result: Never\n * Result: Sometimes on aliasing\n');
const wrong = selected(' * Result: Always\n');

const search = searchPolicy({
  deep: () => {
    throw new Error('nothing here is deep');
  },
});
const beds = everyBed().filter(({ id }) => ['skylake', 'arm1176-32k'].includes(id));
const choice: RunChoice = { beds, kernels: (words) => kernelsCalled(words, policies) };

async function told(test: SelectedTest, more: Partial<RunChoice> = {}) {
  const job = jobOf(test, { ...choice, ...more }, true);
  if (!job.ok) throw new Error(job.problem.what);
  const { settings, bounds } = job.value;
  return toldTest(test, await judgeTest(job.value.test, settings, { search, bounds }));
}

describe('the text', () => {
  test('is the lines of each test, then what stands out of all', async () => {
    const both = [await told(right), await told(wrong)];
    const style = { terse: false, verbose: false, memory: true };
    const verdicts = both.map(({ verdict }) => verdict);
    const { text } = runAnswer(both);
    expect(text).toBe(both.map((one) => herdText(one, style)).join('') + summaryText(verdicts));
    expect(text.match(/^Test /gm)).toHaveLength(4);
    expect(text).toMatch(/\nTests 2, machines and cache kinds 2, systems \d+: 1 as their Result/);
    expect(text).toContain('!!! store-then-load: Result says Always, observed Never on skylake');
  });

  test('of other formats has no summary', async () => {
    const one = [await told(right)];
    expect(runAnswer(one, { format: 'ktap' }).text).toBe(ktapText([at(one, 0).verdict]));
    const record: unknown = JSON.parse(runAnswer(one, { format: 'json' }).text);
    expect(record).toMatchObject({ schema: 'dachs/run', tests: [{ name: 'store-then-load' }] });
  });

  test('terse: Observation lines and the summary', async () => {
    const { text } = runAnswer([await told(right)], { terse: true });
    expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'Observation',
      'Observation',
      'Tests',
      '',
    ]);
  });
});

describe('the exit status', () => {
  test('as expected, findings, a bound, nothing to check', async () => {
    expect(runAnswer([await told(right)]).exit).toBe(0);
    expect(runAnswer([await told(right), await told(wrong)]).exit).toBe(1);
    expect(runAnswer([await told(right, { bounds: { states: 2, depth: 9 } })]).exit).toBe(3);
    expect(runAnswer([]).exit).toBe(4);
  });

  test("bounds are the typed ones, else the test's own", () => {
    const own = selected('', 'Bound=7');
    const job = jobOf(own, choice, false);
    expect(job.ok && job.value.bounds.states).toBe(7);
    const typed = jobOf(own, { ...choice, bounds: { states: 9, depth: 9 } }, false);
    expect(typed.ok && typed.value.bounds.states).toBe(9);
  });
});
