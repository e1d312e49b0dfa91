// dachs audit --format sarif: valid by the official schema, and what code-scanning viewers need.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import { type Audit, auditTree, type Finding, findingTypes } from '../src/audit/index.ts';
import { heldAgainst, knownBy, memoryTree, optimistic } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { sarifLog } from '../src/report/index.ts';
import { dachs, expectRefusal } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';
import { kernelTree } from './support.ts';

// The schema as OASIS wrote it, in the dialect of 2020-12, from the package of SARIF's editors.
const packages = path.resolve(import.meta.dirname, '../node_modules/@microsoft');
const schemaFile = 'sarif-multitool-ts/assets/sarif-2.1.0.schema.json';

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('uri', (text) => URL.canParse(text));
ajv.addFormat('uri-reference', (text) => URL.canParse(text, 'file:///tree/') && !/\s/.test(text));
ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
ajv.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const schema: object = JSON.parse(readFileSync(path.join(packages, schemaFile), 'utf8'));
const validate = ajv.compile(schema);

function faults(log: unknown): readonly string[] {
  return validate(log)
    ? []
    : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''}`);
}

const syntax = await loadCSyntax();

async function audited(changes: Readonly<Record<string, string | undefined>>): Promise<Audit> {
  const audit = await auditTree(memoryTree(smallKernelWith(changes)), syntax, {
    profile: optimistic,
  });
  return present(audit.ok ? audit.value : undefined, 'audit');
}

function runOf(log: Log): Run {
  return present(log.runs[0], 'run');
}

function resultsOf(log: Log): readonly Result[] {
  return runOf(log).results ?? [];
}

const version = '1.2.3';

const leak: Finding = {
  type: 'LEAK',
  level: 'warning',
  place: { file: 'drivers/x y/100%.c', line: 30, col: 3 },
  message: 'sample_attach() leaks dax_dev',
  reach: 'reachable',
  notes: [
    { place: { file: 'drivers/x y/100%.c', line: 20, col: 12 }, message: 'alloc_dax() gives it' },
    { place: { file: 'drivers/x y/100%.c', line: 30, col: 3 }, message: 'the function ends' },
    { message: 'no place' },
  ],
  path: true,
  function: 'sample_attach',
  conditions: ['CONFIG_FS_DAX'],
};

const check: Finding = {
  type: 'FALSE_DENIAL',
  level: 'check',
  place: { file: 'fs/Kconfig', line: 5, col: 1 },
  message: 'a denial',
  reach: 'latent',
  notes: [{ place: { file: 'mm/Kconfig', line: 1, col: 1 }, message: 'a symbol' }],
  machines: ['arm1176-32k'],
};

const broken = { 'arch/arm/Kconfig': 'if\n' };
const empty = await audited(broken);
const audit: Audit = { ...empty, findings: [leak, check] };

describe('a log', () => {
  test('is valid by the schema, with findings and without, with a baseline and without', () => {
    const held = heldAgainst(audit.findings, knownBy([leak])).findings;
    const root = 'file:///trees/linux/';
    for (const one of [audit, empty]) {
      expect(faults(sarifLog(one, { version }))).toEqual([]);
      expect(faults(sarifLog(one, { version, root, held }))).toEqual([]);
    }
    expect(resultsOf(sarifLog(empty, { version }))).toEqual([]);
  });

  test('that is spoiled is not', () => {
    const log = sarifLog(audit, { version });
    const [first] = resultsOf(log);
    const of = (result: object): object => ({
      ...log,
      runs: [{ ...runOf(log), results: [result] }],
    });
    expect(faults(of({ ...first }))).toEqual([]);
    expect(faults(of({ ...first, level: 'check' }))).not.toEqual([]);
    expect(faults(of({ ...first, message: undefined, stranger: 1 }))).not.toEqual([]);
    expect(faults(of({ ...first, partialFingerprints: { x: 1 } }))).not.toEqual([]);
    const region = { startLine: 0 };
    expect(faults(of({ ...first, locations: [{ physicalLocation: { region } }] }))).not.toEqual([]);
    expect(faults({ ...log, version: '2.2.0' })).not.toEqual([]);
  });

  test('has a rule for every type, with all that a viewer shows of it', () => {
    const rules = runOf(sarifLog(audit, { version })).tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(findingTypes.map(({ type }) => type));
    for (const { id, name, shortDescription, fullDescription, help } of rules) {
      expect(name, id).toMatch(/^(?:[A-Z][a-z]+)+$/);
      expect(shortDescription?.text.length ?? 0, id).toBeLessThan(1024);
      expect(fullDescription?.text.length ?? 0, id).toBeLessThan(1024);
      expect(
        [help?.text, help?.markdown].every((text) => (text ?? '').length > 0),
        id,
      ).toBe(true);
    }
    expect(runOf(sarifLog(audit, { version })).tool.driver).toMatchObject({ version });
  });

  test('has a result for each finding, at its place, under its rule', () => {
    const log = sarifLog(audit, { version });
    const rules = runOf(log).tool.driver.rules ?? [];
    const [first, second] = resultsOf(log);
    expect(resultsOf(log).map((r) => rules[r.ruleIndex ?? -1]?.id)).toEqual([
      leak.type,
      check.type,
    ]);
    expect([first?.level, second?.level]).toEqual(['warning', 'note']);
    expect(first?.message.text).toBe(
      'sample_attach() leaks dax_dev\nno place\nonly with CONFIG_FS_DAX',
    );
    expect(first?.locations?.[0]).toEqual({
      physicalLocation: {
        artifactLocation: { uri: 'drivers/x%20y/100%25.c', uriBaseId: 'SRCROOT' },
        region: { startLine: 30, startColumn: 3 },
      },
      logicalLocations: [{ name: 'sample_attach', kind: 'function' }],
    });
    expect(second?.properties).toMatchObject({ reach: 'latent', machines: ['arm1176-32k'] });
  });

  test('has a code flow where the notes are a path, and related places in any case', () => {
    const [first, second] = resultsOf(sarifLog(audit, { version }));
    const steps = first?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(steps.map((s) => s.location?.message?.text)).toEqual([
      'alloc_dax() gives it',
      'the function ends',
    ]);
    expect(steps.map((s) => s.location?.physicalLocation?.region?.startLine)).toEqual([20, 30]);
    expect(second?.codeFlows).toBeUndefined();
    expect(second?.relatedLocations).toHaveLength(1);
  });

  test('has fingerprints that last while lines move, and differ otherwise', () => {
    const prints = (...findings: Finding[]) =>
      resultsOf(sarifLog({ ...audit, findings }, { version })).map((r) => r.partialFingerprints);
    const down = { ...leak, place: { ...leak.place, line: 99 } };
    expect(prints(down)).toEqual(prints(leak));
    const [one, two] = prints(leak, down);
    expect(one?.['dachs/v1']).not.toBe(two?.['dachs/v1']);
    expect(one?.['primaryLocationLineHash']).toBe(`${one?.['dachs/v1']}:1`);
  });

  test('tells what was not checked among the notifications', () => {
    const [invocation] = runOf(sarifLog(empty, { version })).invocations ?? [];
    const told = invocation?.toolExecutionNotifications ?? [];
    expect(told).toHaveLength(empty.notChecked.length);
    expect(told[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      'arch/arm/Kconfig',
    );
    expect(told[0]?.message.text).toMatch(/^not checked: /);
  });

  test('with a baseline has known findings as suppressed, others as new', () => {
    const held = heldAgainst(audit.findings, knownBy([leak])).findings;
    const [first, second] = resultsOf(sarifLog({ ...audit, findings: [check] }, { version, held }));
    expect([first?.baselineState, second?.baselineState]).toEqual(['unchanged', 'new']);
    expect(first?.suppressions).toMatchObject([{ kind: 'external', status: 'accepted' }]);
    // An empty array says that nobody suppressed it; none at all would say that nobody asked.
    expect(second?.suppressions).toEqual([]);
  });
});

describe('dachs audit --format sarif', () => {
  const header = { 'arch/arm/include/asm/cachetype.h': '#define cpu_dcache_is_aliasing() 1\n' };

  test('writes a valid log with the folder of the tree, the same on every run', () => {
    const folder = folderOf(smallKernelWith(header));
    const run = dachs(['audit', folder, '--format', 'sarif']);
    expect([run.status, run.stderr]).toEqual([1, '']);
    const log: Log = JSON.parse(run.stdout);
    expect(faults(log)).toEqual([]);
    const { uri } = runOf(log).originalUriBaseIds?.['SRCROOT'] ?? {};
    expect(uri).toBe(`${pathToFileURL(folder).href}/`);
    expect(resultsOf(log).map((r) => r.ruleId)).toEqual(['FALSE_DENIAL']);
    expect(dachs(['audit', '.', '--format', 'sarif'], folder).stdout).toBe(run.stdout);
  });

  test('exits 0 where all is known, and says which', () => {
    const folder = folderOf(smallKernelWith(header));
    const file = path.join(folder, 'known.json');
    const run = dachs(['audit', folder, '--format', 'sarif', '--write-baseline', file]);
    expect(run.status).toBe(0);
    const log: Log = JSON.parse(run.stdout);
    expect(resultsOf(log).map((r) => r.baselineState)).toEqual(['unchanged']);
    expect(faults(log)).toEqual([]);
  });

  test('--format json is --json, text the default; what does not go together is refused', () => {
    const folder = folderOf(smallKernel);
    const of = (...args: string[]) => dachs(['audit', folder, ...args]);
    expect(of('--format', 'json').stdout).toBe(of('--json').stdout);
    expect(of('--format', 'text').stdout).toBe(of().stdout);
    expectRefusal(of('--json', '--format', 'sarif'), /--json and --format sarif/);
    expectRefusal(of('--format', 'sarif', '--terse'), /--terse has no meaning/);
    expectRefusal(of('--format', 'sarif', '--facts'), /--format has no meaning/);
    expect(of('--format', 'html').status).toBe(2);
  });

  for (const release of ['6.1', '6.12']) {
    const tree = kernelTree(release);
    const title = tree === undefined ? ' (no tree: npm run trees)' : '';
    test.skipIf(tree === undefined)(`of Linux ${release} is valid${title}`, () => {
      const run = dachs(['audit', tree ?? '', '--format', 'sarif']);
      const log: Log = JSON.parse(run.stdout);
      expect(faults(log)).toEqual([]);
      // The limits of GitHub, as far as they can be met: docs/decisions/0031-sarif.md.
      expect(resultsOf(log).length).toBeGreaterThan(0);
      expect(resultsOf(log).length).toBeLessThan(5000);
      expect(run.stdout.length).toBeLessThan(10_000_000);
    });
  }
});
