// Profile files: what is refused, with which place and hint.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ports, type ToolchainRecord } from '../audit/index.ts';
import { present } from '../base/index.ts';
import { profileFile, profileFromJson } from '../forms/index.ts';
import {
  probedToolchains,
  profileForAll,
  profileNamed,
  profileNames,
  toolchainFromFile,
} from './profiles.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dachs-profile-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record: ToolchainRecord = {
  name: 'gcc-1-arm',
  title: 'a compiler',
  fits: ['arm'],
  tools: [{ variable: 'CC', command: 'gcc', version: 'gcc 1', target: 'arm-none' }],
  releases: ['6.1.1'],
  environment: { CC_VERSION_TEXT: 'gcc 1' },
  otherwise: 'n',
  answers: { 'gcc -x': 'y' },
  exceptions: { '6.1': { 'gcc -y': 'n' } },
};

function refused(change: object): string {
  const form = profileFile(record);
  const text = JSON.stringify({ ...form, profile: { ...form.profile, ...change } });
  const result = profileFromJson(text, 'p.json');
  return result.ok ? 'read' : result.problem.what;
}

test('what is written is read back', () => {
  const result = profileFromJson(JSON.stringify(profileFile(record)), 'p.json');
  expect(result).toEqual({ ok: true, value: record });
});

test('a broken file is refused with its first wrong place and a hint', () => {
  const place = (text: string): object => {
    const result = profileFromJson(text, 'p.json');
    return result.ok ? {} : result.problem;
  };
  expect(place('{')).toMatchObject({ where: 'p.json', what: expect.stringContaining('not JSON') });
  expect(place('[]')).toMatchObject({ hint: expect.stringContaining('--probe -o') });
  expect(place('{"schema":"dachs/kernel"}')).toMatchObject({
    what: expect.stringContaining('schema:'),
  });
  expect(refused({ fits: [] })).toContain('profile.fits: no ARCH is named');
  expect(refused({ answers: { a: 1 } })).toContain('profile.answers.a: ');
  expect(refused({ otherwise: 'maybe' })).toContain('profile.otherwise: ');
  expect(refused({ name: '../x' })).toContain('profile.name: ');
});

test('unknown fields are named', () => {
  expect(refused({ anwsers: {} })).toContain('profile.anwsers: there is no such field');
  expect(refused({ tools: [{ ...record.tools[0], flavour: 1 }] })).toContain(
    'profile.tools.0.flavour: there is no such field',
  );
});

test('a file of 100 MB is refused unread', () => {
  const file = path.join(folder, 'large.json');
  writeFileSync(file, '');
  truncateSync(file, 100_000_000);
  const result = toolchainFromFile(file);
  expect(result.ok ? '' : result.problem.what).toContain('100000000 bytes');
});

test('profiles that come with the program are read, named as their files, and small', () => {
  const probed = probedToolchains();
  const records = present(probed.ok ? probed.value : undefined, JSON.stringify(probed));
  const [, , ...names] = profileNames();
  expect(records.map(({ name }) => name)).toEqual(names);
  for (const one of records) {
    expect(JSON.stringify(profileFile(one)).length, one.name).toBeLessThan(100_000);
    expect(Object.keys(one.answers), one.name).toEqual(Object.keys(one.answers).sort());
  }
});

test('a profile is known by its name or its file, and none by another', () => {
  const file = path.join(folder, 'own.json');
  writeFileSync(file, JSON.stringify(profileFile(record)));
  const name = (word: string): string => {
    const result = profileNamed(word);
    return result.ok ? result.value.name : result.problem.what;
  };
  expect(name('pessimistic')).toBe('pessimistic');
  expect(name('gcc-12-arm')).toBe('gcc-12-arm');
  expect(name(file)).toBe('gcc-1-arm');
  expect(name('gcc-12-vax')).toBe('there is no profile gcc-12-vax');
  expect(name('../../package')).toContain('cannot read the toolchain profile');
});

test('a profile for another port is refused, and those that fit are named', () => {
  const port = present(
    ports.find(({ id }) => id === 'mips32'),
    'mips32',
  );
  expect(profileNamed('gcc-12-mips', port).ok).toBe(true);
  expect(profileNamed('optimistic', port).ok).toBe(true);
  expect(profileNamed('gcc-12-arm', port)).toMatchObject({
    ok: false,
    problem: {
      what: 'the profile gcc-12-arm was probed for ARCH arm, not for mips',
      hint: 'profiles for mips: gcc-12-mips, optimistic, pessimistic',
    },
  });
});

test('a family has a profile for each port, and a single one is none for all', () => {
  const choice = profileForAll('gcc-12');
  const of = (id: string): string => {
    const port = present(
      ports.find((one) => one.id === id),
      id,
    );
    return choice.ok ? choice.value.profileOf(port).name : '';
  };
  expect(['arm-v7', 'parisc64', 'um', 'xtensa'].map(of)).toEqual([
    'gcc-12-arm',
    'gcc-12-hppa64',
    'gcc-12-x86_64',
    'optimistic',
  ]);
  const single = profileForAll('gcc-12-arm');
  expect(single.ok ? '' : single.problem.hint).toContain('--profile gcc-12-arm,optimistic');
});

test('each port takes the first profile typed that fits it', () => {
  const file = path.join(folder, 'first.json');
  writeFileSync(file, JSON.stringify(profileFile(record)));
  const of = (typed: string, id: string): string => {
    const choice = profileForAll(typed);
    const port = ports.find((one) => one.id === id);
    return choice.ok && port ? choice.value.profileOf(port).name : 'none';
  };
  expect(of(`${file}, gcc-12`, 'arm-v7')).toBe('gcc-1-arm');
  expect(of(`gcc-12,${file}`, 'arm-v7')).toBe('gcc-12-arm');
  expect(of(`${file},pessimistic`, 'mips32')).toBe('pessimistic');
  expect(of('gcc-12,pessimistic', 'xtensa')).toBe('pessimistic');
  expect(of(`${file},nothing`, 'arm-v7')).toBe('none');
});
