// The order of names in sysfs folders: by hash. @source fs/kernfs/dir.c kernfs_name_hash() v6.12

const MASK_64 = (1n << 64n) - 1n;

/** @source include/linux/hash.h GOLDEN_RATIO_64 v6.12 */
const GOLDEN_RATIO_64 = 0x61c8864680b583ebn;

/**
 * Where a name stands in its folder, on a 64-bit kernel. The few values kept for the folder's own
 * entries are not moved aside: no name of ours has one.
 * @source fs/kernfs/dir.c kernfs_name_hash(); include/linux/stringhash.h v6.12
 */
export function kernfs_name_hash(name: string): number {
  let hash = 0n;
  for (const letter of name) {
    const code = BigInt(letter.codePointAt(0) ?? 0);
    hash = ((hash + (code << 4n) + (code >> 4n)) * 11n) & MASK_64;
  }
  return Number((((hash * GOLDEN_RATIO_64) & MASK_64) >> 32n) & 0x7fffffffn);
}
