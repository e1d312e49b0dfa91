// Records and SARIF logs are read into one model; what is broken or unknown in a part of one is
// named by its place, and the rest is still there.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { auditFileFrom } from './file.ts';
import type { AuditFile, AuditRun } from './shown.ts';

const leak = {
  type: 'LEAK',
  level: 'warning',
  place: { file: 'drivers/x/s.c', line: 9, col: 3 },
  message: 's_attach() leaks',
  reach: 'reachable',
  notes: [
    { place: { file: 'drivers/x/s.c', line: 4, col: 1 }, message: 'alloc_dax()' },
    { message: 'by itself' },
  ],
  path: true,
  function: 's_attach',
  conditions: ['CONFIG_X'],
  machines: ['m1', 'm2'],
};

function read(value: unknown): AuditFile {
  const file = auditFileFrom(JSON.stringify(value), 'f.json');
  return present(file.ok ? file.value : undefined, 'file');
}

function runOf(value: unknown): AuditRun {
  return present(read(value).runs[0], 'run');
}

function refused(text: string) {
  const file = auditFileFrom(text, 'f.json');
  return file.ok ? undefined : file.problem;
}

const audit = (findings: readonly unknown[], more = {}) => ({
  schema: 'dachs/audit',
  version: 1,
  tree: 't',
  release: '6.1',
  profile: { name: 'optimistic', questions: 1, recorded: 0 },
  findings,
  ...more,
});

describe('records of dachs', () => {
  test('a finding has its path, its notes beside it, and is one of the command line', () => {
    const [finding] = runOf(audit([leak])).findings;
    expect(finding?.paths).toEqual([[leak.notes[0]]]);
    expect(finding?.notes).toEqual([{ message: 'by itself' }]);
    expect(finding?.record).toEqual(leak);
  });

  test('a machine is joined with the scenario that its note names', () => {
    const notes = [{ message: 'M (m2): predicate: constant false; L4 reaches P0:r1=0 in 3 steps' }];
    const [finding] = runOf(audit([{ ...leak, path: false, notes }])).findings;
    expect(finding?.machines).toEqual([{ machine: 'm1' }, { machine: 'm2', scenario: 'L4' }]);
  });

  test('a finding that is broken is named by its place, the others are shown', () => {
    const file = read(audit([{ ...leak, place: { file: 'a', line: 'x', col: 1 } }, leak]));
    expect(file.runs[0]?.findings).toHaveLength(1);
    expect(file.notShown[0]?.where).toBe('findings.0.place.line');
    // The text of the whole would lack it.
    expect(file.runs[0]?.whole).toBeUndefined();
  });

  test('a type of a newer Dachs is shown, and said to be unknown', () => {
    const file = read(audit([{ ...leak, type: 'NEW_ONE' }], { moon: { is: 'full' } }));
    expect(file.runs[0]?.findings[0]?.type).toBe('NEW_ONE');
    expect(file.runs[0]?.findings[0]?.record).toBeUndefined();
    expect(file.notShown.map(({ where }) => where)).toEqual(['findings', 'moon']);
  });

  test('an automaton comes back as it was learnt; a broken driver leaves the others', () => {
    const at = { file: 'drivers/nvdimm/pmem.c', line: 3 };
    const driver = {
      driver: 'pmem',
      function: 'pmem_attach_disk',
      ...at,
      automaton: {
        objects: [{ protocol: 'gendisk', acquire: 'blk_alloc_disk', ...at }],
        nodes: [
          {
            kind: 'call',
            function: 'blk_alloc_disk',
            ...at,
            object: 0,
            outcomes: [
              { result: 'ok', next: 1 },
              { result: '-EIO', next: -1 },
            ],
          },
          { kind: 'failed', errno: null },
        ],
      },
      notChecked: [],
      calls: { onlyTree: [], onlyModel: [] },
      systems: [],
    };
    const file = read(audit([], { attach: { drivers: [{ driver: 'dm' }, driver] } }));
    expect(file.runs[0]?.attach?.drivers[0]?.learnt.nodes).toEqual([
      {
        kind: 'call',
        function: 'blk_alloc_disk',
        object: 0,
        at,
        outcomes: [
          { result: 'ok', next: 1 },
          { result: '-EIO', next: -1 },
        ],
      },
      { kind: 'failed', errno: undefined },
    ]);
    expect(file.notShown.map(({ where }) => where)).toContain('attach.drivers.0.function');
  });
});

describe('SARIF of any tool', () => {
  const log = (run: object) => ({ version: '2.1.0', runs: [run] });
  const tool = {
    driver: {
      name: 'other',
      version: '3',
      rules: [
        {
          id: 'R1',
          shortDescription: { text: 'one' },
          messageStrings: { gone: { text: '{0} is gone' } },
          defaultConfiguration: { level: 'error' },
        },
      ],
    },
  };

  test('rule, default level, message with arguments, escaped path, suppression', () => {
    const result = {
      ruleIndex: 0,
      message: { id: 'gone', arguments: ['it'] },
      locations: [
        { physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 7 } } },
      ],
      suppressions: [{ kind: 'inSource' }],
      baselineState: 'unchanged',
      fixes: [{}],
    };
    const run = { tool, results: [result], artifacts: [{ location: { uri: 'a%20b.c' } }] };
    const file = read(log(run));
    expect(file.runs[0]?.findings).toEqual([
      {
        type: 'R1',
        level: 'error',
        place: { file: 'a b.c', line: 7 },
        message: 'it is gone',
        paths: [],
        notes: [],
        conditions: [],
        machines: [],
        suppressed: 'suppressed (inSource)',
        state: 'unchanged',
      },
    ]);
    const [part] = file.notShown;
    expect(part).toEqual({ where: 'runs.0.results', why: "'fixes' of 1 result is not shown" });
  });

  test('threads of one flow are one path, by the order of execution', () => {
    const step = (order: number) => ({
      executionOrder: order,
      location: { message: { text: `step ${order}` } },
    });
    const threadFlows = [{ locations: [step(1), step(3)] }, { locations: [step(2)] }];
    const result = { ruleId: 'R1', message: { text: 'm' }, codeFlows: [{ threadFlows }] };
    const [finding] = runOf(log({ tool, results: [result] })).findings;
    expect(finding?.paths[0]?.map(({ message }) => message)).toEqual([
      'step 1',
      'step 2',
      'step 3',
    ]);
  });

  test('a run without tool and a result without message are named, others shown', () => {
    const file = read({
      version: '2.1.0',
      runs: [{ results: [] }, { tool, results: [{ ruleId: 'R1' }, { message: { text: 'm' } }] }],
    });
    expect(file.runs).toHaveLength(1);
    expect(file.runs[0]?.findings.map(({ type }) => type)).toEqual(['no rule']);
    expect(file.notShown.map(({ where }) => where)).toEqual(['runs.0', 'runs.1.results.0.message']);
  });
});

describe('what is refused says what, where and a hint', () => {
  test.each([
    ['', /empty/, /dachs audit TREE/],
    ['{"schema": "dachs/audit", "findi', /not JSON/, /cut off/],
    ['a.c:1:2: error: x [LEAK]\n', /not JSON/, /--json/],
    ['[]', /a list, not an object/, /dachs audit/],
    ['{"schema":"dachs/run"}', /schema: it is 'dachs\/run'/, /another kind/],
    ['{"schema":"dachs/audit","version":2}', /version: it is 2/, /write it again/],
    ['{"schema":"dachs/audit","version":1}', /findings: it is no list/, /dachs audit/],
    ['{"version":"2.0.0","runs":[]}', /2\.1\.0/, /--format sarif/],
    ['{"version":"2.1.0","runs":{}}', /runs: it is no list/, /--format sarif/],
    ['{"a":1}', /neither 'schema'/, /dachs audit/],
  ])('%s', (text, what, hint) => {
    const problem = refused(text);
    expect(problem?.what).toMatch(what);
    expect(problem?.hint).toMatch(hint);
    expect(problem?.where).toBe('f.json');
  });
});
