// DAX of virtiofs: ranges of a file are mapped by the host into the window, 2 MiB at a time, and
// stay there until the inode goes. Taking ranges back from files in use is not modelled: where the
// window is full, a file that wants more gets -EBUSY.
// @source fs/fuse/dax.c v6.12

import type { DaxDevice } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import type { Inode } from '../../include/linux/fs.ts';
import { IOMAP_WRITE } from '../../include/linux/iomap.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import type { Host, HostFile } from './host.ts';

/** Bytes of a range. @source fs/fuse/dax.c FUSE_DAX_SZ v6.12 */
export const FUSE_DAX_SZ = 2 ** 21;

/** The window as one connection uses it. */
export interface FuseConnDax {
  readonly dev: DaxDevice;
  /** Physical address of the window. */
  readonly start: number;
  readonly ranges: number;
  /** Ranges in use, by number. */
  readonly busy: Shared<boolean>;
  readonly free_lock: Lock;
  /** Window ranges of a file, by inode: number of the range by range of the file. */
  readonly dmaps: Map<Inode, Shared<number | undefined>>;
}

/** @source fs/fuse/dax.c fuse_dax_conn_alloc() v6.12 */
export function fuse_dax_conn_alloc(
  dev: DaxDevice,
  window: { readonly start: number; readonly length: number },
): FuseConnDax {
  return {
    dev,
    start: window.start,
    ranges: Math.floor(window.length / FUSE_DAX_SZ),
    busy: new Shared('ranges of the virtiofs window', false),
    free_lock: new Lock('fuse_conn_dax lock'),
    dmaps: new Map(),
  };
}

/** Where bytes of a file are in the window. @source fs/fuse/dax.c fuse_iomap_ops v6.12 */
export function fuse_iomap_ops(
  linux: Linux,
  fcd: FuseConnDax,
  server: { readonly host: Host; fileOf(inode: Inode): HostFile },
): IomapOps {
  return {
    *iomap_begin(inode, pos, length, flags): Op<Iomap | number> {
      const base = { flags: 0, bdev: undefined, dax_dev: fcd.dev };
      // A write beyond the end has grown the file before it came here.
      if (pos >= (yield* get(inode.i_size))) {
        if ((flags & IOMAP_WRITE) !== 0) return -E.EIO;
        return { ...base, type: 'hole', offset: pos, length, addr: -1 };
      }
      const index = Math.floor(pos / FUSE_DAX_SZ);
      const range = yield* dmapOf(linux, fcd, { inode, index, server });
      if (range < 0) return range;
      const offset = index * FUSE_DAX_SZ;
      const addr = range * FUSE_DAX_SZ;
      return { ...base, type: 'mapped', offset, length: FUSE_DAX_SZ, addr };
    },
  };
}

/** The range of the window that has a range of a file: found, or asked of the host. */
function* dmapOf(
  linux: Linux,
  fcd: FuseConnDax,
  want: {
    readonly inode: Inode;
    readonly index: number;
    readonly server: { readonly host: Host; fileOf(inode: Inode): HostFile };
  },
): Op<number> {
  const { inode, index, server } = want;
  const dmaps = fcd.dmaps.get(inode) ?? new Shared<number | undefined>('dmaps', undefined);
  fcd.dmaps.set(inode, dmaps);
  const known = yield* get(dmaps, index);
  if (known !== undefined) return known;
  yield* lock(fcd.free_lock);
  let range = 0;
  while (range < fcd.ranges && (yield* get(fcd.busy, range))) range++;
  if (range < fcd.ranges) yield* set(fcd.busy, range, true);
  yield* unlock(fcd.free_lock);
  if (range === fcd.ranges) return -E.EBUSY;
  const pages = FUSE_DAX_SZ / linux.PAGE_SIZE;
  const paddr = fcd.start + range * FUSE_DAX_SZ;
  const map = { index: index * pages, paddr, pages };
  const error = server.host.setupMapping(server.fileOf(inode), map);
  if (error < 0) return error;
  yield* set(dmaps, index, range);
  return range;
}

/**
 * The inode goes: its ranges are free again.
 * @source fs/fuse/dax.c fuse_dax_inode_cleanup() v6.12
 */
export function* fuse_dax_inode_cleanup(
  linux: Linux,
  fcd: FuseConnDax,
  gone: { readonly inode: Inode; readonly host: Host; readonly file: HostFile },
): Op<void> {
  const dmaps = fcd.dmaps.get(gone.inode);
  if (dmaps === undefined) return;
  const pages = FUSE_DAX_SZ / linux.PAGE_SIZE;
  for (const index of dmaps.keys()) {
    const range = yield* get(dmaps, index);
    if (range === undefined) continue;
    gone.host.removeMapping(gone.file, { index: index * pages, pages });
    yield* set(fcd.busy, range, false);
  }
  fcd.dmaps.delete(gone.inode);
}
