// Mount options of ext4 against the filesystem: what is refused, and what takes effect.
// @source fs/ext4/super.c ext4_check_opt_consistency() ext4_apply_options() v6.12

import { E } from '../../include/linux/errno.ts';
import {
  EXT4_MOUNT_BARRIER,
  EXT4_MOUNT_BLOCK_VALIDITY,
  EXT4_MOUNT_DATA_ERR_ABORT,
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DAX_ALWAYS,
  EXT4_MOUNT_DELALLOC,
  EXT4_MOUNT_DIOREAD_NOLOCK,
  EXT4_MOUNT_ERRORS_CONT,
  EXT4_MOUNT_GRPQUOTA,
  EXT4_MOUNT_INIT_INODE_TABLE,
  EXT4_MOUNT_JOURNAL_CHECKSUM,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_POSIX_ACL,
  EXT4_MOUNT_PRJQUOTA,
  EXT4_MOUNT_QUOTA,
  EXT4_MOUNT_USRQUOTA,
  EXT4_MOUNT_XATTR_USER,
  EXT4_MOUNT2_DAX_INODE,
  EXT4_MOUNT2_DAX_NEVER,
} from './mount-flags.ts';
import type { Ext4Context } from './options.ts';
import type { Ext4SuperBlock } from './sb.ts';

/** Options that hold before any is given. @source fs/ext4/super.c ext4_set_def_opts() v6.12 */
export function ext4_set_def_opts(sb: Ext4SuperBlock): void {
  sb.s_mount_opt =
    EXT4_MOUNT_INIT_INODE_TABLE |
    EXT4_MOUNT_XATTR_USER |
    EXT4_MOUNT_POSIX_ACL |
    EXT4_MOUNT_ERRORS_CONT |
    EXT4_MOUNT_BLOCK_VALIDITY |
    EXT4_MOUNT_BARRIER;
  if (sb.has('metadata_csum')) sb.s_mount_opt |= EXT4_MOUNT_JOURNAL_CHECKSUM;
  if (sb.type === 'ext4') sb.s_mount_opt |= EXT4_MOUNT_DELALLOC;
  // 6.1 has it on for blocks of a page only.
  const { is_6_12, PAGE_SIZE } = sb.linux;
  if (is_6_12 ? sb.s_blocksize <= PAGE_SIZE : sb.s_blocksize === PAGE_SIZE) {
    sb.s_mount_opt |= EXT4_MOUNT_DIOREAD_NOLOCK;
  }
  sb.s_def_mount_opt = sb.s_mount_opt;
  sb.s_def_mount_opt2 = sb.s_mount_opt2;
}

/** 0 or -EINVAL: whether this filesystem can have these options, or change to them. */
export function ext4_check_opt_consistency(context: Ext4Context, sb: Ext4SuperBlock): number {
  if (context.no_ext2 && sb.type === 'ext2') return -E.EINVAL;
  if (context.no_ext3 && sb.type === 'ext3') return -E.EINVAL;
  // Inodes have 256 bytes, 128 of which every ext2 had.
  if ((context.numbers.get('s_want_extra_isize') ?? 0) > 128) return -E.EINVAL;
  const encryption = checkDummyEncryption(context, sb);
  if (encryption < 0) return encryption;
  if (context.remount) {
    const error = checkRemount(context, sb);
    if (error < 0) return error;
  }
  return ext4_check_quota_consistency(context, sb);
}

/** @source fs/ext4/super.c ext4_check_test_dummy_encryption() v6.12 */
function checkDummyEncryption(context: Ext4Context, sb: Ext4SuperBlock): number {
  if (context.dummyEncryption === undefined) return 0;
  if (!sb.has('encrypt')) return -E.EINVAL;
  const same = sb.dummyEncryption === context.dummyEncryption;
  return context.remount && !same ? -E.EINVAL : 0;
}

function checkRemount(context: Ext4Context, sb: Ext4SuperBlock): number {
  if (context.dataMode) {
    if (!sb.hasJournal) {
      context.mask |= EXT4_MOUNT_DATA_FLAGS;
      context.vals &= ~EXT4_MOUNT_DATA_FLAGS;
    } else if (((context.vals ^ sb.s_mount_opt) & EXT4_MOUNT_DATA_FLAGS) !== 0) {
      return -E.EINVAL;
    }
  }
  if (!sb.hasJournal && (context.vals & EXT4_MOUNT_DATA_ERR_ABORT) !== 0) {
    context.vals &= ~EXT4_MOUNT_DATA_ERR_ABORT;
  }
  return checkDaxChange(context, sb);
}

/**
 * The mode of DAX stays as it was mounted; what it is may be said again. A list may speak of
 * several modes: `inode` is remembered whatever comes after it, so each is looked at.
 */
function checkDaxChange(context: Ext4Context, sb: Ext4SuperBlock): number {
  const always = sb.test_opt(EXT4_MOUNT_DAX_ALWAYS);
  const never = sb.test_opt2(EXT4_MOUNT2_DAX_NEVER);
  const inode = !always && !never && sb.test_opt2(EXT4_MOUNT2_DAX_INODE);
  if ((context.vals & EXT4_MOUNT_DAX_ALWAYS) !== 0) {
    const journalled = (sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS) === EXT4_MOUNT_JOURNAL_DATA;
    if (journalled || !always || never) return -E.EINVAL;
  }
  if ((context.vals2 & EXT4_MOUNT2_DAX_NEVER) !== 0 && (!never || always)) return -E.EINVAL;
  if ((context.vals2 & EXT4_MOUNT2_DAX_INODE) !== 0 && !inode) return -E.EINVAL;
  return 0;
}

/**
 * @source fs/ext4/super.c ext4_check_quota_consistency() v6.12. Quota is never loaded here: the
 * recorded kernels have no module for its format.
 */
function ext4_check_quota_consistency(context: Ext4Context, sb: Ext4SuperBlock): number {
  if ((context.vals & EXT4_MOUNT_PRJQUOTA) !== 0 && !sb.has('project')) return -E.EINVAL;
  if (context.quotaFiles.size > 0 && sb.has('quota')) return 0;
  if (context.jqfmt !== undefined && sb.has('quota')) return 0;
  const named = (type: 'usr' | 'grp'): boolean =>
    (sb.s_qf_names.get(type) ?? '') !== '' || (context.quotaFiles.get(type) ?? '') !== '';
  const both = context.vals | sb.s_mount_opt;
  const user = named('usr');
  const group = named('grp');
  if (user) context.vals &= ~EXT4_MOUNT_USRQUOTA;
  if (group) context.vals &= ~EXT4_MOUNT_GRPQUOTA;
  if (!user && !group) return 0;
  const usrquota = !user && (both & EXT4_MOUNT_USRQUOTA) !== 0;
  const grpquota = !group && (both & EXT4_MOUNT_GRPQUOTA) !== 0;
  if (usrquota || grpquota) return -E.EINVAL;
  return context.jqfmt === undefined && sb.s_jquota_fmt === undefined ? -E.EINVAL : 0;
}

/** What was asked for takes effect. @source fs/ext4/super.c ext4_apply_options() v6.12 */
export function ext4_apply_options(context: Ext4Context, sb: Ext4SuperBlock): void {
  sb.s_mount_opt = (sb.s_mount_opt & ~context.mask) | context.vals;
  sb.s_mount_opt2 = (sb.s_mount_opt2 & ~context.mask2) | context.vals2;
  for (const [name, number] of context.numbers) sb.numbers.set(name, number);
  if (context.inlinecrypt) sb.inlinecrypt = true;
  sb.dummyEncryption ??= context.dummyEncryption;
  if (sb.has('quota')) return;
  for (const [type, name] of context.quotaFiles) {
    sb.s_qf_names.set(type, name);
    if (name !== '') sb.s_mount_opt |= EXT4_MOUNT_QUOTA;
  }
  if (context.jqfmt !== undefined) sb.s_jquota_fmt = context.jqfmt;
}
