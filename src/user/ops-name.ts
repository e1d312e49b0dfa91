// Operations on names: directories, links, renames, owners, sizes by path.

import {
  sys_chown,
  sys_link,
  sys_linkat_fd,
  sys_mkdir,
  sys_mknod_fifo,
  sys_rename,
  sys_symlink,
  sys_truncate,
  sys_unlink,
  vfs_fstatx,
  vfs_statx,
} from '../kernel/index.ts';
import { BAD_FD, BLOCKED, type Operations } from './operation.ts';
import { withFile } from './ops-file.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { User } from './user.ts';

const NEW_DIRECTORY_MODE = 0o755;

/** Operations on names, by name. */
export const NAME_OPERATIONS: Operations = {
  statx: {
    says: 'what statx() tells of a name; symbolic links are not followed',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => {
        const stat = vfs_statx(user.task, path);
        return typeof stat === 'number' ? outcomeOf(stat) : statOutcome(stat, true);
      };
    },
  },
  fstatx: {
    says: 'what statx() tells of an open file',
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (user) => {
        const file = user.files.get(fd);
        return file === undefined ? BAD_FD : statOutcome(vfs_fstatx(file), false);
      };
    },
  },
  mkdir: byPath('make a directory', (user, path) => sys_mkdir(user.task, path, NEW_DIRECTORY_MODE)),
  mkdirp: byPath('make a directory and those above it', mkdirp),
  mkfifo: byPath('make a fifo', (user, path) => sys_mknod_fifo(user.task, path, 0o644)),
  unlink: byPath('remove a name', (user, path) => user.run(sys_unlink(user.task, path))),
  rename: fromTo('rename', (user, from, to) =>
    user.run(sys_rename(user.task, from, to, { exchange: false })),
  ),
  exchange: fromTo('exchange two names', (user, from, to) =>
    user.run(sys_rename(user.task, from, to, { exchange: true })),
  ),
  link: fromTo('make a hard link', (user, from, to) => sys_link(user.task, from, to)),
  flink: {
    says: 'give an open file a name',
    usage: 'fd to',
    read: (args) => {
      const [fd, to] = [args.text('fd'), args.text('to')];
      return (user) => withFile(user, fd, (file) => sys_linkat_fd(user.task, file, to));
    },
  },
  symlink: {
    says: 'make a symbolic link',
    usage: 'target path',
    read: (args) => {
      const [target, path] = [args.text('target'), args.text('path')];
      return (user) => outcomeOf(sys_symlink(user.task, target, path));
    },
  },
  chown: {
    says: 'give a file to a user',
    usage: 'path uid',
    read: (args) => {
      const [path, uid] = [args.text('path'), args.count('uid')];
      return (user) => answered(user.run(sys_chown(user.task, path, uid)));
    },
  },
  truncate: {
    says: 'set the size of a file by its name',
    usage: 'path size',
    read: (args) => {
      const [path, size] = [args.text('path'), args.count('size')];
      return (user) => answered(user.run(sys_truncate(user.task, path, size)));
    },
  },
};

function statOutcome(stat: ReturnType<typeof vfs_fstatx>, byName: boolean): Outcome {
  const dio =
    stat.dio === undefined || !byName
      ? {}
      : { dio_mem_align: stat.dio.mem_align, dio_offset_align: stat.dio.offset_align };
  return {
    rc: 0,
    attr_dax: stat.attr_dax,
    attr_dax_mask: stat.attr_dax_mask,
    size: stat.size,
    ...(byName ? { type: stat.type } : {}),
    ...dio,
  };
}

function byPath(
  says: string,
  act: (user: User, path: string) => number | undefined,
): Operations[string] {
  return {
    says,
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => answered(act(user, path));
    },
  };
}

function fromTo(
  says: string,
  act: (user: User, from: string, to: string) => number | undefined,
): Operations[string] {
  return {
    says,
    usage: 'from to',
    read: (args) => {
      const [from, to] = [args.text('from'), args.text('to')];
      return (user) => answered(act(user, from, to));
    },
  };
}

/** Makes a directory and those above it that are not there: 0, or an error number. */
export function mkdirp(user: User, path: string): number {
  const parts = path.split('/').filter((part) => part !== '');
  const above = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  let answer = 0;
  for (const directory of above) {
    if (typeof vfs_statx(user.task, directory) !== 'number') continue;
    answer = sys_mkdir(user.task, directory, NEW_DIRECTORY_MODE);
    if (answer < 0) return answer;
  }
  return answer;
}

function answered(answer: number | undefined): Outcome {
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}
