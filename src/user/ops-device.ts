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
import type { User } from './user.ts';
import { COMMANDS } from './tools/commands.ts';
import { textOf, readPath, writePath, bytesOf } from './tools/files.ts';
import { daxctl, ndctl } from './tools/ndctl.ts';
import { type Ran, shell, shellOutcome } from './tools/shell.ts';
import { xfsIo } from './tools/xfs-io.ts';

/** Operations on devices, by name. */
export const DEVICE_OPERATIONS: Operations = {
  queuedax: {
    says: 'the attribute queue/dax of a block device',
    usage: 'device',
    read: (args) => {
      const device = args.text('device');
      return (user) => queuedax(user, device);
    },
  },
  cat: {
    says: 'read a file or an attribute',
    usage: 'path',
    read: (args) => {
      const path = args.text('path');
      return (user) => {
        const contents = readPath(user, path);
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
      return (user) => {
        const isAttribute = path.startsWith('/sys/');
        const answer = writePath(user, path, bytesOf(isAttribute ? text : `${text}\n`));
        return outcomeOf(answer);
      };
    },
  },
  dmsetup: tool('configure device-mapper devices', (user, argv) => dmsetup(user.linux, argv, '')),
  losetup: tool('configure loop devices', (user, argv) => losetup(user.linux, user.task, argv)),
  ndctl: tool('list nvdimm namespaces', (user) => ndctl(user.linux)),
  daxctl: tool('list device-dax devices', (user) => daxctl(user.linux)),
  xfs_io: tool('lsattr and chattr of xfs_io', xfsIo),
  shell: tool(`run a command line; known: ${Object.keys(COMMANDS).slice(1).join(' ')}`, shell),
};

function tool(says: string, act: (user: User, argv: readonly string[]) => Ran): Operations[string] {
  return {
    says,
    usage: 'argv',
    read: (args) => {
      const argv = args.texts('argv');
      return (user) => shellOutcome(act(user, argv));
    },
  };
}

// The recorder reads /sys/dev/block/MAJOR:MINOR/queue/dax of what the path is.
function queuedax(user: User, device: string): Outcome {
  const bdev = lookup_bdev(user.linux, device);
  if (IS_ERR(bdev)) {
    // A path that is there and is no block device has no queue, and the recorder no answer.
    const isThere = bdev === -E.ENOTBLK || !IS_ERR(vfs_statx(user.task, device));
    return outcomeOf(isThere ? -E.EAGAIN : bdev);
  }
  const value = queueAttribute(user.linux, bdev, 'dax');
  return value === undefined ? outcomeOf(-E.ENOENT) : { value };
}
