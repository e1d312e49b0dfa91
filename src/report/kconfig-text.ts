// What a Kconfig allows, for people: yes with the lines that bring it about, no with the lines of
// the tree that stand in the way.

import { type ArchAnswer, type Buildability, formatWant, type ReasonLink } from '../audit/index.ts';
import { at } from '../base/index.ts';
import { labelled, wrap } from './layout.ts';

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

// Architectures with one answer for one reason are told together.
function allLines(asked: Buildability): readonly string[] {
  const groups = new Map<string, ArchAnswer[]>();
  for (const one of asked.answers) {
    const key = answerKey(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const ordered = [...groups.values()].sort((a, b) => rank(at(a, 0)) - rank(at(b, 0)));
  const lines = [`${wantText(asked)}, Linux ${asked.release}: ${asked.tree}`, ''];
  for (const group of ordered) lines.push(...groupLines(group));
  return [...lines, summary(asked)];
}

function groupLines(group: readonly ArchAnswer[]): readonly string[] {
  const { answer } = at(group, 0);
  const names = group.map(({ arch }) => arch).join(', ');
  switch (answer.kind) {
    case 'yes': {
      const lines = answer.fragment.map(({ symbol, value }) => configLine(symbol, value));
      const text = lines.length === 0 ? 'as it is by default' : lines.join(' ');
      return [...labelled('yes', names, 5), ...wrap(text, 4), ''];
    }
    case 'no':
      return [...labelled('no', names, 5), ...reasonLines(answer.reason, 4), ''];
    case 'unread':
      return [...labelled('?', names, 5), ...wrap(problemText(answer.problem), 4), ''];
    default:
      return [...labelled('?', names, 5), ...wrap(answer.because, 4), ''];
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
