// What the witness view asks of the engine.

import type { Problem } from '../../../base/index.ts';
import type { Film } from '../../../verdict/index.ts';

/** What a run is of. */
export type Subject =
  /** A test of the catalogue, by its name. */
  | { readonly kind: 'test'; readonly name: string }
  /** A test of one's own. */
  | { readonly kind: 'text'; readonly text: string }
  /** `L1` to `L10`. */
  | { readonly kind: 'scenario'; readonly name: string };

/** One run: of a subject in a setting. What is absent is chosen: a setting with a witness. */
export interface RunAsk {
  readonly subject: Subject;
  readonly machine?: string;
  readonly kernel?: string;
  readonly remedy?: string;
  /** Steps to take in place of the shortest witness. */
  readonly replay?: string;
}

/** The run as a film, or why there is none. */
export type RunAnswer =
  | { readonly kind: 'wrong'; readonly problem: Problem }
  | ({ readonly kind: 'told' } & RunTold);

/** What is told of a run. */
export interface RunTold {
  readonly name: string;
  /** What the test is about, in a line where it has one. */
  readonly title: string;
  /** The setting that was taken. */
  readonly setting: { readonly machine: string; readonly kernel?: string; readonly remedy: string };
  readonly asksKernel: boolean;
  readonly machineName: string;
  readonly question: string;
  /** `Never`, `Sometimes`, `Always`, or `?` where a bound was reached. */
  readonly answer: string;
  /** How the run that is shown ends. */
  readonly outcome: 'bad' | 'good' | 'unfinished';
  /** Absent where the outcome that is asked for cannot be reached. */
  readonly film?: Film;
  /** In its place then: cache and addresses as they are before any step. */
  readonly still?: Film;
  /** The command that tells the same. */
  readonly command: string;
}

/** The same bytes as `dachs explain` of the setting that is shown. */
export type TextAnswer =
  | { readonly kind: 'wrong'; readonly problem: Problem }
  | { readonly kind: 'text'; readonly text: string };

/** What there is to choose from. */
export interface ChoicesAnswer {
  readonly shelves: readonly { readonly name: string; readonly tests: readonly string[] }[];
  readonly scenarios: readonly { readonly name: string; readonly title: string }[];
  readonly machines: readonly {
    readonly id: string;
    readonly name: string;
    readonly arch: string;
  }[];
  readonly kinds: readonly string[];
  readonly kernels: readonly string[];
  readonly remedies: readonly { readonly name: string; readonly title: string }[];
}

/** The questions of the view: what can be chosen, a run, and its text. */
export interface WitnessAsks {
  readonly 'witness-choices': { readonly ask: object; readonly answer: ChoicesAnswer };
  readonly 'witness-run': { readonly ask: RunAsk; readonly answer: RunAnswer };
  readonly 'witness-text': { readonly ask: RunAsk; readonly answer: TextAnswer };
}
