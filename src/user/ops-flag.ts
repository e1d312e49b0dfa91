// Operations on attribute flags of files: FS_IOC_FSGETXATTR, FS_IOC_SETFLAGS and their like.

import {
  E,
  type File,
  FS_APPEND_FL,
  FS_DAX_FL,
  FS_IMMUTABLE_FL,
  FS_JOURNAL_DATA_FL,
  FS_XFLAG_DAX,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  fput,
  ioctl_fsgetxattr,
  ioctl_fssetxattr,
  ioctl_getflags,
  ioctl_setflags,
} from '../kernel/index.ts';
import { BAD_FD, BLOCKED, type Operations } from './operation.ts';
import { open } from './ops-file.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { User } from './user.ts';

/** Letters of chattr, and their bits. */
const LETTERS: Readonly<Record<string, number>> = {
  x: FS_DAX_FL,
  j: FS_JOURNAL_DATA_FL,
  i: FS_IMMUTABLE_FL,
  a: FS_APPEND_FL,
};
const CHANGES = Object.keys(LETTERS).flatMap((letter) => [`+${letter}`, `-${letter}`]);

/** Operations on attribute flags, by name. */
export const FLAG_OPERATIONS: Operations = {
  getx: {
    says: 'extended flags of a file by its name',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => withPath(user, path, (file) => getx(user, file));
    },
  },
  fgetx: {
    says: 'extended flags of an open file',
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (user) => {
        const file = user.files.get(fd);
        return file === undefined ? BAD_FD : getx(user, file);
      };
    },
  },
  setx: {
    says: 'set or clear the DAX flag of a file by its name',
    usage: 'path value',
    read: (args) => {
      const [path, value] = [args.text('path'), args.word('value', ['+x', '-x'])];
      return (user) => withPath(user, path, (file) => setx(user, file, value));
    },
  },
  fsetx: {
    says: 'set or clear the DAX flag of an open file',
    usage: 'fd value',
    read: (args) => {
      const [fd, value] = [args.text('fd'), args.word('value', ['+x', '-x'])];
      return (user) => {
        const file = user.files.get(fd);
        return file === undefined ? BAD_FD : setx(user, file, value);
      };
    },
  },
  uidrun: {
    says: 'set or clear the DAX flag of a file as another user',
    usage: 'uid path value',
    read: (args) => {
      const [uid, path] = [args.count('uid'), args.text('path')];
      const value = args.word('value', ['+x', '-x']);
      return (user) => {
        const { task } = user;
        const [formerUid, formerGid] = [task.uid, task.gid];
        task.uid = uid;
        task.gid = uid;
        const outcome = withPath(user, path, (file) => setx(user, file, value));
        task.uid = formerUid;
        task.gid = formerGid;
        return outcome;
      };
    },
  },
  getflags: {
    says: 'flags of a file by its name, as lsattr reads them',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => withPath(user, path, (file) => getflags(user, file));
    },
  },
  setflag: {
    says: 'set or clear a flag of a file by its name, as chattr does',
    usage: 'path value',
    read: (args) => {
      const [path, value] = [args.text('path'), args.word('value', CHANGES)];
      return (user) => withPath(user, path, (file) => setflag(user, file, value));
    },
  },
};

/** Sets or clears the DAX flag of an open file: FSGETXATTR, then FSSETXATTR. */
export function setx(user: User, file: File, value: string): Outcome {
  const old = ioctl_fsgetxattr(user.task, file);
  if (typeof old === 'number') return outcomeOf(old);
  const bits = old.fsx_xflags;
  const fsx_xflags = value === '+x' ? bits | FS_XFLAG_DAX : bits & ~FS_XFLAG_DAX;
  const answer = user.run(ioctl_fssetxattr(user.task, file, { ...old, fsx_xflags }));
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}

/** Opens a path as `chattr` of xfs_io does, acts, and closes it. */
export function withPath(user: User, path: string, act: (file: File) => Outcome): Outcome {
  const file = open(user, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (typeof file === 'number') return outcomeOf(file);
  const outcome = act(file);
  user.run(fput(file));
  return outcome;
}

function getx(user: User, file: File): Outcome {
  const attributes = ioctl_fsgetxattr(user.task, file);
  if (typeof attributes === 'number') return outcomeOf(attributes);
  const xflags = attributes.fsx_xflags >>> 0;
  return { rc: 0, xflag_dax: (xflags & FS_XFLAG_DAX) !== 0, xflags: `0x${xflags.toString(16)}` };
}

function getflags(user: User, file: File): Outcome {
  const flags = ioctl_getflags(user.task, file);
  return errorRange(flags) ? outcomeOf(flags) : flagsOutcome(flags >>> 0);
}

function setflag(user: User, file: File, value: string): Outcome {
  const old = ioctl_getflags(user.task, file);
  if (errorRange(old)) return outcomeOf(old);
  const bit = LETTERS[value.slice(1)] ?? 0;
  const flags = value.startsWith('+') ? old | bit : old & ~bit;
  const answer = user.run(ioctl_setflags(user.task, file, flags >>> 0));
  if (answer === undefined) return BLOCKED;
  // As the recorder tells it: the flags that were passed, not those that the file then has.
  return answer < 0 ? outcomeOf(answer) : flagsOutcome(flags >>> 0);
}

function flagsOutcome(flags: number): Outcome {
  return {
    rc: 0,
    dax_fl: (flags & FS_DAX_FL) !== 0,
    journal_fl: (flags & FS_JOURNAL_DATA_FL) !== 0,
    flags: `0x${flags.toString(16)}`,
  };
}

function errorRange(answer: number): boolean {
  return answer < 0 && answer >= -Math.max(...Object.values(E));
}
