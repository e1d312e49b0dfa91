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
import type { Session } from './session.ts';

const NEW_DIRECTORY_MODE = 0o755;

export const NAME_OPERATIONS: Operations = {
  statx: {
    says: 'what statx() tells of a name; symbolic links are not followed',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (session) => {
        const stat = vfs_statx(session.task, path);
        return typeof stat === 'number' ? outcomeOf(stat) : statOutcome(stat, true);
      };
    },
  },
  fstatx: {
    says: 'what statx() tells of an open file',
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (session) => {
        const file = session.files.get(fd);
        return file === undefined ? BAD_FD : statOutcome(vfs_fstatx(file), false);
      };
    },
  },
  mkdir: byPath('make a directory', (session, path) =>
    sys_mkdir(session.task, path, NEW_DIRECTORY_MODE),
  ),
  mkdirp: byPath('make a directory and those above it', mkdirp),
  mkfifo: byPath('make a fifo', (session, path) => sys_mknod_fifo(session.task, path, 0o644)),
  unlink: byPath('remove a name', (session, path) => session.run(sys_unlink(session.task, path))),
  rename: fromTo('rename', (session, from, to) =>
    session.run(sys_rename(session.task, from, to, { exchange: false })),
  ),
  exchange: fromTo('exchange two names', (session, from, to) =>
    session.run(sys_rename(session.task, from, to, { exchange: true })),
  ),
  link: fromTo('make a hard link', (session, from, to) => sys_link(session.task, from, to)),
  flink: {
    says: 'give an open file a name',
    usage: 'fd to',
    read: (args) => {
      const [fd, to] = [args.text('fd'), args.text('to')];
      return (session) => withFile(session, fd, (file) => sys_linkat_fd(session.task, file, to));
    },
  },
  symlink: {
    says: 'make a symbolic link',
    usage: 'target path',
    read: (args) => {
      const [target, path] = [args.text('target'), args.text('path')];
      return (session) => outcomeOf(sys_symlink(session.task, target, path));
    },
  },
  chown: {
    says: 'give a file to a user',
    usage: 'path uid',
    read: (args) => {
      const [path, uid] = [args.text('path'), args.count('uid')];
      return (session) => answered(session.run(sys_chown(session.task, path, uid)));
    },
  },
  truncate: {
    says: 'set the size of a file by its name',
    usage: 'path size',
    read: (args) => {
      const [path, size] = [args.text('path'), args.count('size')];
      return (session) => answered(session.run(sys_truncate(session.task, path, size)));
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
  act: (session: Session, path: string) => number | undefined,
): Operations[string] {
  return {
    says,
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (session) => answered(act(session, path));
    },
  };
}

function fromTo(
  says: string,
  act: (session: Session, from: string, to: string) => number | undefined,
): Operations[string] {
  return {
    says,
    usage: 'from to',
    read: (args) => {
      const [from, to] = [args.text('from'), args.text('to')];
      return (session) => answered(act(session, from, to));
    },
  };
}

/** Makes a directory and those above it that are not there: 0, or an error number. */
export function mkdirp(session: Session, path: string): number {
  const parts = path.split('/').filter((part) => part !== '');
  const above = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  let answer = 0;
  for (const directory of above) {
    if (typeof vfs_statx(session.task, directory) !== 'number') continue;
    answer = sys_mkdir(session.task, directory, NEW_DIRECTORY_MODE);
    if (answer < 0) return answer;
  }
  return answer;
}

function answered(answer: number | undefined): Outcome {
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}
