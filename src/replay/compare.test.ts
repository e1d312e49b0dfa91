// What of a step the model is held to.

import { describe, expect, test } from 'vitest';
import type { Outcome } from '../user/index.ts';
import { differencesOf } from './compare.ts';

function held(op: string, expectation: Outcome, outcome: Outcome): readonly string[] {
  return differencesOf({ op, args: {}, expect: expectation }, outcome).held.map(({ key }) => key);
}

describe('differences', () => {
  test.each<[string, Outcome, Outcome, readonly string[]]>([
    ['pread', { rc: 8, data: 'A*8' }, { rc: 8, data: 'A*8' }, []],
    ['pread', { rc: 8, data: 'A*8' }, { rc: 8, data: 'B*8' }, ['data']],
    ['pread', { rc: 0 }, { rc: 8, data: 'B*8' }, ['data', 'rc']],
    [
      'load',
      { rc: -1, signal: 'SIGBUS', si_code: 2 },
      { rc: -1, errno: 'NOMAP' },
      ['errno', 'si_code', 'signal'],
    ],
    ['statx', { rc: 0, size: 0 }, { rc: 0, size: 0, dio_mem_align: 512 }, ['dio_mem_align']],
    ['mount', { rc: -1, errno: 'EINVAL', opts: null }, { rc: -1, errno: 'EINVAL', opts: null }, []],
    ['mount', { rc: 0, opts: 'rw' }, { rc: 0, opts: 'rw,dax' }, ['opts']],
  ])('%s %j against %j', (op, expectation, outcome, keys) => {
    expect(held(op, expectation, outcome)).toEqual(keys);
  });

  test('what the recorder did not write down is not compared', () => {
    expect(held('mincore', { rc: 0 }, { rc: 0, resident: 2 })).toEqual([]);
  });

  test('texts of tools and flags of mappings are details, numbers of devices are chance', () => {
    expect(held('dmsetup', { rc: 1, stderr: 'no' }, { rc: 1, stderr: 'nay' })).toEqual([]);
    expect(held('vmflags', { vmflags: 'rd' }, { vmflags: 'wr' })).toEqual([]);
    expect(held('ndctl', { rc: 0, stdout: '[]' }, { rc: 0, stdout: '{}' })).toEqual([]);
    expect(
      held('dmsetup', { stdout: '0 8 linear MAJ:MIN 0' }, { stdout: '0 8 linear 259:3 0' }),
    ).toEqual([]);
    expect(
      held('dmsetup', { stdout: '0 8 linear MAJ:MIN 0' }, { stdout: '0 9 linear 259:3 0' }),
    ).toEqual(['stdout']);
  });
});
