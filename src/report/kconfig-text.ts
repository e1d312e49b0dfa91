// What a Kconfig allows, for people: yes with the lines that bring it about, no with the lines of
// the tree that stand in the way.

import { type ArchAnswer, type Buildability, formatWant, type ReasonLink } from '../audit/index.ts';
import { at } from '../base/index.ts';
import { wrap } from './layout.ts';

/** The answer of one architecture: a fragment that can be handed to olddefconfig, or the reason. */
export function buildabilityText(asked: Buildability): string {
  const [one] = asked.answers;
  const lines = asked.answers.length === 1 && one ? oneLines(asked, one) : allLines(asked);
  return `${lines.join('\n')}\n`;
}

function wantText({ wants }: Buildability): string {
  return wants.map(formatWant).join(' and ');
}

function oneLines(asked: Buildability, { arch, answer }: ArchAnswer): readonly string[] {
  const head = `${wantText(asked)} on ${arch}, Linux ${asked.release}`;
  switch (answer.kind) {
    case 'yes':
      return [
        `# ${head}: yes. These answers bring it about; olddefconfig gives the rest.`,
        ...answer.fragment.map(({ symbol, value }) => configLine(symbol, value)),
      ];
    case 'no': {
      const minimal = answer.minimal ? 'None of these lines can be left out.' : '';
      return [`${head}: no`, ...reasonLines(answer.reason), ...(minimal === '' ? [] : [minimal])];
    }
    case 'unread':
      return [`${head}: not checked`, ...wrap(problemText(answer.problem), 2)];
    default:
      return [`${head}: not checked`, ...wrap(answer.because, 2)];
  }
}

function problemText({ what, where }: { readonly what: string; readonly where?: string }): string {
  return where === undefined ? what : `${where}: ${what}`;
}

function configLine(symbol: string, value: string): string {
  if (value === 'n') return `# CONFIG_${symbol} is not set`;
  const isPlain = /^([ym]|-?[0-9]+|0[xX][0-9a-fA-F]+)$/.test(value);
  return `CONFIG_${symbol}=${isPlain ? value : JSON.stringify(value)}`;
}

/** The links of a reason, each with its place, deeper ones indented. */
export function reasonLines(reason: readonly ReasonLink[], indent = 2): readonly string[] {
  return reason.flatMap(({ symbol, text, file, line, depth }) => {
    const start = indent + 2 * Math.min(depth, 12);
    return wrap(`${symbol} ${text} (${file}:${line})`, start, start + 4);
  });
}

function allLines(asked: Buildability): readonly string[] {
  return [
    `${wantText(asked)}, Linux ${asked.release}: ${asked.tree}`,
    '',
    ...answerGroups(asked).flatMap((group) => [...groupLines(group), '']),
    summary(asked),
  ];
}

// Architectures with one answer for one reason are told together.
function answerGroups(asked: Buildability): readonly (readonly ArchAnswer[])[] {
  const groups = new Map<string, ArchAnswer[]>();
  for (const one of asked.answers) {
    const key = answerKey(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].sort((a, b) => rank(at(a, 0)) - rank(at(b, 0)));
}

/** The answers of all architectures in an audit: who can, and why the others cannot. */
export function buildableLines(asked: Buildability): readonly string[] {
  const yes = asked.answers.filter(({ answer }) => answer.kind === 'yes');
  const open = asked.answers.filter(({ answer }) => answer.kind !== 'yes' && answer.kind !== 'no');
  const where = yes.length > 0 ? yes.map(({ arch }) => arch).join(', ') : 'nowhere';
  const known =
    open.length === 0 ? '' : `; not checked: ${open.map(({ arch }) => arch).join(', ')}`;
  return [
    ...wrap(`${wantText(asked)}: ${where}${known}`, 2, 4),
    ...answerGroups(asked)
      .filter(([first]) => first?.answer.kind !== 'yes')
      .flatMap((group) => groupLines(group, 4)),
  ];
}

function groupLines(group: readonly ArchAnswer[], indent = 0): readonly string[] {
  const { answer } = at(group, 0);
  const word = answer.kind === 'yes' || answer.kind === 'no' ? answer.kind : '?';
  const names = group.map(({ arch }) => arch).join(', ');
  const inner = indent + 4;
  return [...wrap(`${word.padEnd(3)} ${names}`, indent, inner + 1), ...answerLines(answer, inner)];
}

function answerLines(answer: ArchAnswer['answer'], indent: number): readonly string[] {
  switch (answer.kind) {
    case 'yes': {
      const lines = answer.fragment.map(({ symbol, value }) => configLine(symbol, value));
      return wrap(lines.length === 0 ? 'as it is by default' : lines.join(' '), indent);
    }
    case 'no':
      return reasonLines(answer.reason, indent);
    case 'unread':
      return wrap(problemText(answer.problem), indent);
    default:
      return wrap(answer.because, indent);
  }
}

function answerKey({ answer, arch }: ArchAnswer): string {
  switch (answer.kind) {
    case 'yes':
      return `yes ${JSON.stringify(answer.fragment)}`;
    case 'no':
      return `no ${JSON.stringify(answer.reason)}`;
    default:
      return `${answer.kind} ${arch}`;
  }
}

function rank({ answer }: ArchAnswer): number {
  return answer.kind === 'yes' ? 0 : answer.kind === 'no' ? 1 : 2;
}

function summary({ answers }: Buildability): string {
  const count = (kind: string): number =>
    answers.filter(({ answer }) => answer.kind === kind).length;
  const open = answers.length - count('yes') - count('no');
  const rest = open === 0 ? '' : `, ${open} not checked`;
  return `${answers.length} architectures: ${count('yes')} yes, ${count('no')} no${rest}`;
}
