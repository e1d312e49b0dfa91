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
import type { Session } from './session.ts';
import { mkfs } from './tools/mkfs.ts';

export const MOUNT_OPERATIONS: Operations = {
  mkfs: {
    says: 'make a file system on a device',
    usage: 'fs device argv',
    read: (args) => {
      const [fs, device] = [args.text('fs'), args.text('device')];
      const argv = args.texts('argv', [`mkfs.${fs}`, device]);
      return (session) => ({ rc: mkfs(session, { fs, device, argv }) });
    },
  },
  mount: {
    says: 'mount a file system on a directory',
    usage: 'fs device dir options',
    read: (args) => {
      const [fstype, device, dir] = [args.text('fs'), args.text('device'), args.text('dir')];
      const options = args.text('options', 'none');
      return (session) => {
        const answer = sys_mount(session.task, { fstype, device, dir, options });
        if (answer < 0) return { ...outcomeOf(answer), opts: null };
        return { rc: 0, ...entry(session, dir) };
      };
    },
  },
  remount: {
    says: 'change the options of a mount; only those given are passed',
    usage: 'dir options',
    read: (args) => {
      const [dir, options] = [args.text('dir'), args.text('options', 'none')];
      return (session) => {
        const answer = sys_remount(session.task, { dir, options });
        return { ...outcomeOf(answer), ...entry(session, dir) };
      };
    },
  },
  umount: {
    says: 'unmount what is mounted on a directory',
    usage: 'dir',
    read: (args) => {
      const dir = args.text('dir');
      return (session) => outcomeOf(sys_umount(session.task, dir));
    },
  },
  dropcaches: {
    says: 'write everything to the media and drop caches that are not in use',
    usage: '',
    read: () => (session) => {
      drop_caches(session.linux);
      return { rc: 0 };
    },
  },
};

function entry(session: Session, dir: string): Outcome {
  const found = proc_mounts_entry(session.linux, dir);
  const none: Readonly<Record<string, OutcomeValue>> = { opts: null };
  return found === undefined ? none : { fstype: found.fstype, opts: found.opts };
}
