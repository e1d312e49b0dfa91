// Which features of a filesystem the drivers know: those that forbid mounting, and those that only
// forbid writing. Names are mkfs's.
// @source fs/ext4/ext4.h EXT4_FEATURE_INCOMPAT_SUPP v6.12, fs/ext2/ext2.h v6.12

/** Features that change how a filesystem is read. */
export const incompatFeatures: ReadonlySet<string> = new Set([
  'filetype',
  'meta_bg',
  'extent',
  '64bit',
  'mmp',
  'flex_bg',
  'ea_inode',
  'inline_data',
  'encrypt',
  'casefold',
  'metadata_csum_seed',
  'large_dir',
  'journal_dev',
]);

/** Features that change how a filesystem is written only. */
export const roCompatFeatures: ReadonlySet<string> = new Set([
  'sparse_super',
  'large_file',
  'huge_file',
  'uninit_bg',
  'dir_nlink',
  'extra_isize',
  'quota',
  'bigalloc',
  'metadata_csum',
  'project',
  'verity',
  'read-only',
  'orphan_present',
]);

const ext2Incompat: ReadonlySet<string> = new Set(['filetype', 'meta_bg']);
const ext2RoCompat: ReadonlySet<string> = new Set(['sparse_super', 'large_file']);

/** Whether features are all known to a driver that knows these. */
function allKnown(
  features: ReadonlySet<string>,
  of: ReadonlySet<string>,
  known: ReadonlySet<string>,
): boolean {
  return [...features].every((feature) => !of.has(feature) || known.has(feature));
}

/**
 * Whether an ext2 driver can mount a filesystem: fs/ext2, and ext4 for type ext2.
 * @source fs/ext4/super.c ext2_feature_set_ok() v6.12
 */
export function ext2_feature_set_ok(features: ReadonlySet<string>, readonly: boolean): boolean {
  if (!allKnown(features, incompatFeatures, ext2Incompat)) return false;
  return readonly || allKnown(features, roCompatFeatures, ext2RoCompat);
}

/** Whether ext4 can mount it as ext3. @source fs/ext4/super.c ext3_feature_set_ok() v6.12 */
export function ext3_feature_set_ok(features: ReadonlySet<string>, readonly: boolean): boolean {
  return features.has('has_journal') && ext2_feature_set_ok(features, readonly);
}

/** Whether ext4 can mount it. @source fs/ext4/super.c ext4_feature_set_ok() v6.12 */
export function ext4_feature_set_ok(features: ReadonlySet<string>, readonly: boolean): boolean {
  if (features.has('journal_dev')) return false;
  if (readonly) return true;
  return !features.has('bigalloc') || features.has('extent');
}
