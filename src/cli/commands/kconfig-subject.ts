// Which tree, architecture and toolchain a Kconfig command is about, from what was typed.

import { fail, ok, type Result } from '../../base/index.ts';
import {
  architectureNamed,
  architectureNames,
  optimistic,
  pessimistic,
  type PortConfig,
  type Profile,
  type SourceTree,
} from '../../audit/index.ts';
import { openTree } from '../../host/index.ts';
import { unknown } from '../selection.ts';

/** What a Kconfig is read for. */
export interface KconfigSubject {
  readonly tree: SourceTree;
  readonly port: PortConfig;
  readonly profile: Profile;
}

const profiles: readonly Profile[] = [optimistic, pessimistic];

/** The tree at `path`, and the architecture and profile of the options. */
export function kconfigSubject(
  path: string,
  options: { readonly arch?: string; readonly profile: string },
): Result<KconfigSubject> {
  const profile = profiles.find(({ name }) => name === options.profile);
  if (profile === undefined) {
    return unknown(
      'profile',
      options.profile,
      profiles.map(({ name }) => name),
    );
  }
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const names = architectureNames(tree.value);
  if (names.length === 0) {
    const hint = 'give a complete source tree: arch/x86/Kconfig and its like are missing';
    return fail({ what: 'no architecture with a Kconfig file', where: path, hint });
  }
  if (options.arch === undefined) {
    return fail({ what: 'no architecture is named', hint: `add --arch, e.g. ${names.join(', ')}` });
  }
  const port = architectureNamed(tree.value, options.arch);
  if (port === undefined) return unknown('architecture', options.arch, names);
  return ok({ tree: tree.value, port, profile });
}
