// One operation of a user: how its arguments are read, and what it does.

import type { Args } from './args.ts';
import type { Outcome } from './outcome.ts';
import type { User } from './user.ts';

/** Reads its arguments first, all of them, and then acts on a user. */
export interface Operation {
  /** One line for people who ask what there is. */
  readonly says: string;
  /** Arguments as people write them: `fd offset length`. */
  readonly usage: string;
  readonly read: (args: Args) => (user: User) => Outcome;
}

/** Operations by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** Outcome where a name of a file or mapping means nothing, by what the recorder then did. */
export const NO_HANDLE: Outcome = { rc: -1, errno: 'EAGAIN' };
/** An access through a mapping that is not there. */
export const NO_MAP: Outcome = { rc: -1, errno: 'NOMAP' };
/** A system call on a descriptor that is not open. */
export const BAD_FD: Outcome = { rc: -1, errno: 'EBADF' };
/** The process sleeps for ever. */
export const BLOCKED: Outcome = { rc: -1, errno: 'BLOCKED' };
