// Mount options of XFS: what the parser takes, what it refuses, and how /proc/mounts shows them.
// @source fs/xfs/xfs_super.c xfs_fs_parameters v6.12

import { assert, never } from '../../../base/index.ts';
import { E } from '../../include/linux/errno.ts';

/** Which files use DAX: those with the flag, all, or none. */
export type XfsDaxMode = 'inode' | 'always' | 'never';

/** Options that are on or off, by the names /proc/mounts has for them. */
export type XfsSwitch =
  | 'ikeep'
  | 'wsync'
  | 'noalign'
  | 'swalloc'
  | 'nouuid'
  | 'norecovery'
  | 'attr2'
  | 'noattr2'
  | 'filestreams'
  | 'grpid'
  | 'discard'
  | 'largeio'
  | 'inode32';

/** What a data string asks for; kept in the mount afterwards. */
export interface XfsOptions {
  readonly switches: Set<XfsSwitch>;
  dax: XfsDaxMode;
  /** Number of log buffers; -1 where nobody asked. */
  logbufs: number;
  /** Bytes; -1 where nobody asked. */
  logbsizeBytes: number;
  logname: string | undefined;
  rtname: string | undefined;
  /** Binary logarithm of the bytes of a preallocation, where somebody asked. */
  allocsizeLog: number | undefined;
  /** Stripe unit and width, in sectors of 512 bytes; 0: none. */
  sunitSectors: number;
  swidthSectors: number;
  readonly quota: { user: XfsQuota; group: XfsQuota; project: XfsQuota };
}

/** Whether usage is counted, and whether limits count. */
export type XfsQuota = 'off' | 'accounting' | 'enforced';

/**
 * Options before the data string was read.
 * @source fs/xfs/xfs_super.c xfs_init_fs_context() v6.12
 */
export function xfs_init_fs_context(): XfsOptions {
  return {
    switches: new Set(),
    dax: 'inode',
    logbufs: -1,
    logbsizeBytes: -1,
    logname: undefined,
    rtname: undefined,
    allocsizeLog: undefined,
    sunitSectors: 0,
    swidthSectors: 0,
    quota: { user: 'off', group: 'off', project: 'off' },
  };
}

/**
 * Reads a data string into `options`: 0 or -EINVAL at the first thing that is wrong, with the
 * options before it taken.
 * @source fs/fs_context.c generic_parse_monolithic() v6.12
 */
export function parse_monolithic(
  options: XfsOptions,
  data: string,
  config: { readonly FS_DAX: boolean },
): number {
  for (const item of data.split(',')) {
    const equals = item.indexOf('=');
    // Empty items are passed over, and so is a value without a name.
    if (item === '' || equals === 0) continue;
    const key = equals < 0 ? item : item.slice(0, equals);
    const value = equals < 0 ? undefined : item.slice(equals + 1);
    if (value === undefined && sbFlags.has(key)) continue;
    const error = xfs_fs_parse_param(options, { key, value }, config);
    if (error < 0) return error;
  }
  return 0;
}

// Flags that the VFS takes out of the data string before the filesystem sees it.
// @source fs/fs_context.c common_set_sb_flag v6.12
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

interface Parameter {
  readonly key: string;
  readonly value: string | undefined;
}

/**
 * One option: 0 or -EINVAL. A switch with a value is as wrong as a value that is missing.
 * @source fs/xfs/xfs_super.c xfs_fs_parse_param() v6.12
 */
export function xfs_fs_parse_param(
  options: XfsOptions,
  parameter: Parameter,
  config: { readonly FS_DAX: boolean },
): number {
  const { key, value } = parameter;
  if (key === 'dax') {
    if (!config.FS_DAX) return -E.EINVAL;
    if (value === undefined) options.dax = 'always';
    else if (value === 'always' || value === 'inode' || value === 'never') options.dax = value;
    else return -E.EINVAL;
    return 0;
  }
  if (value === undefined) return parseSwitch(options, key);
  return value === '' ? -E.EINVAL : parseValue(options, { key, value });
}

const turnOn: ReadonlyMap<string, XfsSwitch> = new Map([
  ['wsync', 'wsync'],
  ['noalign', 'noalign'],
  ['swalloc', 'swalloc'],
  ['nouuid', 'nouuid'],
  ['grpid', 'grpid'],
  ['bsdgroups', 'grpid'],
  ['norecovery', 'norecovery'],
  ['inode32', 'inode32'],
  ['ikeep', 'ikeep'],
  ['largeio', 'largeio'],
  ['attr2', 'attr2'],
  ['noattr2', 'noattr2'],
  ['filestreams', 'filestreams'],
  ['discard', 'discard'],
]);

const turnOff: ReadonlyMap<string, XfsSwitch> = new Map([
  ['nogrpid', 'grpid'],
  ['sysvgroups', 'grpid'],
  ['inode64', 'inode32'],
  ['noikeep', 'ikeep'],
  ['nolargeio', 'largeio'],
  ['nodiscard', 'discard'],
]);

const quotas: ReadonlyMap<string, readonly ['user' | 'group' | 'project', XfsQuota]> = new Map([
  ['quota', ['user', 'enforced']],
  ['uquota', ['user', 'enforced']],
  ['usrquota', ['user', 'enforced']],
  ['qnoenforce', ['user', 'accounting']],
  ['uqnoenforce', ['user', 'accounting']],
  ['gquota', ['group', 'enforced']],
  ['grpquota', ['group', 'enforced']],
  ['gqnoenforce', ['group', 'accounting']],
  ['pquota', ['project', 'enforced']],
  ['prjquota', ['project', 'enforced']],
  ['pqnoenforce', ['project', 'accounting']],
]);

function parseSwitch(options: XfsOptions, key: string): number {
  const on = turnOn.get(key);
  if (on !== undefined) {
    options.switches.add(on);
    return 0;
  }
  const off = turnOff.get(key);
  if (off !== undefined) {
    options.switches.delete(off);
    return 0;
  }
  const quota = quotas.get(key);
  if (quota !== undefined) {
    options.quota[quota[0]] = quota[1];
    return 0;
  }
  if (key !== 'noquota') return -E.EINVAL;
  options.quota.user = 'off';
  options.quota.group = 'off';
  options.quota.project = 'off';
  return 0;
}

function parseValue(
  options: XfsOptions,
  { key, value }: { readonly key: string; readonly value: string },
): number {
  switch (key) {
    case 'logdev':
      options.logname = value;
      return 0;
    case 'rtdev':
      options.rtname = value;
      return 0;
    case 'logbufs':
      return withNumber(kstrtouint(value), (count) => {
        // The field is an int.
        options.logbufs = count | 0;
      });
    case 'sunit':
      return withNumber(kstrtouint(value), (sectors) => {
        options.sunitSectors = sectors;
      });
    case 'swidth':
      return withNumber(kstrtouint(value), (sectors) => {
        options.swidthSectors = sectors;
      });
    case 'logbsize':
      return withNumber(suffix_kstrtoint(value), (bytes) => {
        options.logbsizeBytes = bytes;
      });
    case 'allocsize':
      return withNumber(suffix_kstrtoint(value), (bytes) => {
        // ffs() - 1: the lowest bit counts; -1 for 0.
        options.allocsizeLog = bytes === 0 ? -1 : 31 - Math.clz32(bytes & -bytes);
      });
    default:
      return -E.EINVAL;
  }
}

function withNumber(value: number | undefined, take: (value: number) => void): number {
  if (value === undefined) return -E.EINVAL;
  take(value);
  return 0;
}

/** A number of 32 bits in C's notation, or undefined. @source lib/kstrtox.c kstrtouint() v6.12 */
function kstrtouint(text: string): number | undefined {
  const match = /^\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)\n?$/u.exec(text);
  if (match === null) return undefined;
  const digits = (match[1] ?? '').toLowerCase();
  const isOctal = /^0[0-7]+$/u.test(digits);
  const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  return value > 0xffff_ffff ? undefined : value;
}

/**
 * A decimal number with a suffix K, M or G, shifted within 32 bits; undefined where it is none.
 * @source fs/xfs/xfs_super.c suffix_kstrtoint() v6.12
 */
function suffix_kstrtoint(text: string): number | undefined {
  const match = /^([-+]?[0-9]+)([KkMmGg]?)$/u.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]);
  if (value > 0x7fff_ffff || value < -0x8000_0000) return undefined;
  return value << suffixShift(match[2] ?? '');
}

function suffixShift(suffix: string): number {
  switch (suffix.toLowerCase()) {
    case 'k':
      return 10;
    case 'm':
      return 20;
    case 'g':
      return 30;
    default:
      return 0;
  }
}

const XLOG_MIN_ICLOGS = 2;
const XLOG_MAX_ICLOGS = 8;
const XLOG_MIN_RECORD_BSIZE = 16 * 1024;
const XLOG_BIG_RECORD_BSIZE = 32 * 1024;
const XLOG_MAX_RECORD_BSIZE = 256 * 1024;
const XFS_MAX_IO_LOG = 30;

/**
 * What options must fulfil together, before the medium is looked at: 0 or -EINVAL.
 * @source fs/xfs/xfs_super.c xfs_fs_validate_params() v6.12
 */
export function xfs_fs_validate_params(
  options: XfsOptions,
  { ro, PAGE_SHIFT }: { readonly ro: boolean; readonly PAGE_SHIFT: number },
): number {
  const { switches, sunitSectors, swidthSectors, logbufs, logbsizeBytes, allocsizeLog } = options;
  const wrong = [
    switches.has('norecovery') && !ro,
    switches.has('attr2') && switches.has('noattr2'),
    switches.has('noalign') && (sunitSectors !== 0 || swidthSectors !== 0),
    (sunitSectors === 0) !== (swidthSectors === 0),
    sunitSectors !== 0 && swidthSectors % sunitSectors !== 0,
    logbufs !== -1 && logbufs !== 0 && (logbufs < XLOG_MIN_ICLOGS || logbufs > XLOG_MAX_ICLOGS),
    logbsizeBytes !== -1 && logbsizeBytes !== 0 && !isLogBufferSize(logbsizeBytes),
    allocsizeLog !== undefined && (allocsizeLog > XFS_MAX_IO_LOG || allocsizeLog < PAGE_SHIFT),
  ];
  return wrong.includes(true) ? -E.EINVAL : 0;
}

function isLogBufferSize(bytes: number): boolean {
  if (bytes < XLOG_MIN_RECORD_BSIZE || bytes > XLOG_MAX_RECORD_BSIZE) return false;
  return (bytes & (bytes - 1)) === 0;
}

/**
 * Sizes of log buffers where nobody asked.
 * @source fs/xfs/xfs_log.c xlog_get_iclog_buffer_size() v6.12
 */
export function xlog_get_iclog_buffer_size(options: XfsOptions): void {
  if (options.logbufs <= 0) options.logbufs = XLOG_MAX_ICLOGS;
  if (options.logbsizeBytes <= 0) options.logbsizeBytes = XLOG_BIG_RECORD_BSIZE;
}

// Order in which /proc/mounts shows them.
const shownSwitches: readonly XfsSwitch[] = [
  'ikeep',
  'wsync',
  'noalign',
  'swalloc',
  'nouuid',
  'norecovery',
  'attr2',
  'filestreams',
  'grpid',
  'discard',
  'largeio',
];

/**
 * Options as /proc/mounts shows them, each with a leading comma.
 * @source fs/xfs/xfs_super.c xfs_fs_show_options() v6.12
 */
export function xfs_fs_show_options(options: XfsOptions): string {
  const shown: string[] = shownSwitches.filter((name) => options.switches.has(name));
  if (options.dax !== 'inode') shown.push(`dax=${options.dax}`);
  shown.push(options.switches.has('inode32') ? 'inode32' : 'inode64');
  const { allocsizeLog } = options;
  if (allocsizeLog !== undefined) shown.push(`allocsize=${2 ** allocsizeLog / 1024}k`);
  assert(options.logbufs > 0, 'a mount has log buffers');
  shown.push(`logbufs=${options.logbufs}`, `logbsize=${options.logbsizeBytes / 1024}k`);
  if (options.logname !== undefined) shown.push(`logdev=${options.logname}`);
  if (options.rtname !== undefined) shown.push(`rtdev=${options.rtname}`);
  if (options.sunitSectors > 0) shown.push(`sunit=${options.sunitSectors}`);
  if (options.swidthSectors > 0) shown.push(`swidth=${options.swidthSectors}`);
  shown.push(...shownQuota(options));
  return shown.map((item) => `,${item}`).join('');
}

function shownQuota({ quota }: XfsOptions): readonly string[] {
  const shown = [
    quotaText(quota.user, { enforced: 'usrquota', accounting: 'uqnoenforce' }),
    quotaText(quota.project, { enforced: 'prjquota', accounting: 'pqnoenforce' }),
    quotaText(quota.group, { enforced: 'grpquota', accounting: 'gqnoenforce' }),
  ].filter((text) => text !== undefined);
  return shown.length > 0 ? shown : ['noquota'];
}

function quotaText(
  quota: XfsQuota,
  names: { readonly enforced: string; readonly accounting: string },
): string | undefined {
  switch (quota) {
    case 'off':
      return undefined;
    case 'enforced':
      return names.enforced;
    case 'accounting':
      return names.accounting;
    default:
      return never(quota);
  }
}
