// dm-snapshot-origin: passes everything on, and would tell the snapshots about writes. It does not
// offer DAX, for a store could not be copied away first. Snapshots themselves are not modelled.
// @source drivers/md/dm-snap.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { TargetType } from './dm-core.ts';
import { remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

/** Parameters: `DEVICE`. */
export const origin_target: TargetType = {
  name: 'snapshot-origin',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const [path] = argv;
    if (argv.length !== 1 || path === undefined) return -E.EINVAL;
    const dev = dm_get_device(ti, path);
    if (typeof dev === 'number') return dev;
    ti.num_flush_bios = 1;
    return {
      map: (bio) => remapBio(linux, bio, { dev, sector: bio.sector }),
      table: () => dev.name,
      iterate_devices: (fn) => fn(dev, { start: 0, len: ti.len }),
    };
  },
};
