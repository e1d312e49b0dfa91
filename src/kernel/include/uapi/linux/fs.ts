// Attribute flags of files as user space sees them: chattr's own, and those of XFS for everyone.
// @source include/uapi/linux/fs.h v6.12

/** Flags of FS_IOC_GETFLAGS. */
export const FS_SYNC_FL = 0x8;
export const FS_IMMUTABLE_FL = 0x10;
export const FS_APPEND_FL = 0x20;
export const FS_NODUMP_FL = 0x40;
export const FS_NOATIME_FL = 0x80;
export const FS_ENCRYPT_FL = 0x800;
export const FS_JOURNAL_DATA_FL = 0x4000;
export const FS_VERITY_FL = 0x100000;
export const FS_DAX_FL = 0x2000000;
export const FS_INLINE_DATA_FL = 0x10000000;
export const FS_PROJINHERIT_FL = 0x20000000;
export const FS_CASEFOLD_FL = 0x40000000;

/** Flags of FS_IOC_FSGETXATTR. */
export const FS_XFLAG_REALTIME = 0x1;
export const FS_XFLAG_PREALLOC = 0x2;
export const FS_XFLAG_IMMUTABLE = 0x8;
export const FS_XFLAG_APPEND = 0x10;
export const FS_XFLAG_SYNC = 0x20;
export const FS_XFLAG_NOATIME = 0x40;
export const FS_XFLAG_NODUMP = 0x80;
export const FS_XFLAG_RTINHERIT = 0x100;
export const FS_XFLAG_PROJINHERIT = 0x200;
export const FS_XFLAG_EXTSIZE = 0x800;
export const FS_XFLAG_EXTSZINHERIT = 0x1000;
export const FS_XFLAG_DAX = 0x8000;
export const FS_XFLAG_COWEXTSIZE = 0x10000;
export const FS_XFLAG_HASATTR = 0x80000000;
