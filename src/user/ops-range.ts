// Operations on ranges of files: fallocate, seek, copies and shared blocks, and what a device has.

import {
  type FallocateMode,
  type File,
  IS_ERR,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  fput,
  iovBytes,
  iovSink,
  lookup_bdev,
  readDevice,
  sys_copy_file_range,
  vfs_clone_file_range,
  vfs_dedupe_file_range,
  vfs_fallocate,
  vfs_llseek,
  vfs_pread,
  vfs_pwrite,
} from '../kernel/index.ts';
import { MOST_BYTES } from './args.ts';
import { BAD_FD, BLOCKED, type Operations } from './operation.ts';
import { open, withFile } from './ops-file.ts';
import { type Outcome, outcomeOf, runLength } from './outcome.ts';
import type { User } from './user.ts';

const MODES: readonly FallocateMode[] = [
  'alloc',
  'keep-size',
  'punch',
  'zero',
  'collapse',
  'insert',
  'unshare',
];
/** Bytes of one read and write of `cp`. */
const COPY_BYTES = 2 ** 16;

/** Operations on ranges of files, by name. */
export const RANGE_OPERATIONS: Operations = {
  fallocate: {
    says: 'allocate, punch, zero, collapse, insert or unshare a range',
    usage: 'fd mode offset length',
    read: (args) => {
      const [fd, word] = [args.text('fd'), args.word('mode', MODES, 'alloc')];
      const [offset, length] = [args.count('offset'), args.count('length')];
      const mode = MODES.find((one) => one === word) ?? 'alloc';
      return (user) =>
        withFile(user, fd, (file) =>
          user.run(vfs_fallocate(user.task, file, { mode, offset, length })),
        );
    },
  },
  seek: {
    says: 'next data or hole from an offset on',
    usage: 'fd whence offset',
    read: (args) => {
      const [fd, word] = [args.text('fd'), args.word('whence', ['data', 'hole'])];
      const offset = args.count('offset');
      const whence = word === 'hole' ? 'hole' : 'data';
      return (user) =>
        withFile(user, fd, (file) => user.run(vfs_llseek(user.task, file, { offset, whence })));
    },
  },
  devread: {
    says: 'what the device holds for a range of a file',
    usage: 'fd offset length device',
    read: (args) => {
      const [fd, offset] = [args.text('fd'), args.count('offset')];
      const [length, device] = [args.count('length', undefined, MOST_BYTES), args.text('device')];
      return (user) => {
        const file = user.files.get(fd);
        return file === undefined ? BAD_FD : devread(user, { file, offset, length, device });
      };
    },
  },
  cp: {
    says: 'copy a file by reading and writing',
    usage: 'from to',
    read: (args) => {
      const [from, to] = [args.text('from'), args.text('to')];
      return (user) =>
        withTwo(user, { from, to, flags: O_CREAT | O_TRUNC | O_WRONLY }, (source, dest) =>
          copy(user, source, dest),
        );
    },
  },
  copyrange: {
    says: 'copy a range by copy_file_range()',
    usage: 'from to length',
    read: (args) => {
      const [from, to, length] = [args.text('from'), args.text('to'), args.count('length')];
      return (user) =>
        withTwo(user, { from, to, flags: O_CREAT | O_RDWR }, (source, dest) =>
          answered(
            user.run(
              sys_copy_file_range(user.task, {
                in: source,
                inOffset: 0,
                out: dest,
                outOffset: 0,
                length,
              }),
            ),
          ),
        );
    },
  },
  reflink: {
    says: 'let a new file share all blocks of another (FICLONE)',
    usage: 'from to',
    read: (args) => {
      const [from, to] = [args.text('from'), args.text('to')];
      return (user) =>
        withTwo(user, { from, to, flags: O_CREAT | O_RDWR }, (source, dest) =>
          answered(
            user.run(
              vfs_clone_file_range(user.task, {
                source,
                sourceOffset: 0,
                dest,
                destOffset: 0,
                length: 0,
              }),
            ),
          ),
        );
    },
  },
  dedupe: {
    says: 'let two files share blocks that hold the same (FIDEDUPERANGE)',
    usage: 'from to length',
    read: (args) => {
      const [from, to, length] = [args.text('from'), args.text('to'), args.count('length')];
      return (user) =>
        withTwo(user, { from, to, flags: O_RDWR }, (source, dest) => {
          const answer = user.run(
            vfs_dedupe_file_range(user.task, {
              source,
              sourceOffset: 0,
              dest,
              destOffset: 0,
              length,
            }),
          );
          if (answer === undefined) return BLOCKED;
          if (typeof answer === 'number') return outcomeOf(answer);
          return { rc: 0, status: answer.status, bytes: answer.bytes };
        });
    },
  },
};

function devread(
  user: User,
  request: {
    readonly file: File;
    readonly offset: number;
    readonly length: number;
    readonly device: string;
  },
): Outcome {
  const { file, offset, length, device } = request;
  const inode = file.f_inode;
  const asked = inode.i_op.fiemap?.(inode, offset, length);
  if (asked === undefined) return { rc: -1, errno: 'EOPNOTSUPP' };
  const extent = user.run(asked);
  if (extent === undefined) return BLOCKED;
  if (IS_ERR(extent)) return outcomeOf(extent);
  if (extent.addr < 0) return { rc: -1, errno: 'ENODATA' };
  const bdev = lookup_bdev(user.linux, device);
  if (IS_ERR(bdev)) return outcomeOf(bdev);
  // Direct reads are of whole pages, and the recordings give their length.
  const block = user.linux.PAGE_SIZE;
  const rounded = Math.ceil(length / block) * block;
  const place = { offset: extent.addr + (offset - extent.offset), length: rounded };
  const bytes = user.run(readDevice(user.linux, bdev, place));
  if (bytes === undefined) return BLOCKED;
  if (IS_ERR(bytes)) return outcomeOf(bytes);
  return { rc: rounded, data: runLength(bytes.subarray(0, length)) };
}

function withTwo(
  user: User,
  request: { readonly from: string; readonly to: string; readonly flags: number },
  act: (source: File, dest: File) => Outcome,
): Outcome {
  const source = open(user, request.from, O_RDONLY);
  if (IS_ERR(source)) return outcomeOf(source);
  const dest = open(user, request.to, request.flags);
  if (IS_ERR(dest)) {
    user.run(fput(source));
    return outcomeOf(dest);
  }
  const outcome = act(source, dest);
  user.run(fput(source));
  user.run(fput(dest));
  return outcome;
}

function copy(user: User, source: File, dest: File): Outcome {
  const { linux, task } = user;
  let offset = 0;
  for (;;) {
    const sink = iovSink(linux, COPY_BYTES);
    const read = user.run(vfs_pread(task, source, { offset }, sink));
    if (read === undefined) return BLOCKED;
    if (read <= 0) return outcomeOf(read);
    const bytes = sink.bytes().slice(0, read);
    const written = user.run(vfs_pwrite(task, dest, { offset }, iovBytes(linux, bytes)));
    if (written === undefined) return BLOCKED;
    if (written < 0) return outcomeOf(written);
    offset += read;
  }
}

function answered(answer: number | undefined): Outcome {
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}
