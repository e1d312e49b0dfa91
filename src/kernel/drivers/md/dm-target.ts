// dm-error: every access fails. It may replace any other target of a live device.
// @source drivers/md/dm-target.c v6.12

import { E } from '../../include/linux/errno.ts';
import { noSteps } from '../../steps.ts';
import { parseSector } from './dm-core.ts';
import type { DmDev, TargetType } from './dm-core.ts';
import { dm_get_device } from './dm-table-device.ts';

/** No parameters; since 6.12's tree `DEVICE START` too, which gives the limits of that device. */
export const error_target: TargetType = {
  name: 'error',
  wildcard: true,
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    let dev: DmDev | undefined;
    const start = parseSector(argv[1]);
    if (linux.is_6_12 && argv.length === 2 && argv[0] !== undefined) {
      if (start === undefined) return -E.EINVAL;
      const found = dm_get_device(ti, argv[0]);
      if (typeof found === 'number') return found;
      dev = found;
    }
    return {
      map: () => noSteps(-E.EIO),
      table: () => '',
      ...(linux.is_6_12 && {
        iterate_devices: (fn) =>
          dev === undefined ? 0 : fn(dev, { start: start ?? 0, len: ti.len }),
      }),
      direct_access: () => noSteps(-E.EIO),
    };
  },
};
