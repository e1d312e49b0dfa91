// dachs audit: facts and findings of one kernel tree.

import { fail, ok, type Result } from '../../base/index.ts';
import { type Audit, auditTree, type Finding, findingTypes } from '../../audit/index.ts';
import {
  kernelFile,
  loadCSyntax,
  openProgress,
  openTree,
  type ProfileChoice,
  profileFamilies,
  profileForAll,
  profileNames,
} from '../../host/index.ts';
import { auditRecord, auditText } from '../../report/index.ts';
import { EXIT, jsonText } from '../output.ts';
import { unknown } from '../selection.ts';
import type { Answer } from './answer.ts';

/** Options of `dachs audit` as they were typed; `types` and `ignore` are comma separated. */
export interface AuditOptions {
  readonly json?: boolean;
  readonly facts?: boolean;
  readonly id?: string;
  readonly types?: string;
  readonly ignore?: string;
  readonly profile: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly terse?: boolean;
}

/** Audits the tree at `path`; exit 1 where findings remain after `--types` and `--ignore`. */
export async function auditCommand(path: string, options: AuditOptions): Promise<Result<Answer>> {
  if (path === '') return fail({ what: 'no tree is named', hint: 'dachs audit TREE' });
  if (options.id !== undefined && !/^[\w.-]+$/.test(options.id)) {
    return fail({
      what: `--id ${options.id} is no name`,
      hint: 'use letters, digits, dots, hyphens and underscores',
    });
  }
  const keep = typeFilter(options);
  if (!keep.ok) return keep;
  const profile = profilesTyped(options.profile);
  if (!profile.ok) return profile;
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const progress = openProgress(options.quiet ?? false);
  try {
    const audit = await auditTree(tree.value, await loadCSyntax(), {
      ...profile.value,
      progress: progress.step,
      ...(options.id === undefined ? {} : { id: options.id }),
    });
    if (!audit.ok) return audit;
    const shown = { ...audit.value, findings: audit.value.findings.filter(keep.value) };
    if (options.facts) {
      return ok({ text: jsonText(kernelFile(shown.kernel)), exit: EXIT.asExpected });
    }
    return ok({
      text: options.json
        ? jsonText(auditRecord(shown))
        : auditText(shown, {
            verbose: options.verbose ?? false,
            terse: options.terse ?? false,
          }),
      exit: exitOf(shown),
    });
  } finally {
    progress.stop();
  }
}

function profilesTyped(typed: string): Result<ProfileChoice> {
  const known = [...profileFamilies(), ...profileNames()];
  const words = typed.split(',').map((word) => word.trim());
  const stranger = words.find(
    (word) => !word.includes('/') && !word.endsWith('.json') && !known.includes(word),
  );
  return stranger === undefined ? profileForAll(typed) : unknown('profile', stranger, known);
}

function typeFilter(options: AuditOptions): Result<(finding: Finding) => boolean> {
  const known = findingTypes.map((t) => t.type);
  const wanted = (options.types ?? '').split(',').filter((t) => t !== '');
  const ignored = (options.ignore ?? '').split(',').filter((t) => t !== '');
  const empty = [options.types, options.ignore].some((typed) => typed?.replaceAll(',', '') === '');
  if (empty) return fail({ what: 'no finding type is named', hint: 'dachs list types' });
  const stranger = [...wanted, ...ignored].find((t) => !known.some((k) => k === t));
  if (stranger !== undefined) return unknown('finding type', stranger, known);
  return ok(
    ({ type }) => (wanted.length === 0 || wanted.includes(type)) && !ignored.includes(type),
  );
}

// Findings come first; without any, a part that was not checked is still not a pass.
function exitOf({ findings, notChecked }: Pick<Audit, 'findings' | 'notChecked'>): number {
  if (findings.length > 0) return EXIT.findings;
  return notChecked.length > 0 ? EXIT.bound : EXIT.asExpected;
}
