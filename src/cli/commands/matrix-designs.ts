// dachs matrix --by designs: designs for switching S_DAX, what they break, and why.

import { availableParallelism } from 'node:os';
import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { designById, designIds } from '../../kernel/index.ts';
import { answerDesigns } from '../../host/index.ts';
import { answerDesign, designJobs, designRows } from '../../matrix/index.ts';
import { designsRecord, designsText, designWhyText } from '../../report/index.ts';
import { nearest } from '../nearest.ts';
import { unused } from '../unused.ts';

/** Options of `dachs matrix --by designs` as they were typed. */
export interface MatrixDesignsOptions {
  readonly kernel?: string;
  readonly series?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly bound?: string;
  /** A design: its witnesses. */
  readonly why?: string;
  readonly json?: boolean;
}

/** The table, or what is behind one of its lines. */
export async function matrixDesignsCommand(options: MatrixDesignsOptions): Promise<Result<Answer>> {
  const idle = unused(options, ['kernel', 'series', 'arch', 'machine', 'bound'], '--by designs');
  if (idle) return idle;
  const { why, json = false } = options;
  const design = why === undefined ? undefined : designById(why);
  if (why !== undefined && design === undefined) {
    const near = nearest(why, designIds);
    const hint = `known: ${(near.length > 0 ? near : designIds).join(', ')}`;
    return fail({ what: `there is no design '${why}'`, hint });
  }
  const threads = Math.min(3, availableParallelism() - 1);
  const jobs = designJobs(design && [design.id]);
  const rows = designRows(await answerDesigns(jobs, { threads, answer: answerDesign }));
  const words = design === undefined ? designsText(rows) : rows.map(designWhyText).join('\n');
  const text = json ? jsonText(designsRecord(rows)) : words;
  const isCut = rows.some(({ verdict }) => verdict === '?');
  return ok({ text, exit: isCut ? EXIT.bound : EXIT.asExpected });
}
