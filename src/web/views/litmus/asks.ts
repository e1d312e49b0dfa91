// What the litmus view asks of the engine.

import type { Problem } from '../../../base/index.ts';

/** Words as after the options of `dachs run`; empty ones are not given. */
export interface RunWords {
  readonly machine: string;
  readonly arch: string;
  readonly kernel: string;
  readonly remedy: string;
  readonly bound: string;
}

/** A test to be run. */
export interface RunAsk extends RunWords {
  /** What the command line calls it, where it is a test of the catalogue as it stands there. */
  readonly test?: string;
  readonly text: string;
}

/** The answer of `dachs run`, or what it refuses. */
export type RunReply =
  | { readonly kind: 'told'; readonly told: RunTold }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** A run: the command line's bytes, and the same as rows. */
export interface RunTold {
  readonly name: string;
  readonly text: string;
  /** The command that prints `text`. */
  readonly command: string;
  /** `exists (0:r0=0)`. */
  readonly question: string;
  readonly groups: readonly RunGroup[];
  readonly notChecked: readonly NotChecked[];
  /** What the model leaves out of this very test. */
  readonly notes: readonly string[];
}

/** Settings with one outcome. */
export interface RunGroup {
  readonly observation: 'Never' | 'Sometimes' | 'Always' | 'bound';
  readonly positive: number;
  readonly negative: number;
  /** In no run does every thread end. */
  readonly endless: boolean;
  /** End states as herd writes them; those with the outcome first. */
  readonly ends: readonly { readonly text: string; readonly mark: 'with' | 'without' | 'stuck' }[];
  /** The bound that cut the search off: `2000000 states`. */
  readonly bound?: string;
  readonly systems: readonly RunSystem[];
}

/** One system that was searched, and the settings that are equal to it. */
export interface RunSystem {
  readonly states: number;
  /** Words that hold for the caches of all settings: `vivt write-through`. */
  readonly cache: string;
  readonly settings: readonly RunSetting[];
  /** The shortest way to the outcome; absent: none, or not told here. */
  readonly witness?: readonly RunStep[];
}

/** One step of a witness. */
export interface RunStep {
  readonly says: string;
  readonly isHardware: boolean;
}

/** A machine or cache kind, under a kernel, with a remedy. */
export interface RunSetting {
  readonly bed: string;
  /** `ARM926EJ-S, vivt 16K/4`; absent for a kind. */
  readonly title?: string;
  readonly kernel?: string;
  readonly remedy: string;
  /** What its `Result:` lines say, where they speak of it. */
  readonly claimed?: string;
  readonly asClaimed: boolean;
}

/** Settings that could not be run, for one reason. */
export interface NotChecked {
  readonly why: string;
  readonly settings: readonly string[];
}

/** What can be picked. */
export interface Choices {
  readonly machines: readonly {
    readonly id: string;
    readonly name: string;
    readonly arch: string;
    readonly cache: string;
  }[];
  readonly kinds: readonly string[];
  readonly kernels: readonly { readonly id: string; readonly title: string }[];
  readonly remedies: readonly { readonly name: string; readonly title: string }[];
}

/** The questions of the view. */
export interface LitmusAsks {
  readonly 'litmus-choices': { readonly ask: object; readonly answer: Choices };
  readonly 'litmus-run': { readonly ask: RunAsk; readonly answer: RunReply };
}
