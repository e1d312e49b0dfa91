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
import { BAD_FD, BLOCKED, NO_HANDLE, NO_MAP, type Operations } from './operation.ts';
import { type Outcome, outcomeOf, runLength } from './outcome.ts';
import type { Session } from './session.ts';

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
  session: Session,
  name: string,
  act: (file: File) => number | undefined,
): Outcome {
  const file = session.files.get(name);
  if (file === undefined) return BAD_FD;
  const answer = act(file);
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}

/** Opens a path: the file, or an error number. */
export function open(session: Session, path: string, flags: number): File | number {
  return do_sys_open(session.task, path, flags, NEW_FILE_MODE);
}

export const FILE_OPERATIONS: Operations = {
  open: {
    says: 'open a file under a name',
    usage: 'as path flags',
    read: (args) => {
      const [name, path] = [args.text('as'), args.text('path')];
      const words = args.words('flags', Object.keys(OPEN_FLAGS));
      const flags = [...words].reduce((bits, word) => bits | (OPEN_FLAGS[word] ?? 0), 0);
      return (session) => {
        const file = open(session, path, flags);
        if (typeof file === 'number') return outcomeOf(file);
        session.files.set(name, file);
        return { rc: 0 };
      };
    },
  },
  close: {
    says: 'close a file',
    usage: 'fd',
    read: (args) => {
      const name = args.text('fd');
      return (session) => {
        const file = session.files.get(name);
        if (file === undefined) return NO_HANDLE;
        session.files.delete(name);
        session.run(fput(file));
        return { rc: 0 };
      };
    },
  },
  create: {
    says: 'make a file that is not there yet',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (session) => {
        const file = open(session, path, O_CREAT | O_EXCL | O_WRONLY);
        if (typeof file === 'number') return outcomeOf(file);
        session.run(fput(file));
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
      const contents = { byte: args.byte('byte'), length: args.count('length') };
      return (session) =>
        withFile(session, fd, (file) => {
          const iter = iovBytes(session.linux, contents);
          return session.run(vfs_pwrite(session.task, file, { offset }, iter));
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
      return (session) => {
        const file = session.files.get(fd);
        return file === undefined ? BAD_FD : fill(session, file, byte);
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
      return (session) =>
        withFile(session, fd, (file) => session.run(sys_ftruncate(session.task, file, size)));
    },
  },
  cachestat: {
    says: 'count page-cache pages of a file',
    usage: 'fd',
    read: (args) => {
      const fd = args.text('fd');
      return (session) => {
        // @source mm/filemap.c SYSCALL_DEFINE4(cachestat) v6.12; the call came with 6.5
        if (!session.linux.is_6_12) return { rc: -1, errno: 'ENOSYS' };
        const file = session.files.get(fd);
        if (file === undefined) return BAD_FD;
        const mapping = file.f_inode.i_mapping;
        const counts = session.run(filemap_cachestat(mapping, 0, Number.MAX_SAFE_INTEGER));
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
      return (session) => {
        const file = open(session, path, O_RDWR);
        if (typeof file === 'number') return outcomeOf(file);
        const answer = session.run(sys_swapon(session.task, file));
        if (answer === 0) session.run(sys_swapoff(session.task, file));
        session.run(fput(file));
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
      const [fd, offset, length] = [args.text('fd'), args.count('offset'), args.count('length')];
      return (session) => {
        const file = session.files.get(fd);
        if (file === undefined) return BAD_FD;
        const iter = iovSink(session.linux, length, misaligned);
        const answer = session.run(vfs_pread(session.task, file, { offset }, iter));
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
      return (session) => {
        const mapping = session.mappings.get(map);
        if (mapping === undefined) return NO_MAP;
        return withFile(session, fd, (file) => {
          const iter = iovUser(session.task, mapping.address + mapOffset, length, direction);
          const call = direction === 'source' ? vfs_pwrite : vfs_pread;
          return session.run(call(session.task, file, { offset }, iter));
        });
      };
    },
  };
}

function fill(session: Session, file: File, byte: number): Outcome {
  let offset = 0;
  let length = FILL_BYTES;
  for (;;) {
    const iter = iovBytes(session.linux, { byte, length });
    const answer = session.run(vfs_pwrite(session.task, file, { offset }, iter));
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
      return (session) =>
        withFile(session, fd, (file) => session.run(vfs_fsync(session.task, file, datasync)));
    },
  };
}

function passing(says: string, call: typeof sys_sendfile): Operations[string] {
  return {
    says,
    usage: 'fd length',
    read: (args) => {
      const [fd, length] = [args.text('fd'), args.count('length')];
      return (session) => {
        const file = session.files.get(fd);
        if (file === undefined) return BAD_FD;
        const iter = iovSink(session.linux, length);
        const answer = session.run(call(session.task, file, { offset: 0 }, iter));
        return answered(answer, () => iter.bytes());
      };
    },
  };
}
