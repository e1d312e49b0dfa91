// The filters of a link: what they leave, what of them is unknown, and the command line they are.

import { expect, test } from 'vitest';
import {
  commandOf,
  filtersOf,
  machinesLeft,
  placesLeft,
  problemsOf,
  wordsLeft,
} from './filters.ts';
import { plan } from './tables.ts';

test('no filter leaves everything', () => {
  const filters = filtersOf({});
  expect(machinesLeft(plan, filters)).toHaveLength(plan.machines.length);
  expect(placesLeft(plan, filters)).toHaveLength(plan.places.length);
  expect(wordsLeft(plan.severity, filters)).toBeUndefined();
});

test('lists leave their members; a search looks at id, name and architecture', () => {
  const arm = machinesLeft(plan, filtersOf({ arch: 'arm' }));
  expect(new Set(arm.map((i) => plan.machines[i]?.arch))).toEqual(new Set(['arm']));
  const found = machinesLeft(plan, filtersOf({ find: 'TURBO' })).map((i) => plan.machines[i]?.id);
  expect(found).toEqual(['turbosparc']);
  expect(machinesLeft(plan, filtersOf({ arch: 'arm', find: 'turbo' }))).toEqual([]);
  const places = placesLeft(plan, filtersOf({ driver: 'pmem,brd', fs: 'xfs', option: 'always' }));
  expect(places.map((i) => plan.places[i])).toEqual([
    { driver: 'pmem', fs: 'xfs', option: 'always' },
    { driver: 'brd', fs: 'xfs', option: 'always' },
  ]);
});

test('a bare verdict means with every mark, a marked one itself', () => {
  const words = (verdict: string) => [...(wordsLeft(plan.severity, filtersOf({ verdict })) ?? [])];
  expect(words('FAIL')).toEqual(['FAIL', 'FAIL~', 'FAIL*']);
  expect(words('STALE*,on')).toEqual(['STALE*', 'on']);
});

test('a name that nothing has is a problem with a hint', () => {
  const [problem, ...more] = problemsOf(plan, filtersOf({ arch: 'arm,armm', fs: 'xfs' }));
  expect(problem?.what).toBe('there is no architecture armm');
  expect(problem?.hint).toContain('sparc32');
  expect(more).toEqual([]);
});

test('the command line says the filters, quoted where a shell would take them apart', () => {
  const filters = filtersOf({ arch: 'arm', driver: 'pmem', verdict: 'STALE*,on' });
  expect(commandOf(plan, filters, '6.12')).toBe(
    "dachs matrix --by stack --kernel 6.12 --arch arm --driver pmem --verdict 'STALE*,on'",
  );
  expect(commandOf(plan, filtersOf({ find: 'turbo' }), '6.12')).toBe(
    'dachs matrix --by stack --kernel 6.12 --machine turbosparc',
  );
  expect(commandOf(plan, filters)).toBe('dachs matrix --kernel all --arch arm');
});
