// Instruction caches as text: a line a machine, what the words mean, and one cell step by step.

import { formatSource } from '../base/index.ts';
import type { AliasClass } from '../hw/index.ts';
import {
  type IcacheQuestion,
  icacheQuestions,
  type IcacheRow,
  predicateVerdict,
} from '../matrix/index.ts';
import { cacheModelOf } from '../scenario/index.ts';
import { bytesText, labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';
import { witnessLines } from './witness-text.ts';

const QUESTIONS: readonly IcacheQuestion[] = ['alias', 'new', 'again', 'runs'];

/** The table with its legend and a tally. */
export function icacheText(rows: readonly IcacheRow[]): string {
  const columns = ['CPU', 'D', 'I', 'di', 'alias', '6.13', 'new', 'again', 'runs'];
  const table = tableLines(
    columns.map((head) => ({ head })),
    rows.map((row) => [
      row.machine.name,
      kindText(cacheModelOf(row.machine).aliasClass),
      fetchText(row),
      `${row.dcacheSays ? 'y' : 'n'}${row.icacheSays ? 'y' : 'n'}`,
      stateText(row, 'alias', 'yes', 'no'),
      PREDICATE[predicateVerdict(row)],
      ...(['new', 'again', 'runs'] as const).map((one) => stateText(row, one, 'S', '.')),
    ]),
  );
  return `${[...table, '', ...legend(), '', ...tally(rows)].join('\n')}\n`;
}

const PREDICATE = { right: '.', missing: 'miss', needless: 'idle' } as const;

/** A kind in a word; `*`: two lines of one line of memory are possible. */
function kindText(kind: AliasClass | 'none' | undefined): string {
  switch (kind) {
    case 'vivt':
      return 'vivt*';
    case 'vipt-aliasing':
      return 'vipt*';
    case 'vipt-nonaliasing':
      return 'vipt';
    case 'pipt':
      return 'pipt';
    default:
      return '-';
  }
}

function fetchText(row: IcacheRow): string {
  if (row.facts === undefined) return '-';
  if (row.isCoherent) return 'coh';
  return `${kindText(row.aliasClass)}${row.facts.evidence === 'assumed' ? '?' : ''}`;
}

function stateText(row: IcacheRow, question: IcacheQuestion, bad: string, good: string): string {
  const { stale, observation } = row.verdicts[question];
  return stale ? bad : observation === 'bound' ? '?' : good;
}

function legend(): readonly string[] {
  const kinds =
    'data and instruction cache; *: two addresses of a page can be two lines; ?: the kind is ' +
    'assumed; coh: fetches see stores by themselves';
  const predicates =
    'cpu_dcache_is_aliasing() of 6.12; then cpu_icache_is_aliasing() by the rule of 6.13, which ' +
    'is the same but for arc';
  const answer =
    'the latter against alias: . right, miss: no where yes is needed, idle: yes without need';
  return [
    ...labelled('  D, I', kinds, 9),
    ...labelled('  di', predicates, 9),
    ...labelled('  alias', icacheQuestions.alias, 9),
    ...labelled('  6.13', answer, 9),
    ...labelled('  S', 'STALE: old code may run; . it may not; ? bound reached', 9),
    ...(['new', 'again', 'runs'] as const).flatMap((one) =>
      labelled(`  ${one}`, icacheQuestions[one], 9),
    ),
  ];
}

function tally(rows: readonly IcacheRow[]): readonly string[] {
  const count = (holds: (row: IcacheRow) => boolean) => rows.filter(holds).length;
  const only = rows.filter((row) => row.verdicts.alias.stale && !row.dcacheSays);
  const names = only.map(({ machine }) => machine.name);
  return [
    ...wrap(
      `${rows.length} machines: ${count((row) => row.verdicts.alias.stale)} need a yes, ` +
        `${count((row) => predicateVerdict(row) === 'missing')} of them get no, and ` +
        `${count((row) => predicateVerdict(row) === 'needless')} get yes without need.`,
      2,
    ),
    ...wrap(
      names.length > 0
        ? `The instruction cache aliases and the data predicate says no: ${names.join(', ')}.`
        : 'Where the instruction cache aliases the data predicate says yes.',
      2,
    ),
    ...wrap(
      `Code that write() left in a new DAX file may not be what runs on ` +
        `${count((row) => row.verdicts.new.stale)}, in one that ran before on ` +
        `${count((row) => row.verdicts.again.stale)}, in one that runs on ` +
        `${count((row) => row.verdicts.runs.stale)}.`,
      2,
    ),
  ];
}

/** One machine's answers to one question, or to all, each with its shortest witness. */
export function icacheWhyText(row: IcacheRow, asked: IcacheQuestion | undefined): string {
  const { machine, facts, sync } = row;
  const lines = [
    machine.name,
    ...labelled('  I-cache', facts === undefined ? 'none is modelled' : factsText(row), 12),
    ...labelled('  sources', facts?.sources.map(formatSource).join('; ') ?? '-', 12),
    ...labelled('  port', syncText(row), 12),
    ...labelled('', formatSource(sync.source), 12),
  ];
  for (const question of asked === undefined ? QUESTIONS : [asked]) {
    const verdict = row.verdicts[question];
    lines.push('', ...labelled(`  ${question}`, icacheQuestions[question], 12));
    lines.push(...labelled('', `${verdict.observation}, ${verdict.states} states`, 12), '');
    const { witness } = verdict;
    if (witness === undefined) continue;
    const replay = `dachs matrix --by icache --why ${machine.id}:${question}`;
    lines.push(...witnessLines(witness, { outcome: 'bad', prevents: cures(question), replay }));
  }
  return `${lines.join('\n')}\n`;
}

function factsText(row: IcacheRow): string {
  const { facts } = row;
  if (facts === undefined) return '';
  const { kind, sizeBytes, ways, lineBytes, synonyms, unified, evidence } = facts;
  const shape = `${kind} ${bytesText(sizeBytes)} ${ways}-way, lines of ${lineBytes}`;
  return [
    shape,
    ...(synonyms === 'hardware' ? ['hardware finds a line at any address'] : []),
    ...(unified ? ['one cache for both, taken as two'] : []),
    ...(row.isCoherent ? ['fetches see stores'] : []),
    evidence === 'kernel'
      ? 'the kernel says so'
      : evidence === 'manual'
        ? 'by a manual'
        : 'assumed',
  ].join('; ');
}

function syncText({ sync }: IcacheRow): string {
  const { data, instructions, instructionsOnce, unmap } = sync;
  const drops =
    instructions === 'none'
      ? 'drops no instruction lines'
      : `drops instruction lines (${instructions})${instructionsOnce ? ' once a page' : ''}`;
  const first = data === 'once' ? 'writes data back once a page' : 'writes no data back';
  const last = unmap === 'none' ? 'none' : unmap;
  return `for an executable DAX page it ${first}, ${drops}; when the mapping goes: ${last}`;
}

function cures(question: IcacheQuestion): readonly string[] {
  return question === 'alias'
    ? ['dropping the instruction line by the address of the user, or all of them']
    : ['a write-back by the kernel address, then a drop by the address of the user, after write()'];
}
