// Shows with which state of the tree an audited one is compared: its own release, the patch of the
// series that says the same, or the nearest one with what the tree says otherwise.

import { expect, test } from 'vitest';
import { nearestState } from './attach-state.ts';
import type { AllocDaxCaller, AllocDaxFacts, AliasTest } from './c/index.ts';

const place = (file: string) => ({ file, line: 1, col: 1 });
const outcome = (kind: 'survives' | 'fatal') => ({ kind, line: 1, how: '' });

function caller(file: string, changes: Partial<AllocDaxCaller> = {}): AllocDaxCaller {
  return {
    place: place(file),
    function: 'f',
    args: [],
    nullOps: false,
    receiver: 'dax_dev',
    receiverIs: 'variable',
    guards: [],
    tests: [{ kind: 'IS_ERR', file, line: 1, text: '' }],
    onEopnotsupp: outcome('survives'),
    onNull: outcome('fatal'),
    onOtherError: outcome('fatal'),
    stores: [],
    addHostLines: [],
    storeOrder: 'before-host',
    releases: [],
    ...changes,
  };
}

const PMEM = 'drivers/nvdimm/pmem.c';
const DM = 'drivers/md/dm.c';
const DCSSBLK = 'drivers/s390/block/dcssblk.c';
const VIRTIO = 'fs/fuse/virtio_fs.c';
const fatal = { onEopnotsupp: outcome('fatal') };
const guarded = { guards: ['IS_ENABLED(CONFIG_FS_DAX)'] };

function facts(
  callers: readonly AllocDaxCaller[],
  gate: Partial<AliasTest> | undefined,
): AllocDaxFacts {
  const aliasTest: AliasTest = {
    place: place('drivers/dax/super.c'),
    condition: '',
    by: 'predicate',
    names: [],
    exemptsNullOps: true,
    returns: { kind: '-EOPNOTSUPP' },
    beforeAllocation: true,
    ...gate,
  };
  return {
    definition: {
      place: place('drivers/dax/super.c'),
      prototype: '',
      opsIndex: 1,
      aliasTests: gate === undefined ? [] : [aliasTest],
      firstAllocation: undefined,
    },
    absent: undefined,
    stub: {
      place: place('include/linux/dax.h'),
      returns: { kind: gate === undefined ? 'NULL' : '-EOPNOTSUPP' },
    },
    callers,
    filesystemGates: [],
    runTime: { value: 'none', sources: [{ kind: 'inference', why: 'a test' }] },
    notChecked: [],
  };
}

const before = [
  caller(DM, { ...fatal, ...guarded }),
  caller(PMEM, { ...fatal, storeOrder: 'after-host' }),
  caller(DCSSBLK, fatal),
  caller(VIRTIO, { ...fatal, storeOrder: 'no-host' }),
];
const merged = [
  caller(DM),
  caller(PMEM),
  caller(DCSSBLK, fatal),
  caller(VIRTIO, { storeOrder: 'no-host' }),
];

const named = (release: string, tree: AllocDaxFacts) => {
  const { state, isOwn, differs } = nearestState(release, tree);
  return [state.id, isOwn, differs.map(({ rule, to }) => `${rule.name}: ${to}`)];
};

test('a release is compared with itself, and one in between with its neighbour', () => {
  expect(named('6.1.176', facts(before, undefined))).toEqual(['6.1', true, []]);
  expect(named('6.6.30', facts(before, undefined))).toEqual(['6.1', false, []]);
  expect(named('6.12.117', facts(merged, {}))).toEqual(['6.12', true, []]);
  expect(named('7.3-rc1', facts(merged, {}))).toEqual(['7.3', true, []]);
});

test('a tree in the middle of the series is compared with its patch', () => {
  const leakFixed = [...before.filter(({ place: at }) => at.file !== PMEM), caller(PMEM, fatal)];
  const [id] = named('6.8.0', facts(leakFixed, undefined));
  expect(id).toBe('v4/01');
  const testsNull = { tests: [{ kind: 'IS_ERR_OR_NULL', file: '', line: 1, text: '' }] } as const;
  const all = [caller(DM, testsNull), caller(PMEM, testsNull), caller(DCSSBLK, fatal)];
  expect(String(named('6.8.0', facts(all, { by: 'architecture-list' }))[0])).toMatch(/^v4/);
});

test('what the tree says otherwise is named', () => {
  const odd = [...merged.slice(0, 3), caller(VIRTIO, { onOtherError: outcome('survives') })];
  expect(named('6.12', facts(odd, {}))).toEqual([
    '6.12',
    true,
    ['virtio_refused: goes on after any error'],
  ]);
});

test('what nobody found out decides nothing', () => {
  const unknown = { kind: 'not-checked', line: 1, how: '' } as const;
  const open = caller(PMEM, { onEopnotsupp: unknown, storeOrder: 'no-store', tests: [] });
  expect(named('6.12', facts([open], {}))).toEqual(['6.12', true, []]);
});
