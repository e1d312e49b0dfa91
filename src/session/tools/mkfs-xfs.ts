// mkfs.xfs as far as its choices change what the kernel then does.

import { E } from '../../kernel/include/linux/errno.ts';
import type { Linux } from '../../kernel/linux.ts';

/** Makes an XFS image on a device; `argv` as given to mkfs.xfs. 0, or what the device answered. */
export function mkfsXfs(
  _linux: Linux,
  _request: { readonly device: string; readonly argv: readonly string[] },
): number {
  return -E.EINVAL;
}
