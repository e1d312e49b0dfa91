// What the worker answers: rows that hold every setting once, the words of herd's lines, and the
// command that prints the same.

import { expect, test } from 'vitest';
import type { Told } from '../../worker/asks.ts';
import type { RunAsk, RunTold } from './asks.ts';
import { catalogue } from './catalogue/texts.ts';
import { answerChoices, answerRun, commandOf } from './handler.ts';

const nothing = { machine: '', arch: '', kernel: '', remedy: '', bound: '' };

const askFor = (name: string, words: Partial<RunAsk> = {}): RunAsk => ({
  test: name,
  text: catalogue.byName.get(name)?.text ?? '',
  ...nothing,
  ...words,
});

async function toldOf(ask: RunAsk, onTold: (told: Told) => void = () => undefined) {
  const reply = await answerRun(ask, { tell: onTold });
  if (reply.kind === 'wrong') throw new Error(reply.problem.what);
  return reply.told;
}

const settingsIn = ({ groups }: RunTold) =>
  groups.flatMap(({ systems }) => systems.flatMap(({ settings }) => settings));

test('each machine and kind stands in one row, under its Observation line', async () => {
  const told = await toldOf(askFor('CoWR+k+u+other'));
  const { machines, kinds } = await answerChoices();
  const beds = settingsIn(told).map(({ bed }) => bed);
  expect(new Set(beds).size).toBe(beds.length);
  expect(beds.toSorted()).toEqual([...machines.map(({ id }) => id), ...kinds].toSorted());
  const words = [...told.text.matchAll(/^Observation \S+ (\w+) (\d+) (\d+)$/gm)];
  expect(words.map(([, ...rest]) => rest.join(' '))).toEqual(
    told.groups.map(({ observation, positive, negative }) => {
      return `${observation} ${positive} ${negative}`;
    }),
  );
});

test('systems of one group differ, and have the states of their search', async () => {
  const told = await toldOf(askFor('CoWR+k+u+other'));
  const systems = told.groups.flatMap((group) => group.systems);
  expect(told.text).toContain(`systems ${systems.length}:`);
  for (const { states, settings } of systems) {
    const alone = await toldOf(askFor('CoWR+k+u+other', { machine: settings.at(-1)?.bed ?? '' }));
    expect(alone.groups.flatMap((group) => group.systems.map((one) => one.states))).toEqual([
      states,
    ]);
  }
});

test('a row with the outcome has the way there, unless a kernel runs', async () => {
  const told = await toldOf(askFor('CoWR+k+u+other', { machine: 'arm926ej-s' }));
  expect(told.groups[0]?.systems[0]?.witness?.map(({ isHardware }) => isHardware)).toEqual([
    true,
    false,
    false,
  ]);
  const running = await toldOf(askFor('AT+pmem+fail+I3'));
  expect(running.groups.map(({ observation }) => observation)).toEqual(['Sometimes', 'Never']);
  expect(running.groups.flatMap(({ systems }) => systems.map((one) => one.witness))).toEqual([
    undefined,
    undefined,
  ]);
  expect(settingsIn(running).map(({ kernel }) => kernel)).toEqual(['6.1', '6.12']);
});

test('what a Result line does not say is not as it says', async () => {
  const text = askFor('CoWR+k+u+other').text.replace('Sometimes on aliasing', 'Always on aliasing');
  const told = await toldOf({ text, ...nothing, machine: 'arm926ej-s,cortex-a15' });
  expect(settingsIn(told).map(({ claimed, asClaimed }) => [claimed, asClaimed])).toEqual([
    ['Always', false],
    ['Never', true],
  ]);
});

test('what was typed wrong is refused with a hint', async () => {
  const hints = [
    { machine: 'vax' },
    { arch: 'vax' },
    { kernel: '0.1', text: askFor('AT+pmem+fail+I3').text },
    { remedy: 'hope' },
    { bound: 'many' },
    { machine: 'arm926ej-s', arch: 'sh' },
    { text: 'DAX' },
  ].map(async (words) => {
    const reply = await answerRun(askFor('CoWR+k+u+other', words), { tell: () => undefined });
    return reply.kind === 'wrong' && reply.problem.hint !== undefined;
  });
  expect(await Promise.all(hints)).toEqual(hints.map(() => true));
});

test('it is told which system is searched, the first at once', async () => {
  const told: Told[] = [];
  await toldOf(askFor('CoWR+k+u+other'), (one) => told.push(one));
  expect(told[0]?.what).toBe('system 1 of 14, arm1020');
  expect(told[0]?.share).toBe(0);
});

test('the command is one that a shell takes', () => {
  expect(commandOf(askFor('CoWR+k+u+other', { kernel: '6.1,6.12', bound: '9' }))).toBe(
    'dachs run CoWR+k+u+other --kernel 6.1,6.12 --bound 9',
  );
  const own = { text: 'DAX a+b\n', ...nothing, machine: "it's" };
  expect(commandOf(own)).toBe("dachs run - --machine 'it'\\''s' < a+b.litmus");
});
