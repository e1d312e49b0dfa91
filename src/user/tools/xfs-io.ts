// `xfs_io -c 'chattr +x' FILE` and `lsattr`.
// @source xfsprogs 6.1 io/attr.c

import { ioctl_fsgetxattr, ioctl_fssetxattr } from '../../kernel/index.ts';
import { withPath } from '../ops-flag.ts';
import { BLOCKED } from '../operation.ts';
import { outcomeOf } from '../outcome.ts';
import type { User } from '../user.ts';
import type { Ran } from './shell.ts';

// Letters in the order of lsattr's line, with their FS_XFLAG_*.
const LETTERS: ReadonlyMap<string, number> = new Map([
  ['r', 0x1],
  ['p', 0x2],
  ['i', 0x8],
  ['a', 0x10],
  ['s', 0x20],
  ['A', 0x40],
  ['d', 0x80],
  ['t', 0x100],
  ['P', 0x200],
  ['n', 0x400],
  ['e', 0x800],
  ['E', 0x1000],
  ['f', 0x2000],
  ['S', 0x4000],
  ['x', 0x8000],
  ['C', 0x10000],
  ['X', 0x80000000],
]);

/** Runs `xfs_io argv`. */
export function xfsIo(user: User, argv: readonly string[]): Ran {
  const path = argv.at(-1) ?? '';
  const command = argv[argv.indexOf('-c') + 1] ?? '';
  if (command === 'lsattr') return lsattr(user, path);
  const change = /^chattr ([+-])([riasAdtPneEfSxC]+)$/.exec(command);
  if (change === null) {
    return { rc: 1, stdout: '', stderr: `command "${command}" not found\n` };
  }
  return chattr(user, path, { sets: change[1] === '+', letters: change[2] ?? '' });
}

function chattr(
  user: User,
  path: string,
  change: { readonly sets: boolean; readonly letters: string },
): Ran {
  let bits = 0;
  for (const letter of change.letters) bits |= LETTERS.get(letter) ?? 0;
  const { rc, errno } = withPath(user, path, (file) => {
    const old = ioctl_fsgetxattr(user.task, file);
    if (typeof old === 'number') return outcomeOf(old);
    const fsx_xflags = (change.sets ? old.fsx_xflags | bits : old.fsx_xflags & ~bits) >>> 0;
    const answer = user.run(ioctl_fssetxattr(user.task, file, { ...old, fsx_xflags }));
    return answer === undefined ? BLOCKED : outcomeOf(answer);
  });
  const text = rc === 0 ? '' : `${path}: ${String(errno)}\n`;
  return { rc: rc === 0 ? 0 : 1, stdout: '', stderr: text };
}

function lsattr(user: User, path: string): Ran {
  let flags = '';
  const outcome = withPath(user, path, (file) => {
    const attributes = ioctl_fsgetxattr(user.task, file);
    if (typeof attributes === 'number') return { rc: -1 };
    const { fsx_xflags } = attributes;
    for (const [letter, bit] of LETTERS) flags += (fsx_xflags & bit) === 0 ? '-' : letter;
    return { rc: 0 };
  });
  if (outcome['rc'] !== 0) return { rc: 1, stdout: '', stderr: `${path}: cannot be opened\n` };
  return { rc: 0, stdout: `${flags} ${path} \n`, stderr: '' };
}
