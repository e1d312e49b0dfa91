// What /proc/mounts shows of an ext4 mount: options that differ from what the medium asks for.
// @source fs/ext4/super.c _ext4_show_options() v6.12

import type { SuperBlock } from '../../include/linux/fs.ts';
import {
  EXT4_MOUNT_DATA_ERR_ABORT,
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DAX_ALWAYS,
  EXT4_MOUNT_ERRORS_PANIC,
  EXT4_MOUNT_ERRORS_RO,
  EXT4_MOUNT_INIT_INODE_TABLE,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_ORDERED_DATA,
  EXT4_MOUNT2_DAX_INODE,
  EXT4_MOUNT2_DAX_NEVER,
  EXT4_MOUNT2_MB_OPTIMIZE_SCAN,
  ext4_mount_opts,
} from './mount-flags.ts';
import { EXT4_DEF_LI_WAIT_MULT, type Ext4Number } from './options.ts';
import { EXT4_NUMBER_DEFAULTS, EXT4_SB, type Ext4SuperBlock } from './sb.ts';

/** Groups from which on a scan of all of them is worth avoiding. */
export const MB_DEFAULT_LINEAR_SCAN_THRESHOLD = 16;

/** Options after `rw,relatime`, each with a leading comma. */
export function ext4_show_options(superblock: SuperBlock): string {
  const sb = EXT4_SB(superblock);
  const shown = [
    ...differing(sb, 's_sb_block', 'sb'),
    ...switches(sb),
    ...differing(sb, 's_resuid', 'resuid'),
    ...differing(sb, 's_resgid', 'resgid'),
    ...errorsOption(sb),
    ...differing(sb, 's_commit_interval', 'commit'),
    ...differing(sb, 's_min_batch_time', 'min_batch_time'),
    ...differing(sb, 's_max_batch_time', 'max_batch_time'),
    ...differing(sb, 's_stripe', 'stripe'),
    ...dataOption(sb),
    ...differing(sb, 's_inode_readahead_blks', 'inode_readahead_blks'),
    ...initItable(sb),
    ...differing(sb, 's_max_dir_size_kb', 'max_dir_size_kb'),
    ...(sb.test_opt(EXT4_MOUNT_DATA_ERR_ABORT) ? ['data_err=abort'] : []),
    ...(sb.dummyEncryption === undefined ? [] : [`test_dummy_encryption=${sb.dummyEncryption}`]),
    ...(sb.inlinecrypt ? ['inlinecrypt'] : []),
    ...daxOption(sb),
    ...optimizeScan(sb),
    ...quotaOptions(sb),
  ];
  return shown.map((option) => `,${option}`).join('');
}

function differing(sb: Ext4SuperBlock, name: Ext4Number, shown: string): string[] {
  const number = sb.number(name);
  return number === EXT4_NUMBER_DEFAULTS.get(name) ? [] : [`${shown}=${number}`];
}

function switches(sb: Ext4SuperBlock): string[] {
  const names: string[] = [];
  for (const { name, bits, what, second } of ext4_mount_opts) {
    if (what === 'other') continue;
    const now = second === true ? sb.s_mount_opt2 : sb.s_mount_opt;
    const byDefault = second === true ? sb.s_def_mount_opt2 : sb.s_def_mount_opt;
    if ((bits & (now ^ byDefault)) === 0) continue;
    const applies = what === 'set' ? (now & bits) === bits : (now & bits) === 0;
    if (applies) names.push(name);
  }
  return names;
}

/** mkfs leaves "continue" in the superblock, so only the two others are shown. */
function errorsOption(sb: Ext4SuperBlock): string[] {
  if (sb.test_opt(EXT4_MOUNT_ERRORS_RO)) return ['errors=remount-ro'];
  return sb.test_opt(EXT4_MOUNT_ERRORS_PANIC) ? ['errors=panic'] : [];
}

function dataOption(sb: Ext4SuperBlock): string[] {
  if ((EXT4_MOUNT_DATA_FLAGS & (sb.s_mount_opt ^ sb.s_def_mount_opt)) === 0) return [];
  switch (sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS) {
    case EXT4_MOUNT_JOURNAL_DATA:
      return ['data=journal'];
    case EXT4_MOUNT_ORDERED_DATA:
      return ['data=ordered'];
    case EXT4_MOUNT_DATA_FLAGS:
      return ['data=writeback'];
    default:
      return [];
  }
}

function initItable(sb: Ext4SuperBlock): string[] {
  const mult = sb.number('s_li_wait_mult');
  if (!sb.test_opt(EXT4_MOUNT_INIT_INODE_TABLE) || mult === EXT4_DEF_LI_WAIT_MULT) return [];
  return [`init_itable=${mult}`];
}

/** The type ext2 shows the plain word, as its own driver would. */
function daxOption(sb: Ext4SuperBlock): string[] {
  if (sb.test_opt(EXT4_MOUNT_DAX_ALWAYS)) return [sb.type === 'ext2' ? 'dax' : 'dax=always'];
  if (sb.test_opt2(EXT4_MOUNT2_DAX_NEVER)) return ['dax=never'];
  return sb.test_opt2(EXT4_MOUNT2_DAX_INODE) ? ['dax=inode'] : [];
}

function optimizeScan(sb: Ext4SuperBlock): string[] {
  const many = sb.s_groups_count >= MB_DEFAULT_LINEAR_SCAN_THRESHOLD;
  const on = sb.test_opt2(EXT4_MOUNT2_MB_OPTIMIZE_SCAN);
  if (many === on) return [];
  return [`mb_optimize_scan=${on ? 1 : 0}`];
}

function quotaOptions(sb: Ext4SuperBlock): string[] {
  const files = [...sb.s_qf_names].filter(([, name]) => name !== '');
  return [
    ...(sb.s_jquota_fmt === undefined ? [] : [`jqfmt=${sb.s_jquota_fmt}`]),
    ...files.map(([type, name]) => `${type}jquota=${name}`),
  ];
}
