// Remounting ext4: which options may change, and the way from read-only to writable and back.
// @source fs/ext4/super.c ext4_reconfigure() __ext4_remount() v6.12

import { E } from '../../include/linux/errno.ts';
import type { SuperBlock } from '../../include/linux/fs.ts';
import type { Op } from '../../steps.ts';
import { commit_sb } from '../image.ts';
import { sync_inodes_sb } from '../super.ts';
import { ext4_apply_options, ext4_check_opt_consistency } from './consistency.ts';
import { ext4_feature_set_ok } from './features.ts';
import {
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DIOREAD_NOLOCK,
  EXT4_MOUNT_JOURNAL_ASYNC_COMMIT,
  EXT4_MOUNT_JOURNAL_CHECKSUM,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_NO_MBCACHE,
  EXT4_MOUNT_ORDERED_DATA,
  EXT4_MOUNT2_EXPLICIT_DELALLOC,
} from './mount-flags.ts';
import { ext4_init_fs_context, parse_monolithic } from './options.ts';
import { EXT4_SB, type Ext4SuperBlock } from './sb.ts';

/** 0 or an error number; after an error the options are as they were. */
export function* ext4_remount(superblock: SuperBlock, options: string, ro: boolean): Op<number> {
  const sb = EXT4_SB(superblock);
  const context = ext4_init_fs_context(true);
  let error = parse_monolithic(context, options, sb.linux.config);
  if (error === 0) error = ext4_check_opt_consistency(context, sb);
  if (error < 0) return error;
  const old = {
    opt: sb.s_mount_opt,
    opt2: sb.s_mount_opt2,
    numbers: new Map(sb.numbers),
    quota: new Map(sb.s_qf_names),
    format: sb.s_jquota_fmt,
  };
  const stripe = context.numbers.get('s_stripe') ?? 0;
  if (sb.linux.is_6_12 && stripe % sb.s_cluster_ratio !== 0) context.numbers.set('s_stripe', 0);
  ext4_apply_options(context, sb);
  error = __ext4_remount(sb, old.opt, ro);
  if (error < 0) {
    sb.s_mount_opt = old.opt;
    sb.s_mount_opt2 = old.opt2;
    for (const [name, number] of old.numbers) sb.numbers.set(name, number);
    sb.s_qf_names.clear();
    for (const [type, name] of old.quota) sb.s_qf_names.set(type, name);
    sb.s_jquota_fmt = old.format;
    return error;
  }
  if (ro && !sb.ro) {
    yield* sync_inodes_sb(sb);
    commit_sb(sb);
  }
  return 0;
}

function __ext4_remount(sb: Ext4SuperBlock, old: number, ro: boolean): number {
  // Changing the checksums of the journal is passed over.
  const checksum = (sb.s_mount_opt ^ old) & EXT4_MOUNT_JOURNAL_CHECKSUM;
  sb.s_mount_opt ^= checksum;
  const data = sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS;
  if (data === EXT4_MOUNT_JOURNAL_DATA) {
    if (sb.test_opt2(EXT4_MOUNT2_EXPLICIT_DELALLOC)) return -E.EINVAL;
    if (sb.test_opt(EXT4_MOUNT_DIOREAD_NOLOCK)) return -E.EINVAL;
  } else if (data === EXT4_MOUNT_ORDERED_DATA) {
    if (sb.test_opt(EXT4_MOUNT_JOURNAL_ASYNC_COMMIT)) return -E.EINVAL;
  }
  if (((sb.s_mount_opt ^ old) & EXT4_MOUNT_NO_MBCACHE) !== 0) return -E.EINVAL;
  if (!sb.ro || ro) return 0;
  const { features } = sb.image;
  if (features.has('read-only') || !ext4_feature_set_ok(features, false)) return -E.EROFS;
  return features.has('quota') ? -E.ESRCH : 0;
}
