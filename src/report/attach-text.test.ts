// Shows what an audit says of attach functions: trees that do what the model says, one that does
// not, where DAX is refused, and what nobody can compare; and that the record is as its schema
// says.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { type AllocDaxFacts, type AttachAudit, auditAttach } from '../audit/index.ts';
import { present } from '../base/index.ts';
import type { LearntAttach } from '../scenario/index.ts';
import {
  automaton,
  dcssblkAutomaton,
  dcssblkLines,
  dm612Lines,
  dmAutomaton,
  pmem61Lines,
  pmem612Lines,
  pmemAutomaton,
  virtio612Lines,
  virtioAutomaton,
} from '../../test/attach-samples.ts';
import { attachRecord } from './attach-record.ts';
import { attachLines } from './attach-text.ts';

const nothing: AllocDaxFacts = {
  definition: undefined,
  absent: undefined,
  stub: undefined,
  callers: [],
  filesystemGates: [],
  runTime: { value: 'none', sources: [{ kind: 'inference', why: 'a test' }] },
  notChecked: [],
};

const audited = (release: string, ...learnt: readonly LearntAttach[]): AttachAudit =>
  present(auditAttach({ release, allocDax: nothing, learnt }), 'audit');
const told = (audit: AttachAudit, verbose = false): string =>
  attachLines(audit, { verbose }).join('\n');

const both = audited('6.12.117', pmemAutomaton(pmem612Lines), dmAutomaton(dm612Lines));

describe('as text', () => {
  test('6.1: what both find', () => {
    expect(
      told(audited('6.1.176', pmemAutomaton(pmem61Lines))),
    ).toBe(`Attach functions, explored: tree beside model
  The model is that of Linux 6.1.
  pmem        pmem_attach_disk() at drivers/nvdimm/pmem.c:90: 102 ways
              of the tree, 110 of the model, on 3 systems: agree; 1 of
              the model not comparable
              both: leak of a DAX device after dax_add_host() fails,
                where caches do not alias and where caches alias
              both: leak of a disk after devm_init_badblocks() fails
              both: no device, though no step fails, where alloc_dax()
                is made to refuse`);
  });

  test('6.12: by driver, and where DAX is refused', () => {
    expect(told(both)).toBe(`Attach functions, explored: tree beside model
  The model is that of Linux 6.12.
  pmem        pmem_attach_disk() at drivers/nvdimm/pmem.c:90: 93 ways of
              the tree, 117 of the model, on 3 systems: agree; 4 of the
              model not comparable
              both: leak of a disk after devm_init_badblocks() fails
              both: the queue says DAX, without a DAX device, where
                caches alias and where alloc_dax() is made to refuse
  dm          alloc_dev() at drivers/md/dm.c:90: 56 ways of the tree, 63
              of the model, on 3 systems: agree`);
  });

  test('a tree that differs, between two releases', () => {
    const lines = pmem612Lines
      .replace('dax_add_host #1 ok error>clean', 'dax_add_host #1 ok error>out')
      .replace('call devm_kzalloc ok NULL>nomem', 'call kzalloc ok NULL>nomem');
    const other = automaton({ function: 'foo', file: 'drivers/foo.c', lines: 'failed' });
    expect(
      told(audited('6.9', pmemAutomaton(lines, ['foo.c:3: a loop']), other)),
    ).toBe(`Attach functions, explored: tree beside model
  The model is that of Linux 6.12, the nearest of the catalogue.
  pmem        pmem_attach_disk() at drivers/nvdimm/pmem.c:90: 93 ways of
              the tree, 117 of the model, on 3 systems: they differ, not
              all ways of the tree gone; 4 of the model not comparable
              both: leak of a disk after devm_init_badblocks() fails
              both: the queue says DAX, without a DAX device, where
                caches alias and where alloc_dax() is made to refuse
              only in the tree: leak of a DAX device after
                dax_add_host() fails, where caches do not alias
              fails in the tree alone: kzalloc()
              fails in the model alone: devm_kzalloc()
              not checked: foo.c:3: a loop
  drivers/foo.c:90 foo(): no model of it to be compared with`);
  });

  test('every line is 72 columns wide at most but those of an automaton and a way', () => {
    const lines = told(both).split('\n');
    expect(lines.filter((line) => line.length > 72)).toEqual([]);
  });

  test('-v: why, the shortest way with its places, and the automaton', () => {
    const text = told(audited('6.1', pmemAutomaton(pmem61Lines)), true);
    expect(text).toContain('not compared: leak of a DAX device (only while it is used');
    expect(text).toContain('  set_dax_nomc(dax_device #1)  (drivers/nvdimm/pmem.c:');
    expect(text).toContain('xa_insert dax_hosts  FAILS');
    expect(text).toContain('=> never given back: a DAX device');
    expect(text).toContain('    pmem_attach_disk  (drivers/nvdimm/pmem.c:90)');
  });
});

describe('as a record', () => {
  const file = path.resolve(import.meta.dirname, '../../schemas/attach.schema.json');
  const schema: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
  const validate = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  }).compile(schema);

  test('it is as its schema says, and with anything changed it is not', () => {
    const foo = automaton({ function: 'foo', file: 'drivers/foo.c', lines: 'failed' });
    const record = attachRecord(
      audited(
        '6.6',
        dcssblkAutomaton(dcssblkLines),
        virtioAutomaton(virtio612Lines),
        pmemAutomaton('attached cut', ['cut']),
        foo,
      ),
    );
    expect([validate(record), validate.errors]).toEqual([true, null]);
    expect(record.state).toMatchObject({ id: '6.1', ownRelease: false });
    expect(record.notCompared).toEqual([{ function: 'foo', file: 'drivers/foo.c', line: 90 }]);
    expect(record.drivers.map(({ driver, systems }) => [driver, systems.length])).toEqual([
      ['dcssblk', 2],
      ['virtio-fs', 3],
      ['pmem', 3],
    ]);
    expect(validate({ ...record, drivers: [{}] })).toBe(false);
    expect(validate({ ...record, more: 1 })).toBe(false);
  });

  test('the same tree gives the same bytes', () => {
    const again = audited('6.12.117', pmemAutomaton(pmem612Lines), dmAutomaton(dm612Lines));
    expect(JSON.stringify(attachRecord(again))).toBe(JSON.stringify(attachRecord(both)));
  });
});

test('where nothing was learnt there is nothing to say', () => {
  expect(auditAttach({ release: '6.12', allocDax: nothing, learnt: [] })).toBeUndefined();
});
