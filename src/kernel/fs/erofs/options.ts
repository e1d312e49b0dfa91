// Mount options of EROFS: DAX is always, never or not asked for; there is no flag of a file.
// @source fs/erofs/super.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';

/** Options of one mount. */
export interface ErofsOptions {
  user_xattr: boolean;
  acl: boolean;
  cache_strategy: string;
  dax: 'always' | 'never' | undefined;
}

/** @source fs/erofs/super.c erofs_default_options() v6.12 */
export function erofs_default_options(): ErofsOptions {
  return { user_xattr: true, acl: true, cache_strategy: 'readaround', dax: undefined };
}

const CACHE_STRATEGIES: ReadonlySet<string> = new Set(['disabled', 'readahead', 'readaround']);

/**
 * Reads options: 0, or -EINVAL at the first that is unknown. `dax=inode` is.
 * @source fs/erofs/super.c erofs_fc_parse_param() v6.1 v6.12
 */
export function erofs_parse_options(linux: Linux, options: ErofsOptions, text: string): number {
  for (const word of text.split(',')) {
    if (word !== '' && !erofs_fc_parse_param(linux, options, word)) return -E.EINVAL;
  }
  return 0;
}

function erofs_fc_parse_param(linux: Linux, options: ErofsOptions, word: string): boolean {
  switch (word) {
    case 'user_xattr':
    case 'nouser_xattr':
      options.user_xattr = word === 'user_xattr';
      return true;
    case 'acl':
    case 'noacl':
      options.acl = word === 'acl';
      return true;
    case 'dax':
    case 'dax=always':
    case 'dax=never':
      if (!linux.config.FS_DAX) return false;
      options.dax = word === 'dax=never' ? 'never' : 'always';
      return true;
    case 'directio':
    case 'nodirectio':
      // Only of images in files, which are not modelled.
      return linux.is_6_12;
    default: {
      const strategy = /^cache_strategy=(.*)$/.exec(word)?.[1];
      if (strategy === undefined || !CACHE_STRATEGIES.has(strategy)) return false;
      options.cache_strategy = strategy;
      return true;
    }
  }
}

/** Options as /proc/mounts shows them. @source fs/erofs/super.c erofs_show_options() v6.12 */
export function erofs_show_options(options: ErofsOptions): string {
  const xattr = options.user_xattr ? ',user_xattr' : ',nouser_xattr';
  const acl = options.acl ? ',acl' : ',noacl';
  const dax = options.dax === undefined ? '' : `,dax=${options.dax}`;
  return `${xattr}${acl},cache_strategy=${options.cache_strategy}${dax}`;
}
