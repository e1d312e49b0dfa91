// The verdict on a litmus test in herd7's lines and herd7's order, so that scripts for herd's
// output work on ours: Test, States, the states, Ok or No, Witnesses, Condition, Observation, Hash.

import { at, never } from '../base/index.ts';
import type { Condition, Location, Question } from '../litmus/index.ts';
import type { EndState, Setting, TestGroup, TestOutcome, TestVerdict } from '../verdict/index.ts';
import { labelled } from './layout.ts';

/** How much is said of each test. */
export interface HerdStyle {
  /** The Observation lines alone. */
  readonly terse: boolean;
  /** Every machine by name, and the size of each search. */
  readonly verbose: boolean;
  /** With the size, the bytes a state took: with several workers they differ from run to run. */
  readonly memory: boolean;
}

/** A verdict with what its lines need beside it. */
export interface ToldTest {
  readonly verdict: TestVerdict;
  readonly question: Question;
  /** Stable hash of the test's text. */
  readonly hash: string;
  /** What the model leaves out of this very test. */
  readonly notes?: readonly string[];
}

/** Machines of a group that are named before `and N more`. */
const NAMED = 4;

/** The lines of one test: a block for each group of settings with one outcome. */
export function herdText({ verdict, question, hash, notes }: ToldTest, style: HerdStyle): string {
  const lines: string[] = [];
  for (const group of verdict.groups) {
    const name = groupName(verdict, group);
    lines.push(...blockLines(name, group, { question, hash, style }));
    if (style.terse) continue;
    for (const note of notes ?? []) lines.push(...labelled('Note', note, 5));
    lines.push('');
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** `NAME`, or `NAME@FIRST` where a test has several outcomes: FIRST is their first setting. */
export function groupName(verdict: TestVerdict, group: TestGroup): string {
  if (verdict.groups.length === 1) return verdict.name;
  return `${verdict.name}@${settingNamer(verdict)(at(group.settings, 0))}`;
}

/** Names settings by machine or kind; by kernel and remedy too where the verdict has several. */
export function settingNamer(verdict: TestVerdict): (setting: Setting) => string {
  const kernels = new Set<string | undefined>();
  const remedies = new Set<string>();
  for (const { settings } of verdict.groups) {
    for (const { kernel, remedy } of settings) {
      kernels.add(kernel?.id);
      remedies.add(remedy);
    }
  }
  return ({ bed, kernel, remedy }) => {
    const under = kernels.size > 1 && kernel ? `/${kernel.id}` : '';
    return `${bed.id}${under}${remedies.size > 1 ? `+${remedy}` : ''}`;
  };
}

/** What the summary says of settings that are not as the test's `Result:` lines say. */
export function unexpectedLines(verdict: TestVerdict): readonly string[] {
  return verdict.groups.flatMap((group) => {
    if (isEndless(group.outcome)) {
      const names = someOf(group.settings.map(settingNamer(verdict)));
      return [`!!! ${verdict.name}: no end state, in no run does every thread end, on ${names}`];
    }
    const words = new Set(group.unexpected.map((u) => u.expected));
    return [...words].map((word) => {
      const on = group.unexpected.filter((u) => u.expected === word).map((u) => u.setting);
      const names = someOf(on.map(settingNamer(verdict)));
      const seen = observed(group.outcome);
      return `!!! ${verdict.name}: Result says ${word}, observed ${seen} on ${names}`;
    });
  });
}

/** Whether no run ends: what is then said of end states is said of nothing. */
export function isEndless({ ends, bound }: TestOutcome): boolean {
  return bound === undefined && ends.every((end) => end.deadlock);
}

function blockLines(
  name: string,
  group: TestGroup,
  { question, hash, style }: { question: Question; hash: string; style: HerdStyle },
): readonly string[] {
  const { outcome } = group;
  const counts = `${outcome.positive} ${outcome.negative}`;
  const observation = `Observation ${name} ${observed(outcome)} ${counts}`;
  if (style.terse) return [observation];
  const counted = outcome.ends.filter((end) => !end.deadlock);
  return [
    `Test ${name} ${KINDS[question.quantifier]}`,
    `States ${counted.length}`,
    ...counted.map((end) => stateText(outcome.locations, end)),
    ...(outcome.ok === undefined ? [] : [outcome.ok ? 'Ok' : 'No']),
    'Witnesses',
    `Positive: ${outcome.positive} Negative: ${outcome.negative}`,
    `Condition ${questionHerd(question)}`,
    observation,
    `Hash=${hash}`,
    ...remarks(group, style),
  ];
}

const KINDS: Readonly<Record<Question['quantifier'], string>> = {
  exists: 'Allowed',
  'not-exists': 'Forbidden',
  forall: 'Required',
};

function observed({ observation }: TestOutcome): string {
  return observation === 'bound' ? '?' : observation;
}

// What herd has no line for stands behind its lines.
function remarks({ outcome, settings }: TestGroup, style: HerdStyle): readonly string[] {
  const ids = settings.map(
    (s) =>
      `${s.bed.id}${s.kernel ? `/${s.kernel.id}` : ''}${s.remedy === 'none' ? '' : `+${s.remedy}`}`,
  );
  const deadlocks = outcome.ends.filter((end) => end.deadlock).length;
  const { states, transitions, depth, bytes, bound } = outcome;
  return [
    ...labelled('Machines', style.verbose ? ids.join(', ') : someOf(ids), 9),
    ...(deadlocks > 0 ? [`Deadlocks ${deadlocks}`] : []),
    ...(isEndless(outcome) ? ['No end state: in no run does every thread end'] : []),
    ...(bound === undefined
      ? []
      : [`Bound reached: ${bound}; whole levels below it were searched`]),
    ...(style.verbose
      ? [
          `Explored ${states} states, ${transitions} transitions, depth ${depth}` +
            (style.memory ? `, ${Math.round(bytes / Math.max(1, states))} bytes a state` : ''),
        ]
      : []),
  ];
}

function someOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function stateText(locations: readonly Location[], end: EndState): string {
  const shown = locations
    .map((location, i) => ({ location, value: at(end.values, i) }))
    .filter(({ location }) => location.op !== 'deadlock' || end.deadlock)
    .map(({ location, value }) => `${locationHerd(location)}=${value};`);
  return shown.length === 0 ? ';' : shown.join(' ');
}

/** `0:r0`, `x`, `x[1]`, `crashed`: a location as herd writes it. */
export function locationHerd(location: Location): string {
  switch (location.op) {
    case 'register':
      return `${location.thread.replace(/^P(?=\d)/, '')}:${location.register}`;
    case 'memory':
      return location.cell === 0 ? location.line : `${location.line}[${location.cell}]`;
    case 'crashed':
    case 'deadlock':
      return location.op;
    case 'kernel':
      return location.state;
    default:
      return never(location);
  }
}

/** `exists (0:r0=1 /\ x=0)`. */
export function questionHerd({ quantifier, condition }: Question): string {
  const word = quantifier === 'not-exists' ? '~exists' : quantifier;
  return `${word} (${conditionHerd(condition, 'or')})`;
}

// `within` is the loosest operator that needs no parentheses here.
function conditionHerd(condition: Condition, within: 'or' | 'and' | 'not'): string {
  switch (condition.op) {
    case 'true':
      return 'true';
    case 'not':
      return `~${conditionHerd(condition.of, 'not')}`;
    case 'and': {
      if (condition.of.length === 0) return 'true';
      const text = condition.of.map((c) => conditionHerd(c, 'and')).join(' /\\ ');
      return within === 'not' && condition.of.length > 1 ? `(${text})` : text;
    }
    case 'or': {
      if (condition.of.length === 0) return 'false';
      const text = condition.of.map((c) => conditionHerd(c, 'or')).join(' \\/ ');
      return within !== 'or' && condition.of.length > 1 ? `(${text})` : text;
    }
    case 'register':
    case 'memory':
    case 'crashed':
    case 'deadlock':
    case 'kernel': {
      const atom = `${locationHerd(condition)}=${condition.value}`;
      return within === 'not' ? `(${atom})` : atom;
    }
    default:
      return never(condition);
  }
}
