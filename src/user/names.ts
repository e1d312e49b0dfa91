// Why an operation failed, for people, where its outcome does not tell: the recordings have EAGAIN,
// EBADF or NOMAP for names that mean nothing, and an exit status of mkfs.

import { IS_ERR, lookup_bdev } from '../kernel/index.ts';
import type { RawArgs } from './args.ts';
import type { Outcome } from './outcome.ts';
import type { User } from './user.ts';

const MADE = ['ext2', 'ext3', 'ext4', 'xfs'];

/** A sentence about why mkfs did not work; undefined where it did, or for other operations. */
export function mkfsNote(
  { linux }: User,
  { op, args }: { readonly op: string; readonly args: RawArgs },
  outcome: Outcome,
): string | undefined {
  const { fs, device } = args;
  if (op !== 'mkfs' || outcome['rc'] === 0 || typeof device !== 'string') return undefined;
  const bdev = lookup_bdev(linux, device);
  if (IS_ERR(bdev)) return `there is no block device ${device}`;
  if (bdev.bd_holder !== undefined) return `${device} is in use`;
  if (typeof fs === 'string' && !MADE.includes(fs)) {
    return `there is no mkfs.${fs}; there are ${MADE.join(' ')}, and ! mkfs.erofs IMAGE DIRECTORY`;
  }
  return `mkfs does not take these options, or ${device} is too small`;
}

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
