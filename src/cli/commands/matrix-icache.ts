// dachs matrix --by icache: instruction caches, the predicate about them, and execution in place.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { icacheMatrix, type IcacheQuestion, icacheQuestions } from '../../matrix/index.ts';
import { icacheRecord, icacheText, icacheWhyText } from '../../report/index.ts';
import { parseBound } from '../bound.ts';
import { selectMachines } from '../selection.ts';
import { unused } from '../unused.ts';

/** Options of `dachs matrix --by icache` as they were typed. */
export interface MatrixIcacheOptions {
  readonly kernel?: string;
  readonly series?: string;
  readonly arch?: string;
  readonly machine?: string;
  /** `MACHINE` or `MACHINE:QUESTION`: its answers with their witnesses. */
  readonly why?: string;
  readonly bound?: string;
  readonly json?: boolean;
}

/** The table, or what is behind one line of it. */
export function matrixIcacheCommand(options: MatrixIcacheOptions): Result<Answer> {
  const idle = unused(options, ['kernel', 'series'], '--by icache');
  if (idle) return idle;
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  if (options.why !== undefined) return whyAnswer(options.why, options.json === true, bounds.value);
  const machines = selectMachines(options.machine, options.arch);
  if (!machines.ok) return machines;
  const rows = icacheMatrix(machines.value, bounds.value);
  const cutOff = rows.some(({ verdicts }) =>
    Object.values(verdicts).some(({ observation }) => observation === 'bound'),
  );
  const text = options.json ? jsonText(icacheRecord(rows)) : icacheText(rows);
  if (rows.length === 0) return ok({ text, exit: EXIT.nothingToCheck });
  return ok({ text, exit: cutOff ? EXIT.bound : EXIT.asExpected });
}

type Bounds = Parameters<typeof icacheMatrix>[1];

function whyAnswer(typed: string, json: boolean, bounds: Bounds): Result<Answer> {
  const [id = '', word] = typed.split(':');
  const machines = selectMachines(id, undefined);
  if (!machines.ok) return machines;
  const question = word === undefined ? undefined : questionNamed(word);
  if (word !== undefined && question === undefined) {
    const known = Object.keys(icacheQuestions).join(', ');
    return fail({ what: `there is no question ${word}`, hint: `known: ${known}` });
  }
  const rows = icacheMatrix(machines.value, bounds);
  const text = json
    ? jsonText(icacheRecord(rows))
    : rows.map((row) => icacheWhyText(row, question)).join('\n');
  return ok({ text, exit: EXIT.asExpected });
}

function questionNamed(word: string): IcacheQuestion | undefined {
  return (['alias', 'new', 'again', 'runs'] as const).find((one) => one === word);
}
