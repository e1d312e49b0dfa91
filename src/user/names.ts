// Names of open files and mappings that mean nothing, for people: the recordings have EAGAIN,
// EBADF or NOMAP for them.

import type { RawArgs } from './args.ts';
import type { User } from './user.ts';

/** A sentence about the first name in the arguments under which nothing is open or mapped. */
export function strangeName(user: User, args: RawArgs): string | undefined {
  const { fd, map } = args;
  if (typeof fd === 'string' && !user.files.has(fd)) return missing('file is open', fd, user.files);
  if (typeof map === 'string' && !user.mappings.has(map)) {
    return missing('mapping is there', map, user.mappings);
  }
  return undefined;
}

function missing(what: string, name: string, known: ReadonlyMap<string, unknown>): string {
  const others = [...known.keys()].toSorted();
  const there = others.length === 0 ? 'none at all' : `there are ${others.join(' ')}`;
  return `no ${what} under the name '${name}'; ${there}`;
}
