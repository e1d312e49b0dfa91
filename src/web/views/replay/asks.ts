// What the replay view asks of the engine.

import type { Problem } from '../../../base/index.ts';
import type { ReplayTotals } from '../../../report/index.ts';
import type { LineSight, StateSight, StepResult, WalkBed } from '../../../replay/index.ts';
import type { Filtered } from './filter.ts';

/** Where scenarios are: in the page, or in a file of the reader's own. */
export type Source =
  | { readonly kind: 'stored'; readonly name: string }
  | {
      readonly kind: 'own';
      readonly file: File;
      /** Counts the files that were given: two may have one name. */
      readonly number: number;
    };

/** What to run on, as links and the command line have it; empty: as it was recorded. */
export interface BedChoice {
  readonly machine: string;
  readonly kernel: string;
  readonly gate: string;
  readonly fresh: boolean;
}

/** The recordings of the page, and the machines. */
export type ReplayListAsk = Readonly<Record<string, never>>;

/** One group of a recording. */
export interface ScenarioGroup {
  readonly group: string;
  readonly ids: readonly string[];
}

/** A recording without its steps. */
export interface RecordingList {
  readonly name: string;
  readonly file: string;
  readonly kernel: string;
  readonly arch: string;
  readonly groups: readonly ScenarioGroup[];
}

/** What can be chosen. */
export interface ReplayListAnswer {
  readonly recordings: readonly RecordingList[];
  readonly machines: readonly {
    readonly id: string;
    readonly label: string;
    readonly arch: string;
  }[];
}

/** A search by id that may take long. */
export interface ReplayFindAsk {
  readonly recordings: readonly RecordingList[];
  readonly only: string;
}

/** What it found, of each recording. */
export interface ReplayFindAnswer {
  readonly lists: readonly Filtered[];
}

/** A file of the reader's own. */
export interface ReplayOwnAsk {
  readonly file: File;
  readonly number: number;
}

/** What is in it, or what is wrong with it. */
export type ReplayOwnAnswer =
  | { readonly kind: 'recording'; readonly recording: RecordingList }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** One scenario, step by step. */
export interface ReplayWalkAsk {
  readonly source: Source;
  readonly id: string;
  readonly bed: BedChoice;
}

/** One key of an answer, both sides as text; undefined where a side has none. */
export interface AnswerRow {
  readonly key: string;
  readonly recorded?: string;
  readonly model?: string;
  /** `detail`: differs, and no model is held to it. `unknown`: one side is all there is. */
  readonly mark: 'same' | 'differs' | 'detail' | 'unknown';
}

/** One step as it is shown. */
export interface SceneStep {
  readonly kind: StepResult['kind'];
  readonly op: string;
  /** The operation with its arguments, as the command line has it. */
  readonly text: string;
  readonly args: readonly (readonly [name: string, value: string])[];
  readonly rows: readonly AnswerRow[];
  readonly why: readonly string[];
  readonly given: readonly string[];
  readonly log: readonly string[];
  readonly state?: StateSight;
  readonly line?: LineSight;
}

/** A scenario on a bed. */
export interface Scene {
  readonly id: string;
  readonly group: string;
  readonly kernel: string;
  readonly arch: string;
  /** What alloc_dax() did when it was recorded, and does here. */
  readonly recordedGate: string;
  readonly bed?: WalkBed;
  readonly gateText: string;
  readonly steps: readonly SceneStep[];
  /** The command line that says the same, and the bytes that it prints. */
  readonly command: string;
  readonly text: string;
}

/** The scenario, or what is wrong with what was asked. */
export type ReplayWalkAnswer =
  | { readonly kind: 'scene'; readonly scene: Scene }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** All chosen scenarios. */
export interface ReplayRunAsk {
  readonly source: Source;
  readonly only: string;
  readonly group: string;
  readonly bed: BedChoice;
}

/** What became of them. */
export type ReplayRunAnswer =
  | {
      readonly kind: 'run';
      readonly totals: ReplayTotals;
      readonly differing: readonly {
        readonly id: string;
        /** Steps that differ or are not checked, counted from 0. */
        readonly odd: readonly number[];
        readonly steps: number;
      }[];
      readonly command: string;
      readonly text: string;
    }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** The questions of the view. */
export interface ReplayAsks {
  readonly 'replay-list': { readonly ask: ReplayListAsk; readonly answer: ReplayListAnswer };
  readonly 'replay-find': { readonly ask: ReplayFindAsk; readonly answer: ReplayFindAnswer };
  readonly 'replay-own': { readonly ask: ReplayOwnAsk; readonly answer: ReplayOwnAnswer };
  readonly 'replay-walk': { readonly ask: ReplayWalkAsk; readonly answer: ReplayWalkAnswer };
  readonly 'replay-run': { readonly ask: ReplayRunAsk; readonly answer: ReplayRunAnswer };
}
