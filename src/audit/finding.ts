// The record of one finding, and the names of the types that exist. A name is stable for ever;
// finding-types.ts says what each means.

import type { Place } from './c/index.ts';

/** What a finding tells beyond its message; `place` where it is about another place. */
export interface FindingNote {
  readonly place?: Place;
  readonly message: string;
}

/** One fault of a tree: what, where, whether anyone can meet it, and for which machines. */
export interface Finding {
  readonly type: FindingType;
  readonly level: 'error' | 'warning' | 'check';
  readonly place: Place;
  readonly message: string;
  readonly reach: Reach;
  readonly notes: readonly FindingNote[];
  /** The notes that have a place are the steps of one run, in their order. */
  readonly path?: boolean;
  /** The function that it is about; moves with it, where a line does not. */
  readonly function?: string;
  /** Configuration under which it holds, e.g. `CONFIG_FS_DAX` or `!CONFIG_DAX`; all of them. */
  readonly conditions?: readonly string[];
  /** Machines of the catalogue that the finding is about. */
  readonly machines?: readonly string[];
}

/**
 * Whether a user of this tree can meet a finding. `latent`: some other fact of the tree prevents
 * it; `not-checked`: whether the code can be built, or is ever run, was not found out.
 */
export type Reach = 'reachable' | 'latent' | 'not-checked';

/** Every type that there is; selectable by `--types` and `--ignore`. */
export type FindingType =
  | 'FALSE_DENIAL'
  | 'FALSE_PERMISSION'
  | 'NO_RUN_TIME_GATE'
  | 'LIST_WITHOUT_EFFECT'
  | 'SELECT_WITHOUT_HEADER'
  | 'HEADER_WITHOUT_SELECT'
  | 'NULL_OPS_REFUSED'
  | 'REFUSAL_NOT_SURVIVED'
  | 'STUB_RETURNS_NULL'
  | 'RESULT_UNTESTED'
  | 'STORED_AFTER_ADD_HOST'
  | PathFindingType;

/** Types whose findings are paths through functions of C. */
export type PathFindingType =
  | 'LEAK'
  | 'ERROR_AS_OBJECT'
  | 'WRONG_CHECK'
  | 'UNCHECKED_DEREFERENCE'
  | 'RELEASE_OF_ERROR'
  | 'DOUBLE_RELEASE'
  | 'SURVIVABLE_ERROR_FATAL'
  | 'FATAL_ERROR_SURVIVED'
  | 'NOT_UNREGISTERED'
  | 'STORED_TOO_LATE'
  | 'RELEASE_ORDER'
  | 'FEATURE_WITHOUT_OBJECT'
  | 'NULL_FIELD_USED';

/** A type as `dachs explain` tells it. */
export interface FindingTypeInfo {
  readonly type: FindingType;
  readonly title: string;
  /** The level of its findings where a user of the tree can meet them; else it is `check`. */
  readonly level: Finding['level'];
  readonly meaning: string;
  /** A situation in which it fires, and a similar one in which it stays silent. */
  readonly fires: string;
  readonly silent: string;
}
