// What a file about findings shows, whichever form it has: a record of dachs, or SARIF of any tool.
// Nothing is lost: what was not understood stands in `notShown`, by its place in the file.

import type { Finding, KnownFinding } from '../../audit/index.ts';
import type { AttachItem, LearntAttach } from '../../scenario/index.ts';

/** The forms that are read. */
export type AuditForm = 'audit' | 'protocols' | 'errptr' | 'findings' | 'sarif';

/** A file that was read. */
export interface AuditFile {
  readonly form: AuditForm;
  /** One, or in SARIF any number. */
  readonly runs: readonly AuditRun[];
  readonly notShown: readonly NotShown[];
}

/** A part of the file that is not shown, and why. */
export interface NotShown {
  /** Its path in the JSON: `findings.3.place`. */
  readonly where: string;
  readonly why: string;
}

/** One run of a tool over one tree. */
export interface AuditRun {
  /** `Dachs`, or what else wrote it, with its version where it says so. */
  readonly tool: string;
  readonly tree?: string;
  readonly release?: string;
  /** Figures of the whole: what was counted, and how many. */
  readonly figures: readonly (readonly [what: string, count: string])[];
  readonly findings: readonly ShownFinding[];
  /** What the types mean, where the file says so and we do not know better. */
  readonly rules: readonly RuleInfo[];
  readonly exempt: readonly ShownExempt[];
  readonly notChecked: readonly ShownOpen[];
  readonly baseline?: {
    readonly file: string;
    readonly known: number;
    readonly stale: readonly KnownFinding[];
  };
  readonly attach?: ShownAttachAudit;
  /** What the text of the whole audit is made of; absent where the file has not all of it. */
  readonly whole?: WholeText;
}

/** A place in a source file; a line or column of which nothing is known is absent. */
export interface ShownPlace {
  readonly file: string;
  readonly line?: number;
  readonly col?: number;
}

/** A sentence, and where it is about. */
export interface ShownStep {
  readonly place?: ShownPlace;
  readonly message: string;
}

/** How grave a finding is; `note` and `none` are SARIF's, `check` is ours. */
export type ShownLevel = 'error' | 'warning' | 'check' | 'note' | 'none';

/** A finding of any form. */
export interface ShownFinding {
  readonly type: string;
  readonly level: ShownLevel;
  readonly place?: ShownPlace;
  readonly message: string;
  /** Whether anyone can meet it; absent where nobody asked. */
  readonly reach?: Finding['reach'];
  readonly function?: string;
  /** Steps of one run in their order; several where the file has several paths. */
  readonly paths: readonly (readonly ShownStep[])[];
  /** What it tells beside the path. */
  readonly notes: readonly ShownStep[];
  readonly conditions: readonly string[];
  readonly machines: readonly ShownMachine[];
  /** Why it is not to be counted: a baseline names it, or somebody suppressed it. */
  readonly suppressed?: string;
  /** Of SARIF: `new`, `unchanged`, `updated`, `absent`. */
  readonly state?: string;
  /** The finding as the command line has it; absent where the form does not hold all of it. */
  readonly record?: Finding;
}

/** A machine that a finding is about, and the scenario that goes wrong on it. */
export interface ShownMachine {
  readonly machine: string;
  readonly scenario?: string;
}

/** A type of findings as its file explains it. */
export interface RuleInfo {
  readonly type: string;
  readonly title: string;
  readonly text: string;
  readonly link?: string;
}

/** A call that is meant to be as it is. */
export interface ShownExempt {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly acquire: string;
  readonly why: string;
}

/** A place that the tool saw and did not understand. */
export interface ShownOpen {
  readonly place?: ShownPlace;
  readonly subject: string;
  readonly why: string;
}

/** Attach functions with their automata. */
export interface ShownAttachAudit {
  /** What the tree is compared with. */
  readonly model: string;
  readonly drivers: readonly ShownDriver[];
  /** Functions that no model stands beside: `file:line name()`. */
  readonly notCompared: readonly string[];
}

/** Who finds an item: tree and model, one of them, or nothing to compare it with. */
export type ShownSide = 'both' | 'onlyTree' | 'onlyModel' | 'notComparable';

/** One attach function. */
export interface ShownDriver {
  readonly driver: string;
  readonly learnt: LearntAttach;
  /** Calls that fail in the tree alone, and in the model alone. */
  readonly calls: { readonly onlyTree: readonly string[]; readonly onlyModel: readonly string[] };
  readonly systems: readonly {
    readonly title: string;
    readonly ways: { readonly tree: number; readonly model: number };
    readonly notChecked: readonly string[];
    readonly items: readonly (AttachItem & { readonly side: ShownSide })[];
  }[];
}

/** What the command line's text of all findings is printed from. */
export type WholeText =
  | {
      readonly kind: 'audit';
      readonly profile: {
        readonly name: string;
        readonly questions: number;
        readonly recorded: number;
      };
    }
  | {
      readonly kind: 'protocols';
      readonly protocols: readonly {
        readonly name: string;
        readonly title: string;
        readonly files: number;
        readonly calls: number;
      }[];
      readonly functions: number;
    }
  | {
      readonly kind: 'errptr';
      readonly files: number;
      readonly functions: number;
      readonly returning: number;
      readonly callers: number;
      readonly ambiguous: number;
    };
