// Who can meet a finding of a path: the symbols that build the file, that the path rests on, and
// that the error needs, asked of the Kconfig of every architecture.

import type { ArchAnswer, Buildability } from '../buildability.ts';
import type { AllocDaxFacts } from '../c/index.ts';
import type { Finding, FindingNote } from '../finding.ts';
import { formatWant, type Want } from '../kconfig/index.ts';
import type { SourceTree } from '../tree.ts';
import { kbuildSymbols } from './kbuild.ts';
import type { PathFinding } from './path-findings.ts';
import { common } from './ways.ts';

/** A finding with the questions that decide its reach; any one of them may be answered yes. */
export interface OpenFinding {
  readonly path: PathFinding;
  /** Undefined: what builds the file was not found out. */
  readonly questions: readonly (readonly Want[])[] | undefined;
  /** Why nobody can meet it whatever the configuration; absent where that is not so. */
  readonly never: string | undefined;
}

/** The questions of a finding. */
export function questionsOf(
  tree: SourceTree,
  path: PathFinding,
  allocDax: AllocDaxFacts | undefined,
): OpenFinding {
  const built = kbuildSymbols(tree, path.finding.place.file);
  const errors =
    path.survivable === undefined ? [new Map<string, boolean>()] : waysOf(path, allocDax);
  if (errors.length === 0) {
    const never = `alloc_dax() of this tree never gives ${path.survivable ?? 'it'}`;
    return { path, questions: [], never };
  }
  if (built === undefined) return { path, questions: undefined, never: undefined };
  const questions = path.ways.flatMap((way) =>
    errors
      .filter((error) => agree(way, error))
      .map((error) => [
        ...built.map((symbol): Want => ({ symbol, value: 'n', differs: true })),
        ...[...new Map([...way, ...error])].map(wantOf),
      ]),
  );
  return { path, questions: questions.map(distinct), never: undefined };
}

function agree(a: ReadonlyMap<string, boolean>, b: ReadonlyMap<string, boolean>): boolean {
  return [...b].every(([symbol, on]) => (a.get(symbol) ?? on) === on);
}

/** A symbol that is on may be a module. */
function wantOf([symbol, on]: readonly [string, boolean]): Want {
  return on ? { symbol, value: 'n', differs: true } : { symbol, value: 'n' };
}

function distinct(wants: readonly Want[]): readonly Want[] {
  return wants.filter(
    (one, i) => wants.findIndex((other) => formatWant(other) === formatWant(one)) === i,
  );
}

/** What must be configured for the survivable error to come; empty: it never does. */
function waysOf(
  { protocol, survivable }: PathFinding,
  allocDax: AllocDaxFacts | undefined,
): readonly ReadonlyMap<string, boolean>[] {
  const rule = protocol.acquire
    .flatMap((one) => one.survive)
    .find(({ error }) => `-${error}` === survivable);
  const needs = new Map((rule?.needs ?? []).map((symbol) => [symbol, true] as const));
  if (protocol.name !== 'dax_device' || allocDax === undefined) return [needs];
  const { definition, stub } = allocDax;
  const tests = definition === undefined || definition.aliasTests.length > 0 ? [needs] : [];
  const without = stub?.returns.kind === '-EOPNOTSUPP' ? [new Map([['DAX', false] as const])] : [];
  return [...tests, ...without];
}

/** The finding with its reach, once the questions are answered. */
export function withReach(
  { path, questions, never }: OpenFinding,
  answers: readonly Buildability[],
): Finding {
  const { finding, intent, ways } = path;
  const shown = shownConditions(ways);
  const base: Finding = shown.length === 0 ? finding : { ...finding, conditions: shown };
  const notes = [
    ...finding.notes,
    ...(intent === undefined ? [] : [{ message: `by intent: ${intent}` }]),
  ];
  if (never !== undefined) {
    return { ...base, level: 'check', reach: 'latent', notes: [...notes, { message: never }] };
  }
  if (questions === undefined) {
    return {
      ...base,
      level: 'check',
      notes: [...notes, { message: 'what builds the file was not found out' }],
    };
  }
  const asked = new Set(questions.map(textOf));
  const own = answers.filter(({ wants }) => asked.has(textOf(wants)));
  const yes = own.flatMap((one) => one.answers.filter(({ answer }) => answer.kind === 'yes'));
  const open = own.flatMap((one) =>
    one.answers.filter(({ answer }) => answer.kind !== 'yes' && answer.kind !== 'no'),
  );
  const [first] = yes;
  if (first !== undefined) {
    const level = intent === undefined ? finding.level : 'check';
    return { ...base, level, reach: 'reachable', notes };
  }
  if (open.length > 0 || own.length < asked.size) {
    const where = open.map(({ arch }) => arch).join(', ');
    const note = {
      message: `not checked: whether it can be configured${where === '' ? '' : ` on ${where}`}`,
    };
    return { ...base, level: 'check', reach: 'not-checked', notes: [...notes, note] };
  }
  return { ...base, level: 'check', reach: 'latent', notes: [...notes, ...own.flatMap(proof)] };
}

/** The finding where its reach is not asked: its level is that of its type. */
export function withoutReach({ finding, intent, ways }: PathFinding): Finding {
  const shown = shownConditions(ways);
  const why = intent === undefined ? [] : [{ message: `by intent: ${intent}` }];
  return {
    ...finding,
    level: intent === undefined ? finding.level : 'check',
    ...(shown.length === 0 ? {} : { conditions: shown }),
    notes: [...finding.notes, ...why],
  };
}

function shownConditions(ways: PathFinding['ways']): readonly string[] {
  return [...common(ways)].map(([symbol, on]) => `${on ? '' : '!'}CONFIG_${symbol}`).sort();
}

/** A question as text: equal for equal ones. */
export function textOf(wants: readonly Want[]): string {
  return wants.map(formatWant).join(' and ');
}

/** That no architecture can be configured so, with the reason of each. */
function proof({ wants, answers }: Buildability): readonly FindingNote[] {
  const groups = new Map<string, { readonly answer: ArchAnswer; readonly archs: string[] }>();
  for (const answer of answers) {
    const key = JSON.stringify(answer.answer.kind === 'no' ? answer.answer.reason : answer.arch);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { answer, archs: [answer.arch] });
    else group.archs.push(answer.arch);
  }
  return [
    { message: `no configuration of ${answers.length} architectures has ${textOf(wants)}` },
    ...[...groups.values()].map(({ answer: { answer }, archs }) => {
      const links = answer.kind === 'no' ? answer.reason : [];
      const text = links.map((l) => `${l.symbol} ${l.text} (${l.file}:${l.line})`).join(' <- ');
      return { message: `${archs.join(', ')}: ${text}` };
    }),
  ];
}
