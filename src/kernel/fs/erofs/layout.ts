// How EROFS lays out the data of a file, in the attribute flags of its record.
// @source fs/erofs/erofs_fs.h enum v6.12

/** Blocks in a row. The only layout that can be DAX, with that in chunks. */
export const EROFS_INODE_FLAT_PLAIN = 0;
/** Compressed: the record has the contents. */
export const EROFS_INODE_COMPRESSED_FULL = 1;
/** Blocks in a row, and the rest with the inode. */
export const EROFS_INODE_FLAT_INLINE = 2;
