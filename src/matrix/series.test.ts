// Shows what the series is judged to be, state by state: v3 broken, v4 safe at each of its states,
// the leak of its first patch gone after it, and what the releases have left.

import { describe, expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { stateSeries } from '../kernel/index.ts';
import type { AttachDriver } from '../scenario/index.ts';
import { type SeriesMatrix, seriesMatrix } from './series.ts';

const judged = (id: string): SeriesMatrix =>
  seriesMatrix(
    present(
      stateSeries.find((one) => one.id === id),
      id,
    ),
  );

/** Findings of a driver that users can meet in a state: `leak: steps that fail, use`. */
function real(matrix: SeriesMatrix, state: string, driver: AttachDriver): readonly string[] {
  return matrix.findings
    .filter((one) => one.driver === driver && one.states.get(state) === 'real')
    .map(({ kind, ways, use }) => `${kind}: ${[...(ways[0] ?? []), use ?? ''].join(' ')}`.trim());
}

const kinds = (matrix: SeriesMatrix, state: string, reach: string): readonly string[] =>
  matrix.findings
    .filter((one) => one.states.get(state) === reach)
    .map(({ driver, kind }) => `${driver} ${kind}`);

describe('v4', () => {
  const v4 = judged('v4');

  test('is safe to bisect through at each of its thirteen states', () => {
    const words = v4.rows.map(({ bisect }) => bisect);
    expect(words).toEqual(['first', ...Array.from({ length: 12 }, () => 'safe')]);
  });

  test('finds the leak of its first patch before it, and not after it', () => {
    const leak = 'leak: xa_insert dax_hosts';
    expect(real(v4, 'v4/00', 'pmem')).toContain(leak);
    for (const { state } of v4.rows.slice(1)) {
      expect(real(v4, state.id, 'pmem'), state.id).not.toContain(leak);
    }
    expect(v4.rows[1]?.gone.real).toHaveLength(1);
  });

  test('adds nothing but what its drivers forget where they go on without DAX', () => {
    const fresh = v4.rows.flatMap(({ found }) => [...found.real, ...found.latent, ...found.forced]);
    const added = v4.findings.filter(({ id }) => fresh.includes(id));
    expect(added.map(({ driver, kind, use }) => `${driver} ${kind} ${use ?? ''}`.trim())).toEqual([
      'pmem oops dax/write_cache is read',
      'pmem oops dax/write_cache is written',
      'pmem rule',
      'pmem oops memory of the disk fails',
    ]);
    expect(kinds(v4, 'v4/12', 'latent')).toEqual(['pmem rule', 'pmem oops']);
  });

  test('offers DAX where the CPU is coherent, and only there, from its eighth patch on', () => {
    const wrong = (index: number) => {
      const { offers } = present(v4.rows[index], 'state');
      return v4.cases
        .filter(({ id, aliases, isS390 }) => {
          const offer = offers.get(id);
          return offer !== undefined && !isS390 && (offer === 'offered') === aliases;
        })
        .map(({ id }) => id);
    };
    expect(wrong(0)).toEqual(['armv7-fsdax', 'parisc64-fsdax']);
    expect(wrong(7)).toEqual(['armv7-fsdax', 'parisc64-fsdax']);
    expect(wrong(8)).toEqual([]);
  });

  test('calls functions that DAX=n does not have, from its third patch on', () => {
    const states = v4.rows
      .filter(({ needsDeadCode }) => needsDeadCode)
      .map(({ state }) => state.id);
    expect([states[0], states.length]).toEqual(['v4/03', 10]);
  });

  test('equal systems are explored once', () => {
    expect(v4.totals.explored).toBeLessThan(v4.totals.judged / 3);
    expect(v4.excluded.map(({ why }) => why)).toContain('BLK_DEV_PMEM selects DAX');
  });
});

test('v3 breaks pmem for users, and device-dax where nobody can have it', () => {
  const v3 = judged('v3');
  expect(v3.rows.slice(2).every(({ bisect }) => bisect === 'unsafe')).toBe(true);
  expect(real(v3, 'v3/02', 'pmem')).toContain('oops:');
  expect(real(v3, 'v3/01', 'pmem')).not.toContain('oops:');
  expect(kinds(v3, 'v3/04', 'latent')).toEqual(['virtio-fs NULL', 'device-dax oops']);
});

test('v6 has the stubs first, and is safe', () => {
  const v6 = judged('v6');
  expect(v6.rows.some(({ bisect, needsDeadCode }) => bisect === 'unsafe' || needsDeadCode)).toBe(
    false,
  );
});

describe('releases', () => {
  const releases = judged('releases');

  test('6.12 has no failing attach of pmem but the one that loses the disk', () => {
    const held = 'leak: two XFS are mounted from its partitions, each as the holder';
    expect(real(releases, '6.12', 'pmem')).toEqual(['leak: devm_init_badblocks', held]);
    expect(real(releases, '6.1', 'pmem')).toContain('leak: xa_insert dax_hosts');
  });

  test('old defects of other drivers are in all of them', () => {
    for (const state of ['6.1', '6.12', '7.3']) {
      expect(real(releases, state, 'dm')).toEqual([]);
      expect(real(releases, state, 'virtio-fs')).toEqual([]);
      expect(real(releases, state, 'device-dax')).toEqual(['leak: device_add dev_dax']);
      expect(real(releases, state, 'dcssblk').slice(0, 2)).toEqual([
        'leak: kzalloc dcssblk_dev_info',
        'leak: ida_alloc_max dax_minor_ida',
      ]);
    }
  });

  test('a forced refusal finds the latent ones of 6.12, and no device in 6.1', () => {
    const forced = (state: string) =>
      releases.findings
        .filter(
          ({ driver, states }) => driver === 'pmem' && (states.get(state) ?? 'real') !== 'real',
        )
        .map(({ kind, use }) => `${kind} ${use ?? ''}`.trim());
    expect(forced('6.1')).toEqual(['LOST']);
    expect(forced('6.12').toSorted()).toEqual([
      'oops dax/write_cache is read',
      'oops dax/write_cache is written',
      'oops memory of the disk fails',
      'rule',
    ]);
  });
});
