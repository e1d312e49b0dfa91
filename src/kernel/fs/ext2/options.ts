// Mount options of ext2. They go by whole words: `dax=always` is none.
// @source fs/ext2/super.c parse_options() ext2_show_options() v6.12

import type { Linux } from '../../linux.ts';

/** Options that are on or off. */
export type Ext2Switch =
  | 'minixdf'
  | 'grpid'
  | 'nouid32'
  | 'debug'
  | 'oldalloc'
  | 'user_xattr'
  | 'acl'
  | 'usrquota'
  | 'grpquota'
  | 'xip'
  | 'dax'
  | 'reservation';

/** Options of a mount; a remount starts from those that hold. */
export interface Ext2Options {
  readonly switches: Set<Ext2Switch>;
  errors: 'continue' | 'panic' | 'remount-ro';
  resuid: number;
  resgid: number;
}

/** Options before any is given, as mke2fs leaves them in the superblock. */
export function defaultOptions(): Ext2Options {
  return {
    switches: new Set(['user_xattr', 'acl', 'reservation']),
    errors: 'continue',
    resuid: 0,
    resgid: 0,
  };
}

/** A copy that may be changed without the other. */
export function copyOptions(options: Ext2Options): Ext2Options {
  return { ...options, switches: new Set(options.switches) };
}

const on: ReadonlyMap<string, Ext2Switch> = new Map([
  ['minixdf', 'minixdf'],
  ['grpid', 'grpid'],
  ['bsdgroups', 'grpid'],
  ['nouid32', 'nouid32'],
  ['debug', 'debug'],
  ['oldalloc', 'oldalloc'],
  ['user_xattr', 'user_xattr'],
  ['acl', 'acl'],
  ['quota', 'usrquota'],
  ['usrquota', 'usrquota'],
  ['grpquota', 'grpquota'],
  ['reservation', 'reservation'],
]);

const off: ReadonlyMap<string, Ext2Switch> = new Map([
  ['bsddf', 'minixdf'],
  ['nogrpid', 'grpid'],
  ['sysvgroups', 'grpid'],
  ['orlov', 'oldalloc'],
  ['nouser_xattr', 'user_xattr'],
  ['noacl', 'acl'],
  ['noreservation', 'reservation'],
]);

const withoutEffect: ReadonlySet<string> = new Set(['nobh', 'noquota']);

/**
 * Where the superblock is looked for, and the options after that; `sb=` counts as the first
 * option only. @source fs/ext2/super.c get_sb_block() v6.12
 */
export function get_sb_block(data: string): { readonly block: number; readonly rest: string } {
  const found = /^sb=([0-9]+)(?:,|$)/u.exec(data);
  if (found?.[1] === undefined) return { block: 1, rest: data };
  return { block: Number(found[1]), rest: data.slice(found[0].length) };
}

/** Takes the options of a data string; false: one of them is none. */
export function parse_options(linux: Linux, data: string, options: Ext2Options): boolean {
  for (const word of data.split(',')) {
    if (word !== '' && !parseOne(linux, word, options)) return false;
  }
  return true;
}

function parseOne(linux: Linux, word: string, options: Ext2Options): boolean {
  const set = on.get(word);
  const cleared = off.get(word);
  if (set !== undefined) options.switches.add(set);
  else if (cleared !== undefined) options.switches.delete(cleared);
  else if (word === 'dax' || word === 'xip') {
    // The old name is remembered beside the new one, whatever becomes of that.
    if (word === 'xip') options.switches.add('xip');
    if (linux.config.FS_DAX) options.switches.add('dax');
    else linux.dmesg.push('EXT2-fs: there is no DAX in this kernel');
  } else if (!withoutEffect.has(word)) return parseValue(word, options);
  return true;
}

function parseValue(word: string, options: Ext2Options): boolean {
  const [, name, value] = /^([a-z]+)=(.*)$/u.exec(word) ?? [];
  if (name === 'errors') {
    if (value !== 'continue' && value !== 'panic' && value !== 'remount-ro') return false;
    options.errors = value;
    return true;
  }
  const number = /^[0-9]+$/u.test(value ?? '') ? Number(value) : undefined;
  if (number === undefined) return false;
  // Anywhere but at the front it is read and passed over.
  if (name === 'sb') return true;
  if (number > 2 ** 31 - 1) return false;
  if (name === 'resuid') options.resuid = number;
  else if (name === 'resgid') options.resgid = number;
  else return false;
  return true;
}

/** Options after `rw,relatime`; user_xattr and acl are compiled in and off the list. */
export function showOptions(options: Ext2Options, sbBlock: number): string {
  const has = (name: Ext2Switch): boolean => options.switches.has(name);
  const shown = [
    ...(sbBlock === 1 ? [] : [`sb=${sbBlock}`]),
    ...(has('minixdf') ? ['minixdf'] : []),
    ...(has('grpid') ? ['grpid'] : []),
    ...(options.resuid === 0 ? [] : [`resuid=${options.resuid}`]),
    ...(options.resgid === 0 ? [] : [`resgid=${options.resgid}`]),
    `errors=${options.errors}`,
    ...(has('nouid32') ? ['nouid32'] : []),
    ...(has('debug') ? ['debug'] : []),
    ...(has('oldalloc') ? ['oldalloc'] : []),
    ...(has('usrquota') ? ['usrquota'] : []),
    ...(has('grpquota') ? ['grpquota'] : []),
    ...(has('xip') ? ['xip'] : []),
    ...(has('dax') ? ['dax'] : []),
    ...(has('reservation') ? [] : ['noreservation']),
  ];
  return shown.map((option) => `,${option}`).join('');
}
