// Matrices: the text and the record of one thing, and what their exit status says.

import { describe, expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { machineById } from '../hw/index.ts';
import { policyById } from '../kernel/index.ts';
import { stackPlaces } from '../matrix/index.ts';
import { matrixText, stackText, stackWhyText } from '../report/index.ts';
import { matrixAnswer, matrixAnswerOf, scenarioTableAnswer } from './matrix.ts';
import { stackAnswer, stackAnswerOf, stackExplanation, stackWhyAnswer } from './stack.ts';

const machine = present(machineById('arm926ej-s'), 'machine');
const coherent = present(machineById('skylake'), 'machine');
const old = present(policyById('4.0'), 'kernel');
const kernel = present(policyById('6.9'), 'kernel');

describe('of machines', () => {
  test('rows of a matrix are told as the matrix of their machines', () => {
    const both = matrixAnswer([machine, coherent], [old, kernel]);
    expect(both.text).toBe(matrixText(both.matrix));
    const rows = both.matrix.rows.slice(1);
    expect(matrixAnswerOf({ ...both.matrix, rows }).text).toBe(
      matrixAnswer([coherent], [old, kernel]).text,
    );
  });

  test('exit: findings only where a user is harmed; a bound; nothing', () => {
    const sparc = present(machineById('turbosparc'), 'machine');
    const latent = matrixAnswer([sparc], [kernel]);
    expect(at(at(latent.matrix.rows, 0).cells, 0).verdict).toMatchObject({ word: 'STALE' });
    expect(latent.exit).toBe(0);
    const oldest = present(policyById('3.18'), 'kernel');
    expect(matrixAnswer([machine], [oldest]).exit).toBe(1);
    expect(matrixAnswer([coherent], [kernel]).exit).toBe(0);
    expect(matrixAnswer([machine], [kernel], { bounds: { states: 2, depth: 9 } }).exit).toBe(3);
    expect(matrixAnswer([], [kernel]).exit).toBe(4);
    expect(matrixAnswer([], [kernel]).text).toMatch(/^nothing to judge/);
  });
});

test('of scenarios: a bound that was reached is no pass', () => {
  expect(scenarioTableAnswer('scenarios').exit).toBe(0);
  const cut = scenarioTableAnswer('scenarios', { bounds: { states: 2, depth: 9 } });
  expect(cut.exit).toBe(3);
  expect(cut.table.rows.flatMap((row) => row.cells).some((c) => c.observation === 'bound')).toBe(
    true,
  );
});

describe('of stacks', () => {
  const asked = { machines: [machine, coherent], kernels: [old], places: stackPlaces };

  test('computed or given, the text is one', () => {
    const { matrix, text } = stackAnswer(asked);
    expect(text).toBe(stackText(matrix));
    const words = new Set(['LOST', 'STALE'] as const);
    expect(stackAnswerOf(matrix, { words }).text).toBe(stackAnswer(asked, { words }).text);
    expect(stackAnswerOf(matrix, { words }).text).not.toBe(text);
    expect(stackAnswer({ ...asked, places: [] })).toMatchObject({ exit: 4 });
  });

  test('a cell of a matrix is explained as the cell alone', () => {
    const machines = [coherent, present(machineById('sh7750/4k'), 'machine')];
    const { matrix, exit } = stackAnswer({ ...asked, machines });
    expect(exit).toBe(1);
    const system = present(
      matrix.systems.find((one) => one.machine === machines[1]),
      'system',
    );
    const cell = present(
      system.cls.cells.find(({ word }) => word === 'STALE'),
      'cell',
    );
    const { machine: shown, kernel: under } = system;
    const alone = stackWhyAnswer({ machine: shown, kernel: under, place: cell.place });
    expect(alone.explanation.prevents.length).toBeGreaterThan(0);
    expect(stackWhyText(stackExplanation(system, cell))).toBe(alone.text);
  });
});
