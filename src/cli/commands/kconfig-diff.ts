// dachs kconfig --diff: what can be built in one tree and not in the other.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { architecturesOf, buildDiff, daxSymbols } from '../../audit/index.ts';
import { openProgress, profileForAll } from '../../host/index.ts';
import { buildDiffRecord, buildDiffText } from '../../report/index.ts';
import { unknown } from '../selection.ts';
import { kconfigTree, type KconfigTyped } from './kconfig-subject.ts';

/** Options of a comparison as they were typed. */
export interface DiffTyped extends KconfigTyped {
  readonly symbols?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Compares two trees; exit 1 where they differ. */
export async function kconfigDiffCommand(
  path: string,
  other: string | undefined,
  options: DiffTyped,
): Promise<Result<Answer>> {
  if (other === undefined) {
    return fail({ what: '--diff needs two trees', hint: 'dachs kconfig --diff TREE1 TREE2' });
  }
  const symbols = symbolsOf(options.symbols);
  if (!symbols.ok) return symbols;
  const before = kconfigTree(path);
  if (!before.ok) return before;
  const after = kconfigTree(other);
  if (!after.ok) return after;
  const profiles = profileForAll(options.profile);
  if (!profiles.ok) return profiles;
  const { arch } = options;
  const names = [before.value, after.value].flatMap((tree) =>
    architecturesOf(tree).map(({ id }) => id),
  );
  if (arch !== undefined && !names.includes(arch)) {
    return unknown('architecture', arch, [...new Set(names)].sort());
  }
  const progress = openProgress(options.quiet ?? false);
  try {
    const diff = await buildDiff({
      trees: [before.value, after.value],
      symbols: symbols.value,
      profileOf: profiles.value.profileOf,
      progress: progress.step,
      ...(arch === undefined ? {} : { arch }),
    });
    const exit = diff.differences.length > 0 ? EXIT.findings : EXIT.asExpected;
    return ok({
      text: options.json ? jsonText(buildDiffRecord(diff)) : buildDiffText(diff),
      exit,
    });
  } finally {
    progress.stop();
  }
}

function symbolsOf(typed: string | undefined): Result<readonly string[]> {
  if (typed === undefined) return ok(daxSymbols);
  const words = typed.split(',').map((word) => word.trim().replace(/^CONFIG_/, ''));
  const wrong = words.find((word) => !/^[\w*]+$/.test(word) || word === '*');
  if (wrong === undefined) return ok(words);
  return fail({
    what: `'${wrong}' is no name of a symbol`,
    hint: 'names, comma separated; * stands for letters, as in DEV_DAX*',
  });
}
