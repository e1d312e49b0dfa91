// mkfs.erofs as far as its choices reach the kernel: which files are inline, which compressed.
// @source erofs-utils 1.5 mkfs/main.c lib/inode.c

import {
  EROFS_INODE_COMPRESSED_FULL,
  EROFS_INODE_FLAT_INLINE,
  EROFS_INODE_FLAT_PLAIN,
  IS_ERR,
  O_CREAT,
  O_DIRECTORY,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  do_sys_open,
  fput,
  iovBytes,
  iovSink,
  superBytes,
  vfs_pread,
  vfs_pwrite,
} from '../../kernel/index.ts';
import type { DiskImage, DiskInode, File, FsBlock, Linux, Task } from '../../kernel/index.ts';

/** What the command line asks for. */
interface Choices {
  /** `-E noinline_data`, or chunks. */
  readonly isInline: boolean;
  /** `-z`. */
  readonly compresses: boolean;
  readonly blockSize: number;
}

/** An image that is being built. */
interface Building {
  readonly linux: Linux;
  readonly task: Task;
  readonly choices: Choices;
  readonly inodes: Map<number, DiskInode>;
  /** Contents of data blocks, in order. */
  readonly data: Uint8Array[];
}

/** Blocks before the data: the superblock, and the inodes. */
const META_BLOCKS = 2;
const ROOT_INO = 36;

/** Builds the image file `image` (a path) from the tree below `directory`: an exit status. */
export function mkfsErofs(
  linux: Linux,
  task: Task,
  request: {
    readonly image: string;
    readonly directory: string;
    readonly argv: readonly string[];
  },
): number {
  const choices = choicesOf(request.argv);
  const building: Building = { linux, task, choices, inodes: new Map(), data: [] };
  if (!addDirectory(building, { ino: ROOT_INO, path: request.directory })) return 1;
  const made: DiskImage = {
    id: linux.images.size + 1,
    format: 'erofs',
    block_size: choices.blockSize,
    block_count: META_BLOCKS + building.data.length,
    features: new Set(choices.compresses ? ['compression'] : []),
    external: {},
    root: ROOT_INO,
    inodes: building.inodes,
    next_ino: ROOT_INO + building.inodes.size,
    reserved: META_BLOCKS,
  };
  const bytes = new Uint8Array(made.block_count * choices.blockSize);
  bytes.set(superBytes(made));
  for (const [i, block] of building.data.entries()) {
    bytes.set(block, (META_BLOCKS + i) * choices.blockSize);
  }
  if (!writeFile(building, { path: request.image, bytes })) return 1;
  linux.images.set(made.id, made);
  return 0;
}

function choicesOf(argv: readonly string[]): Choices {
  const has = (pattern: RegExp) => argv.some((word) => pattern.test(word));
  const block = argv.map((word) => /^-b(\d+)$/.exec(word)?.[1]).find((size) => size !== undefined);
  return {
    isInline: !has(/noinline_data/) && !has(/^--chunksize/),
    compresses: has(/^-z/),
    blockSize: Number(block ?? 4096),
  };
}

/** Adds a directory and all below it; false where it cannot be read. */
function addDirectory(
  building: Building,
  directory: { readonly ino: number; readonly path: string },
): boolean {
  const { linux, task, inodes } = building;
  const { ino, path } = directory;
  const file = do_sys_open(task, path, O_RDONLY | O_DIRECTORY, 0);
  if (IS_ERR(file)) return false;
  const names = [...file.f_inode.entries.keys()].toSorted();
  const mode = file.f_inode.i_mode;
  linux.now(fput(file));
  const entries = new Map<string, number>();
  const record: DiskInode = { ...emptyInode(ino), kind: 'dir', mode, nlink: 2, entries };
  inodes.set(ino, record);
  for (const name of names) {
    const child = { ino: ROOT_INO + inodes.size, path: `${path}/${name}` };
    entries.set(name, child.ino);
    if (!addDirectory(building, child) && !addFile(building, child)) return false;
  }
  return true;
}

function emptyInode(ino: number): DiskInode {
  return {
    ino,
    kind: 'reg',
    mode: 0o644,
    uid: 0,
    gid: 0,
    nlink: 1,
    size: 0,
    flags: EROFS_INODE_FLAT_PLAIN,
    blocks: new Map(),
    entries: new Map(),
    target: '',
  };
}

/**
 * Adds a file: compressed where that was asked for and spares a block; else in blocks, the rest of
 * which stands with the inode where there is room for it.
 */
function addFile(
  building: Building,
  named: { readonly ino: number; readonly path: string },
): boolean {
  const { linux, task, choices, inodes, data } = building;
  const file = do_sys_open(task, named.path, O_RDONLY, 0);
  if (IS_ERR(file)) return false;
  const bytes = readFile(building, file);
  const mode = file.f_inode.i_mode;
  linux.now(fput(file));
  const record: DiskInode = { ...emptyInode(named.ino), mode, size: bytes.length };
  inodes.set(named.ino, record);
  if (choices.compresses && sparesBlock(bytes, choices.blockSize)) {
    record.flags = EROFS_INODE_COMPRESSED_FULL;
    record.inline = bytes;
    return true;
  }
  const tail = bytes.length % choices.blockSize;
  // The inode and the rest together have to fit into one block.
  const isInline = choices.isInline && tail > 0 && tail <= choices.blockSize - 64;
  const end = isInline ? bytes.length - tail : bytes.length;
  const blocks = new Map<number, FsBlock>();
  for (let start = 0; start < end; start += choices.blockSize) {
    blocks.set(blocks.size, { block: META_BLOCKS + data.length, unwritten: false });
    data.push(bytes.slice(start, Math.min(end, start + choices.blockSize)));
  }
  record.blocks = blocks;
  if (isInline) {
    record.flags = EROFS_INODE_FLAT_INLINE;
    record.inline = bytes.slice(end);
  }
  return true;
}

/** Whether a compressor would save a block, judged by the runs of equal bytes. */
function sparesBlock(bytes: Uint8Array, blockSize: number): boolean {
  if (bytes.length <= blockSize) return false;
  let runs = 0;
  bytes.forEach((byte, i) => {
    if (i === 0 || byte !== bytes[i - 1]) runs++;
  });
  return runs * 2 < bytes.length - blockSize;
}

function readFile({ linux, task }: Building, file: File): Uint8Array {
  const size = file.f_inode.i_size.peek();
  if (size === 0) return new Uint8Array();
  const sink = iovSink(linux, size);
  linux.now(vfs_pread(task, file, { offset: 0 }, sink));
  return sink.bytes();
}

function writeFile(
  { linux, task }: Building,
  what: { readonly path: string; readonly bytes: Uint8Array },
): boolean {
  const file = do_sys_open(task, what.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  if (IS_ERR(file)) return false;
  const source = iovBytes(linux, what.bytes);
  const written = linux.now(vfs_pwrite(task, file, { offset: 0 }, source));
  linux.now(fput(file));
  return written === what.bytes.length;
}
