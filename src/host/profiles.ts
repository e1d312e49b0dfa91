// The profiles that can be named: two that assume, those probed from real toolchains that come with
// the program, and files.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  archOf,
  fitsArch,
  optimistic,
  pessimistic,
  type PortConfig,
  type Profile,
  recordedProfile,
  type ToolchainRecord,
} from '../audit/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { PROFILE_HINT, profileFromJson } from '../forms/index.ts';
import { readTextFile } from './text-file.ts';

/** Folder of the probed profiles: data/profiles beside src/ or dist/. */
const PROBED = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../data/profiles');

const ENDING = '.json';

/** Profiles that fit every architecture, since they assume all they say. */
const ASSUMED: readonly Profile[] = [optimistic, pessimistic];

/** Every name that profileNamed() knows, those that assume first; no file is read for it. */
export function profileNames(folder = PROBED): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const probed = files.filter((file) => file.endsWith(ENDING));
  return [...ASSUMED.map(({ name }) => name), ...probed.map((f) => f.slice(0, -ENDING.length))];
}

/** The records of all toolchains that come with the program, sorted by name. */
export function probedToolchains(folder = PROBED): Result<readonly ToolchainRecord[]> {
  const records: ToolchainRecord[] = [];
  for (const name of profileNames(folder).slice(ASSUMED.length)) {
    const record = toolchainFromFile(path.join(folder, `${name}${ENDING}`));
    if (!record.ok) return record;
    records.push(record.value);
  }
  return ok(records);
}

/**
 * A profile by its name, or by the path of a file (with `/` or ending in `.json`). Where `port` is
 * given, a profile that was probed for other architectures is a Problem that names those that fit.
 */
export function profileNamed(word: string, port?: PortConfig, folder = PROBED): Result<Profile> {
  const profile = anyProfile(word, folder);
  if (!profile.ok || port === undefined) return profile;
  const arch = archOf(port);
  if (fitsArch(profile.value, arch)) return profile;
  const { name, fits = [] } = profile.value;
  return fail({
    what: `the profile ${name} was probed for ARCH ${fits.join(', ')}, not for ${arch}`,
    hint: `profiles for ${arch}: ${fitting(arch, folder).join(', ')}`,
  });
}

/** A profile for each port of a tree, under one name. */
export interface ProfileChoice {
  readonly profile: Profile;
  readonly profileOf: (port: PortConfig) => Profile;
}

/** Names of families: `gcc-12` for `gcc-12-arm` and its like. */
export function profileFamilies(folder = PROBED): readonly string[] {
  const names = profileNames(folder).slice(ASSUMED.length);
  return [...new Set(names.flatMap((name) => /^(\w+-\d+)-/.exec(name)?.[1] ?? []))];
}

/**
 * What is typed where every port of a tree is read: profiles, families and files, comma separated.
 * Each port takes the first that fits it; where none does, a family leaves it to optimistic, and
 * anything else is a Problem.
 */
export function profileForAll(typed: string, folder = PROBED): Result<ProfileChoice> {
  const families = profileFamilies(folder);
  const words = typed.split(',').map((word) => word.trim());
  const profiles: Profile[] = [];
  for (const word of words) {
    const some = families.includes(word) ? family(word, folder) : single(word, folder);
    if (!some.ok) return some;
    profiles.push(...some.value);
  }
  if (words.some((word) => families.includes(word))) profiles.push(optimistic);
  const last = profiles.find(({ fits }) => fits === undefined);
  if (last === undefined) {
    const fits = profiles.flatMap((one) => one.fits ?? []);
    return fail({
      what: `the profile ${typed} was probed for ARCH ${fits.join(', ')}; an audit reads all`,
      hint: `leave the others to one that fits all: --profile ${typed},${optimistic.name}`,
    });
  }
  const profileOf = (port: PortConfig): Profile =>
    profiles.find((one) => fitsArch(one, archOf(port))) ?? last;
  return ok({ profile: { ...last, name: words.join(',') }, profileOf });
}

function single(word: string, folder: string): Result<readonly Profile[]> {
  const profile = profileNamed(word, undefined, folder);
  return profile.ok ? ok([profile.value]) : profile;
}

function family(word: string, folder: string): Result<readonly Profile[]> {
  const probed = probedToolchains(folder);
  if (!probed.ok) return probed;
  const members = probed.value.filter(({ name }) => name.startsWith(`${word}-`));
  return ok(members.map(recordedProfile));
}

/** Names of the profiles that fit an ARCH: probed ones first. */
function fitting(arch: string, folder: string): readonly string[] {
  const probed = probedToolchains(folder);
  const records = probed.ok ? probed.value : [];
  const names = records.filter(({ fits }) => fits.includes(arch)).map(({ name }) => name);
  return [...names, ...ASSUMED.map(({ name }) => name)];
}

function anyProfile(word: string, folder: string): Result<Profile> {
  const assumed = ASSUMED.find(({ name }) => name === word);
  if (assumed) return ok(assumed);
  const isFile = word.includes('/') || word.endsWith(ENDING);
  const names = profileNames(folder);
  if (!isFile && !names.includes(word)) {
    const hint = `profiles: ${names.join(', ')}; or the path of a profile file`;
    return fail({ what: `there is no profile ${word}`, hint });
  }
  const record = toolchainFromFile(isFile ? word : path.join(folder, `${word}${ENDING}`));
  return record.ok ? ok(recordedProfile(record.value)) : record;
}

/** The record in a profile file; a Problem with the place where it is not one. */
export function toolchainFromFile(file: string): Result<ToolchainRecord> {
  const text = readTextFile(file, 'toolchain profile', PROFILE_HINT);
  return text.ok ? profileFromJson(text.value, file) : text;
}
