// Mount options of tmpfs. There is no `dax` among them.
// @source mm/shmem.c v6.12

import { E } from '../include/linux/errno.ts';

/** Options of one tmpfs; what the mount does not say is as the kernel has it. */
export interface ShmemOptions {
  /** In pages; undefined: half of the memory, which /proc/mounts does not show. */
  blocks: number | undefined;
  inodes: number | undefined;
  /** Permission bits of the root directory. */
  mode: number;
  uid: number;
  gid: number;
  full_inums: boolean;
  huge: string;
  mpol: string;
  noswap: boolean;
}

/** @source mm/shmem.c shmem_init_fs_context() v6.12, CONFIG_TMPFS_INODE64=y */
export function shmemDefaults(): ShmemOptions {
  return {
    blocks: undefined,
    inodes: undefined,
    mode: 0o1777,
    uid: 0,
    gid: 0,
    full_inums: true,
    huge: 'never',
    mpol: '',
    noswap: false,
  };
}

const HUGE: ReadonlySet<string> = new Set(['never', 'always', 'within_size', 'advise']);

/**
 * Reads options into `options`: 0, or -EINVAL at the first one that is unknown or has a bad value.
 * @source mm/shmem.c shmem_parse_one() v6.1 v6.12
 */
export function shmem_parse_options(
  options: ShmemOptions,
  text: string,
  system: { readonly is_6_12: boolean; readonly PAGE_SIZE: number; readonly totalram: number },
): number {
  for (const word of text.split(',')) {
    if (word === '') continue;
    const [, key = '', , value] = /^([^=]*)(=(.*))?$/.exec(word) ?? [];
    if (!shmem_parse_one(options, { key, value }, system)) return -E.EINVAL;
  }
  return 0;
}

function shmem_parse_one(
  options: ShmemOptions,
  option: { readonly key: string; readonly value: string | undefined },
  system: { readonly is_6_12: boolean; readonly PAGE_SIZE: number; readonly totalram: number },
): boolean {
  const { key, value } = option;
  if (value === undefined) return parseFlag(options, key, system.is_6_12);
  switch (key) {
    case 'size': {
      const percent = /^(\d+)%$/.exec(value)?.[1];
      const bytes =
        percent === undefined ? memparse(value) : (Number(percent) * system.totalram) / 100;
      options.blocks = bytes === undefined ? undefined : Math.ceil(bytes / system.PAGE_SIZE);
      return bytes !== undefined;
    }
    case 'nr_blocks':
      options.blocks = memparse(value);
      return options.blocks !== undefined;
    case 'nr_inodes':
      options.inodes = memparse(value);
      return options.inodes !== undefined;
    case 'mode':
      if (!/^[0-7]+$/.test(value)) return false;
      options.mode = Number.parseInt(value, 8) & 0o7777;
      return true;
    case 'uid':
    case 'gid':
      if (!/^\d+$/.test(value)) return false;
      options[key] = Number(value);
      return true;
    case 'huge':
      options.huge = value;
      return HUGE.has(value);
    case 'mpol':
      options.mpol = value === 'default' ? '' : value;
      return /^(?:default|local|(?:prefer|bind|interleave)(?:=\S*)?:[\d-]+)$/.test(value);
    default:
      return false;
  }
}

function parseFlag(options: ShmemOptions, key: string, is_6_12: boolean): boolean {
  if (key === 'noswap' && is_6_12) options.noswap = true;
  else if (key === 'inode32') options.full_inums = false;
  else if (key === 'inode64') options.full_inums = true;
  else return false;
  return true;
}

const UNITS = 'KMGTPE';

/** A number with a unit; undefined where there is more. @source lib/cmdline.c memparse() v6.12 */
function memparse(text: string): number | undefined {
  const match = /^(\d+|0x[\da-f]+)([kmgtpe]?)$/i.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  return Number(digits) * 1024 ** (unit === '' ? 0 : UNITS.indexOf(unit.toUpperCase()) + 1);
}

/** Options as /proc/mounts shows them. @source mm/shmem.c shmem_show_options() v6.12 */
export function shmem_show_options(options: ShmemOptions, PAGE_SIZE: number): string {
  const shown: string[] = [];
  if (options.blocks !== undefined) shown.push(`size=${(options.blocks * PAGE_SIZE) / 1024}k`);
  if (options.inodes !== undefined) shown.push(`nr_inodes=${options.inodes}`);
  if (options.mode !== 0o1777) shown.push(`mode=${options.mode.toString(8).padStart(3, '0')}`);
  if (options.uid !== 0) shown.push(`uid=${options.uid}`);
  if (options.gid !== 0) shown.push(`gid=${options.gid}`);
  shown.push(`inode${options.full_inums ? 64 : 32}`);
  if (options.huge !== 'never') shown.push(`huge=${options.huge}`);
  if (options.mpol !== '') shown.push(`mpol=${options.mpol}`);
  if (options.noswap) shown.push('noswap');
  return shown.map((word) => `,${word}`).join('');
}
