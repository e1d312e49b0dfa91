// Records of toolchains: what profile they make, and how two become one.

import { expect, test } from 'vitest';
import { answer } from './profile.ts';
import { markedTools, mergeRecords, nameTools, recordedProfile } from './toolchain.ts';
import type { ToolchainRecord } from './toolchain.ts';

const record: ToolchainRecord = {
  name: 'gcc-11-arm',
  title: 'a compiler',
  fits: ['arm'],
  tools: [{ variable: 'CC', command: 'arm-gcc', version: 'arm-gcc 11.3' }],
  releases: ['6.12.1'],
  environment: { CC_VERSION_TEXT: 'arm-gcc 11.3' },
  otherwise: 'y',
  answers: { './scripts/cc-version.sh gcc': 'GCC 110300', 'gcc -a': 'a', 'gcc -b': 'b' },
};

const older: ToolchainRecord = {
  ...record,
  fits: ['arm64'],
  releases: ['6.1.5'],
  answers: { 'gcc -b': 'b', 'gcc -c': 'c' },
};

function merged(a: ToolchainRecord, b: ToolchainRecord): ToolchainRecord | string {
  const result = mergeRecords(a, b);
  return result.ok ? result.value : result.problem.what;
}

test('version scripts are answered with other arguments and under their older names', () => {
  const profile = recordedProfile(record);
  const said = (command: string): string => answer(command, profile).output;
  expect(said('./scripts/cc-version.sh gcc --plain')).toBe('GCC 110300');
  expect(said('./scripts/gcc-version.sh gcc')).toBe('110300');
  expect(said('./scripts/clang-version.sh gcc')).toBe('0');
  expect(said('./scripts/pahole-version.sh pahole')).toBe('');
});

test('questions that are not on record are answered as the record says', () => {
  const command = '{ gcc -new; } >/dev/null 2>&1 && echo "y" || echo "n"';
  expect(answer(command, recordedProfile(record)).output).toBe('y');
  expect(answer(command, recordedProfile({ ...record, otherwise: 'n' })).output).toBe('n');
});

test('two records of the same tools become one with the answers of both', () => {
  expect(merged(record, older)).toEqual({
    ...record,
    fits: ['arm', 'arm64'],
    releases: ['6.1.5', '6.12.1'],
    answers: { ...record.answers, 'gcc -c': 'c' },
  });
});

test('other tools, another environment and other answers are refused by name', () => {
  expect(merged(record, { ...older, tools: [] })).toContain('differ: the tools');
  const environment = { CC_VERSION_TEXT: 'arm-gcc 12' };
  expect(merged(record, { ...older, environment })).toContain('CC_VERSION_TEXT');
  expect(merged(record, { ...older, answers: { 'gcc -a': 'z' } })).toContain('gcc -a');
});

test('scripts of an older tree may answer otherwise: an exception of its release', () => {
  const script = './scripts/can.sh gcc';
  const newer = { ...record, answers: { ...record.answers, [script]: 'y' } };
  const both = merged(newer, { ...older, answers: { [script]: 'n' } });
  expect(both).toMatchObject({
    answers: { [script]: 'y' },
    exceptions: { '6.1': { [script]: 'n' } },
  });
  const sameTree = { ...older, releases: ['6.12.9'], answers: { [script]: 'n' } };
  expect(merged(newer, sameTree)).toContain(script);
});

test('a marked tool takes any name, the same word in the text of a tree does not', () => {
  const { CC = '' } = markedTools();
  expect(nameTools(`${CC} -x gcc`, { CC: 'arm-gcc' })).toBe('arm-gcc -x gcc');
});
