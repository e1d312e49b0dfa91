// `ndctl list` and `daxctl list`: the disks and device-dax devices of the model, as JSON.

import type { Linux } from '../../kernel/index.ts';
import type { Ran } from './shell.ts';

/** Persistent-memory disks with their size in bytes. */
export function ndctl(linux: Linux): Ran {
  const namespaces = [...linux.block.disks.values()]
    .filter(({ disk_name }) => disk_name.startsWith('pmem'))
    .map(({ disk_name, capacity }) => ({ blockdev: disk_name, size: capacity.peek() * 512 }))
    .toSorted((a, b) => (a.blockdev < b.blockdev ? -1 : 1));
  return { rc: 0, stdout: `${JSON.stringify(namespaces, undefined, 2)}\n`, stderr: '' };
}

/** Device-dax devices. */
export function daxctl(_linux: Linux): Ran {
  return { rc: 0, stdout: '[]\n', stderr: '' };
}
