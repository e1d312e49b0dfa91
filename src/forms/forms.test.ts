// What comes from outside: what we wrote is read back, what is damaged is named by its place.

import { describe, expect, test } from 'vitest';
import type { Finding } from '../audit/index.ts';
import { at, type Result } from '../base/index.ts';
import { policies } from '../kernel/index.ts';
import { baselineFromJson } from './baseline-json.ts';
import { findingsFromJson } from './findings-json.ts';
import { kernelFile, kernelFromJson } from './kernel-json.ts';
import { profileFromJson } from './profile-json.ts';
import { protocolFromJson } from './protocol-json.ts';

const finding: Finding = {
  type: 'FALSE_DENIAL',
  level: 'warning',
  place: { file: 'fs/Kconfig', line: 50, col: 2 },
  message: 'a message',
  reach: 'latent',
  notes: [{ message: 'a note' }],
};
const audit = { schema: 'dachs/audit', findings: [finding] };

function problem(result: Result<unknown>): string {
  return result.ok ? 'ok' : `${result.problem.where ?? ''}: ${result.problem.what}`;
}

const readers = [
  ['kernel', kernelFromJson],
  ['audit', findingsFromJson],
  ['baseline', baselineFromJson],
  ['profile', profileFromJson],
  ['protocol', protocolFromJson],
] as const;

test.each(readers)('%s: no JSON and another schema are refused, with a hint', (_name, read) => {
  const broken = read('{', 'f.json');
  expect(problem(broken)).toMatch(/^f\.json: not JSON: /);
  const other = read('{"schema":"dachs/other"}', 'f.json');
  expect(problem(other)).toMatch(/^f\.json: not an? [a-z ]+: schema: /);
  expect(other.ok || other.problem.hint).toMatch(/^(?:write one with: dachs |docs\/)/);
});

describe('what was written is read', () => {
  test.each(policies.map((kernel) => [kernel.id, kernel] as const))('kernel %s', (_id, kernel) => {
    const read = kernelFromJson(JSON.stringify(kernelFile(kernel)), 'f.json');
    expect(read.ok && read.value).toEqual(kernel);
  });

  test('findings, whether they name a function or say there is none', () => {
    const named = { ...audit, findings: [{ ...finding, function: 'alloc_dax' }] };
    const read = findingsFromJson(JSON.stringify(named), 'f.json');
    expect(read.ok && at(read.value, 0).function).toBe('alloc_dax');
    const none = { ...audit, findings: [{ ...finding, function: null }] };
    const bare = findingsFromJson(JSON.stringify(none), 'f.json');
    expect(bare.ok && bare.value).toEqual([finding]);
  });
});

test('the part that is wrong is named', () => {
  const strange = { ...audit, findings: [finding, { ...finding, type: 'NO_SUCH_TYPE' }] };
  expect(problem(findingsFromJson(JSON.stringify(strange), 'f.json'))).toMatch(
    /^f\.json: not an audit: findings\.1\.type: /,
  );
  const kernel = { ...kernelFile(at(policies, 0)), version: 99 };
  expect(problem(kernelFromJson(JSON.stringify(kernel), 'f.json'))).toMatch(/fact file: version: /);
  const deep = '['.repeat(501);
  expect(problem(kernelFromJson(deep, 'f.json'))).toBe('f.json: nests deeper than 500 levels');
});
