// `xfs_io -c 'chattr +x' FILE` and `lsattr`.

import { FS_XFLAG_DAX, ioctl_fsgetxattr } from '../../kernel/index.ts';
import { setx, withPath } from '../ops-flag.ts';
import type { Session } from '../session.ts';
import type { Ran } from './shell.ts';

/** Places of lsattr's line, and that of `x`; the model has no bit for the others. */
const LINE_LENGTH = 17;
const DAX_PLACE = 14;

/** Runs `xfs_io argv`. */
export function xfsIo(session: Session, argv: readonly string[]): Ran {
  const path = argv.at(-1) ?? '';
  const command = argv[argv.indexOf('-c') + 1] ?? '';
  if (command === 'lsattr') return lsattr(session, path);
  const change = /^chattr ([+-]x)$/.exec(command)?.[1];
  if (change === undefined) {
    return { rc: 1, stdout: '', stderr: `command "${command}" not found\n` };
  }
  const { rc, errno } = withPath(session, path, (file) => setx(session, file, change));
  const text = rc === 0 ? '' : `${path}: ${String(errno)}\n`;
  return { rc: rc === 0 ? 0 : 1, stdout: '', stderr: text };
}

function lsattr(session: Session, path: string): Ran {
  let flags = '';
  const outcome = withPath(session, path, (file) => {
    const attributes = ioctl_fsgetxattr(session.task, file);
    if (typeof attributes === 'number') return { rc: -1 };
    const isDax = (attributes.fsx_xflags & FS_XFLAG_DAX) !== 0;
    const before = '-'.repeat(DAX_PLACE);
    flags = `${before}${isDax ? 'x' : '-'}`.padEnd(LINE_LENGTH, '-');
    return { rc: 0 };
  });
  if (outcome['rc'] !== 0) return { rc: 1, stdout: '', stderr: `${path}: cannot be opened\n` };
  return { rc: 0, stdout: `${flags} ${path} \n`, stderr: '' };
}
