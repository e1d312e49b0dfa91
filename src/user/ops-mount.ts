// Operations on mounts: mkfs, mount, remount, umount, caches dropped.

import {
  drop_caches,
  proc_mounts_entry,
  sys_mount,
  sys_remount,
  sys_umount,
} from '../kernel/index.ts';
import type { Operations } from './operation.ts';
import { type Outcome, type OutcomeValue, outcomeOf } from './outcome.ts';
import type { User } from './user.ts';
import { mkfs } from './tools/mkfs.ts';

/** Operations on mounts, by name. */
export const MOUNT_OPERATIONS: Operations = {
  mkfs: {
    says: 'make a file system on a device',
    usage: 'fs device argv',
    read: (args) => {
      const [fs, device] = [args.text('fs'), args.text('device')];
      const argv = args.texts('argv', [`mkfs.${fs}`, device]);
      return (user) => ({ rc: mkfs(user, { fs, device, argv }) });
    },
  },
  mount: {
    says: 'mount a file system on a directory',
    usage: 'fs device dir options',
    read: (args) => {
      const [fstype, device, dir] = [args.text('fs'), args.text('device'), args.text('dir')];
      const options = args.text('options', 'none');
      return (user) => {
        const answer = sys_mount(user.task, { fstype, device, dir, options });
        if (answer < 0) return { ...outcomeOf(answer), opts: null };
        return { rc: 0, ...entry(user, dir) };
      };
    },
  },
  remount: {
    says: 'change the options of a mount; only those given are passed',
    usage: 'dir options',
    read: (args) => {
      const [dir, options] = [args.text('dir'), args.text('options', 'none')];
      return (user) => {
        const answer = sys_remount(user.task, { dir, options });
        return { ...outcomeOf(answer), ...entry(user, dir) };
      };
    },
  },
  umount: {
    says: 'unmount what is mounted on a directory',
    usage: 'dir',
    read: (args) => {
      const dir = args.text('dir');
      return (user) => outcomeOf(sys_umount(user.task, dir));
    },
  },
  dropcaches: {
    says: 'write everything to the media and drop caches that are not in use',
    usage: '',
    read: () => (user) => {
      drop_caches(user.linux);
      return { rc: 0 };
    },
  },
};

function entry(user: User, dir: string): Outcome {
  const found = proc_mounts_entry(user.linux, dir);
  const none: Readonly<Record<string, OutcomeValue>> = { opts: null };
  return found === undefined ? none : { fstype: found.fstype, opts: found.opts };
}
