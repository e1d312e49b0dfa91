// dachs matrix --series: attach and detach of every driver in every state of a series of trees.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { stateSeries } from '../../kernel/index.ts';
import { seriesMatrix, type SeriesMatrix, systemOf } from '../../matrix/index.ts';
import {
  seriesRecord,
  seriesText,
  type SeriesWhy,
  seriesWhyRecord,
  seriesWhyText,
} from '../../report/index.ts';
import { attachDrivers, witnessOf } from '../../scenario/index.ts';
import { nearest } from '../nearest.ts';
import { unused } from '../unused.ts';

/** Options of `dachs matrix --series` as they were typed. */
export interface MatrixSeriesOptions {
  /** Has no meaning here but its usual value. */
  readonly by: string;
  readonly series?: string;
  /** `STATE:DRIVER`; the driver's cell with its findings, step by step. */
  readonly why?: string;
  readonly json?: boolean;
  readonly kernel?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly bound?: string;
  readonly driver?: string;
  readonly fs?: string;
  readonly option?: string;
  readonly summary?: boolean;
}

/** Options of other matrices. */
const IDLE = ['kernel', 'arch', 'machine', 'bound', 'driver', 'fs', 'option', 'summary'] as const;

/** The series that was asked for; findings (exit 1) are states that no bisection may stop at. */
export function matrixSeriesCommand(options: MatrixSeriesOptions): Result<Answer> {
  const idle = unused(options, IDLE, '--series');
  if (idle) return idle;
  if (options.by !== 'cpus') {
    return fail({ what: '--by has no meaning with --series', hint: 'leave it out' });
  }
  const series = stateSeries.find(({ id }) => id === options.series);
  if (series === undefined) {
    const known = stateSeries.map(({ id }) => id);
    return unknown('series', options.series ?? '', known);
  }
  if (options.why === undefined) {
    const matrix = seriesMatrix(series);
    const text = options.json ? jsonText(seriesRecord(matrix)) : seriesText(matrix);
    const isUnsafe = series.isPatchwise && matrix.rows.some(({ bisect }) => bisect === 'unsafe');
    return ok({ text, exit: isUnsafe ? EXIT.findings : EXIT.asExpected });
  }
  const [id = '', driver = ''] = options.why.split(':');
  const states = series.states.map((state) => state.id);
  if (!states.includes(id)) return unknown('state', id, states);
  const isDriver = attachDrivers.some((one) => one === driver);
  if (!isDriver) return unknown('driver', driver, attachDrivers);
  const whys = whysOf(seriesMatrix(series, id), id, driver);
  const text = options.json
    ? jsonText(seriesWhyRecord(options.why, whys))
    : seriesWhyText(options.why, whys);
  return ok({ text, exit: EXIT.asExpected });
}

/** Findings of one cell with their witnesses, in this state. */
function whysOf(matrix: SeriesMatrix, id: string, driver: string): readonly SeriesWhy[] {
  return matrix.findings.flatMap((finding) => {
    const on = finding.metOn.get(id);
    if (on === undefined || finding.driver !== driver) return [];
    return [{ finding, on, events: witnessOf(on.variant, systemOf(on), finding) }];
  });
}

function unknown(what: string, word: string, known: readonly string[]): Result<Answer> {
  const near = nearest(word, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return fail({
    what: `there is no ${what} ${word === '' ? '(nothing)' : word}`,
    hint: `${guess}known: ${known.join(', ')}`,
  });
}
