// dachs audit: facts and findings of one kernel tree.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { auditTree } from '../../audit/index.ts';
import { kernelFile } from '../../forms/index.ts';
import {
  builtInProtocols,
  loadCSyntax,
  openProgress,
  openTree,
  type ProfileChoice,
  profileFamilies,
  profileForAll,
  profileNames,
  startCPart,
} from '../../host/index.ts';
import { auditRecord, auditText, sarifLog } from '../../report/index.ts';
import { unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { answerOf, askedOf, type AuditOptions } from './audit-answer.ts';
import { auditErrptrCommand } from './audit-errptr.ts';
import { auditByProtocols } from './audit-protocols.ts';

/** The profile that answers questions about the toolchain where none is named. */
const DEFAULT_PROFILE = 'optimistic';

/** Audits the tree at `path`; exit 1 where findings remain that were asked for and not known. */
export async function auditCommand(path: string, options: AuditOptions): Promise<Result<Answer>> {
  if (path === '') return fail({ what: 'no tree is named', hint: 'dachs audit TREE' });
  if (options.protocol !== undefined) {
    return auditByProtocols(path, { ...options, protocol: options.protocol });
  }
  if (options.id !== undefined && !/^[\w.-]+$/.test(options.id)) {
    return fail({
      what: `--id ${options.id} is no name`,
      hint: 'use letters, digits, dots, hyphens and underscores',
    });
  }
  const idle = idleOption(options);
  if (idle) return idle;
  const asked = askedOf(path, options);
  if (!asked.ok) return asked;
  if (options.errptr) {
    const json = options.json === true || options.format === 'json';
    return auditErrptrCommand(path, { ...options, json }, asked.value.keep);
  }
  const profile = profilesTyped(options.profile ?? DEFAULT_PROFILE);
  if (!profile.ok) return profile;
  const protocols = builtInProtocols();
  if (!protocols.ok) return protocols;
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const progress = openProgress(options.quiet ?? false);
  // The C is read in a thread while the Kconfig is.
  const beside = startCPart(path);
  try {
    const audit = await auditTree(tree.value, await loadCSyntax(), {
      ...profile.value,
      protocols: protocols.value,
      ...(beside ? { cPart: beside.part } : {}),
      progress: progress.step,
      ...(options.id === undefined ? {} : { id: options.id }),
    });
    if (!audit.ok) return audit;
    if (options.facts) {
      return ok({ text: jsonText(kernelFile(audit.value.kernel)), exit: EXIT.asExpected });
    }
    const { verbose = false, terse = false } = options;
    return answerOf(audit.value, options, asked.value, {
      text: (one, baseline) => auditText(one, { verbose, terse, ...(baseline && { baseline }) }),
      json: auditRecord,
      sarif: sarifLog,
    });
  } finally {
    progress.stop();
    await beside?.stop();
  }
}

function idleOption(options: AuditOptions): Result<never> | undefined {
  if (options.errptr) {
    const idle = unused(options, ['facts', 'id', 'baseline', 'writeBaseline'], '--errptr');
    if (idle) return idle;
    if (options.format === 'sarif') {
      return fail({ what: '--errptr has no form sarif', hint: 'use --json' });
    }
  } else if (options.jobs !== undefined) return unused(options, ['jobs'], 'no --errptr');
  if (!options.facts) return undefined;
  return unused(options, ['format', 'baseline', 'writeBaseline'], '--facts');
}

function profilesTyped(typed: string): Result<ProfileChoice> {
  const known = [...profileFamilies(), ...profileNames()];
  const words = typed.split(',').map((word) => word.trim());
  const stranger = words.find(
    (word) => !word.includes('/') && !word.endsWith('.json') && !known.includes(word),
  );
  return stranger === undefined ? profileForAll(typed) : unknown('profile', stranger, known);
}
