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

/** One step; numbers are indices of nodes. */
export type LearntNode =
  /**
   * A call, by its name in C. Several outcomes: the environment chooses. `object` is the object
   * that it makes, uses or gives back: an ordinal over the acquisitions of the attach; null where
   * the C passes NULL at this point, undefined where it concerns none.
   */
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly object: number | null | undefined;
      readonly at: LearntPlace;
      readonly outcomes: readonly { readonly result: LearntResult; readonly next: number }[];
    }
  /** A condition that the walk could not decide: the environment chooses. */
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
  /** The attach gives 0; what follows is the detach. */
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
