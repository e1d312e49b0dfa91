// Attribute flags of files as user space sees them: chattr's own, and those of XFS for everyone.
// @source include/uapi/linux/fs.h v6.12

// Flags of FS_IOC_GETFLAGS.

/** chattr S: writes reach the medium at once. */
export const FS_SYNC_FL = 0x8;
/** chattr i: nothing changes. */
export const FS_IMMUTABLE_FL = 0x10;
/** chattr a: written at its end only. */
export const FS_APPEND_FL = 0x20;
/** chattr d: backups pass over it. */
export const FS_NODUMP_FL = 0x40;
/** chattr A: reading leaves no time. */
export const FS_NOATIME_FL = 0x80;
/** Encrypted; it can only be read here. */
export const FS_ENCRYPT_FL = 0x800;
/** chattr j: data goes through the journal. */
export const FS_JOURNAL_DATA_FL = 0x4000;
/** Verified; it can only be read here. */
export const FS_VERITY_FL = 0x100000;
/** chattr x: DAX where mount options leave it to the inode. */
export const FS_DAX_FL = 0x2000000;
/** Contents lie in the inode; it can only be read here. */
export const FS_INLINE_DATA_FL = 0x10000000;
/** chattr P: new files get the project of the directory. */
export const FS_PROJINHERIT_FL = 0x20000000;
/** chattr F: names are the same in upper and lower case. */
export const FS_CASEFOLD_FL = 0x40000000;

// Flags of FS_IOC_FSGETXATTR.

/** Data lies on the realtime device. */
export const FS_XFLAG_REALTIME = 0x1;
/** Has space that was allocated before it was written. */
export const FS_XFLAG_PREALLOC = 0x2;
/** FS_IMMUTABLE_FL. */
export const FS_XFLAG_IMMUTABLE = 0x8;
/** FS_APPEND_FL. */
export const FS_XFLAG_APPEND = 0x10;
/** FS_SYNC_FL. */
export const FS_XFLAG_SYNC = 0x20;
/** FS_NOATIME_FL. */
export const FS_XFLAG_NOATIME = 0x40;
/** FS_NODUMP_FL. */
export const FS_XFLAG_NODUMP = 0x80;
/** Of a directory: new files are realtime files. */
export const FS_XFLAG_RTINHERIT = 0x100;
/** FS_PROJINHERIT_FL. */
export const FS_XFLAG_PROJINHERIT = 0x200;
/** Extents have a size hint. */
export const FS_XFLAG_EXTSIZE = 0x800;
/** Of a directory: new files get its size hint. */
export const FS_XFLAG_EXTSZINHERIT = 0x1000;
/** FS_DAX_FL. */
export const FS_XFLAG_DAX = 0x8000;
/** Extents of copies on write have a size hint. */
export const FS_XFLAG_COWEXTSIZE = 0x10000;
/** Has extended attributes, or room for them; it can only be read. */
export const FS_XFLAG_HASATTR = 0x80000000;
