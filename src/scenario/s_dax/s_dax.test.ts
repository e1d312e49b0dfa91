// Designs for switching S_DAX against the standard programs: what each loses, by which race, and
// that what was merged loses nothing.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { searchGraph } from '../../explore/index.ts';
import { designById, type DesignId } from '../../kernel/index.ts';
import { exploreSDax, type SDaxAnswer } from './explore.ts';
import { lifePrograms } from './lives.ts';
import { switchPrograms } from './programs.ts';

const programs = [...switchPrograms, ...lifePrograms];

function answerOf(design: DesignId, id: string): SDaxAnswer {
  const rules = present(designById(design), `design ${design}`);
  const program = present(
    programs.find((one) => one.id === id),
    `program ${id}`,
  );
  // The search of the final system confirms that all of it is known.
  return exploreSDax(rules, program, searchGraph, searchGraph);
}

function told(design: DesignId, id: string): readonly string[] {
  const { ends, breaches } = answerOf(design, id);
  expect(ends).toBeGreaterThan(0);
  return breaches.map(({ property, race }) => `${property} ${race ?? 'no race'}`);
}

describe('races, found among all schedules', () => {
  test.each<[DesignId, string, readonly string[]]>([
    ['D0', 'write', ['P1 R1', 'P3 R1']],
    ['D0', 'write-dax', ['P3 R1']],
    ['D0', 'read', ['P6 R2']],
    ['D0', 'fault', ['P1 R3', 'P3 R3', 'P4 R3', 'P6 R2']],
    ['D0a', 'fault', ['P1 R4', 'P3 R4', 'P4 R4']],
    ['D0', 'map-sync', ['P7 R6']],
    ['D1', 'write', ['P1 R1', 'P3 R1']],
    ['D1', 'map-sync', ['P7 R6']],
    ['D1a', 'write', ['P1 R1', 'P3 R1']],
    ['D2', 'write-empty', ['P1 R1', 'P3 R1']],
    ['D2l', 'hole', ['P6 R2']],
    ['D3', 'map-sync', ['P7 R6']],
    ['D4a', 'own-buffer', ['P5 R5']],
    ['D4b', 'map-sync', ['P7 R6']],
    ['D1om', 'read-map', ['P5 R5']],
    ['D1v', 'map', ['P6 R2']],
    ['D1v', 'map-sync', ['P7 R6']],
    ['D6x', 'reopen', ['P3 E1']],
  ])('%s, %s', (design, program, expected) => {
    expect(told(design, program)).toEqual(expected);
  });

  test('D3: a mapping that is made after the check', () => {
    const { breaches } = answerOf('D3', 'map');
    const races = new Set(breaches.map(({ race }) => race));
    expect(races).toEqual(new Set(['R3', 'R2']));
  });
});

describe('what closes a race', () => {
  test.each<[DesignId, string]>([
    // The mode is asked for under i_rwsem.
    ['D3', 'write'],
    ['D3', 'write-dax'],
    ['D3', 'read'],
    // A lock around the whole of an operation.
    ['D1o', 'write'],
    ['D1o', 'read'],
    // ->mmap waits for the switch.
    ['D1m', 'map'],
    ['D1m', 'map-sync'],
    // Faults hold a lock, wherever it is taken.
    ['D4a', 'fault'],
    ['D4b', 'fault'],
    ['D4b', 'own-buffer'],
    // The mode is asked for under i_rwsem by what D2 leaves to do.
    ['D2l', 'write-empty'],
  ])('%s, %s: nothing is broken', (design, program) => {
    expect(told(design, program)).toEqual([]);
  });
});

describe.each<DesignId>(['D5', 'D6'])('%s', (design) => {
  test.each(programs.map(({ id }) => id))('%s: nothing is broken', (program) => {
    expect(told(design, program)).toEqual([]);
  });
});

describe('D6: the mode follows the flag', () => {
  test('with the last close, and not before, in every end', () => {
    const { isDelayed, results } = answerOf('D6', 'held');
    expect(isDelayed).toBe(true);
    expect(results.map(([life]) => life)).toEqual([
      expect.objectContaining({ changed: 0, before: false, held: false, after: true, byte: 1 }),
    ]);
  });

  test('with the next open where nobody else has the file', () => {
    expect(answerOf('D6', 'reopen').isDelayed).toBe(false);
  });

  test('a design that changes it at once delays nothing', () => {
    expect(answerOf('D0', 'held').isDelayed).toBe(false);
  });
});
