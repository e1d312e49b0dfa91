// dachs audit --errptr: error pointers over a whole kernel tree.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { ok, type Result } from '../../base/index.ts';
import type { ErrptrAudit, Finding } from '../../audit/index.ts';
import {
  auditErrptrOf,
  errptrCacheFolder,
  openProgress,
  openTree,
  processorCount,
} from '../../host/index.ts';
import { errptrRecord, errptrText } from '../../report/index.ts';
import { jobsOf } from '../searcher.ts';

/** What was typed beside the tree and the types. */
export interface ErrptrTyped {
  readonly json: boolean;
  readonly jobs?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly terse?: boolean;
}

/** Audits the tree at `path`; exit 1 where findings remain that were asked for. */
export async function auditErrptrCommand(
  path: string,
  typed: ErrptrTyped,
  keep: (type: Finding['type']) => boolean,
): Promise<Result<Answer>> {
  const jobs = jobsOf(typed.jobs, processorCount());
  if (!jobs.ok) return jobs;
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const progress = openProgress(typed.quiet ?? false);
  try {
    const all = await auditErrptrOf(path, {
      jobs: jobs.value,
      cache: errptrCacheFolder(),
      progress: progress.step,
    });
    const audit = { ...all, findings: all.findings.filter(({ type }) => keep(type)) };
    const options = { verbose: typed.verbose ?? false, terse: typed.terse ?? false };
    return ok({
      text: typed.json ? jsonText(errptrRecord(audit)) : errptrText(audit, options),
      exit: exitOf(audit),
    });
  } finally {
    progress.stop();
  }
}

function exitOf({ files, findings, notChecked }: ErrptrAudit): number {
  if (files === 0) return EXIT.nothingToCheck;
  if (findings.length > 0) return EXIT.findings;
  return notChecked.length > 0 ? EXIT.bound : EXIT.asExpected;
}
