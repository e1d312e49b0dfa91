// dm-mirror: writes go to all devices, reads come from the first. The copying that brings the other
// devices up to date at the beginning is not modelled: they have what was written since.
// @source drivers/md/dm-raid1.c drivers/md/dm-log.c v6.12

import { at } from '../../../base/index.ts';
import { E } from '../../include/linux/errno.ts';
import { parseSector } from './dm-core.ts';
import type { DmDev, DmTarget, TargetType } from './dm-core.ts';
import { remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

interface Mirror {
  readonly dev: DmDev;
  readonly offset: number;
}

/** Parameters: `core N REGION [sync|nosync] MIRRORS {DEVICE OFFSET}... [N FEATURE...]`. */
export const mirror_target: TargetType = {
  name: 'mirror',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const log = create_dirty_log(argv);
    if (log === undefined) return -E.EINVAL;
    const rest = argv.slice(log.length);
    const count = parseSector(rest[0]) ?? 0;
    if (count < 2 || count > 9 || rest.length < 1 + 2 * count) return -E.EINVAL;
    const mirrors = getMirrors(ti, rest.slice(1, 1 + 2 * count));
    if (typeof mirrors === 'number') return mirrors;
    const features = rest.slice(1 + 2 * count);
    if (!areFeatures(features)) return -E.EINVAL;
    ti.max_io_len = parseSector(log[2]) ?? 0;
    ti.num_flush_bios = 1;
    const text = [...log, String(count)].join(' ');
    return {
      *map(bio) {
        const legs = bio.op === 'read' ? mirrors.slice(0, 1) : mirrors;
        for (const { dev, offset } of legs) {
          const rc = yield* remapBio(linux, bio, { dev, sector: offset + bio.sector - ti.begin });
          if (rc !== 0) return rc;
        }
        return 0;
      },
      table: () =>
        [text, ...mirrors.map(({ dev, offset }) => `${dev.name} ${offset}`), ...features].join(' '),
      iterate_devices(fn) {
        for (const { dev, offset } of mirrors) {
          const rc = fn(dev, { start: offset, len: ti.len });
          if (rc !== 0) return rc;
        }
        return 0;
      },
    };
  },
};

/**
 * The words of a log in memory; undefined where they are wrong. A region is a power of two and not
 * smaller than a page. @source drivers/md/dm-log.c create_log_context() _check_region_size() v6.12
 */
function create_dirty_log(argv: readonly string[]): readonly string[] | undefined {
  const count = parseSector(argv[1]);
  if (argv[0] !== 'core' || count === undefined || count < 1 || count > 2) return undefined;
  if (argv.length < 2 + count) return undefined;
  const region = parseSector(argv[2]) ?? 0;
  if (region < 2 || !Number.isInteger(Math.log2(region))) return undefined;
  if (count === 2 && argv[3] !== 'sync' && argv[3] !== 'nosync') return undefined;
  return argv.slice(0, 2 + count);
}

function getMirrors(ti: DmTarget, argv: readonly string[]): readonly Mirror[] | number {
  const mirrors: Mirror[] = [];
  for (let i = 0; i < argv.length; i += 2) {
    const offset = parseSector(argv[i + 1]);
    if (offset === undefined) return -E.EINVAL;
    const dev = dm_get_device(ti, at(argv, i));
    if (typeof dev === 'number') return dev;
    mirrors.push({ dev, offset });
  }
  return mirrors;
}

/** @source drivers/md/dm-raid1.c parse_features() v6.12 */
function areFeatures(words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const count = parseSector(words[0]);
  const names = words.slice(1);
  if (count !== names.length) return false;
  if (names.some((name) => name !== 'handle_errors' && name !== 'keep_log')) return false;
  return !names.includes('keep_log') || names.includes('handle_errors');
}
