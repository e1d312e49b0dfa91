// A series of trees as text: a word for each state and driver, what each patch changes, and the
// findings with the steps that have to fail.

import { type RuleChange, type TreeState } from '../kernel/index.ts';
import {
  type AttachCase,
  type DaxOffer,
  type Reach,
  type SeriesCell,
  type SeriesFinding,
  type SeriesMatrix,
  type SeriesRow,
} from '../matrix/index.ts';
import { attachDrivers, type FindingKind } from '../scenario/index.ts';
import { labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';

/** The whole answer. */
export function seriesText(matrix: SeriesMatrix): string {
  const lines = [
    ...wrap(`Attach and detach under every failure: ${matrix.series.title}.`),
    ...(matrix.series.isPatchwise ? bisecting(matrix) : []),
    '',
    ...states(matrix),
    '',
    ...legend(matrix),
    '',
    ...(matrix.series.isPatchwise ? patches(matrix) : offersAll(matrix)),
    '',
    ...findings(matrix),
    '',
    ...closing(matrix),
  ];
  return `${lines.join('\n')}\n`;
}

function states({ rows, series }: SeriesMatrix): readonly string[] {
  const bisect = series.isPatchwise ? [{ head: 'bisect' }] : [];
  const columns = [{ head: 'state' }, ...attachDrivers.map((head) => ({ head })), ...bisect];
  const cells = rows.map((row) => [
    row.state.id,
    ...row.cells.map(cellWord),
    ...(series.isPatchwise ? [row.bisect === 'first' ? '-' : row.bisect] : []),
  ]);
  return tableLines(columns, cells).map((line) => `  ${line}`);
}

/** The word of a cell: `leak abc`, or `ok*` where more is met that nobody can meet. */
export function cellWord({ worst, hasMore, real }: SeriesCell): string {
  const letters = real.length === 0 ? '' : ` ${real.join('')}`;
  return `${worst === 'rule' ? 'I5' : worst}${letters}${hasMore ? '*' : ''}`;
}

const MEANINGS: Readonly<Record<FindingKind | 'ok', string>> = {
  ok: 'every step that can fail, alone and with others, is undone',
  oops: 'the kernel uses NULL or an error pointer',
  LOST: 'no device, though no step failed and DAX alone is missing',
  twice: 'something is freed twice, or is not its own',
  leak: 'something is taken and never given back',
  rule: 'the queue says DAX and there is no DAX device (invariant I5)',
  NULL: 'NULL passes for a DAX device, and nothing uses it',
};

function legend(matrix: SeriesMatrix): readonly string[] {
  const used = new Set(matrix.rows.flatMap(({ cells }) => cells.map(({ worst }) => worst)));
  const words = (['ok', 'oops', 'LOST', 'twice', 'leak', 'rule', 'NULL'] as const).filter((word) =>
    used.has(word),
  );
  return [
    ...labelled('  abc', 'findings, told below', 10),
    ...words.flatMap((word) => labelled(`  ${word === 'rule' ? 'I5' : word}`, MEANINGS[word], 10)),
    ...labelled(
      '  *',
      'more where nobody meets it: on CPUs whose ports cannot have FS_DAX (latent), where ' +
        'alloc_dax() is made to refuse, or under an assumption (forced)',
      10,
    ),
    ...(matrix.series.isPatchwise
      ? labelled('  bisect', 'safe: users meet nothing that they did not meet before', 10)
      : []),
  ];
}

function patches(matrix: SeriesMatrix): readonly string[] {
  return matrix.rows.flatMap((row, i) => {
    const before = matrix.rows[i - 1];
    const head = labelled(row.state.id, row.state.title, 8);
    if (before === undefined) return [...head, ...offersText(matrix, row, undefined)];
    const lines = [
      ...row.changes.flatMap(changeText),
      ...foundText('new', row.found),
      ...foundText('gone', row.gone),
      ...offersText(matrix, row, before),
      ...linkText(row, before),
    ];
    return [...head, ...(lines.length > 0 ? lines : ['        nothing that a run can tell'])];
  });
}

function changeText({ rule, from, to }: RuleChange): readonly string[] {
  return wrap(`${rule.says}: ${from} -> ${to}`, 8, 10);
}

function foundText(
  word: string,
  ids: Readonly<Record<Reach, readonly string[]>>,
): readonly string[] {
  const parts = (['real', 'latent', 'forced'] as const)
    .filter((reach) => ids[reach].length > 0)
    .map((reach) => `${ids[reach].join(', ')}${reach === 'real' ? '' : ` (${reach})`}`);
  return parts.length === 0 ? [] : [`        ${word}: ${parts.join('; ')}`];
}

// Without stubs the calls in dm are undefined symbols, but for compilers that see that alloc_dax()
// never gives a device.
function linkText(row: SeriesRow, before: SeriesRow): readonly string[] {
  if (row.needsDeadCode === before.needsDeadCode) return [];
  const text = row.needsDeadCode
    ? 'with DAX=n dm links only where the compiler drops its calls of set_dax_nocache() and ' +
      'set_dax_nomc()'
    : 'with DAX=n dm links whatever the compiler drops';
  return wrap(text, 8, 10);
}

/** What a filesystem is offered on a pmem disk, where that differs from the state before. */
function offersText(
  matrix: SeriesMatrix,
  row: SeriesRow,
  before: SeriesRow | undefined,
): readonly string[] {
  return matrix.cases.flatMap((one) => {
    const now = row.offers.get(one.id);
    const was = before?.offers.get(one.id);
    if (now === undefined || one.isS390 || (before !== undefined && now === was)) return [];
    const text = before === undefined ? offerWord(now) : `${offerWord(was)} -> ${offerWord(now)}`;
    return wrap(`DAX on ${one.title}: ${text}${rightness(one, now)}`, 8, 10);
  });
}

function offersAll(matrix: SeriesMatrix): readonly string[] {
  return matrix.rows.flatMap((row) => [
    ...labelled(row.state.id, row.state.title, 8),
    ...offersText(matrix, row, undefined),
  ]);
}

function offerWord(offer: DaxOffer | undefined): string {
  return offer === 'gate' || offer === undefined ? 'refused by Kconfig' : offer;
}

function rightness({ aliases }: AttachCase, offer: DaxOffer): string {
  if (offer === 'no disk') return ', wrongly';
  return (offer === 'offered') === aliases ? ', wrongly' : '';
}

function findings(matrix: SeriesMatrix): readonly string[] {
  return matrix.findings.flatMap((one) => [
    ...labelled(`${one.id.padEnd(3)}${one.driver}`, seriesFindingText(one), 14),
    ...wrap(
      `in ${statesText(
        one,
        matrix.rows.map(({ state }) => state),
      )}`,
      14,
    ),
  ]);
}

/** What is wrong, and what has to happen for it. */
export function seriesFindingText({ says, ways, use, on }: SeriesFinding): string {
  const named = ways.filter((way) => way.length > 0).map((way) => way.join(' and '));
  const fails = named.length === 0 ? '' : `; when this fails: ${named.join('; or ')}`;
  const used = use === undefined ? '' : `; when ${use}`;
  const { assumes, only } = on.variant;
  const of = only === undefined ? '' : `; with ${only}`;
  return `${says}${fails}${used}${of}${assumes === undefined ? '' : `; given ${assumes}`}`;
}

/** `v4/02 to v4/12 (forced)`, parts of one reach in a row. */
function statesText({ states: found, on }: SeriesFinding, all: readonly TreeState[]): string {
  const parts: { first: string; last: string; reach: Reach | undefined }[] = [];
  for (const { id } of all) {
    const reach = found.get(id);
    const last = parts.at(-1);
    if (last !== undefined && last.reach === reach) last.last = id;
    else parts.push({ first: id, last: id, reach });
  }
  const texts = parts
    .filter(({ reach }) => reach !== undefined)
    .map(({ first, last, reach }) => {
      const where = reach === 'real' ? '' : ` (${reach})`;
      return `${first === last ? first : `${first} to ${last}`}${where}`;
    });
  return `${texts.join(', ')}; first met on ${on.where.title}`;
}

/** Whether a bisection may stop anywhere, and what the whole of the series comes to for users. */
function bisecting({ series, rows }: SeriesMatrix): readonly string[] {
  const unsafe = rows.filter(({ bisect }) => bisect === 'unsafe').map(({ state }) => state.id);
  const verdict = unsafe.length === 0 ? 'safe at each state' : `unsafe at ${unsafe.join(', ')}`;
  const realIn = (row: SeriesRow | undefined): readonly string[] =>
    row?.cells.flatMap(({ real }) => real).toSorted() ?? [];
  const first = realIn(rows[0]);
  const last = realIn(rows.at(-1));
  const found = last.filter((id) => !first.includes(id));
  const gone = first.filter((id) => !last.includes(id));
  return wrap(
    `Bisecting through ${series.id}: ${verdict}. After it users meet ` +
      `${found.length === 0 ? 'nothing new' : `${found.join(', ')} too`}` +
      `${gone.length === 0 ? '' : `, and no longer ${gone.join(', ')}`}.`,
  );
}

function closing(matrix: SeriesMatrix): readonly string[] {
  const { series, totals, rows } = matrix;
  const notes = [...new Set(rows.flatMap(({ state }) => state.notes))];
  return [
    ...wrap(
      `${rows.length} states, ${matrix.cases.length} configurations, ${totals.judged} devices ` +
        `judged; ${totals.explored} of them differ and were explored, to ${totals.ends} ends. ` +
        'Kconfig excludes the others:',
    ),
    ...matrix.excluded
      .filter(({ why }) => why !== 'judged on other ports')
      .map(({ why }) => `  ${why}`),
    ...notes.flatMap((note) => wrap(`Not verified: ${note}.`, 0, 2)),
    ...(series.isPatchwise
      ? ['', `Step by step: dachs matrix --series ${series.id} --why STATE:DRIVER`]
      : []),
  ];
}
