// The record of one audit: facts with their places, judged machines, findings, and what was not
// checked.

import type { Kernel } from '../kernel/index.ts';
import type { Cell, Truth } from '../matrix/index.ts';
import type { AttachAudit } from './attach.ts';
import type { Buildability } from './buildability.ts';
import type { Alternatives, BuildFacts, RefusalList } from './buildable.ts';
import type { KnownFinding } from './baseline.ts';
import type { Exempt } from './paths/index.ts';
import type { AllocDaxFacts, NotChecked, PredicateFacts } from './c/index.ts';
import type { Finding } from './finding.ts';

/** What the clause that refuses architectures by name does in this tree. */
export interface ListEffect {
  /** The clause as the tree has it; absent where it has none. */
  readonly list?: RefusalList;
  /** The clause that was taken out, or put in, to compare. */
  readonly compared: string;
  /** Ports whose FS_DAX differs with and without the clause. */
  readonly differs: readonly string[];
}

/** One machine on this tree. */
export interface JudgedMachine {
  readonly machine: string;
  readonly truth: Truth;
  readonly cell: Cell;
}

/** One port of the tree with everything that was found out about it. */
export interface AuditedPort {
  readonly id: string;
  readonly arch: string;
  readonly note: string;
  readonly built: BuildFacts['symbols'];
  /** Which of the alternatives among FS_DAX's dependencies holds, where FS_DAX is y. */
  readonly alternatives?: Alternatives;
  readonly predicate: PredicateFacts;
  /** asm/cachetype.h of the architecture names the predicate; it may not be readable. */
  readonly headerNames: boolean | 'not-checked';
  readonly machines: readonly JudgedMachine[];
}

/** What was learnt about one tree; parts that were not understood stand in `notChecked`. */
export interface Audit {
  /** Path or title of the tree as it was given. */
  readonly tree: string;
  /** E.g. `6.12.117`. */
  readonly release: string;
  readonly profile: {
    readonly name: string;
    /** Questions about the toolchain, of all ports together. */
    readonly questions: number;
    /** Those whose answer was on record from a real toolchain; the others were assumed. */
    readonly recorded: number;
  };
  readonly kernel: Kernel;
  readonly allocDax: AllocDaxFacts;
  readonly list: ListEffect;
  readonly ports: readonly AuditedPort[];
  /** Over every configuration of every architecture: FS_DAX, and FS_DAX with caches that alias. */
  readonly buildable: readonly Buildability[];
  readonly findings: readonly Finding[];
  /** Calls of alloc_dax() and its like that are not judged, and why. */
  readonly exempt: readonly Exempt[];
  /** Attach functions explored beside our own models; absent where none was learnt. */
  readonly attach?: AttachAudit;
  readonly notChecked: readonly NotChecked[];
}

/** What a baseline made of the findings of an audit; `findings` of the latter are the rest. */
export interface AgainstBaseline {
  /** The file, as it was given. */
  readonly file: string;
  /** How many findings it hides. */
  readonly known: number;
  /** Its entries that are no longer found. */
  readonly stale: readonly KnownFinding[];
}

/** What the rules of findings look at. */
export type AuditFacts = Pick<Audit, 'kernel' | 'allocDax' | 'list' | 'ports'>;
