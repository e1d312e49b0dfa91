// What exploration says of instruction caches: who needs the predicate, and where code that write()
// has left in a DAX file may not be the code that runs.

import { describe, expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { icacheMatrix, type IcacheRow, predicateVerdict } from './icache.ts';

const rows = icacheMatrix(machines);

function row(id: string): IcacheRow {
  const found = rows.find(({ machine }) => machine.id === id);
  if (!found) throw new Error(id);
  return found;
}

/** `alias new again runs`: those of which the bad outcome can be reached. */
function stale(id: string): string {
  const { verdicts } = row(id);
  return (['alias', 'new', 'again', 'runs'] as const)
    .filter((one) => verdicts[one].stale)
    .join(' ');
}

describe('who needs cpu_icache_is_aliasing()', () => {
  test.each([
    ['cortex-a8', 'missing'],
    ['cortex-a15', 'right'],
    ['xtensa-csp', 'missing'],
    ['arc-hs38', 'right'],
    ['arm926ej-s', 'right'],
    ['ultrasparc-2', 'needless'],
    ['skylake', 'right'],
  ])('%s: the rule of 6.13 is %s', (id, word) => {
    expect(predicateVerdict(row(id))).toBe(word);
  });

  test('a data cache without aliases beside an I-cache with them: the data answer is no', () => {
    const only = rows.filter(({ verdicts, dcacheSays }) => verdicts.alias.stale && !dcacheSays);
    expect(only.length).toBeGreaterThan(10);
    expect(only.map(({ machine }) => machine.arch)).toContain('arm64');
  });

  test('where no cache is modelled, or fetches see stores, nothing is needed', () => {
    expect(stale('pa-qemu')).toBe('');
    expect(stale('power9')).toBe('');
  });
});

describe('execution in place with what 6.12 does', () => {
  test.each([
    // The first mapping writes back and drops; it does so once for a page.
    ['cortex-a15', 'again runs'],
    ['sifive-u74', 'again runs'],
    // Entries of DAX pages are special: the port passes them by.
    ['cortex-a53', 'alias new again runs'],
    // Nobody has marked the page, so nothing is owed.
    ['24kc-32k/16k', 'new again runs'],
    // Stores go to memory, and the whole I-cache is emptied when a mapping goes.
    ['m68030', 'alias runs'],
    ['ultrasparc-3', ''],
  ])('%s: %s', (id, questions) => {
    expect(stale(id)).toBe(questions);
  });

  test('a split I-cache goes on with old code wherever a program runs: nothing looks at it', () => {
    const safe = rows.filter(({ verdicts }) => !verdicts.runs.stale);
    expect(safe.every(({ isCoherent }) => isCoherent)).toBe(true);
  });

  test('every bad answer has a witness, and equal machines have equal answers', () => {
    for (const { verdicts } of rows) {
      for (const { stale: isStale, witness } of Object.values(verdicts)) {
        expect(witness !== undefined).toBe(isStale);
      }
    }
    const machine = machineById('cortex-a9');
    if (!machine) throw new Error('cortex-a9');
    expect(at(icacheMatrix([machine]), 0).verdicts.alias.states).toBe(
      row('cortex-a8').verdicts.alias.states,
    );
  });
});
