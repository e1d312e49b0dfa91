// Mount options of ext4: reading a data string into what it asks for. Nothing here knows the
// filesystem that will be mounted; consistency.ts checks the one against the other.
// @source fs/ext4/super.c ext4_parse_param() v6.12

import { E } from '../../include/linux/errno.ts';
import type { KernelConfig } from '../../linux.ts';
import {
  EXT4_MOUNT_DATA_ERR_ABORT,
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DAX_ALWAYS,
  EXT4_MOUNT_ERRORS_CONT,
  EXT4_MOUNT_ERRORS_MASK,
  EXT4_MOUNT_ERRORS_PANIC,
  EXT4_MOUNT_ERRORS_RO,
  EXT4_MOUNT_GRPQUOTA,
  EXT4_MOUNT_INIT_INODE_TABLE,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_ORDERED_DATA,
  EXT4_MOUNT_USRQUOTA,
  EXT4_MOUNT_WRITEBACK_DATA,
  EXT4_MOUNT2_DAX_INODE,
  EXT4_MOUNT2_DAX_NEVER,
  EXT4_MOUNT2_MB_OPTIMIZE_SCAN,
  ext4_mount_opts,
  type MountOpt,
  mountOptAliases,
  removedFlags,
} from './mount-flags.ts';

/** Options that are numbers, by the name the kernel's context has for them. */
export type Ext4Number =
  | 's_commit_interval'
  | 's_stripe'
  | 's_max_batch_time'
  | 's_min_batch_time'
  | 's_want_extra_isize'
  | 's_inode_readahead_blks'
  | 's_max_dir_size_kb'
  | 's_li_wait_mult'
  | 's_resuid'
  | 's_resgid'
  | 's_sb_block'
  | 'journal_devnum'
  | 'journal_ioprio';

/** What a data string asks for. @source fs/ext4/super.c struct ext4_fs_context v6.12 */
export interface Ext4Context {
  readonly remount: boolean;
  /** Bits asked for, and bits spoken of, of both words. */
  vals: number;
  mask: number;
  vals2: number;
  mask2: number;
  /** Some option is refused for these types. */
  no_ext2: boolean;
  no_ext3: boolean;
  /** `data=` was given. */
  dataMode: boolean;
  optimizeScan: boolean;
  readonly numbers: Map<Ext4Number, number>;
  /** Journalled quota files by `usr` and `grp`; an empty name takes one back. */
  readonly quotaFiles: Map<'usr' | 'grp', string>;
  jqfmt: string | undefined;
  /** `v1` or `v2` of test_dummy_encryption. */
  dummyEncryption: string | undefined;
  inlinecrypt: boolean;
}

/** A context before anything was read. @source fs/ext4/super.c ext4_init_fs_context() v6.12 */
export function ext4_init_fs_context(remount: boolean): Ext4Context {
  return {
    remount,
    vals: 0,
    mask: 0,
    vals2: 0,
    mask2: 0,
    no_ext2: false,
    no_ext3: false,
    dataMode: false,
    optimizeScan: false,
    numbers: new Map(),
    quotaFiles: new Map(),
    jqfmt: undefined,
    dummyEncryption: undefined,
    inlinecrypt: false,
  };
}

function setBits(context: Ext4Context, bits: number): void {
  context.mask |= bits;
  context.vals |= bits;
}

function clearBits(context: Ext4Context, bits: number): void {
  context.mask |= bits;
  context.vals &= ~bits;
}

function setBits2(context: Ext4Context, bits: number): void {
  context.mask2 |= bits;
  context.vals2 |= bits;
}

function clearBits2(context: Ext4Context, bits: number): void {
  context.mask2 |= bits;
  context.vals2 &= ~bits;
}

/** Flags that the VFS takes for itself, whatever their value. */
const sbFlags: ReadonlySet<string> = new Set([
  'dirsync',
  'lazytime',
  'mand',
  'ro',
  'sync',
  'async',
  'nolazytime',
  'nomand',
  'rw',
]);

/**
 * Reads a data string: 0 or -EINVAL at the first option that is wrong.
 * @source fs/fs_context.c vfs_parse_monolithic_sep() vfs_parse_fs_param() v6.12
 */
export function parse_monolithic(context: Ext4Context, data: string, config: KernelConfig): number {
  for (const item of data.split(',')) {
    const equals = item.indexOf('=');
    if (item === '' || equals === 0) continue;
    const key = equals < 0 ? item : item.slice(0, equals);
    const value = equals < 0 ? undefined : item.slice(equals + 1);
    if (sbFlags.has(key)) continue;
    const error = ext4_parse_param(context, { key, value }, config);
    if (error < 0) return error;
  }
  return ext4_validate_options(context);
}

/** One option as it stands in the data string. */
interface Parameter {
  readonly key: string;
  /** Absent: there is no `=`. */
  readonly value: string | undefined;
}

/** A number as kstrtouint() takes it with base 0; undefined where it is none. */
function unsignedNumber(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const digits = /^\+?(0[xX][0-9a-fA-F]+|[0-9]+)\n?$/u.exec(value)?.[1];
  if (digits === undefined) return undefined;
  const octal = /^0[0-9]/u.test(digits);
  if (octal && /[89]/u.test(digits)) return undefined;
  const number = octal ? Number.parseInt(digits, 8) : Number(digits);
  return number < 2 ** 32 ? number : undefined;
}

/** Takes one option: 0 or -EINVAL. @source fs/ext4/super.c ext4_parse_param() v6.12 */
export function ext4_parse_param(
  context: Ext4Context,
  parameter: Parameter,
  config: KernelConfig,
): number {
  const { key, value } = parameter;
  const name = mountOptAliases.get(key) ?? key;
  const row = ext4_mount_opts.find((option) => option.name === name && option.what !== 'other');
  if (row !== undefined) return parseSwitch(context, row, value);
  if (value === undefined && removedFlags.has(key)) return 0;
  switch (key) {
    case 'dax':
      return parseDax(context, value, config);
    case 'data':
      return parseData(context, value);
    case 'errors':
      return parseErrors(context, value);
    case 'data_err':
      refuse(context, 'data_err');
      if (value === 'abort') setBits(context, EXT4_MOUNT_DATA_ERR_ABORT);
      else if (value === 'ignore') clearBits(context, EXT4_MOUNT_DATA_ERR_ABORT);
      else return -E.EINVAL;
      return 0;
    case 'check':
      return value === undefined || value === '' ? -E.EINVAL : 0;
    case 'journal':
      return unsignedNumber(value) === undefined ? -E.EINVAL : 0;
    case 'inlinecrypt':
      if (value !== undefined) return -E.EINVAL;
      context.inlinecrypt = true;
      return 0;
    case 'test_dummy_encryption':
      return parseDummyEncryption(context, value);
    case 'usrjquota':
      return note_qf_name(context, 'usr', value);
    case 'grpjquota':
      return note_qf_name(context, 'grp', value);
    case 'jqfmt':
      if (value !== 'vfsold' && value !== 'vfsv0' && value !== 'vfsv1') return -E.EINVAL;
      context.jqfmt = value;
      return 0;
    default:
      return parseNumber(context, parameter);
  }
}

/** Switches that may be given with a number as well: 0 means the opposite. */
const numbered: ReadonlySet<string> = new Set(['barrier', 'auto_da_alloc']);

function parseSwitch(context: Ext4Context, row: MountOpt, value: string | undefined): number {
  let on = true;
  if (value !== undefined) {
    const number = numbered.has(row.name) ? unsignedNumber(value) : undefined;
    if (number === undefined) return -E.EINVAL;
    on = number > 0;
  }
  refuse(context, row.name);
  if (row.explicit !== undefined) setBits2(context, row.explicit);
  const sets = row.what === 'clear' ? !on : on;
  if (row.second === true) {
    if (sets) setBits2(context, row.bits);
    else clearBits2(context, row.bits);
  } else if (sets) setBits(context, row.bits);
  else clearBits(context, row.bits);
  return 0;
}

/** Remembers which types the option of this name is refused for. */
function refuse(context: Ext4Context, name: string): void {
  const refused = ext4_mount_opts.find((row) => row.name === name)?.refused ?? 'none';
  if (refused !== 'none') context.no_ext2 = true;
  if (refused === 'ext4-only') context.no_ext3 = true;
}

function parseDax(context: Ext4Context, value: string | undefined, config: KernelConfig): number {
  if (value !== undefined) {
    // The plain word is an option of its own, which older types may use.
    if (value !== 'always' && value !== 'inode' && value !== 'never') return -E.EINVAL;
    refuse(context, 'dax=');
  }
  if (!config.FS_DAX) return -E.EINVAL;
  switch (value) {
    case 'never':
      setBits2(context, EXT4_MOUNT2_DAX_NEVER);
      clearBits(context, EXT4_MOUNT_DAX_ALWAYS);
      break;
    case 'inode':
      clearBits(context, EXT4_MOUNT_DAX_ALWAYS);
      clearBits2(context, EXT4_MOUNT2_DAX_NEVER);
      setBits2(context, EXT4_MOUNT2_DAX_INODE);
      break;
    default:
      setBits(context, EXT4_MOUNT_DAX_ALWAYS);
      clearBits2(context, EXT4_MOUNT2_DAX_NEVER);
  }
  return 0;
}

const dataModes: ReadonlyMap<string, number> = new Map([
  ['journal', EXT4_MOUNT_JOURNAL_DATA],
  ['ordered', EXT4_MOUNT_ORDERED_DATA],
  ['writeback', EXT4_MOUNT_WRITEBACK_DATA],
]);

function parseData(context: Ext4Context, value: string | undefined): number {
  const mode = value === undefined ? undefined : dataModes.get(value);
  if (mode === undefined) return -E.EINVAL;
  refuse(context, 'data');
  clearBits(context, EXT4_MOUNT_DATA_FLAGS);
  setBits(context, mode);
  context.dataMode = true;
  return 0;
}

const errorModes: ReadonlyMap<string, number> = new Map([
  ['continue', EXT4_MOUNT_ERRORS_CONT],
  ['panic', EXT4_MOUNT_ERRORS_PANIC],
  ['remount-ro', EXT4_MOUNT_ERRORS_RO],
]);

function parseErrors(context: Ext4Context, value: string | undefined): number {
  const mode = value === undefined ? undefined : errorModes.get(value);
  if (mode === undefined) return -E.EINVAL;
  clearBits(context, EXT4_MOUNT_ERRORS_MASK);
  setBits(context, mode);
  return 0;
}

/** @source fs/crypto/policy.c fscrypt_parse_test_dummy_encryption() v6.12 */
function parseDummyEncryption(context: Ext4Context, value: string | undefined): number {
  const version = value === undefined || value === '' ? 'v2' : value;
  if (version !== 'v1' && version !== 'v2') return -E.EINVAL;
  if (context.dummyEncryption !== undefined && context.dummyEncryption !== version)
    return -E.EINVAL;
  context.dummyEncryption = version;
  return 0;
}

/** @source fs/ext4/super.c note_qf_name() unnote_qf_name() v6.12 */
function note_qf_name(
  context: Ext4Context,
  type: 'usr' | 'grp',
  value: string | undefined,
): number {
  if (value === undefined || value.includes('/')) return -E.EINVAL;
  const noted = context.quotaFiles.get(type);
  if (value !== '' && noted !== undefined && noted !== '' && noted !== value) return -E.EINVAL;
  context.quotaFiles.set(type, value);
  return 0;
}

const numberNames: ReadonlyMap<string, Ext4Number> = new Map([
  ['resgid', 's_resgid'],
  ['resuid', 's_resuid'],
  ['sb', 's_sb_block'],
  ['commit', 's_commit_interval'],
  ['min_batch_time', 's_min_batch_time'],
  ['max_batch_time', 's_max_batch_time'],
  ['journal_dev', 'journal_devnum'],
  ['journal_ioprio', 'journal_ioprio'],
  ['stripe', 's_stripe'],
  ['debug_want_extra_isize', 's_want_extra_isize'],
  ['inode_readahead_blks', 's_inode_readahead_blks'],
  ['max_dir_size_kb', 's_max_dir_size_kb'],
]);

/** Seconds that do not fit a number of ticks: HZ is 250. */
const maxCommitSeconds = Math.floor((2 ** 31 - 1) / 250);

function parseNumber(context: Ext4Context, { key, value }: Parameter): number {
  if (key === 'init_itable') return parseInitItable(context, value);
  if (key === 'mb_optimize_scan') return parseOptimizeScan(context, value);
  // The path of a journal device leads to a device number; none of ours has its journal outside.
  if (key === 'journal_path') return -E.EINVAL;
  const name = numberNames.get(key);
  let number = unsignedNumber(value);
  if (name === undefined || number === undefined) return -E.EINVAL;
  refuse(context, key);
  if (key === 'commit') {
    if (number === 0) number = 5;
    else if (number > maxCommitSeconds) return -E.EINVAL;
  }
  if (key === 'journal_dev' && context.remount) return -E.EINVAL;
  if (key === 'journal_ioprio' && number > 7) return -E.EINVAL;
  if (key === 'debug_want_extra_isize' && (number % 2 === 1 || number < 4)) return -E.EINVAL;
  if (key === 'inode_readahead_blks' && number > 0 && !isPowerOfTwo(number)) return -E.EINVAL;
  if (key === 'sb' && context.remount) return 0;
  context.numbers.set(name, number);
  return 0;
}

function isPowerOfTwo(number: number): boolean {
  return number <= 2 ** 30 && Number.isInteger(Math.log2(number));
}

/** EXT4_DEF_LI_WAIT_MULT: how long the thread that zeroes inode tables waits. */
export const EXT4_DEF_LI_WAIT_MULT = 10;

function parseInitItable(context: Ext4Context, value: string | undefined): number {
  const mult = value === undefined ? EXT4_DEF_LI_WAIT_MULT : unsignedNumber(value);
  if (mult === undefined) return -E.EINVAL;
  setBits(context, EXT4_MOUNT_INIT_INODE_TABLE);
  context.numbers.set('s_li_wait_mult', mult);
  return 0;
}

function parseOptimizeScan(context: Ext4Context, value: string | undefined): number {
  const number = unsignedNumber(value);
  if (number === 1) setBits2(context, EXT4_MOUNT2_MB_OPTIMIZE_SCAN);
  else if (number === 0) clearBits2(context, EXT4_MOUNT2_MB_OPTIMIZE_SCAN);
  else return -E.EINVAL;
  context.optimizeScan = true;
  return 0;
}

/** Old quota options and new ones exclude each other. */
function ext4_validate_options(context: Ext4Context): number {
  const user = context.quotaFiles.get('usr') ?? '';
  const group = context.quotaFiles.get('grp') ?? '';
  if (user === '' && group === '') return 0;
  if (user !== '') clearBits(context, context.vals & EXT4_MOUNT_USRQUOTA);
  if (group !== '') clearBits(context, context.vals & EXT4_MOUNT_GRPQUOTA);
  return (context.vals & (EXT4_MOUNT_USRQUOTA | EXT4_MOUNT_GRPQUOTA)) === 0 ? 0 : -E.EINVAL;
}
