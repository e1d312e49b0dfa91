// The dax device of a mapped device: finds the target of a page and asks that.
// @source drivers/md/dm.c dm_dax_ops v6.12

import type { DaxOperations } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { get, type Op } from '../../steps.ts';
import { pageSectors } from './dm-core.ts';
import type { DmTarget, MappedDevice } from './dm-core.ts';
import { dm_table_find_target, max_io_len, targetOps } from './dm-table.ts';

/**
 * What alloc_dax() is given for a mapped device. A page whose chunk or target ends before the page
 * does cannot be mapped: -EIO. A suspended device answers all the same.
 * @source drivers/md/dm.c dm_dax_direct_access() dm_dax_zero_page_range() v6.12
 */
export function dm_dax_ops(md: MappedDevice): DaxOperations {
  const sectors = pageSectors(md.linux);
  return {
    *direct_access(pgoff, nr_pages, mode) {
      const ti = yield* dm_dax_get_live_target(md, pgoff * sectors);
      const ops = ti && targetOps(ti);
      if (ti === undefined || ops?.direct_access === undefined) return -E.EIO;
      const len = Math.floor(max_io_len(ti, pgoff * sectors) / sectors);
      if (len < 1) return -E.EIO;
      return yield* ops.direct_access(pgoff, Math.min(len, nr_pages), mode);
    },
    *zero_page_range(pgoff, nr_pages) {
      const ti = yield* dm_dax_get_live_target(md, pgoff * sectors);
      const ops = ti && targetOps(ti);
      if (ops?.dax_zero_page_range === undefined) return -E.EIO;
      return yield* ops.dax_zero_page_range(pgoff, nr_pages);
    },
    *recovery_write(pgoff, kaddr, bytes) {
      const ti = yield* dm_dax_get_live_target(md, pgoff * sectors);
      const ops = ti && targetOps(ti);
      if (ops?.dax_recovery_write === undefined) return 0;
      return yield* ops.dax_recovery_write(pgoff, kaddr, bytes);
    },
  };
}

function* dm_dax_get_live_target(md: MappedDevice, sector: number): Op<DmTarget | undefined> {
  const map = yield* get(md.map);
  return map && dm_table_find_target(map, sector);
}
