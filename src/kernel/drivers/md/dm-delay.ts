// dm-delay: reads, writes and flushes go to devices some time later. Time is not modelled.
// @source drivers/md/dm-delay.c v6.12

import { at } from '../../../base/index.ts';
import { E } from '../../include/linux/errno.ts';
import { parseSector } from './dm-core.ts';
import type { DmDev, DmTarget, TargetType } from './dm-core.ts';
import { remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

interface DelayClass {
  readonly dev: DmDev;
  readonly start: number;
  readonly delay: number;
}

/** Parameters: `DEVICE START DELAY`, then the same for writes, then for flushes; ms. */
export const delay_target: TargetType = {
  name: 'delay',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    if (argv.length !== 3 && argv.length !== 6 && argv.length !== 9) return -E.EINVAL;
    const classes: DelayClass[] = [];
    // What is not given is as the class before it.
    for (const from of [0, Math.min(3, argv.length - 3), argv.length - 3]) {
      const one = delay_class_ctr(ti, argv.slice(from, from + 3));
      if (typeof one === 'number') return one;
      classes.push(one);
    }
    ti.num_flush_bios = 1;
    const used = classes.slice(0, argv.length / 3);
    return {
      map(bio) {
        const kind = bio.op === 'read' ? 0 : bio.op === 'flush' ? 2 : 1;
        const { dev, start } = at(classes, kind);
        return remapBio(linux, bio, { dev, sector: start + bio.sector - ti.begin });
      },
      table: () => used.map(({ dev, start, delay }) => `${dev.name} ${start} ${delay}`).join(' '),
      iterate_devices(fn) {
        for (const { dev, start } of classes) {
          const rc = fn(dev, { start, len: ti.len });
          if (rc !== 0) return rc;
        }
        return 0;
      },
    };
  },
};

function delay_class_ctr(ti: DmTarget, argv: readonly string[]): DelayClass | number {
  const start = parseSector(argv[1]);
  const delay = parseSector(argv[2]);
  if (start === undefined || delay === undefined) return -E.EINVAL;
  const dev = dm_get_device(ti, at(argv, 0));
  return typeof dev === 'number' ? dev : { dev, start, delay };
}
