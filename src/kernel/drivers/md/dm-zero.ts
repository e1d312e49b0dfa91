// dm-zero: reads give zeroes, writes are dropped. It has no DAX: there is no memory to map.
// @source drivers/md/dm-zero.c v6.12

import { __va, kernelZero } from '../../arch/map.ts';
import { E } from '../../include/linux/errno.ts';
import type { TargetType } from './dm-core.ts';

/** No parameters. */
export const zero_target: TargetType = {
  name: 'zero',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    if (argv.length > 0) return -E.EINVAL;
    return {
      *map(bio) {
        if (bio.op !== 'read') return bio.op === 'zero' ? -E.EIO : 0;
        for (const { paddr, lengthBytes } of bio.vecs) {
          yield* kernelZero(linux, __va(linux, paddr), lengthBytes);
        }
        return 0;
      },
      table: () => '',
    };
  },
};
