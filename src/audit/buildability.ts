// Can it be built? For each architecture, whether some configuration does what is wanted, by the
// solver: with a smallest fragment that does, or the lines of the tree that stand in the way.

import { at, present, type Problem, type Result } from '../base/index.ts';
import {
  type Assumption,
  cyclesProblem,
  type KconfigCache,
  kconfigCache,
  type KconfigModel,
  type Profile,
  readKconfig,
} from './kconfig/index.ts';
import { type Satisfaction, satisfy, type Want } from './kconfig/sat/index.ts';
import type { PortConfig } from './ports.ts';
import type { SourceTree } from './tree.ts';

/** The answer of one architecture. */
export interface ArchAnswer {
  /** As for `make ARCH=`, or the id of a port. */
  readonly arch: string;
  /** A Problem where its Kconfig cannot be read. */
  readonly answer: Satisfaction | { readonly kind: 'unread'; readonly problem: Problem };
  /** Whether all symbols that are wanted occur in its Kconfig. */
  readonly known: boolean;
  /** What was answered about the toolchain. */
  readonly assumptions: readonly Assumption[];
}

/** The answers of all architectures that were asked. */
export interface Buildability {
  readonly tree: string;
  readonly release: string;
  readonly profile: string;
  readonly wants: readonly Want[];
  readonly answers: readonly ArchAnswer[];
}

/** Who is asked. */
export interface BuildQuestion {
  readonly ports: readonly PortConfig[];
  readonly profileOf: (port: PortConfig) => Profile;
  /** How the profiles are called together. */
  readonly profile: string;
  /** Shared by questions about one tree. */
  readonly cache?: KconfigCache;
  /** Questions that need no further architecture once one says yes: it is then the last answer. */
  readonly untilYes?: ReadonlySet<number>;
  /** Called before each architecture. */
  readonly progress?: (done: number, total: number, label: string) => Promise<void>;
}

/** Asks each architecture of a tree whether it can be configured as wanted. */
export async function buildability(
  tree: SourceTree,
  question: BuildQuestion,
  wants: readonly Want[],
): Promise<Buildability> {
  const [one] = await buildabilities(tree, question, [wants]);
  return present(one, 'an answer');
}

/** Asks several questions of each architecture, whose Kconfig is read once. */
export async function buildabilities(
  tree: SourceTree,
  question: BuildQuestion,
  questions: readonly (readonly Want[])[],
): Promise<readonly Buildability[]> {
  const { ports, profile, profileOf, progress, untilYes, cache = kconfigCache() } = question;
  let release = '';
  const answers: ArchAnswer[][] = questions.map(() => []);
  const isOver = (index: number): boolean =>
    untilYes?.has(index) === true && answers[index]?.at(-1)?.answer.kind === 'yes';
  for (const [index, port] of ports.entries()) {
    await progress?.(index, ports.length, `Kconfig: ${port.id}`);
    const model = readKconfig(tree, port, profileOf(port), cache);
    if (model.ok) release = model.value.version;
    for (const [place, wants] of questions.entries()) {
      if (!isOver(place)) at(answers, place).push(answerOf(model, port, wants));
    }
  }
  return questions.map((wants, place) => ({
    tree: tree.name,
    release,
    profile,
    wants,
    answers: at(answers, place),
  }));
}

function answerOf(
  model: Result<KconfigModel>,
  port: PortConfig,
  wants: readonly Want[],
): ArchAnswer {
  if (model.ok) return archAnswer(model.value, port, wants);
  const answer = { kind: 'unread', problem: model.problem } as const;
  return { arch: port.id, answer, known: true, assumptions: [] };
}

function archAnswer(model: KconfigModel, port: PortConfig, wants: readonly Want[]): ArchAnswer {
  const met = new Set(model.creation);
  const isKnown = ({ symbol }: Want): boolean => met.has(model.names.find(symbol) ?? -1);
  const answer = satisfy(model, wants, { fixed: port.preset });
  const cycles = answer.kind === 'not-checked' ? cyclesProblem(model) : undefined;
  return {
    arch: port.id,
    answer: cycles === undefined ? answer : { kind: 'unread', problem: cycles },
    known: wants.every(isKnown),
    assumptions: model.assumptions,
  };
}
