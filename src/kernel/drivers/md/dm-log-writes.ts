// dm-log-writes: passes everything on to a device and logs writes to another one. The log itself is
// not written: nothing that the model answers reads it. DAX goes to the device, unlogged.
// @source drivers/md/dm-log-writes.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { pageSectors } from './dm-core.ts';
import type { DmDev, TargetType } from './dm-core.ts';
import { daxOps, remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

/** Parameters: `DEVICE LOG-DEVICE`. */
export const log_writes_target: TargetType = {
  name: 'log-writes',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const [path, logPath] = argv;
    if (path === undefined || logPath === undefined) return -E.EINVAL;
    const dev = dm_get_device(ti, path);
    if (typeof dev === 'number') return dev;
    const logdev = dm_get_device(ti, logPath);
    if (typeof logdev === 'number') return logdev;
    ti.num_flush_bios = 1;
    ti.flush_supported = true;
    const { queue } = dev.bdev.bd_disk;
    return {
      // Sectors are those of the mapped device: the target has to be the first line of its table.
      map: (bio) => remapBio(linux, bio, { dev, sector: bio.sector }),
      table: () => `${dev.name} ${logdev.name}`,
      status: () => '0 0',
      iterate_devices: (fn) => fn(dev, { start: 0, len: ti.len }),
      io_hints(limits) {
        limits.logical_block_size = queue.logical_block_size;
        limits.physical_block_size = queue.physical_block_size;
        limits.io_min = queue.physical_block_size;
      },
      message: (words) => (words.length === 2 && words[0] === 'mark' ? 0 : -E.EINVAL),
      ...logDaxOps(linux, dev),
    };
  },
};

/**
 * DAX of the device. In both releases pages are asked to be zeroed by their number of bytes, which
 * the DAX core refuses. @source drivers/md/dm-log-writes.c log_writes_dax_zero_page_range() v6.12
 */
function logDaxOps(linux: Linux, dev: DmDev): ReturnType<typeof daxOps> {
  const ops = daxOps(linux, (pgoff) => ({ dev, sector: pgoff * pageSectors(linux) }));
  const { dax_zero_page_range: zero } = ops;
  if (zero === undefined) return ops;
  return { ...ops, dax_zero_page_range: (pgoff, nr) => zero(pgoff, nr * linux.PAGE_SIZE) };
}
