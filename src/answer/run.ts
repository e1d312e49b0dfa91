// The answer of `dachs run`: every verdict in herd's lines, KTAP or JSON, then what stands out.

import { hashOf } from '../base/index.ts';
import {
  type HerdStyle,
  herdText,
  isEndless,
  ktapText,
  runRecord,
  type ToldTest,
  unexpectedLines,
} from '../report/index.ts';
import type { Setting, TestVerdict } from '../verdict/index.ts';
import { type Answer, EXIT, jsonText } from './answer.ts';
import type { SelectedTest } from './settings.ts';

/** How a run is told; HerdStyle is for herd's lines alone. */
export interface RunStyle extends Partial<HerdStyle> {
  readonly format?: 'herd' | 'ktap' | 'json';
}

/** A run of tests as it is told, and what from. */
export interface RunAnswer extends Answer {
  readonly told: readonly ToldTest[];
}

/** What the lines of a test need beside its verdict. */
export function toldTest({ test, text }: SelectedTest, verdict: TestVerdict): ToldTest {
  const { program, notes } = test;
  return { verdict, question: program.question, hash: hashOf(text), notes };
}

/** The verdicts, in the order of their tests; findings (exit 1) are not as their Result says. */
export function runAnswer(told: readonly ToldTest[], style: RunStyle = {}): RunAnswer {
  return { told, text: textOf(told, style), exit: exitOf(told.map((t) => t.verdict)) };
}

function textOf(told: readonly ToldTest[], style: RunStyle): string {
  const { format = 'herd', terse = false, verbose = false, memory = true } = style;
  const verdicts = told.map((t) => t.verdict);
  if (format === 'json') return jsonText(runRecord(told));
  if (format === 'ktap') return ktapText(verdicts);
  const blocks = told.map((t) => herdText(t, { terse, verbose, memory }));
  return [...blocks, summaryText(verdicts)].join('');
}

/** What stands below all tests: what is not as it should be, what was not checked, the counts. */
export function summaryText(verdicts: readonly TestVerdict[]): string {
  const wrong = verdicts.flatMap(unexpectedLines);
  const unchecked = new Map<string, { readonly count: number; readonly first: string }>();
  for (const { name, notChecked } of verdicts) {
    for (const { setting, why } of notChecked) {
      const { count, first } = unchecked.get(why) ?? {
        count: 0,
        first: `${name}@${setting.bed.id}`,
      };
      unchecked.set(why, { count: count + 1, first });
    }
  }
  const beds = new Set(verdicts.flatMap(settingsIn).map((s) => s.bed.id));
  const systems = verdicts.reduce((sum, v) => sum + v.systems, 0);
  const asked = verdicts.filter((v) => v.groups.length > 0);
  const silent = asked.filter((v) =>
    v.groups.every((g) => g.unstated.length === g.settings.length),
  );
  const asSaid = asked.filter((v) => v.groups.every((g) => g.unexpected.length === 0)).length;
  const others = [
    { count: verdicts.length - asked.length, what: 'not checked' },
    { count: silent.length, what: 'without a Result for them' },
  ].filter(({ count }) => count > 0);
  return [
    ...wrong,
    ...[...unchecked].map(([why, { count, first }]) => `not checked (${count}): ${why} (${first})`),
    `Tests ${verdicts.length}, machines and cache kinds ${beds.size}, systems ${systems}: ` +
      [
        `${asSaid - silent.length} as their Result says`,
        ...others.map(({ count, what }) => `${count} ${what}`),
      ].join(', '),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function settingsIn({ groups, notChecked }: TestVerdict): readonly Setting[] {
  return [...groups.flatMap((g) => g.settings), ...notChecked.map((n) => n.setting)];
}

function exitOf(verdicts: readonly TestVerdict[]): number {
  const groups = verdicts.flatMap((v) => v.groups);
  const open = verdicts.some((v) => v.notChecked.length > 0);
  if (groups.length === 0) return open ? EXIT.bound : EXIT.nothingToCheck;
  if (groups.some((g) => g.unexpected.some(() => g.outcome.observation !== 'bound'))) {
    return EXIT.findings;
  }
  const cutOff = groups.some((g) => g.outcome.bound !== undefined || isEndless(g.outcome));
  return open || cutOff ? EXIT.bound : EXIT.asExpected;
}
