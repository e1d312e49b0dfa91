// Files, inodes, superblocks and what filesystems do for them.
// @source include/linux/fs.h v6.12

import type { Linux, Task } from '../../linux.ts';
import type { Lock, Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';
import type { BioVec, BlockDevice } from './blkdev.ts';
import type { DaxDevice } from './dax.ts';
import type { Iomap, IomapOps } from './iomap.ts';
import type { AddressSpace, Folio, Vma } from './mm.ts';

/** Bits of `Inode.i_flags`. @source include/linux/fs.h S_DAX v6.12 */
export const S_SYNC = 1;
export const S_APPEND = 4;
export const S_IMMUTABLE = 8;
export const S_SWAPFILE = 0x100;
export const S_DAX = 0x2000;
export const S_ENCRYPTED = 0x4000;
export const S_VERITY = 0x10000;

/** Bits of `Inode.i_state`. */
export const I_DIRTY = 1;
export const I_DONTCACHE = 2;
/** Made by O_TMPFILE without O_EXCL: linkat() may give it a name although it has no links. */
export const I_LINKABLE = 4;

/** What an inode is. */
export type FileKind = 'reg' | 'dir' | 'lnk' | 'fifo' | 'chr' | 'blk';

/** Where a filesystem block of a file lies. */
export interface FsBlock {
  /** Number of the block on the data device (or realtime device), in filesystem blocks. */
  readonly block: number;
  readonly unwritten: boolean;
  /** Space is reserved and no block chosen yet: delayed allocation; `block` is -1. */
  readonly delalloc?: true;
}

/** An inode as the medium has it: what a remount finds. */
export interface DiskInode {
  readonly ino: number;
  readonly kind: FileKind;
  /** Permission bits. */
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  size: number;
  /** Attribute flags in the filesystem's own bits (EXT4_DAX_FL, XFS_DIFLAG2_DAX). */
  flags: number;
  /** By filesystem block of the file. */
  blocks: ReadonlyMap<number, FsBlock>;
  /** Names of a directory, without `.` and `..`; in the order they were made. */
  entries: ReadonlyMap<string, number>;
  /** Of a symbolic link. */
  target: string;
  /** Contents of an inline file (ext4 inline_data, erofs). */
  inline?: Uint8Array;
}

/** A filesystem as mkfs and commits leave it on the medium; found by the id in its superblock. */
export interface DiskImage {
  readonly id: number;
  /** `ext2` has no journal and no extents, `ext4` has; both may be mounted by either driver. */
  readonly format: 'ext2' | 'ext4' | 'xfs' | 'erofs';
  readonly block_size: number;
  /** In filesystem blocks. */
  readonly block_count: number;
  /** Feature names as mkfs spells them: `inline_data`, `verity`, `reflink`, `bigalloc`. */
  readonly features: ReadonlySet<string>;
  /** Further devices that the superblock expects. */
  readonly external: { readonly log?: true; readonly rt?: true };
  readonly root: number;
  readonly inodes: Map<number, DiskInode>;
  next_ino: number;
  /** Blocks in use on the data device, beyond those that belong to files. */
  readonly reserved: number;
  /** Blocks to a stripe, as the device told mkfs (ext2 and ext4). Absent: the device has none. */
  readonly stripe_width?: number;
}

/** An inode in memory. Identity counts. */
export interface Inode {
  readonly i_ino: number;
  readonly i_sb: SuperBlock;
  readonly kind: FileKind;
  i_mode: number;
  i_uid: number;
  i_gid: number;
  i_nlink: number;
  /** Number of references: open files, mappings, dentries in use. */
  i_count: number;
  readonly i_size: Shared<number>;
  readonly i_flags: Shared<number>;
  readonly i_state: Shared<number>;
  readonly i_blkbits: number;
  readonly i_rwsem: Lock;
  readonly i_mapping: AddressSpace;
  readonly i_op: InodeOperations;
  readonly i_fop: FileOperations;
  /** Attribute flags in the filesystem's own bits, as they will go to the medium. */
  readonly fsflags: Shared<number>;
  /** By filesystem block of the file; undefined: a hole. */
  readonly blocks: Shared<FsBlock | undefined>;
  /** XFS: blocks that a write to shared ones will go to, by filesystem block of the file. */
  readonly cow_blocks: Shared<FsBlock | undefined>;
  /** Names of a directory, in the order they were made. */
  readonly entries: Map<string, number>;
  readonly target: string;
  inline: Uint8Array | undefined;
}

/** A name in memory; it holds a reference of its inode. fs/dcache.ts makes and drops them. */
export interface Dentry {
  /** Directory; absent for the root of a filesystem and for files of O_TMPFILE. */
  d_parent: Dentry | undefined;
  d_name: string;
  readonly d_inode: Inode;
  /** Open files, walks and cached names below it. */
  d_count: number;
  /** Found by name; else it goes with its last user. */
  hashed: boolean;
  /** DCACHE_DONTCACHE: it goes with its last user too. */
  dontcache: boolean;
}

/** A dentry as far as it matters: the name a file was opened by. */
export interface Path {
  readonly mount: Mount;
  readonly inode: Inode;
  /** Directory and name; the root of a mount has none. */
  readonly parent: Inode | undefined;
  readonly name: string;
  /** Held until path_put(); absent for files that no walk found (block devices). */
  readonly dentry?: Dentry;
}

/** One mount. */
export interface Mount {
  readonly sb: SuperBlock;
  /** Absolute path: `/m`. */
  readonly dir: string;
  /** Source as /proc/mounts has it. */
  readonly source: string;
  /** Mount read-only, beside the superblock's own state. */
  ro: boolean;
}

/** Bits of `File.f_flags`. */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DSYNC = 0o10000;
export const O_DIRECT = 0o40000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_PATH = 0o10000000;
export const O_TMPFILE = 0o20200000;

/** An open file. */
export interface File {
  readonly f_inode: Inode;
  readonly f_path: Path;
  f_flags: number;
  f_pos: number;
  /** File descriptors and mappings that use it. */
  f_count: number;
  readonly f_op: FileOperations;
}

/** One read or write. */
export interface Kiocb {
  readonly ki_filp: File;
  ki_pos: number;
  readonly direct: boolean;
  readonly append: boolean;
  readonly dsync: boolean;
}

/** User memory of a read or write, taken piece by piece: lib/iov_iter.ts makes them. */
export interface IovIter {
  /** Bytes left. */
  readonly count: number;
  /** Bytes that the buffer is off the alignment of a page. */
  readonly misaligned: number;
  /** The buffer is what a write takes its bytes from; else a read fills it. */
  readonly data_source: boolean;
  /** The next `n` bytes of a source, copied from user memory: -EFAULT where it is not there. */
  copy_from(n: number): Op<Uint8Array | number>;
  /** Puts bytes into a destination. 0, or -EFAULT. */
  copy_to(bytes: Uint8Array): Op<number>;
  /** Pins the next `n` bytes (get_user_pages) and passes over them: -EFAULT where not there. */
  pin(n: number): Op<readonly BioVec[] | number>;
  /** Releases what pin() gave, which a read has filled if `filled`. */
  unpin(vecs: readonly BioVec[], filled: boolean): Op<void>;
}

/** Modes of fallocate(). `alloc` is mode 0. */
export type FallocateMode =
  | 'alloc'
  | 'keep-size'
  | 'punch'
  | 'zero'
  | 'collapse'
  | 'insert'
  | 'unshare';

/** What FS_IOC_FSGETXATTR and FS_IOC_GETFLAGS tell. */
export interface FileAttr {
  /** FS_XFLAG_*. */
  readonly fsx_xflags: number;
  /** FS_*_FL. */
  readonly flags: number;
}

/** A change of FileAttr: by which of the two calls it came. */
export interface FileAttrChange {
  readonly by: 'xflags' | 'flags';
  readonly fsx_xflags: number;
  readonly flags: number;
}

/** What statx() adds to what every inode has. */
export interface KStat {
  readonly size: number;
  readonly blksize: number;
  /** Present where the filesystem reports STATX_DIOALIGN; 0 means: no direct I/O. */
  readonly dio?: { readonly mem_align: number; readonly offset_align: number };
}

/** What a filesystem does for inodes. Absent: not supported there. */
export interface InodeOperations {
  /**
   * A new inode in `dir` with flags inherited as the filesystem does, or an error number. The
   * caller gets a reference, and puts the name into the directory.
   */
  create?(task: Task, dir: Inode, kind: FileKind, mode: number, target: string): Inode | number;
  /** A regular file for O_TMPFILE; absent: as create() makes it. */
  tmpfile?(task: Task, dir: Inode, mode: number): Inode | number;
  /** Sets the size; pages and blocks beyond it go. The caller holds i_rwsem. */
  setattr_size?(task: Task, inode: Inode, size: number): Op<number>;
  getattr(inode: Inode): KStat;
  /** Of a directory: the filesystem cannot exchange two names (ext2). */
  readonly no_exchange?: true;
  /** FS_IOC_FIEMAP: the extent at `pos`, as the filesystem reports it. */
  fiemap?(inode: Inode, pos: number, length: number): Op<Iomap | number>;
  fileattr_get?(inode: Inode): FileAttr | number;
  /** The caller holds i_rwsem and has made the checks that are the same everywhere. */
  fileattr_set?(task: Task, inode: Inode, change: FileAttrChange): Op<number>;
}

/** What a filesystem does for open files. Answers are bytes or error numbers. */
export interface FileOperations {
  /** Checks of the filesystem when a file is opened: 0 or an error number. */
  open?(task: Task, inode: Inode, file: File): number;
  /** The last user of an open file has gone. */
  release?(inode: Inode, file: File): Op<void>;
  /** Whether O_DIRECT may be asked for; absent: regular files always. */
  can_odirect?(inode: Inode): boolean;
  read_iter?(task: Task, iocb: Kiocb, to: IovIter): Op<number>;
  write_iter?(task: Task, iocb: Kiocb, from: IovIter): Op<number>;
  /** Gives the mapping its vm_ops and flags; `vma.vm_ops` of the answer counts. */
  mmap?(task: Task, file: File, vma: Vma): Op<Vma | number>;
  /** MAP_SYNC is something the filesystem knows. */
  readonly mmap_sync?: true;
  fsync?(task: Task, file: File, start: number, end: number, datasync: boolean): Op<number>;
  fallocate?(
    task: Task,
    file: File,
    mode: FallocateMode,
    offset: number,
    length: number,
  ): Op<number>;
  llseek?(task: Task, file: File, offset: number, whence: 'data' | 'hole'): Op<number>;
  splice_read?(task: Task, iocb: Kiocb, to: IovIter): Op<number>;
  /** FICLONE (whole files), FIDEDUPERANGE and the fast path of copy_file_range. Bytes, or error. */
  remap_file_range?(
    task: Task,
    request: {
      readonly source: File;
      readonly sourceOffset: number;
      readonly dest: File;
      readonly destOffset: number;
      /** 0: to the end of the source. */
      readonly length: number;
      readonly dedupe: boolean;
      /** Fewer bytes than asked for may be done (dedupe, copy_file_range). */
      readonly can_shorten?: boolean;
    },
  ): Op<number>;
  swap_activate?(task: Task, file: File): Op<number>;
}

/** What a filesystem does for the page cache of its files. */
export interface AddressSpaceOperations {
  /**
   * The table of a file in DAX: there is no read_folio in it, and its dirty_folio leaves no tag.
   * @source fs/ext4/inode.c ext4_dax_aops fs/xfs/xfs_aops.c xfs_dax_aops v6.12
   */
  readonly dax?: true;
  /** Mappings for buffered reads, writes and writeback. */
  readonly iomap: IomapOps;
  /** A block of a dirty folio gets its place on the device: writepages. */
  writepages(inode: Inode, start: number, end: number, sync: boolean): Op<number>;
  /** Space for a folio that user space is about to write, as iomap_page_mkwrite() gets it. */
  page_mkwrite(inode: Inode, folio: Folio): Op<number>;
}

/** A mounted filesystem. */
export interface SuperBlock {
  readonly linux: Linux;
  readonly s_type: FileSystemType;
  /** Absent for filesystems without a device. */
  readonly s_bdev: BlockDevice | undefined;
  readonly s_daxdev: DaxDevice | undefined;
  /** `ro` as the superblock has it. */
  ro: boolean;
  readonly s_blocksize: number;
  /** Absent for filesystems without an image (tmpfs, virtiofs). */
  readonly image: DiskImage | undefined;
  /** Inodes in memory, by number. */
  readonly inodes: Map<number, Inode>;
  /** Free filesystem blocks of the data device. */
  readonly free_blocks: Shared<number>;
  readonly s_op: SuperOperations;
  /** What the filesystem keeps of the mount, where that is not the superblock itself. */
  readonly s_fs_info?: object;
  readonly root: number;
  /** Writers wait here while the filesystem is frozen. */
  readonly s_writers: Lock;
}

/** What a filesystem does for superblocks. */
export interface SuperOperations {
  /** An in-memory inode of what the medium has. */
  read_inode(sb: SuperBlock, disk: DiskInode): Inode;
  /** Options after `rw,relatime`, each with a leading comma, as /proc/mounts shows them. */
  show_options(sb: SuperBlock): string;
  /** Filesystems with an fs_context: errors of these options, found before a remount begins. */
  parse_options?(sb: SuperBlock, options: string): number;
  /** A remount with these options: 0 or an error number. `ro` is what the flags ask for. */
  reconfigure(sb: SuperBlock, options: string, ro: boolean): Op<number>;
  /** Everything dirty, data and metadata, goes to the medium. */
  sync_fs(sb: SuperBlock): Op<number>;
  /** The last mount has gone: devices are released. Called after sync_fs and eviction. */
  put_super(sb: SuperBlock): Op<void>;
  /** The kernel drops an inode from memory: dirty data is written before this, blocks of an
   * unlinked file are freed here. */
  evict_inode(inode: Inode): Op<void>;
}

/** A request to mount. */
export interface MountRequest {
  readonly task: Task;
  readonly device: string;
  /** The data string: options without ro/rw. */
  readonly options: string;
  readonly ro: boolean;
}

/** A filesystem that the kernel knows. */
export interface FileSystemType {
  readonly name: string;
  readonly requires_dev: boolean;
  /** A superblock, or an error number. A device already mounted gives its superblock again. */
  get_tree(linux: Linux, request: MountRequest): SuperBlock | number;
}
