// Replay: a fault of ours is told, and ends its own scenario only.

import { expect, test } from 'vitest';
import { type RecordedStep, agrees, replayScenario } from './index.ts';

test('after an invariant that does not hold nothing of the scenario is checked', () => {
  const good: RecordedStep = { op: 'queuedax', args: { device: '/dev/role/brd' }, expect: {} };
  const args = Object.defineProperty({}, 'device', {
    enumerable: true,
    get: () => {
      throw new Error('a name is missing');
    },
  });
  const bad: RecordedStep = { op: 'queuedax', args, expect: { value: '1' } };
  const replayed = replayScenario(
    {
      id: 'a',
      kernel: '6.12',
      arch: 'x86_64',
      gate: 'open',
      group: 'device',
      steps: [{ ...good, expect: { value: '0' } }, bad, good],
      kernel_oops: false,
      where: 'here:1',
    },
    {},
  );
  expect(replayed.steps).toEqual([
    { kind: 'agrees', index: 0 },
    { kind: 'not-checked', index: 1, why: 'a fault of ours: a name is missing' },
    { kind: 'not-checked', index: 2, why: 'a fault of ours in a step before it' },
  ]);
  expect(replayed.broken).toBe('a name is missing');
  expect(agrees(replayed)).toBe(false);
});
