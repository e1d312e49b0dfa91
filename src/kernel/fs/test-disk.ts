// A filesystem for tests of the VFS: an image without a device, a tmpfs root, and one flag that is
// decided when an inode comes into memory, as S_DAX is.

import { assert, present } from '../../base/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { E } from '../include/linux/errno.ts';
import {
  type DiskImage,
  type File,
  type FileAttrChange,
  type FileSystemType,
  type Inode,
  type InodeOperations,
  S_APPEND,
  S_DAX,
  S_IMMUTABLE,
  type SuperBlock,
} from '../include/linux/fs.ts';
import { FS_APPEND_FL, FS_DAX_FL, FS_IMMUTABLE_FL } from '../include/uapi/linux/fs.ts';
import type { Linux, ReleaseId, Task } from '../linux.ts';
import { Lock, Shared } from '../shared.ts';
import { get, noSteps, type Op, set } from '../steps.ts';
import { commit_sb, emptyDirectory, newIno } from './image.ts';
import { d_mark_dontcache, iput, mark_inode_dirty, new_inode } from './inode.ts';
import { fileattr_fill_flags } from './ioctl.ts';
import { do_sys_open, fput, sys_mkdir } from './namei.ts';
import { init_mount_tree, sys_mount } from './namespace.ts';

/** Blocks of the image, 4 KiB each; the first ten are the filesystem's own. */
const BLOCKS = 100;

/** A kernel with tmpfs on `/` and the test filesystem on /m. */
export class TestDisk {
  readonly linux: Linux;
  readonly task: Task;
  readonly image: DiskImage;
  /** What happened to inodes, oldest first. */
  readonly events: string[] = [];
  /** The superblock made last. */
  sb: SuperBlock | undefined;
  readonly type: FileSystemType;
  constructor(release: ReleaseId = '6.12') {
    const { linux } = testKernel(release);
    this.linux = linux;
    this.task = present(linux.tasks[0], 'the first task');
    init_mount_tree(this.task);
    this.image = emptyImage();
    linux.images.set(this.image.id, this.image);
    this.type = { name: 'testfs', requires_dev: false, get_tree: (_, { ro }) => this.#getTree(ro) };
    linux.file_systems.set('testfs', this.type);
    for (const dir of ['/m', '/m2']) assert(sys_mkdir(this.task, dir, 0o755) === 0, 'a directory');
    assert(this.mount('/m') === 0, 'the test filesystem is mounted');
  }
  mount(dir: string, options = 'none'): number {
    return sys_mount(this.task, { fstype: 'testfs', device: 'disk', dir, options });
  }
  run<T>(op: Op<T>): T {
    return this.linux.now(op);
  }
  /** Opens what must be there. */
  open(path: string, flags = 0): File {
    const file = do_sys_open(this.task, path, flags, 0o644);
    assert(typeof file !== 'number', `${path} is opened`);
    return file;
  }
  /** Answer of open(): 0, after closing it again, or an error number. */
  tryOpen(path: string, flags = 0): number {
    const file = do_sys_open(this.task, path, flags, 0o644);
    if (typeof file === 'number') return file;
    this.close(file);
    return 0;
  }
  close(file: File): void {
    this.run(fput(file));
  }
  /** Whether the inode with a number is in memory. */
  cached(ino: number): boolean {
    return this.sb?.inodes.has(ino) === true;
  }
  #getTree(ro: boolean): SuperBlock {
    if (this.sb !== undefined) return this.sb;
    this.sb = superBlock(this, ro);
    return this.sb;
  }
}

function emptyImage(): DiskImage {
  return {
    id: 1,
    format: 'ext4',
    block_size: 4096,
    block_count: BLOCKS,
    features: new Set(),
    external: {},
    root: 2,
    inodes: new Map([[2, emptyDirectory(2)]]),
    next_ino: 11,
    reserved: 10,
  };
}

function superBlock(disk: TestDisk, ro: boolean): SuperBlock {
  const sb: SuperBlock = {
    linux: disk.linux,
    s_type: disk.type,
    s_bdev: undefined,
    s_daxdev: undefined,
    ro,
    s_blocksize: 4096,
    image: disk.image,
    inodes: new Map(),
    free_blocks: new Shared('free blocks of the test', BLOCKS - 10),
    s_op: {
      read_inode: (_, { ino, kind, mode, uid, nlink, size, flags, entries, target }) => {
        disk.events.push(`read ${ino}`);
        const made = { ino, kind, mode, uid, nlink, size, fsflags: flags, entries, target };
        const i_flags = inMemory(flags) | ((flags & FS_DAX_FL) === 0 ? 0 : S_DAX);
        return new_inode(sb, { ...made, i_flags, i_op, i_fop: {} });
      },
      show_options: () => ',test',
      reconfigure: (_, options) => noSteps(options === '' ? 0 : -E.EINVAL),
      sync_fs: () => {
        commit_sb(sb);
        return noSteps(0);
      },
      put_super: () => {
        disk.events.push('put_super');
        disk.sb = undefined;
        return noSteps(undefined);
      },
      evict_inode: (inode) => {
        disk.events.push(`evict ${inode.i_ino}`);
        return noSteps(undefined);
      },
    },
    root: 2,
    s_writers: new Lock('writers of the test'),
  };
  const i_op = inodeOperations(sb);
  return sb;
}

function inodeOperations(sb: SuperBlock): InodeOperations {
  const i_op: InodeOperations = {
    create: (task, _dir, kind, mode, target) =>
      new_inode(sb, { ino: newIno(sb), kind, mode, uid: task.uid, target, i_op, i_fop: {} }),
    *setattr_size(_task, inode, size) {
      yield* set(inode.i_size, 0, size);
      return 0;
    },
    getattr: (inode) => ({ size: inode.i_size.peek(), blksize: 4096 }),
    fileattr_get: (inode) => fileattr_fill_flags(inode.fsflags.peek()),
    fileattr_set: (_task, inode, change) => setFlags(inode, change),
  };
  return i_op;
}

function inMemory(flags: number): number {
  const immutable = (flags & FS_IMMUTABLE_FL) === 0 ? 0 : S_IMMUTABLE;
  return immutable | ((flags & FS_APPEND_FL) === 0 ? 0 : S_APPEND);
}

/** As ext4 does: most flags count at once, DAX when the inode comes into memory again. */
function* setFlags(inode: Inode, change: FileAttrChange): Op<number> {
  const changed = (yield* get(inode.fsflags)) ^ change.flags;
  yield* set(inode.fsflags, 0, change.flags);
  const dax = (yield* get(inode.i_flags)) & S_DAX;
  yield* set(inode.i_flags, 0, inMemory(change.flags) | dax);
  if ((changed & FS_DAX_FL) !== 0) yield* d_mark_dontcache(inode);
  yield* mark_inode_dirty(inode);
  return 0;
}

/** Drops a reference that a test took. */
export function put(disk: TestDisk, inode: Inode): void {
  disk.run(iput(inode));
}
