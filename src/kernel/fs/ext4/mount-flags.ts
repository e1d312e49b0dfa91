// Bits that mount options of ext4 set, and the table that options and /proc/mounts go by.
// @source fs/ext4/ext4.h EXT4_MOUNT_DAX_ALWAYS v6.12, fs/ext4/super.c ext4_mount_opts[] v6.12

/** `nombcache`. */
export const EXT4_MOUNT_NO_MBCACHE = 0x1;
/** `grpid`. */
export const EXT4_MOUNT_GRPID = 0x4;
/** `debug`. */
export const EXT4_MOUNT_DEBUG = 0x8;
/** `errors=continue`. */
export const EXT4_MOUNT_ERRORS_CONT = 0x10;
/** `errors=remount-ro`. */
export const EXT4_MOUNT_ERRORS_RO = 0x20;
/** `errors=panic`. */
export const EXT4_MOUNT_ERRORS_PANIC = 0x40;
/** Any `errors=`. */
export const EXT4_MOUNT_ERRORS_MASK = 0x70;
/** `minixdf`. */
export const EXT4_MOUNT_MINIX_DF = 0x80;
/** `norecovery`: the journal is not used. */
export const EXT4_MOUNT_NOLOAD = 0x100;
/** `dax=always`, and the plain `dax`. */
export const EXT4_MOUNT_DAX_ALWAYS = 0x200;
/** The journalling of data, a number of two bits. */
export const EXT4_MOUNT_DATA_FLAGS = 0xc00;
/** `data=journal`. */
export const EXT4_MOUNT_JOURNAL_DATA = 0x400;
/** `data=ordered`. */
export const EXT4_MOUNT_ORDERED_DATA = 0x800;
/** `data=writeback`. */
export const EXT4_MOUNT_WRITEBACK_DATA = 0xc00;
/** `nouid32`. */
export const EXT4_MOUNT_NO_UID32 = 0x2000;
/** `user_xattr`. */
export const EXT4_MOUNT_XATTR_USER = 0x4000;
/** `acl`. */
export const EXT4_MOUNT_POSIX_ACL = 0x8000;
/** `noauto_da_alloc`. */
export const EXT4_MOUNT_NO_AUTO_DA_ALLOC = 0x1_0000;
/** `barrier`: commits flush the cache of the device. */
export const EXT4_MOUNT_BARRIER = 0x2_0000;
/** Any option of quota. */
export const EXT4_MOUNT_QUOTA = 0x4_0000;
/** `usrquota`. */
export const EXT4_MOUNT_USRQUOTA = 0x8_0000;
/** `grpquota`. */
export const EXT4_MOUNT_GRPQUOTA = 0x10_0000;
/** `prjquota`. */
export const EXT4_MOUNT_PRJQUOTA = 0x20_0000;
/** `dioread_nolock`: blocks are unwritten until their data is there. */
export const EXT4_MOUNT_DIOREAD_NOLOCK = 0x40_0000;
/** `journal_checksum`. */
export const EXT4_MOUNT_JOURNAL_CHECKSUM = 0x80_0000;
/** `journal_async_commit`. */
export const EXT4_MOUNT_JOURNAL_ASYNC_COMMIT = 0x100_0000;
/** `warn_on_error`. */
export const EXT4_MOUNT_WARN_ON_ERROR = 0x200_0000;
/** `no_prefetch_block_bitmaps`. */
export const EXT4_MOUNT_NO_PREFETCH_BLOCK_BITMAPS = 0x400_0000;
/** `delalloc`: blocks are chosen when data is written back. */
export const EXT4_MOUNT_DELALLOC = 0x800_0000;
/** `data_err=abort`. */
export const EXT4_MOUNT_DATA_ERR_ABORT = 0x1000_0000;
/** `block_validity`. */
export const EXT4_MOUNT_BLOCK_VALIDITY = 0x2000_0000;
/** `discard`. */
export const EXT4_MOUNT_DISCARD = 0x4000_0000;
/** Negative, as bitwise operators give the highest of 32 bits. */
export const EXT4_MOUNT_INIT_INODE_TABLE = 1 << 31;

/** `delalloc` was asked for. */
export const EXT4_MOUNT2_EXPLICIT_DELALLOC = 0x1;
/** `journal_checksum` was asked for. */
export const EXT4_MOUNT2_EXPLICIT_JOURNAL_CHECKSUM = 0x8;
/** `dax=never`. */
export const EXT4_MOUNT2_DAX_NEVER = 0x20;
/** For /proc/mounts only: without it `dax=inode` and no option are the same. */
export const EXT4_MOUNT2_DAX_INODE = 0x40;
/** `mb_optimize_scan=1`. */
export const EXT4_MOUNT2_MB_OPTIMIZE_SCAN = 0x80;
/** `abort`. */
export const EXT4_MOUNT2_ABORT = 0x100;

/** Which types the option is refused for: `ext2`, or `ext2` and `ext3`. */
export type MountOptRefused = 'none' | 'no-ext2' | 'ext4-only';

/** One option that sets or clears bits, or that some types refuse. */
export interface MountOpt {
  /** As /proc/mounts shows it. */
  readonly name: string;
  readonly bits: number;
  readonly what: 'set' | 'clear' | 'other';
  readonly refused: MountOptRefused;
  /** Bits of the second word. */
  readonly second?: true;
  /** Remembered as asked for: EXT4_MOUNT2_EXPLICIT_*. */
  readonly explicit?: number;
}

function row(
  name: string,
  bits: number,
  what: MountOpt['what'],
  refused: MountOptRefused = 'none',
): MountOpt {
  return { name, bits, what, refused };
}

const allQuota = EXT4_MOUNT_QUOTA | EXT4_MOUNT_USRQUOTA | EXT4_MOUNT_GRPQUOTA | EXT4_MOUNT_PRJQUOTA;

/** In the order of /proc/mounts. @source fs/ext4/super.c ext4_mount_opts[] v6.12 */
export const ext4_mount_opts: readonly MountOpt[] = [
  row('minixdf', EXT4_MOUNT_MINIX_DF, 'set'),
  row('bsddf', EXT4_MOUNT_MINIX_DF, 'clear'),
  row('grpid', EXT4_MOUNT_GRPID, 'set'),
  row('nogrpid', EXT4_MOUNT_GRPID, 'clear'),
  row('block_validity', EXT4_MOUNT_BLOCK_VALIDITY, 'set'),
  row('noblock_validity', EXT4_MOUNT_BLOCK_VALIDITY, 'clear'),
  row('dioread_nolock', EXT4_MOUNT_DIOREAD_NOLOCK, 'set', 'ext4-only'),
  row('nodioread_nolock', EXT4_MOUNT_DIOREAD_NOLOCK, 'clear', 'ext4-only'),
  row('discard', EXT4_MOUNT_DISCARD, 'set'),
  row('nodiscard', EXT4_MOUNT_DISCARD, 'clear'),
  {
    ...row('delalloc', EXT4_MOUNT_DELALLOC, 'set', 'ext4-only'),
    explicit: EXT4_MOUNT2_EXPLICIT_DELALLOC,
  },
  row('nodelalloc', EXT4_MOUNT_DELALLOC, 'clear', 'ext4-only'),
  row('warn_on_error', EXT4_MOUNT_WARN_ON_ERROR, 'set'),
  row('nowarn_on_error', EXT4_MOUNT_WARN_ON_ERROR, 'clear'),
  row('commit', 0, 'other', 'no-ext2'),
  row('nojournal_checksum', EXT4_MOUNT_JOURNAL_CHECKSUM, 'clear', 'ext4-only'),
  {
    ...row('journal_checksum', EXT4_MOUNT_JOURNAL_CHECKSUM, 'set', 'ext4-only'),
    explicit: EXT4_MOUNT2_EXPLICIT_JOURNAL_CHECKSUM,
  },
  {
    ...row(
      'journal_async_commit',
      EXT4_MOUNT_JOURNAL_ASYNC_COMMIT | EXT4_MOUNT_JOURNAL_CHECKSUM,
      'set',
      'ext4-only',
    ),
    explicit: EXT4_MOUNT2_EXPLICIT_JOURNAL_CHECKSUM,
  },
  row('norecovery', EXT4_MOUNT_NOLOAD, 'set', 'no-ext2'),
  row('data_err', EXT4_MOUNT_DATA_ERR_ABORT, 'other', 'no-ext2'),
  row('barrier', EXT4_MOUNT_BARRIER, 'set'),
  row('nobarrier', EXT4_MOUNT_BARRIER, 'clear'),
  row('noauto_da_alloc', EXT4_MOUNT_NO_AUTO_DA_ALLOC, 'set'),
  row('auto_da_alloc', EXT4_MOUNT_NO_AUTO_DA_ALLOC, 'clear'),
  row('noinit_itable', EXT4_MOUNT_INIT_INODE_TABLE, 'clear'),
  row('dax=', 0, 'other', 'ext4-only'),
  row('journal_dev', 0, 'other', 'no-ext2'),
  row('journal_path', 0, 'other', 'no-ext2'),
  row('journal_ioprio', 0, 'other', 'no-ext2'),
  row('data', 0, 'other', 'no-ext2'),
  row('user_xattr', EXT4_MOUNT_XATTR_USER, 'set'),
  row('acl', EXT4_MOUNT_POSIX_ACL, 'set'),
  row('nouid32', EXT4_MOUNT_NO_UID32, 'set'),
  row('debug', EXT4_MOUNT_DEBUG, 'set'),
  row('quota', EXT4_MOUNT_QUOTA | EXT4_MOUNT_USRQUOTA, 'set'),
  row('usrquota', EXT4_MOUNT_QUOTA | EXT4_MOUNT_USRQUOTA, 'set'),
  row('grpquota', EXT4_MOUNT_QUOTA | EXT4_MOUNT_GRPQUOTA, 'set'),
  row('prjquota', EXT4_MOUNT_QUOTA | EXT4_MOUNT_PRJQUOTA, 'set'),
  row('noquota', allQuota, 'clear'),
  row('nombcache', EXT4_MOUNT_NO_MBCACHE, 'set'),
  row('no_prefetch_block_bitmaps', EXT4_MOUNT_NO_PREFETCH_BLOCK_BITMAPS, 'set'),
  { ...row('abort', EXT4_MOUNT2_ABORT, 'set'), second: true },
];

/** Other spellings of options of the table, and of options that stand for them. */
export const mountOptAliases: ReadonlyMap<string, string> = new Map([
  ['bsdgroups', 'grpid'],
  ['sysvgroups', 'nogrpid'],
  ['noload', 'norecovery'],
  ['dioread_lock', 'nodioread_nolock'],
  ['no_mbcache', 'nombcache'],
]);

/** Options of older kernels, taken with a warning: those without, and those with a value. */
export const removedFlags: ReadonlySet<string> = new Set([
  'oldalloc',
  'orlov',
  'bh',
  'nobh',
  'i_version',
  'mblk_io_submit',
  'nomblk_io_submit',
  'prefetch_block_bitmaps',
  'nocheck',
  'reservation',
  'noreservation',
]);
