// Can it be built? For each architecture, whether some configuration does what is wanted, by the
// solver: with a smallest fragment that does, or the lines of the tree that stand in the way.

import type { Problem } from '../base/index.ts';
import {
  type Assumption,
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

/** What is asked of whom. */
export interface BuildQuestion {
  readonly ports: readonly PortConfig[];
  readonly wants: readonly Want[];
  readonly profileOf: (port: PortConfig) => Profile;
  /** How the profiles are called together. */
  readonly profile: string;
  /** Shared by questions about one tree. */
  readonly cache?: KconfigCache;
}

/** Asks each architecture of a tree whether it can be configured as wanted. */
export function buildability(tree: SourceTree, question: BuildQuestion): Buildability {
  const { ports, wants, profileOf, profile, cache = kconfigCache() } = question;
  let release = '';
  const answers = ports.map((port): ArchAnswer => {
    const model = readKconfig(tree, port, profileOf(port), cache);
    if (!model.ok) {
      const answer = { kind: 'unread', problem: model.problem } as const;
      return { arch: port.id, answer, known: true, assumptions: [] };
    }
    release = model.value.version;
    return {
      arch: port.id,
      answer: satisfy(model.value, wants, { fixed: port.preset }),
      known: wants.every(({ symbol }) => isKnown(model.value, symbol)),
      assumptions: model.value.assumptions,
    };
  });
  return { tree: tree.name, release, profile, wants, answers };
}

function isKnown(model: KconfigModel, symbol: string): boolean {
  const id = model.names.find(symbol);
  return id !== undefined && model.creation.includes(id);
}
