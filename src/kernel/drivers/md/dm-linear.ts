// dm-linear: a range of a device.
// @source drivers/md/dm-linear.c v6.12

import { E } from '../../include/linux/errno.ts';
import { fails } from '../../steps.ts';
import { pageSectors, parseSector } from './dm-core.ts';
import type { TargetType } from './dm-core.ts';
import { daxOps, remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

/** Parameters: `DEVICE START`. */
export const linear_target: TargetType = {
  name: 'linear',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const [path, text] = argv;
    const start = parseSector(text);
    if (argv.length !== 2 || path === undefined || start === undefined) return -E.EINVAL;
    if (linux.now(fails('kmalloc linear_c'))) return -E.ENOMEM;
    const dev = dm_get_device(ti, path);
    if (typeof dev === 'number') return dev;
    ti.num_flush_bios = 1;
    const linear_map_sector = (sector: number) => start + sector - ti.begin;
    return {
      map: (bio) => remapBio(linux, bio, { dev, sector: linear_map_sector(bio.sector) }),
      table: () => `${dev.name} ${start}`,
      iterate_devices: (fn) => fn(dev, { start, len: ti.len }),
      ...daxOps(linux, (pgoff) => ({ dev, sector: linear_map_sector(pgoff * pageSectors(linux)) })),
    };
  },
};
