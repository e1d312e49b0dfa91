// What the matrix view asks of the engine: strings and small arrays, never the cells as objects.

import type { Statement } from '../../../report/index.ts';

/** What the tables are made of, whatever the kernel. */
export interface Plan {
  readonly kernels: readonly { readonly id: string; readonly title: string }[];
  readonly machines: readonly PlannedMachine[];
  readonly drivers: readonly { readonly id: string; readonly title: string }[];
  readonly places: readonly PlannedPlace[];
  readonly fileSystems: readonly string[];
  readonly options: readonly string[];
  /** Words with their marks, the one that needs looking at first is first. */
  readonly severity: readonly string[];
  /** One line on each word without its mark. */
  readonly meanings: readonly { readonly word: string; readonly meaning: string }[];
}

/** A machine as the tables name it. */
export interface PlannedMachine {
  readonly id: string;
  readonly name: string;
  readonly arch: string;
  /** `4K pages, vivt 16K/4`. */
  readonly about: string;
  /** Linux never runs it this way: it is not counted. */
  readonly idle: boolean;
}

/** A driver, a file system and an option. */
export interface PlannedPlace {
  readonly driver: string;
  readonly fs: string;
  readonly option: string;
}

/** The words of all cells of one kernel. */
export interface KernelWords {
  readonly kernel: string;
  /** The class of each machine, in the plan's order. */
  readonly classOf: readonly number[];
  /** A letter for each place, in the plan's order: `a` is the first word of `severity`. */
  readonly classes: readonly string[];
}

/** Which cells are asked about: lists of names, empty for all. */
export interface Filters {
  readonly arch: readonly string[];
  readonly machine: readonly string[];
  readonly driver: readonly string[];
  readonly fs: readonly string[];
  readonly option: readonly string[];
  readonly verdict: readonly string[];
  /** Free text that the id, the name or the architecture of a machine contains. */
  readonly find: string;
}

/** One cell explained. */
export interface CellAnswer {
  /** `arm926ej-s/pmem/ext4/always@6.12`, or `arm926ej-s@6.12`. */
  readonly name: string;
  readonly word: string;
  readonly meaning: string;
  readonly kernel: string;
  /** The three answers in a few words each. */
  readonly built: string;
  readonly believed: string;
  readonly true: string;
  readonly decidedBy: 'built' | 'believed' | 'true';
  readonly subject: readonly Statement[];
  readonly statements: readonly Statement[];
  readonly sources: readonly string[];
  readonly witness?: CellWitness;
  /** The same bytes as the command line prints, and the command. */
  readonly text: string;
  readonly command: string;
}

/** The shortest schedule that goes wrong. */
export interface CellWitness {
  readonly title: string;
  readonly text: string;
  /** Where the view of witnesses shows it; absent: it knows no such scenario. */
  readonly link?: { readonly scenario: string; readonly machine: string };
}

/** CPUs by kernels. */
export interface CpuTable {
  /** In the order of the plan's machines. */
  readonly rows: readonly CpuRow[];
}

/** One CPU: what the search found of its cache, and a word a kernel. */
export interface CpuRow {
  readonly hardware: string;
  readonly words: readonly string[];
}

type Nothing = Readonly<Record<string, never>>;

/** The questions of the view. */
export interface MatrixAsks {
  readonly 'matrix-plan': { readonly ask: Nothing; readonly answer: Plan };
  readonly 'matrix-kernel': {
    readonly ask: { readonly kernel: string };
    readonly answer: KernelWords;
  };
  /** The text of the command line for a table; no kernel: CPUs over all kernels. */
  readonly 'matrix-text': {
    readonly ask: { readonly kernel?: string; readonly filters: Filters };
    readonly answer: { readonly text: string };
  };
  readonly 'matrix-cpus': { readonly ask: Nothing; readonly answer: CpuTable };
  /** A cell by its name without the kernel; undefined: there is no such cell. */
  readonly 'matrix-cell': {
    readonly ask: { readonly cell: string; readonly kernel: string };
    readonly answer: { readonly found?: CellAnswer };
  };
}
