// Which tree, architecture and toolchain a Kconfig command is about, from what was typed.

import { fail, ok, type Result } from '../../base/index.ts';
import {
  architectureNamed,
  architectureNames,
  type Assumption,
  type PortConfig,
  type Profile,
  type SourceTree,
} from '../../audit/index.ts';
import { openTree, profileFamilies, profileForAll, profileNamed } from '../../host/index.ts';
import { toolchainLines } from '../../report/index.ts';
import { unknown } from '../selection.ts';

/** What says which Kconfig is read, as it was typed. */
export interface KconfigTyped {
  readonly arch?: string;
  readonly profile: string;
  readonly assumed?: boolean;
}

/** A tree and one of its architectures. */
export interface KconfigPlace {
  readonly tree: SourceTree;
  readonly port: PortConfig;
}

/** What a Kconfig is read for. */
export interface KconfigSubject extends KconfigPlace {
  readonly profile: Profile;
}

/** The tree at `path`; a Problem where it has no architecture. */
export function kconfigTree(path: string): Result<SourceTree> {
  if (path === '') return fail({ what: 'no tree is named', hint: 'dachs kconfig TREE' });
  const tree = openTree(path);
  if (!tree.ok || architectureNames(tree.value).length > 0) return tree;
  const hint = 'give a complete source tree: arch/x86/Kconfig and its like are missing';
  return fail({ what: 'no architecture with a Kconfig file', where: path, hint });
}

/** The tree at `path`, and the architecture of the options. */
export function kconfigPort(path: string, options: KconfigTyped): Result<KconfigPlace> {
  const tree = kconfigTree(path);
  if (!tree.ok) return tree;
  const names = architectureNames(tree.value);
  if (options.arch === undefined) {
    return fail({ what: 'no architecture is named', hint: `add --arch, e.g. ${names.join(', ')}` });
  }
  const port = architectureNamed(tree.value, options.arch);
  if (port === undefined) return unknown('architecture', options.arch, names);
  return ok({ tree: tree.value, port });
}

/** The tree at `path`, and the architecture and profile of the options. */
export function kconfigSubject(path: string, options: KconfigTyped): Result<KconfigSubject> {
  const place = kconfigPort(path, options);
  if (!place.ok) return place;
  const profile = profileFor(options.profile, place.value.port);
  if (!profile.ok) return profile;
  return ok({ ...place.value, profile: profile.value });
}

/** The profile that was typed, for one architecture; of a family, the one that fits. */
export function profileFor(typed: string, port: PortConfig): Result<Profile> {
  const isSeveral = typed.includes(',') || profileFamilies().includes(typed);
  if (!isSeveral) return profileNamed(typed, port);
  const all = profileForAll(typed);
  return all.ok ? ok(all.value.profileOf(port)) : all;
}

/** Which answers about the toolchain a reading rests on; each one where `--assumed` asks. */
export function toolchainNotes(
  assumptions: readonly Assumption[],
  profile: string,
  options: Pick<KconfigTyped, 'assumed'>,
): readonly string[] {
  if (assumptions.length === 0) return [];
  const [summary = '', ...lines] = toolchainLines(assumptions);
  return [`${summary} (profile ${profile})`, ...(options.assumed ? lines : [])];
}
