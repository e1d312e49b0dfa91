// One litmus test explained in one setting: its text, the answer there and elsewhere, the shortest
// witness, why, and what would prevent it.

import type { Question } from '../litmus/index.ts';
import type { Replay, Setting, TestOutcome, TestVerdict } from '../verdict/index.ts';
import { isEndless, locationHerd, questionHerd } from './herd-text.ts';
import { labelled } from './layout.ts';
import { cacheText } from './machine-text.ts';
import { form } from './records.ts';
import { witnessLines } from './witness-text.ts';

/** What an explanation of a test is told from. */
export interface TestExplanation {
  readonly name: string;
  /** The command that explains this test in this setting, for a shell. */
  readonly command: string;
  readonly text: string;
  readonly question: Question;
  readonly setting: Setting;
  readonly outcome: TestOutcome;
  /** The word its `Result:` lines claim here; absent where they say nothing. */
  readonly claimed: string | undefined;
  /** The verdict on all machines and cache kinds. */
  readonly everywhere: TestVerdict;
  readonly prevents: readonly string[];
  /** A run that was asked for by its steps, shown in place of the shortest witness. */
  readonly replay: Replay | undefined;
}

/** The explanation as text. */
export function testExplanationText(told: TestExplanation): string {
  const { setting, outcome, replay } = told;
  const { bed, kernel, remedy } = setting;
  const { states, transitions, depth, bytes } = outcome;
  const cache = bed.machine
    ? `${bed.machine.name}, ${cacheText(bed.machine.dcache)}`
    : 'a cache kind';
  const size = `${states} states, ${transitions} transitions, depth ${depth}`;
  const lines = [
    ...told.text.trimEnd().split('\n'),
    '',
    ...labelled('machine', `${bed.id}: ${cache}`),
    ...(kernel ? labelled('kernel', kernel.id) : []),
    ...labelled('remedy', remedy),
    ...labelled('question', questionHerd(told.question)),
    ...labelled('answer', answerText(told)),
    ...labelled('searched', `${size}, ${Math.round(bytes / Math.max(1, states))} bytes a state`),
    ...(outcome.bound === undefined
      ? []
      : labelled('bound', `cut off at ${outcome.bound}: not a pass`)),
    ...endLines(outcome),
    ...elsewhereLines(told),
  ];
  const shown = replay?.run ?? outcome.witness;
  if (shown) {
    lines.push('', `${replay ? 'replay' : 'shortest witness'} (* hardware):`);
    const how = { outcome: replay?.outcome ?? 'bad', prevents: told.prevents } as const;
    lines.push(...witnessLines(shown, { ...how, replay: testReplayLine(told, shown.replay) }));
  }
  return `${lines.join('\n')}\n`;
}

/** The line to paste that takes exactly the steps of a run again. */
export function testReplayLine({ command }: TestExplanation, steps: string): string {
  // Addresses of a kernel that runs are names with blanks.
  return `${command} --replay ${steps.includes(' ') ? `'${steps}'` : steps}`;
}

/** The explanation as a JSON form. */
export function testExplanationRecord(told: TestExplanation) {
  const { setting, outcome } = told;
  const { observation, ok, positive, negative, states, transitions, depth } = outcome;
  return form('test', {
    name: told.name,
    question: questionHerd(told.question),
    on: setting.bed.id,
    kernel: setting.kernel?.id ?? null,
    remedy: setting.remedy,
    observation,
    claimed: told.claimed ?? null,
    ok: ok ?? null,
    positive,
    negative,
    states,
    transitions,
    depth,
    bound: outcome.bound ?? null,
    witness: outcome.witness ?? null,
    replay: told.replay ?? null,
    prevents: told.prevents,
  });
}

function answerText({ outcome, claimed }: TestExplanation): string {
  const { observation, positive, negative } = outcome;
  const word = observation === 'bound' ? '?' : observation;
  if (isEndless(outcome)) return 'none: in no run does every thread end';
  const ends = positive === 1 ? 'end state' : 'end states';
  const counts = `${positive} ${ends} with it, ${negative} without`;
  if (claimed === undefined) return `${word} (${counts}; no Result line speaks of this machine)`;
  const held = claimed === observation ? 'as its Result says' : `but its Result says ${claimed}`;
  return `${word} (${counts}), ${held}`;
}

function endLines({ ends, locations }: TestOutcome): readonly string[] {
  const texts = ends.map((end) => {
    const values = locations
      .map((location, i) => `${locationHerd(location)}=${end.values[i] ?? '?'}`)
      .filter((text) => end.deadlock || text !== 'deadlock=0');
    return `${end.deadlock ? '!' : end.positive ? '*' : ' '} ${values.join(' ')}`;
  });
  return texts.flatMap((text, i) => {
    const label = i === 0 ? 'ends' : '';
    return [`${label.padEnd(11)} ${text}`];
  });
}

function elsewhereLines({ everywhere, setting }: TestExplanation): readonly string[] {
  const words = new Map<string, string[]>();
  for (const { settings, outcome } of everywhere.groups) {
    const word = outcome.observation === 'bound' ? '?' : outcome.observation;
    const beds = settings.filter((s) => s.bed.id !== setting.bed.id).map((s) => s.bed.id);
    words.set(word, [...(words.get(word) ?? []), ...beds]);
  }
  const parts = [...words]
    .map(([word, beds]) => ({ word, beds: [...new Set(beds)] }))
    .filter(({ beds }) => beds.length > 0)
    .map(({ word, beds }) => `${word} on ${beds.slice(0, 3).join(', ')}${more(beds.length - 3)}`);
  return labelled('elsewhere', parts.join('; '));
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}
