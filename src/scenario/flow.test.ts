// Nested steps as a flat list: where each operation goes on, and what is replaced inside branches.

import { expect, test } from 'vitest';
import type { Step } from '../litmus/index.ts';
import { everyStep, flatten, replaceSteps } from './flow.ts';

function mark(says: string): Step {
  return { kind: 'mark', says };
}

function branch(yes: readonly Step[], no: readonly Step[]): Step {
  return { kind: 'if', condition: 1, yes, no, says: 'if' };
}

function loop(...body: readonly Step[]): Step {
  return { kind: 'while', condition: 1, body, says: 'while' };
}

/** E.g. `0 if 1/3`: operation 0 goes on at 1 where the condition holds, else at 3. */
function laidOut(...steps: readonly Step[]): readonly string[] {
  return flatten(steps).map(({ step, next, otherwise }, i) => {
    const says = 'says' in step ? step.says : step.kind;
    return `${i} ${says} ${next}${otherwise === undefined ? '' : `/${otherwise}`}`;
  });
}

test('plain steps follow each other; the last goes on past the end', () => {
  expect(laidOut(mark('a'), mark('b'))).toEqual(['0 a 1', '1 b 2']);
  expect(laidOut()).toEqual([]);
});

test('a branch runs one side, and both sides meet after it', () => {
  expect(laidOut(branch([mark('a')], [mark('b')]), mark('c'))).toEqual([
    '0 if 1/2',
    '1 a 3',
    '2 b 3',
    '3 c 4',
  ]);
});

test('an empty side goes straight on', () => {
  expect(laidOut(branch([mark('a')], []), mark('c'))).toEqual(['0 if 1/2', '1 a 2', '2 c 3']);
  expect(laidOut(branch([], [mark('b')]), mark('c'))).toEqual(['0 if 2/1', '1 b 2', '2 c 3']);
  expect(laidOut(branch([], []))).toEqual(['0 if 1/1']);
});

test('a loop asks again after its body; an empty one asks itself', () => {
  expect(laidOut(loop(mark('a'), mark('b')), mark('c'))).toEqual([
    '0 while 1/3',
    '1 a 2',
    '2 b 0',
    '3 c 4',
  ]);
  expect(laidOut(loop())).toEqual(['0 while 0/1']);
});

test('the end of a branch at the end of a loop is the head of the loop', () => {
  expect(laidOut(loop(branch([mark('a')], [loop(mark('b'))])), mark('c'))).toEqual([
    '0 while 1/5',
    '1 if 2/3',
    '2 a 0',
    '3 while 4/0',
    '4 b 3',
    '5 c 6',
  ]);
});

test('steps are replaced inside branches and loops, by none or by several', () => {
  const twice = (step: Step): readonly Step[] =>
    step.kind === 'mark' && step.says === 'gone' ? [] : [step, step];
  const [inside, after] = [loop(mark('a'), branch([mark('b')], [mark('gone')])), mark('gone')];
  expect(replaceSteps([inside, after], twice)).toEqual([
    loop(mark('a'), mark('a'), branch([mark('b'), mark('b')], [])),
  ]);
});

test('every step is found, those of kernel accesses too', () => {
  const access: Step = {
    kind: 'kernel-access',
    does: 'read',
    mapping: 'K',
    line: 'x',
    body: [mark('c')],
  };
  const steps = everyStep([loop(branch([mark('a')], [mark('b')])), access]);
  expect(steps.map((s) => ('says' in s ? s.says : s.kind))).toEqual([
    'while',
    'if',
    'a',
    'b',
    'kernel-access',
    'c',
  ]);
});
