// Operations on devices: what users read in sysfs, and the tools that configure devices.

import {
  E,
  IS_ERR,
  dmsetup,
  losetup,
  lookup_bdev,
  queueAttribute,
  vfs_statx,
} from '../kernel/index.ts';
import type { Operations } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Session } from './session.ts';
import { textOf, readPath, writePath, bytesOf } from './tools/files.ts';
import { daxctl, ndctl } from './tools/ndctl.ts';
import { type Ran, shell, shellOutcome } from './tools/shell.ts';
import { xfsIo } from './tools/xfs-io.ts';

export const DEVICE_OPERATIONS: Operations = {
  queuedax: {
    says: 'the attribute queue/dax of a block device',
    usage: 'device',
    read: (args) => {
      const device = args.text('device');
      return (session) => queuedax(session, device);
    },
  },
  cat: {
    says: 'read a file or an attribute',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (session) => {
        const contents = readPath(session, path);
        if (!IS_ERR(contents)) return { value: textOf(contents).replace(/\n$/, '') };
        const { errno = 'EIO' } = outcomeOf(contents);
        return { value: null, value_errno: errno };
      };
    },
  },
  echo: {
    says: 'write a text to a file or an attribute',
    usage: 'text path',
    read: (args) => {
      const [text, path] = [args.text('text'), args.text('path')];
      return (session) => {
        const isAttribute = path.startsWith('/sys/');
        const answer = writePath(session, path, bytesOf(isAttribute ? text : `${text}\n`));
        return outcomeOf(answer);
      };
    },
  },
  dmsetup: tool('configure device-mapper devices', (session, argv) =>
    dmsetup(session.linux, argv, ''),
  ),
  losetup: tool('configure loop devices', (session, argv) =>
    losetup(session.linux, session.task, argv),
  ),
  ndctl: tool('list nvdimm namespaces', (session) => ndctl(session.linux)),
  daxctl: tool('list device-dax devices', (session) => daxctl(session.linux)),
  xfs_io: tool('lsattr and chattr of xfs_io', xfsIo),
  shell: tool('run a command line', shell),
};

function tool(
  says: string,
  act: (session: Session, argv: readonly string[]) => Ran,
): Operations[string] {
  return {
    says,
    usage: 'argv',
    read: (args) => {
      const argv = args.texts('argv');
      return (session) => shellOutcome(act(session, argv));
    },
  };
}

// The recorder reads /sys/dev/block/MAJOR:MINOR/queue/dax of what the path is.
function queuedax(session: Session, device: string): Outcome {
  const bdev = lookup_bdev(session.linux, device);
  if (IS_ERR(bdev)) {
    // A path that is there and is no device has no numbers, and the recorder no answer.
    const isThere = !IS_ERR(vfs_statx(session.task, device));
    return outcomeOf(isThere ? -E.EAGAIN : bdev);
  }
  const value = queueAttribute(session.linux, bdev, 'dax');
  return value === undefined ? outcomeOf(-E.ENOENT) : { value };
}
