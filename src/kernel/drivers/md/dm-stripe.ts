// dm-stripe: chunks of sectors dealt out to devices in turn.
// @source drivers/md/dm-stripe.c v6.12

import { at } from '../../../base/index.ts';
import { SECTOR_SHIFT } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import { pageSectors, parseSector } from './dm-core.ts';
import type { DmDev, DmTarget, TargetType } from './dm-core.ts';
import { daxOps, remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

interface Stripe {
  readonly dev: DmDev;
  readonly start: number;
}

/** Parameters: `STRIPES CHUNK {DEVICE START}...`, chunk and start in sectors. */
export const stripe_target: TargetType = {
  name: 'striped',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const stripes = parseSector(argv[0]) ?? 0;
    const chunk = parseSector(argv[1]) ?? 0;
    if (stripes === 0 || chunk === 0) return -E.EINVAL;
    const width = ti.len / stripes;
    if (width % 1 !== 0 || width % chunk !== 0) return -E.EINVAL;
    if (argv.length !== 2 + 2 * stripes) return -E.EINVAL;
    const list = getStripes(ti, argv.slice(2));
    if (typeof list === 'number') return list;
    ti.max_io_len = chunk;
    ti.num_flush_bios = stripes;
    const stripe_map_sector = (sector: number) => {
      const offset = sector - ti.begin;
      const number = Math.floor(offset / chunk);
      const stripe = at(list, number % stripes);
      const within = Math.floor(number / stripes) * chunk + (offset % chunk);
      return { dev: stripe.dev, sector: stripe.start + within };
    };
    return {
      *map(bio) {
        if (bio.op !== 'flush') return yield* remapBio(linux, bio, stripe_map_sector(bio.sector));
        for (const { dev } of list) {
          const rc = yield* remapBio(linux, bio, { dev, sector: 0 });
          if (rc !== 0) return rc;
        }
        return 0;
      },
      table: () =>
        `${stripes} ${chunk}${list.map(({ dev, start }) => ` ${dev.name} ${start}`).join('')}`,
      status: () =>
        `${stripes} ${list.map(({ dev }) => `${dev.name} `).join('')}1 ${'A'.repeat(stripes)}`,
      iterate_devices(fn) {
        for (const { dev, start } of list) {
          const rc = fn(dev, { start, len: width });
          if (rc !== 0) return rc;
        }
        return 0;
      },
      io_hints(limits) {
        limits.io_min = chunk << SECTOR_SHIFT;
        limits.io_opt = (chunk << SECTOR_SHIFT) * stripes;
      },
      ...daxOps(linux, (pgoff) => stripe_map_sector(pgoff * pageSectors(linux))),
    };
  },
};

/** Pairs of device and first sector. @source drivers/md/dm-stripe.c get_stripe() v6.12 */
function getStripes(ti: DmTarget, argv: readonly string[]): readonly Stripe[] | number {
  const list: Stripe[] = [];
  for (let i = 0; i < argv.length; i += 2) {
    const start = parseSector(argv[i + 1]);
    if (start === undefined) return -E.EINVAL;
    const dev = dm_get_device(ti, at(argv, i));
    if (typeof dev === 'number') return dev;
    list.push({ dev, start });
  }
  return list;
}
