// What a walk of a driver's C learnt of its attach and its detach: a small automaton of the calls
// that matter, which runs on the same kernel model, with the same failures, as our own model of
// that driver. It is made by the auditor; nothing here reads C.

/** Where a step stands in the tree. */
export interface LearntPlace {
  readonly file: string;
  readonly line: number;
}

/** How a call ended: `ok`, or how it failed: NULL, some error, or one error by name. */
export type LearntResult = 'ok' | 'NULL' | 'error' | `-${string}`;

/**
 * One step; numbers are indices of nodes. A number that is no index says that the walk was cut off
 * there, as a call does whose outcome is missing: ways that come to it are not checked.
 */
export type LearntNode =
  /**
   * A call, by its name in C. Several outcomes: the environment chooses. `object` is the object
   * that it makes, uses or gives back: an ordinal over the acquisitions of the attach; null where
   * the C passes NULL at this point, undefined where it concerns none. A call that is given a disk
   * and a DAX device names either: the other one is the newest. An object whose acquisition failed
   * may be named: it is then what the acquisition gave, NULL or an error pointer.
   *
   * A function of devm_ registers no step of its own: what it takes is given back after the attach
   * has failed and after the detach. But the calls of an action that C itself hands to
   * devm_add_action_or_reset() stand in the automaton: behind its failure, before each later
   * failure of the attach, and in the detach.
   */
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly object: number | null | undefined;
      readonly at: LearntPlace;
      readonly outcomes: readonly { readonly result: LearntResult; readonly next: number }[];
    }
  /**
   * A condition that the walk could not decide: the environment chooses. Questions with one text
   * are one question and have one answer on a way; the test of a loop that is met again has the
   * other. Where the answer may have changed in between, the text has to say so.
   */
  | {
      readonly kind: 'question';
      readonly text: string;
      readonly at: LearntPlace;
      readonly yes: number;
      readonly no: number;
    }
  /** A field that outlives the attach gets the object, or NULL. */
  | {
      readonly kind: 'store';
      readonly field: string;
      readonly object: number | null;
      readonly at: LearntPlace;
      readonly next: number;
    }
  /** A feature is announced, e.g. BLK_FEAT_DAX. */
  | {
      readonly kind: 'flag';
      readonly flag: string;
      readonly at: LearntPlace;
      readonly next: number;
    }
  /** The attach gives 0; what follows is the detach, or no node where that is not known. */
  | { readonly kind: 'attached'; readonly next: number }
  /** The attach gives an error (`errno` where it is known), or the detach is over. */
  | { readonly kind: 'failed'; readonly errno: string | undefined }
  | { readonly kind: 'detached' };

/** An object that the attach acquires. */
export interface LearntObject {
  /** E.g. `dax_device`, `gendisk`: the protocol it follows. */
  readonly protocol: string;
  readonly acquire: string;
  readonly at: LearntPlace;
}

/** The automaton of one attach function; node 0 is its start. */
export interface LearntAttach {
  /** Function that attaches, e.g. `pmem_attach_disk`. */
  readonly function: string;
  readonly at: LearntPlace;
  readonly objects: readonly LearntObject[];
  readonly nodes: readonly LearntNode[];
  /** Named where the walk was cut off: the automaton lacks ways. */
  readonly notChecked: readonly string[];
}
