// mkfs by the name of the file system.

import type { User } from '../user.ts';
import { mkfsExt } from './mkfs-ext.ts';
import { mkfsXfs } from './mkfs-xfs.ts';

/** Makes a file system on `device`: an exit status. `fs` may carry a variant: `ext4-1k`. */
export function mkfs(
  user: User,
  request: { readonly fs: string; readonly device: string; readonly argv: readonly string[] },
): number {
  const { linux } = user;
  const { fs, device, argv } = request;
  const tool = (argv[0] ?? '').replace(/^.*mkfs\./, '');
  const made = ((): number => {
    switch (tool === '' ? fs : tool) {
      case 'ext2':
        return mkfsExt(linux, { fs: 'ext2', device, argv });
      case 'ext3':
        return mkfsExt(linux, { fs: 'ext3', device, argv });
      case 'ext4':
        return mkfsExt(linux, { fs: 'ext4', device, argv });
      case 'xfs':
        return mkfsXfs(linux, { device, argv });
      default:
        return 127;
    }
  })();
  return made === 0 ? 0 : 1;
}
