// The model answers like the real kernels of data/kernel-truth, step by step, but for the steps
// that differences.json lists with a reason; and the sample replays in seconds.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseScenario, type RecordedScenario, replayScenario } from '../src/replay/index.ts';

const folder = path.resolve(import.meta.dirname, '../data/kernel-truth');
const FILES = ['x86_64-6.1.jsonl', 'x86_64-6.12.jsonl', 'arm-vivt-6.12.jsonl'];

interface Listed {
  readonly file: string;
  readonly id: string;
  /** Numbers of steps, from 1. */
  readonly steps: readonly number[];
  readonly reason: string;
}

const listed: readonly Listed[] = JSON.parse(
  readFileSync(path.join(folder, 'differences.json'), 'utf8'),
);

function scenariosOf(file: string): readonly RecordedScenario[] {
  const lines = readFileSync(path.join(folder, file), 'utf8').trim().split('\n');
  return lines.map((line, index) => {
    const scenario = parseScenario(line, `${file}:${index + 1}`);
    if (!scenario.ok) throw new Error(scenario.problem.what);
    return scenario.value;
  });
}

/** `id: step, step` of every scenario with a step that does not agree. */
function differing(scenario: RecordedScenario): string | undefined {
  const result = replayScenario(scenario, {});
  const odd = result.steps.filter(({ kind }) => kind === 'differs' || kind === 'not-checked');
  if (odd.length === 0) return undefined;
  return `${scenario.id}: ${odd.map(({ index }) => index + 1).join(', ')}`;
}

describe('recorded scenarios of real kernels', () => {
  test.each(FILES)('%s', (file) => {
    const found = scenariosOf(file)
      .map(differing)
      .filter((one) => one !== undefined);
    const expected = listed
      .filter((one) => one.file === file)
      .map(({ id, steps }) => `${id}: ${steps.join(', ')}`);
    expect(found).toEqual(expected);
  });

  test('at least 98 of 100 scenarios of each kernel agree in every step', () => {
    for (const file of FILES.slice(0, 2)) {
      const differ = listed.filter((one) => one.file === file).length;
      const { length } = scenariosOf(file);
      expect((length - differ) / length).toBeGreaterThanOrEqual(0.98);
    }
  });

  test('every difference is listed with a reason', () => {
    for (const { id, reason } of listed) expect([id, reason.length > 20]).toEqual([id, true]);
  });
});
