// Explanations: the text, what it was told from, and runs that can be drawn.

import { describe, expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { machineById } from '../hw/index.ts';
import { policies } from '../kernel/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { witnessLines } from '../report/index.ts';
import { scenarioByName } from '../scenario/index.ts';
import { explainCellAnswer, explainFindingsAnswer, explainScenarioAnswer } from './explain.ts';
import { explainTestAnswer, type TestQuestion } from './explain-test.ts';
import { kernelsCalled } from './kernels.ts';
import { pathOf } from './run-path.ts';
import { searchPolicy } from './search.ts';
import { everyBed, type SelectedTest } from './settings.ts';

const text = `DAX load-store-load
(*
 * Result: Never
 * Result: Sometimes on aliasing
 *)

{
  page x = 0;
  int *k = linear(x);
  int *u = user(x, colour 1);
}

P0(int *k, int *u)
{
  int r0, r1;

  r0 = READ_ONCE(*u);
  WRITE_ONCE(*k, 1);
  r1 = READ_ONCE(*u);
}

exists (0:r1=0)
`;

function sample(): SelectedTest {
  const parsed = parseLitmus(text, 'a b.litmus');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { file: 'a b.litmus', text, test: parsed.test };
}

const search = searchPolicy({
  deep: () => {
    throw new Error('nothing here is deep');
  },
});
const asked: TestQuestion = {
  word: 'a b.litmus',
  kernels: (words) => kernelsCalled(words, policies),
  search,
};

async function explained(more: Partial<TestQuestion> = {}) {
  const answer = await explainTestAnswer(sample(), { ...asked, ...more });
  if (!answer.ok) throw new Error(answer.problem.what);
  return answer.value;
}

const bedsCalled = (...ids: readonly string[]) => everyBed().filter(({ id }) => ids.includes(id));

describe('of a test', () => {
  test('is about the usual machine where nothing is asked, in words for a shell', async () => {
    const { explanation, text: told, exit } = await explained();
    expect(explanation.setting.bed.id).toBe('arm1176-32k');
    expect(explanation.command).toBe("dachs explain 'a b.litmus' --machine arm1176-32k");
    expect(told).toContain('answer      Sometimes (');
    expect(told).toContain(`replay    ${explanation.command} --replay P0.0,`);
    expect(exit).toBe(0);
  });

  test('has the states that its witness goes through', async () => {
    const { explanation, scenario } = await explained();
    const witness = present(explanation.outcome.witness, 'witness');
    const path = present(pathOf(scenario, witness), 'path');
    expect(path.steps).toHaveLength(witness.steps.length);
    const copy = present(
      scenario.names.copies.find(({ addresses }) => addresses.includes('u')),
      'copy under u',
    );
    expect(at(path.initial, copy.state)).toBe(0);
    expect(at(at(path.steps, path.steps.length - 1).state, copy.state)).not.toBe(0);
  });

  test('a run that was asked for is shown, and has its states', async () => {
    const { explanation, scenario, text: told } = await explained({ replay: 'P0.0' });
    expect(told).toContain('replay (* hardware):');
    expect(pathOf(scenario, present(explanation.replay, 'run').run)?.steps).toHaveLength(1);
  });

  test('is about the machine that is asked for; several are refused', async () => {
    const { explanation } = await explained({ beds: bedsCalled('skylake') });
    expect(explanation.outcome.observation).toBe('Never');
    const beds = bedsCalled('skylake', 'cortex-a15');
    const answer = await explainTestAnswer(sample(), { ...asked, beds });
    expect(answer.ok || answer.problem.what).toBe('--machine names 2; the answer is about one');
  });

  test('a bound is no pass', async () => {
    const { exit } = await explained({ bounds: { states: 2, depth: 9 } });
    expect(exit).toBe(3);
  });
});

describe('of a scenario', () => {
  const machine = present(machineById('arm926ej-s'), 'machine');
  const program = present(scenarioByName('L1'), 'L1');

  test('has a witness whose lines stand in the text, and its states', () => {
    const answer = explainScenarioAnswer(program, machine);
    if (!answer.ok) throw new Error(answer.problem.what);
    const { verdict, context, scenario, text: told } = answer.value;
    const witness = present(verdict.witness, 'witness');
    expect(told).toContain(
      at(witnessLines(witness, { ...context, outcome: 'bad', replay: '' }), 0),
    );
    expect(pathOf(scenario, witness)?.steps).toHaveLength(witness.steps.length);
  });

  test('steps that cannot be taken are a Problem', () => {
    const answer = explainScenarioAnswer(program, machine, { replay: 'nonsense' });
    expect(answer.ok || answer.problem.what).toBe('L1 has no step nonsense');
  });
});

test('of cells: one for each kernel, in text and in JSON', () => {
  const machine = present(machineById('turbosparc'), 'machine');
  const { cells, text: told, exit } = explainCellAnswer(machine, policies);
  expect(cells.map(({ cell }) => cell.kernel)).toEqual(policies.map(({ id }) => id));
  expect(told.match(/ under .*: /g)?.length).toBeGreaterThanOrEqual(policies.length);
  expect(exit).toBe(0);
  const record: unknown = JSON.parse(explainCellAnswer(machine, policies, { form: 'json' }).text);
  expect(record).toMatchObject({ schema: 'dachs/cells' });
});

test('a finding about no machine is told all the same', () => {
  const finding = {
    type: 'FALSE_DENIAL',
    level: 'warning',
    place: { file: 'fs/Kconfig', line: 1, col: 1 },
    message: 'a message',
    reach: 'reachable',
    notes: [],
    machines: [],
  } as const;
  expect(explainFindingsAnswer([finding]).text).toContain('FALSE_DENIAL: ');
});
