// Operations on open files: open, close, read, write, sync, and copies between files.

import {
  type File,
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_DIRECTORY,
  O_DSYNC,
  O_EXCL,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
  do_sys_open,
  filemap_cachestat,
  fput,
  iovBytes,
  iovSink,
  iovUser,
  sys_ftruncate,
  sys_sendfile,
  sys_splice,
  sys_swapoff,
  sys_swapon,
  vfs_fsync,
  vfs_pread,
  vfs_pwrite,
} from '../kernel/index.ts';
import { MOST_BYTES } from './args.ts';
import { BAD_FD, BLOCKED, NO_HANDLE, NO_MAP, type Operations } from './operation.ts';
import { type Outcome, outcomeOf, runLength } from './outcome.ts';
import type { User } from './user.ts';

const OPEN_FLAGS: Readonly<Record<string, number>> = {
  rdonly: O_RDONLY,
  wronly: O_WRONLY,
  rdwr: O_RDWR,
  creat: O_CREAT,
  excl: O_EXCL,
  trunc: O_TRUNC,
  append: O_APPEND,
  direct: O_DIRECT,
  dsync: O_DSYNC,
  path: O_PATH,
  dir: O_DIRECTORY,
  tmpfile: O_TMPFILE,
};

/** Permission bits of files that operations make. */
export const NEW_FILE_MODE = 0o644;

/** Bytes of one write of `fill`. */
const FILL_BYTES = 2 ** 20;
/** And of the last ones. */
const FILL_PAGE_BYTES = 4096;

/** Outcome of a system call on the file under a name. */
export function withFile(
  user: User,
  name: string,
  act: (file: File) => number | undefined,
): Outcome {
  const file = user.files.get(name);
  if (file === undefined) return BAD_FD;
  const answer = act(file);
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}

/** Opens a path: the file, or an error number. */
export function open(user: User, path: string, flags: number): File | number {
  return do_sys_open(user.task, path, flags, NEW_FILE_MODE);
}

/** Operations on open files, by name. */
export const FILE_OPERATIONS: Operations = {
  open: {
    says: 'open a file under a name',
    usage: 'as path flags',
    read: (args) => {
      const [name, path] = [args.text('as'), args.text('path')];
      const words = args.words('flags', Object.keys(OPEN_FLAGS));
      const flags = [...words].reduce((bits, word) => bits | (OPEN_FLAGS[word] ?? 0), 0);
      return (user) => {
        const file = open(user, path, flags);
        if (typeof file === 'number') return outcomeOf(file);
        user.files.set(name, file);
        return { rc: 0 };
      };
    },
  },
  close: {
    says: 'close a file',
    usage: 'fd',
    read: (args) => {
      const name = args.text('fd');
      return (user) => {
        const file = user.files.get(name);
        if (file === undefined) return NO_HANDLE;
        user.files.delete(name);
        user.run(fput(file));
        return { rc: 0 };
      };
    },
  },
  create: {
    says: 'make a file that is not there yet',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => {
        const file = open(user, path, O_CREAT | O_EXCL | O_WRONLY);
        if (typeof file === 'number') return outcomeOf(file);
        user.run(fput(file));
        return { rc: 0 };
      };
    },
  },
  pread: reading('read bytes at an offset', 0),
  preadu: reading('read into a buffer that is one byte off alignment', 1),
  pwrite: {
    says: 'write bytes at an offset',
    usage: 'fd offset length byte',
    read: (args) => {
      const [fd, offset] = [args.text('fd'), args.count('offset')];
      const length = args.count('length', undefined, MOST_BYTES);
      const contents = { byte: args.byte('byte'), length };
      return (user) =>
        withFile(user, fd, (file) => {
          const iter = iovBytes(user.linux, contents);
          return user.run(vfs_pwrite(user.task, file, { offset }, iter));
        });
    },
  },
  pwrite_map: mapped('write from the memory of a mapping', 'source'),
  pread_map: mapped('read into the memory of a mapping', 'dest'),
  fill: {
    says: 'write one byte again and again until that fails',
    usage: 'fd byte',
    read: (args) => {
      const [fd, byte] = [args.text('fd'), args.byte('byte')];
      return (user) => {
        const file = user.files.get(fd);
        return file === undefined ? BAD_FD : fill(user, file, byte);
      };
    },
  },
  fsync: syncing('write a file and its metadata to the medium', false),
  fdatasync: syncing('write the data of a file to the medium', true),
  ftruncate: {
    says: 'set the size of an open file',
    usage: 'fd size',
    read: (args) => {
      const [fd, size] = [args.text('fd'), args.count('size')];
      return (user) => withFile(user, fd, (file) => user.run(sys_ftruncate(user.task, file, size)));
    },
  },
  cachestat: {
    says: 'count page-cache pages of a file',
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (user) => {
        // @source mm/filemap.c SYSCALL_DEFINE4(cachestat) v6.12; the call came with 6.5
        if (!user.linux.is_6_12) return { rc: -1, errno: 'ENOSYS' };
        const file = user.files.get(fd);
        if (file === undefined || (file.f_flags & O_PATH) !== 0) return BAD_FD;
        const mapping = file.f_inode.i_mapping;
        const counts = user.run(filemap_cachestat(mapping, 0, Number.MAX_SAFE_INTEGER));
        return counts === undefined ? BLOCKED : { rc: 0, ...counts };
      };
    },
  },
  sendfile: passing('send the first bytes of a file to a pipe by sendfile()', sys_sendfile),
  splice: passing('send the first bytes of a file to a pipe by splice()', sys_splice),
  swapon: {
    says: 'use a file as swap space, and stop again',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => {
        const file = open(user, path, O_RDWR);
        if (typeof file === 'number') return outcomeOf(file);
        const answer = user.run(sys_swapon(user.task, file));
        if (answer === 0) user.run(sys_swapoff(user.task, file));
        user.run(fput(file));
        return answer === undefined ? BLOCKED : outcomeOf(answer);
      };
    },
  },
};

function reading(says: string, misaligned: number): Operations[string] {
  return {
    says,
    usage: 'fd offset length',
    read: (args) => {
      const [fd, offset] = [args.text('fd'), args.count('offset')];
      const length = args.count('length', undefined, MOST_BYTES);
      return (user) => {
        const file = user.files.get(fd);
        if (file === undefined) return BAD_FD;
        const iter = iovSink(user.linux, length, misaligned);
        const answer = user.run(vfs_pread(user.task, file, { offset }, iter));
        return answered(answer, () => iter.bytes());
      };
    },
  };
}

function answered(answer: number | undefined, bytes: () => Uint8Array): Outcome {
  if (answer === undefined) return BLOCKED;
  if (answer <= 0) return outcomeOf(answer);
  return { rc: answer, data: runLength(bytes().subarray(0, answer)) };
}

function mapped(says: string, direction: 'source' | 'dest'): Operations[string] {
  return {
    says,
    usage: 'fd offset map map_offset length',
    read: (args) => {
      const [fd, offset, map] = [args.text('fd'), args.count('offset'), args.text('map')];
      const [mapOffset, length] = [args.count('map_offset'), args.count('length')];
      return (user) => {
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_MAP;
        return withFile(user, fd, (file) => {
          const iter = iovUser(user.task, mapping.address + mapOffset, length, direction);
          const call = direction === 'source' ? vfs_pwrite : vfs_pread;
          return user.run(call(user.task, file, { offset }, iter));
        });
      };
    },
  };
}

function fill(user: User, file: File, byte: number): Outcome {
  let offset = 0;
  let length = FILL_BYTES;
  for (;;) {
    const iter = iovBytes(user.linux, { byte, length });
    const answer = user.run(vfs_pwrite(user.task, file, { offset }, iter));
    if (answer === undefined) return BLOCKED;
    // Some filesystems refuse a write for which not all space is there: the rest takes pages.
    if (answer <= 0 && length === FILL_PAGE_BYTES) return { filled: true, ...outcomeOf(answer) };
    if (answer <= 0) length = FILL_PAGE_BYTES;
    else offset += answer;
  }
}

function syncing(says: string, datasync: boolean): Operations[string] {
  return {
    says,
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (user) => withFile(user, fd, (file) => user.run(vfs_fsync(user.task, file, datasync)));
    },
  };
}

function passing(says: string, call: typeof sys_sendfile): Operations[string] {
  return {
    says,
    usage: 'fd length',
    read: (args) => {
      const fd = args.text('fd');
      const length = args.count('length', undefined, MOST_BYTES);
      return (user) => {
        const file = user.files.get(fd);
        if (file === undefined) return BAD_FD;
        const iter = iovSink(user.linux, length);
        const answer = user.run(call(user.task, file, { offset: 0 }, iter));
        return answered(answer, () => iter.bytes());
      };
    },
  };
}
