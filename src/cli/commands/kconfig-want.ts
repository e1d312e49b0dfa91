// dachs kconfig --want: can this tree be configured so, and if not, why not?

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { ok, type Result } from '../../base/index.ts';
import {
  architecturesOf,
  type Buildability,
  buildability,
  kconfigCache,
  parseWant,
  type PortConfig,
  type Profile,
  type SourceTree,
  type Want,
} from '../../audit/index.ts';
import { openProgress, profileForAll } from '../../host/index.ts';
import { buildabilityRecord, buildabilityText } from '../../report/index.ts';
import { nearest } from '../nearest.ts';
import {
  kconfigSubject,
  kconfigTree,
  type KconfigTyped,
  toolchainNotes,
} from './kconfig-subject.ts';

/** Options of a question as they were typed. */
export interface WantTyped extends KconfigTyped {
  readonly want: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Asks one architecture, or all where none is named; exit 1 where none can. */
export async function kconfigWantCommand(
  path: string,
  options: WantTyped,
): Promise<Result<Answer>> {
  const wants = wantsOf(options.want);
  if (!wants.ok) return wants;
  const place = placeOf(path, options);
  if (!place.ok) return place;
  const { tree, ports, profileOf } = place.value;
  const cache = kconfigCache();
  const progress = openProgress(options.quiet ?? false);
  const question = { ports, profileOf, profile: options.profile, cache, progress: progress.step };
  const asked = await buildability(tree, question, wants.value).finally(() => progress.stop());
  const unread = asked.answers.filter(({ answer }) => answer.kind === 'unread');
  const [first] = unread;
  if (first?.answer.kind === 'unread' && unread.length === asked.answers.length) {
    return { ok: false, problem: first.answer.problem };
  }
  return ok({
    text: options.json ? jsonText(buildabilityRecord(asked)) : buildabilityText(asked),
    notes: notesOf(asked, ports, {
      profileOf,
      options,
      names: () => [...cache.names.bare()].sort(),
    }),
    exit: exitOf(asked),
  });
}

interface WantPlace {
  readonly tree: SourceTree;
  readonly ports: readonly PortConfig[];
  readonly profileOf: (port: PortConfig) => Profile;
}

function placeOf(path: string, options: WantTyped): Result<WantPlace> {
  if (options.arch !== undefined && options.arch !== 'all') {
    const subject = kconfigSubject(path, options);
    if (!subject.ok) return subject;
    const { tree, port, profile } = subject.value;
    return ok({ tree, ports: [port], profileOf: () => profile });
  }
  const tree = kconfigTree(path);
  if (!tree.ok) return tree;
  const profiles = profileForAll(options.profile);
  if (!profiles.ok) return profiles;
  const { profileOf } = profiles.value;
  return ok({ tree: tree.value, ports: architecturesOf(tree.value), profileOf });
}

function wantsOf(typed: readonly string[]): Result<readonly Want[]> {
  const wants: Want[] = [];
  for (const word of typed) {
    const want = parseWant(word);
    if (!want.ok) return want;
    wants.push(want.value);
  }
  return ok(wants);
}

function exitOf({ answers }: Buildability): number {
  if (answers.some(({ answer }) => answer.kind === 'yes')) return EXIT.asExpected;
  return answers.every(({ answer }) => answer.kind === 'no') ? EXIT.findings : EXIT.bound;
}

function notesOf(
  { answers, wants, profile }: Buildability,
  ports: readonly PortConfig[],
  with_: {
    readonly profileOf: (port: PortConfig) => Profile;
    readonly options: WantTyped;
    readonly names: () => readonly string[];
  },
): readonly string[] {
  const assumptions = answers.flatMap((one) => one.assumptions);
  const [port] = ports;
  const used = port && ports.length === 1 ? with_.profileOf(port) : undefined;
  const notes = [...toolchainNotes(assumptions, used?.name ?? profile, with_.options)];
  if (answers.some(({ known }) => known)) return notes;
  const all = with_.names();
  for (const { symbol } of wants) {
    if (all.includes(symbol)) continue;
    const near = nearest(symbol, all);
    const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
    notes.push(`no Kconfig file that was read mentions ${symbol}${meant}`);
  }
  return notes;
}
